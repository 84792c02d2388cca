package people_test

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// gone reports whether a record was made one with another.
func (s *scene) mergedInto(id storage.ID) storage.ID {
	s.t.Helper()
	p, err := s.byID(id)
	if err != nil {
		s.t.Fatal(err)
	}
	if p.ID == id {
		return storage.ID{}
	}
	return p.ID
}

func TestRecordsOfOneContactAndNameBecomeOneAtHerSignIn(t *testing.T) {
	scenes(t, func(s *scene) {
		one := s.register(people.Details{FullName: "Өмүрбекова Айжаңыл", Email: "a@mail.kg", Phone: "+996555111222"})
		s.clock.Pass(time.Minute)
		two := s.register(people.Details{FullName: "Айжаныл Омурбекова", Email: "A@mail.kg", Phone: "+996777333444", City: "osh"})
		session := s.apply(two.ID)
		shown := s.newLink(people.Link{Person: two.ID, Purpose: "seminars.application"})
		letter := s.newLink(people.Link{Person: two.ID, Purpose: "seminars.answer", Contact: s.contact(two.ID, "A@mail.kg").ID})
		r := s.signIn("a@mail.kg")
		if r.Person != one.ID || s.mergedInto(two.ID) != one.ID {
			s.t.Fatalf("%+v, two is in %v", r, s.mergedInto(two.ID))
		}
		// The typed number of the other falls away: it may be anybody's.
		if got := s.states(one.ID); len(got) != 2 || got["a@mail.kg"] != people.Proven || got["+996555111222"] != people.Typed {
			s.t.Errorf("%v", got)
		}
		if now, err := s.byID(one.ID); err != nil || now.City != "osh" {
			s.t.Errorf("what she said there is lost: %+v, %v", now, err)
		}
		if s.who(session).HasApplied() || s.opens(shown, "seminars.application") || !s.opens(letter, "seminars.answer") {
			s.t.Error("what a stranger may hold of it must end, and her letters go on")
		}
		if !s.who(r.Token).SignedIn() {
			s.t.Error("she is not in")
		}
		// Later forms become hers at her next sign-in.
		three := s.register(people.Details{FullName: "Омурбекова Айжаныл", Email: "a@mail.kg"})
		if s.signIn("a@mail.kg").Person != one.ID || s.mergedInto(three.ID) != one.ID {
			s.t.Error("a later form stays apart")
		}
	})
}

func TestARecordWithARoleOrAnotherProvenContactStaysApart(t *testing.T) {
	scenes(t, func(s *scene) {
		d := people.Details{FullName: "Асан Үсөнов", Email: "a@mail.kg"}
		one := s.register(d)
		s.clock.Pass(time.Minute)
		working := s.register(d)
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.GrantBy(ctx, tx, one.ID, working.ID, access.Grant{Role: access.Deputy}) // asleep
			return err
		})
		chatting := s.register(d)
		if err := s.connect(people.Link{Person: chatting.ID, Purpose: people.LinkChatApplication}, 7); err != nil {
			s.t.Fatal(err)
		}
		if s.signIn("a@mail.kg").Person != one.ID {
			s.t.Error("the oldest is not the one")
		}
		// One that has the same address proven, and a chat besides.
		besides := s.register(d)
		if err := s.prove(besides.ID, "a@mail.kg", access.Actor{}); err != nil {
			s.t.Fatal(err)
		}
		session := s.who(s.start(besides.ID, access.OfProof)).Session
		if err := s.connect(people.Link{Person: besides.ID, Purpose: people.LinkChat, Ref: session}, 8); err != nil {
			s.t.Fatal(err)
		}
		if s.signIn("a@mail.kg").Person != one.ID {
			s.t.Error("the oldest is not the one")
		}
		for name, id := range map[string]storage.ID{"with a role": working.ID, "with a chat of its own": chatting.ID, "with the same address and a chat": besides.ID} {
			if into := s.mergedInto(id); !into.IsZero() {
				s.t.Errorf("the record %s is in another", name)
			}
		}
		// Nor does anything become one with hers once she works here.
		later := s.register(d)
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Grant(ctx, tx, one.ID, access.Grant{Role: access.Deputy})
		})
		if s.signIn("a@mail.kg").Person != one.ID || !s.mergedInto(later.ID).IsZero() {
			s.t.Error("a form becomes one with the record of somebody with a role")
		}
	})
}

func TestPeopleWhoShareAnAddressAreAskedWhoTheyAre(t *testing.T) {
	scenes(t, func(s *scene) {
		mother := s.register(people.Details{FullName: "Ёлкина Анна", Email: "family@mail.kg"})
		daughter := s.register(people.Details{FullName: "Абдыкеримова Чынара", Email: "family@mail.kg"})
		s.clock.Pass(time.Second)
		again := s.register(people.Details{FullName: "Чынара Абдыкеримова", Email: "family@mail.kg"})
		stranger := s.register(people.Details{FullName: "Бакыт", Email: "b@mail.kg"})
		list := s.ask("hers", "family@mail.kg")
		sharers := func(browser string) (out []people.Sharer, err error) {
			err = s.do(func(ctx context.Context, tx *storage.Tx) (err error) {
				out, err = s.svc.Sharers(ctx, tx, browser)
				return err
			})
			return out, err
		}
		choose := func(browser string, id storage.ID) (r people.SignInResult) {
			s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				r, err = s.svc.SignInAs(ctx, tx, browser, id, storage.ID{})
				return err
			})
			return r
		}
		if _, err := sharers("hers"); !fault.Is(err, fault.Gone) {
			s.t.Errorf("names are shown before the address is proven: %v", err)
		}
		if r := choose("hers", mother.ID); r.Token != "" {
			s.t.Error("she is in before the address is proven")
		}
		r := s.code("hers", list[0].Code)
		if r.Token != "" || !r.Choose || !r.Person.IsZero() {
			s.t.Fatalf("%+v", r)
		}
		if _, err := sharers("another"); !fault.Is(err, fault.Gone) {
			s.t.Errorf("another browser sees the names: %v", err)
		}
		names, err := sharers("hers")
		if err != nil || len(names) != 2 || names[0].Name != daughter.FullName || names[1].Name != mother.FullName {
			s.t.Fatalf("%+v, %v", names, err)
		}
		if r := choose("hers", stranger.ID); r.Token != "" || r.Fault.Code != fault.Invalid {
			s.t.Errorf("somebody who does not share it: %+v", r)
		}
		if r := choose("hers", again.ID); r.Person != daughter.ID || r.Token == "" {
			s.t.Errorf("%+v", r)
		}
		if s.mergedInto(again.ID) != daughter.ID || !s.mergedInto(mother.ID).IsZero() {
			s.t.Error("her two records are one, and her mother's is another")
		}
		if r := choose("hers", mother.ID); r.Token != "" {
			s.t.Error("she chooses twice")
		}
		// Her mother, too late.
		s.clock.Pass(2 * time.Minute)
		list = s.ask("mother", "family@mail.kg")
		if r := s.link("mother", list[0]); !r.Choose {
			s.t.Fatalf("%+v", r)
		}
		s.clock.Pass(10 * time.Minute)
		if r := choose("mother", mother.ID); r.Token != "" || r.Fault.Code != fault.Gone {
			s.t.Errorf("after ten minutes: %+v", r)
		}
		if got := s.states(mother.ID); got["family@mail.kg"] != people.Typed {
			s.t.Errorf("%v", got)
		}
	})
}

// However many forms were handed in with her address, hers is among those that it opens.
func TestFormsWithHerAddressDoNotHideHerRecord(t *testing.T) {
	scenes(t, func(s *scene) {
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			for range 110 {
				if _, err := s.svc.Register(ctx, tx, people.Details{FullName: "Жалган Ат", Email: "a@mail.kg"}); err != nil {
					return err
				}
			}
			return nil
		})
		s.clock.Pass(time.Minute)
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		if err := s.prove(p.ID, "a@mail.kg", access.Actor{}); err != nil { // by the button of her letter
			s.t.Fatal(err)
		}
		s.clock.Pass(2 * time.Minute)
		list := s.ask("hers", "a@mail.kg")
		if len(list) != 1 || list[0].Person != p.ID || !s.code("hers", list[0].Code).Choose {
			s.t.Fatalf("%+v", list)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			r, err := s.svc.SignInAs(ctx, tx, "hers", p.ID, storage.ID{})
			if r.Person != p.ID {
				s.t.Errorf("%+v", r)
			}
			return err
		})
	})
}

// Two devices of hers sign in at once: both come in, and her records become one once.
func TestTwoSignInsAtOnceMakeOneRecord(t *testing.T) {
	scenes(t, func(s *scene) {
		for range 5 {
			s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		}
		var letters []people.SignInCode
		for _, browser := range []string{"one", "two"} {
			letters = append(letters, s.ask(browser, "a@mail.kg")...)
			s.clock.Pass(2 * time.Minute)
		}
		results := make([]people.SignInResult, 2)
		done := make(chan error, 2)
		for i, browser := range []string{"one", "two"} {
			go func() {
				done <- s.store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
					results[i], err = s.svc.SignInByCode(ctx, tx, browser, letters[i].Code, storage.ID{})
					return err
				})
			}()
		}
		for range 2 {
			if err := <-done; err != nil {
				s.t.Error(err)
			}
		}
		if n := s.count(`SELECT COUNT(*) FROM person WHERE merged_into IS NULL`); n != 1 {
			s.t.Errorf("%d records", n)
		}
		in := 0
		for _, r := range results {
			if r.Token != "" && s.who(r.Token).SignedIn() {
				in++
			}
		}
		if in == 0 {
			s.t.Errorf("nobody is in: %+v", results)
		}
	})
}
