package people_test

import (
	"context"
	"sync"
	"testing"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// room opens the room of people over a store.
func room(t *testing.T, store *storage.Store) *people.Service {
	t.Helper()
	return people.New(people.Options{Keys: peopletest.Keys(t), Store: store, PublicURL: "http://localhost:8080"})
}

func TestAPersonComesBackAsSheWrote(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		d := people.Details{
			FullName: "  Асанова   Бүбүсара Маматовна ", Email: "Bubusara@Mail.KG", Phone: "0555 12-34-56", Sex: "female",
			BirthYear: 1990, City: "osh", Group: "deputies", Level: "village", Languages: []string{"ky", "ru"},
		}
		p := peopletest.Register(t, store, svc, d)
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			got, err := svc.ByID(ctx, tx, p.ID)
			if err != nil {
				return err
			}
			if got.FullName != "Асанова Бүбүсара Маматовна" || got.Email != "Bubusara@mail.kg" || got.Phone != "+996555123456" {
				t.Errorf("got %+v", got)
			}
			subject, profile, err := svc.Snapshot(ctx, tx, p.ID, tx.Now)
			if err != nil || subject.IsZero() || subject == p.ID {
				t.Errorf("subject %v, %v", subject, err)
			}
			if profile.Sex != "female" || profile.City != "osh" || profile.Group != "deputies" || profile.Level != "village" || profile.AgeBand == "" {
				t.Errorf("profile %+v", profile)
			}
			many, err := svc.ByIDs(ctx, tx, []storage.ID{p.ID, tx.NewID()})
			if err != nil || len(many) != 1 || many[p.ID].FullName != got.FullName {
				t.Errorf("ByIDs %v, %v", many, err)
			}
			d.Email, d.AddressAs = "thief@mail.kg", "Бүбүсара айым"
			if err := svc.Update(ctx, tx, p.ID, d); err != nil {
				return err
			}
			if again, err := svc.ByID(ctx, tx, p.ID); err != nil || again.Email != "Bubusara@mail.kg" || again.Greeting() != "Бүбүсара айым" || again.Subject != subject {
				t.Errorf("after the change %+v, %v: contacts have a way of their own", again, err)
			}
			if err := svc.ChangeContact(ctx, tx, people.ChangeContact{Person: p.ID, By: p.ID, Kind: people.EmailContact, Value: "other@mail.kg"}); err != nil {
				return err
			}
			for address, want := range map[string]int{"OTHER@mail.kg": 1, "Bubusara@mail.kg": 0, "thief@mail.kg": 0} {
				if list, err := svc.WithContact(ctx, tx, people.EmailContact, address); err != nil || len(list) != want {
					t.Errorf("%s finds %d, %v", address, len(list), err)
				}
			}
			return nil
		})
	})
}

func TestAFormMakesARecordOfItsOwnAndStaffAreToldOfTheOther(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		first := peopletest.Register(t, store, svc, people.Details{FullName: "Өмүрбекова Айжаңыл", Email: "a@mail.kg", Phone: "+996555123456", City: "osh"})
		for name, c := range map[string]struct {
			d    people.Details
			same bool
		}{
			"the same mail and name":                 {people.Details{FullName: "Айжаңыл Өмүрбекова", Email: "A@MAIL.kg"}, true},
			"the same phone, the name in other type": {people.Details{FullName: "Айжаныл Омурбекова", Phone: "0555123456"}, true},
			"the same phone, the name in Latin":      {people.Details{FullName: "Omurbekova Ayjanyl", Phone: "0555123456"}, true},
			"the same mail, another name":            {people.Details{FullName: "Айжаңыл", Email: "a@mail.kg"}, false},
			"her brother, the family's phone":        {people.Details{FullName: "Өмүрбеков Бакыт", Phone: "0555123456"}, false},
			"the same name, nothing in common":       {people.Details{FullName: "Өмүрбекова Айжаңыл", Email: "b@mail.kg"}, false},
		} {
			peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				d, err := people.Tidy(nil, c.d, tx.Now)
				if err != nil {
					return err
				}
				got, same, err := svc.Same(ctx, tx, d, nil)
				if err != nil || same != c.same || same && got.ID != first.ID {
					t.Errorf("%s: staff are told %v, %v", name, same, err)
				}
				if _, same, err := svc.Same(ctx, tx, d, func(p people.Person) bool { return p.City == "talas" }); err != nil || same {
					t.Errorf("%s: staff of another city are told, %v", name, err)
				}
				p, err := svc.Register(ctx, tx, c.d)
				if err != nil || p.ID == first.ID {
					t.Errorf("%s: taken for the one who is there, %v", name, err)
				}
				return nil
			})
		}
	})
}

func TestManyFormsWithOneMailAtOnceAreOneRecordAfterHerSignIn(t *testing.T) {
	scenes(t, func(s *scene) {
		const callers = 16
		var wait sync.WaitGroup
		for range callers {
			wait.Go(func() {
				if err := s.store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, err := s.svc.Register(ctx, tx, people.Details{FullName: "Асан Үсөнов", Email: "one@mail.kg"})
					return err
				}); err != nil {
					s.t.Error(err)
				}
			})
		}
		wait.Wait()
		living := func() int { return s.count(`SELECT COUNT(*) FROM person WHERE merged_into IS NULL`) }
		if n := living(); n != callers {
			s.t.Fatalf("%d records of %d forms", n, callers)
		}
		if s.signIn("one@mail.kg").Token == "" || living() != 1 {
			s.t.Errorf("%d records after her sign-in", living())
		}
	})
}

func TestALinkOpensForItsPurposeAndOnceWhenItSaysSo(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		p := peopletest.Register(t, store, svc, people.Details{FullName: "Асан"})
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			token, err := svc.NewLink(ctx, tx, people.Link{Person: p.ID, Purpose: "x", Ref: p.ID, Once: true})
			if err != nil {
				return err
			}
			if _, err := svc.OpenLink(ctx, tx, token, "y"); !fault.Is(err, fault.NotFound) {
				t.Errorf("foreign purpose: %v", err)
			}
			if l, err := svc.PeekLink(ctx, tx, token, "x"); err != nil || l.Person != p.ID {
				t.Errorf("peek: %v", err)
			}
			if l, err := svc.OpenLink(ctx, tx, token, "x"); err != nil || l.Ref != p.ID {
				t.Errorf("first: %v", err)
			}
			if _, err := svc.OpenLink(ctx, tx, token, "x"); !fault.Is(err, fault.Gone) {
				t.Errorf("second: %v", err)
			}
			old, err := svc.NewLink(ctx, tx, people.Link{Person: p.ID, Purpose: "x", Until: tx.Now})
			if err != nil {
				return err
			}
			if _, err := svc.OpenLink(ctx, tx, old, "x"); !fault.Is(err, fault.Gone) {
				t.Errorf("expired: %v", err)
			}
			return nil
		})
	})
}

func TestABoxOfAPersonOpensForNobodyElse(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		a := peopletest.Register(t, store, svc, people.Details{FullName: "Асан"})
		b := peopletest.Register(t, store, svc, people.Details{FullName: "Үсөн"})
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			box, err := svc.Seal(ctx, tx, a.ID, []byte("канарейка"))
			if err != nil {
				return err
			}
			if got, err := svc.Unseal(ctx, tx, a.ID, box); err != nil || string(got) != "канарейка" {
				t.Errorf("%q, %v", got, err)
			}
			if _, err := svc.Unseal(ctx, tx, b.ID, box); err == nil {
				t.Error("opens for another")
			}
			return nil
		})
	})
}

func TestTheNewestAnswerOfAPurposeCounts(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		p := peopletest.Register(t, store, svc, people.Details{FullName: "Асан", Lang: "ru"})
		for _, given := range []bool{true, false} {
			peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				return svc.SetConsent(ctx, tx, p.ID, people.ForPhoto, given)
			})
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			all, err := svc.Consents(ctx, tx, p.ID)
			if err != nil || all[people.ForPhoto].Given || all[people.ForPhoto].Lang != "ru" {
				t.Errorf("%+v, %v", all, err)
			}
			history, err := svc.ConsentHistory(ctx, tx, p.ID)
			if err != nil || len(history) != 2 || !history[0].Given {
				t.Errorf("%+v, %v", history, err)
			}
			return nil
		})
	})
}
