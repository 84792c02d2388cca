package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// While people may still apply, an invitation by hand is asked about: the page names whom it
// would reach and changes nothing, and what it sends on does what it said. Once applications
// are closed nobody is asked.
func TestAnInvitationByHandIsAskedAboutWhilePeopleMayApply(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 20 }, func(s stage) {
		staff := &browser{t: s.t, base: s.url, staff: true}
		var apps []seats.Application
		for i := range 7 {
			app, _ := s.apply(s.browser(), "q_name", fmt.Sprintf("Айгүл %d", i), "q_email", emailOf(i))
			apps = append(apps, app)
		}
		rand.Shuffle(len(apps), func(i, j int) { apps[i], apps[j] = apps[j], apps[i] })
		chosen, others := apps[:1+rand.IntN(4)], apps[5:]
		form := url.Values{"to": {"invited"}, "why": {"<b>"}}
		for _, app := range chosen {
			form.Add("chosen", fmt.Sprintf("%s.%d", app.ID, app.Version))
		}
		before := s.count(`SELECT COUNT(*) FROM application_move`)
		status, page, _ := staff.do("POST", "/en/staff/seminars/osh/applicants?state=applied", form)
		if status != 200 || !strings.Contains(page, "Invite before applications close?") || !strings.Contains(page, "Hours to answer") {
			s.t.Fatalf("it does not ask: %d %s", status, page)
		}
		for _, app := range apps {
			named := strings.Contains(page, s.person(app.Person).FullName)
			isChosen := false
			for _, c := range chosen {
				isChosen = isChosen || c.ID == app.ID
			}
			if named != isChosen {
				s.t.Errorf("%s is named: %v, chosen: %v", s.person(app.Person).FullName, named, isChosen)
			}
			if now := stateOf(s.t, s.m, app.ID); now.State != app.State || now.Version != app.Version {
				s.t.Errorf("asking made her %s", now.State)
			}
		}
		if n := s.count(`SELECT COUNT(*) FROM application_move`); n != before {
			s.t.Errorf("asking wrote %d events", n-before)
		}
		sent := webtest.Form(s.t, page, "")
		if sent.Get("why") != "<b>" {
			s.t.Errorf("the reason is lost: %v", sent)
		}
		if status, page, _ = staff.do("POST", "/en/staff/seminars/osh/applicants?state=applied", sent); status != 303 {
			s.t.Fatalf("it is not done: %d %s", status, page)
		}
		for _, app := range chosen {
			if now := stateOf(s.t, s.m, app.ID); now.State != seats.Invited {
				s.t.Errorf("she is %s", now.State)
			}
		}
		// By name: nobody is there until it was said yes.
		typed := url.Values{"q_name": {"Бермет Бекова"}, "q_phone": {"0555 000 123"}}
		records := s.count(`SELECT COUNT(*) FROM person`)
		if status, page, _ = staff.do("POST", "/en/staff/seminars/osh/invite", typed); status != 200 || !strings.Contains(page, "Бермет Бекова") || !strings.Contains(page, "a call is needed") {
			s.t.Errorf("by name it does not ask: %d %s", status, page)
		}
		if n := s.count(`SELECT COUNT(*) FROM person`); n != records {
			s.t.Error("asking made a record")
		}
		if status, _, _ = staff.do("POST", "/en/staff/seminars/osh/invite", webtest.Form(s.t, page, "")); status != 303 || s.count(`SELECT COUNT(*) FROM person`) != records+1 {
			s.t.Errorf("by name it is not done: %d", status)
		}
		// Closed applications: at once.
		s.becomes(func(a *seats.Activity) { a.Deadline = s.c.Now().Add(-time.Hour) })
		if status, _, _ = staff.do("POST", "/en/staff/seminars/osh/applicants", url.Values{"to": {"invited"}, "chosen": {fmt.Sprintf("%s.%d", others[0].ID, others[0].Version)}}); status != 303 || stateOf(s.t, s.m, others[0].ID).State != seats.Invited {
			s.t.Errorf("after the deadline: %d, she is %s", status, stateOf(s.t, s.m, others[0].ID).State)
		}
	})
}

// Who is invited has one day to know: that by which she answers.
func TestThePageOfAnInvitationNamesOneDayToAnswerBy(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		app, _ := s.apply(s.browser(), "q_name", "Айгүл", "q_email", emailOf(1))
		staff := &browser{t: s.t, base: s.url, staff: true}
		if status, page, _ := staff.do("POST", "/en/staff/seminars/osh/applicants", url.Values{"to": {"invited"}, "chosen": {fmt.Sprintf("%s.%d", app.ID, app.Version)}, sureField: {"yes"}}); status != 303 {
			s.t.Fatalf("%d %s", status, page)
		}
		var token string
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) (err error) {
			token, err = s.m.People.NewLink(ctx, tx, people.Link{Person: app.Person, Purpose: seats.LinkToInvitation, Ref: app.ID, Until: seats.LinkEnds(s.a)})
			return err
		})
		for _, l := range i18n.Languages {
			_, page, _ := s.browser().do("GET", "/"+string(l)+"/i/"+token, nil)
			page = strings.ReplaceAll(page, "\u00a0", " ")
			if by := stateOf(s.t, s.m, app.ID).Expires; !strings.Contains(page, i18n.DateTime(l, by)) {
				s.t.Errorf("%s: by when she answers is not said: %s", l, page)
			}
			if strings.Contains(page, i18n.DateTime(l, seats.LinkEnds(s.a))) {
				s.t.Errorf("%s: until when the link is good is a second date", l)
			}
		}
	})
}
