package results

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/science/disclosure"
	"platforma.kg/ashar/internal/science/disclosure/disclosuretest"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

// school is a house with a programme of one activity.
type school struct {
	*Module
	clock    *storagetest.Clock
	activity storage.ID
}

func openSchool(t testing.TB, store *storage.Store, clock *storagetest.Clock) school {
	t.Helper()
	house := &module.House{}
	house.Furnish(module.Manifest{Counts: []module.Count{{Kind: "applied", Text: "results.nav", Public: true}, {Kind: "confirmed", Text: "results.nav"}, {Kind: "attended", Text: "results.nav", Public: true}}})
	s := school{Module: &Module{Store: store, House: house}, clock: clock}
	loaded, err := plan.Load([]byte(file), clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	s.write(t, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := plan.Import(ctx, tx, loaded, false); err != nil {
			return err
		}
		a, err := programme.BySlug(ctx, tx, "osh-day")
		s.activity = a.ID
		return err
	})
	return s
}

func (s school) write(t testing.TB, f func(context.Context, *storage.Tx) error) {
	t.Helper()
	if err := s.Store.Write(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

func (s school) record(t testing.TB, facts ...ledger.Fact) {
	t.Helper()
	s.write(t, func(ctx context.Context, tx *storage.Tx) error {
		for _, f := range facts {
			f.Activity = s.activity
			if err := ledger.Record(ctx, tx, f); err != nil {
				return err
			}
		}
		return nil
	})
}

// make tells what is due and gives all that was told.
func (s school) make(t testing.TB) Told {
	t.Helper()
	if err := s.MakeReleases(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s.told(t)
}

func (s school) told(t testing.TB) (told Told) {
	t.Helper()
	err := s.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
		told, err = Published(ctx, tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return told
}

// many are so many people who did something alike on a day.
func many(n int, kind ledger.Kind, day ledger.Day, p ledger.Profile) (out []ledger.Fact) {
	for range n {
		out = append(out, ledger.Fact{Kind: kind, Day: day, Subject: storage.RandomID(now), Profile: p, Value: 1})
	}
	return out
}

var (
	oshWoman   = ledger.Profile{Sex: "female", AgeBand: "25-34", City: "osh", Group: "activists"}
	oshMan     = ledger.Profile{Sex: "male", AgeBand: "45-59", City: "osh", Group: "media"}
	narynWoman = ledger.Profile{Sex: "female", AgeBand: "35-44", City: "naryn", Group: "activists"}
)

func dayAt(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateOnly, s, i18n.Bishkek())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestAMonthIsToldOnTheTenthOfTheNextAndNotBefore(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, dayAt(t, "2026-03-09"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := openSchool(t, store, clock)
		s.record(t, many(20, "attended", "2026-02-14", oshWoman)...)
		s.record(t, many(20, "attended", "2026-03-01", oshWoman)...)
		if told := s.make(t); len(told.Months) != 0 {
			t.Fatalf("told on the ninth: %v", told.Months)
		}
		clock.Set(dayAt(t, "2026-03-10"))
		told := s.make(t)
		if len(told.Months) != 1 || told.Months[0].Month != "2026-02" {
			t.Fatalf("%+v", told.Months)
		}
		if n := told.Months[0].Number(Where{atKind: "attended"}); n != (disclosure.Number{N: 20}) {
			t.Errorf("February: %+v", n)
		}
		clock.Set(dayAt(t, "2026-06-09"))
		told = s.make(t)
		if len(told.Months) != 3 { // February, March, April
			t.Fatalf("%d months", len(told.Months))
		}
		for _, r := range told.Months[1:] {
			if n := r.Number(Where{atKind: "attended", atCity: "osh", atSex: women}); n != (disclosure.Number{N: 40}) {
				t.Errorf("%s: %+v", r.Month, n)
			}
		}
	})
}

// Bodies are compared as they are stored.
func (s school) bodies(t testing.TB) (out []string) {
	t.Helper()
	err := s.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = storage.All(ctx, tx, func(row storage.Scanner) (b string, err error) { return b, row.Scan(&b) }, `SELECT body FROM result_release ORDER BY month`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAToldMonthNeverMovesWhateverBecomesKnown(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, dayAt(t, "2026-03-10"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := openSchool(t, store, clock)
		osh := many(20, "attended", "2026-02-14", oshWoman)
		s.record(t, osh...)
		s.record(t, many(12, "attended", "2026-02-14", oshMan)...)
		s.make(t)
		before := s.bodies(t)
		// Late: six more of February. Taken back: two. Erased: one. Moved: one.
		s.record(t, many(6, "attended", "2026-02-14", oshWoman)...)
		s.write(t, func(ctx context.Context, tx *storage.Tx) error {
			for _, f := range osh[:2] {
				if found, err := ledger.Retract(ctx, tx, "attended", s.activity, f.Subject, ""); err != nil || !found {
					return fmt.Errorf("take back: %v, %w", found, err)
				}
			}
			return ledger.Sever(ctx, tx, osh[2].Subject)
		})
		moved := osh[3]
		moved.Profile, moved.Day = narynWoman, "2026-03-02"
		s.record(t, moved)
		if told := s.make(t); !slices.Equal(s.bodies(t), before) || len(told.Months) != 1 {
			t.Fatal("February has changed")
		}
		clock.Set(dayAt(t, "2026-04-10"))
		told := s.make(t)
		if after := s.bodies(t); after[0] != before[0] {
			t.Error("February has changed")
		}
		// 32, and of the six who came late two stand for those who were taken back: 36. The
		// difference of four is not told.
		if n := told.Months[1].Number(Where{atKind: "attended"}); !n.Hidden {
			t.Errorf("March shows %d beside 32", n.N)
		}
		var counted []crowd
		if err := s.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			counted, err = countedUntil(ctx, tx, told.Programme.ID, "2026-03")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		people := 0
		for _, c := range counted {
			people += c.People
		}
		if people != 36 {
			t.Errorf("%d people, expected 36", people)
		}
	})
}

func TestTheDatabaseRefusesToChangeAToldMonth(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, dayAt(t, "2026-03-10"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := openSchool(t, store, clock)
		s.record(t, many(20, "attended", "2026-02-14", oshWoman)...)
		s.make(t)
		for _, change := range []string{`UPDATE result_release SET body = '{}'`, `DELETE FROM result_release`} {
			err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, change)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "never changed") {
				t.Errorf("%s: %v", change, err)
			}
		}
	})
}

// Two replicas have read the same and both write: one release is made, and what was counted
// is that of the one.
func TestTwoReplicasMakeOneRelease(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, dayAt(t, "2026-03-10"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := openSchool(t, store, clock)
		s.record(t, many(20, "attended", "2026-02-14", oshWoman)...)
		works := make([]*work, 8)
		for i := range works {
			if i == 4 { // the later ones know more
				s.record(t, many(20, "attended", "2026-02-20", oshMan)...)
			}
			w, err := s.due(t.Context())
			if err != nil || w == nil {
				t.Fatal(w, err)
			}
			if err := w.make(); err != nil {
				t.Fatal(err)
			}
			works[i] = w
		}
		rand.Shuffle(len(works), func(i, j int) { works[i], works[j] = works[j], works[i] })
		var all sync.WaitGroup
		for _, w := range works {
			all.Go(func() {
				if err := store.Write(t.Context(), w.keep); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		told := s.told(t)
		if len(told.Months) != 1 {
			t.Fatalf("%d releases", len(told.Months))
		}
		var counted []crowd
		if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			counted, err = countedUntil(ctx, tx, told.Programme.ID, "2026-02")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		people := 0
		for _, c := range counted {
			people += c.People
		}
		if n := told.Months[0].Number(Where{atKind: "attended"}); n.N != people {
			t.Errorf("%+v are told, %d were counted", n, people)
		}
	})
}

// invent draws a history: months of facts, some late, some taken back, some of people who
// move. Each month is given as the facts that are known when it is told.
func invent(t *rapid.T) (months []string, known [][]ledger.Fact) {
	cities, groups := []string{"osh", "naryn", "bishkek", ""}, []string{"activists", "media"}
	bands := []string{"18-24", "25-34", "35-44", "45-59", ""}
	activity := storage.RandomID(now)
	var all []ledger.Fact
	var people []ledger.Fact
	for m := range rapid.IntRange(2, 4).Draw(t, "months") {
		month := fmt.Sprintf("2026-%02d", m+1)
		months = append(months, month)
		for range rapid.IntRange(0, 60).Draw(t, "new") {
			f := ledger.Fact{Kind: "applied", Activity: activity, Subject: storage.RandomID(now), Value: 1, Profile: ledger.Profile{
				Sex: rapid.SampledFrom([]string{"female", "female", "male", "undisclosed", ""}).Draw(t, "sex"), City: rapid.SampledFrom(cities).Draw(t, "city"),
				Group: rapid.SampledFrom(groups).Draw(t, "group"), AgeBand: rapid.SampledFrom(bands).Draw(t, "age"),
			}}
			back := rapid.IntRange(0, m).Draw(t, "late")
			f.Day = ledger.Day(fmt.Sprintf("2026-%02d-15", m+1-back))
			people = append(people, f)
			all = append(all, f)
		}
		for range min(len(people), rapid.IntRange(0, 40).Draw(t, "came")) {
			f := rapid.SampledFrom(people).Draw(t, "who")
			f.Kind, f.Day = "attended", ledger.Day(month+"-20")
			if rapid.IntRange(0, 9).Draw(t, "moves") == 0 {
				f.Profile.City = rapid.SampledFrom(cities).Draw(t, "to")
			}
			all = append(all, f)
		}
		for range min(len(all), rapid.IntRange(0, 3).Draw(t, "back")) {
			f := rapid.SampledFrom(all).Draw(t, "which")
			f.Value = -1
			all = append(all, f)
		}
		known = append(known, slices.Clone(all))
	}
	return months, known
}

// mostWorlds is how many invented worlds a law is tried on: each is a few seconds' work of
// the science on a busy machine.
const mostWorlds = 8

func check(t *testing.T, law func(*rapid.T)) {
	t.Helper()
	worlds := 0
	rapid.Check(t, func(t *rapid.T) {
		if worlds++; worlds <= mostWorlds {
			law(t)
		}
	})
}

// history tells all months, as the job does.
func history(t *rapid.T, months []string, known [][]ledger.Fact) (told []Release, counted [][]crowd) {
	kinds := []ledger.Kind{"applied", "attended"}
	var before []crowd
	for i, month := range months {
		w := &work{month: month, made: now, kinds: kinds, told: told, counted: before, facts: known[i]}
		if err := w.make(); err != nil {
			t.Fatal(err)
		}
		before = w.counted
		told, counted = append(told, w.release), append(counted, w.counted)
	}
	return told, counted
}

// counts gives how many people are in a place, of those counted until a month.
func counts(counted []crowd, at Where) (n int) {
	for _, c := range counted {
		if slices.ContainsFunc(c.Stays, func(s stay) bool { return in(s, at) }) {
			n += c.People
		}
	}
	return n
}

func in(s stay, at Where) bool {
	is := map[string]string{atKind: string(s.Kind), atSex: toldSex(s.Sex), atAge: toldAge(s.Age), atCity: s.City, atGroup: s.Group}
	for name, value := range at {
		if is[name] != value {
			return false
		}
	}
	return true
}

func TestWhatIsToldIsWhatWasCountedAndNeverLess(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T) {
		months, known := invent(t)
		told, counted := history(t, months, known)
		for i, r := range told {
			for _, table := range r.Tables {
				for _, c := range table.Cells {
					at := Where{}
					for j, v := range c.At {
						if v != nil {
							at[c.By[j]] = *v
						}
					}
					n := counts(counted[i], at)
					if c.N != nil && *c.N != n {
						t.Fatalf("%s %v tells %d, %d were counted", r.Month, at, *c.N, n)
					}
					if c.N != nil && n > 0 && n < k {
						t.Fatalf("%s %v tells %d", r.Month, at, n)
					}
					if i > 0 && n < counts(counted[i-1], at) {
						t.Fatalf("%s %v has fewer than the month before", r.Month, at)
					}
				}
			}
			// As many as were counted before or are known now, whichever is more.
			now := 0
			for _, s := range seenIn(known[i]) {
				now += s.people
			}
			before := 0
			if i > 0 {
				before = counts(counted[i-1], nil)
			}
			if n := counts(counted[i], nil); n != max(before, now) {
				t.Fatalf("%s: %d people, %d before, %d known", r.Month, n, before, now)
			}
		}
	})
}

// The order of facts, the subjects' numbers and an erasure between change nothing.
func TestWhatIsToldDependsOnNoOrderAndOnNoSubject(t *testing.T) {
	t.Parallel()
	check(t, func(t *rapid.T) {
		months, known := invent(t)
		told, _ := history(t, months, known)
		again := make([][]ledger.Fact, len(known))
		for i, facts := range known { // every month under other numbers, as after erasures
			other := map[storage.ID]storage.ID{}
			for _, f := range facts {
				if _, met := other[f.Subject]; !met {
					other[f.Subject] = storage.RandomID(now)
				}
				f.Subject = other[f.Subject]
				again[i] = append(again[i], f)
			}
			rand.Shuffle(len(again[i]), func(a, b int) { again[i][a], again[i][b] = again[i][b], again[i][a] })
		}
		if other, _ := history(t, months, again); fmt.Sprint(texted(t, other)) != fmt.Sprint(texted(t, told)) {
			t.Fatalf("%v\n%v", texted(t, told), texted(t, other))
		}
	})
}

func texted(t *rapid.T, all []Release) (out []string) {
	for _, r := range all {
		for _, table := range r.Tables {
			for _, c := range table.Cells {
				raw, err := c.MarshalJSON()
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, r.Month+string(raw))
			}
		}
	}
	return out
}

// A reader who keeps every month, knows the plan and which kinds of people there are, and
// solves linear programs over all of it, learns no number that is hidden and no small
// difference of two months.
func TestTheDifferenceOfMonthsTablesAndTotalsTellsNothing(t *testing.T) {
	t.Parallel()
	asked, narrow := 0, 0
	check(t, func(t *rapid.T) {
		months, known := invent(t)
		told, counted := history(t, months, known)
		people := counted[len(counted)-1]
		columns := func(at Where, month string) (out []int) {
			for i, c := range people {
				if slices.ContainsFunc(c.Stays, func(s stay) bool { return s.Since <= month && in(s, at) }) {
					out = append(out, i)
				}
			}
			return out
		}
		size := func(columns []int) (n int) {
			for _, i := range columns {
				n += people[i].People
			}
			return n
		}
		var shown, hidden []disclosuretest.Sum
		for i, r := range told {
			for _, table := range r.Tables {
				for _, c := range table.Cells {
					at := Where{}
					for j, v := range c.At {
						if v != nil {
							at[c.By[j]] = *v
						}
					}
					sum := disclosuretest.Sum{Columns: columns(at, r.Month)}
					if sum.N = size(sum.Columns); c.N != nil {
						shown = append(shown, sum)
					} else if sum.N > 0 {
						hidden = append(hidden, sum)
					}
					if i > 0 {
						less := columns(at, told[i-1].Month)
						if n := sum.N - size(less); n > 0 && n < k {
							hidden = append(hidden, disclosuretest.Sum{Columns: sum.Columns, Less: less, N: n})
						}
					}
				}
			}
		}
		low, high, err := disclosuretest.Bounds(len(people), shown, hidden)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range hidden {
			asked++
			if high[i]-low[i] < k-1e-6 {
				narrow++
				t.Errorf("%d people are known to be %.3f to %.3f", s.N, low[i], high[i])
			}
		}
	})
	t.Logf("%d numbers asked for, %d found", asked, narrow)
}
