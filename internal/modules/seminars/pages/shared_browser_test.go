package pages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/spine/forms"
)

// later fills in the second page as it was drawn.
func later(page, question, words string) url.Values {
	v := url.Values{"step": {"1"}, "do": {"next"}, "q_" + question: {words}}
	for _, hidden := range []string{"draft", "begun", "form"} {
		if _, rest, there := strings.Cut(page, `name="`+hidden+`" value="`); there {
			value, _, _ := strings.Cut(rest, `"`)
			v.Set(hidden, value)
		}
	}
	return v
}

// Two people, two tabs, one browser: each second page belongs to what the first page of
// its own tab said.
func TestALaterPageNeverJoinsWhatSomebodyElseSaidOnTheFirst(t *testing.T) {
	t.Parallel()
	for name, handsInFirst := range map[string]bool{"while the other still writes": false, "after the other has handed in": true} {
		t.Run(name, func(t *testing.T) {
			onStage(t, nil, func(s stage) {
				question := s.asks(forms.Written{Kind: forms.AskChoice, Label: inThree("How do you come?"), Choices: options("Bus", "Own car")})
				more := s.asks(forms.Written{Kind: forms.AskText, Label: inThree("Plate number"), When: question + "=2"})
				b := s.browser()
				first := s.form(b, "q_name", "Айгүл Асанова", "q_email", "aigul@example.kg", "q_"+question, "2")
				second := s.form(b, "q_name", "Бермет Бекова", "q_email", "bermet@example.kg", "q_"+question, "2")
				next := func(form url.Values) string {
					s.t.Helper()
					status, page, to := s.send(b, form)
					if status != http.StatusSeeOther || !strings.Contains(to, "step=1") {
						s.t.Fatalf("the first page: %d to %q: %s", status, to, page)
					}
					_, page, _ = b.do("GET", to, nil)
					return page
				}
				hers := later(next(first), more, "plate of Aigul")
				others := later(next(second), more, "plate of Bermet")
				plates := map[string]string{} // by name, as the applications have them
				handIn := func(form url.Values) {
					s.t.Helper()
					status, page, to := s.send(b, form)
					if status != http.StatusSeeOther || !strings.Contains(to, "/my/applications/") {
						s.t.Fatalf("handing in: %d to %q: %s", status, to, page)
					}
					app := s.at(to)
					plates[s.person(app.Person).FullName] = s.told(app.ID).First(more)
				}
				if handsInFirst {
					handIn(others)
				}
				status, page, _ := s.send(b, hers)
				if status != http.StatusConflict || !strings.Contains(page, "Somebody else has begun this form anew") {
					s.t.Fatalf("her second page: %d: %s", status, page)
				}
				if strings.Contains(page, "Бермет") || !strings.Contains(page, "plate of Aigul") {
					s.t.Error("the page shows the other, or has lost what she wrote")
				}
				if !handsInFirst {
					handIn(others)
				}
				// She says the first page again; what she wrote on the second came along.
				again := s.form(b, "q_name", "Айгүл Асанова", "q_email", "aigul@example.kg", "q_"+question, "2")
				again.Set("q_"+more, "plate of Aigul")
				handIn(later(next(again), more, "plate of Aigul"))
				if plates["Айгүл Асанова"] != "plate of Aigul" || plates["Бермет Бекова"] != "plate of Bermet" || s.count(`SELECT COUNT(*) FROM application`) != 2 {
					s.t.Errorf("the applications are %v", plates)
				}
			})
		})
	}
}

// On a shared phone neither the browser's history nor its memory of forms shows who
// applied before.
func TestNoFieldOfAnApplicationIsRestoredByTheBrowser(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		_, page, _ := s.browser().do("GET", "/en/events/osh/apply", nil)
		_, form, _ := strings.Cut(page, `action="/en/events/osh/apply"`)
		form, _, _ = strings.Cut(form, "</form>")
		head, fields, _ := strings.Cut(form, ">")
		if !strings.Contains(head, `autocomplete="off"`) || !strings.Contains(head, "data-forget") {
			s.t.Errorf("the form: %s", head)
		}
		for _, part := range strings.Split(fields, `autocomplete="`)[1:] {
			if what, _, _ := strings.Cut(part, `"`); what != "off" {
				s.t.Errorf("a field is filled in by the browser with %q", what)
			}
		}
	})
}
