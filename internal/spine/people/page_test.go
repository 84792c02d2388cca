package people_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// house is the room of people behind the real door.
type house struct {
	store *storage.Store
	svc   *people.Service
	url   string
	sent  *pocket
	clock *clock // of open
}

func open(t *testing.T) house {
	t.Helper()
	clock := newClock()
	h := openWith(t, storagetest.Open(t, clock.option()), people.Options{PublicURL: "http://localhost", Demo: true})
	h.clock = clock
	return h
}

// openWith is open with a database and options of the test's own, and perhaps with routes
// that are changed.
func openWith(t testing.TB, store *storage.Store, o people.Options, change ...func(*web.Route)) house {
	t.Helper()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	o.Keys, o.Store = keys, store
	o.Cities = func(i18n.Language) []kit.Item {
		return []kit.Item{{Value: "osh", Label: "Ош"}, {Value: "talas", Label: "Талас"}}
	}
	svc := people.New(o)
	m := svc.Manifest()
	for i := range m.Routes {
		for _, f := range change {
			f(&m.Routes[i])
		}
	}
	texts, err := i18n.Load(web.Texts(), m.Texts, profile.Texts())
	if err != nil {
		t.Fatal(err)
	}
	door, err := web.NewServer(web.Options{
		Routes: m.Routes, Catalogue: texts, ErrorPage: kit.ErrorPage, Secret: bytes.Repeat([]byte{1}, 32),
		Identify: func(r *http.Request) (access.Actor, error) {
			a, err := svc.Identify(r)
			a.Table = m.Permissions
			return a, err
		},
		Site: func(context.Context) (*web.Site, error) { return &web.Site{}, nil },
		Log:  o.Log, Clock: store.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(door)
	t.Cleanup(server.Close)
	h := house{store: store, svc: svc, url: server.URL, sent: &pocket{}}
	svc.SendWith(h.sent)
	return h
}

// visitor is a browser with cookies that follows no redirect by itself.
type visitor struct {
	t    testing.TB
	http *http.Client
	url  string
}

func (h house) visitor(t testing.TB) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, h.url}
}

// work does the jobs of signing in that wait.
func (h house) work(t testing.TB) { t.Helper(); work(t, h.store, h.svc) }

// signIn signs in by a code and gives where that leads to.
func (h house) signIn(v *visitor, address string) string {
	v.t.Helper()
	v.post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {address}})
	h.work(v.t)
	_, to := v.post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {h.sent.codes[len(h.sent.codes)-1].Code}})
	return to
}

// as signs in with a link of the demo.
func (h house) as(t *testing.T, p people.Person, grants ...access.Grant) *visitor {
	t.Helper()
	var token string
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) (err error) {
		for _, g := range grants {
			if err := h.svc.Grant(ctx, tx, p.ID, g); err != nil {
				return err
			}
		}
		token, err = h.svc.DemoSignIn(ctx, tx, p.ID)
		return err
	})
	v := h.visitor(t)
	if status, _ := v.get("/ru/demo/in/" + token); status != http.StatusSeeOther {
		t.Fatalf("the link of the demo: %d", status)
	}
	return v
}

func (v *visitor) get(path string) (int, string) {
	v.t.Helper()
	res, err := v.http.Get(v.url + path)
	return v.read(res, err)
}

func (v *visitor) read(res *http.Response, err error) (int, string) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res.StatusCode, string(body) + res.Header.Get("Location")
}

var tokenInPage = regexp.MustCompile(`name="form_token" value="([^"]+)"`)

// post sends a form of the page at from, with its form token.
func (v *visitor) post(from, path string, form url.Values) (int, string) {
	v.t.Helper()
	_, page := v.get(from)
	if m := tokenInPage.FindStringSubmatch(page); m != nil {
		form.Set("form_token", m[1])
	}
	res, err := v.http.PostForm(v.url+path, form)
	return v.read(res, err)
}

func TestEveryPageSpeaksThreeLanguages(t *testing.T) {
	t.Parallel()
	h := open(t)
	admin := register(t, h.store, h.svc, people.Details{FullName: "Админова Роза", Email: "admin@mail.kg"})
	a := register(t, h.store, h.svc, people.Details{FullName: "Канарейкина Сайкал", Phone: "+996555777333", City: "osh", Group: "deputies", Level: "city", Sex: "female", BirthYear: 1990, Languages: []string{"ky", "dng"}})
	register(t, h.store, h.svc, people.Details{FullName: "Сайкал Канарейкина", Email: "k@mail.kg", City: "osh"})
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		return h.svc.SetConsent(ctx, tx, a.ID, people.ForPhoto, true)
	})
	v := h.as(t, admin, access.Grant{Role: access.Admin}, access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "osh"}})
	missing := regexp.MustCompile(`\[[a-z]+\.[a-z_.]+\]`)
	for _, l := range i18n.Languages {
		for _, path := range []string{
			"/sign-in", "/sign-in/code", "/sign-in/link/x", "/me", "/me/edit", "/me/erase", "/me/passkeys", "/people", "/people?q=канар&group=deputies&city=osh&sex=female",
			"/people?q=nobody", "/import/people", "/people/duplicates", "/people/roles", "/people/" + a.ID.String(), "/people/" + a.ID.String() + "/edit",
		} {
			status, body := v.get("/" + string(l) + path)
			if status != http.StatusOK {
				t.Errorf("%s %s: %d", l, path, status)
			}
			if m := missing.FindString(body); m != "" {
				t.Errorf("%s %s: no text %s", l, path, m)
			}
			if !strings.Contains(body, `lang="`+string(l)+`"`) || !strings.Contains(body, "</html>") {
				t.Errorf("%s %s is not whole", l, path)
			}
		}
	}
	// Who looked is told to the person.
	_, mine := h.as(t, a).get("/ru/me")
	for _, want := range []string{"Канарейкина Сайкал", "+996 555 777 333", "Данные просмотрены", "администратор", "Ош"} {
		if !strings.Contains(mine, want) {
			t.Errorf("her page lacks %q", want)
		}
	}
}

func TestNobodySeesPeopleWithoutTheRoleForTheirCity(t *testing.T) {
	t.Parallel()
	h := open(t)
	canary := register(t, h.store, h.svc, people.Details{FullName: "Канарейкина Сайкал", Email: "kanarei.test@mail.kg", Phone: "+996555777333", Village: "Сары-Канарей", City: "osh"})
	stranger := h.visitor(t)
	part := h.as(t, register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "a@mail.kg"}))
	talas := h.as(t, register(t, h.store, h.svc, people.Details{FullName: "Талас Кызматкер", Email: "t@mail.kg"}), access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "talas"}})
	door := h.as(t, register(t, h.store, h.svc, people.Details{FullName: "Эшик Кызматкер", Email: "d@mail.kg"}), access.Grant{Role: access.Facilitator})
	osh := h.as(t, register(t, h.store, h.svc, people.Details{FullName: "Ош Кызматкер", Email: "o@mail.kg"}), access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "osh"}})
	paths := []string{
		"/ru/me", "/ru/people", "/ru/people?q=Канарейкина", "/ru/people?q=kanarei.test@mail.kg", "/ru/people/" + canary.ID.String(),
		"/ru/people/" + canary.ID.String() + "/edit", "/ru/people/duplicates", "/ru/people/roles", "/ru/import/people",
	}
	for who, v := range map[string]*visitor{"a stranger": stranger, "a participant": part, "staff of another city": talas, "a facilitator": door} {
		for _, path := range paths {
			status, body := v.get(path)
			for _, c := range []string{"Сайкал", "555777333", "555 777 333", "Сары-Канарей"} {
				if strings.Contains(body, c) {
					t.Errorf("%s sees %q at %s (%d)", who, c, path, status)
				}
			}
		}
		if status, _ := v.post("/ru/people/"+canary.ID.String(), "/ru/people/"+canary.ID.String()+"/edit", url.Values{"name": {"Другая"}}); status < 300 || (status < 400 && who != "a stranger") {
			t.Errorf("%s changes her: %d", who, status)
		}
	}
	if status, body := osh.get("/ru/people/" + canary.ID.String()); status != http.StatusOK || !strings.Contains(body, "Сары-Канарей") {
		t.Errorf("staff of her city do not see her: %d", status)
	}
	if status, _ := osh.post("/ru/me", "/ru/people/"+canary.ID.String()+"/roles", url.Values{"role": {"admin"}}); status != http.StatusForbidden {
		t.Errorf("a coordinator gives roles: %d", status)
	}
}

func TestAPersonSignsInCorrectsTakesAndErasesHerDataWithoutScript(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	v := h.visitor(t)
	if status, to := v.post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"nobody@mail.kg"}}); status != http.StatusSeeOther || to != "/ky/sign-in/code" {
		t.Fatalf("an unknown address: %d %s", status, to)
	}
	h.clock.pass(time.Second)
	if status, to := v.post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"asan@mail.kg"}}); status != http.StatusSeeOther || to != "/ky/sign-in/code" {
		t.Fatalf("a known address answers otherwise: %d %s", status, to)
	}
	if status, body := v.post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"<b>"}}); status != http.StatusUnprocessableEntity || strings.Contains(body, "<b>") {
		t.Errorf("no address: %d", status)
	}
	h.work(t)
	if status, _ := v.post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {wrong(h.sent.codes[0].Code)}}); status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code: %d", status)
	}
	if status, to := v.post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {h.sent.codes[0].Code}}); status != http.StatusSeeOther || to != "/ky/me" {
		t.Fatalf("the right code: %d %s", status, to)
	}
	bad := url.Values{"name": {""}, "address_as": {strings.Repeat("а", 300)}, "birth_year": {"abc"}, "lang": {"de"}, "sex": {"x"}, "village": {strings.Repeat("а", 300)}}
	if status, body := v.post("/ky/me/edit", "/ky/me/edit", bad); status != http.StatusUnprocessableEntity || !strings.Contains(body, "abc") || strings.Count(body, "aria-invalid") < 4 {
		t.Errorf("bad input: %d, what was typed must stay", status)
	}
	if status, _ := v.post("/ky/me/edit", "/ky/me/edit", url.Values{"name": {"Асан Үсөнов"}, "email": {"thief@mail.kg"}, "lang": {"ky"}, "neutral": {"on"}}); status != http.StatusSeeOther {
		t.Errorf("good input: %d", status)
	}
	if status, _ := v.post("/ky/me", "/ky/me/consents", url.Values{"purpose": {"photo", "email"}}); status != http.StatusSeeOther {
		t.Errorf("consents: %d", status)
	}
	_, page := v.get("/ky/me")
	if !strings.Contains(page, "Асан Үсөнов") || strings.Contains(page, "thief") || strings.Count(page, "checked") != 2 {
		t.Error("the page does not show what was saved")
	}
	status, archive := v.post("/ky/me", "/ky/me/export", url.Values{"format": {"zip"}})
	z, err := zip.NewReader(strings.NewReader(archive), int64(len(archive)))
	if status != http.StatusOK || err != nil || len(z.File) != 1 {
		t.Fatalf("archive: %d, %v", status, err)
	}
	if status, body := v.post("/ky/me", "/ky/me/export", url.Values{"format": {"json"}}); status != http.StatusOK || !strings.Contains(body, "Асан Үсөнов") || !strings.Contains(body, `"photo"`) || !strings.Contains(body, `"state": "proven"`) {
		t.Errorf("JSON: %d", status)
	}
	if status, _ := v.post("/ky/me/erase", "/ky/me/erase", url.Values{"word": {"жок"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("erased without the word: %d", status)
	}
	if status, to := v.post("/ky/me/erase", "/ky/me/erase", url.Values{"word": {"өчүрүү"}}); status != http.StatusSeeOther || to != "/ky" {
		t.Errorf("erase: %d %s", status, to)
	}
	if status, _ := v.get("/ky/me"); status == http.StatusOK {
		t.Error("still signed in after the erasure")
	}
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		if got, err := h.svc.ByID(ctx, tx, p.ID); err == nil {
			return fmt.Errorf("%s is still there", got.ID)
		}
		return nil
	})
}

func TestStaffImportAFileAfterALook(t *testing.T) {
	t.Parallel()
	h := open(t)
	v := h.as(t, register(t, h.store, h.svc, people.Details{FullName: "Координатор", Email: "c@mail.kg"}), access.Grant{Role: access.Coordinator})
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "people.csv")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(part, "ФИО;Почта;Пол\nАсан Үсөнов;asan@mail.kg;м\nБез почты;не-почта;ж\n")
	w.Close()
	res, err := v.http.Post(v.url+"/ru/import/people", w.FormDataContentType(), &body)
	status, to := v.read(res, err)
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/ru/import/people/") {
		t.Fatalf("upload: %d %s", status, to)
	}
	_, preview := v.get(to)
	for _, want := range []string{"Почта (2)", "Добавить 1 человека", "<td data-label=\"Строка\">3</td>"} {
		if !strings.Contains(preview, want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	if _, list := v.get("/ru/people?q=Асан"); strings.Contains(list, "Үсөнов") {
		t.Error("the preview wrote")
	}
	if status, _ := v.post(to, to, url.Values{}); status != http.StatusSeeOther {
		t.Errorf("confirm: %d", status)
	}
	if _, list := v.get("/ru/people?q=Асан"); !strings.Contains(list, "Үсөнов") {
		t.Error("the import did not write")
	}
	if status, result := v.get(to); status != http.StatusOK || !strings.Contains(result, "Без почты") {
		t.Errorf("what became of the file: %d", status)
	}
}
