package pages

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

func TestALinkAnswersUntilTheStartIsReadForThirtyDaysMoreAndSaysSo(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, nil)
		setUp(t, m, a, `first_come = TRUE`)
		url0 := serve(t, m, c)
		b := &browser{t: t, base: url0}
		day := 24 * time.Hour
		for prefix, purpose := range map[string]string{"/a/": seats.LinkToApplication, "/i/": seats.LinkToInvitation} {
			// link gives a fresh applicant and the link of a letter that she got at the start.
			n := len(prefix + purpose)
			link := func() (id storage.ID, path string) {
				n++
				c.Set(start)
				h, err := apply(t.Context(), m, a, n, "")
				if err != nil {
					t.Fatal(err)
				}
				write(t, m, func(ctx context.Context, tx *storage.Tx) error {
					token, err := m.People.NewLink(ctx, tx, people.Link{Person: h.Application.Person, Purpose: purpose, Ref: h.Application.ID, Until: a.Ends.Add(seats.LinkKept)})
					path = prefix + token
					return err
				})
				return h.Application.ID, path
			}
			back := url.Values{"reply": {"withdraw"}}
			reads := func(now time.Time, path, want string, status int) {
				t.Helper()
				c.Set(now)
				for _, l := range i18n.Languages {
					got, page, _ := b.do(http.MethodGet, "/"+string(l)+path, nil)
					if got != status || strings.Contains(page, "[seminars.") {
						t.Errorf("%s, %s after the start: %d, want %d %s", path[:3], now.Sub(a.Starts), got, status, missing(page))
					}
					if form := strings.Contains(page, `name="reply"`); form != (want == "answer") {
						t.Errorf("%s, %s after the start: a form to answer: %v", path[:3], now.Sub(a.Starts), form)
					}
					page = strings.ReplaceAll(page, "\u00a0", " ")
					if status == http.StatusOK && !strings.Contains(page, i18n.DateTime(l, a.Ends.Add(30*day))) {
						t.Errorf("the page does not say until when it can be read")
					}
					if want == "answer" && !strings.Contains(page, i18n.DateTime(l, a.Starts)) {
						t.Errorf("the page does not say until when it can be answered")
					}
				}
			}
			_, path := link()
			reads(a.Starts.Add(-time.Second), path, "answer", http.StatusOK)
			reads(a.Starts, path, "read", http.StatusOK)
			reads(a.Ends.Add(30*day-time.Second), path, "read", http.StatusOK)
			reads(a.Ends.Add(30*day), path, "", http.StatusGone)

			id, path := link()
			c.Set(a.Starts)
			if status, _, _ := b.do(http.MethodPost, "/ky"+path, back); status != http.StatusSeeOther || stateOf(t, m, id).State == seats.Withdrawn {
				t.Errorf("%s answers after the start: %d, %s", prefix, status, stateOf(t, m, id).State)
			}
			if _, page, _ := b.do(http.MethodGet, "/en"+path, nil); !strings.Contains(page, "takes no more answers") {
				t.Errorf("%s does not say that it is too late", prefix)
			}
			// Signed in she may still step back while it goes on.
			c.Set(a.Starts.Add(time.Minute))
			if err := answer(t.Context(), m, id, seats.StepBack); err != nil {
				t.Error(err)
			}
			id, path = link()
			c.Set(a.Starts.Add(-time.Second))
			if status, _, _ := b.do(http.MethodPost, "/ky"+path, back); status != http.StatusSeeOther || stateOf(t, m, id).State != seats.Withdrawn {
				t.Errorf("%s does not answer before the start: %d", prefix, status)
			}
			// The activity moves: what counts is its new day, whatever the letter said.
			_, path = link()
			moved := a
			moved.Starts, moved.Ends = a.Starts.Add(60*day), a.Ends.Add(60*day)
			m.Calendar = diary{moved}
			c.Set(a.Ends.Add(31 * day))
			if status, page, _ := b.do(http.MethodGet, "/ky"+path, nil); status != http.StatusOK || !strings.Contains(page, `name="reply"`) {
				t.Errorf("%s of an activity that moved: %d", prefix, status)
			}
			m.Calendar = diary{a}
		}
	})
}

func TestHerOwnPageAndHerTicketTellWhetherTheLinkIsForOthers(t *testing.T) {
	t.Parallel()
	m, _, srv, _ := site(t, nil)
	her := &browser{t: t, base: srv}
	_, _, mine := her.do("POST", "/en/events/osh/apply", fill())
	if _, page, _ := her.do("GET", mine, nil); strings.Contains(page, "Do not forward") || strings.Contains(page, "do not forward") {
		t.Error("her own page, which only she opens, is called a link")
	}
	id, err := storage.ParseID(mine[strings.LastIndex(mine, "/")+1:])
	if err != nil {
		t.Fatal(err)
	}
	var ticket string
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		app, err := seats.ApplicationByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if app, err = m.Move(ctx, tx, app, seats.Confirmed, storage.ID{}, "seminars.why.first_come"); err != nil {
			return err
		}
		held, err := seats.TicketOf(ctx, tx, app.ID)
		ticket = m.ticketPath(held)
		return err
	})
	stranger := &browser{t: t, base: srv}
	if status, page, _ := stranger.do("GET", "/en"+ticket, nil); status != http.StatusOK || !strings.Contains(page, "Do not forward") {
		t.Errorf("the ticket does not say that its link is for her alone: %d", status)
	}
	if status, page, _ := stranger.do("GET", "/en"+ticket+".ics", nil); status != http.StatusOK || !strings.Contains(page, "DTSTART:20261121T060000Z") {
		t.Errorf("her calendar entry: %d %s", status, page)
	}
}
