package signin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/people"
)

func TestTheWhoPageIsForTheBrowserThatProvedTheAddress(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	mother := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Ёлкина Анна", Email: "family@mail.kg"})
	peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Абдыкеримова Чынара", Email: "family@mail.kg"})
	stranger := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Бакыт", Email: "b@mail.kg"})
	v := h.Visitor(t)
	const at = "/ky/sign-in/who"
	if status, page := v.Get(at); status != http.StatusGone || strings.Contains(page, "Анна") {
		t.Errorf("before: %d", status)
	}
	if to := h.SignIn(v, "family@mail.kg"); to != at {
		t.Fatalf("led to %s", to)
	}
	for _, l := range i18n.Languages {
		status, page := v.Get("/" + string(l) + "/sign-in/who")
		if status != http.StatusOK || !strings.Contains(page, "Ёлкина Анна") || !strings.Contains(page, "Абдыкеримова Чынара") || strings.Contains(page, "Бакыт") || strings.Contains(page, "[people.") {
			t.Errorf("%s: %d", l, status)
		}
	}
	if status, page := h.Visitor(t).Get(at); status != http.StatusGone || strings.Contains(page, "Анна") {
		t.Errorf("another browser: %d", status)
	}
	for name, chosen := range map[string]string{"nobody": "", "nonsense": "x", "somebody else": stranger.ID.String()} {
		if status, _ := v.Post(at, at, url.Values{"person": {chosen}}); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, status)
		}
	}
	if status, to := v.Post(at, at, url.Values{"person": {mother.ID.String()}}); status != http.StatusSeeOther || to != "/ky/me" {
		t.Errorf("%d %s", status, to)
	}
	if _, page := v.Get("/ky/me"); !strings.Contains(page, "Ёлкина Анна") {
		t.Error("she is not in")
	}
	if status, _ := v.Post(at, at, url.Values{"person": {mother.ID.String()}}); status != http.StatusGone {
		t.Errorf("twice: %d", status)
	}
}
