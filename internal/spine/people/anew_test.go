package people_test

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

func TestASessionLeftOpenCarriesNothingAwayBeforeANewSignIn(t *testing.T) {
	t.Parallel()
	h := open(t)
	register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	v := h.visitor(t)
	signIn := func() string {
		v.post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"asan@mail.kg"}, "back": {"/ky/me"}})
		h.work(t)
		_, to := v.post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {h.sent.codes[len(h.sent.codes)-1].Code}})
		return to
	}
	signIn()
	if status, body := v.post("/ky/me", "/ky/me/export", url.Values{"format": {"json"}}); status != http.StatusOK || !strings.Contains(body, "Асан") {
		t.Fatalf("fresh: %d", status)
	}
	h.clock.pass(web.FreshFor + time.Second)
	status, to := v.post("/ky/me", "/ky/me/export", url.Values{"format": {"json"}})
	if status != http.StatusSeeOther || to != "/ky/sign-in?anew=1&back=%2Fky%2Fme" {
		t.Fatalf("an old sign-in: %d %s", status, to)
	}
	if status, page := v.get(to); status != http.StatusOK || !strings.Contains(page, `value="/ky/me"`) || !strings.Contains(page, "ырастаңыз") {
		t.Errorf("the page does not say why: %d", status)
	}
	if status, _ := v.get("/ky/me"); status != http.StatusOK {
		t.Errorf("looking is still allowed: %d", status)
	}
	if to := signIn(); to != "/ky/me" {
		t.Errorf("led to %s", to)
	}
	if status, _ := v.post("/ky/me", "/ky/me/export", url.Values{"format": {"json"}}); status != http.StatusOK {
		t.Errorf("after signing in anew: %d", status)
	}
}

// The routes ask for a fresh sign-in so that a page can lead there. With that taken away
// the use cases refuse all the same.
func TestTheUseCasesAskForAFreshSignInThemselves(t *testing.T) {
	t.Parallel()
	clock := newClock()
	h := openWith(t, storagetest.Open(t, clock.option()), people.Options{PublicURL: "http://localhost"}, func(r *web.Route) { r.Fresh = "" })
	h.clock = clock
	admin := register(t, h.store, h.svc, people.Details{FullName: "Админ", Email: "admin@mail.kg", Phone: "+996555111222"})
	p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	var grant storage.ID
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		if err := h.svc.Grant(ctx, tx, admin.ID, access.Grant{Role: access.Admin}); err != nil {
			return err
		}
		if _, err := h.svc.GrantBy(ctx, tx, admin.ID, p.ID, access.Grant{Role: access.Deputy}); err != nil {
			return err
		}
		grants, err := h.svc.Grants(ctx, tx, p.ID)
		grant = grants[0].ID
		return err
	})
	key := newKey(t, "of the administrator", admin.ID)
	v := h.visitor(t)
	if status := v.follow(invite(t, h, admin.ID), key); status != http.StatusOK {
		t.Fatal(status)
	}
	page, passkey := "/ky/people/"+p.ID.String(), ""
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		var id storage.ID
		err := tx.QueryRow(ctx, `SELECT id FROM passkey`).Scan(&id)
		passkey = id.String()
		return err
	})
	phone := contactID(t, h, admin.ID, "+996555111222")
	_, options := v.ask("/me/passkeys/begin", nil)
	answer := newKey(t, "another", admin.ID).make(challenge(options))
	before := contents(t, h.store)
	h.clock.pass(web.FreshFor + time.Second)
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
		if status, _ := v.post("/ky/me", path, form); status != http.StatusForbidden {
			t.Errorf("%s: %d", path, status)
		}
	}
	for path, body := range map[string]any{"/me/passkeys/begin": nil, "/me/passkeys/finish": answer} {
		if status, _ := v.ask(path, body); status != http.StatusForbidden {
			t.Errorf("%s: %d", path, status)
		}
	}
	for table, n := range written(before, contents(t, h.store)) {
		if table != "session" && table != "audit_entry" && table != "passkey_ceremony" { // seen, looked at
			t.Errorf("%v rows of %s were written", n, table)
		}
	}
	if status := v.signsInWith(key); status != http.StatusOK {
		t.Fatal(status)
	}
	if status, body := v.post("/ky/me", "/ky/me/export", url.Values{"format": {"json"}}); status != http.StatusOK || !strings.Contains(body, "Админ") {
		t.Errorf("fresh: %d", status)
	}
}

func TestAPersonHearsOfWhatDecidesAboutHerAccess(t *testing.T) {
	t.Parallel()
	h := open(t)
	admin := register(t, h.store, h.svc, people.Details{FullName: "Админова Роза", Email: "admin@mail.kg"})
	p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "asan@mail.kg", Phone: "+996555111222"})
	v := h.as(t, admin, access.Grant{Role: access.Admin})
	page := "/ru/people/" + p.ID.String()
	heard := func(want ...people.Change) {
		t.Helper()
		if !reflect.DeepEqual(h.sent.changes, want) {
			t.Errorf("told %+v, want %+v", h.sent.changes, want)
		}
		h.sent.changes = nil
	}
	form := url.Values{"name": {"Асан"}, "email": {"asan@mail.kg"}, "phone": {"+996555111222"}, "lang": {"ky"}, "city": {"osh"}}
	v.post(page+"/edit", page+"/edit", form)
	heard() // another city is nothing to warn of
	form.Set("email", "other@mail.kg")
	form.Set("phone", "+996555111333")
	v.post(page+"/edit", page+"/edit", form)
	// What was typed alone hears nothing itself: it may be anybody's.
	heard(people.Change{Person: p.ID, What: "people.change.email"}, people.Change{Person: p.ID, What: "people.change.phone"})
	v.post(page, page+"/roles", url.Values{"role": {"moderator"}, "scope": {"city:osh"}})
	heard(people.Change{Person: p.ID, What: "people.change.role_given"})
	if len(h.sent.invitations) != 1 {
		t.Errorf("%d invitations", len(h.sent.invitations))
	}
	v.post(page, page+"/roles", url.Values{"role": {"moderator"}, "scope": {"city:osh"}})
	heard() // she has it already
	if status, _ := v.post(page, page+"/roles", url.Values{"role": {"moderator"}, "scope": {"city:atlantis"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("a place that does not exist: %d", status)
	}
	if status, _ := v.post(page, page+"/roles", url.Values{"role": {"moderator"}, "scope": {"activity:1"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("an activity that does not exist: %d", status)
	}
	heard()
	v.post(page, page+"/passkeys", url.Values{})
	heard(people.Change{Person: p.ID, What: "people.change.passkey_removed"})
}

func TestSigningInAndFailingToIsShownToThePerson(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	v := h.visitor(t)
	v.post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"asan@mail.kg"}})
	h.work(t)
	code := h.sent.codes[0].Code
	v.post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {wrong(code)}})
	h.work(t)
	h.clock.pass(time.Second)
	v.post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {code}})
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		log, err := audit.List(ctx, tx, audit.Filter{Person: p.ID})
		if err != nil || len(log) != 3 || log[2].Action != "people.audit.sign_in_failed" || !log[2].Actor.IsZero() {
			t.Errorf("log %+v, %v", log, err)
		}
		for _, e := range log[:2] { // her first code proves her address
			if e.Action != "people.audit.signed_in" && e.Action != "people.audit.contact_proven" || e.Actor != p.ID {
				t.Errorf("log %+v", e)
			}
		}
		return nil
	})
	if _, page := v.get("/ky/me"); !strings.Contains(page, "Кирүү коду туура эмес жазылды") {
		t.Error("her page does not show it")
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
		kept = register(t, store, svc, people.Details{FullName: "Асан Үсөнов"})
		gone = register(t, store, svc, people.Details{FullName: "Канарейкина Сайкал", Village: strings.Repeat("Сары-Канарей ", 5)})
	}
	sealed := func(p people.Person) (out [][]byte) {
		write(t, store, func(ctx context.Context, tx *storage.Tx) error {
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
