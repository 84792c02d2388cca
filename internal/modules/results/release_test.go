package results

import (
	"context"
	"fmt"
	"maps"
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

// until is the number of a kind, and until when it counts.
func (r Release) until(kind string) figure {
	n, month := r.Until(Where{atKind: kind})
	return figure{n, month}
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
		// difference of four is not told: the number stays that of February.
		if n := told.Months[1].until("attended"); n != (figure{disclosure.Number{N: 32}, "2026-02"}) {
			t.Errorf("March shows %+v beside 32", n)
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
			w.make()
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
		for range rapid.IntRange(0, 160).Draw(t, "new") {
			f := ledger.Fact{Kind: "applied", Activity: activity, Subject: storage.RandomID(now), Value: 1, Profile: ledger.Profile{
				Sex: rapid.SampledFrom([]string{"female", "female", "male", "undisclosed", ""}).Draw(t, "sex"), City: rapid.SampledFrom(cities).Draw(t, "city"),
				Group: rapid.SampledFrom(groups).Draw(t, "group"), AgeBand: rapid.SampledFrom(bands).Draw(t, "age"),
			}}
			back := rapid.IntRange(0, m).Draw(t, "late")
			f.Day = ledger.Day(fmt.Sprintf("2026-%02d-15", m+1-back))
			people = append(people, f)
			all = append(all, f)
		}
		for range min(len(people), rapid.IntRange(0, 140).Draw(t, "came")) {
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

// leastWorlds is how many invented worlds the channels are tried on at least: each is walked
// in three languages.
const leastWorlds = 8

// check tries a law on that many worlds, and on more, up to rapid's own number, until they
// prove something: how much is hidden in a world is chance.
func check(t *testing.T, proves func() bool, law func(*rapid.T)) {
	t.Helper()
	worlds := 0
	rapid.Check(t, func(t *rapid.T) {
		if worlds++; worlds <= leastWorlds || !proves() {
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
		w.make()
		before = w.counted
		told, counted = append(told, w.release), append(counted, w.counted)
	}
	return told, counted
}

// counts gives how many people are in a place by the end of a month: each where she was
// first.
func counts(counted []crowd, at Where, month string) (n int) {
	for _, c := range counted {
		var first *stay
		for i, s := range c.Stays {
			if at[atKind] == string(s.Kind) && (first == nil || s.Since < first.Since) {
				first = &c.Stays[i]
			}
		}
		if first != nil && first.Since <= month && in(*first, at) {
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

// where is the place of a cell.
func (c ReleasedCell) where() Where {
	at := Where{}
	for i, v := range c.At {
		if v != nil {
			at[c.By[i]] = *v
		}
	}
	return at
}

func TestWhatIsToldIsWhatWasCountedAndNeverLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		months, known := invent(t)
		told, counted := history(t, months, known)
		last := counted[len(counted)-1]
		for i, r := range told {
			for _, table := range r.Tables {
				for _, c := range table.Cells {
					at := c.where()
					if counts(last, at, r.Month) != counts(counted[i], at, r.Month) {
						t.Fatalf("%s %v is counted otherwise later", r.Month, at)
					}
					if c.N == nil {
						continue
					}
					if c.Until == "" || c.Until > r.Month {
						t.Fatalf("%s %v counts until %q", r.Month, at, c.Until)
					}
					n := counts(last, at, c.Until)
					if c.At[1] != nil && c.At[2] == nil && !r.Together { // of both sexes, each until its own month
						n = 0
						for _, sex := range sexes {
							at[atSex] = sex
							part, until := r.Until(at)
							if part.Hidden {
								t.Fatalf("%s %v is told and one of its sexes is not", r.Month, at)
							}
							n += counts(last, at, until)
						}
					}
					if *c.N != n {
						t.Fatalf("%s %v tells %d, %d were counted", r.Month, at, *c.N, n)
					}
					if n > 0 && n < k {
						t.Fatalf("%s %v tells %d", r.Month, at, n)
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
				before = all(counted[i-1])
			}
			if n := all(counted[i]); n != max(before, now) {
				t.Fatalf("%s: %d people, %d before, %d known", r.Month, n, before, now)
			}
		}
	})
}

// all is how many people were counted.
func all(counted []crowd) (n int) {
	for _, c := range counted {
		n += c.People
	}
	return n
}

// The order of facts, the subjects' numbers and an erasure between change nothing.
func TestWhatIsToldDependsOnNoOrderAndOnNoSubject(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
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

// reader is who keeps every month and solves linear programs over all of it: for one trait,
// how many people of each value and sex were added in each month, who did each thing.
type reader struct {
	columns map[string]int
	kinds   []string
	months  []string
	values  []string
	shown   []disclosuretest.Sum
}

// column is that of the people of a kind, a value and a sex who were new in a month.
func (r *reader) column(key ...string) int {
	name := strings.Join(key, "|")
	at, there := r.columns[name]
	if !there {
		at = len(r.columns)
		r.columns[name] = at
	}
	return at
}

// of are the columns of people until a month; what is empty is any.
func (r *reader) of(kind, value, sex, month string, apart bool) (out []int) {
	for _, m := range r.months {
		for _, s := range sexes {
			for _, v := range r.values {
				if m > month || sex != "" && s != sex || apart && v != value {
					continue
				}
				out = append(out, r.column(kind, v, s, m))
			}
		}
	}
	return out
}

// A reader learns no number of any table and month that is hidden, and no small number of
// people who are new, who are not of a value, or who took one step and not the next, to
// less than k. Of how traits go together she knows nothing.
func TestTheDifferenceOfMonthsTablesAndTotalsTellsNothing(t *testing.T) {
	t.Parallel()
	asked, narrow, cells, told := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		months, known := invent(t)
		releases, counted := history(t, months, known)
		last := counted[len(counted)-1]
		shown, all := releases[len(releases)-1].Shown()
		told, cells = told+shown, cells+all
		for _, by := range traits {
			r := &reader{columns: map[string]int{}, kinds: []string{"applied", "attended"}, months: months, values: []string{"nobody"}}
			for _, c := range last {
				for _, s := range c.Stays {
					if v := map[string]string{atCity: s.City, atGroup: s.Group, atAge: toldAge(s.Age)}[by]; !slices.Contains(r.values, v) {
						r.values = append(r.values, v)
					}
				}
			}
			var hidden []disclosuretest.Sum
			sum := func(columns []int, n int) disclosuretest.Sum { return disclosuretest.Sum{Columns: columns, N: n} }
			for i, release := range releases {
				for _, table := range release.Tables {
					if table.By[1] != by {
						continue
					}
					for _, c := range table.Cells {
						at := c.where()
						value, apart := at[by]
						n := counts(last, at, release.Month)
						columns := r.of(at[atKind], value, at[atSex], release.Month, apart)
						sums := apart && at[atSex] == "" && !release.Together // told as the sum of two
						switch {
						case c.N != nil && c.Until == release.Month && !sums:
							r.shown = append(r.shown, sum(columns, n))
						case n > 0 && (c.N == nil || *c.N != n):
							hidden = append(hidden, sum(columns, n))
						}
						if i > 0 {
							before := r.of(at[atKind], value, at[atSex], releases[i-1].Month, apart)
							if d := n - counts(last, at, releases[i-1].Month); few(d) {
								hidden = append(hidden, disclosuretest.Sum{Columns: columns, Less: before, N: d})
							}
						}
						if apart {
							whole := Where{atKind: at[atKind], atSex: at[atSex]}
							if at[atSex] == "" {
								delete(whole, atSex)
							}
							if d := counts(last, whole, release.Month) - n; few(d) {
								hidden = append(hidden, disclosuretest.Sum{Columns: r.of(at[atKind], "", at[atSex], release.Month, false), Less: columns, N: d})
							}
						}
					}
				}
			}
			for _, m := range months {
				for _, sex := range append(sexes[:], "") {
					at := Where{atKind: "applied"}
					if sex != "" {
						at[atSex] = sex
					}
					n := counts(last, at, m)
					at[atKind] = "attended"
					if d := n - counts(last, at, m); few(d) {
						hidden = append(hidden, disclosuretest.Sum{Columns: r.of("applied", "", sex, m, false), Less: r.of("attended", "", sex, m, false), N: d})
					}
				}
			}
			// Who attended has applied, if it is so of all: then there is a number of those who
			// have only applied, of each value, sex and month.
			within := true
			for _, m := range months {
				for _, s := range sexes {
					for _, v := range r.values {
						at := Where{by: v, atSex: s}
						of := func(kind string) int { at[atKind] = kind; return counts(last, at, m) }
						within = within && of("applied") >= of("attended")
					}
				}
			}
			if within {
				for _, m := range months {
					for _, s := range sexes {
						for _, v := range r.values {
							slack := r.column("slack", v, s, m)
							r.shown = append(r.shown, disclosuretest.Sum{Columns: r.of("applied", v, s, m, true), Less: append(r.of("attended", v, s, m, true), slack)})
						}
					}
				}
			}
			// Whether anybody of a sex took a step is known of each month; whether anybody of a value
			// did, of each month whose tables were told: of the others, that no row is new.
			someone := func(columns []int, n int, key ...string) {
				if n == 0 {
					r.shown = append(r.shown, sum(columns, 0))
				} else {
					r.shown = append(r.shown, disclosuretest.Sum{Columns: columns, Less: []int{r.column(append(key, "somebody")...)}, N: 1})
				}
			}
			for i, release := range releases {
				for _, sex := range sexes {
					for _, kind := range r.kinds {
						at := Where{atKind: kind, atSex: sex}
						someone(r.of(kind, "", sex, release.Month, false), counts(last, at, release.Month), kind, sex, release.Month)
					}
					for _, value := range r.values {
						at := Where{atKind: "attended", atSex: sex, by: value}
						_, row := release.cell(at)
						if release.Tabled == release.Month && !release.Together {
							someone(r.of("attended", value, sex, release.Month, true), counts(last, at, release.Month), "attended", value, sex, release.Month)
						} else if i > 0 && row {
							if _, before := releases[i-1].cell(at); !before {
								t.Fatalf("%s has a row for %s, and its tables were not told", release.Month, value)
							}
						}
					}
				}
			}
			low, high, err := disclosuretest.Bounds(len(r.columns), r.shown, hidden)
			if err != nil {
				t.Fatal(err)
			}
			for i, h := range hidden {
				asked++
				if high[i]-low[i] < k-1e-6 {
					narrow++
					t.Errorf("by %s %d people are known to be %.3f to %.3f", by, h.N, low[i], high[i])
				}
			}
		}
	})
	t.Logf("%d numbers asked for, %d found; %d of %d told at the end", asked, narrow, told, cells)
	if asked < 300 || told*3 < cells {
		t.Errorf("%d numbers asked for, %d of %d told: that proves little", asked, told, cells)
	}
}

// TestALongProgrammeGoesOnBeingTold invents two years of a programme in eight cities, of a
// thousand people: each month nearly all numbers are told, and none is old.
func TestALongProgrammeGoesOnBeingTold(t *testing.T) {
	t.Parallel()
	for _, each := range []int{42, 15} {
		r := rand.New(rand.NewPCG(4, uint64(each)))
		pick := func(values map[string]int) string {
			x := r.IntN(100)
			for _, v := range slices.Sorted(maps.Keys(values)) {
				if x -= values[v]; x < 0 {
					return v
				}
			}
			return ""
		}
		var facts []ledger.Fact
		var told []Release
		var counted []crowd
		for m := range 24 {
			month := firstOf("2025-01").AddDate(0, m, 0).Format("2006-01")
			for range each {
				f := ledger.Fact{Kind: "applied", Subject: storage.RandomID(now), Value: 1, Day: ledger.Day(month + "-05"), Profile: ledger.Profile{
					Sex:     pick(map[string]int{"female": 62, "male": 35, "undisclosed": 3}),
					City:    pick(map[string]int{"bishkek": 30, "osh": 20, "manas": 12, "naryn": 8, "talas": 8, "batken": 8, "karakol": 10, "cholpon-ata": 4}),
					Group:   pick(map[string]int{"activists": 60, "media": 25, "deputies": 15}),
					AgeBand: pick(map[string]int{"18-24": 25, "25-34": 35, "35-44": 20, "45-59": 20}),
				}}
				facts = append(facts, f)
				if r.IntN(100) < 70 {
					f.Kind, f.Day = "attended", ledger.Day(month+"-20")
					facts = append(facts, f)
				}
			}
			w := &work{month: month, made: now, kinds: []ledger.Kind{"applied", "attended"}, told: told, counted: counted, facts: facts}
			w.make()
			counted, told = w.counted, append(told, w.release)
			shown, all := w.release.Shown()
			whole, women := w.release.until("attended"), 0
			for _, c := range w.release.Tables[0].Cells { // by city and sex
				if c.At[1] != nil && c.At[2] != nil && c.N != nil {
					women += *c.N
				}
			}
			if m == 5 || m == 11 || m == 23 {
				t.Logf("%d each month, month %d: %d of %d numbers told, %d of %d people by city and sex", each, m+1, shown, all, women, whole.N)
			}
			if m == 23 && (float64(shown) < 0.9*float64(all) || float64(women) < 0.85*float64(whole.N)) {
				t.Errorf("%d each month: after two years %d of %d numbers are told, %d of %d people by city and sex", each, shown, all, women, whole.N)
			}
		}
	}
}
