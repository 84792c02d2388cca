package pages

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// TestAnInvitationIsAnsweredOnTheCardOfMyProgramme presses what stands on the card, says
// again that she comes, and gives the seat back; each leads back to My programme. A browser
// that only handed an application in is led to its own page.
func TestAnInvitationIsAnsweredOnTheCardOfMyProgramme(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		s.url = serve(s.t, s.m, s.c, append(peopletest.Manifests(s.m.People, s.m.Store), panelAt(s.m))...)
		card := func(b *browser, replies ...seats.Reply) {
			s.t.Helper()
			_, page, _ := b.do("GET", "/en/my", nil)
			for _, r := range []seats.Reply{seats.SayYes, seats.SayNo, seats.StepBack} {
				want := false
				for _, is := range replies {
					want = want || is == r
				}
				if got := strings.Contains(page, `name="reply" value="`+string(r)+`"`); got != want {
					s.t.Errorf("the card offers %q: %v", r, got)
				}
			}
		}
		says := func(b *browser, path string, reply seats.Reply) string {
			s.t.Helper()
			status, page, to := b.do("POST", path, url.Values{"reply": {string(reply)}, "from": {fromCard}})
			if status != http.StatusSeeOther {
				s.t.Fatalf("%s: %d %s", reply, status, page)
			}
			return to
		}
		her, app, path := s.proven()
		card(her)
		staff := s.coordinator("")
		invite := func(id storage.ID) {
			write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
				now, err := seats.ApplicationByID(ctx, tx, id)
				if err != nil {
					return err
				}
				_, err = s.m.Choose(ctx, tx, seats.Choose{Activity: s.a.ID, Actor: staff, To: seats.Invited, Seen: map[storage.ID]int64{id: now.Version}})
				return err
			})
		}
		invite(app.ID)
		card(her, seats.SayYes, seats.SayNo)
		if to := says(her, path, seats.SayYes); to != "/en/my" || s.at(path).State != seats.Confirmed {
			s.t.Errorf("her yes leads to %s and makes her %s", to, s.at(path).State)
		}
		card(her)
		now := s.at(path)
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error { // as AskAgain does, days later
			_, err := seats.SetReconfirm(ctx, tx, now, "asked")
			return err
		})
		card(her, seats.SayYes, seats.StepBack)
		if to := says(her, path, seats.StepBack); to != "/en/my" || s.at(path).State != seats.Withdrawn {
			s.t.Errorf("giving the seat back leads to %s and makes her %s", to, s.at(path).State)
		}
		card(her)

		first := s.browser()
		_, other := s.apply(first, "q_name", "Бекова Нур", "q_email", "nur@example.kg")
		if to := says(first, other, seats.StepBack); to != other {
			s.t.Errorf("a browser that is nobody is led to %s", to)
		}
	})
}

// My programme begins with the ticket that is shown next: the QR, and the code that is typed,
// of the activity that ends first; none where no ticket lets her in.
func TestMyProgrammeBeginsWithTheNextTicket(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		s.url = serve(s.t, s.m, s.c, append(peopletest.Manifests(s.m.People, s.m.Store), panelAt(s.m))...)
		her, app, path := s.proven()
		staff := s.coordinator("")
		pass := func() string {
			s.t.Helper()
			_, page, _ := her.do("GET", "/en/my", nil)
			before, after, ok := strings.Cut(page, `aria-labelledby="my-pass"`)
			if !ok {
				return ""
			}
			if strings.Contains(before, `id="my-next"`) || !strings.Contains(after, "<svg") {
				s.t.Error("the ticket is not first, or has no QR")
			}
			code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(after)
			if strings.Count(page, `href="/en/my/applications/`+app.ID.String()+`"`) != 1 {
				s.t.Error("the activity of the ticket stands twice")
			}
			return code
		}
		if code := pass(); code != "" {
			s.t.Errorf("who applied shows %s", code)
		}
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			now, err := seats.ApplicationByID(ctx, tx, app.ID)
			if err != nil {
				return err
			}
			_, err = s.m.Choose(ctx, tx, seats.Choose{Activity: s.a.ID, Actor: staff, To: seats.Invited, Seen: map[storage.ID]int64{app.ID: now.Version}})
			return err
		})
		if code := pass(); code != "" {
			s.t.Errorf("who is invited shows %s", code)
		}
		her.do("POST", path, url.Values{"reply": {string(seats.SayYes)}, "from": {fromCard}})
		var want string
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			ticket, err := seats.TicketOf(ctx, tx, app.ID)
			want = ticket.Serial.Code()
			return err
		})
		if code := pass(); code == "" || code != want {
			s.t.Errorf("shows %q, her ticket is %q", code, want)
		}
		her.do("POST", path, url.Values{"reply": {string(seats.StepBack)}, "from": {fromCard}})
		if code := pass(); code != "" {
			s.t.Errorf("who gave her seat back shows %s", code)
		}
	})
}
