package roster

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// contactsPage is how a person is reached, as she sees and changes it.
type contactsPage struct {
	Contacts     []people.Contact
	Email, Phone string // as typed, when they come back
	Fault        *fault.Error
}

// mayDrop reports whether a contact may go: the last proven one stays.
func (p contactsPage) mayDrop(c people.Contact) bool {
	return c.State != people.Leaving && (c.State != people.Proven || slices.ContainsFunc(p.Contacts, func(o people.Contact) bool { return o.ID != c.ID && o.State == people.Proven }))
}

func (s *Pages) contactsPage(r *web.Request) error {
	return s.showContacts(r, http.StatusOK, contactsPage{})
}

func (s *Pages) showContacts(r *web.Request, status int, page contactsPage) error {
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		page.Contacts, err = s.people.Contacts(ctx, tx, r.Actor.Person)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(status, contactList(r, page))
}

// saveContacts adds, removes or proves again a contact of who is signed in.
func (s *Pages) saveContacts(r *web.Request) error {
	page := contactsPage{Email: r.PostFormValue("email"), Phone: r.PostFormValue("phone")}
	var how people.ContactChanged
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
	if how == people.ProofNotSent {
		kind = "wait"
	}
	r.SetFlash(kind, string(how))
	return r.Redirect("/me/contacts")
}

// seenContacts reads which contacts the page showed, see contactList.
func seenContacts(r *web.Request) []storage.ID {
	seen := []storage.ID{}
	for _, text := range r.PostForm["shown"] {
		if id, err := storage.ParseID(text); err == nil {
			seen = append(seen, id)
		}
	}
	return seen
}

// changeContacts does what was asked for.
func (s *Pages) changeContacts(ctx context.Context, tx *storage.Tx, r *web.Request, page contactsPage) (people.ContactChanged, error) {
	if id, err := storage.ParseID(r.PostFormValue("drop")); err == nil {
		return people.ContactSaved, s.people.DropOwnContact(ctx, tx, r.Actor, id)
	}
	if id, err := storage.ParseID(r.PostFormValue("prove")); err == nil {
		return s.people.SendOwnProof(ctx, tx, r.Actor, id)
	}
	if page.Email == "" && page.Phone == "" {
		return "", fault.At("email", "people.fault.contact_empty")
	}
	seen := seenContacts(r)
	how := people.ContactSaved
	var form fault.Form
	if page.Phone != "" {
		_, err := s.people.ChangeOwnContact(ctx, tx, r.Actor, people.PhoneContact, page.Phone, seen)
		if err != nil && !fault.Is(err, fault.Invalid) {
			return "", err
		}
		_ = form.Join(err) // a wrong field, or nothing
	}
	if page.Email != "" {
		var err error
		how, err = s.people.ChangeOwnContact(ctx, tx, r.Actor, people.EmailContact, page.Email, seen)
		if err != nil && !fault.Is(err, fault.Invalid) {
			return "", err
		}
		_ = form.Join(err) // a wrong field, or nothing
	}
	return how, form.Err()
}

// provePage asks whether the letter reached the right person. Mail programs open links
// by themselves: only the button proves.
func (s *Pages) provePage(r *web.Request) error {
	p := proveData{Token: r.PathValue("token")}
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if p.Contact, p.Open, err = s.people.ToProve(ctx, tx, p.Token); err != nil || !p.Open {
			return err
		}
		_, err = s.people.MayProve(ctx, tx, p.Contact.Person, r.Actor)
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
	Contact people.Contact
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
func (s *Pages) takeProof(r *web.Request) error {
	token, no := r.PathValue("token"), r.PostFormValue("do") == "no"
	key := "people.prove.done"
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		key = "people.prove.done"
		c, open, err := s.people.ToProve(ctx, tx, token)
		if err != nil {
			return err
		}
		if !open {
			key = "people.prove.before"
			return nil
		}
		if no {
			key = "people.prove.muted"
			return s.people.Mute(ctx, tx, storage.ID{}, c.Person, c.ID)
		}
		_, err = s.people.Prove(ctx, tx, people.Prove{Person: c.Person, Contact: c.ID, Actor: r.Actor})
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

func (s *Pages) undoPage(r *web.Request) error {
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return s.people.PeekUndo(ctx, tx, r.PathValue("token"))
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	return r.Page(http.StatusOK, undoView(r, r.PathValue("token")))
}

func (s *Pages) takeBack(r *web.Request) error {
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return s.people.TakeBack(ctx, tx, r.PathValue("token"))
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.undo.done")
	return r.Redirect("/sign-in")
}
