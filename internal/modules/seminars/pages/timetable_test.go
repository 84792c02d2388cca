package pages

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/timetable"
	"platforma.kg/ashar/internal/modules/seminars/wording"
)

// clockwork is an activity with guests, whose jobs run when a test lets time pass.
type clockwork struct {
	*group
	ran map[string]bool
}

func newClockwork(t testing.TB, store *storage.Store, c *storagetest.Clock, guests int) *clockwork {
	t.Helper()
	w := &clockwork{group: newGroup(t, store, c, rand.New(rand.NewPCG(8, 1)), 0), ran: map[string]bool{}}
	w.Table.Letters = w.Mailer.Letters.(timetable.Letters)
	w.Messages = w.Mailer.Letters.(seats.Messenger)
	for i := range guests {
		w.add(i, seats.Confirmed, "osh", false)
	}
	w.write(func(ctx context.Context, tx *storage.Tx) error { return w.PlanDay(ctx, tx, w.a) })
	return w
}

// change sets a message as it is read now, with what a test wants otherwise.
func (w *clockwork) change(name string, edit func(*timetable.Change)) error {
	return w.try(func(ctx context.Context, tx *storage.Tx) error {
		settings, err := seats.SettingsOf(ctx, tx, w.a)
		if err != nil {
			return err
		}
		cmd := timetable.Change{Actor: w.staff, Activity: w.a.ID, Message: name, Days: -1, Minute: -1}
		if s, ok := settings[name]; ok {
			cmd.Version, cmd.Off, cmd.Days, cmd.Minute, cmd.Own, cmd.Words = s.Version, s.Off, s.Days, s.Minute, s.Own, s.Words
		}
		edit(&cmd)
		_, err = w.Table.Change(ctx, tx, cmd)
		return err
	})
}

func (w *clockwork) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// row is a message as the timetable shows it.
func (w *clockwork) row(name string) (out timetable.Row) {
	w.Helper()
	w.write(func(ctx context.Context, tx *storage.Tx) error {
		t, err := w.Table.See(ctx, tx, w.staff, w.a)
		for _, r := range slices.Concat(t.Timed, t.Happening) {
			if r.Automatic.Name == name {
				out = r
			}
		}
		return err
	})
	return out
}

// shift puts the activity on another day or hour.
func (w *clockwork) shift(starts time.Time) {
	w.Helper()
	before := w.a
	w.a.Starts, w.a.Ends = starts, starts.Add(8*time.Hour)
	w.Calendar = diary{w.a}
	w.write(func(ctx context.Context, tx *storage.Tx) error { return w.ActivityChanged(ctx, tx, before, w.a) })
}

// until lets time pass, and each job of the day run at its hour and twice: a runner that dies
// after the commit runs it again.
func (w *clockwork) until(at time.Time) {
	w.Helper()
	kinds := w.Jobs()
	for {
		type job struct {
			id, kind, payload string
			due               int64
		}
		var list []job
		w.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			list, err = storage.All(ctx, tx, func(row storage.Scanner) (j job, err error) {
				var id storage.ID
				err = row.Scan(&id, &j.kind, &j.payload, &j.due)
				j.id = id.String()
				return j, err
			}, `SELECT id, kind, payload, run_at FROM job
				WHERE kind IN ('seminars.remind', 'seminars.reconfirm') AND run_at <= $1
				ORDER BY run_at, kind, id`, storage.Micros(at))
			return err
		})
		list = slices.DeleteFunc(list, func(j job) bool { return w.ran[j.id] })
		if len(list) == 0 {
			break
		}
		j := list[0]
		w.ran[j.id] = true
		w.c.Set(storage.Instant(j.due))
		i := slices.IndexFunc(kinds, func(k jobs.Kind) bool { return k.Name == j.kind })
		for range 2 {
			w.must(kinds[i].Do(context.Background(), w.Store, json.RawMessage(j.payload)))
		}
	}
	w.c.Set(at)
}

// sent tells when each message of a kind was made, in order.
func (w *clockwork) sent(kind string) (out []time.Time) {
	w.Helper()
	w.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = storage.All(ctx, tx, func(row storage.Scanner) (time.Time, error) {
			var at int64
			err := row.Scan(&at)
			return storage.Instant(at), err
		}, `SELECT made_at FROM message WHERE kind = $1 ORDER BY made_at, id`, kind)
		return err
	})
	return out
}

// TestAMovedReminderGoesOnceAtItsMoment moves and switches the reminder and the day of the
// activity at random while time passes, and keeps beside it what must come of that.
func TestAMovedReminderGoesOnceAtItsMoment(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 2)
		r := rand.New(rand.NewPCG(8, 2))
		var want []time.Time
		days := map[string]bool{} // of the activity, on which it went
		off, refused, moved := false, 0, 0
		for range 200 {
			switch r.IntN(8) {
			case 0, 1, 2:
				err := w.change(seats.Reminder, func(cmd *timetable.Change) { cmd.Days, cmd.Minute = r.IntN(6), 480+30*r.IntN(26) })
				if err != nil && !fault.Is(err, fault.Invalid) {
					t.Fatal(err)
				}
				if err == nil {
					moved++
				} else {
					refused++
				}
			case 3:
				off = !off
				w.must(w.change(seats.Reminder, func(cmd *timetable.Change) { cmd.Off = off }))
			case 5: // another hour of the same day
				y, mo, d := w.a.Starts.In(i18n.Bishkek()).Date()
				if next := time.Date(y, mo, d, 9+r.IntN(12), 0, 0, 0, i18n.Bishkek()); next.After(c.Now().Add(9 * time.Hour)) {
					w.shift(next)
				}
			case 4:
				w.shift(c.Now().Add(time.Duration(24+r.IntN(24*20)) * time.Hour).Truncate(time.Hour))
			}
			if w.a.Starts.Sub(c.Now()) < 8*time.Hour {
				w.shift(c.Now().Add(time.Duration(24+r.IntN(24*9)) * time.Hour).Truncate(time.Hour))
			}
			to := c.Now().Add(time.Duration(1+r.IntN(40)) * time.Hour)
			if !to.Before(w.a.Starts) { // it is over soon enough
				to = c.Now().Add(w.a.Starts.Sub(c.Now()) / 2)
			}
			day := w.a.Starts.In(i18n.Bishkek()).Format(time.DateOnly)
			if m := w.row(seats.Reminder).At; m.After(c.Now()) && !m.After(to) && !off && !days[day] {
				want = append(want, m, m) // two guests
				days[day] = true
			}
			w.until(to)
		}
		if got := w.sent("seminars.reminder"); !slices.EqualFunc(got, want, time.Time.Equal) {
			t.Errorf("reminders went at %v, not at %v", got, want)
		}
		if len(want) < 10 || refused < 5 || moved < 10 {
			t.Errorf("%d went, %d moves were refused, %d were not: this proves little", len(want), refused, moved)
		}
	})
}

// TestAnotherHourOfTheSameDayRemindsNobodyTwice moves the start after the reminder went, so
// that its moment is to come once more.
func TestAnotherHourOfTheSameDayRemindsNobodyTwice(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 2)
		setUp(t, w.Module, w.a, "reconfirm_days = 0") // with a question it would be another one's turn
		first := w.row(seats.Reminder).At
		w.until(first.Add(time.Hour))
		w.shift(w.a.Starts.Add(7 * time.Hour))
		if again := w.row(seats.Reminder).At; !again.After(c.Now()) {
			t.Fatal("its moment has passed, so this proves nothing")
		}
		w.until(w.a.Starts.Add(-time.Minute))
		if got := w.sent("seminars.reminder"); len(got) != 2 || !got[0].Equal(first) {
			t.Errorf("reminders went at %v", got)
		}
		w.shift(w.a.Starts.AddDate(0, 0, 9)) // on another day they are reminded anew
		w.until(w.a.Starts.Add(-time.Minute))
		if got := w.sent("seminars.reminder"); len(got) != 4 {
			t.Errorf("reminders went at %v", got)
		}
	})
}

// TestNoMomentLiesInTheNightOrAfterTheStart looks in zones whose summer time jumps.
func TestNoMomentLiesInTheNightOrAfterTheStart(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 3))
	for _, name := range []string{"Asia/Bishkek", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Tehran"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for range 4000 {
			starts := start.Add(time.Duration(r.IntN(2*365*24*4)) * 15 * time.Minute)
			days, minute := r.IntN(15), 480+r.IntN(780)
			if r.IntN(3) == 0 {
				minute, days = -1, 1+r.IntN(14)
			}
			got := seats.MomentBefore(starts, days, minute, zone)
			local, begins := got.In(zone), starts.In(zone)
			if h := local.Hour(); h < 8 || h >= 21 || !got.Before(starts) {
				t.Fatalf("%s: %d days before %s at minute %d it goes %s", name, days, begins, minute, local)
			}
			y, mo, d := begins.Date()
			asked := time.Date(y, mo, d-days, 0, 0, 0, 0, zone).Format(time.DateOnly)
			before := time.Date(y, mo, d-days-1, 0, 0, 0, 0, zone).Format(time.DateOnly)
			if day := local.Format(time.DateOnly); day != asked && (day != before || days > 0) {
				t.Fatalf("%s: %d days before %s it goes on %s", name, days, begins, day)
			}
			if minute >= 0 && local.Format(time.DateOnly) == asked && local.Hour()*60+local.Minute() != minute {
				t.Fatalf("%s: at minute %d it goes %s", name, minute, local)
			}
		}
	}
}

// TestSilenceFreesSeatsThoughTheReminderIsOffOrElsewhere puts the reminder before and after the
// hour at which seats are freed, and switches it off.
func TestSilenceFreesSeatsThoughTheReminderIsOffOrElsewhere(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*timetable.Change){
		"off":           func(cmd *timetable.Change) { cmd.Off = true },
		"five days":     func(cmd *timetable.Change) { cmd.Days, cmd.Minute = 5, 18*60 },
		"the same day":  func(cmd *timetable.Change) { cmd.Days, cmd.Minute = 0, 8*60 },
		"as it was":     func(*timetable.Change) {},
		"a day, at ten": func(cmd *timetable.Change) { cmd.Days, cmd.Minute = 1, 10*60 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				w := newClockwork(t, store, c, 3)
				setUp(t, w.Module, w.a, `reconfirm_days = 4, reconfirm_release = TRUE`)
				w.write(func(ctx context.Context, tx *storage.Tx) error {
					if _, err := tx.Exec(ctx, `UPDATE seminar SET taken = 3`); err != nil {
						return err
					}
					_, err := tx.Exec(ctx, `DELETE FROM job`) // as if it had been set before anybody came
					return err
				})
				w.must(w.change(seats.Reminder, edit))
				w.write(func(ctx context.Context, tx *storage.Tx) error { return w.PlanDay(ctx, tx, w.a) })
				silent := func() int {
					return count(t, w.Module, `SELECT COUNT(*) FROM application WHERE state = 'withdrawn'`)
				}
				w.until(seats.ReleaseAt(w.a).Add(-time.Minute))
				if n := silent(); n != 0 {
					t.Errorf("%d seats were freed too early", n)
				}
				w.until(seats.ReleaseAt(w.a).Add(time.Minute))
				if n := silent(); n != 3 {
					t.Errorf("%d seats were freed, not 3", n)
				}
			})
		})
	}
}

// TestWhatMustGoGoesWhateverIsSet switches everything off, by the use case and behind it.
func TestWhatMustGoGoesWhateverIsSet(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 1)
		setUp(t, w.Module, w.a, `reconfirm_days = 7`)
		may := 0
		for _, message := range (seats.Seminar{ReconfirmDays: 7}).Messages() {
			err := w.change(message.Name, func(cmd *timetable.Change) { cmd.Off = true })
			if message.Always == "" {
				may++
				w.must(err)
				if s := w.row(message.Name).State; s != timetable.Off {
					t.Errorf("%s is %s", message.Name, s)
				}
				continue
			}
			if f := fault.Of(err); f == nil || f.Fields[0].Field != "off" {
				t.Errorf("%s was switched off: %v", message.Name, err)
			}
			w.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO automatic_message (activity_id, message, version, is_off, changed_at) VALUES ($1, $2, 1, TRUE, 1)`, w.a.ID, message.Name)
				return err
			})
			if s := w.row(message.Name).State; s == timetable.Off {
				t.Errorf("%s counts as switched off", message.Name)
			}
		}
		if may != 5 {
			t.Errorf("%d messages may be switched off", may)
		}
		w.write(func(ctx context.Context, tx *storage.Tx) error {
			app, err := seats.ApplicationByID(ctx, tx, w.apps[0])
			if err != nil {
				return err
			}
			for _, message := range seats.Happening {
				if err := w.TellOnce(ctx, tx, app, message.Kind, "test/"+message.Name); err != nil {
					return err
				}
			}
			if err := w.TellOnce(ctx, tx, app, "seminars.unheard_of", "test/none"); err == nil {
				t.Error("a message was sent that stands on no timetable")
			}
			return nil
		})
		for _, message := range seats.Happening {
			if got := count(t, w.Module, `SELECT COUNT(*) FROM message WHERE dedupe = $1`, "test/"+message.Name) == 1; got != (message.Always != "") {
				t.Errorf("%s was sent: %v", message.Name, got)
			}
		}
		w.until(w.a.Starts.Add(-time.Minute))
		if n := len(w.sent("seminars.reminder")) + len(w.sent("seminars.reconfirm")); n != 0 {
			t.Errorf("%d went though they are off", n)
		}
	})
}

// editors change one message at once, each having read the same; it gives how many were told
// that theirs holds.
func editors(t *testing.T, store *storage.Store, c *storagetest.Clock, version int64, guarded bool) int {
	w := newClockwork(t, store, c, 0)
	if version > 0 {
		w.must(w.change(seats.Reminder, func(cmd *timetable.Change) { cmd.Minute = 600 }))
	}
	if !guarded {
		w.Table.Claim = func(ctx context.Context, tx *storage.Tx, activity storage.ID, s seats.Setting, own, _ string, by storage.ID) (int64, error) {
			return tx.Exec(ctx, `INSERT INTO automatic_message (activity_id, message, version, minute, own, changed_at)
				VALUES ($1, $2, 1, $3, $4, $5)
				ON CONFLICT (activity_id, message) DO UPDATE SET minute = excluded.minute, version = automatic_message.version + 1`,
				activity, s.Message, s.Minute, own, storage.Micros(s.Changed))
		}
	}
	var told atomic.Int64
	crowd(t, 6, 6, func(i int) error {
		err := w.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := w.Table.Change(ctx, tx, timetable.Change{Actor: w.staff, Activity: w.a.ID, Message: seats.Reminder, Version: version, Days: -1, Minute: 700 + i})
			return err
		})
		if err == nil {
			told.Add(1)
		} else if !fault.Is(err, fault.Conflict) {
			return err
		}
		return nil
	})
	return int(told.Load())
}

// The positive control: without the guard the changes of all but one are lost, and nobody is told.
func TestWithoutTheGuardAChangeOfAMessageIsLost(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		if n := editors(t, store, c, 1, false); n < 2 {
			t.Errorf("%d changed it: nothing was lost, so the test with the guard proves nothing", n)
		}
	})
}

func TestOfTwoWhoChangeAMessageAtOnceTheSecondIsTold(t *testing.T) {
	t.Parallel()
	for _, version := range []int64{0, 1} {
		at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
			if n := editors(t, store, c, version, true); n != 1 {
				t.Errorf("%d were told that theirs holds", n)
			}
		})
	}
}

// TestAParagraphOfOnesOwnStandsInTheLettersOfItsReaders writes it in each set of languages.
func TestAParagraphOfOnesOwnStandsInTheLettersOfItsReaders(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 0)
		for mask := range 8 {
			for _, missing := range []string{"", wording.Fixed, wording.InRussian, "nonsense"} {
				p := wording.Paragraph{Missing: missing}
				for i, l := range i18n.Languages {
					if mask&(1<<i) != 0 {
						wording.Set(&p.Text, l, fmt.Sprintf("  Автобус %s: {day} {activity}\r\n\r\n{link} ", l))
					}
				}
				err := w.change("confirmed", func(cmd *timetable.Change) { cmd.Own = p })
				whole, russian := mask == 7 || mask == 0, p.Text.Ru != ""
				if good := whole || missing == wording.Fixed || missing == wording.InRussian && russian; !good {
					if !fault.Is(err, fault.Invalid) {
						t.Errorf("languages %03b, %q: %v", mask, missing, err)
					}
					continue
				}
				w.must(err)
				var s timetable.Sight
				w.write(func(ctx context.Context, tx *storage.Tx) (err error) {
					s, err = w.Table.One(ctx, tx, w.staff, w.a, "confirmed", nil)
					return err
				})
				for i, l := range i18n.Languages {
					text := strings.Join(s.Letters[l].Paragraphs, "|")
					in := l
					if mask&(1<<i) == 0 {
						in = i18n.Russian
					}
					want := mask&(1<<i) != 0 || mask != 0 && missing == wording.InRussian
					if got := strings.Contains(text, fmt.Sprintf("Автобус %s: %s Ош|https://ashar.example", in, i18n.DateTime(in, w.a.Starts))) || strings.Contains(text, fmt.Sprintf("Автобус %s: %s Osh|https://ashar.example", in, i18n.DateTime(in, w.a.Starts))); got != want {
						t.Errorf("languages %03b, %q: in %s it reads %q", mask, missing, l, text)
					}
					if strings.ContainsAny(text, "{}") || len(s.Letters[l].Paragraphs) == 0 {
						t.Errorf("in %s it reads %q", l, text)
					}
				}
			}
		}
	})
}

// TestAChangeHoldsForWhatIsMadeAfterIt writes a paragraph while one message waits in the outbox.
func TestAChangeHoldsForWhatIsMadeAfterIt(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 1)
		tell := func(key string) {
			w.write(func(ctx context.Context, tx *storage.Tx) error {
				app, err := seats.ApplicationByID(ctx, tx, w.apps[0])
				if err != nil {
					return err
				}
				return w.TellOnce(ctx, tx, app, "seminars.withdrawn", key)
			})
		}
		sealed := func(key string) (box []byte) {
			w.write(func(ctx context.Context, tx *storage.Tx) error {
				app, err := seats.ApplicationByID(ctx, tx, w.apps[0])
				if err != nil {
					return err
				}
				if err := tx.QueryRow(ctx, `SELECT sealed FROM message WHERE dedupe = $1 AND state = 'waiting'`, key).Scan(&box); err != nil {
					return err
				}
				box, err = w.People.Unseal(ctx, tx, app.Person, box)
				return err
			})
			return box
		}
		tell("before")
		was := sealed("before")
		w.must(w.change("withdrawn", func(cmd *timetable.Change) {
			cmd.Own = wording.Paragraph{Text: i18n.Text{Ky: "Рахмат", Ru: "Спасибо", En: "Thanks"}}
		}))
		tell("after")
		if now := sealed("before"); !bytes.Equal(was, now) || bytes.Contains(now, []byte("Спасибо")) {
			t.Errorf("what waits in the outbox was changed: %s", now)
		}
		if now := sealed("after"); !bytes.Contains(now, []byte("Спасибо")) {
			t.Errorf("what was made after the change does not have it: %s", now)
		}
		w.must(w.change("withdrawn", func(cmd *timetable.Change) { cmd.Off = true }))
		if n := count(t, w.Module, `SELECT COUNT(*) FROM message WHERE dedupe IN ('before', 'after') AND state = 'waiting'`); n != 2 {
			t.Errorf("%d of two wait in the outbox", n)
		}
		tell("off")
		if n := count(t, w.Module, `SELECT COUNT(*) FROM message WHERE dedupe = 'off'`); n != 0 {
			t.Error("it went though it is off")
		}
	})
}

// TestWhatIsMadeOfATemplateBeginsAsTheTemplateSaidThen keeps messages in a template several
// times, with activities made between.
func TestWhatIsMadeOfATemplateBeginsAsTheTemplateSaidThen(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 0)
		w.write(func(ctx context.Context, tx *storage.Tx) error {
			w.a.Template, w.a.Programme, w.a.Made = tx.NewID(), tx.NewID(), tx.Now
			w.Calendar = diary{w.a}
			if _, err := tx.Exec(ctx, `INSERT INTO programme (id, slug, document, made_at, changed_at) VALUES ($1, 'p', '{}', 1, 1)`, w.a.Programme); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO template (id, programme_id, key, document, version) VALUES ($1, $2, 't', '{}', 1)`, w.a.Template, w.a.Programme)
			return err
		})
		r := rand.New(rand.NewPCG(8, 5))
		type made struct {
			a    seats.Activity
			want int
		}
		var all []made
		now := -1
		planner := w.planner()
		for range 20 {
			c.Pass(time.Minute)
			if r.IntN(2) == 0 {
				minute := 500 + r.IntN(700)
				w.must(w.change(seats.Reminder, func(cmd *timetable.Change) { cmd.Minute = minute }))
				c.Pass(time.Second)
				w.must(w.try(func(ctx context.Context, tx *storage.Tx) error {
					_, err := w.Table.Keep(ctx, tx, planner, w.a.ID)
					return err
				}))
				now = minute
			}
			c.Pass(time.Minute)
			a := w.a
			a.ID, a.Made = storage.RandomID(c.Now()), c.Now()
			all = append(all, made{a, now})
		}
		for i, one := range all {
			w.write(func(ctx context.Context, tx *storage.Tx) error {
				s, err := seats.SettingsOf(ctx, tx, one.a)
				got := -1
				if set, ok := s[seats.Reminder]; ok {
					got = set.Minute
				}
				if got != one.want {
					t.Errorf("activity %d begins with minute %d, not %d", i, got, one.want)
				}
				return err
			})
		}
		if err := w.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := w.Table.Keep(ctx, tx, w.somebodyIn(w.a.City), w.a.ID)
			return err
		}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("who works in one city changed the template: %v", err)
		}
	})
}

// TestATimetableRefusesWhatItCannotKeep tries what lies outside of the bounds; nothing changes.
func TestATimetableRefusesWhatItCannotKeep(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 1)
		setUp(t, w.Module, w.a, `reconfirm_days = 7, reconfirm_release = TRUE`)
		long := strings.Repeat("а", wording.MostParagraph+1)
		for name, one := range map[string]struct {
			message, field string
			edit           func(*timetable.Change)
		}{
			"too far":           {seats.Reminder, "days", func(cmd *timetable.Change) { cmd.Days, cmd.Minute = timetable.MostDays+1, 600 }},
			"before the night":  {seats.Reminder, "minute", func(cmd *timetable.Change) { cmd.Minute = seats.NightFrom }},
			"after midnight":    {seats.Reminder, "minute", func(cmd *timetable.Change) { cmd.Minute = seats.NightUntil - 1 }},
			"no hour":           {seats.Reminder, "minute", func(cmd *timetable.Change) { cmd.Minute = -2 }},
			"the day, no hour":  {seats.Reminder, "minute", func(cmd *timetable.Change) { cmd.Days = 0 }},
			"it has begun":      {seats.Reminder, "minute", func(cmd *timetable.Change) { cmd.Days, cmd.Minute = 0, 12*60 }},
			"long":              {"received", "own_ru", func(cmd *timetable.Change) { cmd.Own.Text = i18n.Text{Ky: "а", Ru: long, En: "a"} }},
			"a glued ending":    {"received", "own_ky", func(cmd *timetable.Change) { cmd.Own.Text = i18n.Text{Ky: "{name}га", Ru: "а", En: "a"} }},
			"no such message":   {"ask_9", "", func(*timetable.Change) {}},
			"an ask not theirs": {seats.LastDay, "", func(cmd *timetable.Change) { cmd.Minute = 600 }}, // silence frees seats then
		} {
			err := w.change(one.message, one.edit)
			f := fault.Of(err)
			if f == nil || one.field != "" && !slices.ContainsFunc(append(f.Fields, f), func(e *fault.Error) bool { return e.Field == one.field }) || one.field == "" && f.Code != fault.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
		stranger := w.somebodyIn("naryn")
		err := w.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := w.Table.Change(ctx, tx, timetable.Change{Actor: stranger, Activity: w.a.ID, Message: seats.Reminder, Days: 2, Minute: 600})
			return err
		})
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("who works elsewhere: %v", err)
		}
		// What has gone is moved no more, and nothing is moved to what has passed.
		w.until(w.row(seats.Reminder).At.Add(time.Hour))
		for _, days := range []int{0, 3} {
			if err := w.change(seats.Reminder, func(cmd *timetable.Change) { cmd.Days, cmd.Minute = days, 8*60 }); !fault.Is(err, fault.Invalid) {
				t.Errorf("a reminder that went was moved by %d days: %v", days, err)
			}
		}
		if n := count(t, w.Module, `SELECT COUNT(*) FROM automatic_message`); n != 0 {
			t.Errorf("%d settings were kept", n)
		}
	})
}

// TestWhoChangedAMessageIsForgottenOrFollowed erases one of two who did, and merges the other.
func TestWhoChangedAMessageIsForgottenOrFollowed(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		w := newClockwork(t, store, c, 0)
		other := w.call.somebody("")
		w.must(w.change(seats.Reminder, func(cmd *timetable.Change) { cmd.Minute = 600 }))
		w.must(w.change("withdrawn", func(cmd *timetable.Change) { cmd.Actor, cmd.Off = other, true }))
		into := w.call.somebody("")
		house := w.Manifest()
		w.write(func(ctx context.Context, tx *storage.Tx) error {
			if err := house.Erase(ctx, tx, w.staff.Person); err != nil {
				return err
			}
			return house.Merge(ctx, tx, other.Person, into.Person)
		})
		if by := w.row(seats.Reminder).By; !by.IsZero() {
			t.Errorf("who was erased still stands there: %s", by)
		}
		if by := w.row("withdrawn").By; by != into.Person {
			t.Errorf("the change is that of %s, not of %s", by, into.Person)
		}
	})
}

// planner is somebody who plans the whole programme of the activity.
func (w *clockwork) planner() access.Actor {
	actor := w.staff
	actor.Table = map[access.Permission][]access.Role{"programme.plan": {access.Coordinator}, seats.MaySelect: {access.Coordinator}}
	actor.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{Programme: w.a.Programme}}}
	return actor
}

// somebodyIn is a coordinator of one city.
func (w *clockwork) somebodyIn(city string) access.Actor {
	actor := w.planner()
	actor.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: city}}}
	return actor
}
