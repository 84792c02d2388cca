package people_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// mayWrite asks for one of the letters that forms may send.
func (s *scene) mayWrite(email string) (may bool) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		may, err = s.svc.MayWrite(ctx, tx, email)
		return err
	})
	return may
}

func TestFormsSendThreeLettersADayToAnAddressHoweverManyAskAtOnce(t *testing.T) {
	scenes(t, func(s *scene) {
		race := func() (may int) {
			var mu sync.Mutex
			var wait sync.WaitGroup
			for range 16 {
				wait.Go(func() {
					ok := false
					if err := s.store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
						ok, err = s.svc.MayWrite(ctx, tx, "A@mail.kg")
						return err
					}); err != nil {
						s.t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					if ok {
						may++
					}
				})
			}
			wait.Wait()
			return may
		}
		if n := race(); n != 3 {
			s.t.Errorf("%d letters of sixteen", n)
		}
		if s.mayWrite("a@MAIL.kg") || !s.mayWrite("b@mail.kg") || s.mayWrite("") {
			s.t.Error("an address is counted by itself, however it is written, and none gets no letter")
		}
		s.clock.Pass(23 * time.Hour)
		if s.mayWrite("a@mail.kg") {
			s.t.Error("a fourth letter on the same day")
		}
		s.clock.Pass(time.Hour)
		if n := race(); n != 3 {
			s.t.Errorf("%d letters on the next day", n)
		}
		s.clock.Pass(72 * time.Hour)
		s.tidy()
		if n := s.count(`SELECT COUNT(*) FROM contact_letter`); n != 0 {
			s.t.Errorf("%d rows are left", n)
		}
	})
}

func TestAnAddressThatSaysNotMeLeavesTheRecordAndGetsNoLetterForThirtyDays(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "stranger@mail.kg", Phone: "+996555111222"})
		also := s.register(people.Details{FullName: "Бакыт", Email: "stranger@mail.kg"})
		c := s.contact(p.ID, "stranger@mail.kg")
		letter := s.newLink(people.Link{Person: p.ID, Purpose: "seminars.application", Contact: c.ID})
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.Mute(ctx, tx, storage.ID{}, p.ID, c.ID) })
		if got := s.states(p.ID); len(got) != 1 || got["+996555111222"] != people.Typed {
			s.t.Errorf("%v", got)
		}
		if s.opens(letter, "seminars.application") {
			s.t.Error("the letter opens her application still")
		}
		if now, err := s.byID(p.ID); err != nil || now.Email != "" {
			s.t.Errorf("letters go to %q, %v", now.Email, err)
		}
		if s.states(also.ID)["stranger@mail.kg"] != people.Typed {
			s.t.Error("another record lost it too")
		}
		for day := range 30 {
			if s.mayWrite("Stranger@mail.kg") {
				s.t.Fatalf("a letter after %d days", day)
			}
			s.tidy()
			s.clock.Pass(24 * time.Hour)
		}
		if !s.mayWrite("stranger@mail.kg") {
			s.t.Error("no letter after 30 days")
		}
		// What is proven is somebody's: it is not muted by a letter.
		hers := s.as("stranger@mail.kg")
		proven := s.contact(hers.Person, "stranger@mail.kg").ID
		if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Mute(ctx, tx, storage.ID{}, hers.Person, proven)
		}); !fault.Is(err, fault.Conflict) {
			s.t.Errorf("a proven address is muted: %v", err)
		}
		if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Mute(ctx, tx, storage.ID{}, p.ID, tx.NewID())
		}); !fault.Is(err, fault.NotFound) {
			s.t.Errorf("a contact that is none of hers: %v", err)
		}
	})
}

func TestACallCountsAnApplicationAndOpensNothing(t *testing.T) {
	scenes(t, func(s *scene) {
		heard := 0
		s.svc.Attach([]module.Manifest{{Name: "x", Proved: func(context.Context, *storage.Tx, storage.ID) error { heard++; return nil }}})
		staff := s.register(people.Details{FullName: "Координатор"})
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg", Phone: "+996555111222"})
		session := s.apply(p.ID)
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.Call(ctx, tx, staff.ID, p.ID) })
		if got := s.states(p.ID); got["+996555111222"] != people.Called || got["a@mail.kg"] != people.Typed || heard != 1 {
			s.t.Errorf("%v, heard %d", got, heard)
		}
		if proven, err := s.isProven(p.ID); err != nil || proven {
			s.t.Errorf("a call proves: %v", err)
		}
		if !s.who(session).HasApplied() {
			s.t.Error("a call ends the session of the application")
		}
		if len(s.ask("b", "+996555111222")) != 0 {
			s.t.Error("a called number gets a code")
		}
		if n := s.count(`SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND action = 'people.audit.called' AND actor_id = $2`, p.ID, staff.ID); n != 1 {
			s.t.Errorf("%d entries in her log", n)
		}
		// Any typed contact may prove first, also after a call.
		if s.signIn("a@mail.kg").Person != p.ID {
			s.t.Error("her letter does not open her")
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.WrongNumber(ctx, tx, staff.ID, p.ID) })
		if got := s.states(p.ID); len(got) != 1 {
			s.t.Errorf("a wrong number stays: %v", got)
		}
		for name, f := range map[string]func(ctx context.Context, tx *storage.Tx) error{
			"a call":         func(ctx context.Context, tx *storage.Tx) error { return s.svc.Call(ctx, tx, staff.ID, p.ID) },
			"a wrong number": func(ctx context.Context, tx *storage.Tx) error { return s.svc.WrongNumber(ctx, tx, staff.ID, p.ID) },
		} {
			if err := s.do(f); !fault.Is(err, fault.Conflict) {
				s.t.Errorf("%s without a number: %v", name, err)
			}
		}
	})
}

// toProve gives the typed e-mail that a letter about an application goes to.
func (s *scene) toProve(person storage.ID) (id storage.ID) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = s.svc.ContactToProve(ctx, tx, people.Person{ID: person})
		return err
	})
	return id
}

// Each of these is a way to have somebody else's address proven by letters that went to
// oneself; without the guard the contact of the link would be the typed address.
func TestALinkProvesNoAddressThatItsLetterDidNotGoTo(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		mail := s.contact(p.ID, "a@mail.kg").ID
		if s.toProve(p.ID) != mail {
			s.t.Error("the letter to a typed address does not prove it")
		}
		a := s.as("a@mail.kg")
		if !s.toProve(p.ID).IsZero() {
			s.t.Error("there is something to prove still")
		}
		// Another address is typed: letters go to the proven one.
		s.change(p.ID, people.EmailContact, "victim@mail.kg")
		if !s.toProve(p.ID).IsZero() {
			s.t.Error("a letter to her own address proves somebody else's")
		}
		// Letters go to the chat.
		q := s.register(people.Details{FullName: "Бакыт", Email: "victim@mail.kg"})
		victim := s.contact(q.ID, "victim@mail.kg").ID
		letter := s.toProve(q.ID)
		before := s.newLink(people.Link{Person: q.ID, Purpose: "seminars.application", Contact: letter})
		if err := s.connect(people.Link{Person: q.ID, Purpose: people.LinkChatApplication}, 7); err != nil {
			s.t.Fatal(err)
		}
		if !s.toProve(q.ID).IsZero() {
			s.t.Error("a letter to the chat proves a typed address")
		}
		// Her own page shows the letter of before again, with its link.
		proves := func(token string) (open bool) {
			s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				_, open, err = s.svc.ToProve(ctx, tx, token)
				return err
			})
			return open
		}
		if proves(before) {
			s.t.Error("a letter that is shown to who is signed in proves the address it went to")
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.DropChat(ctx, tx, q.ID, 7) })
		disconnected := s.newLink(people.Link{Person: q.ID, Purpose: "seminars.application", Contact: victim})
		if proves(disconnected) {
			s.t.Error("so does one of after the chat was disconnected")
		}
		// A further address has a letter of its own, which nobody is shown.
		if how := s.changeOwn(a, "b@mail.kg"); how != people.ProofSent || s.sent.Proofs[0].Email != "b@mail.kg" {
			s.t.Fatalf("%q, sent %+v", how, s.sent.Proofs)
		}
		if !proves(s.sent.Proofs[0].Token) {
			s.t.Error("the letter of the address itself does not prove it")
		}
	})
}

func TestHerOwnPageSaysWhetherALetterLeft(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		a := s.as("a@mail.kg")
		if how := s.changeOwn(a, "a@mail.kg"); how != people.ContactSaved {
			s.t.Errorf("what is proven: %q", how)
		}
		for range 3 {
			if how := s.changeOwn(a, "b@mail.kg"); how != people.ProofSent {
				s.t.Errorf("a letter: %q", how)
			}
		}
		if how := s.changeOwn(a, "b@mail.kg"); how != people.ProofNotSent || len(s.sent.Proofs) != 3 {
			s.t.Errorf("the fourth letter of a day: %q, %d sent", how, len(s.sent.Proofs))
		}
		for _, sent := range s.sent.Proofs {
			if sent.Email != "b@mail.kg" {
				s.t.Errorf("a letter went to %s", sent.Email)
			}
		}
		s.clock.Pass(web.FreshFor + time.Second)
		mail := s.contact(p.ID, "b@mail.kg").ID
		for name, f := range map[string]func(ctx context.Context, tx *storage.Tx) error{
			"add a contact": func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.ChangeOwnContact(ctx, tx, a, people.PhoneContact, "0555111222", nil)
				return err
			},
			"drop one": func(ctx context.Context, tx *storage.Tx) error { return s.svc.DropOwnContact(ctx, tx, a, mail) },
			"ask for a letter": func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.SendOwnProof(ctx, tx, a, mail)
				return err
			},
			"take her data": func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.ExportOwn(ctx, tx, a)
				return err
			},
		} {
			if err := s.do(f); !fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), "sign_in_anew") {
				s.t.Errorf("a session that was left open may %s: %v", name, err)
			}
		}
		if err := s.svc.EraseOwn(s.t.Context(), a); !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("a session that was left open may erase her: %v", err)
		}
		if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.ExportOwn(ctx, tx, access.Actor{})
			return err
		}); !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("nobody takes her data: %v", err)
		}
	})
}
