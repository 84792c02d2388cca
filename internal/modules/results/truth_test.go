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
