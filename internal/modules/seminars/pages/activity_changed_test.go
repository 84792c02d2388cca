package pages

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

func TestACancellationIsSaidOnceAndAMoveOnlyAfterItsWait(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		m, a := fixture(t, store, nil)
		for n := range 2 {
			if _, err := apply(t.Context(), m, a, n, ""); err != nil {
				t.Fatal(err)
			}
		}
		change := func(before, after seats.Activity) error {
			return m.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return m.ActivityChanged(ctx, tx, before, after)
			})
		}
		sent := func(kind string) int {
			return count(t, m, `SELECT COUNT(*) FROM setting WHERE name LIKE 'sent/%' AND value = $1`, kind)
		}
		later := a
		later.Version, later.Starts, later.Ends = a.Version+1, a.Starts.Add(time.Hour), a.Ends.Add(time.Hour)
		if err := change(a, later); err != nil {
			t.Fatal(err)
		}
		if n := sent("seminars.moved"); n != 0 {
			t.Errorf("%d were told of the new time before the wait was over", n)
		}
		draft := a
		draft.State = "draft"
		if err := change(a, draft); !fault.Is(err, fault.Conflict) {
			t.Errorf("taken back into a draft in spite of applicants: %v", err)
		}
		off := later
		off.State, off.Version = "cancelled", later.Version+1
		for range 2 {
			if err := change(later, off); err != nil {
				t.Fatal(err)
			}
		}
		if n := sent("seminars.cancelled"); n != 2 {
			t.Errorf("%d messages of the cancellation for 2 applicants", n)
		}
	})
}

// Everybody who may come is told of a move, once; who stepped back, was refused, or applied
// when the new place stood there already, is not.
func TestAMoveIsToldToEverybodyWhoMayComeOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 10 })
		setUp(t, m, a, ``)
		to := []seats.State{seats.Applied, seats.Shortlisted, seats.Invited, seats.Confirmed, seats.Waitlisted, seats.Declined, seats.Withdrawn}
		told := map[storage.ID]bool{}
		var all []storage.ID
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			for n, state := range to {
				h, err := m.Apply(ctx, tx, seats.Apply{Activity: a.ID, Answers: answersOf(n), Secret: string(rune('a' + n))})
				if err != nil {
					return err
				}
				if state != seats.Applied {
					if _, err := tx.Exec(ctx, `UPDATE application SET state = $2 WHERE id = $1`, h.Application.ID, string(state)); err != nil {
						return err
					}
				}
				all = append(all, h.Application.Person)
				told[h.Application.Person] = state != seats.Declined && state != seats.Withdrawn
			}
			return nil
		})
		c.Pass(time.Hour)
		move := programme.Move{ID: storage.RandomID(start), Activity: a.ID, Was: a.Meeting(), Is: a.Meeting(), At: c.Now()}
		move.Is.Venue.Ru = "Школа"
		c.Pass(time.Minute)
		late, err := apply(t.Context(), m, a, 9, "late")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, late.Application.Person)
		staff := access.Actor{Person: storage.RandomID(start), Grants: []access.Grant{{Role: access.Coordinator}}, Table: m.Manifest().Permissions}
		for range 2 {
			write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.TellMoved(ctx, tx, a, move) })
		}
		for _, person := range all {
			if n := count(t, m, `SELECT COUNT(*) FROM setting WHERE name = $1`, "sent/"+messages.MovedKey(move.ID, person)); (n == 1) != told[person] {
				t.Errorf("%s was told %d times, want %v", person, n, told[person])
			}
		}
		if n := count(t, m, `SELECT COUNT(*) FROM setting WHERE value = 'seminars.moved'`); n != 5 {
			t.Errorf("%d messages", n)
		}
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			list, err := m.Concerned(ctx, tx, staff, a)
			if err == nil && (len(list) != 6 || list[0].As != "seminars.state.confirmed" || !list[0].Reached() || !list[0].Named) {
				t.Errorf("shown beforehand: %+v", list)
			}
			if list, wrong := m.Concerned(ctx, tx, access.Actor{Person: staff.Person, Table: staff.Table}, a); wrong != nil || list[0].Named {
				t.Errorf("names for who does not select: %v", wrong)
			}
			return err
		})
	})
}

func changes(t testing.TB, m *Module, before, after seats.Activity) error {
	t.Helper()
	return m.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return m.ActivityChanged(ctx, tx, before, after)
	})
}

func TestTheNumberOfSeatsFollowsTheCalendar(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 2 })
		setUp(t, m, a, `first_come = TRUE`)
		for n := range 4 { // two have a seat, two wait
			if _, err := apply(t.Context(), m, a, n, ""); err != nil {
				t.Fatal(err)
			}
		}
		with := func(places int) seats.Activity {
			after := a
			after.Capacity = places
			return after
		}
		for _, c := range []struct {
			seats         int
			wrong         string
			now, promised int
		}{
			{0, "seminars.fault.capacity_empty", 2, 2},
			{1, "seminars.fault.capacity", 2, 2},
			{3, "", 3, 3},
			{10, "", 10, 4},
			{4, "", 4, 4},
			{3, "seminars.fault.capacity", 4, 4},
		} {
			err := changes(t, m, a, with(c.seats))
			if f := fault.Of(err); c.wrong == "" && err != nil || c.wrong != "" && (f == nil || f.Key != c.wrong || f.Field != "capacity") {
				t.Errorf("%d seats: %v, want %q", c.seats, err, c.wrong)
			}
			if err == nil {
				a = with(c.seats)
			}
			if places, promised := count(t, m, `SELECT capacity FROM seminar`), holders(t, m); places != c.now || promised != c.promised {
				t.Errorf("after %d: %d seats, %d promised, want %d and %d", c.seats, places, promised, c.now, c.promised)
			}
		}
		// Whom nobody applied to may be without a number, and get one again.
		other, b := fixture(t, store, nil)
		setUp(t, other, b, ``)
		none := b
		none.Capacity = 0
		for _, c := range [][2]seats.Activity{{b, none}, {none, b}} {
			if err := changes(t, other, c[0], c[1]); err != nil {
				t.Error(err)
			}
			if n := count(t, other, `SELECT capacity FROM seminar WHERE activity_id = $1`, b.ID); n != c[1].Capacity {
				t.Errorf("%d seats, want %d", n, c[1].Capacity)
			}
		}
	})
}

func TestWhatHangsOnTheDayOfAnInvitationMovesWithIt(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) {
			a.Starts = start.Add(48 * time.Hour) // an invitation of 72 hours is cut short
			a.Ends, a.Deadline = a.Starts.Add(8*time.Hour), start.Add(24*time.Hour)
		})
		setUp(t, m, a, ``)
		var invited, comes seats.Application
		write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
			for n, app := range []*seats.Application{&invited, &comes} {
				h, err := m.Apply(ctx, tx, seats.Apply{Activity: a.ID, Answers: answersOf(n), Secret: string(rune('a' + n))})
				if err != nil {
					return err
				}
				if *app, err = m.Move(ctx, tx, h.Application, seats.Invited, storage.RandomID(start), "test"); err != nil {
					return err
				}
			}
			if comes, err = m.Move(ctx, tx, comes, seats.Confirmed, comes.Person, "test"); err == nil {
				comes, err = seats.SetReconfirm(ctx, tx, comes, "asked")
			}
			if err == nil {
				_, err = tx.Exec(ctx, `INSERT INTO door_device (id, activity_id, name, enrol_hash, made_at, until_at) VALUES ($1, $2, 'phone', $1, 1, $3)`,
					tx.NewID(), a.ID, storage.Micros(a.Ends.Add(seats.TicketGrace)))
			}
			return err
		})
		if !invited.Expires.Equal(a.Starts) {
			t.Fatalf("it holds until %s", invited.Expires)
		}
		for _, v := range []struct {
			starts, holds time.Time
			asked         string
		}{
			{a.Starts.Add(time.Hour), a.Starts.Add(time.Hour), "asked"},     // later that day: cut by the new start
			{start.Add(10 * 24 * time.Hour), start.Add(72 * time.Hour), ""}, // another day: as long as it would have held
			{start.Add(12 * 24 * time.Hour), start.Add(72 * time.Hour), ""}, // it was not cut, and stays
			{start.Add(30 * time.Hour), start.Add(30 * time.Hour), ""},      // earlier: never beyond the start
			{start.Add(40 * time.Hour), start.Add(40 * time.Hour), ""},
		} {
			after := a
			after.Version++
			after.Starts, after.Ends = v.starts, v.starts.Add(8*time.Hour)
			m.Calendar = diary{after}
			if err := changes(t, m, a, after); err != nil {
				t.Fatal(err)
			}
			a = after
			now := stateOf(t, m, invited.ID)
			if !now.Expires.Equal(v.holds) {
				t.Errorf("it begins %s, the invitation holds until %s, want %s", v.starts, now.Expires, v.holds)
			}
			if n := count(t, m, `SELECT COUNT(*) FROM job WHERE kind = 'seminars.expire' AND dedupe LIKE $1 AND run_at = $2`,
				invited.ID.String()+"%", storage.Micros(v.holds)); n == 0 {
				t.Errorf("nobody ends the invitation at %s", v.holds)
			}
			if got := stateOf(t, m, comes.ID).Reconfirm; got != v.asked {
				t.Errorf("it begins %s, she is %q", v.starts, got)
			}
			if n := count(t, m, `SELECT COUNT(*) FROM door_device WHERE until_at = $1`, storage.Micros(a.Ends.Add(seats.TicketGrace))); n != 1 {
				t.Error("the phone does not scan as long as its door is open")
			}
		}
		// The jobs of the days before do nothing, those of the new day do.
		c.Set(a.Starts.Add(-time.Hour))
		write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.Expire(ctx, tx, invited.ID, invited.Version) })
		if got := stateOf(t, m, invited.ID).State; got != seats.Invited {
			t.Errorf("the end of an old day made her %s", got)
		}
	})
}

// The page of seats and the plan show one number.
func TestTheNumberOfSeatsStandsOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		m, _ := fixture(t, store, nil)
		m.Calendar = nil // that of the house
		loaded, err := plan.Load([]byte(`
programme: {slug: x, starts: 2026-01-01, name: {en: X}}
activities:
  - {slug: a, kind: seminar, title: {en: A}, day: 2026-12-01, hours: "10:00-12:00", capacity: 20}
`), start)
		if err != nil {
			t.Fatal(err)
		}
		var before, after seats.Activity
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := plan.Import(ctx, tx, loaded, false); err != nil {
				return err
			}
			if before, err = programme.BySlug(ctx, tx, "a"); err != nil {
				return err
			}
			staff := access.Actor{Person: storage.RandomID(start), Grants: []access.Grant{{Role: access.Admin}}, Table: m.Manifest().Permissions}
			s, err := seats.SeatsOf(ctx, tx, before)
			if err != nil {
				return err
			}
			s.Capacity = 5
			if err := m.SetUp(ctx, tx, staff, before.ID, s); err != nil {
				return err
			}
			after, err = programme.BySlug(ctx, tx, "a")
			return err
		})
		if after.Capacity != 5 || after.Version <= before.Version {
			t.Errorf("%d seats in the plan, version %d after %d", after.Capacity, after.Version, before.Version)
		}
	})
}
