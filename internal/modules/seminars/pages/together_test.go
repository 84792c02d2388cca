package pages

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/timetable"
)

// TestNobodyIsAskedAndRemindedInTheSameHours throws days and hours of the questions and of the
// reminder, and who answers when: no two of these messages go to one person within two hours, and
// whoever comes hears of the day by the one or the other at the moment of the reminder.
func TestNobodyIsAskedAndRemindedInTheSameHours(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(12, 6))
	var near atomic.Int32
	t.Cleanup(func() {
		if near.Load() < 2 {
			t.Errorf("%d reminders were near a question: this proves little", near.Load())
		}
	})
	for range 6 {
		seed := r.Uint64()
		storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
			r := rand.New(rand.NewPCG(seed, 6))
			w := newClockwork(t, store, c, 5)
			setUp(t, w.Module, w.a, "reconfirm_days = "+[]string{"1", "2", "3", "5"}[r.IntN(4)])
			w.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM job`)
				return err
			})
			w.write(func(ctx context.Context, tx *storage.Tx) error { return w.PlanDay(ctx, tx, w.a) })
			for _, name := range []string{seats.FirstAsk, seats.ThirdDay, seats.LastDay, seats.Reminder} {
				if r.IntN(2) == 0 {
					continue
				}
				if err := w.change(name, func(cmd *timetable.Change) {
					cmd.Minute = 480 + 15*r.IntN(13)
					if name == seats.Reminder {
						cmd.Days = 1 + r.IntN(3)
					}
				}); err != nil && !fault.Is(err, fault.NotFound) {
					t.Fatal(err)
				}
			}
			reminder := w.row(seats.Reminder)
			if reminder.Joined {
				near.Add(1)
			}
			for c.Now().Before(w.a.Starts.Add(-8 * time.Hour)) {
				w.until(c.Now().Add(time.Duration(4+r.IntN(20)) * time.Hour))
				if r.IntN(4) == 0 {
					id := w.apps[r.IntN(len(w.apps))]
					w.write(func(ctx context.Context, tx *storage.Tx) error {
						app, err := seats.ApplicationByID(ctx, tx, id)
						if err != nil || app.Reconfirm != "asked" {
							return err
						}
						_, err = seats.SetReconfirm(ctx, tx, app, "yes")
						return err
					})
				}
			}
			told := map[storage.ID][]time.Time{}
			w.write(func(ctx context.Context, tx *storage.Tx) error {
				clear(told)
				_, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
					var at int64
					err = row.Scan(&id, &at)
					told[id] = append(told[id], storage.Instant(at))
					return id, err
				}, `SELECT person_id, made_at FROM message WHERE kind IN ('seminars.reconfirm', 'seminars.reminder') ORDER BY made_at`)
				return err
			})
			if len(told) != len(w.apps) {
				t.Errorf("%d of %d were told anything", len(told), len(w.apps))
			}
			for _, list := range told {
				if !slices.ContainsFunc(list, reminder.At.Equal) {
					t.Errorf("somebody heard at %v, and not at the moment of the reminder, %s", list, reminder.At)
				}
				for i := range list[1:] {
					if apart := list[i+1].Sub(list[i]); apart <= 2*time.Hour {
						t.Errorf("two went to one within %s: %v", apart, list)
					}
				}
			}
		})
	}
}
