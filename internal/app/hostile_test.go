package app

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// count gives how many rows the tables of what people hand in hold.
func (h house) count(t *testing.T) (n int64) {
	t.Helper()
	if err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM application) + (SELECT COUNT(*) FROM application_draft) + (SELECT COUNT(*) FROM person)`).Scan(&n)
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNonsenseIsAnsweredInWordsAndStoresNothing(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	person, slug := plant(t, h)
	before := h.count(t)
	apply := "/events/" + slug + "/apply"
	good := func(change ...string) url.Values {
		form := url.Values{
			"step": {"0"}, "do": {"next"}, "q_name": {"Айгүл Асанова"}, "q_email": {"nonsense@example.org"}, "q_sex": {"female"},
			"q_age": {"25-34"}, "q_place": {"osh"}, "q_processing": {"on"},
		}
		for i := 0; i < len(change); i += 2 {
			form.Set(change[i], change[i+1])
		}
		return form
	}
	var foreign string
	if err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		var id storage.ID
		err := tx.QueryRow(ctx, `SELECT id FROM application WHERE person_id = $1`, person).Scan(&id)
		foreign = id.String()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	nobody := storage.ID{1}.String()
	for _, c := range []struct {
		name, method, path string
		role               access.Role
		form               url.Values
		status             int
	}{
		{"a name of nothing", "POST", apply, "", good("q_name", " \t "), http.StatusUnprocessableEntity},
		{"a name that is too long", "POST", apply, "", good("q_name", strings.Repeat("а", 5000)), http.StatusUnprocessableEntity},
		{"a name of which nothing is seen", "POST", apply, "", good("q_name", "\x00\u3164\u200B"), http.StatusUnprocessableEntity},
		{"a name that turns its letters round", "POST", apply, "", good("q_name", "Айгүл\u202Eавонаса"), http.StatusUnprocessableEntity},
		{"a name that is no text", "POST", apply, "", good("q_name", "\xff\xfe"), http.StatusUnprocessableEntity},
		{"an address that is none", "POST", apply, "", good("q_email", "nobody"), http.StatusUnprocessableEntity},
		{"an address that adds a header", "POST", apply, "", good("q_email", "a@example.org\r\nBcc: b@example.org"), http.StatusUnprocessableEntity},
		{"a choice that is not offered", "POST", apply, "", good("q_place", "atlantis"), http.StatusUnprocessableEntity},
		{"no consent", "POST", apply, "", good("q_processing", ""), http.StatusUnprocessableEntity},
		{"an empty form", "POST", apply, "", url.Values{}, http.StatusUnprocessableEntity},
		{"ten megabytes", "POST", apply, "", good("q_name", strings.Repeat("a", 10<<20)), http.StatusRequestEntityTooLarge},
		{"a seminar that is not there", "POST", "/events/nowhere/apply", "", good(), http.StatusNotFound},
		{"an address as no address", "POST", "/sign-in", "", url.Values{"address": {"\U0001F600"}}, http.StatusUnprocessableEntity},
		{"a code nobody was sent", "POST", "/sign-in/code", "", url.Values{"code": {"000000"}}, http.StatusUnprocessableEntity},
		{"a link nobody was sent", "POST", "/sign-in/link/nonsense", "", url.Values{}, http.StatusGone},
		{"a foreign token", "GET", "/a/nonsense", "", nil, http.StatusNotFound},
		{"an invitation of nobody", "POST", "/i/nonsense", "", url.Values{"reply": {"confirm"}}, http.StatusNotFound},
		{"a method the page does not know", "DELETE", apply, "", nil, http.StatusMethodNotAllowed},
		{"another's application", "GET", "/my/applications/" + foreign, access.Participant, nil, http.StatusNotFound},
		{"withdrawing for another", "POST", "/my/applications/" + foreign, access.Participant, url.Values{"reply": {"withdraw"}}, http.StatusNotFound},
		{"another's session", "POST", "/me/sessions/" + nobody, access.Participant, url.Values{"end": {"1"}}, http.StatusNotFound},
		{"a person's page for a participant", "GET", "/people/" + person.String(), access.Participant, nil, http.StatusForbidden},
		{"a person's page for the donor", "GET", "/people/" + person.String(), access.Donor, nil, http.StatusForbidden},
		{"the selection for a deputy", "POST", "/staff/seminars/" + slug + "/applicants", access.Deputy, url.Values{"to": {"invited"}}, http.StatusForbidden},
		{"an applicant of another seminar", "GET", "/staff/seminars/parliament/applicants/" + foreign, access.Coordinator, nil, http.StatusNotFound},
		{"an applicant who is no number", "GET", "/staff/seminars/" + slug + "/applicants/nonsense", access.Coordinator, nil, http.StatusNotFound},
		{"a role without the form's token", "POST", "/people/" + person.String() + "/roles", access.Admin, url.Values{"role": {"admin"}}, http.StatusForbidden},
		{"erasure without the form's token", "POST", "/me/erase", access.Participant, url.Values{"sure": {"on"}}, http.StatusForbidden},
		{"seats below nought", "POST", "/staff/seminars/" + slug + "/seats", access.Coordinator, url.Values{"capacity": {"-1"}}, http.StatusUnprocessableEntity},
		{"seats beyond counting", "POST", "/staff/seminars/" + slug + "/seats", access.Coordinator, url.Values{"capacity": {"99999999999999999999"}}, http.StatusUnprocessableEntity},
	} {
		v := h.as(t, c.role)
		for _, lang := range []string{"ky", "ru", "en"} {
			status, body, _ := v.do(c.method, "/"+lang+c.path, c.form)
			if status != c.status {
				t.Errorf("%s, %s: status %d, want %d", c.name, lang, status, c.status)
			}
			if !strings.Contains(body, `<html lang="`+lang+`"`) {
				t.Errorf("%s: the answer is not a page in %s: %.200s", c.name, lang, body)
			}
			if words := sung(body); words != nil {
				t.Errorf("%s, %s: the answer gives away %q", c.name, lang, words)
			}
		}
	}
	if after := h.count(t); after != before {
		t.Errorf("%d rows were stored", after-before)
	}
	if words := sung(h.log.String()); words != nil {
		t.Errorf("the log holds %q", words)
	}
	// The test can fail: the same form without nonsense is stored.
	v := h.as(t, "")
	if status, body, _ := v.do("POST", "/ky"+apply, good("q_email", "\u202Asense@example.org\u202C")); status != http.StatusSeeOther {
		t.Errorf("a good form, copied with direction marks around a value: status %d: %.300s", status, body)
	}
	if h.count(t) == before {
		t.Error("a good form is not stored: the test proves nothing")
	}
}

func TestWayBackAfterSigningInStaysOnTheSite(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	v := h.as(t, "")
	_, _, header := v.do("GET", "/ru/my/applications?x=1", nil)
	if to := header.Get("Location"); !strings.Contains(to, "/sign-in?back="+url.QueryEscape("/ru/my/applications?x=1")) {
		t.Errorf("a stranger is led to %s", to)
	}
	for back, kept := range map[string]bool{
		"/ru/my": true, "/ru/my/applications?x=1": true, "//evil.example": false, "https://evil.example": false, `/\evil.example`: false,
		"/%2f/evil.example": false, "javascript:alert(1)": false, "/%0d%0aSet-Cookie:x": false, "": false,
	} {
		_, body, _ := v.do("GET", "/ru/sign-in?back="+url.QueryEscape(back), nil)
		if has := strings.Contains(body, `name="back"`); has != kept {
			t.Errorf("the way back %q is kept: %v, want %v", back, has, kept)
		}
	}
}

func TestOneBrowserCannotFloodTheFormButAClassroomMayUseIt(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, slug := plant(t, h)
	flood := h.as(t, "")
	flood.do("GET", "/ky/events/"+slug+"/apply", nil)
	stopped := 0
	for range 60 {
		if status, _, _ := flood.do("POST", "/ky/events/"+slug+"/apply", url.Values{"step": {"0"}}); status == http.StatusTooManyRequests {
			stopped++
		}
	}
	if stopped == 0 {
		t.Error("sixty forms from one browser are all read")
	}
	for range 40 {
		pupil := h.as(t, "")
		pupil.do("GET", "/ky/events/"+slug+"/apply", nil)
		if status, _, _ := pupil.do("POST", "/ky/events/"+slug+"/apply", url.Values{"step": {"0"}}); status != http.StatusUnprocessableEntity {
			t.Fatalf("a pupil behind the same address gets %d", status)
		}
	}
}
