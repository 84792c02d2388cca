package people_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// room opens the room of people over a store.
func room(t *testing.T, store *storage.Store) *people.Service {
	t.Helper()
	return people.New(people.Options{Keys: ring(t), Store: store, PublicURL: "http://localhost:8080"})
}

func ring(t testing.TB) *seal.Keyring {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func write(t *testing.T, store *storage.Store, f func(ctx context.Context, tx *storage.Tx) error) {
	t.Helper()
	if err := store.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// register adds a person that must be new.
func register(t *testing.T, store *storage.Store, svc *people.Service, d people.Details) people.Person {
	t.Helper()
	var p people.Person
	write(t, store, func(ctx context.Context, tx *storage.Tx) error {
		got, created, err := svc.Register(ctx, tx, d)
		if err == nil && !created {
			err = fmt.Errorf("%s is there already", d.FullName)
		}
		p = got
		return err
	})
	return p
}

func TestAPersonComesBackAsSheWrote(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		d := people.Details{
			FullName: "  Асанова   Бүбүсара Маматовна ", Email: "Bubusara@Mail.KG", Phone: "0555 12-34-56", Sex: "female",
			BirthYear: 1990, City: "osh", Group: "deputies", Level: "village", Languages: []string{"ky", "ru"},
		}
		p := register(t, store, svc, d)
		write(t, store, func(ctx context.Context, tx *storage.Tx) error {
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
			d.Email, d.AddressAs = "other@mail.kg", "Бүбүсара айым"
			if err := svc.Update(ctx, tx, p.ID, d); err != nil {
				return err
			}
			again, err := svc.ByEmail(ctx, tx, "OTHER@mail.kg")
			if err != nil || again.ID != p.ID || again.Greeting() != "Бүбүсара айым" || again.Subject != subject {
				t.Errorf("after the change %+v, %v", again, err)
			}
			if _, err := svc.ByEmail(ctx, tx, "Bubusara@mail.kg"); !fault.Is(err, fault.NotFound) {
				t.Errorf("the old address still finds her: %v", err)
			}
			return nil
		})
	})
}

func TestOnePersonIsFoundByMailOrByPhoneAndName(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		first := register(t, store, svc, people.Details{FullName: "Өмүрбекова Айжаңыл", Email: "a@mail.kg", Phone: "+996555123456"})
		for name, d := range map[string]people.Details{
			"the same mail, another name":            {FullName: "Айжаңыл", Email: "A@MAIL.kg"},
			"the same phone, the name in other type": {FullName: "Айжаныл Омурбекова", Phone: "0555123456"},
			"the same phone, the name in Latin":      {FullName: "Omurbekova Ayjanyl", Phone: "0555123456"},
		} {
			write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				p, created, err := svc.Register(ctx, tx, d)
				if err != nil || created || p.ID != first.ID {
					t.Errorf("%s: created %v, %v", name, created, err)
				}
				return nil
			})
		}
		register(t, store, svc, people.Details{FullName: "Өмүрбеков Бакыт", Phone: "0555123456"}) // her brother, the family's phone
	})
}

func TestTwoRegistrationsOfOneMailAtOnceGiveOnePerson(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		const callers = 16
		race := func(svc *people.Service, mail string) (made int, ids map[storage.ID]bool) {
			var mu sync.Mutex
			var wait sync.WaitGroup
			ids = map[storage.ID]bool{}
			for range callers {
				wait.Go(func() {
					var p people.Person
					var created bool
					err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
						p, created, err = svc.Register(ctx, tx, people.Details{FullName: "Асан Үсөнов", Email: mail})
						return err
					})
					mu.Lock()
					defer mu.Unlock()
					if err != nil {
						t.Error(err)
					}
					if created {
						made++
					}
					ids[p.ID] = true
				})
			}
			wait.Wait()
			return made, ids
		}
		svc := room(t, store)
		if made, ids := race(svc, "one@mail.kg"); made != 1 || len(ids) != 1 {
			t.Errorf("with the guard: %d made, %d ids", made, len(ids))
		}
	})
}

func TestALinkOpensForItsPurposeAndOnceWhenItSaysSo(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		p := register(t, store, svc, people.Details{FullName: "Асан"})
		write(t, store, func(ctx context.Context, tx *storage.Tx) error {
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
		a := register(t, store, svc, people.Details{FullName: "Асан"})
		b := register(t, store, svc, people.Details{FullName: "Үсөн"})
		write(t, store, func(ctx context.Context, tx *storage.Tx) error {
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
		p := register(t, store, svc, people.Details{FullName: "Асан", Lang: "ru"})
		for _, given := range []bool{true, false} {
			write(t, store, func(ctx context.Context, tx *storage.Tx) error {
				return svc.SetConsent(ctx, tx, p.ID, people.ForPhoto, "1", given)
			})
		}
		write(t, store, func(ctx context.Context, tx *storage.Tx) error {
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

// Two callers register the same address side by side. Without the unique
// index that makes two people, so the guard is needed; with it, one. Only
// PostgreSQL runs writers side by side.
func TestTheIndexIsWhatKeepsTwoRegistrationsOnePerson(t *testing.T) {
	t.Parallel()
	store := storagetest.OpenPostgreSQL(t)
	both := func(mail string) int {
		svc := room(t, store)
		var begun, done sync.WaitGroup
		var calls atomic.Int32
		begun.Add(2)
		for range 2 {
			done.Go(func() {
				err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					if calls.Add(1) <= 2 { // a write that runs again does not wait again
						begun.Done()
						begun.Wait()
					}
					_, _, err := svc.Register(ctx, tx, people.Details{FullName: "Асан Үсөнов", Email: mail})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		done.Wait()
		n := 0
		write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			found, err := svc.Search(ctx, tx, people.Query{Text: mail})
			n = len(found)
			return err
		})
		return n
	}
	if n := both("guarded@mail.kg"); n != 1 {
		t.Errorf("with the index: %d people", n)
	}
	write(t, store, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `DROP INDEX person_email`)
		return err
	})
	if n := both("open@mail.kg"); n != 2 {
		t.Errorf("without the index: %d people, so the test proves nothing", n)
	}
}
