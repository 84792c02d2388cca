package roster_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// letter is the link of a letter about an application.
func letter(t *testing.T, h peopletest.House, person storage.ID, value string) (token string) {
	t.Helper()
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := h.People.Contacts(ctx, tx, person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(c people.Contact) bool { return c.Value == value })
		token, err = h.People.NewLink(ctx, tx, people.Link{Person: person, Purpose: "seminars.application", Contact: list[i].ID})
		return err
	})
	return token
}

// said gives a page with the message that the answer before left for it.
func said(v *peopletest.Visitor, path string) string {
	v.T.Helper()
	_, page := v.Get(path)
	return page
}

func TestTheButtonOfALetterProvesOrSaysNotMeAndLookingDoesNeither(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	for i, l := range []string{"ky", "ru", "en"} {
		at := "/" + l + "/prove/"
		p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "a" + l + "@mail.kg"})
		q := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Бакыт", Email: "b" + l + "@mail.kg"})
		hers, theirs := letter(t, h, p.ID, p.Email), letter(t, h, q.ID, q.Email)
		v := h.Visitor(t)
		for range 2 {
			status, page := v.Get(at + hers)
			if status != http.StatusOK || !strings.Contains(page, "a•••@m•••.kg") || strings.Count(page, "<button") != 2 || strings.Contains(page, "Асан") {
				t.Errorf("%s: %d", l, status)
			}
		}
		if h.StateOf(t, p.ID, p.Email) != people.Typed {
			t.Fatal("looking proves")
		}
		if status, to := v.Post(at+hers, at+hers, url.Values{"do": {"yes"}}); status != http.StatusSeeOther || to != "/"+l {
			t.Errorf("%s: %d %s", l, status, to)
		}
		if h.StateOf(t, p.ID, p.Email) != people.Proven {
			t.Error("the button does not prove")
		}
		if status, to := v.Get("/" + l + "/me"); status != http.StatusSeeOther || !strings.HasSuffix(strings.SplitN(to, "?", 2)[0], "sign-in") {
			t.Errorf("%s: the button of a letter signs in: %d", l, status)
		}
		done := []string{"дарек ырасталды", "адрес подтверждён", "address is confirmed"}[i]
		if page := said(v, "/"+l+"/sign-in"); !strings.Contains(page, done) {
			t.Errorf("%s: not said", l)
		}
		// Used: the page says that there is nothing left, and the button does nothing.
		status, page := v.Get(at + hers)
		before := []string{"Ырастай турган нерсе калган жок", "Подтверждать больше нечего", "nothing to confirm any more"}[i]
		if status != http.StatusOK || !strings.Contains(page, before) || strings.Contains(page, "<button class=\"button\" name") {
			t.Errorf("%s: used: %d", l, status)
		}
		if status, _ := v.Post(at+hers, at+hers, url.Values{"do": {"no"}}); status != http.StatusSeeOther || h.StateOf(t, p.ID, p.Email) != people.Proven {
			t.Errorf("%s: a used letter takes the address away: %d", l, status)
		}
		if status, _ := v.Post(at+theirs, at+theirs, url.Values{"do": {"no"}}); status != http.StatusSeeOther || h.StateOf(t, q.ID, q.Email) != "" {
			t.Errorf("%s: not me: %d, the address is %q", l, status, h.StateOf(t, q.ID, q.Email))
		}
		muted := []string{"Дарек өчүрүлдү", "Адрес удалён", "address is removed"}[i]
		if page := said(v, "/"+l+"/sign-in"); !strings.Contains(page, muted) {
			t.Errorf("%s: not said", l)
		}
		for name, token := range map[string]string{"nonsense": "nonsense", "a letter that was answered": theirs, "dots": ".."} {
			if status, _ := v.Get(at + url.PathEscape(token)); status != http.StatusNotFound {
				t.Errorf("%s, %s: %d", l, name, status)
			}
			if status, _ := v.Post("/"+l+"/sign-in", at+url.PathEscape(token), url.Values{"do": {"yes"}}); status != http.StatusNotFound {
				t.Errorf("%s, the button of %s: %d", l, name, status)
			}
		}
	}
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "late@mail.kg"})
	late := letter(t, h, p.ID, p.Email)
	h.Clock.Pass(366 * 24 * time.Hour)
	if status, _ := h.Visitor(t).Get("/ky/prove/" + late); status != http.StatusGone {
		t.Errorf("a letter of a year ago: %d", status)
	}
}

func TestWhereTheButtonOfALetterLeadsBackToIsThisSite(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	for back, want := range map[string]string{"/ky/a/token": "/ky/a/token", "https://evil.example/": "/ky", "//evil.example": "/ky", "": "/ky"} {
		p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "a@mail.kg"})
		token := letter(t, h, p.ID, p.Email)
		if _, to := h.Visitor(t).Post("/ky/prove/"+token, "/ky/prove/"+token, url.Values{"do": {"yes"}, "back": {back}}); to != want {
			t.Errorf("%q leads to %s", back, to)
		}
	}
}

func TestSheChangesHerContactsOnAPageOfTheirOwn(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	v := h.Visitor(t)
	h.SignIn(v, "a@mail.kg")
	const at = "/ky/me/contacts"
	for _, l := range i18n.Languages {
		if status, page := v.Get("/" + string(l) + "/me/contacts"); status != http.StatusOK || strings.Contains(page, "[people.") || !strings.Contains(page, "a@mail.kg") {
			t.Errorf("%s: %d", l, status)
		}
	}
	if _, page := v.Get("/ky/me/edit"); strings.Contains(page, `name="email"`) || strings.Contains(page, `name="phone"`) {
		t.Error("the page of her data asks for contacts")
	}
	if status, page := v.Post(at, at, url.Values{"email": {"no"}, "phone": {"8 555 12 34 56"}}); status != http.StatusUnprocessableEntity || strings.Count(page, "aria-invalid") != 2 || !strings.Contains(page, `value="8 555 12 34 56"`) {
		t.Errorf("bad input: %d", status)
	}
	if status, _ := v.Post(at, at, url.Values{}); status != http.StatusUnprocessableEntity {
		t.Errorf("nothing: %d", status)
	}
	if status, to := v.Post(at, at, url.Values{"email": {"b@mail.kg"}, "phone": {"0555 111 222"}}); status != http.StatusSeeOther || to != at {
		t.Fatalf("%d %s", status, to)
	}
	page := said(v, at)
	for _, want := range []string{"Жаңы даректеги катты ачып", "b@mail.kg", "+996 555 111 222", "ырасталган эмес"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if len(h.Sent.Proofs) != 1 || h.Sent.Proofs[0].Email != "b@mail.kg" {
		t.Fatalf("sent %+v", h.Sent.Proofs)
	}
	token := h.Sent.Proofs[0].Token
	// Opened where nobody is signed in, the page leads to signing in, and back.
	other := h.Visitor(t)
	if _, page := other.Get("/ky/prove/" + token); !strings.Contains(page, "/ky/sign-in?back=%2Fky%2Fprove%2F"+token) || strings.Contains(page, `value="yes"`) {
		t.Error("a further address is offered to who is not signed in")
	}
	if status, to := other.Post("/ky/prove/"+token, "/ky/prove/"+token, url.Values{"do": {"yes"}}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/ky/sign-in?back=") {
		t.Errorf("%d %s", status, to)
	}
	if h.StateOf(t, p.ID, "b@mail.kg") != people.Typed {
		t.Fatal("proven by whoever got the letter")
	}
	// So does a session that was left open.
	h.Clock.Pass(web.FreshFor + time.Second)
	if status, to := v.Post("/ky/prove/"+token, "/ky/prove/"+token, url.Values{"do": {"yes"}}); status != http.StatusSeeOther || !strings.HasPrefix(to, "/ky/sign-in?anew=1&back=") {
		t.Errorf("an aged session: %d %s", status, to)
	}
	for _, form := range []url.Values{{"email": {"c@mail.kg"}}, {"drop": {h.ContactID(t, p.ID, "b@mail.kg")}}} {
		if status, to := v.Post(at, at, form); status != http.StatusSeeOther || to != "/ky/sign-in?anew=1&back=%2Fky%2Fme%2Fcontacts" {
			t.Errorf("an aged session: %d %s", status, to)
		}
	}
	h.SignIn(v, "a@mail.kg")
	if status, to := v.Post("/ky/prove/"+token, "/ky/prove/"+token, url.Values{"do": {"yes"}}); status != http.StatusSeeOther || to != "/ky" || h.StateOf(t, p.ID, "b@mail.kg") != people.Proven {
		t.Errorf("signed in: %d %s", status, to)
	}
	if page := said(v, at); !strings.Contains(page, "алмаштырылган") || !strings.Contains(page, i18n.DateLong(i18n.Kyrgyz, h.Clock.Now().Add(14*24*time.Hour))) {
		t.Error("the page does not say until when the old one may be taken back")
	}
	if status, _ := v.Post(at, at, url.Values{"drop": {h.ContactID(t, p.ID, "b@mail.kg")}}); status != http.StatusConflict {
		t.Errorf("the last one is dropped: %d", status)
	}
	if status, _ := v.Post(at, at, url.Values{"drop": {h.ContactID(t, p.ID, "+996555111222")}}); status != http.StatusSeeOther || h.StateOf(t, p.ID, "+996555111222") != "" {
		t.Errorf("a typed one is not dropped: %d", status)
	}
	// Nothing without the form token.
	if status, _ := v.Read(v.HTTP.PostForm(v.URL+at, url.Values{"email": {"c@mail.kg"}})); status != http.StatusForbidden {
		t.Errorf("without a form token: %d", status)
	}
}

func TestTheUndoPageTakesBackOnceByItsButton(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	thief := h.Visitor(t)
	h.SignIn(thief, "a@mail.kg")
	thief.Post("/ky/me/contacts", "/ky/me/contacts", url.Values{"email": {"b@mail.kg"}})
	proves := "/ky/prove/" + h.Sent.Proofs[0].Token
	thief.Post(proves, proves, url.Values{"do": {"yes"}})
	if h.StateOf(t, p.ID, "b@mail.kg") != people.Proven {
		t.Fatal("the thief does not come so far")
	}
	path := h.Sent.Told("people.change.contact")[0].Path
	v := h.Visitor(t)
	for _, l := range i18n.Languages {
		if status, page := v.Get("/" + string(l) + path); status != http.StatusOK || strings.Contains(page, "[people.") || !strings.Contains(page, "<form") {
			t.Errorf("%s: %d", l, status)
		}
		for _, nonsense := range []string{"nonsense", h.Sent.Proofs[0].Token} {
			at := "/" + string(l) + "/contact/undo/" + nonsense
			if status, _ := v.Get(at); status != http.StatusNotFound {
				t.Errorf("%s %s: %d", l, nonsense, status)
			}
			if status, _ := v.Post("/ky/sign-in", at, url.Values{}); status != http.StatusNotFound {
				t.Errorf("%s, the button of %s: %d", l, nonsense, status)
			}
		}
	}
	if h.StateOf(t, p.ID, "a@mail.kg") != people.Leaving {
		t.Fatal("looking takes back")
	}
	if status, to := v.Post("/ky"+path, "/ky"+path, url.Values{}); status != http.StatusSeeOther || to != "/ky/sign-in" {
		t.Fatalf("%d %s", status, to)
	}
	if h.StateOf(t, p.ID, "a@mail.kg") != people.Proven || h.StateOf(t, p.ID, "b@mail.kg") != "" {
		t.Error("not taken back")
	}
	if status, _ := thief.Get("/ky/me"); status == http.StatusOK {
		t.Error("the thief sits here still")
	}
	for _, status := range []int{first(v.Get("/ky" + path)), first(v.Post("/ky/sign-in", "/ky"+path, url.Values{}))} {
		if status != http.StatusGone {
			t.Errorf("used: %d", status)
		}
	}
}

func first(status int, _ string) int { return status }

func TestAnUndoOfTwoWeeksAgoIsGone(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "a@mail.kg"})
	v := h.Visitor(t)
	h.SignIn(v, "a@mail.kg")
	v.Post("/ky/me/contacts", "/ky/me/contacts", url.Values{"email": {"b@mail.kg"}})
	proves := "/ky/prove/" + h.Sent.Proofs[0].Token
	v.Post(proves, proves, url.Values{"do": {"yes"}})
	path := h.Sent.Told("people.change.contact")[0].Path
	h.Clock.Pass(14 * 24 * time.Hour)
	for _, status := range []int{first(v.Get("/ky" + path)), first(v.Post("/ky/sign-in", "/ky"+path, url.Values{}))} {
		if status != http.StatusGone {
			t.Errorf("%d", status)
		}
	}
	if h.StateOf(t, p.ID, "b@mail.kg") != people.Proven {
		t.Error("taken back after two weeks")
	}
}
