package pages

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
)

// counted gives the facts of an application as they add up: kind and day to a number.
func counted(t testing.TB, m *Module, app seats.Application) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	if err := m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := m.People.ByID(ctx, tx, app.Person)
		if err != nil {
			return err
		}
		facts, err := ledger.Facts(ctx, tx, ledger.Filter{Activities: []storage.ID{app.Activity}})
		for _, f := range facts {
			if f.Subject != p.Subject {
				continue
			}
			key := strings.TrimPrefix(string(f.Kind), "seminars.") + " " + string(f.Day)
			if out[key] += f.Value; out[key] == 0 {
				delete(out, key)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// happened gives what should be counted of an application by its moves alone: each thing
// once, on the day on which it came about first, and that she came as long as she is
// said to have come. Nothing, unless it counts.
func happened(t testing.TB, m *Module, a seats.Activity, app seats.Application, proven bool) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		moves, err := seats.MovesOf(ctx, tx, app.ID)
		if err != nil {
			return err
		}
		first, counts := map[seats.State]time.Time{}, proven
		for _, v := range moves {
			if _, seen := first[v.To]; !seen {
				first[v.To] = v.At
			}
			counts = counts || v.To == seats.Attended || !v.By.IsZero() && v.By != app.Person
		}
		if !counts {
			return nil
		}
		for _, s := range []seats.State{seats.Applied, seats.Invited, seats.Confirmed} {
			if at, was := first[s]; was {
				out[string(s)+" "+string(ledger.DayOf(at))] = 1
			}
		}
		if now, err := seats.ApplicationByID(ctx, tx, app.ID); err != nil || now.State != seats.Attended {
			return err
		}
		at, err := seats.AttendanceOf(ctx, tx, app.ID)
		out["attended "+string(ledger.DayOf(at.CameAt(a)))] = 1
		return err
	})
	return out
}

func wantFacts(t testing.TB, m *Module, app seats.Application, when string, want ...string) {
	t.Helper()
	got := slices.Sorted(maps.Keys(counted(t, m, app)))
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: counted are %q, not %q", when, got, want)
	}
}

var staff = storage.ID{15: 9}

// moves takes an application to a state, as it is now.
func moves(t testing.TB, m *Module, id storage.ID, to seats.State, by storage.ID) {
	t.Helper()
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		app, err := seats.ApplicationByID(ctx, tx, id)
		if err == nil {
			_, err = m.Move(ctx, tx, app, to, by, "test")
		}
		return err
	})
}

func proves(t testing.TB, m *Module, person storage.ID) {
	t.Helper()
	write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.Proved(ctx, tx, person) })
}

// countable is an activity in December that is applied to at the end of October.
func countable(t testing.TB, store *storage.Store, c *storagetest.Clock, rule string) (*Module, seats.Activity, seats.Application) {
	t.Helper()
	c.Set(local("2026-10-31 23:30"))
	m, a := fixture(t, store, func(a *seats.Activity) {
		a.Opens, a.Deadline = local("2026-10-01 00:00"), local("2026-11-30 00:00")
		a.Starts, a.Ends = local("2026-12-05 10:00"), local("2026-12-05 18:00")
	})
	setUp(t, m, a, rule)
	h, err := apply(t.Context(), m, a, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	return m, a, h.Application
}

func TestAnUnprovenApplicationIsInNoNumberAndProvenItCountsOnTheDayItWasMade(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, _, app := countable(t, store, c, `first_come = TRUE`)
		wantFacts(t, m, app, "unproven")
		c.Set(local("2026-11-01 00:30"))
		proves(t, m, app.Person)
		wantFacts(t, m, app, "proven in the month after", "applied 2026-10-31", "confirmed 2026-10-31")
		c.Set(local("2026-11-02 00:30"))
		proves(t, m, app.Person)
		wantFacts(t, m, app, "proven twice", "applied 2026-10-31", "confirmed 2026-10-31")
		if n := count(t, m, `SELECT COUNT(*) FROM fact`); n != 2 {
			t.Errorf("%d facts", n)
		}
		for _, v := range []struct {
			from, to ledger.Day
			want     int
		}{{"2026-10-01", "2026-10-31", 1}, {"2026-11-01", "2026-11-30", 0}} {
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				facts, err := ledger.Facts(ctx, tx, ledger.Filter{Kinds: []ledger.Kind{seats.FactApplied}, From: v.from, To: v.to})
				if len(facts) != v.want {
					t.Errorf("%d applied in %s", len(facts), v.from[:7])
				}
				return err
			})
		}
	})
}

func TestAMoveOfStaffCountsAnUnprovenApplicationOnceAndEachThingOnItsDay(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, _, app := countable(t, store, c, ``)
		c.Set(local("2026-11-03 12:00"))
		moves(t, m, app.ID, seats.Waitlisted, storage.ID{}) // by the house: nobody has looked
		wantFacts(t, m, app, "moved by the house")
		c.Set(local("2026-11-05 12:00"))
		moves(t, m, app.ID, seats.Shortlisted, staff)
		wantFacts(t, m, app, "shortlisted", "applied 2026-10-31")
		c.Set(local("2026-11-06 12:00"))
		proves(t, m, app.Person)
		wantFacts(t, m, app, "proven after", "applied 2026-10-31")
		c.Set(local("2026-11-07 12:00"))
		moves(t, m, app.ID, seats.Invited, staff)
		c.Set(local("2026-11-08 12:00"))
		moves(t, m, app.ID, seats.Confirmed, app.Person)
		moves(t, m, app.ID, seats.Withdrawn, app.Person)
		c.Set(local("2026-11-09 12:00"))
		moves(t, m, app.ID, seats.Invited, staff)
		moves(t, m, app.ID, seats.Confirmed, app.Person)
		wantFacts(t, m, app, "invited and confirmed twice", "applied 2026-10-31", "invited 2026-11-07", "confirmed 2026-11-08")
		if n := count(t, m, `SELECT COUNT(*) FROM fact`); n != 3 {
			t.Errorf("%d facts", n)
		}
		// Who has declined it has looked at it too.
		h, err := apply(t.Context(), m, stateActivity(m), 2, "")
		if err != nil {
			t.Fatal(err)
		}
		moves(t, m, h.Application.ID, seats.Declined, staff)
		wantFacts(t, m, h.Application, "declined", "applied 2026-11-09")
	})
}

func stateActivity(m *Module) seats.Activity { return m.Calendar.(diary).only }

func TestWhoWithdrawsUnprovenIsNeverCounted(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, _, app := countable(t, store, c, `first_come = TRUE`)
		if err := answer(t.Context(), m, app.ID, seats.StepBack); err != nil {
			t.Fatal(err)
		}
		c.Set(local("2026-12-06 12:00"))
		write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.Lapse(ctx, tx, app.ID) })
		wantFacts(t, m, app, "withdrawn")
		if n := count(t, m, `SELECT COUNT(*) FROM fact`); n != 0 {
			t.Errorf("%d facts", n)
		}
	})
}

func TestWhoComesToTheDoorUnprovenCountsFromTheDayOnWhichSheApplied(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, app := countable(t, store, c, `first_come = TRUE`)
		in := door.Scan{Nonce: "nonce-0001", Event: a.Slug, At: local("2026-12-05 10:05"), Kind: "in", Application: app.ID}
		c.Set(local("2026-12-06 09:00"))
		for range 2 {
			if _, err := checkIn(t.Context(), m, a, "phone", in); err != nil {
				t.Fatal(err)
			}
			wantFacts(t, m, app, "at the door", "applied 2026-10-31", "confirmed 2026-10-31", "attended 2026-12-05")
		}
		if stateOf(t, m, app.ID).Proven.IsZero() {
			t.Error("who came is not proven")
		}
		undo := door.Scan{Nonce: "nonce-undo", Code: in.Nonce, Event: a.Slug, At: local("2026-12-05 10:10"), Kind: "undo"}
		if _, err := checkIn(t.Context(), m, a, "phone", undo); err != nil {
			t.Fatal(err)
		}
		wantFacts(t, m, app, "undone", "applied 2026-10-31", "confirmed 2026-10-31")
		proves(t, m, app.Person)
		wantFacts(t, m, app, "proven as well", "applied 2026-10-31", "confirmed 2026-10-31")
	})
}

// Phones upload when they can: what counts does not hang on the order.
func TestWhoWasLetInCountsThoughTheUndoOfTheScanArrivedFirst(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		for name, first := range map[string]int{"the scan first": 0, "the undo first": 1} {
			m, a, app := countable(t, store, c, `first_come = TRUE`)
			device := "phone" + a.ID.String()
			scans := []door.Scan{
				{Nonce: "nonce-0001", Event: a.Slug, At: local("2026-12-05 10:05"), Kind: "in", Application: app.ID},
				{Nonce: "nonce-undo", Code: "nonce-0001", Event: a.Slug, At: local("2026-12-05 10:10"), Kind: "undo"},
			}
			c.Set(local("2026-12-06 09:00"))
			for i := range scans {
				if _, err := checkIn(t.Context(), m, a, device, scans[(first+i)%2]); err != nil {
					t.Fatal(err)
				}
			}
			wantFacts(t, m, app, name, "applied 2026-10-31", "confirmed 2026-10-31")
		}
	})
}

func TestWhoAppliesSignedInOrIsEnteredByStaffCountsAtOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, first := countable(t, store, c, ``)
		b := a
		b.ID, b.Slug = storage.RandomID(start), "second"
		m.Calendar = towns{list: []seats.Activity{a, b}}
		var own seats.Handed
		write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
			if err := m.Proved(ctx, tx, first.Person); err != nil {
				return err
			}
			own, err = m.Apply(ctx, tx, seats.Apply{Activity: b.ID, Answers: answersOf(1), Lang: "ky", Actor: access.Actor{Person: first.Person, Origin: access.OfProof}})
			return err
		})
		wantFacts(t, m, own.Application, "signed in", "applied 2026-10-31")
		var walk seats.Application
		write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
			p, err := m.People.Register(ctx, tx, seats.DetailsOf(answersOf(3), b))
			if err == nil {
				walk, _, err = m.Begin(ctx, tx, b.ID, p.ID, staff, "seminars.why.walk_in")
			}
			return err
		})
		wantFacts(t, m, walk, "entered by staff", "applied 2026-10-31")
	})
}

// step is one thing that may happen to an application.
type step struct {
	name string
	do   func() error
}

// In whatever order applications are made, proven, moved by staff or by the house,
// answered, scanned and undone: of each is counted what its moves say, each thing once
// and on its own day, if it counts, and else nothing.
func TestOfAnApplicationIsCountedWhatHappenedToItIfItCountsAndElseNothing(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		rapid.Check(t, func(r *rapid.T) {
			c.Set(local("2026-11-28 22:00"))
			m, a := fixture(t, store, func(a *seats.Activity) {
				a.Opens, a.Deadline = local("2026-11-01 00:00"), local("2026-12-01 00:00")
				a.Starts, a.Ends = local("2026-11-30 20:00"), local("2026-12-01 04:00")
				a.Capacity = 2
			})
			setUp(t, m, a, rapid.SampledFrom([]string{`first_come = TRUE`, `first_come = FALSE`}).Draw(r, "rule"))
			var apps []seats.Application
			var nonces []string
			proven := map[storage.ID]bool{}
			for i := range rapid.IntRange(2, 25).Draw(r, "steps") {
				c.Set(c.Now().Add(time.Duration(rapid.IntRange(1, 300).Draw(r, "minutes")) * time.Minute))
				var app seats.Application
				if len(apps) > 0 {
					app = stateOf(t, m, rapid.SampledFrom(apps).Draw(r, "who").ID)
				}
				ctx := context.Background()
				moveTo := func(by storage.ID, states ...seats.State) func() error {
					return func() error {
						to := rapid.SampledFrom(states).Draw(r, "to")
						return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
							app, err := seats.ApplicationByID(ctx, tx, app.ID)
							if err == nil {
								_, err = m.Move(ctx, tx, app, to, by, "test")
							}
							return err
						})
					}
				}
				list := []step{{"apply", func() error {
					h, err := apply(ctx, m, a, i, "")
					if err == nil {
						apps = append(apps, h.Application)
					}
					return err
				}}}
				if len(apps) > 0 {
					list = append(list, []step{
						{"prove", func() error { proves(t, m, app.Person); proven[app.ID] = true; return nil }},
						{"staff", moveTo(staff, seats.Applied, seats.Shortlisted, seats.Invited, seats.Waitlisted, seats.Declined)},
						{"house", moveTo(storage.ID{}, seats.Confirmed, seats.Waitlisted, seats.Invited, seats.Withdrawn)},
						{"answer", func() error {
							return answer(ctx, m, app.ID, rapid.SampledFrom([]seats.Reply{seats.SayYes, seats.SayNo, seats.StepBack, seats.ComeAgain}).Draw(r, "reply"))
						}},
						{"lapse", func() error {
							return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return m.Lapse(ctx, tx, app.ID) })
						}},
						{"scan", func() error {
							s := door.Scan{Nonce: fmt.Sprintf("nonce-%04d", i), Event: a.Slug, At: c.Now().Add(-time.Duration(rapid.IntRange(0, 200).Draw(r, "late")) * time.Minute), Kind: rapid.SampledFrom([]string{"in", "in", "out"}).Draw(r, "kind"), Application: app.ID}
							nonces = append(nonces, s.Nonce)
							if rapid.Bool().Draw(r, "undo") { // of a scan that came before, or is still on its way
								which := rapid.SampledFrom(append(nonces, fmt.Sprintf("nonce-%04d", i+1))).Draw(r, "which")
								s = door.Scan{Nonce: fmt.Sprintf("undo-%05d", i), Code: which, Event: a.Slug, At: c.Now(), Kind: "undo"}
							}
							_, err := checkIn(ctx, m, a, "phone"+a.ID.String(), s)
							return err
						}},
						{"list", func() error {
							return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
								_, err := m.NotePresence(ctx, tx, door.NotePresence{
									Activity: a.ID, Application: app.ID, Came: rapid.Bool().Draw(r, "came"),
									Actor: access.Actor{Person: staff, Grants: []access.Grant{{Role: access.Coordinator}}, Table: m.Manifest().Permissions},
								})
								return err
							})
						}},
					}...)
				}
				s := list[rapid.IntRange(0, len(list)-1).Draw(r, "what")]
				if err := s.do(); err != nil && fault.Of(err) == nil {
					r.Fatalf("%s: %v", s.name, err)
				}
				for i, app := range apps {
					if scanned := count(t, m, `SELECT COUNT(*) FROM scan WHERE application_id = $1 AND kind = 'in' AND valid = TRUE`, app.ID); scanned > 0 {
						proven[app.ID] = true // who was let in is proven, also when that is undone
					}
					got, want := counted(t, m, app), happened(t, m, a, app, proven[app.ID])
					if !maps.Equal(got, want) {
						r.Fatalf("after %q application %d counts as %v, not as %v", s.name, i, got, want)
					}
				}
			}
		})
	})
}
