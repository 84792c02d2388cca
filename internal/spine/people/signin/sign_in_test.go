package signin_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

func TestCookiesAreOfThisSiteAloneWhereItSpeaksHTTPSAndGoWithTheSignOut(t *testing.T) {
	t.Parallel()
	clock := storagetest.NewClock(peopletest.Morning)
	h := peopletest.OpenWith(t, storagetest.Open(t, clock.Option()), people.Options{PublicURL: "https://ashar.example"})
	peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	// A client keeps Secure cookies only from HTTPS: this one is told what it keeps.
	kept := map[string]string{"ashar-lang": "ky", "ashar-draft-1": "half a form"}
	ask := func(method, path string, form url.Values) *http.Response {
		req := httptest.NewRequestWithContext(t.Context(), method, h.URL+path, strings.NewReader(form.Encode()))
		req.RequestURI = ""
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for name, value := range kept {
			req.AddCookie(&http.Cookie{Name: name, Value: value})
		}
		res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		for _, c := range res.Cookies() {
			if strings.Contains(c.Name, "flash") || c.Name == "lang" {
				continue
			}
			if c.MaxAge < 0 {
				delete(kept, c.Name)
			} else {
				kept[c.Name] = c.Value
			}
			if strings.HasPrefix(c.Name, "__Host-") && (!c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode) {
				t.Errorf("%s %s: %s", method, path, c)
			}
		}
		return res
	}
	ask(http.MethodPost, "/ky/sign-in", url.Values{"address": {"a@mail.kg"}, "back": {"/ky/me"}})
	h.Work(t)
	ask(http.MethodPost, "/ky/sign-in/code", url.Values{"code": {h.Sent.Codes[0].Code}})
	for _, name := range []string{"__Host-ashar-sign-in", "__Host-ashar-session"} {
		if kept[name] == "" {
			t.Errorf("there is no cookie %s: %v", name, kept)
		}
	}
	if res := ask(http.MethodGet, "/ky/me", nil); res.StatusCode != http.StatusOK {
		t.Fatalf("not in: %d", res.StatusCode)
	}
	session := kept["__Host-ashar-session"]
	// A phone of a door with scans that could not be sent keeps them and its secret, and nothing else.
	kept["__Host-ashar_door"], kept["__Host-ashar-lang"] = "secret", "ky"
	if got := ask(http.MethodPost, "/ky/sign-out?keep=storage", url.Values{}).Header.Get("Clear-Site-Data"); got != `"cache"` {
		t.Errorf("with scans it clears %s", got)
	}
	if len(kept) != 1 || kept["__Host-ashar_door"] != "secret" {
		t.Errorf("with scans these cookies are left: %v", kept)
	}
	kept["__Host-ashar-session"] = session
	res := ask(http.MethodPost, "/ky/sign-out", url.Values{})
	if got := res.Header.Get("Clear-Site-Data"); res.StatusCode != http.StatusSeeOther || got != `"cache", "cookies", "storage"` {
		t.Errorf("%d, clears %s", res.StatusCode, got)
	}
	for name := range kept {
		if strings.Contains(name, "ashar") && name != "ashar-lang" {
			t.Errorf("the cookie %s stays", name)
		}
	}
	kept["__Host-ashar-session"] = session // kept by a thief
	if res := ask(http.MethodGet, "/ky/me", nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the session goes on: %d", res.StatusCode)
	}
	// And one that another site of the domain could have set counts for nothing.
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(h.URL)
	if err != nil {
		t.Fatal(err)
	}
	var token string
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := h.People.WithContact(ctx, tx, people.EmailContact, "a@mail.kg")
		if err != nil {
			return err
		}
		token, err = h.People.StartSession(ctx, tx, list[0].ID, access.OfProof)
		return err
	})
	jar.SetCookies(u, []*http.Cookie{{Name: "ashar-session", Value: token, Path: "/"}})
	v := &peopletest.Visitor{T: t, HTTP: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, URL: h.URL}
	if status, _ := v.Get("/ky/me"); status == http.StatusOK {
		t.Error("a cookie without the prefix signs in")
	}
}

func TestASessionLeftOpenCarriesNothingAwayBeforeANewSignIn(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	v := h.Visitor(t)
	signIn := func() string {
		v.Post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"asan@mail.kg"}, "back": {"/ky/me"}})
		h.Work(t)
		_, to := v.Post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {h.Sent.Codes[len(h.Sent.Codes)-1].Code}})
		return to
	}
	signIn()
	if status, body := v.Post("/ky/me", "/ky/me/export", url.Values{"format": {"json"}}); status != http.StatusOK || !strings.Contains(body, "Асан") {
		t.Fatalf("fresh: %d", status)
	}
	h.Clock.Pass(web.FreshFor + time.Second)
	status, to := v.Post("/ky/me", "/ky/me/export", url.Values{"format": {"json"}})
	if status != http.StatusSeeOther || to != "/ky/sign-in?anew=1&back=%2Fky%2Fme" {
		t.Fatalf("an old sign-in: %d %s", status, to)
	}
	if status, page := v.Get(to); status != http.StatusOK || !strings.Contains(page, `value="/ky/me"`) || !strings.Contains(page, "ырастаңыз") {
		t.Errorf("the page does not say why: %d", status)
	}
	if status, _ := v.Get("/ky/me"); status != http.StatusOK {
		t.Errorf("looking is still allowed: %d", status)
	}
	if to := signIn(); to != "/ky/me" {
		t.Errorf("led to %s", to)
	}
	if status, _ := v.Post("/ky/me", "/ky/me/export", url.Values{"format": {"json"}}); status != http.StatusOK {
		t.Errorf("after signing in anew: %d", status)
	}
}

func TestSigningInAndFailingToIsShownToThePerson(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	v := h.Visitor(t)
	v.Post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"asan@mail.kg"}})
	h.Work(t)
	code := h.Sent.Codes[0].Code
	v.Post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {peopletest.Wrong(code)}})
	h.Work(t)
	h.Clock.Pass(time.Second)
	v.Post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {code}})
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
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
	if _, page := v.Get("/ky/me"); !strings.Contains(page, "Кирүү коду туура эмес жазылды") {
		t.Error("her page does not show it")
	}
}
