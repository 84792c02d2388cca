package people

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/phone"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// shownContact is a contact as it is written for people; a chat has no such form.
func shownContact(c Contact) string {
	switch c.Kind {
	case PhoneContact:
		return phone.Display(c.Value)
	case ChatContact:
		return "Telegram"
	}
	return c.Value
}

// Masked shows a contact to who may be somebody else: enough to know one's own by.
func (c Contact) Masked() string {
	switch c.Kind {
	case PhoneContact:
		shown := phone.Display(c.Value)
		return "••• " + shown[max(0, len(shown)-2):]
	case ChatContact:
		return "Telegram"
	}
	local, domain, _ := strings.Cut(c.Value, "@")
	first := func(s string) string {
		r, _ := utf8.DecodeRuneInString(s)
		return string(r)
	}
	ending := domain[strings.LastIndexByte(domain, '.')+1:]
	return first(local) + "•••@" + first(domain) + "•••." + ending
}

// contactsPage is how a person is reached, as she sees and changes it.
type contactsPage struct {
	Contacts     []Contact
	Email, Phone string // as typed, when they come back
	Fault        *fault.Error
}

// mayDrop reports whether a contact may go: the last proven one stays.
func (p contactsPage) mayDrop(c Contact) bool {
	return c.State != Leaving && (c.State != Proven || slices.ContainsFunc(p.Contacts, func(o Contact) bool { return o.ID != c.ID && o.State == Proven }))
}

func (s *Service) contactsPage(r *web.Request) error {
	return s.showContacts(r, http.StatusOK, contactsPage{})
}

func (s *Service) showContacts(r *web.Request, status int, page contactsPage) error {
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		page.Contacts, err = s.Contacts(ctx, tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(status, contactList(r, page))
}

// saveContacts adds, removes or proves again a contact of who is signed in.
func (s *Service) saveContacts(r *web.Request) error {
	page := contactsPage{Email: r.PostFormValue("email"), Phone: r.PostFormValue("phone")}
	var how ContactChanged
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		how, err = s.changeContacts(ctx, tx, r, page)
		return err
	})
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	if f != nil {
		page.Fault = f
		return s.showContacts(r, web.Status(f.Code), page)
	}
	kind := "good"
	if how == ProofNotSent {
		kind = "wait"
	}
	r.SetFlash(kind, string(how))
	return r.Redirect("/me/contacts")
}

// changeContacts does what was asked for.
func (s *Service) changeContacts(ctx context.Context, tx *storage.Tx, r *web.Request, page contactsPage) (ContactChanged, error) {
	if id, err := storage.ParseID(r.PostFormValue("drop")); err == nil {
		return ContactSaved, s.DropOwnContact(ctx, tx, r.Actor, id)
	}
	if id, err := storage.ParseID(r.PostFormValue("prove")); err == nil {
		return s.SendOwnProof(ctx, tx, r.Actor, id)
	}
	if page.Email == "" && page.Phone == "" {
		return "", fault.At("email", "people.fault.contact_empty")
	}
	how := ContactSaved
	var form fault.Form
	if page.Phone != "" {
		_, err := s.ChangeOwnContact(ctx, tx, r.Actor, PhoneContact, page.Phone)
		if err != nil && !fault.Is(err, fault.Invalid) {
			return "", err
		}
		_ = form.Join(err) // a wrong field, or nothing
	}
	if page.Email != "" {
		var err error
		how, err = s.ChangeOwnContact(ctx, tx, r.Actor, EmailContact, page.Email)
		if err != nil && !fault.Is(err, fault.Invalid) {
			return "", err
		}
		_ = form.Join(err) // a wrong field, or nothing
	}
	return how, form.Err()
}

// ToProve gives the contact that a letter's link went to, when using the link would
// prove it; ok is false for a link that was only shown. A letter about an application
// proves only while nothing else is: her own page shows such letters again, whoever's
// the address is. A further contact, or one that was replaced, has a letter of its own,
// which goes to that address and nowhere else.
func (s *Service) ToProve(ctx context.Context, tx *storage.Tx, token string) (c Contact, ok bool, err error) {
	l, err := s.peekAny(ctx, tx, token)
	if err != nil || l.Contact.IsZero() {
		return c, false, err
	}
	p, err := s.ByID(ctx, tx, l.Person)
	if err != nil {
		return c, false, err
	}
	c, err = s.contact(ctx, tx, p, l.Contact)
	if fault.Is(err, fault.NotFound) {
		return c, false, nil
	}
	if err != nil || c.State == Proven || l.Purpose == linkProve {
		return c, err == nil && c.State != Proven, err
	}
	ok, err = s.unproven(ctx, tx, p.ID)
	return c, ok, err
}

// provePage asks whether the letter reached the right person. Mail programs open links
// by themselves: only the button proves.
func (s *Service) provePage(r *web.Request) error {
	p := proveData{Token: r.PathValue("token")}
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if p.Contact, p.Open, err = s.ToProve(ctx, tx, p.Token); err != nil || !p.Open {
			return err
		}
		_, err = s.mayProve(ctx, tx, p.Contact.Person, r.Actor)
		if fault.Is(err, fault.Forbidden) {
			p.SignIn, err = signInToProve(r, p.Token), nil
		}
		return err
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	return r.Page(http.StatusOK, proveView(r, p))
}

type proveData struct {
	Token   string
	Contact Contact
	Open    bool
	SignIn  string // where to sign in first: another contact of the record is proven
}

// signInToProve is the page where a person signs in before she proves a further contact.
func signInToProve(r *web.Request, token string) string {
	query := url.Values{"back": {r.Path("/prove/" + token)}}
	if r.Actor.SignedIn() {
		query.Set("anew", "1")
	}
	return "/sign-in?" + query.Encode()
}

// takeProof takes the answer to a letter: it is she, or it is somebody else.
func (s *Service) takeProof(r *web.Request) error {
	token, no := r.PathValue("token"), r.PostFormValue("do") == "no"
	key := "people.prove.done"
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		key = "people.prove.done"
		c, open, err := s.ToProve(ctx, tx, token)
		if err != nil {
			return err
		}
		if !open {
			key = "people.prove.before"
			return nil
		}
		if no {
			key = "people.prove.muted"
			return s.Mute(ctx, tx, storage.ID{}, c.Person, c.ID)
		}
		_, err = s.Prove(ctx, tx, Prove{Person: c.Person, Contact: c.ID, Actor: r.Actor})
		return err
	})
	if fault.Is(err, fault.Forbidden) {
		r.SetFlash("wait", "people.fault.prove_signed_in")
		return r.Redirect(signInToProve(r, token))
	}
	if err != nil {
		return err
	}
	kind := "good"
	if key == "people.prove.before" {
		kind = "wait"
	}
	r.SetFlash(kind, key)
	if back, ok := web.LocalPath(r.PostFormValue("back")); ok && !no {
		return r.Redirect(back)
	}
	return r.Redirect("/")
}

func (s *Service) undoPage(r *web.Request) error {
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.PeekLink(ctx, tx, r.PathValue("token"), linkUndo)
		return err
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	return r.Page(http.StatusOK, undoView(r, r.PathValue("token")))
}

func (s *Service) takeBack(r *web.Request) error {
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return s.TakeBack(ctx, tx, r.PathValue("token"))
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.undo.done")
	return r.Redirect("/sign-in")
}

// peekAny reads a living link of any purpose. Faults as PeekLink.
func (s *Service) peekAny(ctx context.Context, tx *storage.Tx, token string) (Link, error) {
	purpose, err := storage.One(ctx, tx, func(row storage.Scanner) (p string, err error) {
		err = row.Scan(&p)
		return p, err
	}, `SELECT purpose FROM person_link WHERE token_hash = $1`, hashToken(token))
	if errors.Is(err, sql.ErrNoRows) {
		return Link{}, fault.New(fault.NotFound, "people.fault.link_unknown")
	}
	if err != nil {
		return Link{}, err
	}
	return s.PeekLink(ctx, tx, token, purpose)
}
