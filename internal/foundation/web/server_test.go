package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

const see access.Permission = "things.see"

var (
	someone     = storage.ID{1}
	coordinator = storage.ID{2}
)

// door is a server over a few routes; the header X-Test-Person says who asks.
type door struct {
	http.Handler
	log   *bytes.Buffer
	clock time.Time
}

func newDoor(t *testing.T, routes ...web.Route) *door {
	t.Helper()
	texts, err := i18n.Load(web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	d := &door{log: &bytes.Buffer{}, clock: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	d.Handler, err = web.NewServer(web.Options{
		Routes: routes, Catalogue: texts, ErrorPage: kit.ErrorPage, Secure: true,
		Secret: bytes.Repeat([]byte("k"), 32),
		Log:    slog.New(slog.NewTextHandler(d.log, nil)),
		Clock:  func() time.Time { return d.clock },
		Site: func(context.Context) (*web.Site, error) {
			return &web.Site{Programme: i18n.Text{Ky: "Программа", Ru: "Программа", En: "Programme"}, PublicURL: "https://ashar.example", SignIn: "/sign-in"}, nil
		},
		Identify: func(req *http.Request) (access.Actor, error) {
			a := access.Actor{Table: access.Table{see: {access.Coordinator}}}
			switch req.Header.Get("X-Test-Person") {
			case "someone":
				a.Person, a.Session = someone, storage.ID{11}
			case "coordinator":
				a.Person, a.Session = coordinator, storage.ID{12}
				a.Grants = []access.Grant{{Role: access.Coordinator}}
			case "applied":
				a.Session, a.Origin, a.Application = storage.ID{13}, access.OfApplication, storage.ID{99}
			case "fresh":
				a.Person, a.Session, a.Proven = someone, storage.ID{14}, d.clock
			case "aged":
				a.Person, a.Session, a.Proven = someone, storage.ID{15}, d.clock.Add(-web.FreshFor-time.Second)
			case "broken":
				return a, errors.New("the database is gone")
			}
			return a, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func text(s string) web.Handler {
	return func(r *web.Request) error {
		return r.Page(http.StatusOK, templ.Raw("<p lang="+string(r.Lang)+">"+s+" "+r.PathValue("slug")+"</p>"))
	}
}

func (d *door) ask(method, target, body string, head ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, req)
	return w
}

func routes() []web.Route {
	fail := func(err error) web.Handler { return func(*web.Request) error { return err } }
	return []web.Route{
		{Method: "GET", Pattern: "/", Needs: access.Public, Handler: text("home")},
		{Method: "GET", Pattern: "/events", Needs: access.Public, Handler: text("events")},
		{Method: "GET", Pattern: "/events/{slug}", Needs: access.Public, Handler: text("event")},
		{Method: "GET", Pattern: "/events/{slug}.ics", Needs: access.Public, Raw: true, Handler: func(r *web.Request) error {
			r.W.Header().Set("Content-Type", "text/calendar")
			_, err := io.WriteString(r.W, "calendar of "+r.PathValue("slug"))
			return err
		}},
		{Method: "GET", Pattern: "/mine", Needs: access.SignedIn, Handler: text("mine")},
		{Method: "POST", Pattern: "/mine", Needs: access.SignedIn, Handler: func(r *web.Request) error {
			r.SetFlash("good", "web.seats.taken", "count", 5)
			return r.Redirect("/mine")
		}},
		{Method: "GET", Pattern: "/flash", Needs: access.Public, Handler: func(r *web.Request) error {
			return r.Page(200, kit.Page(r, kit.Meta{Title: "flash"}))
		}},
		{Method: "GET", Pattern: "/staff", Needs: see, Handler: text("staff")},
		{Method: "POST", Pattern: "/echo", Needs: access.Public, Handler: func(r *web.Request) error {
			return r.Page(200, templ.Raw("name="+templ.EscapeString(r.PostFormValue("name"))))
		}},
		{Method: "GET", Pattern: "/asks", Needs: access.Public, Handler: func(r *web.Request) error {
			return r.Page(200, templ.Raw("a="+templ.EscapeString(r.URL.Query().Get("a"))))
		}},
		{Method: "POST", Pattern: "/danger", Needs: access.SignedIn, Danger: true, Handler: text("done")},
		{Method: "GET", Pattern: "/token", Needs: access.SignedIn, Handler: func(r *web.Request) error { return r.Page(200, templ.Raw(r.Token)) }},
		{Method: "POST", Pattern: "/code", Needs: access.Public, Rate: web.Rate{Count: 3, Per: time.Minute}, Handler: text("sent")},
		{Method: "GET", Pattern: "/fails/conflict", Needs: access.Public, Handler: fail(fault.New(fault.Conflict, "fault.conflict"))},
		{Method: "GET", Pattern: "/fails/gone", Needs: access.Public, Handler: fail(fault.New(fault.Gone, "fault.not_found"))},
		{Method: "GET", Pattern: "/fails/down", Needs: access.Public, Handler: fail(fault.New(fault.Unavailable, "fault.internal"))},
		{Method: "GET", Pattern: "/fails/internal", Needs: access.Public, Handler: fail(errors.New("disk of Aigul is full"))},
		{Method: "POST", Pattern: "/fails/late", Needs: access.Public, Handler: fail(fmt.Errorf("write: %w", context.DeadlineExceeded))},
		{Method: "GET", Pattern: "/fails/late", Needs: access.Public, Handler: fail(fmt.Errorf("note who looked: %w", context.DeadlineExceeded))},
		{Method: "GET", Pattern: "/fails/panic", Needs: access.Public, Handler: func(*web.Request) error { panic("oh") }},
		{Method: "POST", Pattern: "/api/v1/things", Needs: access.Public, Raw: true, Handler: func(r *web.Request) error {
			if _, err := io.ReadAll(r.Body); err != nil {
				return err
			}
			var form fault.Form
			form.Add("name", "fault.required")
			return form.Err()
		}},
	}
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	d := newDoor(t, routes()...)
	big := "name=" + strings.Repeat("a", 2<<20)
	for _, c := range []struct {
		name, method, path, body string
		head                     []string
		status                   int
		location                 string
		has, lacks               string
	}{
		{name: "a page in a language", method: "GET", path: "/ru/events", status: 200, has: "lang=ru"},
		{name: "home", method: "GET", path: "/ky", status: 200, has: "home"},
		{name: "a page without a language goes to the browser's", method: "GET", path: "/events?city=osh", head: []string{"Accept-Language", "ru-RU,ru"}, status: 302, location: "/ru/events?city=osh"},
		{name: "home without a language", method: "GET", path: "/", status: 302, location: "/ky"},
		{name: "a remembered language wins", method: "GET", path: "/events", head: []string{"Accept-Language", "ru", "Cookie", "__Host-lang=en"}, status: 302, location: "/en/events"},
		{name: "a slash at the end is dropped", method: "GET", path: "/ky/events/", status: 308, location: "/ky/events"},
		{name: "a page beside a feed of the same name", method: "GET", path: "/events/naryn", status: 302, location: "/ky/events/naryn"},
		{name: "the feed", method: "GET", path: "/events/naryn.ics", status: 200, has: "calendar of naryn"},
		{name: "the page of one event", method: "GET", path: "/ky/events/naryn", status: 200, has: "event naryn"},
		{name: "no such page", method: "GET", path: "/en/nothing", status: 404, has: "There is no such page"},
		{name: "no such page, no language", method: "GET", path: "/nothing", head: []string{"Accept-Language", "ru"}, status: 404, has: "Такой страницы нет"},
		{name: "another language is no language", method: "GET", path: "/de/events", status: 404},
		{name: "a control character in the address", method: "GET", path: "/ky/events/a%00b", status: 404},
		{name: "wrong method", method: "POST", path: "/en/events", status: 405, has: "cannot be done"},
		{name: "wrong method of the API", method: "GET", path: "/api/v1/things", status: 405, has: `"status":405`},
		{name: "no such API", method: "GET", path: "/api/v1/nothing", status: 404, has: `"status":404`},
		{name: "a stranger is led to sign in and back", method: "GET", path: "/ky/mine?a=1", status: 303, location: "/ky/sign-in?back=%2Fky%2Fmine%3Fa%3D1"},
		{name: "a stranger may not post", method: "POST", path: "/en/mine", body: "a=1", status: 401, has: "Sign in first"},
		{name: "who is signed in sees hers", method: "GET", path: "/ky/mine", head: []string{"X-Test-Person", "someone"}, status: 200, has: "mine"},
		{name: "a person without the role", method: "GET", path: "/ru/staff", head: []string{"X-Test-Person", "someone"}, status: 403, has: "недоступна", lacks: "staff "},
		{name: "a person with the role", method: "GET", path: "/ru/staff", head: []string{"X-Test-Person", "coordinator"}, status: 200, has: "staff"},
		{name: "conflict", method: "GET", path: "/en/fails/conflict", status: 409, has: "Something has changed"},
		{name: "gone", method: "GET", path: "/ky/fails/gone", status: 410, has: "мөөнөтү бүткөн"},
		{name: "unavailable", method: "GET", path: "/en/fails/down", status: 503},
		{name: "an internal error shows its number only", method: "GET", path: "/en/fails/internal", status: 500, has: "Error number", lacks: "Aigul"},
		{name: "a change that took too long", method: "POST", path: "/en/fails/late", body: "name=a", status: 503, has: "send it again", lacks: "deadline"},
		{name: "a page whose note of who looked took too long", method: "GET", path: "/en/fails/late", status: 503, has: "Try again in a few minutes", lacks: "you sent"},
		{name: "a panic is an incident", method: "GET", path: "/en/fails/panic", status: 500, has: "Error number"},
		{name: "who asks cannot be found out", method: "GET", path: "/en/events", head: []string{"X-Test-Person", "broken"}, status: 500, lacks: "database"},
		{name: "from another site", method: "POST", path: "/en/echo", body: "name=a", head: []string{"Sec-Fetch-Site", "cross-site"}, status: 403, has: "another site"},
		{name: "text is cleaned", method: "POST", path: "/en/echo", body: "name=%D0%B8%CC%86%0D%0Ab", status: 200, has: "name=й\nb"},
		{name: "what nobody sees", method: "POST", path: "/en/echo", body: "name=a%00%C2%AD%E2%80%8Eb%E2%80%A8c", status: 200, has: "name=ab\nc"},
		{name: "a word turned around", method: "POST", path: "/ky/echo", body: "name=Кел+a%E2%80%AEb", status: 422, has: "«ab» деген сөздө тамгалардын ирээтин өзгөрткөн көрүнбөгөн белги бар: U+202E"},
		{name: "a word between marks of direction", method: "POST", path: "/en/echo", body: "name=%E2%80%AAab%E2%80%AC", status: 200, has: "name=ab"},
		{name: "a control character in a name", method: "POST", path: "/en/echo", body: "na%00me=a", status: 422, has: "invisible characters"},
		{name: "no UTF-8", method: "POST", path: "/en/echo", body: "name=a%FFb", status: 422, has: "damaged"},
		{name: "a broken form", method: "POST", path: "/en/echo", body: "name=%zz", status: 400},
		{name: "a broken query", method: "GET", path: "/en/events?a=%zz", status: 400},
		{name: "what nobody sees in the query", method: "GET", path: "/en/asks?a=%00x%C2%ADy", status: 200, has: "a=xy"},
		{name: "a word turned around in the query", method: "GET", path: "/en/asks?a=x%E2%80%AEy", status: 200, has: "a=xy"},
		{name: "a word turned around in the query of a form", method: "POST", path: "/ky/echo?name=x%E2%80%AEy", body: "a=1", status: 422, has: "U+202E"},
		{name: "a query that is no UTF-8", method: "GET", path: "/en/asks?a=x%FFy", status: 200, has: "a=x\ufffdy"},
		{name: "a hidden character in a name of the query", method: "GET", path: "/en/asks?%00=1&a=x&b%E2%80%AE=1", status: 200, has: "a=x"},
		{name: "a query that is too long", method: "GET", path: "/en/asks?a=" + strings.Repeat("x", 64<<10+1), status: 422, has: "Please check"},
		{name: "a word turned around in the address", method: "GET", path: "/ru/ev%E2%80%AEents", head: []string{"Accept-Language", "en"}, status: 404, has: "Такой страницы нет"},
		{name: "no UTF-8 in the address", method: "GET", path: "/en/events/%FF", status: 404, has: "There is no such page"},
		{name: "what nobody sees in the address", method: "GET", path: "/en/ev%E2%80%8Bents", status: 404, has: "There is no such page"},
		{name: "a body too large", method: "POST", path: "/en/echo", body: big, status: 413, has: "at most 1 MB"},
		{name: "a body that is no form", method: "POST", path: "/en/echo", body: "{}", head: []string{"Content-Type", "application/json"}, status: 415},
		{name: "a danger without a token", method: "POST", path: "/en/danger", body: "a=1", head: []string{"X-Test-Person", "someone"}, status: 403, has: "form is too old", lacks: "done"},
		{name: "a problem document", method: "POST", path: "/api/v1/things", body: "{}", head: []string{"Content-Type", "application/json", "Accept-Language", "en"}, status: 422, has: `"errors":[{"field":"name","code":"fault.required","detail":"Fill in this field"}]`},
		{name: "the icon", method: "GET", path: "/icon.svg", status: 200, has: "<svg"},
		{name: "leaving", method: "GET", path: "/leave?to=ru", status: 303, location: "https://ru.wikipedia.org/"},
		{name: "leaving leads nowhere else", method: "GET", path: "/leave?to=evil.example/", status: 303, location: "https://ky.wikipedia.org/"},
	} {
		w := d.ask(c.method, c.path, c.body, c.head...)
		body := w.Body.String()
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d\n%s", c.name, w.Code, c.status, body)
		}
		if w.Header().Get("Location") != c.location {
			t.Errorf("%s: leads to %q, want %q", c.name, w.Header().Get("Location"), c.location)
		}
		if !strings.Contains(body, c.has) {
			t.Errorf("%s: %q is not in\n%s", c.name, c.has, body)
		}
		if c.lacks != "" && strings.Contains(body, c.lacks) {
			t.Errorf("%s: %q is in\n%s", c.name, c.lacks, body)
		}
		if w.Header().Get("Content-Security-Policy") == "" || w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: the security headers are missing", c.name)
		}
		if c.status == 405 && w.Header().Get("Allow") == "" {
			t.Errorf("%s: no Allow", c.name)
		}
	}
	for _, secret := range []string{"city=osh", "a=1", "192.0.2.1", "%00", "name="} {
		if strings.Contains(d.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	for _, kept := range []string{"disk of Aigul is full", "route=/events/{slug}.ics", "status=410"} {
		if !strings.Contains(d.log.String(), kept) {
			t.Errorf("the log lacks %q", kept)
		}
	}
}

func TestLeavingForgetsAllButWhatAPhonesUnsentScansNeed(t *testing.T) {
	t.Parallel()
	d := newDoor(t, routes()...)
	cookies := "__Host-ashar_door=a; __Host-ashar-session=b; ashar_door=c; ashar-draft=d; lang=ky"
	for _, c := range []struct{ path, site, clears, ends string }{
		{"/leave?to=ru", "same-origin", `"cache", "cookies", "storage"`, "__Host-ashar_door __Host-ashar-session ashar_door ashar-draft lang"},
		{"/leave?to=ru&keep=", "none", `"cache", "cookies", "storage"`, "__Host-ashar_door __Host-ashar-session ashar_door ashar-draft lang"},
		{"/leave?to=ru&keep=storage", "same-origin", `"cache"`, "__Host-ashar-session ashar-draft lang"},
		{"/leave?to=ru&keep=storage", "cross-site", "", ""},
		{"/leave?to=ru", "same-site", "", ""},
	} {
		res := d.ask("GET", c.path, "", "Cookie", cookies, "Sec-Fetch-Site", c.site).Result()
		var ends []string
		for _, gone := range res.Cookies() {
			if gone.MaxAge >= 0 || gone.Path != "/" || gone.Secure != strings.HasPrefix(gone.Name, "__Host-") {
				t.Errorf("%s: %s ends nothing", c.path, gone)
			}
			ends = append(ends, gone.Name)
		}
		if got := res.Header.Get("Clear-Site-Data"); got != c.clears || strings.Join(ends, " ") != c.ends {
			t.Errorf("%s from %s clears %s and ends %v", c.path, c.site, got, ends)
		}
	}
}

func TestEveryErrorHasItsPageInThreeLanguages(t *testing.T) {
	t.Parallel()
	texts, err := i18n.Load(web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range i18n.Languages {
		for _, status := range web.ErrorStatuses {
			say := texts.Printer(l)
			r := &web.Request{Request: httptest.NewRequest("GET", "/x", nil), Lang: l, Say: say}
			var b strings.Builder
			if err := kit.ErrorPage(r, web.Trouble{Status: status, Incident: "0123"}).Render(t.Context(), &b); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(b.String(), "[web.") {
				t.Errorf("%s %d: a text is missing", l, status)
			}
		}
	}
}

func TestPagesOfSignedInPeopleAreKeptNowhere(t *testing.T) {
	t.Parallel()
	d := newDoor(t, routes()...)
	if got := d.ask("GET", "/ky/events", "", "X-Test-Person", "someone").Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("signed in: %q", got)
	}
	if got := d.ask("GET", "/ky/events", "").Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("a stranger: %q", got)
	}
}

func TestTheSessionOfAnApplicationOpensItsPageAndNoPersonsPage(t *testing.T) {
	d := newDoor(t, append(routes(), web.Route{Method: "GET", Pattern: "/applied", Needs: access.Applied, Handler: text("applied")})...)
	for who, want := range map[string][3]int{"applied": {200, 303, 303}, "someone": {200, 200, 403}, "coordinator": {200, 200, 200}, "": {303, 303, 303}} {
		for i, path := range []string{"/en/applied", "/en/mine", "/en/staff"} {
			if w := d.ask("GET", path, "", "X-Test-Person", who); w.Code != want[i] {
				t.Errorf("%q at %s: %d, want %d", who, path, w.Code, want[i])
			}
		}
	}
	if w := d.ask("GET", "/en/events", "", "X-Test-Person", "applied"); w.Header().Get("Cache-Control") != "no-store" {
		t.Error("the browser of an application keeps pages")
	}
}

func TestWhatAsksForAFreshSignInLeadsAnAgedSessionToOneAndBack(t *testing.T) {
	done := 0
	grave := func(r *web.Request) error { done++; return r.Page(200, templ.Raw("done")) }
	d := newDoor(t,
		web.Route{Method: "GET", Pattern: "/people/{id}", Needs: access.SignedIn, Handler: text("page")},
		web.Route{Method: "POST", Pattern: "/people/{id}/roles", Needs: access.SignedIn, Handler: grave, Fresh: "/people/{id}"},
		web.Route{Method: "POST", Pattern: "/raw", Needs: access.SignedIn, Handler: grave, Fresh: "/me", Raw: true})
	same := []string{"Sec-Fetch-Site", "same-origin", "X-Test-Person"}
	if w := d.ask("POST", "/en/people/7/roles", "x=1", append(same, "aged")...); w.Code != 303 || w.Header().Get("Location") != "/en/sign-in?anew=1&back=%2Fen%2Fpeople%2F7" {
		t.Errorf("aged: %d %s", w.Code, w.Header().Get("Location"))
	}
	if w := d.ask("POST", "/raw", "x=1", append(same, "aged")...); w.Code != 403 {
		t.Errorf("aged, not a page: %d", w.Code)
	}
	if done != 0 {
		t.Fatal("it was done")
	}
	for _, path := range []string{"/en/people/7/roles", "/raw"} {
		if w := d.ask("POST", path, "x=1", append(same, "fresh")...); w.Code != 200 {
			t.Errorf("fresh at %s: %d", path, w.Code)
		}
	}
	if w := d.ask("GET", "/en/people/7", "", "X-Test-Person", "aged"); w.Code != 200 {
		t.Errorf("looking: %d", w.Code)
	}
}

func TestTheLanguageIsRememberedOnlyWhenItWasChosen(t *testing.T) {
	t.Parallel()
	d := newDoor(t, routes()...)
	if got := d.ask("GET", "/ru/events", "", "Accept-Language", "ru").Header().Get("Set-Cookie"); got != "" {
		t.Errorf("the browser's own language left a cookie: %s", got)
	}
	if got := d.ask("GET", "/en/events", "", "Accept-Language", "ru").Header().Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-lang=en;") || !strings.Contains(got, "Secure") {
		t.Errorf("the chosen language left %q", got)
	}
}

func TestADangerousActionNeedsTheTokenOfItsOwnSession(t *testing.T) {
	t.Parallel()
	d := newDoor(t, routes()...)
	mine := d.ask("GET", "/en/token", "", "X-Test-Person", "someone").Body.String()
	foreign := d.ask("GET", "/en/token", "", "X-Test-Person", "coordinator").Body.String()
	post := func(token string) int {
		return d.ask("POST", "/en/danger", url.Values{web.TokenField: {token}}.Encode(), "X-Test-Person", "someone").Code
	}
	if got := post(mine); got != 200 {
		t.Errorf("own token: %d", got)
	}
	if got := post(foreign); got != 403 {
		t.Errorf("foreign token: %d", got)
	}
	if got := post(mine[:len(mine)-2] + "AA"); got != 403 {
		t.Errorf("changed token: %d", got)
	}
	d.clock = d.clock.Add(13 * time.Hour)
	if got := post(mine); got != 403 {
		t.Errorf("old token: %d", got)
	}
}

func TestAMessageOutlivesOneRedirectAndIsShownOnce(t *testing.T) {
	t.Parallel()
	d := newDoor(t, routes()...)
	w := d.ask("POST", "/ru/mine", "a=1", "X-Test-Person", "someone")
	if w.Code != 303 || w.Header().Get("Location") != "/ru/mine" {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	cookie, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
	page := d.ask("GET", "/ru/flash", "", "Cookie", cookie, "Accept-Language", "ru")
	if !strings.Contains(page.Body.String(), "Занято 5 мест") {
		t.Errorf("the message is not shown:\n%s", page.Body)
	}
	if !strings.Contains(page.Header().Get("Set-Cookie"), "flash=;") {
		t.Error("the message is not taken away")
	}
	forged := d.ask("GET", "/ru/flash", "", "Cookie", cookie+"x", "Accept-Language", "ru")
	if strings.Contains(forged.Body.String(), "Занято") {
		t.Error("a forged message is shown")
	}
}

func TestTooManyAttemptsAreTurnedAwayAndComeBackWithTime(t *testing.T) {
	t.Parallel()
	d := newDoor(t, routes()...)
	try := func(head ...string) int { return d.ask("POST", "/en/code", "a=1", head...).Code }
	for range 3 {
		if got := try(); got != 200 {
			t.Fatalf("within the rate: %d", got)
		}
	}
	w := d.ask("POST", "/en/code", "a=1")
	if w.Code != 429 || w.Header().Get("Retry-After") != "20" {
		t.Errorf("beyond the rate: %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	if got := try("X-Test-Person", "someone"); got != 200 {
		t.Errorf("a person behind the same address: %d", got)
	}
	d.clock = d.clock.Add(20 * time.Second)
	if got := try(); got != 200 {
		t.Errorf("after waiting: %d", got)
	}
}

func TestAnAddressHasAnotherPseudonymTomorrow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 23, 59, 0, 0, time.UTC)
	l := web.NewLimiter(bytes.Repeat([]byte("k"), 32), func() time.Time { return now })
	req := httptest.NewRequest("GET", "/", nil)
	today := l.Client(req, nil)
	if strings.Contains(today, "192") || today != l.Client(req, nil) {
		t.Errorf("the pseudonym is %q", today)
	}
	now = now.Add(2 * time.Minute)
	if l.Client(req, nil) == today {
		t.Error("it is the same the next day")
	}
}

func TestAVisitorIsToldApartBehindProxiesOfOursOnly(t *testing.T) {
	t.Parallel()
	l := web.NewLimiter(bytes.Repeat([]byte("k"), 32), time.Now)
	lan := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	client := func(from, forwarded string, proxies []netip.Prefix) string {
		req := httptest.NewRequest("GET", "/", nil)
		req.RemoteAddr = from
		if forwarded != "" {
			req.Header.Set("X-Forwarded-For", forwarded)
		}
		return l.Client(req, proxies)
	}
	visitor := client("198.51.100.7:1", "", nil)
	for _, c := range []struct {
		name, from, forwarded string
		proxies               []netip.Prefix
		visitor               bool
	}{
		{"a proxy on this machine", "127.0.0.1:1", "198.51.100.7", nil, true},
		{"what the visitor wrote herself counts nothing", "127.0.0.1:1", "203.0.113.9, 198.51.100.7", nil, true},
		{"a proxy that nobody named", "10.1.2.3:1", "198.51.100.7", nil, false},
		{"a proxy that was named", "10.1.2.3:1", "198.51.100.7", lan, true},
		{"two proxies", "[::1]:1", "198.51.100.7, 10.1.2.3", lan, true},
		{"a proxy by an IPv6 address", "[fd00::5]:1", "198.51.100.7", lan, true},
		{"a visitor who says to be a proxy", "198.51.100.7:1", "10.1.2.3", lan, true},
		{"a proxy that writes nonsense", "10.1.2.3:1", "unknown", lan, false},
	} {
		if got := client(c.from, c.forwarded, c.proxies) == visitor; got != c.visitor {
			t.Errorf("%s: taken for the visitor: %v", c.name, got)
		}
	}
}

func TestOnlyPathsOfThisSiteAreLedTo(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/ky/mine": "/ky/mine", "/ky/events?city=osh": "/ky/events?city=osh", "/ky/mine#part": "/ky/mine",
		"//evil.example": "", "/\\evil.example": "", "https://evil.example": "", "evil": "", "": "", "/ky\n/x": "", "/%5cevil.example": "", "/%0aSet-Cookie": "", "javascript:alert(1)": "", "/%2F/evil.example": "",
	} {
		got, ok := web.LocalPath(in)
		if got != want || ok != (want != "") {
			t.Errorf("LocalPath(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestTextIsCompressedAndFilesAreKept(t *testing.T) {
	t.Parallel()
	d := newDoor(t, routes()...)
	w := d.ask("GET", "/ky/events", "", "Accept-Encoding", "gzip")
	if w.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(w.Header().Values("Vary"), ", "), "Accept-Encoding") {
		t.Fatalf("headers %v", w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(z); err != nil || !strings.Contains(string(plain), "events") {
		t.Errorf("%q, %v", plain, err)
	}
	if w := d.ask("GET", "/ky/events", "", "Accept-Encoding", "gzip;q=0, br"); w.Header().Get("Content-Encoding") != "" {
		t.Error("compressed for who refuses it")
	}
	page := d.ask("GET", "/ky/flash", "").Body.String()
	_, after, _ := strings.Cut(page, `<link rel="stylesheet" href="`)
	sheet, _, _ := strings.Cut(after, `"`)
	w = d.ask("GET", sheet, "")
	if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Fatalf("%s: %d %s", sheet, w.Code, w.Header().Get("Cache-Control"))
	}
	if w := d.ask("GET", sheet, "", "If-None-Match", w.Header().Get("ETag")); w.Code != 304 {
		t.Errorf("a kept file: %d", w.Code)
	}
}

func TestAPageSeenBeforeCostsAStrangerNothing(t *testing.T) {
	t.Parallel()
	d := newDoor(t, routes()...)
	tag := d.ask("GET", "/ky/events", "").Header().Get("ETag")
	if w := d.ask("GET", "/ky/events", "", "If-None-Match", tag); tag == "" || w.Code != 304 || w.Body.Len() > 0 {
		t.Errorf("%q: %d, %d bytes", tag, w.Code, w.Body.Len())
	}
	if w := d.ask("GET", "/ru/events", "", "If-None-Match", tag); w.Code != 200 {
		t.Errorf("another page: %d", w.Code)
	}
	if w := d.ask("GET", "/ky/events", "", "If-None-Match", tag, "X-Test-Person", "someone"); w.Code != 200 || w.Header().Get("ETag") != "" {
		t.Errorf("who is signed in: %d", w.Code)
	}
}

func TestAPageThatBreaksWhileItIsDrawnIsAnErrorPage(t *testing.T) {
	t.Parallel()
	d := newDoor(t, web.Route{Method: "GET", Pattern: "/half", Needs: access.Public, Handler: func(r *web.Request) error {
		return r.Page(200, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
			_, _ = io.WriteString(w, "half of a secret")
			return errors.New("broken")
		}))
	}})
	if w := d.ask("GET", "/en/half", ""); w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/ky/mine", "//evil.example", "/\\evil", "/%2f%2fevil", "/..//evil.example", "https:/evil", "/ky?x=//evil"} {
		f.Add(s)
	}
	base, err := url.Parse("https://ashar.example/ky/sign-in")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		path, ok := web.LocalPath(s)
		if !ok {
			return
		}
		u, err := base.Parse(path)
		if err != nil || u.Host != "ashar.example" || u.Scheme != "https" || strings.HasPrefix(path, "//") {
			t.Fatalf("LocalPath(%q) = %q leads to %v", s, path, u)
		}
	})
}

func BenchmarkPublicPage(b *testing.B) {
	texts, err := i18n.Load(web.Texts())
	if err != nil {
		b.Fatal(err)
	}
	site := &web.Site{Programme: i18n.Text{Ky: "Программа"}, PublicURL: "https://ashar.example"}
	door, err := web.NewServer(web.Options{
		Routes: []web.Route{{Method: "GET", Pattern: "/", Needs: access.Public, Handler: func(r *web.Request) error {
			return r.Page(200, kit.Page(r, kit.Meta{Title: "x"}))
		}}},
		Catalogue: texts, Secret: make([]byte, 32),
		Site: func(context.Context) (*web.Site, error) { return site, nil },
	})
	if err != nil {
		b.Fatal(err)
	}
	req := httptest.NewRequest("GET", "/ky", nil)
	req.Header.Set("Accept-Encoding", "gzip")
	b.ReportAllocs()
	for b.Loop() {
		door.ServeHTTP(httptest.NewRecorder(), req)
	}
}

func TestARouteThatSaysNothingOrContradictsIsRefused(t *testing.T) {
	t.Parallel()
	texts, err := i18n.Load(web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	for name, list := range map[string][]web.Route{
		"no permission": {{Method: "GET", Pattern: "/a", Handler: text("a")}},
		"no handler":    {{Method: "GET", Pattern: "/a", Needs: access.Public}},
		"twice":         {{Method: "GET", Pattern: "/a", Needs: access.Public, Handler: text("a")}, {Method: "GET", Pattern: "/a", Needs: access.Public, Handler: text("b")}},
		"twice with variables": {
			{Method: "GET", Pattern: "/a/{x}", Needs: access.Public, Handler: text("a")},
			{Method: "GET", Pattern: "/a/{y}", Needs: access.Public, Handler: text("b")},
		},
	} {
		if _, err := web.NewServer(web.Options{Routes: list, Catalogue: texts, Secret: make([]byte, 32)}); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestEventsAreSentAtOnceAndPlain(t *testing.T) {
	t.Parallel()
	d := newDoor(t, web.Route{Method: "GET", Pattern: "/live/{topic}", Needs: access.Public, Raw: true, Handler: func(r *web.Request) error {
		r.W.Header().Set("Content-Type", "text/event-stream")
		if _, err := io.WriteString(r.W, "data: "+r.PathValue("topic")+"\n\n"); err != nil {
			return err
		}
		return http.NewResponseController(r.W).Flush()
	}})
	w := d.ask("GET", "/live/seats", "", "Accept-Encoding", "gzip")
	if w.Header().Get("Content-Encoding") != "" || !w.Flushed || w.Body.String() != "data: seats\n\n" {
		t.Errorf("%v %v %q", w.Header(), w.Flushed, w.Body)
	}
}

// TestAPageOfRefusalGivesOneReason: what the use case says, or what its status says.
func TestAPageOfRefusalGivesOneReason(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault *fault.Error
		own   bool
	}{
		{nil, false},
		{fault.New(fault.Forbidden, "fault.forbidden"), false},
		{fault.New(fault.NotFound, "fault.not_found"), false},
		{fault.New(fault.Forbidden, "seminars.fault.by_name"), true},
		{fault.New(fault.Limited, "fault.limited", fault.Args{"seconds": 5}), true},
		{fault.At("name", "fault.required"), true},
	} {
		if got := (web.Trouble{Status: 403, Fault: c.fault}).Reason(); (got != nil) != c.own {
			t.Errorf("%v: reason %v", c.fault, got)
		}
	}
}

// A page that is not there keeps the ways of who asked: she is not shown the way in.
func TestAPageThatIsNotThereKnowsWhoAsks(t *testing.T) {
	d := newDoor(t, routes()...)
	const wayIn = `href="/en/sign-in"`
	for _, c := range []struct {
		who, cookie string
		stranger    bool
	}{{"someone", "session=x", false}, {"coordinator", "session=x", false}, {"", "session=x", true}, {"", "", true}, {"broken", "session=x", true}} {
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			head := []string{"X-Test-Person", c.who}
			if c.cookie != "" {
				head = append(head, "Cookie", c.cookie)
			}
			path, want := "/en/nowhere", http.StatusNotFound
			if method == http.MethodDelete {
				path, want = "/en/events", http.StatusMethodNotAllowed
			}
			w := d.ask(method, path, "", head...)
			if w.Code != want || strings.Contains(w.Body.String(), wayIn) != c.stranger {
				t.Errorf("%s as %q: %d, the way in is shown: %v", method, c.who, w.Code, !c.stranger)
			}
		}
	}
}
