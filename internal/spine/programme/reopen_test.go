package programme_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// Applications that are closed stay closed to whatever day the activity moves, unless somebody
// opens them again: only where a seat is free or somebody waits, and only until the start.
func TestClosedApplicationsStayClosedWhenTheDayMovesUnlessSomebodyOpensThem(t *testing.T) {
	t.Parallel()
	programmetest.Moving(t, func(t *testing.T, s *storage.Store, c *storagetest.Clock, _ *programme.Service, a programme.Activity, _ *[]programme.Move) {
		var free, waiting int
		svc := programme.New(programme.Options{Hangs: func(context.Context, *storage.Tx, programme.Activity, programme.Activity) (programme.Hanging, error) {
			return programme.Hanging{Free: free, Waiting: waiting}, nil
		}})
		seed := uint64(time.Now().UnixNano())
		random := rand.New(rand.NewPCG(seed, 2))
		minutes := func(n int) time.Duration { return time.Duration(random.IntN(n)) * time.Minute }
		for step := range 40 {
			now := c.Now()
			before := activityNow(t, s, a.ID)
			before.Starts = now.Add(24*time.Hour + minutes(20*24*60)).Truncate(time.Minute)
			before.Ends = before.Starts.Add(8 * time.Hour)
			before.Opens, before.Agenda = now.AddDate(0, 0, -30), nil
			switch random.IntN(3) {
			case 0:
				before.Deadline = now.Add(-time.Minute - minutes(20*24*60))
			case 1:
				before.Deadline = now.Add(time.Minute + minutes(23*60))
			case 2: // it has begun, and that was the end
				before.Starts, before.Deadline = now.Add(-time.Minute), time.Time{}
				before.Ends = before.Starts.Add(8 * time.Hour)
			}
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				before, err = programme.Update(ctx, tx, before)
				return err
			})
			closed := before.Closed(now)
			next := before
			next.Starts = now.Add(time.Hour + minutes(60*24*60)).Truncate(time.Minute)
			next.Ends = next.Starts.Add(8 * time.Hour)
			free, waiting = random.IntN(2), random.IntN(2)
			cmd := programmetest.Written(next)
			cmd.Shown, cmd.Reopen = true, random.IntN(2) == 0
			cmd.Until = now.Add(minutes(70*24*60) - 5*24*time.Hour)
			var p programme.Preview
			if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				p, err = svc.Foresee(ctx, tx, cmd)
				return err
			}); (err != nil) != (cmd.Reopen && !closed) {
				t.Fatalf("seed %d, step %d: foreseen with %v", seed, step, err)
			}
			if cmd.Reopen && !closed {
				continue
			}
			if (p.Shut != nil) != closed || closed && (p.Shut.Free != free || p.Shut.Waiting != waiting) {
				t.Fatalf("seed %d, step %d: closed %v, the page says %+v", seed, step, closed, p.Shut)
			}
			cmd.Sure = p.Sure
			var got programme.Activity
			err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				got, err = svc.Change(ctx, tx, cmd)
				return err
			})
			wrong := ""
			if cmd.Reopen && free+waiting == 0 {
				wrong += " reopen"
			}
			if cmd.Reopen && (!cmd.Until.After(now) || cmd.Until.After(next.Starts)) {
				wrong += " reopen_until"
			}
			if wrong != "" {
				names := fault.Of(err).FieldNames()
				slices.Sort(names)
				if " "+strings.Join(names, " ") != wrong {
					t.Fatalf("seed %d, step %d: wrong at %v, want%s", seed, step, names, wrong)
				}
				continue
			}
			if err != nil {
				t.Fatalf("seed %d, step %d: %v", seed, step, err)
			}
			if got.Closed(now) != (closed && !cmd.Reopen) {
				t.Fatalf("seed %d, step %d: was closed %v, opened %v, became closed %v: %s", seed, step, closed, cmd.Reopen, got.Closed(now), got.Deadline)
			}
			if cmd.Reopen && !got.Deadline.Equal(cmd.Until.Truncate(time.Microsecond)) {
				t.Fatalf("seed %d, step %d: open until %s, want %s", seed, step, got.Deadline, cmd.Until)
			}
		}
	})
}

// A draft was never open: its applications go along with its day even when they would be over.
func TestApplicationsOfADraftGoAlongWithItsDay(t *testing.T) {
	t.Parallel()
	now := programmetest.Noon
	a := programme.Activity{State: programme.Draft, Starts: now.AddDate(0, 0, 5), Ends: now.AddDate(0, 0, 5).Add(time.Hour), Deadline: now.AddDate(0, 0, -1)}
	b := a
	b.Starts, b.Ends = a.Starts.AddDate(0, 1, 0), a.Ends.AddDate(0, 1, 0)
	if got, _ := programme.MoveAlong(a, b, now); got.Closed(now) {
		t.Error("a draft that moved is closed")
	}
	a.State, b.State = programme.Published, programme.Published
	if got, _ := programme.MoveAlong(a, b, now); !got.Closed(now) {
		t.Error("what is published opened again by moving")
	}
}

// Whoever moves an activity to another city or venue says of each text of the old place that it
// is right, or writes another one; and the point on the map does not stay at the old place.
func TestWhatWasWrittenOfTheOldPlaceStaysOnlyWhenSomebodySaysSo(t *testing.T) {
	t.Parallel()
	programmetest.Moving(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock, svc *programme.Service, a programme.Activity, _ *[]programme.Move) {
		seed := uint64(time.Now().UnixNano())
		random := rand.New(rand.NewPCG(seed, 3))
		for step := range 60 {
			before := activityNow(t, s, a.ID)
			before.State = []string{programme.Draft, programme.Published}[random.IntN(2)]
			before.Lat, before.Lon = 41.5, 74.5 // set by hand
			for _, name := range programme.StaysNames {
				before.Text(name).Ky, before.Text(name).Ru, before.Text(name).En = "эски "+name, "старое "+name, "old "+name
			}
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				before, err = programme.Update(ctx, tx, before)
				return err
			})
			next := before
			changed := map[string]bool{}
			if random.IntN(2) == 0 {
				changed["city"] = true
				next.City = map[bool]string{true: "osh", false: "naryn"}[before.City != "osh"]
			}
			var stays []string
			for _, name := range programme.StaysNames {
				if random.IntN(2) == 0 {
					changed[name] = true
					next.Text(name).Ky, next.Text(name).Ru, next.Text(name).En = "жаңы "+name, "новое "+name, "new "+name
				}
				if random.IntN(2) == 0 {
					stays = append(stays, name)
				}
			}
			var want []string
			for _, name := range programme.StaysNames {
				asked := changed["city"] || name != programme.PartVenue && changed[programme.PartVenue]
				if asked && !changed[name] && !slices.Contains(stays, name) {
					want = append(want, programme.StaysField(name))
				}
			}
			cmd := programmetest.Written(next)
			cmd.Stays = stays
			var got programme.Activity
			err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				got, err = svc.Change(ctx, tx, cmd)
				return err
			})
			var names []string
			if err != nil {
				names = fault.Of(err).FieldNames()
			}
			slices.Sort(names)
			slices.Sort(want)
			if !slices.Equal(names, want) {
				t.Fatalf("seed %d, step %d: changed %v, stays %v: refused at %v, want %v", seed, step, changed, stays, names, want)
			}
			if err != nil {
				continue
			}
			kept := !changed["city"] && !changed[programme.PartAddress] && (!changed[programme.PartVenue] || slices.Contains(stays, programme.PartAddress))
			if (got.Lat == before.Lat) != kept {
				t.Fatalf("seed %d, step %d: changed %v, stays %v: the point is %v", seed, step, changed, stays, got.Lat)
			}
		}
	})
}
