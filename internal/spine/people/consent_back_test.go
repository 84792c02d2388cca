package people_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// older is a purpose that a form of an older version asked for: its words are not kept.
const older = "seminars.children"

func saidOnce(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO consent (id, person_id, purpose, version, lang, given, at)
		VALUES ($1, $2, $3, '7', 'ky', TRUE, $4)`, tx.NewID(), person, older, storage.Micros(tx.Now)-1)
	return err
}

func TestAYesWhoseWordsAreNotKeptCanBeTakenBack(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost"}).People
		p := peopletest.Register(t, store, svc, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		other := peopletest.Register(t, store, svc, people.Details{FullName: "Бермет", Email: "bermet@mail.kg"})
		say := func(person storage.ID, given bool) (err error) {
			return store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return svc.Consent(ctx, tx, people.SayConsent{Person: person, Purpose: older, Lang: i18n.Russian, Given: given})
			})
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error { return saidOnce(ctx, tx, p.ID) })
		if err := say(p.ID, true); !fault.Is(err, fault.Invalid) {
			t.Errorf("a yes to no words: %v", err)
		}
		if err := say(other.ID, false); !fault.Is(err, fault.Invalid) {
			t.Errorf("a no where nothing was said: %v", err)
		}
		if err := say(p.ID, false); err != nil {
			t.Errorf("a no: %v", err)
		}
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			now, err := svc.Consents(ctx, tx, p.ID)
			if c := now[older]; c.Given || c.Version != "7" || c.Lang != i18n.Russian {
				t.Errorf("it stands %+v", c)
			}
			return err
		})
	})
}

// The page lists what she said once, and saves all of what she changes on it.
func TestThePageOfConsentsTakesBackWhatHasNoWords(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error { return saidOnce(ctx, tx, p.ID) })
	v := h.As(t, p)
	if status, _ := v.Post("/ky/me", "/ky/me/consents", url.Values{"shown": {older, "photo " + h.People.WordingVersion("photo")}, "purpose": {"photo"}}); status != http.StatusSeeOther {
		t.Errorf("saved: %d", status)
	}
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		now, err := h.People.Consents(ctx, tx, p.ID)
		if now[older].Given || !now["photo"].Given {
			t.Errorf("afterwards %+v", now)
		}
		return err
	})
}
