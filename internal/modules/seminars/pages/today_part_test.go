package pages

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/profile"
)

// What a morning counts in a handful of statements is what reading every application and
// opening every record gives; each thing that waits is a number of the same overview, and the
// people to call are those of the page of calls. Nobody reads of another city.
func TestAMorningCountsWhatIsThere(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openRegister(t, store, c, 90)
		dice := rand.New(rand.NewPCG(uint64(start.Unix()), 7))
		failed := 0
		for person := range g.persons {
			for activity := range g.list {
				if dice.IntN(3) == 0 {
					continue
				}
				state := seats.States[dice.IntN(len(seats.States))]
				app := g.apply(person, activity, state)
				proven, fails := dice.IntN(2) == 0, dice.IntN(3) == 0
				write(t, g.Module, func(ctx context.Context, tx *storage.Tx) error {
					if proven {
						if _, err := tx.Exec(ctx, `UPDATE application SET proven_at = made_at WHERE id = $1`, app); err != nil {
							return err
						}
					}
					if !fails {
						return nil
					}
					failed++
					_, err := tx.Exec(ctx, `INSERT INTO message (id, person_id, kind, activity_id, state, made_at, due_at, moved_at) VALUES ($1, $2, 'seminars.invited', $3, 'failed', $4, $4, $4)`,
						tx.NewID(), g.persons[person].ID, g.list[activity].ID, storage.Micros(tx.Now))
					return err
				})
			}
		}
		if failed == 0 {
			t.Fatal("no message failed: the test proves nothing of those to call")
		}
		for _, cities := range [][]string{{""}, {"osh"}, {"naryn"}, {}} {
			actor := coordinatorOf(cities...)
			actor.Table[seats.MayAdmit], actor.Table[seats.MayEnrol] = []access.Role{access.Coordinator}, []access.Role{access.Coordinator}
			var want int
			for _, a := range g.list {
				if actor.May(seats.MaySelect, seats.ScopeOf(a)) {
					want++
				}
			}
			if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				rows, tasks, day, err := g.gather(ctx, tx, actor)
				if err != nil {
					return err
				}
				if len(rows) != want || len(day.Overviews) != want {
					t.Errorf("of %v there are %d rows and %d overviews, not %d", cities, len(rows), len(day.Overviews), want)
				}
				if err := g.TellApart(ctx, tx, day.Overviews, 10_000); err != nil {
					return err
				}
				inRows := 0
				for _, w := range rows {
					inRows += len(w.Needs)
				}
				for _, task := range tasks {
					if task.Activity.IsZero() {
						inRows++
					}
				}
				if inRows != len(tasks) {
					t.Errorf("%d things wait, %d are shown", len(tasks), inRows)
				}
				for _, o := range day.Overviews {
					if !actor.May(seats.MaySelect, seats.ScopeOf(o.Activity)) {
						t.Errorf("%v reads of %s", cities, o.Activity.Slug)
					}
					apps, err := seats.ApplicationsOf(ctx, tx, o.Activity.ID)
					if err != nil {
						return err
					}
					count, by := map[seats.State]int{}, map[seats.State]seats.Sexes{}
					for _, app := range apps {
						count[app.State]++
						p, err := g.People.ByID(ctx, tx, app.Person)
						if err != nil {
							return err
						}
						s := by[app.State]
						switch p.Sex {
						case profile.Female:
							s.Women++
						case profile.Male:
							s.Men++
						default:
							s.Undisclosed++
						}
						by[app.State] = s
					}
					for _, s := range seats.States {
						if o.Count[s] != count[s] {
							t.Errorf("%s counts %d %s, there are %d", o.Activity.Slug, o.Count[s], s, count[s])
						}
						if s != seats.Declined && s != seats.Withdrawn && o.By[s] != by[s] {
							t.Errorf("%s tells %+v %s, there are %+v", o.Activity.Slug, o.By[s], s, by[s])
						}
					}
					list, err := g.ToCall(ctx, tx, actor, o.Activity)
					if err != nil {
						return err
					}
					out := 0
					for _, who := range list {
						if who.OutOfReach() {
							out++
						}
					}
					if want := g.outOfReach(ctx, tx, apps); out != want || want == 0 {
						t.Errorf("%s: %d are to be called, reading all gives %d", o.Activity.Slug, out, want)
					}
					if out != o.Reach.OutOfReach || !o.Reach.Known {
						t.Errorf("%s: %d are out of reach, the page of calls has %d", o.Activity.Slug, o.Reach.OutOfReach, out)
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// outOfReach counts, by reading everything, whom nothing but a call reaches.
func (g *register) outOfReach(ctx context.Context, tx *storage.Tx, apps []seats.Application) (n int) {
	g.t.Helper()
	for _, app := range apps {
		p, err := g.People.ByID(ctx, tx, app.Person)
		if err != nil {
			g.t.Fatal(err)
		}
		var bad int
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM message WHERE person_id = $1 AND activity_id = $2 AND state = 'failed'`, app.Person, app.Activity).Scan(&bad); err != nil {
			g.t.Fatal(err)
		}
		open, seated := false, false
		switch app.State {
		case seats.Applied, seats.Shortlisted:
			open = true
		case seats.Invited, seats.Confirmed, seats.Waitlisted:
			open, seated = true, true
		}
		unproven := app.Proven.IsZero()
		switch {
		case p.Phone == "" || !open:
		case unproven && (p.Email == "" || bad > 0), !unproven && seated && bad > 0:
			n++
		}
	}
	return n
}

// A phone is named after the event when it was not in contact since its end, and only while it
// may still send what it holds.
func TestAPhoneIsNamedWhileItMayStillSendWhatItHolds(t *testing.T) {
	t.Parallel()
	ends := start.Add(8 * time.Hour)
	a := seats.Activity{Starts: start, Ends: ends, State: "published"}
	until := ends.Add(24 * time.Hour)
	for name, c := range map[string]struct {
		device door.Device
		now    time.Time
		want   bool
	}{
		"not since the doors":   {door.Device{Enrolled: start, Seen: start.Add(time.Hour), Until: until}, ends.Add(time.Hour), true},
		"never after its link":  {door.Device{Enrolled: start, Until: until}, ends.Add(time.Hour), true},
		"it was in contact":     {door.Device{Enrolled: start, Seen: ends.Add(time.Minute), Until: until}, ends.Add(time.Hour), false},
		"it is too late":        {door.Device{Enrolled: start, Until: until}, until, false},
		"it goes on":            {door.Device{Enrolled: start, Until: until}, ends.Add(-time.Hour), false},
		"its right was taken":   {door.Device{Enrolled: start, Revoked: start, Until: until}, ends.Add(time.Hour), false},
		"the link was not used": {door.Device{Until: until}, ends.Add(time.Hour), false},
	} {
		if got := c.device.Silent(a, c.now); got != c.want {
			t.Errorf("%s: silent is %t", name, got)
		}
	}
}
