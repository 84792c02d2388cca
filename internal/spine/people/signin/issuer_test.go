package signin_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/oidc/oidctest"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// office is a house whose organisation has an issuer.
type office struct {
	peopletest.House
	far *oidctest.Issuer
	log *bytes.Buffer
}

// offices runs f on both engines.
func offices(t *testing.T, f func(t *testing.T, o office)) {
	t.Helper()
	for name, engine := range map[string]func(testing.TB, ...storagetest.Option) *storage.Store{"sqlite": storagetest.Open, "postgresql": storagetest.OpenPostgreSQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := storagetest.NewClock(peopletest.Morning)
			f(t, openOffice(t, engine(t, clock.Option()), clock))
		})
	}
}

func openOffice(t *testing.T, store *storage.Store, clock *storagetest.Clock) office {
	t.Helper()
	far := oidctest.New(t)
	far.Clock = clock.Now
	far.Back = "http://localhost" + people.IssuerBack
	log := &bytes.Buffer{}
	h := peopletest.OpenWith(t, store, people.Options{
		PublicURL: "http://localhost", Demo: true, Log: slog.New(slog.NewTextHandler(log, nil)), Issuer: issuer(far, clock.Now),
	})
	h.Clock = clock
	return office{House: h, far: far, log: log}
}

func issuer(far *oidctest.Issuer, now func() time.Time) *oidc.Issuer {
	return oidc.New(oidc.Options{Issuer: far.URL, ID: oidctest.ID, Secret: oidctest.Secret, Back: "http://localhost" + people.IssuerBack, Clock: now})
}

// staff adds somebody who works for the programme, her role awake.
func (o office) staff(t *testing.T, email string) people.Person {
	t.Helper()
	p := peopletest.Register(t, o.Store, o.People, people.Details{FullName: "Розакан Кызматкер", Email: email})
	peopletest.Write(t, o.Store, func(ctx context.Context, tx *storage.Tx) error {
		return o.People.Grant(ctx, tx, p.ID, access.Grant{Role: access.Coordinator})
	})
	return p
}

// linked is staff who has added her account, from a session of her passkey.
func (o office) linked(t *testing.T, email, subject string) people.Person {
	t.Helper()
	p := o.staff(t, email)
	if to, page := o.signsIn(o.session(t, p, access.OfPasskey), "/en/me/oidc", o.at(subject, email)); to != "/en/me/passkeys" || !strings.Contains(page, "account is linked") {
		t.Fatalf("linking led to %s", to)
	}
	return p
}

// at is the account of somebody at the issuer, who signed in there just now.
func (o office) at(subject, email string) oidctest.Person {
	return oidctest.Person{Subject: subject, Email: email, Verified: true, At: o.Clock.Now()}
}

// location gives where a page leads to.
func location(v *peopletest.Visitor, path string) string {
	v.T.Helper()
	res, err := v.HTTP.Get(v.URL + path)
	if err != nil {
		v.T.Fatal(err)
	}
	res.Body.Close()
	return res.Header.Get("Location")
}

// goes presses the button that leads to the issuer; the answer is the path by
// which the issuer sends the browser back.
func (o office) goes(v *peopletest.Visitor, button string, p oidctest.Person) string {
	v.T.Helper()
	to := location(v, button)
	if !strings.HasPrefix(to, o.far.URL) {
		v.T.Fatalf("%s leads to %q", button, to)
	}
	back, err := o.far.Approve(to, p)
	if err != nil {
		v.T.Fatal(err)
	}
	return strings.TrimPrefix(back, "http://localhost")
}

// comes opens the path by which the issuer sends the browser back, and gives the
// page that this ends at, with its text.
func comes(v *peopletest.Visitor, path string) (string, string) {
	v.T.Helper()
	path = location(v, path) // to the same in a language
	if path = location(v, path); strings.Contains(path, "code=") || strings.Contains(path, "state=") {
		v.T.Errorf("the code stays in the address: %s", path)
	}
	_, page := v.Get(path)
	return path, page
}

func (o office) signsIn(v *peopletest.Visitor, button string, p oidctest.Person) (string, string) {
	v.T.Helper()
	return comes(v, o.goes(v, button, p))
}

// works reports whether the visitor has come in as staff.
func works(v *peopletest.Visitor) bool {
	status, _ := v.Get("/ru/people")
	return status == http.StatusOK
}

// noted gives what the log of a person says, in the order of the alphabet.
func (o office) noted(t *testing.T, p people.Person) (out []string) {
	t.Helper()
	peopletest.Write(t, o.Store, func(ctx context.Context, tx *storage.Tx) error {
		out = nil
		list, err := audit.List(ctx, tx, audit.Filter{Person: p.ID})
		for _, e := range list {
			out = append(out, strings.TrimSpace(strings.TrimPrefix(e.Action, "people.audit.")+" "+e.Detail))
		}
		return err
	})
	slices.Sort(out)
	return out
}

func (o office) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	peopletest.Write(t, o.Store, func(ctx context.Context, tx *storage.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) })
	return n
}

func TestStaffSignInWithTheAccountThatTheyAddedThemselves(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o office) {
		for i, lang := range []string{"ky", "ru", "en"} {
			email := lang + ".roza@office.kg"
			p := o.staff(t, email)
			v := o.Visitor(t)
			_, page := v.Get("/" + lang + "/sign-in?back=%2F" + lang + "%2Fpeople")
			button := `href="/` + lang + `/sign-in/oidc?back=%2F` + lang + `%2Fpeople"`
			words := []string{"Уюмуңуздун аккаунту менен кирүү", "Войти с учётной записью организации", "Sign in with your organisation’s account"}[i]
			if !strings.Contains(page, button) || !strings.Contains(page, words) {
				t.Fatalf("%s: no button", lang)
			}
			asked := len(o.far.Seen())
			// The issuer says that the address is hers, and verified: that opens nothing.
			if to, _ := o.signsIn(v, "/"+lang+"/sign-in/oidc?back=%2F"+lang+"%2Fpeople", o.at("s-"+lang, email)); to != "/"+lang+"/sign-in?back=%2F"+lang+"%2Fpeople" || works(v) {
				t.Errorf("%s: an address leads to a record: %s", lang, to)
			}
			if asked := o.far.Seen()[asked]; asked.Get("ui_locales") != lang || asked.Get("max_age") != "86400" || asked.Get("redirect_uri") != "http://localhost/sign-in/oidc/back" {
				t.Errorf("%s: asked %v", lang, asked)
			}
			own := o.session(t, p, access.OfPasskey)
			to, page := o.signsIn(own, "/"+lang+"/me/oidc", o.at("s-"+lang, email))
			if linked := []string{"аккаунту байланды", "организации привязана", "account is linked"}[i]; to != "/"+lang+"/me/passkeys" || !strings.Contains(page, linked) || !works(own) {
				t.Errorf("%s: linking led to %s", lang, to)
			}
			// From now on it is the account that counts, whatever its address is.
			v = o.Visitor(t)
			if to, page := o.signsIn(v, "/"+lang+"/sign-in/oidc?back=%2F"+lang+"%2Fpeople", o.at("s-"+lang, "married@office.kg")); to != "/"+lang+"/people" || strings.Contains(page, "flash") || !works(v) {
				t.Errorf("%s: led to %s", lang, to)
			}
			by := []string{"ачкыч же уюмдун аккаунту", "с ключом доступа или учётной записью организации", "passkey or the organisation’s account"}[i]
			if _, page := v.Get("/" + lang + "/me"); !strings.Contains(page, by) {
				t.Errorf("%s: her sessions do not say how she came in", lang)
			}
			if got := o.noted(t, p); !slices.Equal(got, []string{"granted coordinator //", "oidc_linked", "signed_in", "signed_in"}) {
				t.Errorf("%s: noted %q", lang, got)
			}
		}
		if len(o.Sent.Changes) != 3 || o.Sent.Changes[0].What != "people.change.account_linked" {
			t.Errorf("told %+v", o.Sent.Changes)
		}
	})
}

func TestWhoMayNotComeInByTheIssuerIsToldWhatToDo(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o office) {
		o.staff(t, "staff@office.kg")
		participant := peopletest.Register(t, o.Store, o.People, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
		erased := o.linked(t, "erased@office.kg", "gone")
		if err := o.People.EraseForGood(t.Context(), erased.ID, erased.ID); err != nil {
			t.Fatal(err)
		}
		retired := o.linked(t, "retired@office.kg", "retired")
		peopletest.Write(t, o.Store, func(ctx context.Context, tx *storage.Tx) error {
			grants, err := o.People.Grants(ctx, tx, retired.ID)
			if err != nil {
				return err
			}
			return o.People.Revoke(ctx, tx, retired.ID, retired.ID, grants[0].ID)
		})
		asleep := o.linked(t, "asleep@office.kg", "asleep")
		peopletest.Write(t, o.Store, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 0 WHERE person_id = $1`, asleep.ID)
			return err
		})
		unverified := o.at("s1", "staff@office.kg")
		unverified.Verified = false
		before, links := o.count(t, `SELECT COUNT(*) FROM person`), o.count(t, `SELECT COUNT(*) FROM oidc_link`)
		const nobody = "ни к кому не привязана"
		for name, c := range map[string]struct {
			who  oidctest.Person
			says string
		}{
			"the address of staff, verified":  {o.at("s1", "staff@office.kg"), nobody},
			"the same, not verified":          {unverified, nobody},
			"no address":                      {o.at("s1", ""), nobody},
			"the address of nobody":           {o.at("s2", "nobody@office.kg"), nobody},
			"the address of a participant":    {o.at("s3", "asan@mail.kg"), nobody},
			"somebody who was erased":         {o.at("gone", "erased@office.kg"), nobody},
			"somebody whose role was taken":   {o.at("retired", "retired@office.kg"), "войти по коду"},
			"somebody whose role still waits": {o.at("asleep", "asleep@office.kg"), "войти по коду"},
		} {
			v := o.Visitor(t)
			to, page := o.signsIn(v, "/ru/sign-in/oidc?back=%2Fru%2Fpeople", c.who)
			if to != "/ru/sign-in?back=%2Fru%2Fpeople" || !strings.Contains(page, c.says) {
				t.Errorf("%s: %s", name, to)
			}
			if status, _ := v.Get("/ru/me"); status != http.StatusSeeOther {
				t.Errorf("%s: signed in", name)
			}
		}
		if got := o.noted(t, participant); len(got) != 0 {
			t.Errorf("noted %q", got)
		}
		if got := o.noted(t, retired); !slices.Contains(got, "oidc_refused not_staff") {
			t.Errorf("noted %q", got)
		}
		if n := o.count(t, `SELECT COUNT(*) FROM oidc_link`); n != links {
			t.Errorf("%d accounts are linked", n)
		}
		if n := o.count(t, `SELECT COUNT(*) FROM person`); n != before {
			t.Errorf("%d people after %d", n, before)
		}
	})
}

func TestAnAnswerOfTheIssuerCountsOnceInTheBrowserThatAsked(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o office) {
		o.linked(t, "roza@office.kg", "s1")
		roza := o.at("s1", "roza@office.kg")
		const again = "Вход не завершён"
		v := o.Visitor(t)
		back := o.goes(v, "/ru/sign-in/oidc", roza)
		other := o.Visitor(t)
		other.Get("/ru/sign-in")
		if to, page := comes(other, back); to != "/ru/sign-in" || !strings.Contains(page, again) || works(other) {
			t.Errorf("another browser: %s", to)
		}
		o.goes(other, "/ru/sign-in/oidc", roza)
		if to, page := comes(other, back); to != "/ru/sign-in" || !strings.Contains(page, again) || works(other) {
			t.Errorf("the state of another browser: %s", to)
		}
		if to, page := comes(v, people.IssuerBack+"?code=x&state=y"); to != "/ru/sign-in" || !strings.Contains(page, again) {
			t.Errorf("a link of somebody else's: %s", to)
		}
		// The cookie, kept by a thief or a browser that restores it, is worth nothing a second time.
		u, err := url.Parse(v.URL)
		if err != nil {
			t.Fatal(err)
		}
		kept := v.HTTP.Jar.Cookies(u)
		if to, _ := comes(v, back); to != "/ru/me" || !works(v) {
			t.Fatalf("the right browser: %s", to)
		}
		if to, _ := comes(v, back); to != "/ru/sign-in" {
			t.Errorf("the same address again: %s", to)
		}
		thief := o.Visitor(t)
		for _, c := range kept {
			c.Path = "/"
		}
		thief.HTTP.Jar.SetCookies(u, kept)
		if to, page := comes(thief, back); to != "/ru/sign-in" || !strings.Contains(page, again) || works(thief) {
			t.Errorf("the answer is good twice: %s", to)
		}
		// And a question waits ten minutes at most.
		late := o.Visitor(t)
		back = o.goes(late, "/ru/sign-in/oidc", roza)
		o.Clock.Pass(10 * time.Minute)
		if to, page := comes(late, back); to != "/ru/sign-in" || !strings.Contains(page, again) {
			t.Errorf("a late answer: %s", to)
		}
		// What the browser keeps cannot be written by hand.
		forged := o.Visitor(t)
		forged.Get("/ru/sign-in")
		forged.HTTP.Jar.SetCookies(u, []*http.Cookie{{Name: "ashar-oidc", Value: "eyJzIjoieCJ9", Path: "/"}})
		if to, _ := comes(forged, people.IssuerBack+"?code=x&state=x"); to != "/ru/sign-in" {
			t.Errorf("a forged cookie: %s", to)
		}
	})
}

func TestATokenThatIsNotWholeOpensNothing(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(o office, claims map[string]any){
		"another nonce":    func(_ office, c map[string]any) { c["nonce"] = "x" },
		"expired":          func(o office, c map[string]any) { c["exp"] = o.Clock.Now().Add(-2 * time.Minute).Unix() },
		"another audience": func(_ office, c map[string]any) { c["aud"] = "x" },
		"another issuer":   func(_ office, c map[string]any) { c["iss"] = "https://x.example" },
		"unsigned":         nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := storagetest.NewClock(peopletest.Morning)
			o := openOffice(t, storagetest.Open(t, clock.Option()), clock)
			o.linked(t, "roza@office.kg", "s1")
			if o.far.Sign = oidctest.Unsigned; spoil != nil { // from now on
				o.far.Sign, o.far.Spoil = nil, func(c map[string]any) { spoil(o, c) }
			}
			v := o.Visitor(t)
			to, page := o.signsIn(v, "/en/sign-in/oidc?back=%2Fen%2Fpeople", o.at("s1", "roza@office.kg"))
			if to != "/en/sign-in?back=%2Fen%2Fpeople" || !strings.Contains(page, "did not work") || works(v) {
				t.Errorf("led to %s", to)
			}
			if n := o.count(t, `SELECT COUNT(*) FROM oidc_link`); n != 1 || !strings.Contains(o.log.String(), "sign-in by issuer") {
				t.Errorf("%d linked, log %s", n, o.log)
			}
		})
	}
}

func TestWhatEndsAtTheIssuerEndsInWordsAndLeavesTheOtherWaysOpen(t *testing.T) {
	t.Parallel()
	clock := storagetest.NewClock(peopletest.Morning)
	o := openOffice(t, storagetest.Open(t, clock.Option()), clock)
	o.linked(t, "roza@office.kg", "s1")
	v := o.Visitor(t)
	back, err := url.Parse(o.goes(v, "/en/sign-in/oidc?back=%2Fen%2Fpeople", o.at("s1", "roza@office.kg")))
	if err != nil {
		t.Fatal(err)
	}
	cancelled := people.IssuerBack + "?" + url.Values{"error": {"access_denied"}, "error_description": {"<b>"}, "state": back.Query()["state"]}.Encode()
	if to, page := comes(v, cancelled); to != "/en/sign-in?back=%2Fen%2Fpeople" || !strings.Contains(page, "cancelled on your organisation") {
		t.Errorf("cancelled: %s", to)
	}
	// The issuer is down from the start: the site is there, the button tells, a code signs in.
	far := oidctest.New(t)
	far.Deaf = func(w http.ResponseWriter, _ *http.Request) bool {
		http.Error(w, "gone", http.StatusBadGateway)
		return true
	}
	down := office{House: peopletest.OpenWith(t, storagetest.Open(t, clock.Option()), people.Options{PublicURL: "http://localhost", Issuer: issuer(far, clock.Now)})}
	peopletest.Register(t, down.Store, down.People, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	for lang, says := range map[string]string{"ky": "жооп бербей жатат", "ru": "сейчас не отвечает", "en": "does not answer now"} {
		v := down.Visitor(t)
		to := location(v, "/"+lang+"/sign-in/oidc?back=%2F"+lang+"%2Fme")
		if to != "/"+lang+"/sign-in?back=%2F"+lang+"%2Fme" {
			t.Errorf("down: led to %s", to)
		}
		if _, page := v.Get(to); !strings.Contains(page, says) {
			t.Errorf("%s: the page does not say that the issuer is down", lang)
		}
		clock.Pass(2 * time.Minute)
		v.Post(to, "/"+lang+"/sign-in", url.Values{"address": {"asan@mail.kg"}})
		down.Work(t)
		if _, to := v.Post("/"+lang+"/sign-in/code", "/"+lang+"/sign-in/code", url.Values{"code": {down.Sent.Codes[len(down.Sent.Codes)-1].Code}}); to != "/"+lang+"/me" {
			t.Errorf("%s: a code leads to %s", lang, to)
		}
	}
	// Without an issuer there is no button, and no page behind it.
	without := peopletest.Open(t).Visitor(t)
	if _, page := without.Get("/en/sign-in"); strings.Contains(page, "oidc") {
		t.Error("a button that leads nowhere")
	}
	for _, path := range []string{"/en/sign-in/oidc", "/en/sign-in/oidc/back?code=x&state=y"} {
		if status, _ := without.Get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestTheWayBackStaysOnThisSite(t *testing.T) {
	t.Parallel()
	clock := storagetest.NewClock(peopletest.Morning)
	o := openOffice(t, storagetest.Open(t, clock.Option()), clock)
	o.linked(t, "roza@office.kg", "s1")
	for _, back := range []string{"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%5cevil.example", "/" + strings.Repeat("x", 3000)} {
		if to, _ := o.signsIn(o.Visitor(t), "/en/sign-in/oidc?back="+url.QueryEscape(back), o.at("s1", "roza@office.kg")); to != "/en/me" {
			t.Errorf("%.40q leads to %s", back, to)
		}
	}
	v := o.Visitor(t)
	long := "/en/people?q=" + strings.Repeat("x", 1900)
	if to, _ := o.signsIn(v, "/en/sign-in/oidc?back="+url.QueryEscape(long), o.at("s1", "roza@office.kg")); to != long {
		t.Errorf("a long way back leads to %.60s", to)
	}
}

func TestAnAccountStaysWithThePersonWhoAddedIt(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o office) {
		a := o.linked(t, "roza@office.kg", "s1")
		b := o.linked(t, "bota@office.kg", "s2")
		who := func(subject, email string) storage.ID {
			v := o.Visitor(t)
			o.signsIn(v, "/en/sign-in/oidc", o.at(subject, email))
			u, _ := url.Parse(v.URL)
			r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, v.URL, nil)
			for _, c := range v.HTTP.Jar.Cookies(u) {
				r.AddCookie(c)
			}
			actor, err := o.People.Identify(r)
			if err != nil {
				t.Fatal(err)
			}
			return actor.Person
		}
		// The organisation gives the addresses the other way round.
		if who("s1", "bota@office.kg") != a.ID || who("s2", "roza@office.kg") != b.ID {
			t.Error("an address moves an account to somebody else")
		}
		if got := who("s3", "roza@office.kg"); !got.IsZero() {
			t.Error("a new account with an old address opens somebody")
		}
		// A second account of the issuer opens nobody beside the first.
		if to, page := o.signsIn(o.session(t, a, access.OfPasskey), "/en/me/oidc", o.at("s3", "roza@office.kg")); to != "/en/me/passkeys" || !strings.Contains(page, "linked here already") {
			t.Errorf("a second account: %s", to)
		}
		if got := o.noted(t, a); !slices.Contains(got, "oidc_refused taken") {
			t.Errorf("noted %q", got)
		}
		// Merged into another, the account opens nobody: whoever merges must not come in as her.
		peopletest.Write(t, o.Store, func(ctx context.Context, tx *storage.Tx) error {
			return o.People.Merge(ctx, tx, people.MergeRecords{From: a.ID, Into: b.ID})
		})
		if n := o.count(t, `SELECT COUNT(*) FROM oidc_link WHERE person_id = $1`, a.ID); n != 0 {
			t.Error("the account stays with the record that is gone")
		}
		if got := who("s1", "roza@office.kg"); !got.IsZero() {
			t.Error("the merged account opens somebody")
		}
		if who("s2", "bota@office.kg") != b.ID {
			t.Error("the account of who stays opens nobody")
		}
	})
}

// keyed gives the person a passkey of which the test knows nothing but that it is there.
func (o office) keyed(t *testing.T, p people.Person) {
	t.Helper()
	peopletest.Write(t, o.Store, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO passkey (id, person_id, sealed, made_at, used_at) VALUES ($1, $2, $3, 1, 1)`, tx.NewID(), p.ID, []byte("closed"))
		return err
	})
}

// session signs a person in by a way.
func (o office) session(t *testing.T, p people.Person, by access.Origin) *peopletest.Visitor {
	t.Helper()
	v := o.Visitor(t)
	peopletest.Write(t, o.Store, func(ctx context.Context, tx *storage.Tx) error {
		token, err := o.People.StartSession(ctx, tx, p.ID, by)
		if err != nil {
			return err
		}
		u, err := url.Parse(v.URL)
		v.HTTP.Jar.SetCookies(u, []*http.Cookie{o.People.Cookie(token)})
		return err
	})
	return v
}

func TestWhoHasAPasskeyAddsAnAccountOnlyWhileSignedInWithIt(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o office) {
		p := o.staff(t, "roza@office.kg")
		b := o.staff(t, "bota@office.kg")
		o.keyed(t, p)
		roza := o.at("s1", "roza@office.kg")
		for name, v := range map[string]*peopletest.Visitor{"a stranger": o.Visitor(t), "who read her mail": o.session(t, p, access.OfProof), "a colleague": o.session(t, b, access.OfPasskey)} {
			if to, page := o.signsIn(v, "/en/sign-in/oidc", roza); to != "/en/sign-in" || !strings.Contains(page, "linked to nobody here") {
				t.Errorf("%s: %s", name, to)
			}
		}
		if to, page := o.signsIn(o.session(t, p, access.OfProof), "/en/me/oidc", roza); to != "/en/me/passkeys" || !strings.Contains(page, "First sign in with your passkey") {
			t.Errorf("from her own page, after a code alone: %s", to)
		}
		if n := o.count(t, `SELECT COUNT(*) FROM oidc_link`); n != 0 {
			t.Fatal("linked")
		}
		theirs := o.at("s2", "bota@office.kg")
		if to, _ := o.signsIn(o.session(t, b, access.OfPasskey), "/en/me/oidc", theirs); to != "/en/me/passkeys" {
			t.Fatalf("the colleague's own: %s", to)
		}
		v := o.session(t, p, access.OfPasskey)
		o.Clock.Pass(20 * time.Minute)
		if to := location(v, "/en/me/oidc"); to != "/en/sign-in?anew=1&back=%2Fen%2Fme%2Fpasskeys" {
			t.Errorf("with a sign-in of long ago: %s", to)
		}
		v = o.session(t, p, access.OfPasskey)
		// Somebody else's account, left open at the issuer on this computer, is not taken.
		if to, page := o.signsIn(v, "/en/me/oidc", o.at("s2", "bota@office.kg")); to != "/en/me/passkeys" || !strings.Contains(page, "belongs to somebody else") {
			t.Errorf("somebody else's account: %s", to)
		}
		if seen := o.far.Seen(); seen[len(seen)-1].Get("prompt") != "login" {
			t.Error("she is not asked which account it is")
		}
		// With another person's session in the end, nothing is added either.
		back := o.goes(v, "/en/me/oidc", roza)
		u, _ := url.Parse(v.URL)
		mine := v.HTTP.Jar.Cookies(u)
		hers := o.session(t, b, access.OfPasskey).HTTP.Jar.Cookies(u)
		v.HTTP.Jar.SetCookies(u, hers)
		if to, _ := comes(v, back); to != "/en/sign-in" || o.count(t, `SELECT COUNT(*) FROM oidc_link`) != 1 {
			t.Errorf("another person sits here now: %s", to)
		}
		v.HTTP.Jar.SetCookies(u, mine)
		if to, page := o.signsIn(v, "/en/me/oidc", roza); to != "/en/me/passkeys" || !strings.Contains(page, "account is linked") || !works(v) {
			t.Errorf("from her own page: %s", to)
		}
	})
}

func TestAFreshSignInIsWhatTheIssuerSaysItIs(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o office) {
		p := o.linked(t, "roza@office.kg", "s1")
		v := o.Visitor(t)
		roza := o.at("s1", "roza@office.kg")
		o.Clock.Pass(time.Hour) // she sat down at the issuer an hour ago
		o.signsIn(v, "/en/sign-in/oidc", roza)
		if !works(v) {
			t.Fatal("not in")
		}
		export := func() string {
			_, to := v.Post("/en/me", "/en/me/export", url.Values{"format": {"json"}})
			return to
		}
		const anew = "/en/sign-in?anew=1&back=%2Fen%2Fme"
		if to := export(); to != anew {
			t.Fatalf("an old sign-in at the issuer counts as fresh: %.80s", to)
		}
		_, page := v.Get(anew)
		if !strings.Contains(page, `href="/en/sign-in/oidc?anew=1&amp;back=%2Fen%2Fme"`) {
			t.Fatal("the button does not ask for a fresh sign-in")
		}
		// An issuer that does not ask her again cannot open grave steps.
		o.far.Spoil = func(c map[string]any) { c["auth_time"] = roza.At.Unix() }
		if to, page := o.signsIn(v, "/en/sign-in/oidc?anew=1&back=%2Fen%2Fme", roza); to != anew || !strings.Contains(page, "did not confirm") {
			t.Errorf("an issuer that does not ask: %s", to)
		}
		o.far.Spoil = func(c map[string]any) { delete(c, "auth_time") }
		if to, _ := o.signsIn(v, "/en/sign-in/oidc?anew=1&back=%2Fen%2Fme", roza); to != anew {
			t.Errorf("an issuer that does not say: %s", to)
		}
		o.far.Spoil = nil
		if to, _ := o.signsIn(v, "/en/sign-in/oidc?anew=1&back=%2Fen%2Fme", roza); to != "/en/me" {
			t.Errorf("asked anew: %s", to)
		}
		if seen := o.far.Seen(); seen[len(seen)-1].Get("prompt") != "login" || seen[len(seen)-1].Get("max_age") != "0" {
			t.Error("the issuer is not told to ask")
		}
		if to := export(); !strings.Contains(to, "organisation_accounts") {
			t.Errorf("after it: %.80s", to)
		}
		// An account that opens her counts as a key: a code alone makes no passkey beside it.
		if status, _ := o.session(t, p, access.OfProof).Ask("/me/passkeys/begin", nil); status != http.StatusForbidden {
			t.Errorf("a code makes a passkey: %d", status)
		}
		if status, _ := v.Ask("/me/passkeys/begin", nil); status != http.StatusOK {
			t.Errorf("a fresh sign-in makes none: %d", status)
		}
		o.Clock.Pass(20 * time.Minute)
		if status, _ := v.Ask("/me/passkeys/begin", nil); status != http.StatusForbidden {
			t.Errorf("a sign-in of 20 minutes ago makes a passkey: %d", status)
		}
	})
}

func TestAPersonSeesHerAccountAndUnlinksIt(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o office) {
		p := o.linked(t, "roza@office.kg", "s1")
		v, other := o.Visitor(t), o.Visitor(t)
		o.Sent.Changes = nil
		o.signsIn(other, "/ky/sign-in/oidc", o.at("s1", "roza@office.kg"))
		o.signsIn(v, "/ky/sign-in/oidc", o.at("s1", "roza@office.kg"))
		_, page := v.Get("/ky/me/passkeys")
		i := strings.Index(page, `action="/ky/me/oidc/`)
		if i < 0 || strings.Contains(page, `href="/ky/me/oidc"`) {
			t.Fatal("her page does not show the account")
		}
		remove, _, _ := strings.Cut(page[i+len(`action="`):], `"`)
		stranger := o.session(t, o.staff(t, "bota@office.kg"), access.OfPasskey)
		if status, _ := stranger.Post("/ky/me/passkeys", remove, url.Values{}); status == http.StatusSeeOther {
			t.Error("another person unlinks it")
		}
		if status, _ := o.session(t, p, access.OfProof).Post("/ky/me/passkeys", remove, url.Values{}); status != http.StatusForbidden {
			t.Errorf("who reads her mail unlinks it: %d", status)
		}
		if status, _ := v.Read(v.HTTP.PostForm(v.URL+remove, url.Values{})); status != http.StatusForbidden {
			t.Errorf("without a form token: %d", status)
		}
		o.Clock.Pass(20 * time.Minute)
		if _, to := v.Post("/ky/me/passkeys", remove, url.Values{}); to != "/ky/sign-in?anew=1&back=%2Fky%2Fme%2Fpasskeys" {
			t.Errorf("with a sign-in of long ago: %s", to)
		}
		o.signsIn(v, "/ky/sign-in/oidc?anew=1", o.at("s1", "roza@office.kg"))
		if _, to := v.Post("/ky/me/passkeys", remove, url.Values{}); to != "/ky/me/passkeys" {
			t.Errorf("fresh: %s", to)
		}
		if !works(v) || works(other) {
			t.Errorf("here %v, elsewhere %v", works(v), works(other))
		}
		if _, page := v.Get("/ky/me/passkeys"); strings.Contains(page, remove) || !strings.Contains(page, `href="/ky/me/oidc"`) {
			t.Error("the page shows it still")
		}
		if got := o.noted(t, p); !slices.Contains(got, "oidc_removed") || o.Sent.Changes[len(o.Sent.Changes)-1].What != "people.change.account_removed" {
			t.Errorf("noted %q", got)
		}
		// An administrator who resets her passkeys takes the account too.
		o.signsIn(o.session(t, p, access.OfPasskey), "/ky/me/oidc", o.at("s1", "roza@office.kg"))
		if n := o.count(t, `SELECT COUNT(*) FROM oidc_link`); n != 1 {
			t.Fatal("not linked again")
		}
		admin := o.As(t, peopletest.Register(t, o.Store, o.People, people.Details{FullName: "Админ", Email: "admin@office.kg"}), access.Grant{Role: access.Admin})
		admin.Post("/ky/people/"+p.ID.String(), "/ky/people/"+p.ID.String()+"/passkeys", url.Values{})
		if n := o.count(t, `SELECT COUNT(*) FROM oidc_link`); n != 0 {
			t.Error("a reset leaves the account")
		}
	})
}

func TestSignInByTheIssuerIsBounded(t *testing.T) {
	t.Parallel()
	clock := storagetest.NewClock(peopletest.Morning)
	o := openOffice(t, storagetest.Open(t, clock.Option()), clock)
	for _, path := range []string{"/en/sign-in/oidc", "/en/sign-in/oidc/back?code=x&state=y"} {
		v := o.Visitor(t)
		v.Get("/en/sign-in/oidc") // tells the browser apart from now on
		for range 30 {
			v.Get(path)
		}
		if status, _ := v.Get(path); status != http.StatusTooManyRequests {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestTheCookieOfAQuestionIsForThisSiteAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		public, name string
		secure       bool
	}{{"http://localhost", "ashar-oidc", false}, {"https://ashar.example", "__Host-ashar-oidc", true}} {
		clock := storagetest.NewClock(peopletest.Morning)
		far := oidctest.New(t)
		h := peopletest.OpenWith(t, storagetest.Open(t, clock.Option()), people.Options{PublicURL: c.public, Issuer: issuer(far, clock.Now)})
		v := h.Visitor(t)
		res, err := v.HTTP.Get(v.URL + "/en/sign-in/oidc")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		i := slices.IndexFunc(res.Cookies(), func(k *http.Cookie) bool { return k.Name == c.name })
		if i < 0 {
			t.Fatalf("%s: no cookie %s", c.public, c.name)
		}
		k := res.Cookies()[i]
		if k.Secure != c.secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" || k.MaxAge != 600 {
			t.Errorf("%s: %s", c.public, k)
		}
		q, err := url.Parse(res.Header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(k.Value, q.Query().Get("state")) || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s", c.public, k)
		}
	}
}

func TestNothingOfAnAccountIsKeptOrLogged(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o office) {
		o.linked(t, "canary.roza@office.kg", "canary-subject-7")
		good := o.at("canary-subject-7", "canary.roza@office.kg")
		o.signsIn(o.Visitor(t), "/en/sign-in/oidc", good)
		o.signsIn(o.Visitor(t), "/en/sign-in/oidc", o.at("canary-subject-8", "canary.other@office.kg"))
		o.far.Spoil = func(c map[string]any) { c["nonce"] = "canary" }
		o.signsIn(o.Visitor(t), "/en/sign-in/oidc", good)
		secrets := append(o.far.Issued(), "canary", oidctest.Secret, strings.ReplaceAll(oidctest.Secret, " ", "+"))
		for _, q := range o.far.Seen() {
			secrets = append(secrets, q.Get("state"), q.Get("nonce"), q.Get("code_challenge"))
		}
		tables, err := o.Store.Tables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, table := range tables {
			peopletest.Write(t, o.Store, func(ctx context.Context, tx *storage.Tx) error {
				rows, err := tx.Query(ctx, `SELECT * FROM `+table.Name) //nolint:gosec // the name is of the schema
				if err != nil {
					return err
				}
				cells, into := make([]any, len(table.Columns)), make([]any, len(table.Columns))
				for i := range cells {
					into[i] = &cells[i]
				}
				for rows.Next() {
					if err := rows.Scan(into...); err != nil {
						return err
					}
					for _, c := range cells {
						if b, ok := c.([]byte); ok {
							c = string(b)
						}
						fmt.Fprintln(&all, c)
					}
				}
				return rows.Err()
			})
		}
		if !strings.Contains(all.String(), "people.audit.oidc_linked") || !strings.Contains(o.log.String(), "another nonce") {
			t.Fatal("the search sees nothing")
		}
		for _, s := range secrets {
			if strings.Contains(all.String(), s) {
				t.Errorf("the database holds %q", s)
			}
			if strings.Contains(o.log.String(), s) {
				t.Errorf("the log holds %q", s)
			}
		}
	})
}

// claim adds an account to a person at the service itself, as her own page does.
func (o office) claim(ctx context.Context, tx *storage.Tx, subject string, p people.Person) (people.SignInResult, error) {
	return o.People.SignInByIssuer(ctx, tx, people.SignInByIssuer{
		Claims: oidc.Claims{Subject: subject, At: tx.Now},
		Actor:  access.Actor{Person: p.ID, Origin: access.OfPasskey, Proven: tx.Now}, Own: true,
	})
}

func TestOneAccountOpensOnePersonHoweverManyRaceForIt(t *testing.T) {
	t.Parallel()
	offices(t, func(t *testing.T, o office) {
		for _, callers := range []int{2, 16, 64} {
			var many []people.Person
			for i := range callers {
				many = append(many, o.staff(t, fmt.Sprintf("p%d-%d@office.kg", callers, i)))
			}
			alone := o.staff(t, fmt.Sprintf("alone-%d@office.kg", callers))
			var mu sync.Mutex
			opened, linked, won := map[storage.ID]int{}, 0, 0
			claim := func(subject string, p people.Person) (res people.SignInResult) {
				if err := o.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
					res, err = o.claim(ctx, tx, subject, p)
					return err
				}); err != nil {
					t.Error(err)
				}
				return res
			}
			var group sync.WaitGroup
			for i := range callers {
				group.Go(func() { // one account for many people
					res := claim(fmt.Sprintf("one of %d", callers), many[i])
					mu.Lock()
					defer mu.Unlock()
					if res.Token != "" {
						opened[res.Person]++
					}
					if res.Linked {
						linked++
					}
				})
				group.Go(func() { // many accounts for one person
					res := claim(fmt.Sprintf("%d of %d", i, callers), alone)
					mu.Lock()
					defer mu.Unlock()
					if res.Token != "" {
						won++
					}
				})
			}
			group.Wait()
			if len(opened) != 1 || linked != 1 || won != 1 {
				t.Errorf("%d callers: the account opens %d people (%d links), %d accounts open one person", callers, len(opened), linked, won)
			}
		}
	})
}

// The positive control: without the guards of the database both who ask in the
// same moment get the account. On SQLite writers take turns, so PostgreSQL alone shows it.
func TestWithoutTheGuardAnAccountOpensTwoPeople(t *testing.T) {
	t.Parallel()
	clock := storagetest.NewClock(peopletest.Morning)
	o := openOffice(t, storagetest.OpenPostgreSQL(t, clock.Option()), clock)
	a, b := o.staff(t, "a@office.kg"), o.staff(t, "b@office.kg")
	peopletest.Write(t, o.Store, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `ALTER TABLE oidc_link DROP CONSTRAINT oidc_link_pkey`)
		return err
	})
	var both, group sync.WaitGroup
	both.Add(2)
	for _, p := range []people.Person{a, b} {
		group.Go(func() {
			if err := o.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				res, err := o.claim(ctx, tx, "s1", p)
				both.Done()
				both.Wait() // neither has committed yet
				if !res.Linked {
					t.Errorf("%s: refused: the race did not happen, so the test with the guard proves nothing", p.Email)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}
