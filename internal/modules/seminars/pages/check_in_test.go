package pages

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// doorFixture is a seminar with one who has a ticket, at its end: phones upload
// what they have read.
func doorFixture(t testing.TB, store *storage.Store, c *storagetest.Clock) (m *Module, a seats.Activity, app seats.Application, code string) {
	t.Helper()
	c.Set(start)
	m, a = fixture(t, store, nil)
	setUp(t, m, a, `first_come = TRUE`)
	h, err := apply(t.Context(), m, a, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		ticket, err := seats.TicketOf(ctx, tx, h.Application.ID)
		code = m.Pass(ticket, a)
		return err
	})
	c.Set(a.Ends)
	return m, a, h.Application, code
}

func checkIn(ctx context.Context, m *Module, a seats.Activity, device string, scans ...door.Scan) (out []door.Outcome, err error) {
	err = m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = m.CheckIn(ctx, tx, door.CheckIn{Device: device, Activity: a.ID, Scans: scans})
		return err
	})
	return out, err
}

func doorState(t testing.TB, m *Module) string {
	return fmt.Sprintf("attended %d, facts %d, first %d, inside %d, scans %d",
		count(t, m, `SELECT COUNT(*) FROM application WHERE state = 'attended'`),
		count(t, m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = 'seminars.attended'`),
		count(t, m, `SELECT COALESCE(MAX(first_in), 0) FROM attendance`),
		count(t, m, `SELECT COUNT(*) FROM attendance WHERE inside = TRUE`),
		count(t, m, `SELECT COUNT(*) FROM scan`))
}

func TestScansComeToTheSameInAnyOrderAndAnyBatches(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var marks []seats.Mark
		for i := range rapid.IntRange(0, 8).Draw(t, "scans") {
			v := seats.Mark{
				Device: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "device"), Nonce: fmt.Sprint(i),
				Kind: rapid.SampledFrom([]string{"in", "out"}).Draw(t, "kind"),
				At:   rapid.Int64Range(1, 5).Draw(t, "at"),
			}
			if rapid.Bool().Draw(t, "undone") {
				v.UndoneAt = v.At + rapid.Int64Range(0, 2*seats.UndoWithin.Microseconds()).Draw(t, "after")
			}
			marks = append(marks, v)
		}
		want := seats.MergeMarks(marks)
		if got := seats.MergeMarks(rapid.Permutation(marks).Draw(t, "order")); got != want {
			t.Errorf("%+v, then %+v", want, got)
		}
	})
}

func TestTheHouseIsTheSameWhateverOrderPhonesUploadIn(t *testing.T) {
	t.Parallel()
	c := storagetest.NewClock(start)
	store := storagetest.Open(t, c.Option())
	rapid.Check(t, func(rt *rapid.T) {
		var want string
		at := func(a seats.Activity, minutes int) time.Time {
			return a.Starts.Add(time.Duration(minutes) * time.Minute)
		}
		type sent struct {
			device string
			door.Scan
		}
		n := rapid.IntRange(1, 5).Draw(rt, "scans")
		plan := make([]sent, 0, 2*n)
		for i := range n {
			device := rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "device")
			nonce := fmt.Sprintf("nonce-%03d", i)
			when := rapid.IntRange(0, 60).Draw(rt, "minute")
			plan = append(plan, sent{device, door.Scan{Nonce: nonce, Kind: rapid.SampledFrom([]string{"in", "out"}).Draw(rt, "kind"), At: time.Unix(int64(when), 0)}})
			if rapid.Bool().Draw(rt, "undo") {
				plan = append(plan, sent{device, door.Scan{Nonce: "undo-" + nonce, Code: nonce, Kind: "undo", At: time.Unix(int64(when+rapid.IntRange(0, 20).Draw(rt, "later")), 0)}})
			}
		}
		for round := range 2 {
			order := plan
			if round == 1 {
				order = append(rapid.Permutation(plan).Draw(rt, "order"), plan[0])
			}
			m, a, _, code := doorFixture(t, store, c)
			for len(order) > 0 {
				size := rapid.IntRange(1, len(order)).Draw(rt, "batch")
				by := map[string][]door.Scan{}
				for _, s := range order[:size] {
					s.Event, s.At = a.Slug, at(a, int(s.At.Unix()))
					if s.Kind != "undo" {
						s.Code = code
					}
					by[s.device] = append(by[s.device], s.Scan)
				}
				for device, scans := range by {
					if _, err := checkIn(t.Context(), m, a, device+a.ID.String(), scans...); err != nil {
						rt.Fatal(err)
					}
				}
				order = order[size:]
			}
			got := fmt.Sprint(
				count(t, m, `SELECT COUNT(*) FROM application WHERE activity_id = $1 AND state = 'attended'`, a.ID),
				count(t, m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE activity_id = $1 AND kind = 'seminars.attended'`, a.ID),
				count(t, m, `SELECT COALESCE(MAX(first_in), 0) FROM attendance WHERE activity_id = $1`, a.ID),
				count(t, m, `SELECT COUNT(*) FROM attendance WHERE activity_id = $1 AND inside = TRUE`, a.ID),
				count(t, m, `SELECT COUNT(*) FROM scan WHERE activity_id = $1`, a.ID))
			if round == 0 {
				want = got
			} else if got != want {
				rt.Errorf("came to %s, before to %s", got, want)
			}
		}
	})
}

// scanAtTwoDoors shows one ticket at two doors at once and gives what each was told.
func scanAtTwoDoors(t *testing.T, m *Module, a seats.Activity, code string) (told map[string]int) {
	t.Helper()
	var mu sync.Mutex
	told = map[string]int{}
	var doors sync.WaitGroup
	for i := range 2 {
		doors.Go(func() {
			out, err := checkIn(t.Context(), m, a, fmt.Sprint("phone-", i), door.Scan{Nonce: "same-nonce", Code: code, Event: a.Slug, At: a.Starts, Kind: "in"})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				told["error"]++
			} else {
				told[out[0].Result]++
			}
		})
	}
	doors.Wait()
	return told
}

// The positive control: without the turn that checks in one after the other,
// both doors look before either acts. PostgreSQL alone shows it, since SQLite
// lets one writer in at a time.
func TestWithoutATurnOneTicketAtTwoDoorsGoesWrong(t *testing.T) {
	t.Parallel()
	c := storagetest.NewClock(start)
	m, a, app, code := doorFixture(t, storagetest.OpenPostgreSQL(t, c.Option()), c)
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		return seats.TakeTurn(ctx, tx, app.ID, a.ID)
	})
	m.Turn = func(context.Context, *storage.Tx, storage.ID, storage.ID) error { return nil }
	// Nobody can write the attendance before both doors have looked at it.
	var holding sync.WaitGroup
	held, looked := make(chan struct{}), make(chan struct{})
	holding.Go(func() {
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE attendance SET turn = turn WHERE application_id = $1`, app.ID)
			close(held)
			<-looked
			return err
		})
	})
	<-held
	holding.Go(func() {
		defer close(looked)
		for count(t, m, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) < 2 && t.Context().Err() == nil {
			runtime.Gosched()
		}
	})
	defer holding.Wait()
	if told := scanAtTwoDoors(t, m, a, code); told["accepted"] == 1 && told["already_in"] == 1 {
		t.Error("without the turn it goes right as well: the test of the turn proves nothing")
	}
}

func TestOneTicketAtTwoDoorsIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, _, code := doorFixture(t, store, c)
		if told := scanAtTwoDoors(t, m, a, code); told["accepted"] != 1 || told["already_in"] != 1 {
			t.Errorf("the doors were told %v", told)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM fact WHERE kind = 'seminars.attended'`); n != 1 {
			t.Errorf("%d facts of one attendance", n)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM scan`); n != 2 {
			t.Errorf("%d scans are kept, want both", n)
		}
	})
}

func TestEachBadScanIsAnsweredAndKept(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, app, code := doorFixture(t, store, c)
		forged := seats.Pass{Serial: 5}.Sign(testKey)
		good := door.Scan{Nonce: "nonce-good", Code: code, Event: a.Slug, At: a.Starts, Kind: "in"}
		for i, c := range []struct {
			change         func(*door.Scan)
			result, reason string
			kept           bool
		}{
			{func(s *door.Scan) { s.Nonce = "" }, "refused", "malformed", false},
			{func(s *door.Scan) { s.Kind = "through" }, "refused", "malformed", false},
			{func(s *door.Scan) { s.At = time.Time{} }, "refused", "malformed", false},
			{func(s *door.Scan) { s.Code = strings.Repeat("A", 600) }, "refused", "malformed", false},
			{func(s *door.Scan) { s.Event = "naryn" }, "refused", "wrong_event", true},
			{func(s *door.Scan) { s.Code = forged }, "refused", "forged", true},
			{func(s *door.Scan) { s.Code = "\x00\u202ehello" }, "unknown", "no_ticket", true},
			{func(s *door.Scan) { s.Code = "2222-2222" }, "unknown", "no_ticket", true},
			{func(s *door.Scan) { s.At = a.Starts.AddDate(0, 0, -9) }, "refused", "too_early", true},
			{func(s *door.Scan) { s.At = a.Ends.Add(door.MayBeAhead + time.Second) }, "refused", "future", true},
			{func(s *door.Scan) { s.At, s.Code = a.Ends.Add(door.MayBeAhead), "2222-2222" }, "unknown", "no_ticket", true},
			{func(s *door.Scan) { s.Kind, s.Code = "undo", "§ no nonce" }, "unknown", "undo_first", true},
			{func(s *door.Scan) { s.Kind, s.Code = "undo", "nonce-none" }, "unknown", "undo_first", true},
			{func(*door.Scan) {}, "accepted", "", true},
			{func(s *door.Scan) { s.Nonce = "nonce-good" }, "accepted", "", true},
			{func(s *door.Scan) { s.Nonce = "nonce-good" }, "duplicate", "accepted", false},
			{func(s *door.Scan) { s.Kind, s.Code, s.At = "undo", "nonce-good", a.Starts.Add(16*time.Minute) }, "refused", "too_late", true},
			{func(s *door.Scan) { s.Kind, s.Code, s.At = "undo", "nonce-good", a.Starts.Add(5*time.Minute) }, "accepted", "", true},
		} {
			s := good
			s.Nonce = fmt.Sprintf("nonce-%04d", i)
			c.change(&s)
			if i == 14 { // out and in again
				s.At = a.Starts
				if _, err := checkIn(t.Context(), m, a, "phone", door.Scan{Nonce: "nonce-undo", Code: "nonce-0013", Event: a.Slug, At: a.Starts, Kind: "undo"}); err != nil {
					t.Fatal(err)
				}
			}
			before := count(t, m, `SELECT COUNT(*) FROM scan`)
			out, err := checkIn(t.Context(), m, a, "phone", s)
			if err != nil || out[0].Result != c.result || out[0].Reason != c.reason {
				t.Errorf("%d: %+v, %v, want %s %s", i, out, err, c.result, c.reason)
			}
			if kept := count(t, m, `SELECT COUNT(*) FROM scan`) > before; kept != c.kept {
				t.Errorf("%d: kept %v", i, kept)
			}
		}
		if got := count(t, m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = 'seminars.attended'`); got != 0 {
			t.Errorf("after the undo %d attendances are left: %s", got, doorState(t, m))
		}
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			now, err := seats.ApplicationByID(ctx, tx, app.ID)
			if err == nil {
				_, err = m.Move(ctx, tx, now, seats.Withdrawn, now.Person, "test")
			}
			return err
		})
		out, err := checkIn(t.Context(), m, a, "phone", door.Scan{Nonce: "nonce-revoked", Code: code, Event: a.Slug, At: c.Now(), Kind: "in"})
		if err != nil || out[0].Reason != "revoked" {
			t.Errorf("%+v, %v", out, err)
		}
	})
}

func TestAScanLongAfterTheEndIsRefused(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, _, code := doorFixture(t, store, c)
		c.Set(a.Ends.AddDate(0, 0, 9))
		for nonce, late := range map[string]time.Duration{"nonce-last": 0, "nonce-late": time.Second} {
			out, err := checkIn(t.Context(), m, a, "phone", door.Scan{Nonce: nonce, Code: code, Event: a.Slug, At: a.Ends.Add(seats.TicketGrace + late), Kind: "in"})
			if want := map[bool]string{true: "expired"}[late > 0]; err != nil || out[0].Reason != want {
				t.Errorf("%s: %+v, %v", nonce, out, err)
			}
		}
	})
}

func TestARefusedUndoUndoesNothing(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGateOf(t, store, c, 2)
		desk := deskOf(g)
		in := func(nonce string, guest int) door.Scan {
			return door.Scan{Nonce: nonce, Code: g.codes[guest], Event: g.osh.Slug, At: g.osh.Starts, Kind: "in"}
		}
		undo := func(nonce, of, event string, at time.Time) door.Scan {
			return door.Scan{Nonce: nonce, Code: of, Event: event, At: at, Kind: "undo"}
		}
		for i, s := range []struct {
			scan door.Scan
			want string
		}{
			{undo("early-elsewhere", "nonce-0001", "naryn", g.osh.Starts), "unknown undo_first"}, // for all that Naryn knows it may come
			{undo("early-foreign", "nonce-0001", "batken", g.osh.Starts), "refused wrong_event"},
			{undo("early-future", "nonce-0001", "osh", g.osh.Starts.Add(time.Hour+door.MayBeAhead+time.Second)), "refused future"},
			{undo("early-late", "nonce-0001", "osh", g.osh.Starts.Add(seats.UndoWithin+time.Second)), "unknown undo_first"},
			{in("nonce-0001", 0), "accepted"},
			{undo("undo-elsewhere", "nonce-0001", "naryn", g.osh.Starts.Add(time.Minute)), "refused wrong_event"},
			{undo("undo-foreign", "nonce-0001", "batken", g.osh.Starts.Add(time.Minute)), "refused wrong_event"},
			{undo("undo-late", "nonce-0001", "osh", g.osh.Starts.Add(seats.UndoWithin+time.Second)), "refused too_late"},
			{undo("undo-before", "nonce-0001", "osh", g.osh.Starts.Add(-time.Second)), "refused too_late"},
			{undo("undo-undo", "undo-late", "osh", g.osh.Starts.Add(time.Minute)), "refused not_undone"},
			{undo("undo-malformed", "x", "osh", g.osh.Starts.Add(time.Minute)), "unknown undo_first"},
			{door.Scan{Nonce: "nonce-forged", Code: seats.Pass{Serial: 5}.Sign(testKey), Event: "osh", At: g.osh.Starts, Kind: "in"}, "refused forged"},
			{undo("undo-forged", "nonce-forged", "osh", g.osh.Starts.Add(time.Minute)), "refused not_undone"},
			{in("nonce-0002", 1), "accepted"}, // brings the attendance up to date
			{door.Scan{Nonce: "nonce-0003", Code: g.codes[0], Event: "osh", At: g.osh.Starts.Add(2 * time.Minute), Kind: "in"}, "already_in already_in"},
		} {
			out, err := uploadAs(t, g.m, desk, door.Scan{Event: "osh"}, s.scan) // the first is malformed, and names a door
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(out[1].Result + " " + out[1].Reason); got != s.want {
				t.Errorf("%d %s: %q, want %q", i, s.scan.Nonce, got, s.want)
			}
		}
		if got := doorState(t, g.m); got != fmt.Sprintf("attended 2, facts 2, first %d, inside 2, scans 15", g.osh.Starts.UnixMicro()) {
			t.Error(got)
		}
	})
}

// Whom staff noted as missing is brought back by an entry, not by an exit.
func TestAnExitAfterTheListBringsNobodyBack(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, app, code := doorFixture(t, store, c)
		scan := func(nonce, kind string, after time.Duration) {
			t.Helper()
			out, err := checkIn(t.Context(), m, a, "phone", door.Scan{Nonce: nonce, Code: code, Event: a.Slug, At: a.Starts.Add(after), Kind: kind})
			if err != nil || out[0].Result != "accepted" {
				t.Fatalf("%+v, %v", out, err)
			}
		}
		says := func(want seats.State, inside int) {
			t.Helper()
			var d seats.DoorCount
			write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
				d, err = seats.DoorCountOf(ctx, tx, a)
				return err
			})
			if got := stateOf(t, m, app.ID).State; got != want || d.Inside != inside {
				t.Errorf("she is %s, want %s; %d inside, want %d", got, want, d.Inside, inside)
			}
		}
		scan("nonce-0001", "in", 0)
		says(seats.Attended, 1)
		note(t, m, a, app, false)
		says(seats.NoShow, 0)
		scan("nonce-0002", "out", time.Hour)
		says(seats.NoShow, 0)
		scan("nonce-0003", "in", 2*time.Hour)
		says(seats.Attended, 1)
	})
}

// Of several days each begins with nobody inside: who did not sign out in the evening is let in
// the next morning as on the first, and came on both days; within a day, and through one
// night, she is in until she goes out.
func TestEachOfSeveralDaysBeginsWithNobodyInside(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, app, code := doorFixture(t, store, c)
		one := a
		a.Ends = a.Ends.AddDate(0, 0, 2)
		m.Calendar = diary{a}
		n := 0
		scan := func(of seats.Activity, kind string, when time.Time, want string, inside int) {
			t.Helper()
			n++
			c.Set(when)
			out, err := checkIn(t.Context(), m, of, "phone", door.Scan{Nonce: fmt.Sprint("nonce-00", n), Code: code, Event: of.Slug, At: when, Kind: kind})
			if err != nil || out[0].Result != want {
				t.Errorf("%s at %s: %+v, %v, want %s", kind, when, out, err, want)
			}
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				d, err := seats.DoorCountOf(ctx, tx, of)
				if d.Inside != inside {
					t.Errorf("at %s %d are inside, want %d", when, d.Inside, inside)
				}
				return err
			})
		}
		scan(a, "in", a.Starts, "accepted", 1)
		scan(a, "in", a.Starts.Add(time.Hour), "already_in", 1)
		second := a.Starts.AddDate(0, 0, 1)
		c.Set(second)
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			d, err := seats.DoorCountOf(ctx, tx, a)
			if d.Inside != 0 || d.Came != 1 {
				t.Errorf("before the second day begins: %+v", d)
			}
			return err
		})
		scan(a, "in", second, "accepted", 1)
		scan(a, "in", second.Add(time.Hour), "already_in", 1)
		scan(a, "out", second.Add(2*time.Hour), "accepted", 0)
		scan(a, "in", second.Add(3*time.Hour), "accepted", 1)
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			days, err := seats.DaysCame(ctx, tx, a, []seats.Application{stateOf(t, m, app.ID)})
			if days[app.ID] != 2 {
				t.Errorf("she came on %d days", days[app.ID])
			}
			return err
		})
		// One night is one stay.
		one.Ends = one.Starts.Add(20 * time.Hour)
		m.Calendar = diary{one}
		scan(one, "in", second.Add(4*time.Hour), "already_in", 1)
	})
}

// Two phones of one person of the staff are one device; should they ever make one
// nonce in the same moment, one scan is kept and one guest is in.
func TestOneNonceLetsOneGuestIn(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		const nonces = 24
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 2 * nonces })
		setUp(t, m, a, ``)
		var apps []seats.Application
		for n := range 2 * nonces {
			apps = append(apps, applied(t, m, a, n))
		}
		c.Set(a.Starts)
		crowd(t, 8, 2*nonces, func(i int) error {
			out, err := checkIn(t.Context(), m, a, "phone", door.Scan{Nonce: fmt.Sprintf("nonce-%04d", i/2), Event: a.Slug, At: a.Starts, Kind: "in", Application: apps[i].ID})
			if err == nil && out[0].Result == "duplicate" && out[0].Reason != "accepted" {
				t.Errorf("%+v", out)
			}
			return err
		})
		if got := doorState(t, m); got != fmt.Sprintf("attended %d, facts %d, first %d, inside %d, scans %d", nonces, nonces, a.Starts.UnixMicro(), nonces, nonces) {
			t.Error(got)
		}
	})
}
