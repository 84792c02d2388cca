package pages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// TestAnswersAreCorrectedUntilTheDeadlineByHerselfAlone corrects, hides and shows what hangs
// on an answer, sends an old page, and is refused as another, later, and when decided on.
func TestAnswersAreCorrectedUntilTheDeadlineByHerselfAlone(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		day := s.asks(forms.Written{Kind: forms.AskChoice, Required: true, Label: inThree("Which day?"), Choices: options("Monday", "Tuesday")})
		bus := s.asks(forms.Written{Kind: forms.AskText, Required: true, Label: inThree("Which bus on Tuesday?"), When: day + "=2"})
		photo := s.asks(forms.Written{Kind: forms.AskConsent, Required: true, Label: inThree("The driver may have my number"), When: day + "=2"})
		monday, tuesday := s.optionOf(day, "Monday"), s.optionOf(day, "Tuesday")
		her, app, path := s.proven("q_"+day, monday)
		page := path + "/answers"
		answers := func() (a forms.Answers) {
			s.t.Helper()
			now := s.at(path)
			write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) (err error) {
				a, err = s.m.AnswersOf(ctx, tx, now)
				return err
			})
			return a
		}
		sends := func(b *browser, change ...string) (int, string) {
			s.t.Helper()
			form := url.Values{"version": {"1"}, "q_why": {answers().First("why")}}
			for i := 0; i < len(change); i += 2 {
				form.Set(change[i], change[i+1])
			}
			status, body, _ := b.do("POST", page, form)
			return status, body
		}
		status, body, _ := her.do("GET", page, nil)
		if status != http.StatusOK || !strings.Contains(body, "Which day?") || strings.Contains(body, "Which bus") || strings.Contains(body, `name="q_name"`) || strings.Contains(body, `name="q_processing"`) {
			s.t.Fatalf("the page: %d %s", status, body)
		}
		before := answers()
		v := s.at(path).Version
		at := func(n int64) string { return strconv.FormatInt(n, 10) }

		// What hangs on the new answer is asked, and nothing is stored until it is answered.
		status, body = sends(her, "version", at(v), "q_"+day, tuesday)
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, "Which bus") || answers().First(day) != monday {
			s.t.Errorf("with a question open: %d, stored is %v", status, answers().Values)
		}
		if status, body = sends(her, "version", at(v), "q_"+day, tuesday, "q_"+bus, "144"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "The driver may") || answers().First(day) != monday {
			s.t.Errorf("without the consent that Tuesday asks for: %d, stored is %v", status, answers().Values)
		}
		yes := func() int {
			return s.count(`SELECT COUNT(*) FROM consent WHERE person_id = $1 AND purpose = $2 AND given = TRUE`, app.Person, "seminars."+photo)
		}
		all := s.count(`SELECT COUNT(*) FROM consent WHERE person_id = $1`, app.Person)
		if status, _ = sends(her, "version", at(v), "q_"+day, tuesday, "q_"+bus, "144", "q_"+photo, "on"); yes() != 1 || s.count(`SELECT COUNT(*) FROM consent WHERE person_id = $1`, app.Person) != all+1 {
			s.t.Errorf("%d consents of Tuesday, and others anew", yes())
		}
		if status != http.StatusSeeOther || answers().First(day) != tuesday || answers().First(bus) != "144" {
			s.t.Errorf("corrected: %d, stored is %v", status, answers().Values)
		}
		for _, key := range []string{"name", "email", "sex", "age", "place", "processing", "why"} {
			if answers().First(key) != before.First(key) {
				s.t.Errorf("%s is %q now, and was %q", key, answers().First(key), before.First(key))
			}
		}
		// What she is, is not changed here, whatever comes; an old page overwrites nothing.
		if status, _ = sends(her, "version", at(v), "q_"+day, monday); status != http.StatusConflict || answers().First(day) != tuesday {
			s.t.Errorf("an old page: %d, stored is %v", status, answers().Values)
		}
		now := s.at(path).Version
		if status, _ = sends(her, "version", at(now), "q_"+day, monday, "q_name", "Башка Адам", "q_sex", "male"); status != http.StatusSeeOther || answers().Has(bus) || answers().First("name") != before.First("name") || answers().First("sex") != before.First("sex") {
			s.t.Errorf("back to Monday: %d, stored is %v", status, answers().Values)
		}
		now = s.at(path).Version
		if status, _ = sends(her, "version", at(now), "q_"+day, monday); status != http.StatusSeeOther || s.at(path).Version != now {
			s.t.Errorf("nothing was different, and it is version %d instead of %d: %d", s.at(path).Version, now, status)
		}
		for name, bad := range map[string]string{"none of the options": "soul", "nothing": ""} {
			if status, _ = sends(her, "version", at(now), "q_"+day, bad); status != http.StatusUnprocessableEntity || answers().First(day) != monday {
				s.t.Errorf("%s: %d, stored is %v", name, status, answers().Values)
			}
		}
		if n := s.count(`SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND action = 'seminars.audit.answers'`, app.Person); n != 2 {
			s.t.Errorf("%d corrections stand in her log", n)
		}

		// Another person, and a browser that is nobody, find nothing there.
		other, _, _ := s.proven("q_name", "Бекова Нур", "q_email", "nur@example.kg", "q_"+day, monday)
		for who, b := range map[string]*browser{"another": other, "nobody": s.browser()} {
			if status, body, _ := b.do("GET", page, nil); status == http.StatusOK || strings.Contains(body, "Monday") {
				s.t.Errorf("%s reads %d", who, status)
			}
			if status, _ := sends(b, "version", at(now), "q_"+day, tuesday, "q_"+bus, "1"); status < 300 || answers().First(day) != monday {
				s.t.Errorf("%s writes: %d", who, status)
			}
		}
		_, _, err := s.change1(app, access.Actor{}, now)
		if !fault.Is(err, fault.NotFound) {
			s.t.Errorf("nobody by the use case: %v", err)
		}

		// Not once it was decided on, and not after the deadline.
		for state, may := range map[seats.State]bool{seats.Applied: true, seats.Shortlisted: true, seats.Waitlisted: true, seats.Confirmed: true, seats.Invited: false, seats.Declined: false, seats.Withdrawn: false, seats.Attended: false, seats.NoShow: false} {
			app := app
			app.State = state
			open := s.a
			open.Deadline = s.c.Now().Add(time.Microsecond)
			shut := open
			shut.Deadline = s.c.Now()
			if seats.MayChangeAnswers(open, app, s.c.Now()) != may || seats.MayChangeAnswers(shut, app, s.c.Now()) {
				s.t.Errorf("%s may: %v", state, !may)
			}
		}
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE application SET state = 'declined' WHERE id = $1`, app.ID)
			return err
		})
		if status, _ = sends(her, "version", at(now), "q_"+day, tuesday, "q_"+bus, "1"); status != http.StatusGone && status != http.StatusConflict && status != http.StatusForbidden || answers().First(day) != monday {
			s.t.Errorf("after a refusal: %d", status)
		}
	})
}

// change1 asks the use case itself, with nothing answered.
func (s stage) change1(app seats.Application, by access.Actor, version int64) (seats.Application, bool, error) {
	err := s.m.Store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		app, err = s.m.ChangeAnswers(ctx, tx, seats.ChangeAnswers{Application: app.ID, Actor: by, Version: version})
		return err
	})
	return app, err == nil, err
}
