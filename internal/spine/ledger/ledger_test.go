package ledger_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/ledger"
)

func write(t testing.TB, s *storage.Store, f func(ctx context.Context, tx *storage.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// record writes each fact in a transaction of its own, as they happen.
func record(t testing.TB, s *storage.Store, facts ...ledger.Fact) {
	t.Helper()
	for _, f := range facts {
		write(t, s, func(ctx context.Context, tx *storage.Tx) error { return ledger.Record(ctx, tx, f) })
	}
}

func retract(t testing.TB, s *storage.Store, f ledger.Fact, day ledger.Day) (found bool) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
		found, err = ledger.Retract(ctx, tx, f.Kind, f.Activity, f.Subject, day)
		return err
	})
	return found
}

func read(t testing.TB, s *storage.Store, f ledger.Filter) (facts []ledger.Fact) {
	t.Helper()
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		facts, err = ledger.Facts(ctx, tx, f)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return facts
}

// texts gives one column of a query, bytes in hexadecimal digits.
func texts(t testing.TB, s *storage.Store, query string, args ...any) (list []string) {
	t.Helper()
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = storage.All(ctx, tx, func(r storage.Scanner) (string, error) {
			var v any
			err := r.Scan(&v)
			if raw, is := v.([]byte); is {
				return hex.EncodeToString(raw), err
			}
			return fmt.Sprint(v), err
		}, query, args...)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestARetractionHasTheDayAndTheProfileOfTheFactThatItFinds(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		osh, naryn := ledger.Profile{Sex: "female", AgeBand: "18-24", City: "osh"}, ledger.Profile{Sex: "female", AgeBand: "25-34", City: "naryn"}
		first, second := fact(1, 1, 1, osh), fact(1, 1, 1, naryn)
		first.Day, second.Day = "2026-12-31", "2027-01-01"
		another := fact(2, 1, 37, osh)
		another.Day = "2026-12-31"
		record(t, s, second, first, another)

		if retract(t, s, first, "2026-12-30") {
			t.Error("a fact of a day on which there is none was taken back")
		}
		if !retract(t, s, first, "2026-12-31") || retract(t, s, first, "2026-12-31") {
			t.Error("a fact is taken back once, by its day")
		}
		if !retract(t, s, first, "") || retract(t, s, first, "") {
			t.Error("without a day it is the one that still stands, then none")
		}
		nobody := first
		nobody.Activity = id(9)
		if retract(t, s, nobody, "") {
			t.Error("a fact of another activity was taken back")
		}
		minus := func(f ledger.Fact) ledger.Fact { f.Value = -f.Value; return f }
		want := []ledger.Fact{first, second, another, minus(first), minus(second)}
		slices.SortFunc(want, ledger.Compare)
		if diff := cmp.Diff(want, read(t, s, ledger.Filter{})); diff != "" {
			t.Error(diff)
		}
		// Whichever period is asked for holds both or neither.
		for _, f := range []ledger.Filter{{}, {From: "2027-01-01"}, {To: "2026-12-31"}, {From: "2027-01-01", To: "2027-01-01"}} {
			tally := ledger.Count(read(t, s, f))["seminars.attended"]
			people := 0
			if tally != nil {
				people = tally.People
			}
			if want := map[bool]int{true: 1}[f.From == ""]; people != want {
				t.Errorf("%+v: %d people, want %d", f, people, want)
			}
		}
		if !retract(t, s, another, another.Day) {
			t.Error("not found")
		}
		if sum := texts(t, s, `SELECT CAST(SUM(value) AS BIGINT) FROM fact`); sum[0] != "0" {
			t.Errorf("with all taken back the values come to %s", sum[0])
		}
	})
}

func TestAFactWithoutAnActivityCanBeTakenBackToo(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f := fact(1, 0, 1, ledger.Profile{})
		f.Activity = storage.ID{}
		record(t, s, f)
		if !retract(t, s, f, "") || retract(t, s, f, "") {
			t.Error("it is taken back once")
		}
	})
}

func TestADayIsThatOfACalendarInBishkek(t *testing.T) {
	t.Parallel()
	clock := func() time.Time { return time.Date(2026, 12, 31, 18, 0, 0, 0, time.UTC) }
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		record(t, s, fact(1, 1, 1, ledger.Profile{}))
		if got := read(t, s, ledger.Filter{})[0].Day; got != "2027-01-01" {
			t.Errorf("at midnight it is %s", got)
		}
	}, func(o *storage.Options) { o.Clock = clock })
	if got := ledger.DayOf(clock().Add(-time.Nanosecond)); got != "2026-12-31" || ledger.DayOf(got.Noon()) != got {
		t.Errorf("before midnight it is %s, its noon is %s", got, got.Noon())
	}
	if ledger.DayOf(time.Time{}) != "" || !ledger.Day("").Noon().IsZero() {
		t.Error("no instant lies in no day")
	}
	for _, wrong := range []string{"", "yesterday", "2026-02-30", "2026-2-3"} {
		if d, err := ledger.ParseDay(wrong); err == nil {
			t.Errorf("%q is read as %s", wrong, d)
		}
	}
}

// crowd is n people who attend one activity on one day.
func crowd(n int) (facts []ledger.Fact) {
	for i := range n {
		f := fact(byte(i+1), 1, 1, ledger.Profile{City: "osh"})
		f.Day = "2026-11-21"
		facts = append(facts, f)
	}
	rand.Shuffle(n, func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })
	return facts
}

func TestNothingThatIsCountedDependsOnIDs(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		// Two facts of one day that disagree: which counts must not hang on a row.
		for who := range byte(20) {
			record(t, s, fact(who, 1, 1, ledger.Profile{City: "osh"}), fact(who, 1, 1, ledger.Profile{City: "naryn"}), fact(who, 2, 1, ledger.Profile{City: "talas"}))
			if who%3 == 0 {
				retract(t, s, fact(who, 2, 1, ledger.Profile{}), "")
			}
		}
		facts := read(t, s, ledger.Filter{})
		want, behind := ledger.Count(facts), ledger.Behind(facts, "seminars.attended", ledger.City, "osh")
		ids := texts(t, s, `SELECT id FROM fact ORDER BY id`)
		for range 5 {
			write(t, s, func(ctx context.Context, tx *storage.Tx) error {
				return ledger.Relink(ctx, tx, id(3), id(200)) // gives new ids to some
			})
			write(t, s, ledger.Settle) // and to all that are new
			write(t, s, func(ctx context.Context, tx *storage.Tx) error {
				if err := ledger.Relink(ctx, tx, id(200), id(3)); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `UPDATE fact SET fresh = TRUE`)
				return err
			})
			now := read(t, s, ledger.Filter{})
			if diff := cmp.Diff(want, ledger.Count(now)); diff != "" {
				t.Fatal(diff)
			}
			if diff := cmp.Diff(behind, ledger.Behind(now, "seminars.attended", ledger.City, "osh")); diff != "" {
				t.Fatal(diff)
			}
		}
		same := 0
		for _, other := range texts(t, s, `SELECT id FROM fact`) {
			if slices.Contains(ids, other) {
				same++
			}
		}
		if same > 0 {
			t.Errorf("%d facts have the id that they had: nothing was shuffled", same)
		}
	})
}

func TestTheNightLeavesNothingThatTellsWithWhichOthersAFactWasWritten(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		const people = 60
		facts := crowd(people)
		record(t, s, facts...)
		before := read(t, s, ledger.Filter{})
		// lie gives the subjects as their rows lie, transactions how many wrote them.
		lie, transactions := `SELECT subject FROM fact ORDER BY id`, ""
		if s.Dialect() == storage.PostgreSQL {
			lie, transactions = `SELECT subject FROM fact ORDER BY ctid`, `SELECT DISTINCT xmin::text FROM fact WHERE kind = 'seminars.attended'`
			if n := len(texts(t, s, transactions)); n != people {
				t.Errorf("in the day %d transactions have written them: the test proves nothing", n)
			}
		}
		written := make([]string, people)
		for i, f := range facts {
			written[i] = hex.EncodeToString(f.Subject[:])
		}
		inPlace := func() (n int) {
			for i, subject := range texts(t, s, lie) {
				if i < len(written) && written[i] == subject {
					n++
				}
			}
			return n
		}
		if s.Dialect() == storage.PostgreSQL && inPlace() != people {
			t.Errorf("in the day %d of %d lie as they were written: the test proves nothing", inPlace(), people)
		}
		byID := 0 // the ids tell nothing in the day either
		for i, subject := range texts(t, s, `SELECT subject FROM fact ORDER BY id`) {
			if written[i] == subject {
				byID++
			}
		}
		if byID > 12 {
			t.Errorf("%d of %d ids follow each other as they were written", byID, people)
		}
		settle := func() {
			t.Helper()
			write(t, s, ledger.Settle)
			if n := texts(t, s, `SELECT COUNT(*) FROM fact WHERE fresh`); n[0] != "0" {
				t.Errorf("%s facts are still new after the night", n[0])
			}
			if transactions != "" {
				if n := len(texts(t, s, transactions)); n != 1 {
					t.Errorf("after the night the facts of one day show %d transactions", n)
				}
			}
			// One of them is in its place by chance; thirteen by chance once in 6,000,000,000.
			if n := inPlace(); n > 12 {
				t.Errorf("after the night %d of %d lie as they were written", n, people)
			}
		}
		settle()
		if diff := cmp.Diff(before, read(t, s, ledger.Filter{})); diff != "" {
			t.Errorf("the night has changed what the facts say:\n%s", diff)
		}
		// One that comes late, and one that is taken back, are among the others again.
		late := fact(200, 1, 1, ledger.Profile{City: "osh"})
		late.Day = facts[0].Day
		record(t, s, late)
		retract(t, s, facts[7], "")
		other := late
		other.Day, other.Kind = "2026-11-26", "seminars.applied"
		record(t, s, other)
		ids := texts(t, s, `SELECT id FROM fact`)
		settle()
		for _, now := range texts(t, s, `SELECT id FROM fact`) {
			if slices.Contains(ids, now) {
				t.Error("a fact was left as it was, with what came late beside it")
				break
			}
		}
		// A night without news changes nothing.
		ids = texts(t, s, `SELECT id FROM fact ORDER BY id`)
		write(t, s, ledger.Settle)
		if diff := cmp.Diff(ids, texts(t, s, `SELECT id FROM fact ORDER BY id`)); diff != "" {
			t.Error("without news the night writes everything anew")
		}
	})
}

func TestAFactHasNoPlaceInAnOrder(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t)
	err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT rowid FROM fact`).Scan(new(int64))
	})
	if err == nil || err.Error() == "sql: no rows in result set" {
		t.Errorf("the rows of SQLite are numbered: %v", err)
	}
}

// relinked moves a subject while a night that has written everything anew is
// about to commit, and tells how many facts still bear the old subject.
func relinked(t *testing.T, relink func(ctx context.Context, tx *storage.Tx) error) string {
	t.Helper()
	s := storagetest.OpenPostgreSQL(t)
	record(t, s, crowd(5)...)
	var both sync.WaitGroup
	settled, waits := make(chan struct{}), make(chan struct{})
	both.Go(func() {
		write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			err := ledger.Settle(ctx, tx)
			close(settled)
			<-waits
			return err
		})
	})
	<-settled
	both.Go(func() { write(t, s, relink) })
	for t.Context().Err() == nil && texts(t, s, `SELECT COUNT(*)
		FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`)[0] == "0" {
		runtime.Gosched()
	}
	close(waits)
	both.Wait()
	return texts(t, s, `SELECT COUNT(*) FROM fact WHERE subject = $1`, id(3))[0]
}

// The positive control: on PostgreSQL a single statement that waits for the
// night finds the rows gone. SQLite lets one writer in at a time.
func TestWithoutLookingAgainAFactOfTheNightKeepsItsOldSubject(t *testing.T) {
	t.Parallel()
	left := relinked(t, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE fact SET subject = $2 WHERE subject = $1`, id(3), id(4))
		return err
	})
	if left == "0" {
		t.Error("one statement is enough: the test of Relink proves nothing")
	}
}

func TestRelinkFindsAlsoTheFactsThatTheNightWritesBesideIt(t *testing.T) {
	t.Parallel()
	left := relinked(t, func(ctx context.Context, tx *storage.Tx) error { return ledger.Relink(ctx, tx, id(3), id(4)) })
	if left != "0" {
		t.Errorf("%s facts bear the old subject", left)
	}
}

func TestWhatRelinkWritesWaitsForTheNight(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		record(t, s, crowd(5)...)
		write(t, s, ledger.Settle)
		ids := texts(t, s, `SELECT id FROM fact WHERE subject = $1`, id(3))
		write(t, s, func(ctx context.Context, tx *storage.Tx) error { return ledger.Relink(ctx, tx, id(3), id(77)) })
		write(t, s, func(ctx context.Context, tx *storage.Tx) error { return ledger.Relink(ctx, tx, id(77), id(77)) })
		now := texts(t, s, `SELECT id FROM fact WHERE subject = $1 AND fresh`, id(77))
		if len(now) != 1 || slices.Equal(ids, now) {
			t.Errorf("%q became %q", ids, now)
		}
	})
}

func TestEachNightPlansTheNext(t *testing.T) {
	t.Parallel()
	for _, engine := range []func(testing.TB, ...storagetest.Option) *storage.Store{storagetest.Open, storagetest.OpenPostgreSQL} {
		now := time.Date(2026, 11, 21, 23, 59, 0, 0, time.FixedZone("", 6*60*60))
		t.Run("", func(t *testing.T) {
			s := engine(t, func(o *storage.Options) { o.Clock = func() time.Time { return now } })
			record(t, s, crowd(3)...)
			planned := func() (list []string) {
				if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					found, err := jobs.List(ctx, tx, jobs.Filter{Kind: ledger.Jobs()[0].Name})
					for _, j := range found {
						list = append(list, fmt.Sprint(j.RunAt.In(now.Location()).Format("2006-01-02 15:04")))
					}
					return err
				}); err != nil {
					t.Fatal(err)
				}
				return list
			}
			write(t, s, ledger.PlanNight)
			write(t, s, ledger.PlanNight) // another replica
			if got := planned(); !slices.Equal(got, []string{"2026-11-22 00:05"}) {
				t.Fatalf("planned %v", got)
			}
			now = now.Add(6 * time.Minute)
			for range 2 { // a crash in between: it runs again
				if err := ledger.Jobs()[0].Do(t.Context(), s, nil); err != nil {
					t.Fatal(err)
				}
			}
			if got := planned(); !slices.Equal(got, []string{"2026-11-23 00:05", "2026-11-22 00:05"}) {
				t.Errorf("planned %v", got)
			}
			if n := texts(t, s, `SELECT COUNT(*) FROM fact WHERE fresh`); n[0] != "0" {
				t.Errorf("%s facts are new after the night", n[0])
			}
		})
	}
}
