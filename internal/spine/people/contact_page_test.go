package people_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// letter is the link of a letter about an application.
func letter(t *testing.T, h house, person storage.ID, value string) (token string) {
	t.Helper()
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := h.svc.Contacts(ctx, tx, person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(c people.Contact) bool { return c.Value == value })
		token, err = h.svc.NewLink(ctx, tx, people.Link{Person: person, Purpose: "seminars.application", Contact: list[i].ID})
		return err
	})
	return token
}

// said gives a page with the message that the answer before left for it.
func (v *visitor) said(path string) string {
	v.t.Helper()
	_, page := v.get(path)
	return page
}

func TestTheButtonOfALetterProvesOrSaysNotMeAndLookingDoesNeither(t *testing.T) {
	t.Parallel()
	h := open(t)
	for i, l := range []string{"ky", "ru", "en"} {
		at := "/" + l + "/prove/"
		p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "a" + l + "@mail.kg"})
		q := register(t, h.store, h.svc, people.Details{FullName: "Бакыт", Email: "b" + l + "@mail.kg"})
		hers, theirs := letter(t, h, p.ID, p.Email), letter(t, h, q.ID, q.Email)
		v := h.visitor(t)
		for range 2 {
			status, page := v.get(at + hers)
			if status != http.StatusOK || !strings.Contains(page, "a•••@m•••.kg") || strings.Count(page, "<button") != 2 || strings.Contains(page, "Асан") {
				t.Errorf("%s: %d", l, status)
			}
		}
		if stateOf(t, h, p.ID, p.Email) != people.Typed {
			t.Fatal("looking proves")
		}
		if status, to := v.post(at+hers, at+hers, url.Values{"do": {"yes"}}); status != http.StatusSeeOther || to != "/"+l {
			t.Errorf("%s: %d %s", l, status, to)
		}
		if stateOf(t, h, p.ID, p.Email) != people.Proven {
			t.Error("the button does not prove")
		}
		if status, to := v.get("/" + l + "/me"); status != http.StatusSeeOther || !strings.HasSuffix(strings.SplitN(to, "?", 2)[0], "sign-in") {
			t.Errorf("%s: the button of a letter signs in: %d", l, status)
		}
		done := []string{"дарек ырасталды", "адрес подтверждён", "address is confirmed"}[i]
		if page := v.said("/" + l + "/sign-in"); !strings.Contains(page, done) {
			t.Errorf("%s: not said", l)
		}
		// Used: the page says that there is nothing left, and the button does nothing.
		status, page := v.get(at + hers)
		before := []string{"Ырастай турган нерсе калган жок", "Подтверждать больше нечего", "nothing to confirm any more"}[i]
		if status != http.StatusOK || !strings.Contains(page, before) || strings.Contains(page, "<button class=\"button\" name") {
			t.Errorf("%s: used: %d", l, status)
		}
		if status, _ := v.post(at+hers, at+hers, url.Values{"do": {"no"}}); status != http.StatusSeeOther || stateOf(t, h, p.ID, p.Email) != people.Proven {
			t.Errorf("%s: a used letter takes the address away: %d", l, status)
		}
		if status, _ := v.post(at+theirs, at+theirs, url.Values{"do": {"no"}}); status != http.StatusSeeOther || stateOf(t, h, q.ID, q.Email) != "" {
			t.Errorf("%s: not me: %d, the address is %q", l, status, stateOf(t, h, q.ID, q.Email))
		}
		muted := []string{"Дарек өчүрүлдү", "Адрес удалён", "address is removed"}[i]
		if page := v.said("/" + l + "/sign-in"); !strings.Contains(page, muted) {
			t.Errorf("%s: not said", l)
		}
		for name, token := range map[string]string{"nonsense": "nonsense", "a letter that was answered": theirs, "dots": ".."} {
			if status, _ := v.get(at + url.PathEscape(token)); status != http.StatusNotFound {
				t.Errorf("%s, %s: %d", l, name, status)
			}
			if status, _ := v.post("/"+l+"/sign-in", at+url.PathEscape(token), url.Values{"do": {"yes"}}); status != http.StatusNotFound {
				t.Errorf("%s, the button of %s: %d", l, name, status)
			}
		}
	}
	p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "late@mail.kg"})
	late := letter(t, h, p.ID, p.Email)
	h.clock.pass(366 * 24 * time.Hour)
	if status, _ := h.visitor(t).get("/ky/prove/" + late); status != http.StatusGone {
		t.Errorf("a letter of a year ago: %d", status)
	}
}

func TestWhereTheButtonOfALetterLeadsBackToIsThisSite(t *testing.T) {
	t.Parallel()
	h := open(t)
	for back, want := range map[string]string{"/ky/a/token": "/ky/a/token", "https://evil.example/": "/ky", "//evil.example": "/ky", "": "/ky"} {
		p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "a@mail.kg"})
		token := letter(t, h, p.ID, p.Email)
		if _, to := h.visitor(t).post("/ky/prove/"+token, "/ky/prove/"+token, url.Values{"do": {"yes"}, "back": {back}}); to != want {
			t.Errorf("%q leads to %s", back, to)
		}
	}
}

func TestSheChangesHerContactsOnAPageOfTheirOwn(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	v := h.visitor(t)
	h.signIn(v, "a@mail.kg")
	const at = "/ky/me/contacts"
	for _, l := range i18n.Languages {
		if status, page := v.get("/" + string(l) + "/me/contacts"); status != http.StatusOK || strings.Contains(page, "[people.") || !strings.Contains(page, "a@mail.kg") {
			t.Errorf("%s: %d", l, status)
		}
	}
	if _, page := v.get("/ky/me/edit"); strings.Contains(page, `name="email"`) || strings.Contains(page, `name="phone"`) {
		t.Error("the page of her data asks for contacts")
	}
	if status, page := v.post(at, at, url.Values{"email": {"no"}, "phone": {"8 555 12 34 56"}}); status != http.StatusUnprocessableEntity || strings.Count(page, "aria-invalid") != 2 || !strings.Contains(page, `value="8 555 12 34 56"`) {
		t.Errorf("bad input: %d", status)
	}
	if status, _ := v.post(at, at, url.Values{}); status != http.StatusUnprocessableEntity {
		t.Errorf("nothing: %d", status)
	}
	if status, to := v.post(at, at, url.Values{"email": {"b@mail.kg"}, "phone": {"0555 111 222"}}); status != http.StatusSeeOther || to != at {
		t.Fatalf("%d %s", status, to)
	}
	page := v.said(at)
	for _, want := range []string{"Жаңы даректеги катты ачып", "b@mail.kg", "+996 555 111 222", "ырасталган эмес"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if len(h.sent.proofs) != 1 || h.sent.proofs[0].email != "b@mail.kg" {
		t.Fatalf("sent %+v", h.sent.proofs)
	}
	token := h.sent.proofs[0].token
	// Opened where nobody is signed in, the page leads to signing in, and back.
	other := h.visitor(t)
	if _, page := other.get("/ky/prove/" + token); !strings.Contains(page, "/ky/sign-in?back=%2Fky%2Fprove%2F"+token) || strings.Contains(page, `value="yes"`) {
		t.Error("a further address is offered to who is not signed in")
	}
	if status, to := other.post("/ky/prove/"+token, "/ky/prove/"+token, url.Values{"do": {"yes"}}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/ky/sign-in?back=") {
		t.Errorf("%d %s", status, to)
	}
	if stateOf(t, h, p.ID, "b@mail.kg") != people.Typed {
		t.Fatal("proven by whoever got the letter")
	}
	// So does a session that was left open.
	h.clock.pass(web.FreshFor + time.Second)
	if status, to := v.post("/ky/prove/"+token, "/ky/prove/"+token, url.Values{"do": {"yes"}}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/ky/sign-in?anew=1&back=") {
		t.Errorf("an aged session: %d %s", status, to)
	}
	for _, form := range []url.Values{{"email": {"c@mail.kg"}}, {"drop": {contactID(t, h, p.ID, "b@mail.kg")}}} {
		if status, to := v.post(at, at, form); status != http.StatusSeeOther || to != "/ky/sign-in?anew=1&back=%2Fky%2Fme%2Fcontacts" {
			t.Errorf("an aged session: %d %s", status, to)
		}
	}
	h.signIn(v, "a@mail.kg")
	if status, to := v.post("/ky/prove/"+token, "/ky/prove/"+token, url.Values{"do": {"yes"}}); status != http.StatusSeeOther || to != "/ky" || stateOf(t, h, p.ID, "b@mail.kg") != people.Proven {
		t.Errorf("signed in: %d %s", status, to)
	}
	if page := v.said(at); !strings.Contains(page, "алмаштырылган") || !strings.Contains(page, i18n.DateLong(i18n.Kyrgyz, h.clock.now().Add(14*24*time.Hour))) {
		t.Error("the page does not say until when the old one may be taken back")
	}
	if status, _ := v.post(at, at, url.Values{"drop": {contactID(t, h, p.ID, "b@mail.kg")}}); status != http.StatusConflict {
		t.Errorf("the last one is dropped: %d", status)
	}
	if status, _ := v.post(at, at, url.Values{"drop": {contactID(t, h, p.ID, "+996555111222")}}); status != http.StatusSeeOther || stateOf(t, h, p.ID, "+996555111222") != "" {
		t.Errorf("a typed one is not dropped: %d", status)
	}
	// Nothing without the form token.
	if status, _ := v.read(v.http.PostForm(v.url+at, url.Values{"email": {"c@mail.kg"}})); status != http.StatusForbidden {
		t.Errorf("without a form token: %d", status)
	}
}

func contactID(t *testing.T, h house, person storage.ID, value string) (id string) {
	t.Helper()
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := h.svc.Contacts(ctx, tx, person)
		for _, c := range list {
			if c.Value == value {
				id = c.ID.String()
			}
		}
		return err
	})
	return id
}

func TestTheUndoPageTakesBackOnceByItsButton(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	thief := h.visitor(t)
	h.signIn(thief, "a@mail.kg")
	thief.post("/ky/me/contacts", "/ky/me/contacts", url.Values{"email": {"b@mail.kg"}})
	proves := "/ky/prove/" + h.sent.proofs[0].token
	thief.post(proves, proves, url.Values{"do": {"yes"}})
	if stateOf(t, h, p.ID, "b@mail.kg") != people.Proven {
		t.Fatal("the thief does not come so far")
	}
	path := h.sent.told("people.change.contact")[0].Path
	v := h.visitor(t)
	for _, l := range i18n.Languages {
		if status, page := v.get("/" + string(l) + path); status != http.StatusOK || strings.Contains(page, "[people.") || !strings.Contains(page, "<form") {
			t.Errorf("%s: %d", l, status)
		}
		for _, nonsense := range []string{"nonsense", h.sent.proofs[0].token} {
			at := "/" + string(l) + "/contact/undo/" + nonsense
			if status, _ := v.get(at); status != http.StatusNotFound {
				t.Errorf("%s %s: %d", l, nonsense, status)
			}
			if status, _ := v.post("/ky/sign-in", at, url.Values{}); status != http.StatusNotFound {
				t.Errorf("%s, the button of %s: %d", l, nonsense, status)
			}
		}
	}
	if stateOf(t, h, p.ID, "a@mail.kg") != people.Leaving {
		t.Fatal("looking takes back")
	}
	if status, to := v.post("/ky"+path, "/ky"+path, url.Values{}); status != http.StatusSeeOther || to != "/ky/sign-in" {
		t.Fatalf("%d %s", status, to)
	}
	if stateOf(t, h, p.ID, "a@mail.kg") != people.Proven || stateOf(t, h, p.ID, "b@mail.kg") != "" {
		t.Error("not taken back")
	}
	if status, _ := thief.get("/ky/me"); status == http.StatusOK {
		t.Error("the thief sits here still")
	}
	for _, status := range []int{first(v.get("/ky" + path)), first(v.post("/ky/sign-in", "/ky"+path, url.Values{}))} {
		if status != http.StatusGone {
			t.Errorf("used: %d", status)
		}
	}
}

func first(status int, _ string) int { return status }

func TestAnUndoOfTwoWeeksAgoIsGone(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	v := h.visitor(t)
	h.signIn(v, "a@mail.kg")
	v.post("/ky/me/contacts", "/ky/me/contacts", url.Values{"email": {"b@mail.kg"}})
	proves := "/ky/prove/" + h.sent.proofs[0].token
	v.post(proves, proves, url.Values{"do": {"yes"}})
	path := h.sent.told("people.change.contact")[0].Path
	h.clock.pass(14 * 24 * time.Hour)
	for _, status := range []int{first(v.get("/ky" + path)), first(v.post("/ky/sign-in", "/ky"+path, url.Values{}))} {
		if status != http.StatusGone {
			t.Errorf("%d", status)
		}
	}
	if stateOf(t, h, p.ID, "b@mail.kg") != people.Proven {
		t.Error("taken back after two weeks")
	}
}

func TestTheWhoPageIsForTheBrowserThatProvedTheAddress(t *testing.T) {
	t.Parallel()
	h := open(t)
	mother := register(t, h.store, h.svc, people.Details{FullName: "Ёлкина Анна", Email: "family@mail.kg"})
	register(t, h.store, h.svc, people.Details{FullName: "Абдыкеримова Чынара", Email: "family@mail.kg"})
	stranger := register(t, h.store, h.svc, people.Details{FullName: "Бакыт", Email: "b@mail.kg"})
	v := h.visitor(t)
	const at = "/ky/sign-in/who"
	if status, page := v.get(at); status != http.StatusGone || strings.Contains(page, "Анна") {
		t.Errorf("before: %d", status)
	}
	if to := h.signIn(v, "family@mail.kg"); to != at {
		t.Fatalf("led to %s", to)
	}
	for _, l := range i18n.Languages {
		status, page := v.get("/" + string(l) + "/sign-in/who")
		if status != http.StatusOK || !strings.Contains(page, "Ёлкина Анна") || !strings.Contains(page, "Абдыкеримова Чынара") || strings.Contains(page, "Бакыт") || strings.Contains(page, "[people.") {
			t.Errorf("%s: %d", l, status)
		}
	}
	if status, page := h.visitor(t).get(at); status != http.StatusGone || strings.Contains(page, "Анна") {
		t.Errorf("another browser: %d", status)
	}
	for name, chosen := range map[string]string{"nobody": "", "nonsense": "x", "somebody else": stranger.ID.String()} {
		if status, _ := v.post(at, at, url.Values{"person": {chosen}}); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, to := v.post(at, at, url.Values{"person": {mother.ID.String()}}); status != http.StatusSeeOther || to != "/ky/me" {
		t.Errorf("%d %s", status, to)
	}
	if _, page := v.get("/ky/me"); !strings.Contains(page, "Ёлкина Анна") {
		t.Error("she is not in")
	}
	if status, _ := v.post(at, at, url.Values{"person": {mother.ID.String()}}); status != http.StatusGone {
		t.Errorf("twice: %d", status)
	}
}

func TestCookiesAreOfThisSiteAloneWhereItSpeaksHTTPSAndGoWithTheSignOut(t *testing.T) {
	t.Parallel()
	clock := newClock()
	h := openWith(t, storagetest.Open(t, clock.option()), people.Options{PublicURL: "https://ashar.example"})
	register(t, h.store, h.svc, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	// A client keeps Secure cookies only from HTTPS: this one is told what it keeps.
	kept := map[string]string{"ashar-lang": "ky", "ashar-draft-1": "half a form"}
	ask := func(method, path string, form url.Values) *http.Response {
		req := httptest.NewRequestWithContext(t.Context(), method, h.url+path, strings.NewReader(form.Encode()))
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
	h.work(t)
	ask(http.MethodPost, "/ky/sign-in/code", url.Values{"code": {h.sent.codes[0].Code}})
	for _, name := range []string{"__Host-ashar-sign-in", "__Host-ashar-session"} {
		if kept[name] == "" {
			t.Errorf("there is no cookie %s: %v", name, kept)
		}
	}
	if res := ask(http.MethodGet, "/ky/me", nil); res.StatusCode != http.StatusOK {
		t.Fatalf("not in: %d", res.StatusCode)
	}
	session := kept["__Host-ashar-session"]
	res := ask(http.MethodPost, "/ky/sign-out", url.Values{})
	if got := res.Header.Get("Clear-Site-Data"); res.StatusCode != http.StatusSeeOther || !strings.Contains(got, "cookies") {
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
	u, err := url.Parse(h.url)
	if err != nil {
		t.Fatal(err)
	}
	var token string
	write(t, h.store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := h.svc.WithContact(ctx, tx, people.EmailContact, "a@mail.kg")
		if err != nil {
			return err
		}
		token, err = h.svc.StartSession(ctx, tx, list[0].ID, access.OfProof)
		return err
	})
	jar.SetCookies(u, []*http.Cookie{{Name: "ashar-session", Value: token, Path: "/"}})
	v := &visitor{t, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, h.url}
	if status, _ := v.get("/ky/me"); status == http.StatusOK {
		t.Error("a cookie without the prefix signs in")
	}
}
