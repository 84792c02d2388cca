package results

import (
	"context"
	"io/fs"
	"strings"
	"sync"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/science/disclosure"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

func printers(t *testing.T) *i18n.Catalogue {
	t.Helper()
	text, err := fs.Sub(texts, "text")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load(text, profile.Texts(), programme.Texts(), web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

// Where few were added, the first sentence says what was told before them and that more is
// hidden; never that few came.
func TestTheFirstSentenceIsTrueWhereTheTotalIsHidden(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, dayAt(t, "2026-03-10"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := openSchool(t, store, clock)
		words := printers(t)
		s.record(t, many(40, "attended", "2026-02-14", oshWoman)...)
		s.make(t)
		s.record(t, many(2, "attended", "2026-03-14", oshWoman)...)
		clock.Set(dayAt(t, "2026-05-10"))
		told := s.make(t)
		if last := told.Months[len(told.Months)-1]; len(told.Months) != 3 || last.until("attended") != (figure{disclosure.Number{N: 40}, "2026-02"}) {
			t.Fatalf("two who came later are not hidden: %+v", told.Months)
		}
		for _, l := range i18n.Languages {
			say := words.Printer(l)
			for _, month := range []string{"", "2026-03", "2026-04"} {
				v, some := s.look(told, say, month)
				want := say.T("results.release.truth", "count", 40, "month", monthName(l, "2026-02"))
				if got := v.truth(); !some || !strings.HasPrefix(got, want) || !strings.HasSuffix(got, say.T("results.release.later")) {
					t.Errorf("%s %q: %q", l, month, got)
				}
			}
			if v, _ := s.look(told, say, "2026-02"); strings.Contains(v.truth(), say.T("results.release.later")) {
				t.Errorf("of February itself: %q", v.truth())
			}
		}
	})
	storagetest.EachAt(t, dayAt(t, "2026-03-10"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := openSchool(t, store, clock)
		words := printers(t)
		s.record(t, many(3, "attended", "2026-02-14", oshWoman)...)
		told := s.make(t)
		for _, l := range i18n.Languages {
			say := words.Printer(l)
			v, some := s.look(told, say, "")
			if got, want := v.truth(), say.T("results.release.few", "month", monthName(l, "2026-02")); !some || got != want {
				t.Errorf("%s: %q, expected %q", l, got, want)
			}
		}
	})
}

// The page promises the day on which the night will tell a month.
func TestTheDayThatIsPromisedIsTheDayOnWhichItIsTold(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, dayAt(t, "2026-01-15"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := openSchool(t, store, clock)
		promised := func() string {
			t.Helper()
			var day string
			err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				told, err := Published(ctx, tx)
				if err != nil {
					return err
				}
				chosen, some, err := s.tellable(ctx, tx, told.Programme)
				if err != nil || !some {
					t.Fatal(some, err)
				}
				first, err := ledger.FirstDay(ctx, tx, chosen)
				day = string(ledger.DayOf(next(told, first, tx.Now)))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return day
		}
		if got := promised(); got != "2026-02-10" {
			t.Errorf("while nothing is known: %s", got)
		}
		s.record(t, many(20, "attended", "2026-01-14", oshWoman)...)
		// Each night of three months makes what is due; what was promised in the morning
		// before is kept.
		told := 0
		for day := dayAt(t, "2026-01-20"); day.Before(dayAt(t, "2026-04-15")); day = day.AddDate(0, 0, 1) {
			clock.Set(day.Add(-12 * 60 * 60 * 1e9))
			before := promised()
			clock.Set(day.Add(inTheNight))
			if n := len(s.make(t).Months); n != told {
				told = n
				if before != string(ledger.DayOf(day)) {
					t.Errorf("told on %s, promised for %s", ledger.DayOf(day), before)
				}
			} else if before == string(ledger.DayOf(day)) {
				t.Errorf("promised for %s, and nothing was told", before)
			}
		}
		if told != 3 {
			t.Errorf("%d months were told", told)
		}
		// The house stood still for months: the coming night tells them.
		clock.Set(dayAt(t, "2026-08-10").Add(inTheNight / 2))
		if got := promised(); got != "2026-08-10" {
			t.Errorf("before the night's work: %s", got)
		}
		clock.Set(dayAt(t, "2026-08-10").Add(2 * inTheNight))
		if got := promised(); got != "2026-08-11" {
			t.Errorf("after it: %s", got)
		}
	})
}

// Two replicas disagree on the first month: one has read before late phones told of an
// earlier one.
func TestTwoReplicasThatKnowAnotherFirstMonthMakeOneHistory(t *testing.T) {
	t.Parallel()
	for _, earlier := range []bool{true, false} {
		storagetest.EachAt(t, dayAt(t, "2026-04-10"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
			s := openSchool(t, store, clock)
			s.record(t, many(20, "attended", "2026-02-14", oshWoman)...)
			var works []*work
			for i := range 2 {
				if i == 1 {
					s.record(t, many(20, "attended", "2026-01-14", oshMan)...)
				}
				w, err := s.due(t.Context())
				if err != nil || w == nil {
					t.Fatal(w, err)
				}
				w.make()
				works = append(works, w)
			}
			if works[0].month == works[1].month {
				t.Fatal("both know the same first month: the test proves nothing")
			}
			if earlier {
				works[0], works[1] = works[1], works[0]
			}
			var all sync.WaitGroup
			for _, w := range works {
				all.Go(func() {
					if err := store.Write(context.Background(), w.keep); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if told := s.told(t); len(told.Months) != 1 {
				t.Errorf("%d first months are told", len(told.Months))
			}
			told := s.make(t)
			if n := told.Months[len(told.Months)-1].Number(Where{atKind: "attended"}); n != (disclosure.Number{N: 40}) {
				t.Errorf("at last %+v are told, 40 came", n)
			}
		})
	}
}

const secondFile = `
programme:
  slug: second
  starts: 2026-04-01
  name: {en: Second, ru: Вторая, ky: Экинчи}
cities: [osh]
activities:
  - {slug: second-day, kind: seminar, city: osh, day: 2026-05-02, hours: "09:30-17:00", title: {en: Second day}}
`

// A second programme that is being prepared takes no month away that was told, and the first
// is told on, until something is told of the second.
func TestASecondProgrammeHidesNothingThatWasTold(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, dayAt(t, "2026-03-10"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := openSchool(t, store, clock)
		s.record(t, many(20, "attended", "2026-02-14", oshWoman)...)
		first := s.make(t)
		clock.Set(dayAt(t, "2026-04-02"))
		loaded, err := plan.Load([]byte(secondFile), clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		var second storage.ID
		s.write(t, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := plan.Import(ctx, tx, loaded, false); err != nil {
				return err
			}
			a, err := programme.BySlug(ctx, tx, "second-day")
			second = a.ID
			return err
		})
		if told := s.told(t); told.Programme.Slug != "test" || len(told.Months) != len(first.Months) {
			t.Fatalf("%s: %d months", told.Programme.Slug, len(told.Months))
		}
		s.record(t, many(30, "attended", "2026-03-14", oshMan)...)
		clock.Set(dayAt(t, "2026-04-10"))
		told := s.make(t)
		if last, some := told.Latest(); told.Programme.Slug != "test" || !some || last.Month != "2026-03" || last.Number(Where{atKind: "attended"}).N != 50 {
			t.Fatalf("the first is not told on: %+v", last)
		}
		// Who applies to the second is told of it, and takes nothing away from the first.
		s.write(t, func(ctx context.Context, tx *storage.Tx) error {
			for _, f := range many(12, "applied", "2026-04-12", oshWoman) {
				f.Activity = second
				if err := ledger.Record(ctx, tx, f); err != nil {
					return err
				}
			}
			return nil
		})
		clock.Set(dayAt(t, "2026-05-10"))
		if told = s.make(t); told.Programme.Slug != "test" {
			t.Errorf("one who applies to the second hides the first: %s", told.Programme.Slug)
		}
		s.write(t, func(ctx context.Context, tx *storage.Tx) error {
			for _, f := range many(25, "attended", "2026-05-02", oshWoman) {
				f.Activity = second
				if err := ledger.Record(ctx, tx, f); err != nil {
					return err
				}
			}
			return nil
		})
		clock.Set(dayAt(t, "2026-06-10"))
		told = s.make(t)
		if last, _ := told.Latest(); told.Programme.Slug != "second" || last.Month != "2026-05" || last.Number(Where{atKind: "attended"}).N != 25 {
			t.Errorf("of the second is told: %s %+v", told.Programme.Slug, last)
		}
	})
}

// whoever are people of both sexes who did something, each of a city.
func whoever(kind ledger.Kind, day ledger.Day, womenOf, menOf int, city string) (out []ledger.Fact) {
	w, m := oshWoman, oshMan
	w.City, m.City = city, city
	return append(many(womenOf, kind, day, w), many(menOf, kind, day, m)...)
}

// Each city has one of seven people: no table is told, so that no row says who is where.
func TestATableThatIsNotToldHasNoRow(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, dayAt(t, "2026-03-10"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := openSchool(t, store, clock)
		for i, city := range []string{"osh", "naryn", "talas", "batken", "bishkek", "manas", "tokmok"} {
			s.record(t, whoever("attended", "2026-02-14", i%2, 1-i%2, city)...)
		}
		told := s.make(t)
		if n := told.Months[0].until("attended"); n.N != 7 {
			t.Fatalf("%+v came", n)
		}
		if rows := told.Months[0].Values(atCity); len(rows) != 0 {
			t.Errorf("rows of %v", rows)
		}
		if n := told.Months[0].Number(Where{atKind: "attended", atCity: "osh"}); !n.Hidden {
			t.Errorf("Osh has %d", n.N)
		}
		// Many come in two of the cities, and five new people each in another: the row of who is
		// there alone may not come with the total.
		s.record(t, whoever("attended", "2026-03-14", 20, 20, "osh")...)
		s.record(t, whoever("attended", "2026-03-14", 20, 20, "naryn")...)
		clock.Set(dayAt(t, "2026-04-10"))
		told = s.make(t)
		for _, sex := range sexes {
			osh, naryn := told.Months[1].Number(Where{atKind: "attended", atCity: "osh", atSex: sex}), told.Months[1].Number(Where{atKind: "attended", atCity: "naryn", atSex: sex})
			if osh.N < 20 && naryn.N < 20 {
				t.Errorf("%s: Osh has %+v, Naryn %+v", sex, osh, naryn)
			}
		}
	})
}

// Both steps are told of two months, and of the month between only how many took them: all
// who had applied had attended by then. What is known of one sex of one step bounds the
// other, to two people: the sexes of the last month wait.
func TestTwoStepsTogetherNarrowNothingDown(t *testing.T) {
	t.Parallel()
	kinds := []ledger.Kind{"applied", "attended"}
	cohort := func(w *telling, months [][4]int) {
		for i, c := range w.kinds {
			for t, n := range months {
				c.people[0][t], c.people[1][t] = n[2*i], n[2*i+1]
			}
		}
	}
	months := [][4]int{{60, 40, 40, 40}, {62, 43, 62, 43}, {67, 55, 62, 50}}
	w := newTelling(kinds, make([]Release, 2), nil, "2026-03")
	cohort(w, months)
	for _, c := range w.kinds {
		c.told = []bool{true, true, true}
		for s := range sexes {
			c.sexed[s] = []bool{true, false, true}
		}
	}
	if r := w.ranges(); r.width(r.women(0, 1), nought) != 2 {
		t.Errorf("the women who had applied by the second month are known to %d", r.width(r.women(0, 1), nought))
	}
	if w.safe() {
		t.Error("that is taken to be safe")
	}
	for _, c := range w.kinds {
		c.told[2], c.sexed[0][2], c.sexed[1][2] = false, false, false
	}
	w.decide()
	if !w.safe() {
		t.Error("what is decided is not safe")
	}
}

// A release of the time when all tables were one says by itself until when it counts.
func TestAnOlderReleaseIsReadAsItWasTold(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, dayAt(t, "2026-03-10"), func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		s := openSchool(t, store, clock)
		s.record(t, many(40, "attended", "2026-02-14", oshWoman)...)
		id := s.told(t).Programme.ID
		s.write(t, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO result_counted (programme_id, month, body) VALUES ($1, '2026-02', $2)`, id,
				`[{"people":40,"stays":[{"kind":"attended","sex":"female","age":"25-34","city":"osh","group":"activists","since":"2026-02"}]}]`); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `INSERT INTO result_release (programme_id, month, made_at, body) VALUES ($1, '2026-02', 1, $2)`, id,
				`{"month":"2026-02","made":"2026-03-10T00:40:00+06:00","k":5,"kinds":["applied","attended"],"tables":[{"by":["kind","city","sex"],"cells":[
				{"kind":"attended","city":"osh","sex":"female","n":40},{"kind":"attended","city":"osh","sex":null,"n":40},{"kind":"attended","city":null,"sex":"female","n":40},
				{"kind":"attended","city":null,"sex":"male-or-undisclosed","n":0},{"kind":"attended","city":null,"sex":null,"n":40},{"kind":null,"city":null,"sex":null,"n":40}]}]}`)
			return err
		})
		if r := s.told(t).Months[0]; r.until("attended") != (figure{disclosure.Number{N: 40}, "2026-02"}) || r.Apart != "attended" {
			t.Errorf("read as %+v", r)
		}
		s.record(t, many(2, "attended", "2026-03-14", oshWoman)...)
		clock.Set(dayAt(t, "2026-04-10"))
		told := s.make(t)
		for _, at := range []Where{{atKind: "attended"}, {atKind: "attended", atSex: women}, {atKind: "attended", atCity: "osh", atSex: women}} {
			if n, until := told.Months[1].Until(at); n != (disclosure.Number{N: 40}) || until != "2026-02" {
				t.Errorf("%v: %+v until %s, two are new", at, n, until)
			}
		}
	})
}
