package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/mailing"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/spine/messages"
)

// post keeps each letter by its key, and gives up one that has not left.
type post map[string]messages.Notice

func (p post) Send(_ context.Context, _ *storage.Tx, n messages.Notice) error {
	if _, there := p[n.Key]; !there {
		p[n.Key] = n
	}
	return nil
}

func (p post) Cancel(_ context.Context, _ *storage.Tx, key string) (int, error) {
	n := len(p)
	delete(p, key)
	return n - len(p), nil
}

func (p post) CancelTo(_ context.Context, tx *storage.Tx, person, activity storage.ID, kinds ...string) (n int, err error) {
	for key, of := range p {
		if of.To == person && of.Activity == activity && slices.Contains(kinds, of.Kind) && of.After.After(tx.Now) {
			delete(p, key)
			n++
		}
	}
	return n, nil
}

func (p post) read() (kinds []string, last messages.Notice) {
	for _, n := range p {
		kinds, last = append(kinds, n.Kind), n
	}
	return kinds, last
}

// byDay is the moment or the next eight o'clock of Bishkek, told apart from the rule.
func byDay(at time.Time) time.Time {
	for local := at.UTC().Add(6 * time.Hour); local.Hour() >= 21 || local.Hour() < 8; local = at.UTC().Add(6 * time.Hour) {
		at = at.Truncate(time.Minute).Add(time.Minute)
	}
	return at
}

// herOwn are the kinds that answer what she did herself in that minute.
var herOwn = []string{"seminars.received", "seminars.held", "seminars.waitlisted", "seminars.confirmed", "seminars.withdrawn"}

// TestNoKindOfMessageLeavesAtNightButWhatSheCausedAndWhatIsNear sends each kind of the timetable
// at hours that are thrown, about activities that are thrown near and far.
func TestNoKindOfMessageLeavesAtNightButWhatSheCausedAndWhatIsNear(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(8, 8))
		k := newCall(t, store, c, 40)
		ids := k.crowd(r, 1)
		box := post{}
		k.Messages = box
		waited, near := 0, 0
		for i := range 400 {
			one := seats.Happening[r.IntN(len(seats.Happening))]
			c.Set(start.Add(time.Duration(r.IntN(29*24*3600)) * time.Second))
			now := c.Now()
			if !now.Before(k.a.Starts) {
				continue
			}
			clear(box)
			k.write(func(ctx context.Context, tx *storage.Tx) error {
				app, err := seats.ApplicationByID(ctx, tx, ids[0])
				if err != nil {
					return err
				}
				app.Proven = now // a confirmation of hers is one
				return k.TellOnce(ctx, tx, app, one.Kind, fmt.Sprint(i))
			})
			kinds, letter := box.read()
			if len(kinds) != 1 || letter.Kind != one.Kind {
				t.Fatalf("of %s: %v", one.Kind, kinds)
			}
			goes := letter.After
			if goes.Before(now) {
				goes = now
			}
			switch left := k.a.Starts.Sub(now); {
			case left <= 24*time.Hour:
				if near++; !goes.Equal(now) {
					t.Fatalf("%s before the start %s waits until %s", left, one.Kind, goes)
				}
			case slices.Contains(herOwn, one.Kind):
				if !goes.Equal(now) {
					t.Fatalf("%s of her own waits until %s", one.Kind, goes)
				}
			case !goes.Equal(byDay(now)):
				t.Fatalf("%s of %s goes at %s, want %s", one.Kind, now, goes, byDay(now))
			case goes.After(now):
				waited++
			}
		}
		if waited < 20 || near < 3 {
			t.Errorf("%d waited for the morning, %d were near", waited, near)
		}
	})
}

// TestWhatStaffDecideAtNightIsToldInTheMorning invites and takes back at hours that are thrown:
// the letter goes by day, the time to answer counts from then, and who has not heard of an
// invitation is not told that it is gone.
func TestWhatStaffDecideAtNightIsToldInTheMorning(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(21, 8))
		k := newCall(t, store, c, 40)
		ids := k.crowd(r, 24)
		box := post{}
		k.Messages = box
		nights, days := 0, 0
		for i, id := range ids {
			clear(box)
			c.Set(start.Add(time.Duration(i)*9*time.Hour + time.Duration(r.IntN(3600))*time.Second))
			now := c.Now()
			goes := byDay(now)
			move := func(to seats.State) (app seats.Application) {
				k.write(func(ctx context.Context, tx *storage.Tx) error {
					a, err := seats.ApplicationByID(ctx, tx, id)
					if err == nil {
						app, err = k.Move(ctx, tx, a, to, k.staff.Person, "seminars.why.by_hand")
					}
					return err
				})
				return app
			}
			app := move(seats.Invited)
			kinds, letter := box.read()
			if len(kinds) != 1 || letter.Kind != "seminars.invited" || !letter.After.Equal(goes) {
				t.Fatalf("invited at %s: %v, the letter goes at %s, want %s", now, kinds, letter.After, goes)
			}
			until := goes.Add(72 * time.Hour)
			if until.After(k.a.Starts) {
				until = k.a.Starts
			}
			if !app.Expires.Equal(until) {
				t.Fatalf("invited at %s she has until %s, want %s", now, app.Expires, until)
			}
			move(seats.Declined)
			switch kinds, letter = box.read(); {
			case goes.After(now): // she has heard nothing
				if nights++; len(kinds) != 1 || letter.Kind != "seminars.declined" || !letter.After.Equal(goes) {
					t.Fatalf("taken back in the same night: %v at %s", kinds, letter.After)
				}
			default:
				if days++; len(kinds) != 2 {
					t.Fatalf("taken back by day: %v", kinds)
				}
			}
		}
		if nights < 3 || days < 3 {
			t.Errorf("%d nights, %d days", nights, days)
		}
	})
}

// TestASelectionAndAMailingAreToldByDay plans both at every hour of two days: they go when they
// cannot be taken back any more, or in the morning; and a mailing says so beforehand.
func TestASelectionAndAMailingAreToldByDay(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(8, 21))
		k := newCall(t, store, c, 3)
		k.crowd(r, 4)
		for hour := range 48 {
			c.Set(start.Add(time.Duration(hour)*time.Hour + time.Duration(r.IntN(3600))*time.Second))
			k.closes(c.Now().Add(-time.Hour))
			ready := c.Now().Add(selection.UndoFor)
			s, err := k.planned("")
			if err != nil {
				t.Fatal(err)
			}
			if want := byDay(ready); !s.Due.Equal(want) {
				t.Fatalf("planned at %s it is told at %s, want %s", c.Now(), s.Due, want)
			}
			if err := k.try(func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Chooser.TakeBackStep(ctx, tx, k.staff, s.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if goes, want := k.Mailer.Goes(c.Now(), k.a, false), byDay(c.Now().Add(mailing.UndoFor)); !goes.Equal(want) {
				t.Fatalf("a mailing of %s goes at %s, want %s", c.Now(), goes, want)
			}
		}
	})
}
