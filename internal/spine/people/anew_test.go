package people_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// The routes ask for a fresh sign-in so that a page can lead there. With that taken away
// the use cases refuse all the same.
func TestTheUseCasesAskForAFreshSignInThemselves(t *testing.T) {
	t.Parallel()
	clock := storagetest.NewClock(peopletest.Morning)
	h := peopletest.OpenWith(t, storagetest.Open(t, clock.Option()), people.Options{PublicURL: "http://localhost"}, func(r *web.Route) { r.Fresh = "" })
	h.Clock = clock
	admin := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Админ", Email: "admin@mail.kg", Phone: "+996555111222"})
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	var grant storage.ID
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		if err := h.People.Grant(ctx, tx, admin.ID, access.Grant{Role: access.Admin}); err != nil {
			return err
		}
		if _, err := h.People.GrantBy(ctx, tx, admin.ID, p.ID, access.Grant{Role: access.Deputy}); err != nil {
			return err
		}
		grants, err := h.People.Grants(ctx, tx, p.ID)
		grant = grants[0].ID
		return err
	})
	key := peopletest.NewKey(t, "of the administrator", admin.ID)
	v := h.Visitor(t)
	if status := v.Follow(h.Invite(t, admin.ID), key); status != http.StatusOK {
		t.Fatal(status)
	}
	page, passkey := "/ky/people/"+p.ID.String(), ""
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		var id storage.ID
		err := tx.QueryRow(ctx, `SELECT id FROM passkey`).Scan(&id)
		passkey = id.String()
		return err
	})
	phone := h.ContactID(t, admin.ID, "+996555111222")
	_, options := v.Ask("/me/passkeys/begin", nil)
	answer := peopletest.NewKey(t, "another", admin.ID).Make(peopletest.Challenge(options))
	before := contents(t, h.Store)
	h.Clock.Pass(web.FreshFor + time.Second)
	for path, form := range map[string]url.Values{
		"/ky/me/export":                   {"format": {"json"}},
		"/ky/me/erase":                    {"word": {"өчүрүү"}},
		"/ky/me/contacts":                 {"email": {"thief@mail.kg"}},
		"/ky/me/contacts?drop":            {"drop": {phone}},
		"/ky/me/passkeys/" + passkey:      {},
		page + "/roles":                   {"role": {"admin"}},
		page + "/roles/" + grant.String(): {},
		page + "/invitation":              {},
		page + "/passkeys":                {},
	} {
		if status, _ := v.Post("/ky/me", path, form); status != http.StatusForbidden {
			t.Errorf("%s: %d", path, status)
		}
	}
	for path, body := range map[string]any{"/me/passkeys/begin": nil, "/me/passkeys/finish": answer} {
		if status, _ := v.Ask(path, body); status != http.StatusForbidden {
			t.Errorf("%s: %d", path, status)
		}
	}
	for table, n := range written(before, contents(t, h.Store)) {
		if table != "session" && table != "audit_entry" && table != "passkey_ceremony" { // seen, looked at
			t.Errorf("%v rows of %s were written", n, table)
		}
	}
	if status := v.SignsInWith(key); status != http.StatusOK {
		t.Fatal(status)
	}
	if status, body := v.Post("/ky/me", "/ky/me/export", url.Values{"format": {"json"}}); status != http.StatusOK || !strings.Contains(body, "Админ") {
		t.Errorf("fresh: %d", status)
	}
}

func TestTheBytesOfAnErasedPersonLeaveTheDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store, err := storage.Open(t.Context(), storage.Options{Path: filepath.Join(dir, "ashar.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	svc := room(t, store)
	var kept, gone people.Person
	for range 50 { // neighbours on the same pages
		kept = peopletest.Register(t, store, svc, people.Details{FullName: "Асан Үсөнов"})
		gone = peopletest.Register(t, store, svc, people.Details{FullName: "Канарейкина Сайкал", Village: strings.Repeat("Сары-Канарей ", 5)})
	}
	sealed := func(p people.Person) (out [][]byte) {
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			var wrapped, box []byte
			err := tx.QueryRow(ctx, `SELECT data_key, sealed FROM person WHERE id = $1`, p.ID).Scan(&wrapped, &box)
			out = [][]byte{wrapped, box}
			return err
		})
		return out
	}
	there := func(b []byte) (found bool) {
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			body, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			found = found || bytes.Contains(body, b)
		}
		return found
	}
	hers, others := sealed(gone), sealed(kept)
	for _, b := range append(hers, others...) {
		if len(b) < 16 || !there(b) {
			t.Fatalf("%d bytes are not on the disk as they are: the test would prove nothing", len(b))
		}
	}
	if err := svc.EraseForGood(t.Context(), gone.ID, gone.ID); err != nil {
		t.Fatal(err)
	}
	if there(hers[0]) || there(hers[1]) {
		t.Errorf("still on the disk: key %v, data %v", there(hers[0]), there(hers[1]))
	}
	if !there(others[0]) || !there(others[1]) {
		t.Error("somebody else's bytes are gone as well")
	}
}
