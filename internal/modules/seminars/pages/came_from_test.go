package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// standsAs is all that an undo at the door gives back: the seats, the waiting list, where each
// application stands, tickets, facts, and what was told.
func standsAs(t testing.TB, m *Module) string {
	t.Helper()
	var lines []string
	if err := m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		rows := func(query string) error {
			list, err := storage.All(ctx, tx, func(row storage.Scanner) (s string, err error) {
				var id storage.ID
				var state, reconfirm string
				var n [3]int64
				err = row.Scan(&id, &state, &reconfirm, &n[0], &n[1], &n[2])
				return fmt.Sprint(id, state, reconfirm, n), err
			}, query)
			lines = append(lines, list...)
			return err
		}
		for _, q := range []string{
			`SELECT id, state, reconfirm, place, expires_at, facts FROM application ORDER BY id`,
			`SELECT activity_id, '', '', taken, capacity, 0 FROM seminar ORDER BY activity_id`,
			`SELECT application_id, '', '', revoked_at, 0, 0 FROM ticket WHERE revoked_at = 0 ORDER BY application_id`,
			`SELECT activity_id, kind, '', SUM(value), 0, 0 FROM fact GROUP BY activity_id, kind HAVING SUM(value) <> 0 ORDER BY activity_id, kind`,
			`SELECT application_id, '', '', at, 0, 0 FROM extra_seat ORDER BY application_id`,
			`SELECT application_id, state, '', 0, 0, 0 FROM came_from ORDER BY application_id`,
		} {
			if err := rows(q); err != nil {
				return err
			}
		}
		var told int
		err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM setting WHERE name LIKE 'sent/%'`).Scan(&told)
		lines = append(lines, fmt.Sprint("told ", told))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// hallOf is a seminar with people in every state, as many in a seat as there are seats.
func hallOf(t testing.TB, store *storage.Store, r *rand.Rand, full bool) (m *Module, a seats.Activity, apps []seats.Application) {
	t.Helper()
	const places = 5
	m, a = fixture(t, store, func(a *seats.Activity) { a.Capacity = places })
	setUp(t, m, a, ``)
	staff := storage.RandomID(start)
	want := []seats.State{seats.Applied, seats.Shortlisted, seats.Waitlisted, seats.Waitlisted, seats.Waitlisted, seats.Declined, seats.Withdrawn, seats.Invited, seats.Confirmed, seats.NoShow}
	if full {
		want = append(want, seats.Confirmed, seats.Confirmed)
	}
	r.Shuffle(len(want), func(i, j int) { want[i], want[j] = want[j], want[i] })
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		apps = nil
		for n, to := range want {
			p, err := registered(ctx, tx, m, n)
			if err != nil {
				return err
			}
			app, _, err := m.Begin(ctx, tx, a.ID, p, staff, "test")
			if err != nil {
				return err
			}
			path := []seats.State{to}
			if to == seats.NoShow {
				path = []seats.State{seats.Confirmed, to}
			}
			for _, to := range path {
				app.Line = int64(1000 + n) // the order of the list is not that of the hands
				if app, err = m.Move(ctx, tx, app, to, staff, "test"); err != nil {
					return err
				}
			}
			apps = append(apps, app)
		}
		return nil
	})
	return m, a, apps
}

// Whoever is let in, on a free seat or an extra one, before it begins or during it, and undone:
// all stands as it stood, and nobody was told or offered anything.
func TestAnUndoAtTheDoorGivesBackWhatWasBefore(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		for seed := range uint64(4) {
			c.Set(start)
			r := rand.New(rand.NewPCG(469, seed))
			m, a, apps := hallOf(t, store, r, seed%2 == 0)
			c.Set(a.Starts.Add([]time.Duration{-30 * time.Minute, time.Hour}[seed/2]))
			before := standsAs(t, m)
			if seed == 0 && !strings.Contains(before, "told") {
				t.Fatal("nothing is looked at")
			}
			r.Shuffle(len(apps), func(i, j int) { apps[i], apps[j] = apps[j], apps[i] })
			came := 0
			for i, app := range apps {
				out, err := checkIn(t.Context(), m, a, "phone", door.Scan{
					Nonce: fmt.Sprintf("came-%d-%03d", seed, i), Event: a.Slug, At: c.Now(), Kind: "in", Application: app.ID, Over: "there is a chair",
				})
				if err != nil {
					t.Fatal(err)
				}
				if out[0].Result == "accepted" {
					came++
				}
			}
			if got := count(t, m, `SELECT COUNT(*) FROM application WHERE activity_id = $1 AND state = 'attended'`, a.ID); got != len(apps) || came != len(apps) {
				t.Fatalf("%d of %d came, %d were let in", got, len(apps), came)
			}
			c.Set(c.Now().Add(seats.UndoWithin))
			for _, i := range r.Perm(len(apps)) {
				out, err := checkIn(t.Context(), m, a, "phone", door.Scan{
					Nonce: fmt.Sprintf("back-%d-%03d", seed, i), Code: fmt.Sprintf("came-%d-%03d", seed, i), Event: a.Slug, At: c.Now(), Kind: "undo",
				})
				if err != nil || out[0].Result != "accepted" {
					t.Fatal(out, err)
				}
			}
			if after := standsAs(t, m); after != before {
				t.Errorf("seed %d: it was\n%s\n\nand is\n%s", seed, before, after)
			}
		}
	})
}

// Three who wait are in over capacity. While that is undone, another phone reads one of them
// again and three who hold seats step back, whose seats are offered to the next: nobody is in
// without a scan that stands, and no seat is given twice or lost.
func TestAnUndoAgainstTheOfferToTheNextLosesNoSeat(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		const places, waits = 4, 6
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = places })
		setUp(t, m, a, `first_come = TRUE`)
		var list []seats.Application
		for n := range places + waits {
			h, err := apply(t.Context(), m, a, n, "")
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, stateOf(t, m, h.Application.ID))
		}
		hold, wait := list[:places], list[places:]
		c.Set(a.Starts.Add(-30 * time.Minute))
		in := func(device, nonce string, app seats.Application) (door.Outcome, error) {
			out, err := checkIn(t.Context(), m, a, device, door.Scan{Nonce: nonce, Event: a.Slug, At: c.Now(), Kind: "in", Application: app.ID, Over: "there is a chair"})
			if err != nil {
				return door.Outcome{}, err
			}
			return out[0], nil
		}
		for i := range 3 {
			if out, err := in("phone-a", fmt.Sprint("came-0000", i), wait[i]); err != nil || out.Reason != "over_capacity" {
				t.Fatal(out, err)
			}
		}
		crowd(t, 7, 7, func(i int) error {
			switch {
			case i < 3:
				_, err := checkIn(t.Context(), m, a, "phone-a", door.Scan{Nonce: fmt.Sprint("back-0000", i), Code: fmt.Sprint("came-0000", i), Event: a.Slug, At: c.Now(), Kind: "undo"})
				return err
			case i == 3:
				_, err := in("phone-b", "again-00001", wait[0])
				return err
			default:
				return answer(t.Context(), m, hold[i-4].ID, seats.StepBack)
			}
		})
		extra, taken := count(t, m, `SELECT COUNT(*) FROM extra_seat`), count(t, m, `SELECT taken FROM seminar`)
		if holders(t, m) != taken+extra || taken > places {
			t.Errorf("%d of %d seats are taken, %d extra, %d people have one", taken, places, extra, holders(t, m))
		}
		for i, was := range wait {
			now := stateOf(t, m, was.ID)
			in := count(t, m, `SELECT COUNT(*) FROM attendance WHERE application_id = $1 AND first_in > 0`, was.ID) == 1
			if in != (now.State == seats.Attended) || in && i != 0 {
				t.Errorf("who waits as number %d is %s, and in by the scans: %v", i, now.State, in)
			}
			if now.State == seats.Waitlisted && now.Place != was.Place {
				t.Errorf("who waited at %d waits at %d", was.Place, now.Place)
			}
		}
		if n := count(t, m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = 'seminars.attended'`); n != 1 {
			t.Errorf("%d facts of one who is in", n)
		}
		// What is free goes to the next with the sweep, to nobody twice.
		if err := m.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return m.PassOn(ctx, tx, a.ID) }); err != nil {
			t.Fatal(err)
		}
		if taken := count(t, m, `SELECT taken FROM seminar`); taken != places {
			t.Errorf("%d of %d seats are taken while somebody waits", taken, places)
		}
	})
}

// undoAgainstScan undoes on one phone who waited, while another phone reads her. It reports
// whether where she stands is what the scans say.
func undoAgainstScan(t *testing.T, m *Module, a seats.Activity, app seats.Application) bool {
	t.Helper()
	scans := []door.Scan{
		{Nonce: "came-00001", Kind: "in", Application: app.ID, Over: "there is a chair"},
		{Nonce: "back-00001", Kind: "undo", Code: "came-00001"},
		{Nonce: "again-0001", Kind: "in", Application: app.ID, Over: "there is a chair"},
	}
	for i := range scans {
		scans[i].Event, scans[i].At = a.Slug, a.Starts.Add(time.Duration(i)*time.Minute)
	}
	if _, err := checkIn(t.Context(), m, a, "phone-a", scans[0]); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	held, looked := make(chan struct{}), make(chan struct{})
	if m.Store.Dialect() == storage.PostgreSQL { // nobody writes the attendance before both have come
		wait.Go(func() {
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE attendance SET turn = turn WHERE application_id = $1`, app.ID)
				close(held)
				<-looked
				return err
			})
		})
		<-held
		wait.Go(func() {
			defer close(looked)
			for count(t, m, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) < 2 && t.Context().Err() == nil {
				runtime.Gosched()
			}
		})
	}
	for i, device := range []string{"phone-a", "phone-b"} {
		wait.Go(func() {
			if _, err := checkIn(t.Context(), m, a, device, scans[i+1]); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	now := stateOf(t, m, app.ID)
	in := count(t, m, `SELECT COUNT(*) FROM attendance WHERE application_id = $1 AND first_in > 0`, app.ID) == 1
	extra := count(t, m, `SELECT COUNT(*) FROM extra_seat WHERE application_id = $1`, app.ID) == 1
	return in && now.State == seats.Attended && extra
}

// waitingOne is a full house at its hour, and one who waits.
func waitingOne(t testing.TB, store *storage.Store, c *storagetest.Clock) (m *Module, a seats.Activity, app seats.Application) {
	t.Helper()
	c.Set(start)
	m, a = fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
	setUp(t, m, a, `first_come = TRUE`)
	for n := range 2 {
		h, err := apply(t.Context(), m, a, n, "")
		if err != nil {
			t.Fatal(err)
		}
		app = stateOf(t, m, h.Application.ID)
	}
	c.Set(a.Starts.Add(5 * time.Minute))
	return m, a, app
}

func TestAnUndoAgainstAnotherPhoneLeavesHerIn(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, app := waitingOne(t, store, c)
		if !undoAgainstScan(t, m, a, app) {
			t.Errorf("another phone read her, and she is %s: %s", stateOf(t, m, app.ID).State, doorState(t, m))
		}
	})
}

// The positive control, on PostgreSQL: without the turn both look before either acts.
func TestWithoutATurnAnUndoAgainstAnotherPhoneGoesWrong(t *testing.T) {
	t.Parallel()
	c := storagetest.NewClock(start)
	m, a, app := waitingOne(t, storagetest.OpenPostgreSQL(t, c.Option()), c)
	m.Turn = func(context.Context, *storage.Tx, storage.ID, storage.ID) error { return nil }
	write(t, m, func(ctx context.Context, tx *storage.Tx) error { return seats.TakeTurn(ctx, tx, app.ID, a.ID) })
	if undoAgainstScan(t, m, a, app) {
		t.Error("without the turn it goes right as well: the test of the turn proves nothing")
	}
}

// Who came without an application and is undone has a record that says so.
func TestAWalkInThatIsUndoneSaysWhatItWas(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 2) // one seat is free
		desk := &browser{t: t, base: g.url, as: "frontdesk osh"}
		seatsBefore := g.seatState()
		id, answer := g.walkIn(desk, "walk-in-0001")
		if !strings.Contains(answer, "door-answer good") {
			t.Fatal(answer)
		}
		c.Set(c.Now().Add(time.Minute))
		got := g.said(asker{staff: "frontdesk osh"}, g.scan("undo-nonce", 0).with("kind", "undo", "code", "walk-in-0001", "at", c.Now().Format(time.RFC3339)))
		who, _ := storage.ParseID(id)
		var moves []seats.Move
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) (err error) {
			moves, err = seats.MovesOf(ctx, tx, who)
			return err
		})
		last := moves[len(moves)-1]
		if got[0] != "accepted" || last.From != seats.Attended || last.To != seats.Applied || last.Why != "seminars.why.walk_in_undone" || g.seatState() != seatsBefore {
			t.Errorf("%v %+v %v", got, last, g.seatState())
		}
		staff := &browser{t: t, base: g.url, staff: true}
		if _, page, _ := staff.do("GET", "/ru/staff/seminars/osh/applicants/"+id, nil); !strings.Contains(page, "в зале этот человек не был") {
			t.Error("her application does not say that she did not come")
		}
		if slices.ContainsFunc(moves, func(v seats.Move) bool { return v.To == seats.Confirmed }) {
			t.Error("she was never confirmed")
		}
	})
}
