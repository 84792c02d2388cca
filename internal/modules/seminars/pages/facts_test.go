package pages

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
)

// local is an instant by a clock in Bishkek.
func local(clock string) time.Time {
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, i18n.Bishkek())
	if err != nil {
		panic(err)
	}
	return at.UTC()
}

// newYear is a seminar over the night in which month, year and, for who was
// born in 1992, the age band change; with guests who each have a ticket.
func newYear(t testing.TB, store *storage.Store, c *storagetest.Clock, guests int) (m *Module, a seats.Activity, apps []seats.Application, codes []string) {
	t.Helper()
	c.Set(local("2026-11-20 12:00"))
	m, a = fixture(t, store, func(a *seats.Activity) {
		a.Opens, a.Deadline = local("2026-11-01 00:00"), local("2026-12-20 00:00")
		a.Starts, a.Ends = local("2026-12-31 20:00"), local("2027-01-01 04:00")
		a.Capacity = guests
	})
	setUp(t, m, a, `first_come = TRUE`)
	for i := range guests {
		c.Set(c.Now().Add(time.Minute))
		h, err := apply(t.Context(), m, a, i, "")
		if err != nil {
			t.Fatal(err)
		}
		app := h.Application
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			p, err := m.People.ByID(ctx, tx, app.Person)
			if err != nil {
				return err
			}
			p.BirthYear = 1992
			if err := m.People.Update(ctx, tx, p.ID, p.Details); err != nil {
				return err
			}
			ticket, err := seats.TicketOf(ctx, tx, app.ID)
			codes = append(codes, m.Pass(ticket, a))
			return err
		})
		apps = append(apps, app)
	}
	return m, a, apps, codes
}

// attended counts those who came to the activity in a period, by age band.
func attended(t testing.TB, m *Module, a seats.Activity, from, to ledger.Day) string {
	t.Helper()
	var facts []ledger.Fact
	write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
		facts, err = ledger.Facts(ctx, tx, ledger.Filter{Kinds: []ledger.Kind{seats.FactAttended}, Activities: []storage.ID{a.ID}, From: from, To: to})
		return err
	})
	tally := ledger.Count(facts)[seats.FactAttended]
	if tally == nil || tally.People == 0 {
		return "nobody"
	}
	return fmt.Sprint(tally.Number, tally.By[ledger.AgeBand])
}

// months are what the three reports say in which she may be counted.
func months(t testing.TB, m *Module, a seats.Activity) [3]string {
	t.Helper()
	return [3]string{
		attended(t, m, a, "2026-12-01", "2026-12-31"), attended(t, m, a, "2027-01-01", "2027-01-31"), attended(t, m, a, "2026-12-01", "2027-01-31"),
	}
}

// one is what a report says of one person in her band.
func one(band string) string {
	n := ledger.Number{People: 1, Times: 1}
	return fmt.Sprint(n, map[string]ledger.Number{band: n})
}

var (
	inDecember = [3]string{one("25-34"), "nobody", one("25-34")}
	inJanuary  = [3]string{"nobody", one("35-44"), one("35-44")}
	inNeither  = [3]string{"nobody", "nobody", "nobody"}
)

func note(t testing.TB, m *Module, a seats.Activity, app seats.Application, came bool) {
	t.Helper()
	actor := access.Actor{Person: storage.ID{15: 9}, Grants: []access.Grant{{Role: access.Coordinator}}, Table: m.Manifest().Permissions}
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		_, err := m.NotePresence(ctx, tx, door.NotePresence{Activity: a.ID, Actor: actor, Application: app.ID, Came: came})
		return err
	})
}

// upload is a scan of a device with the instant at which it reaches the house.
type upload struct {
	device string
	at     time.Time
	door.Scan
}

// play lets uploads and the list reach the house in their order, those of a
// device and an instant in one batch.
func play(t testing.TB, fail func(...any), m *Module, a seats.Activity, c *storagetest.Clock, app seats.Application, uploads []upload, listed time.Time) {
	t.Helper()
	slices.SortStableFunc(uploads, func(x, y upload) int { return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.device, y.device)) })
	for len(uploads) > 0 || !listed.IsZero() {
		if !listed.IsZero() && (len(uploads) == 0 || listed.Before(uploads[0].at)) {
			c.Set(listed)
			note(t, m, a, app, true)
			listed = time.Time{}
			continue
		}
		var batch []door.Scan
		first := uploads[0]
		for len(uploads) > 0 && uploads[0].device == first.device && uploads[0].at.Equal(first.at) {
			batch, uploads = append(batch, uploads[0].Scan), uploads[1:]
		}
		c.Set(first.at)
		if _, err := checkIn(t.Context(), m, a, first.device, batch...); err != nil {
			fail(err)
		}
	}
}

// Any scans of two phones around midnight, undone or not, and a list on paper:
// whenever and in whatever order they arrive, and however they are put in
// batches, each month counts the same, and what the scans themselves say.
func TestForAnyDelayAndOrderOfUploadsEveryMonthCountsTheSame(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		arrivals := []time.Time{local("2027-01-02 10:00"), local("2027-01-05 10:00"), local("2027-01-31 23:59"), local("2027-02-01 00:00"), local("2027-02-20 10:00")}
		rapid.Check(t, func(rt *rapid.T) {
			var plan []upload
			var marks []seats.Mark
			for i := range rapid.IntRange(0, 5).Draw(rt, "scans") {
				made := local("2026-12-31 22:00").Add(time.Duration(rapid.IntRange(0, 240).Draw(rt, "minute")) * time.Minute)
				s := upload{device: rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "device"), Scan: door.Scan{
					Nonce: fmt.Sprintf("nonce-%03d", i), Kind: rapid.SampledFrom([]string{"in", "in", "out"}).Draw(rt, "kind"), At: made,
				}}
				plan = append(plan, s)
				v := seats.Mark{Device: s.device, Nonce: s.Nonce, Kind: s.Kind, At: made.UnixMicro()}
				if rapid.Bool().Draw(rt, "undone") {
					undo := s
					undo.Nonce, undo.Kind, undo.Code = "undo-"+s.Nonce, "undo", s.Nonce
					undo.At = made.Add(time.Duration(rapid.IntRange(0, 20).Draw(rt, "later")) * time.Minute)
					plan = append(plan, undo)
					v.UndoneAt = undo.At.UnixMicro()
				}
				marks = append(marks, v)
			}
			var listed time.Time
			if rapid.Bool().Draw(rt, "on the list") {
				listed = local("2027-01-04 12:00")
			}
			want := inNeither
			switch first := seats.MergeMarks(marks).FirstIn; {
			case first != 0 && first < local("2027-01-01 00:00").UnixMicro():
				want = inDecember
			case first != 0:
				want = inJanuary
			case !listed.IsZero():
				want = inDecember
			}
			for range 2 {
				m, a, apps, codes := newYear(t, store, c, 1)
				round := rapid.Permutation(plan).Draw(rt, "order")
				for i := range round {
					s := &round[i]
					s.device += a.ID.String()
					s.at, s.Event = rapid.SampledFrom(arrivals).Draw(rt, "arrives"), a.Slug
					if s.Kind != "undo" {
						s.Code = codes[0]
					}
				}
				play(t, rt.Fatal, m, a, c, apps[0], round, listed)
				if got := months(t, m, a); got != want {
					rt.Fatalf("December, January and both say %v, want %v", got, want)
				}
				if got := stateOf(t, m, apps[0].ID).State; (got == seats.Attended) != (want != inNeither) {
					rt.Fatalf("she is %s", got)
				}
			}
		})
	})
}

// The example of docs/facts.md.
func TestAnUploadFiveDaysLateCountsInTheMonthInWhichShePassedTheDoor(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, apps, codes := newYear(t, store, c, 1)
		for _, v := range []struct {
			device, arrives string
			scan            door.Scan
			want            [3]string
		}{
			{"other", "2027-01-06 09:00", door.Scan{Nonce: "nonce-0002", Code: codes[0], At: local("2027-01-01 00:30"), Kind: "in"}, inJanuary},
			{"first", "2027-02-11 09:00", door.Scan{Nonce: "nonce-0001", Code: codes[0], At: local("2026-12-31 23:58"), Kind: "in"}, inDecember},
			{"first", "2027-02-20 09:00", door.Scan{Nonce: "nonce-undo", Code: "nonce-0001", At: local("2027-01-01 00:01"), Kind: "undo"}, inJanuary},
		} {
			v.scan.Event = a.Slug
			play(t, t.Fatal, m, a, c, apps[0], []upload{{v.device, local(v.arrives), v.scan}}, time.Time{})
			if got := months(t, m, a); got != v.want {
				t.Errorf("on %s: %v, want %v", v.arrives, got, v.want)
			}
		}
		if n := count(t, m, `SELECT COUNT(*) FROM fact WHERE kind = 'seminars.attended'`); n != 5 {
			t.Errorf("%d facts: two were to be taken back, in their days", n)
		}
	})
}

func TestARetractionOutsideThePeriodLeavesNobodyCountedInIt(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, apps, codes := newYear(t, store, c, 1)
		in := door.Scan{Nonce: "nonce-0001", Code: codes[0], Event: a.Slug, At: local("2026-12-31 23:55"), Kind: "in"}
		undo := door.Scan{Nonce: "nonce-undo", Code: in.Nonce, Event: a.Slug, At: local("2027-01-01 00:05"), Kind: "undo"}
		play(t, t.Fatal, m, a, c, apps[0], []upload{{"phone", in.At, in}}, time.Time{})
		if got := months(t, m, a); got != inDecember {
			t.Fatalf("%v", got)
		}
		play(t, t.Fatal, m, a, c, apps[0], []upload{{"phone", local("2027-02-20 09:00"), undo}}, time.Time{})
		if got := months(t, m, a); got != inNeither {
			t.Errorf("undone seven weeks later, and yet %v", got)
		}
	})
}

func TestWhoIsOnTheListCameOnTheDayOfTheActivity(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		for _, v := range []struct {
			noted string
			want  [3]string
		}{
			{"2026-12-31 19:30", inDecember}, // the doors are open
			{"2026-12-31 23:59", inDecember}, // it goes on
			{"2027-01-01 00:01", inJanuary},  // it goes on still: the day is now
			{"2027-01-09 12:00", inDecember}, // typed in a week later
		} {
			m, a, apps, _ := newYear(t, store, c, 1)
			for range 2 { // once more changes nothing
				play(t, t.Fatal, m, a, c, apps[0], nil, local(v.noted))
				if got := months(t, m, a); got != v.want {
					t.Errorf("noted at %s: %v", v.noted, got)
				}
				c.Set(c.Now().Add(48 * time.Hour))
			}
			c.Set(local("2027-03-01 12:00"))
			note(t, m, a, apps[0], false)
			if got := months(t, m, a); got != inNeither || attended(t, m, a, "", "") != "nobody" {
				t.Errorf("noted at %s, and taken back in March: %v", v.noted, got)
			}
		}
	})
}

func TestAnUndoneScanLeavesWhoIsOnTheListAmongThoseWhoCame(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, apps, codes := newYear(t, store, c, 1)
		in := door.Scan{Nonce: "nonce-0001", Code: codes[0], Event: a.Slug, At: local("2027-01-01 00:20"), Kind: "in"}
		undo := door.Scan{Nonce: "nonce-undo", Code: in.Nonce, Event: a.Slug, At: local("2027-01-01 00:25"), Kind: "undo"}
		play(t, t.Fatal, m, a, c, apps[0], []upload{{"phone", local("2027-01-06 09:00"), in}}, local("2027-01-04 12:00"))
		if got := months(t, m, a); got != inJanuary {
			t.Errorf("on the list and at the door after midnight: %v", got)
		}
		play(t, t.Fatal, m, a, c, apps[0], []upload{{"phone", local("2027-01-06 09:10"), undo}}, time.Time{})
		if got := months(t, m, a); got != inDecember || stateOf(t, m, apps[0].ID).State != seats.Attended {
			t.Errorf("on the list alone: %v, %s", got, stateOf(t, m, apps[0].ID).State)
		}
	})
}

func TestAnActivityThatMovesTakesThoseOnItsListAlongAndLeavesWhomTheDoorSaw(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, apps, codes := newYear(t, store, c, 2)
		in := door.Scan{Nonce: "nonce-0001", Code: codes[1], Event: a.Slug, At: local("2026-12-31 20:20"), Kind: "in"}
		play(t, t.Fatal, m, a, c, apps[0], []upload{{"phone", local("2027-01-06 09:00"), in}}, local("2027-01-04 12:00"))
		moved := a
		moved.Starts, moved.Ends = local("2027-01-02 10:00"), local("2027-01-02 17:00")
		write(t, m, func(ctx context.Context, tx *storage.Tx) error { return m.ActivityChanged(ctx, tx, a, moved) })
		if got := months(t, m, a); got[0] != one("25-34") || got[1] != one("35-44") {
			t.Errorf("December and January say %v", got)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM fact WHERE kind = 'seminars.attended'`); n != 4 {
			t.Errorf("%d facts: also whom the door saw was moved", n)
		}
	})
}

func TestWhoIsLetInWithoutASeatCameWhenTheDoorSawHer(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a, apps, _ := newYear(t, store, c, 1)
		c.Set(local("2026-12-30 12:00"))
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			app, err := seats.ApplicationByID(ctx, tx, apps[0].ID)
			if err == nil {
				_, err = m.Move(ctx, tx, app, seats.Withdrawn, app.Person, "test")
			}
			return err
		})
		// Her ticket is void; she is found by name.
		in := door.Scan{Nonce: "nonce-0001", Event: a.Slug, At: local("2026-12-31 23:59"), Kind: "in", Application: apps[0].ID}
		play(t, t.Fatal, m, a, c, apps[0], []upload{{"phone", local("2027-01-06 09:00"), in}}, time.Time{})
		if got := months(t, m, a); got != inDecember {
			t.Errorf("%v", got)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM fact WHERE kind = 'seminars.attended'`); n != 1 {
			t.Errorf("%d facts of one attendance", n)
		}
	})
}
