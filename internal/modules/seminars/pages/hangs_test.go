package pages

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/mailing"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// What is said beforehand of a move is what then is: the moments of the questions and of the
// reminder, the seats that are free and who waits; a planned mailing keeps its hour.
func TestWhatHangsOnTheDayIsForetoldAsItThenIs(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 3)
		random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 4))
		for i := range 2 {
			w.add(10+i, seats.Waitlisted, "osh", false)
		}
		m := w.mustDraft(mailing.Chosen{States: []seats.State{seats.Confirmed}})
		w.mustPlan(m)
		var due time.Time
		w.write(func(ctx context.Context, tx *storage.Tx) error {
			v, err := w.Mailer.Result(ctx, tx, w.staff, w.a, m.ID)
			due = v.Due
			return err
		})
		for range 10 {
			after := w.a
			by := time.Duration(random.IntN(60*24)-10*24) * time.Hour
			after.Starts, after.Ends = after.Starts.Add(by), after.Ends.Add(by)
			var h programme.Hanging
			var s seats.Seminar
			var settings map[string]seats.Setting
			w.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				if h, err = w.hangs(ctx, tx, w.a, after); err != nil {
					return err
				}
				if s, err = seats.SeatsOf(ctx, tx, after); err != nil {
					return err
				}
				settings, err = seats.SettingsOf(ctx, tx, after)
				return err
			})
			if h.Free != s.Left() || h.Waiting != 2 {
				t.Errorf("free %d, want %d; waiting %d", h.Free, s.Left(), h.Waiting)
			}
			want := map[string]time.Time{}
			for _, m := range s.Timed() {
				want["seminars.timetable.message."+m.Name] = m.At(after, s, settings)
			}
			for _, m := range h.Moments {
				if strings.HasSuffix(m.Key, ".mailing") {
					if !m.Was.Equal(m.Is) || !m.Is.Equal(due.Truncate(time.Microsecond)) || m.Missed {
						t.Errorf("the mailing goes %s, then %s", m.Was, m.Is)
					}
					continue
				}
				if !m.Is.Equal(want[m.Key]) || m.Missed != !m.Is.After(c.Now()) {
					t.Errorf("%s by %s: %s, want %s; missed %v", m.Key, by, m.Is, want[m.Key], m.Missed)
				}
				delete(want, m.Key)
			}
			if len(want) > 0 || len(h.Moments) < 3 {
				t.Errorf("nothing is said of %v", want)
			}
		}
	})
}
