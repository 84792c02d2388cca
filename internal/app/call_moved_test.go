package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// Whom a change shows as to be called stands on the list of calls at once, with what to say;
// each leaves it for this reason once she was spoken with, and comes back for none of it when
// the messages have gone. A second move is another reason.
func TestTheListOfCallsHoldsWhomTheChangePromisedToCall(t *testing.T) {
	t.Parallel()
	for engine, database := range map[string]func(t *testing.T) string{
		"sqlite":     func(*testing.T) string { return "" },
		"postgresql": func(t *testing.T) string { t.Helper(); return storagetest.Database(t, true) },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			h := quietHouse(t, database(t))
			r := rand.New(rand.NewPCG(7, uint64(len(engine))))
			staff := access.Actor{Person: storage.ID{1}, Grants: []access.Grant{{Role: access.Coordinator}}, Table: h.table}
			var a programme.Activity
			write := func(f func(ctx context.Context, tx *storage.Tx) error) {
				t.Helper()
				if err := h.store.Write(t.Context(), f); err != nil {
					t.Fatal(err)
				}
			}
			states := []seats.State{seats.Confirmed, seats.Confirmed, seats.Invited, seats.Invited, seats.Waitlisted, seats.Declined}
			var alone []storage.ID // gave a number and nothing else
			for i := range 18 {
				d := people.Details{FullName: fmt.Sprintf("Асанова %d", i), Lang: i18n.Languages[i%3], Phone: fmt.Sprintf("0555 20 00 %02d", i)}
				if r.IntN(3) == 0 {
					d.Email = fmt.Sprintf("asanova%d@example.org", i)
				}
				to := states[i%len(states)]
				write(func(ctx context.Context, tx *storage.Tx) (err error) {
					if a, err = programme.BySlug(ctx, tx, "activists-karakol"); err != nil {
						return err
					}
					app, err := h.rooms.seminars.Invite(ctx, tx, seats.Invite{Activity: a.ID, Actor: staff, Details: d})
					if err == nil && to != seats.Invited {
						_, err = h.rooms.seminars.Move(ctx, tx, app, to, staff.Person, "test")
					}
					if d.Email == "" {
						alone = append(alone, app.ID)
					}
					return err
				})
			}
			moved := func(days int) (calls int) {
				t.Helper()
				write(func(ctx context.Context, tx *storage.Tx) (err error) {
					if a, err = programme.ByID(ctx, tx, a.ID); err != nil {
						return err
					}
					c := programme.ChangeActivity{Actor: staff, Activity: a.ID, Version: a.Version, Shown: true, Write: func(a programme.Activity) (programme.Activity, error) {
						a.Starts, a.Ends = a.Starts.AddDate(0, 0, days), a.Ends.AddDate(0, 0, days)
						return a, nil
					}}
					seen, err := h.rooms.programme.Foresee(ctx, tx, c)
					if err != nil {
						return err
					}
					for _, one := range seen.Concerned {
						if !one.Reached() && one.Call {
							calls++
						}
					}
					c.Sure = seen.Sure
					_, err = h.rooms.programme.Change(ctx, tx, c)
					return err
				})
				return calls
			}
			list := func(reason seats.CallReason) (ids []storage.ID) {
				t.Helper()
				write(func(ctx context.Context, tx *storage.Tx) error {
					ids = nil
					now, err := programme.ByID(ctx, tx, a.ID)
					if err != nil {
						return err
					}
					all, err := h.rooms.seminars.ToCall(ctx, tx, staff, now)
					for _, c := range all {
						if reason == "" || c.For(reason) {
							ids = append(ids, c.ID)
						}
						if c.For(seats.Unmoved) && (!c.Moved.Is.Same(now.Meeting()) || c.Moved.Was.Same(c.Moved.Is)) {
							t.Errorf("what she is to be told is %v", c.Moved)
						}
					}
					return err
				})
				return ids
			}
			tell := func() {
				t.Helper()
				write(func(ctx context.Context, tx *storage.Tx) error {
					if _, err := tx.Exec(ctx, `UPDATE activity_move SET tell_at = moved_at WHERE told_at = 0`); err != nil {
						return err
					}
					return h.rooms.programme.TellMove(ctx, tx, a.ID)
				})
				h.post(t, "")
			}
			h.post(t, "")
			invited := map[storage.ID]bool{} // also who waited, and was offered a seat
			for _, id := range alone {
				write(func(ctx context.Context, tx *storage.Tx) error {
					app, err := seats.ApplicationByID(ctx, tx, id)
					invited[id] = app.State == seats.Invited
					return err
				})
			}
			promised := moved(2)
			now := list(seats.Unmoved)
			if promised < 4 || len(now) != promised {
				t.Fatalf("the page promised %d calls, the list holds %d", promised, len(now))
			}
			for _, id := range now {
				write(func(ctx context.Context, tx *storage.Tx) error {
					return h.rooms.seminars.Called(ctx, tx, seats.Called{Activity: a.ID, Actor: staff, Application: id, Answer: seats.Herself})
				})
				left := list(seats.Unmoved)
				if slices.Contains(left, id) {
					t.Error("who was told of it is to be called for it again")
				}
				if asked := slices.Contains(list(seats.Unasked), id); asked != invited[id] {
					t.Errorf("her invitation waits for an answer: %v, not %v", asked, invited[id])
				}
			}
			tell()
			for _, id := range list("") {
				if slices.Contains(now, id) && !invited[id] {
					t.Error("who has heard it by telephone is to be called since no message reached her")
				}
			}
			if again := moved(1); again != promised || len(list(seats.Unmoved)) != promised {
				t.Errorf("moved again, %d calls were promised and %d are to be made", again, len(list(seats.Unmoved)))
			}
			moved(-1) // back again, before anybody was told
			if n := len(list(seats.Unmoved)); n != 0 {
				t.Errorf("moved back, %d are to be called", n)
			}
		})
	}
}
