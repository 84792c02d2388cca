package pages

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

func stateOf(t testing.TB, m *Module, id storage.ID) (app seats.Application) {
	t.Helper()
	if err := m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		app, err = seats.ApplicationByID(ctx, tx, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return app
}

func answer(ctx context.Context, m *Module, id storage.ID, reply seats.Reply) error {
	return m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		_, err := m.Answer(ctx, tx, id, reply)
		return err
	})
}

func TestAFreedSeatIsOfferedInOrderAndASilentOfferGoesOn(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 1 })
		setUp(t, m, a, `first_come = TRUE`)
		var apps []seats.Application
		for i := range 3 {
			c.Set(start.Add(time.Duration(i) * time.Minute))
			h, err := apply(t.Context(), m, a, i, "")
			if err != nil {
				t.Fatal(err)
			}
			apps = append(apps, h.Application)
		}
		if err := answer(t.Context(), m, apps[0].ID, seats.StepBack); err != nil {
			t.Fatal(err)
		}
		second := stateOf(t, m, apps[1].ID)
		if second.State != seats.Invited || second.Expires.IsZero() || stateOf(t, m, apps[2].ID).State != seats.Waitlisted {
			t.Fatalf("the first in line has %s until %v", second.State, second.Expires)
		}
		// Too early the job does nothing; in time the seat goes to the next.
		expire := func() {
			write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.Expire(ctx, tx, second.ID, second.Version) })
		}
		expire()
		if got := stateOf(t, m, second.ID).State; got != seats.Invited {
			t.Fatalf("expired early: %s", got)
		}
		c.Set(second.Expires)
		expire()
		expire()
		if got := stateOf(t, m, second.ID).State; got != seats.Withdrawn {
			t.Errorf("the silent one is %s", got)
		}
		if got := stateOf(t, m, apps[2].ID).State; got != seats.Invited {
			t.Errorf("the next is %s", got)
		}
		// A late yes finds no seat and goes to the list, where the next free seat finds her.
		if err := answer(t.Context(), m, second.ID, seats.SayYes); err != nil {
			t.Fatal(err)
		}
		if got := stateOf(t, m, second.ID).State; got != seats.Waitlisted {
			t.Errorf("the late one is %s", got)
		}
		if err := answer(t.Context(), m, apps[2].ID, seats.SayNo); err != nil {
			t.Fatal(err)
		}
		if got := stateOf(t, m, second.ID).State; got != seats.Invited {
			t.Errorf("the late one in line is %s", got)
		}
		if got := count(t, m, `SELECT taken FROM seminar`); got != 1 {
			t.Errorf("%d taken", got)
		}
	})
}

func TestMoreSeatsAreOfferedAtOnceAndFewerThanHeldAreRefused(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 2 })
		setUp(t, m, a, `first_come = TRUE`)
		for i := range 4 {
			if _, err := apply(t.Context(), m, a, i, ""); err != nil {
				t.Fatal(err)
			}
		}
		actor := access.Actor{Person: storage.RandomID(start), Grants: []access.Grant{{Role: access.Coordinator}}, Table: m.Manifest().Permissions}
		places := func(n int) error {
			return m.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				s, _, err := seats.SeminarOf(ctx, tx, a.ID)
				if err != nil {
					return err
				}
				s.Capacity = n
				return m.SetUp(ctx, tx, actor, a.ID, s)
			})
		}
		if err := places(1); !fault.Is(err, fault.Invalid) {
			t.Errorf("fewer seats than held: %v", err)
		}
		if err := places(3); err != nil {
			t.Fatal(err)
		}
		if got := count(t, m, `SELECT COUNT(*) FROM application WHERE state = 'invited'`); got != 1 {
			t.Errorf("%d offers for one new seat", got)
		}
	})
}

func TestSilenceBeforeTheDayIsShownAndOnlyReleasedWhenTheOrganiserWantsIt(t *testing.T) {
	t.Parallel()
	for name, release := range map[string]bool{"shown": false, "released": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				m, a := fixture(t, store, nil)
				rules := `first_come = TRUE`
				if release {
					rules += `, reconfirm_release = TRUE`
				}
				setUp(t, m, a, rules)
				one, err := apply(t.Context(), m, a, 1, "")
				if err != nil {
					t.Fatal(err)
				}
				two, err := apply(t.Context(), m, a, 2, "")
				if err != nil {
					t.Fatal(err)
				}
				c.Set(a.Starts.AddDate(0, 0, -2))
				for range 2 { // a job may run twice
					write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.AskAgain(ctx, tx, a.ID) })
				}
				if err := answer(t.Context(), m, one.Application.ID, seats.SayYes); err != nil {
					t.Fatal(err)
				}
				c.Set(a.Starts.AddDate(0, 0, -1))
				write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.Remind(ctx, tx, a.ID) })
				if got := stateOf(t, m, one.Application.ID); got.State != seats.Confirmed || got.Reconfirm != "yes" {
					t.Errorf("who said yes is %s, %q", got.State, got.Reconfirm)
				}
				want := seats.Confirmed
				if release {
					want = seats.Withdrawn
				}
				if got := stateOf(t, m, two.Application.ID).State; got != want {
					t.Errorf("the silent one is %s", got)
				}
			})
		})
	}
}

// TestWhoKeepsSilentIsAskedAgainAtThreeDaysAndAtOne lets jobs run on each of the days, twice.
func TestWhoKeepsSilentIsAskedAgainAtThreeDaysAndAtOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		days    int
		release bool
		asked   map[int]int // how often she was asked by so many days before
	}{
		"a week":                   {7, false, map[int]int{8: 0, 7: 1, 4: 1, 3: 2, 2: 2, 1: 3}},
		"a week, silence releases": {7, true, map[int]int{8: 0, 7: 1, 4: 1, 3: 2, 2: 2, 1: 2}},
		"two days":                 {2, false, map[int]int{3: 0, 2: 1, 1: 2}},
		"one day":                  {1, false, map[int]int{2: 0, 1: 1}},
		"never":                    {0, false, map[int]int{7: 0, 3: 0, 1: 0}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onStage(t, nil, func(s stage) {
				setUp(s.t, s.m, s.a, fmt.Sprintf(`first_come = TRUE, reconfirm_days = %d, reconfirm_release = %v`, c.days, c.release))
				_, app, _ := s.proven()
				_, yes, _ := s.proven("q_name", "Бекова Нур", "q_email", "nur@example.kg")
				asked := func(person storage.ID) (n int) {
					s.post.mu.Lock()
					defer s.post.mu.Unlock()
					for _, l := range s.post.letters {
						if l.To == person && l.Kind == "seminars.reconfirm" {
							n++
						}
					}
					return n
				}
				answered := 0
				order := slices.Sorted(maps.Keys(c.asked))
				slices.Reverse(order)
				for _, days := range order {
					s.c.Set(s.a.Starts.AddDate(0, 0, -days).Add(time.Minute))
					for range 2 {
						write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error { return s.m.AskAgain(ctx, tx, s.a.ID) })
					}
					if got := asked(app.Person); got != c.asked[days] {
						s.t.Errorf("%d days before she was asked %d times, not %d", days, got, c.asked[days])
					}
					if n := asked(yes.Person); n > 0 && answered == 0 { // the other says yes at once
						answered = n
						if err := answer(s.t.Context(), s.m, yes.ID, seats.SayYes); err != nil {
							s.t.Fatal(err)
						}
					}
				}
				if n := asked(yes.Person); n != answered {
					s.t.Errorf("who said yes was asked %d times", n)
				}
			})
		})
	}
}

// Whatever people and coordinators do, in whatever order: the seats taken are
// exactly those who hold one, never more than there are.
func TestSeatsTakenAreAlwaysThoseWhoHoldOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c := storagetest.NewClock(start)
		store := storagetest.Open(t, c.Option())
		defer store.Close()
		capacity := rapid.IntRange(1, 3).Draw(r, "capacity")
		m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = capacity })
		rule := `first_come = FALSE`
		if rapid.Bool().Draw(r, "first come") {
			rule = `first_come = TRUE`
		}
		setUp(t, m, a, rule)
		var ids []storage.ID
		for i := range rapid.IntRange(3, 20).Draw(r, "steps") {
			c.Set(start.Add(time.Duration(i) * time.Second))
			if len(ids) == 0 || rapid.IntRange(0, 3).Draw(r, "new") == 0 {
				h, err := apply(context.Background(), m, a, i, "")
				if err != nil {
					r.Fatal(err)
				}
				ids = append(ids, h.Application.ID)
			} else {
				id := rapid.SampledFrom(ids).Draw(r, "who")
				to := rapid.SampledFrom(seats.States[:]).Draw(r, "to")
				err := store.Write(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
					app, err := seats.ApplicationByID(ctx, tx, id)
					if err != nil {
						return err
					}
					_, err = m.Move(ctx, tx, app, to, storage.ID{}, "test")
					return err
				})
				if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Full) {
					r.Fatal(err)
				}
			}
			taken, held := count(t, m, `SELECT taken FROM seminar`), holders(t, m)
			if taken != held || taken > capacity {
				r.Fatalf("taken %d, held %d, capacity %d", taken, held, capacity)
			}
		}
	})
}
