package programme_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// staysAt is what was written by who says that all of the old place is right.
func staysAt(a programme.Activity) programme.ChangeActivity {
	c := programmetest.Written(a)
	c.Stays = programme.StaysNames
	return c
}

func activityNow(t *testing.T, s *storage.Store, id storage.ID) (a programme.Activity) {
	t.Helper()
	programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
		a, err = programme.ByID(ctx, tx, id)
		return err
	})
	return a
}

// Whatever is changed in whatever order and at whatever pace: each wait ends in one message
// from the first state to the last, or in none where they are the same; the page of everybody
// shows what was told and what waits.
func TestChangesWithinOneWaitAreToldAsOneFromTheFirstToTheLast(t *testing.T) {
	t.Parallel()
	programmetest.Moving(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock, svc *programme.Service, a programme.Activity, told *[]programme.Move) {
		seed := uint64(time.Now().UnixNano())
		random := rand.New(rand.NewPCG(seed, 1))
		halls := []i18n.Text{a.Venue, {Ky: "Китепкана", Ru: "Библиотека", En: "Library"}, {Ky: "Мектеп", Ru: "Школа", En: "School"}}
		first := a.Meeting() // what people know
		var waits time.Time
		want := 0
		for step := range 25 {
			now := activityNow(t, s, a.ID)
			if !waits.IsZero() && random.IntN(3) == 0 {
				c.Pass(programme.MoveWaits)
			} else {
				c.Pass(time.Duration(random.IntN(600)) * time.Second)
			}
			over := !waits.IsZero() && !c.Now().Before(waits)
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error { return svc.TellMove(ctx, tx, a.ID) })
			if over {
				want, first, waits = want+1, now.Meeting(), time.Time{}
			}
			if len(*told) != want {
				t.Fatalf("seed %d, step %d: %d were told, want %d", seed, step, len(*told), want)
			}
			if over {
				if last := (*told)[want-1]; !last.Is.Same(now.Meeting()) || last.Was.Same(last.Is) {
					t.Fatalf("seed %d, step %d: told %v to %v, it is %v", seed, step, last.Was, last.Is, now.Meeting())
				}
			}
			next := now
			switch random.IntN(3) {
			case 0:
				next.Venue = halls[random.IntN(len(halls))]
			case 1:
				by := time.Duration(random.IntN(2)) * 24 * time.Hour
				next.Starts, next.Ends = a.Starts.Add(by), a.Ends.Add(by)
			case 2:
				next.Gain.En = fmt.Sprint("Something else ", step) // nobody has to come elsewhere for it
			}
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.Change(ctx, tx, staysAt(next))
				return err
			})
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
				m, there, err := programme.MoveWaiting(ctx, tx, a.ID)
				if should := !first.Same(next.Meeting()); there != should {
					t.Fatalf("seed %d, step %d: a move waits: %v, want %v", seed, step, there, should)
				}
				waits = time.Time{}
				if there {
					waits = m.Tells
					if !m.Was.Same(first) || !m.Is.Same(next.Meeting()) {
						t.Fatalf("seed %d, step %d: from %v to %v waits", seed, step, m.Was, m.Is)
					}
					if wait := m.Tells.Sub(m.Began); wait > time.Hour || m.Tells.Before(m.At) {
						t.Fatalf("seed %d, step %d: it waits %s", seed, step, wait)
					}
				}
				return err
			})
		}
	})
}

// Nobody is told of what was cancelled meanwhile, nor twice.
func TestAMoveIsToldOnceAndNeverOfWhatIsCancelled(t *testing.T) {
	t.Parallel()
	programmetest.Moving(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock, svc *programme.Service, a programme.Activity, told *[]programme.Move) {
		a.Ends = a.Ends.Add(time.Hour)
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Change(ctx, tx, programmetest.Written(a))
			return err
		})
		tell := func() {
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error { return svc.TellMove(ctx, tx, a.ID) })
		}
		if tell(); len(*told) != 0 {
			t.Error("told before the wait was over")
		}
		c.Pass(programme.MoveWaits)
		for range 3 {
			tell()
		}
		if len(*told) != 1 {
			t.Errorf("told %d times", len(*told))
		}
		a = activityNow(t, s, a.ID)
		a.Ends = a.Ends.Add(time.Hour)
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := svc.Change(ctx, tx, programmetest.Written(a)); err != nil {
				return err
			}
			_, err := svc.Cancel(ctx, tx, programmetest.Coordinator, a.Slug, i18n.Text{En: "Snow"})
			return err
		})
		c.Pass(programme.MoveWaits)
		if tell(); len(*told) != 1 {
			t.Error("told of a move of what does not take place")
		}
	})
}

// What people feel is done only by who has seen what it does, in every language.
func TestWhatPeopleFeelIsShownBeforeItIsDone(t *testing.T) {
	t.Parallel()
	programmetest.Moving(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock, svc *programme.Service, a programme.Activity, _ *[]programme.Move) {
		a.Venue = i18n.Text{Ky: "Китепкана", Ru: "Библиотека", En: "Library"}
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
			a, err = svc.Change(ctx, tx, staysAt(a))
			return err
		})
		foresee := func(c programme.ChangeActivity) (p programme.Preview) {
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				p, err = svc.Foresee(ctx, tx, c)
				return err
			})
			return p
		}
		change := func(c programme.ChangeActivity) error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.Change(ctx, tx, c)
				if err == nil {
					err = fault.New(fault.Gone, "undone") // the next case begins where this one did
				}
				return err
			})
		}
		for name, v := range map[string]struct {
			venue   i18n.Text
			words   map[string]string
			felt    bool
			missing string
			becomes i18n.Text
		}{
			"a word that is the same":           {venue: i18n.Text{Ky: "Китепкана", Ru: " Библиотека ", En: "Library"}, becomes: i18n.Text{Ky: "Китепкана", Ru: "Библиотека", En: "Library"}},
			"one language":                      {venue: i18n.Text{Ky: "Китепкана", Ru: "Школа", En: "Library"}, felt: true, missing: "[ky en]"},
			"two languages":                     {venue: i18n.Text{Ky: "Мектеп", Ru: "Школа", En: "Library"}, felt: true, missing: "[en]"},
			"one language, the others empty":    {venue: i18n.Text{Ru: "Школа"}, felt: true, missing: "[ky en]"},
			"all languages":                     {venue: i18n.Text{Ky: "Мектеп", Ru: "Школа", En: "School"}, felt: true, becomes: i18n.Text{Ky: "Мектеп", Ru: "Школа", En: "School"}},
			"a name that is the same":           {venue: i18n.Text{Ky: "Китепкана", Ru: "Nomad", En: "Library"}, words: map[string]string{"venue": programme.SameWords}, felt: true, becomes: i18n.Text{Ky: "Nomad", Ru: "Nomad", En: "Nomad"}},
			"a spelling":                        {venue: i18n.Text{Ky: "Китепкана", Ru: "Библиотека имени Баялинова", En: "Library"}, words: map[string]string{"venue": programme.KeptWords}, felt: true, becomes: i18n.Text{Ky: "Китепкана", Ru: "Библиотека имени Баялинова", En: "Library"}},
			"a spelling, and nothing in Kyrgyz": {venue: i18n.Text{Ru: "Школа", En: "Library"}, words: map[string]string{"venue": programme.KeptWords}, felt: true, missing: "[ky]"},
		} {
			b := a
			b.Venue = v.venue
			c := staysAt(b)
			c.Shown, c.Words = true, v.words
			p := foresee(c)
			if p.Felt != v.felt {
				t.Errorf("%s: felt %v", name, p.Felt)
			}
			if missing := fmt.Sprint(p.Missing["venue"]); v.missing != "" && missing != v.missing || v.missing == "" && len(p.Missing) > 0 {
				t.Errorf("%s: missing %s, want %s", name, missing, v.missing)
			}
			if v.missing == "" && p.After.Venue != v.becomes {
				t.Errorf("%s: becomes %v", name, p.After.Venue)
			}
			if err := change(c); v.felt != (fault.Of(err).Key == programme.Unsure) {
				t.Errorf("%s: unseen: %v", name, err)
			}
			c.Sure = p.Sure
			if err := change(c); (v.missing != "") != (fault.Of(err).Key == programme.Unsure) {
				t.Errorf("%s: seen: %v", name, err)
			}
			if v.felt && v.missing == "" { // what she saw was another hour
				other := b
				other.Ends = other.Ends.Add(time.Minute)
				c.Write = func(programme.Activity) (programme.Activity, error) { return other, nil }
				if err := change(c); fault.Of(err).Key != programme.Unsure {
					t.Errorf("%s: another change than the one she saw: %v", name, err)
				}
			}
		}
	})
}

// Two who move one activity at the same moment leave one move that waits, as the database
// guards; without the index both get in.
func TestOneMoveOfAnActivityWaits(t *testing.T) {
	t.Parallel()
	programmetest.Moving(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock, _ *programme.Service, a programme.Activity, _ *[]programme.Move) {
		insert := func(query string) (entered int) {
			done := make(chan error)
			for range 2 {
				go func() {
					done <- s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
						_, err := tx.Exec(ctx, query, tx.NewID(), a.ID)
						return err
					})
				}()
			}
			for range 2 {
				if <-done == nil {
					entered++
				}
			}
			return entered
		}
		if n := insert(`INSERT INTO activity_move (id, activity_id, was, became, began_at, moved_at, tell_at) VALUES ($1, $2, '{}', '{}', 1, 1, 1)`); n != 1 {
			t.Errorf("%d moves wait", n)
		}
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `DELETE FROM activity_move`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `DROP INDEX activity_move_waits`)
			return err
		})
		if n := insert(`INSERT INTO activity_move (activity_id, id, was, became, began_at, moved_at, tell_at) VALUES ($2, $1, '{}', '{}', 2, 2, 2)`); n != 2 {
			t.Errorf("with the guard off %d got in: the test proves nothing", n)
		}
	})
}
