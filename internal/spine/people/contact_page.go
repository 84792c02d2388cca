package people

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
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
	key := "people.saved"
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		key = "people.saved"
		if id, err := storage.ParseID(r.PostFormValue("drop")); err == nil {
			return s.DropContact(ctx, tx, r.Actor.Person, r.Actor.Person, id)
		}
		if id, err := storage.ParseID(r.PostFormValue("prove")); err == nil {
			key = "people.contact.sent"
			return s.sendProof(ctx, tx, r.Actor.Person, id)
		}
		if page.Email == "" && page.Phone == "" {
			return fault.At("email", "people.fault.contact_empty")
		}
		var form fault.Form
		for _, c := range []ChangeContact{{Kind: EmailContact, Value: page.Email}, {Kind: PhoneContact, Value: page.Phone}} {
			if c.Value == "" {
				continue
			}
			c.Person, c.By = r.Actor.Person, r.Actor.Person
			if err := form.Join(s.ChangeContact(ctx, tx, c)); err != nil {
				return err
			}
		}
		if err := form.Err(); err != nil {
			return err
		}
		id, err := s.ContactToProve(ctx, tx, r.Actor.Person)
		if err != nil || id.IsZero() || page.Email == "" {
			return err
		}
		key = "people.contact.sent"
		return s.sendProof(ctx, tx, r.Actor.Person, id)
	})
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	if f != nil {
		page.Fault = f
		return s.showContacts(r, web.Status(f.Code), page)
	}
	r.SetFlash("good", key)
	return r.Redirect("/me/contacts")
}

// sendProof sends the letter whose button proves an e-mail of hers. What the address
// may get in a day is bounded here too.
func (s *Service) sendProof(ctx context.Context, tx *storage.Tx, person, id storage.ID) error {
	p, err := s.ByID(ctx, tx, person)
	if err != nil {
		return err
	}
	c, err := s.contact(ctx, tx, p, id)
	if err != nil {
		return err
	}
	if c.Kind != EmailContact || c.State == Proven || s.courier == nil {
		return fault.New(fault.Conflict, "people.fault.contact_proven")
	}
	may, err := s.MayWrite(ctx, tx, c.Value)
	if err != nil || !may {
		return err // the page is the same: what the address did is its own
	}
	token, err := s.NewLink(ctx, tx, Link{Person: p.ID, Purpose: linkProve, Contact: c.ID, Until: tx.Now.Add(leavingFor)})
	if err != nil {
		return err
	}
	return s.courier.SendProof(ctx, tx, p.ID, c.Value, "/prove/"+token)
}

// ToProve gives the contact that a letter's link went to, when using the link would
// prove it: it is typed still. ok is false for a link that was only shown.
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
	return c, err == nil && (c.State == Typed || c.State == Called), err
}

// provePage asks whether the letter reached the right person. Mail programs open links
// by themselves: only the button proves.
func (s *Service) provePage(r *web.Request) error {
	var c Contact
	var open bool
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		c, open, err = s.ToProve(ctx, tx, r.PathValue("token"))
		return err
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	return r.Page(http.StatusOK, proveView(r, proveData{Token: r.PathValue("token"), Contact: c, Open: open}))
}

type proveData struct {
	Token   string
	Contact Contact
	Open    bool
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
