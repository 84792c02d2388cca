package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// fullHouse is a gate whose seats are all held.
func fullHouse(t *testing.T, store *storage.Store, c *storagetest.Clock) gate {
	t.Helper()
	g := openGate(t, store, c, 2)
	write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE seminar SET capacity = 2 WHERE activity_id = $1`, g.osh.ID)
		return err
	})
	return g
}

// walkIn lets somebody without an application come to the door, who is told
// that it is full, and gives her application.
func (g gate) walkIn(at *browser, nonce string) (application, answer string) {
	g.t.Helper()
	status, page, to := at.do("POST", "/ru/door/osh/walk-in", url.Values{
		"nonce": {nonce}, "q_name": {"Асанова Өмүркан " + nonce}, "q_sex": {"female"}, "q_processing": {"on"},
	})
	if status != http.StatusSeeOther {
		g.t.Fatalf("walk-in: %d %s", status, page)
	}
	_, answer, _ = at.do("GET", to, nil)
	var id storage.ID
	if err := g.m.Store.Read(g.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT application_id FROM scan WHERE nonce = $1`, nonce).Scan(&id)
	}); err != nil {
		g.t.Fatal(err)
	}
	return id.String(), answer
}

// seatState tells seats taken, people on extra ones, and those who came.
func (g gate) seatState() [3]int {
	return [3]int{
		count(g.t, g.m, `SELECT taken FROM seminar WHERE activity_id = $1`, g.osh.ID),
		count(g.t, g.m, `SELECT COUNT(*) FROM extra_seat WHERE activity_id = $1`, g.osh.ID),
		count(g.t, g.m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = 'seminars.attended'`),
	}
}

func TestAFullHouseLetsSomebodyInOnlyByAChoiceWithAReasonAndCountsHerApart(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := fullHouse(t, store, c)
		facilitator := &browser{t: t, base: g.url, as: "facilitator osh"}
		desk := &browser{t: t, base: g.url, as: "frontdesk osh"}
		id, answer := g.walkIn(desk, "walk-in-0001")
		if !strings.Contains(answer, "door-answer bad") || strings.Contains(answer, `name="over"`) {
			t.Errorf("the desk is told: %s", answer)
		}
		_, answer = g.walkIn(facilitator, "walk-in-0002")
		if !strings.Contains(answer, "door-answer bad") || !strings.Contains(answer, `name="over"`) {
			t.Errorf("the facilitator is told: %s", answer)
		}
		if got := g.seatState(); got != [3]int{2, 0, 0} {
			t.Fatalf("refused, and yet %v", got)
		}
		c.Set(c.Now().Add(time.Minute))
		over := func(reason string) url.Values {
			return url.Values{"nonce": {"over-nonce-01"}, "kind": {"in"}, "application": {id}, "over": {reason}}
		}
		for _, v := range []struct {
			who    *browser
			reason string
			status int
		}{
			{desk, "Приехала из Алая", http.StatusForbidden},
			{&browser{t: t, base: g.url, as: "facilitator naryn"}, "Приехала из Алая", http.StatusForbidden},
			{&browser{t: t, base: g.url}, "Приехала из Алая", http.StatusUnauthorized},
			{facilitator, "", http.StatusUnprocessableEntity},
			{facilitator, "  - ", http.StatusUnprocessableEntity},
			{facilitator, strings.Repeat("а", 2000), http.StatusUnprocessableEntity},
		} {
			if status, page, _ := v.who.do("POST", "/ru/door/osh", over(v.reason)); status != v.status || strings.Contains(page, "[seminars.") {
				t.Errorf("%q with %q: %d, want %d %s", v.who.as, v.reason, status, v.status, missing(page))
			}
		}
		if got := g.seatState(); got != [3]int{2, 0, 0} {
			t.Fatalf("nobody may, and yet %v", got)
		}
		for range 2 { // an impatient thumb
			status, page, to := facilitator.do("POST", "/ru/door/osh", over("Приехала из Алая"))
			if status != http.StatusSeeOther {
				t.Fatalf("%d %s", status, page)
			}
			_, page, _ = facilitator.do("GET", to, nil)
			if !strings.Contains(page, "door-answer good") || !strings.Contains(page, "Мест нет, но войти можно") || !strings.Contains(page, "Пришли: 1, из них сверх мест: 1") {
				t.Errorf("the door says %s", page)
			}
		}
		if got := g.seatState(); got != [3]int{2, 1, 1} {
			t.Fatalf("%v", got)
		}
		who, _ := storage.ParseID(id)
		app := stateOf(t, g.m, who)
		var moves []seats.Move
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) (err error) {
			moves, err = seats.MovesOf(ctx, tx, who)
			return err
		})
		last := moves[len(moves)-1]
		if app.State != seats.Attended || last.To != seats.Attended || last.Why != "Приехала из Алая" || last.By != namesake("facilitatorosh") {
			t.Errorf("%s by %+v", app.State, last)
		}
		// Who applies now finds the house as full as before.
		h, err := apply(t.Context(), g.m, g.osh, 7, "")
		if err == nil && h.Application.State == seats.Confirmed {
			t.Error("an extra chair was given to an applicant")
		}
		staff := &browser{t: t, base: g.url, staff: true}
		for path, words := range map[string]string{"": "Впустили на входе сверх мест: 1", "/applicants": "Впустили сверх мест", "/applicants/" + id: "Приехала из Алая"} {
			if _, page, _ := staff.do("GET", "/ru/staff/seminars/osh"+path, nil); !strings.Contains(page, words) || !strings.Contains(page, "/ru/door/osh") && path != "/applicants/"+id {
				t.Errorf("%s does not say %q or does not lead to the door", path, words)
			}
		}
		// Undone, she has no chair, and is who she was before.
		got := g.said(asker{staff: "facilitator osh"}, g.scan("nonce-out", 0).with("kind", "undo", "code", "over-nonce-01", "at", c.Now().Format("2006-01-02T15:04:05Z07:00")))
		if got[0] != "accepted" {
			t.Fatal(got)
		}
		if got := g.seatState(); got != [3]int{2, 0, 0} || stateOf(t, g.m, who).State != seats.Applied {
			t.Errorf("undone: %v, %s", got, stateOf(t, g.m, who).State)
		}
		if n := count(t, g.m, `SELECT COUNT(*) FROM ticket WHERE application_id = $1 AND revoked_at = 0`, who); n != 0 {
			t.Errorf("undone, she keeps %d tickets", n)
		}
	})
}

func TestAFreeSeatIsTakenBeforeAnExtraOne(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1) // one seat is free
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE seminar SET capacity = 1 WHERE activity_id = $1`, g.osh.ID)
			return err
		})
		facilitator := &browser{t: t, base: g.url, as: "facilitator osh"}
		id, _ := g.walkIn(facilitator, "walk-in-0001")
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE seminar SET capacity = 2 WHERE activity_id = $1`, g.osh.ID)
			return err
		})
		facilitator.do("POST", "/ru/door/osh", url.Values{"nonce": {"over-nonce-01"}, "kind": {"in"}, "application": {id}, "over": {"Приехала из Алая"}})
		if got := g.seatState(); got != [3]int{2, 0, 1} {
			t.Errorf("%v", got)
		}
	})
}

// Ten are let in beyond the seats while forty fight for the five that are free.
func TestExtraSeatsNeverMoveTheGuardOfTheSeats(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		const free, applicants, guests = 5, 40, 10
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = free })
		setUp(t, m, a, `first_come = TRUE`)
		var crowded []seats.Application
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			crowded = crowded[:0]
			for n := range guests {
				p, err := registered(ctx, tx, m, 1000+n)
				if err != nil {
					return err
				}
				app, _, err := m.Begin(ctx, tx, a.ID, p, storage.ID{}, "test")
				if err != nil {
					return err
				}
				crowded = append(crowded, app)
			}
			return nil
		})
		crowd(t, 16, applicants+guests, func(i int) error {
			if i%5 == 0 {
				return store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, _, err := m.LetIn(ctx, tx, crowded[i/5], storage.ID{}, "there is a chair")
					return err
				})
			}
			_, err := apply(t.Context(), m, a, i, "")
			if fault.Is(err, fault.Full) {
				err = nil
			}
			return err
		})
		taken, extra := count(t, m, `SELECT taken FROM seminar`), count(t, m, `SELECT COUNT(*) FROM extra_seat`)
		if taken != free || holders(t, m) != taken+extra {
			t.Errorf("%d of %d seats taken, %d extra, %d people inside", taken, free, extra, holders(t, m))
		}
		if n := count(t, m, `SELECT COUNT(*) FROM application WHERE state = 'attended'`); n != guests {
			t.Errorf("%d of %d were let in", n, guests)
		}
	})
}

// registered makes a person.
func registered(ctx context.Context, tx *storage.Tx, m *Module, n int) (storage.ID, error) {
	p, err := m.People.Register(ctx, tx, people.Details{FullName: fmt.Sprint("Гүлай Осмонова ", n), Sex: "female", Lang: i18n.Kyrgyz})
	return p.ID, err
}
