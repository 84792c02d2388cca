package lists_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme/lists"
)

// bandsOf reads bands as a page writes them: "14-17 18-29 30+".
func bandsOf(codes string) (out []profile.Ages) {
	for _, code := range strings.Fields(codes) {
		a, ok := profile.AgesOf(code)
		if !ok {
			panic(code + " is no band")
		}
		out = append(out, a)
	}
	return out
}

func (r room) set(from, codes string) error {
	return r.setSeen(lists.BandsSeen(r.book.Now()), from, bandsOf(codes))
}

func (r room) setSeen(seen, from string, bands []profile.Ages) error {
	return r.store.Write(r.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := r.SetBands(ctx, tx, lists.SetBands{Actor: r.actor, Seen: seen, From: from, Bands: bands})
		return err
	})
}

// at reports whether something is wrong at a field.
func at(err error, field string) bool { return len(fault.Of(err).At(field)) > 0 }

func (r room) takeBack(from string) error {
	return r.store.Write(r.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return r.TakeBackBands(ctx, tx, lists.TakeBackBands{Actor: r.actor, Seen: lists.BandsSeen(r.book.Now()), From: from})
	})
}

func (r room) fact(day ledger.Day, band string) {
	r.t.Helper()
	if err := r.store.Write(r.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return ledger.Record(ctx, tx, ledger.Fact{Day: day, Kind: "test.came", Subject: tx.NewID(), Value: 1, Profile: ledger.Profile{AgeBand: band}})
	}); err != nil {
		r.t.Fatal(err)
	}
}

const begun = "14-17 18-24 25-34 35-44 45-59 60+"

func TestOtherAgeBandsHoldFromTheirDayAndThoseOfBeforeStay(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		if err := r.set("2027-01-01", "14-17 18-29 30-44 45-59 60+"); err != nil {
			r.t.Fatal(err)
		}
		have := r.book.Now()
		eve, day := time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC), time.Date(2026, 12, 31, 18, 0, 0, 0, time.UTC) // midnight in Bishkek
		for _, c := range []struct {
			who  people.Details
			at   time.Time
			want string
		}{
			{people.Details{BirthYear: 1998}, eve, "25-34"},
			{people.Details{BirthYear: 1998}, day, "18-29"},
			{people.Details{AgeBand: "25-34"}, eve, "25-34"},
			{people.Details{AgeBand: "25-34"}, day, ""},      // 25 to 29 or 30 to 34: nobody can say
			{people.Details{AgeBand: "35-44"}, day, "30-44"}, // lies in one
			{people.Details{AgeBand: "14-17"}, day, "14-17"},
			{people.Details{AgeBand: "30-44"}, eve, ""},
			{people.Details{}, day, ""},
		} {
			if got := c.who.Age(have, c.at); got != c.want {
				r.t.Errorf("%+v on %s: %q, want %q", c.who, c.at, got, c.want)
			}
		}
		f := profile.Of(profile.AgeBand)
		if got := strings.Join(f.Offered(have), " "); got != begun {
			r.t.Errorf("today %q are offered", got)
		}
		if got := strings.Join(f.Offered(have.On(day)), " "); got != "14-17 18-29 30-44 45-59 60+" {
			r.t.Errorf("on the day %q are offered", got)
		}
		if got := strings.Join(f.Values(have), " "); got != "14-17 18-24 18-29 25-34 30-44 35-44 45-59 60+" {
			r.t.Errorf("there are %q", got)
		}
		if e, ok := have.Entry(profile.AgeBand, "30-44"); !ok || e.Now.Name.Ru != "30–44 года" || e.Now.Name.Ky != "30–44 жаш" {
			r.t.Errorf("the new band is called %v", e.Now.Name)
		}
		if !f.Takes(have, "25-34") {
			r.t.Error("a record may no longer hold a band of before")
		}
		// It can be taken back while it is to come.
		if err := r.takeBack("2027-01-01"); err != nil {
			r.t.Fatal(err)
		}
		if got := r.book.Now().BandsOn(day); strings.Join(got.Bands, " ") != begun {
			r.t.Errorf("after it was taken back %q hold", got.Bands)
		}
		if err := r.takeBack("2027-01-01"); !fault.Is(err, fault.NotFound) {
			r.t.Errorf("taken back twice: %v", err)
		}
	})
}

func TestBandsWithAGapOrAnOverlapAreNamedAtTheirField(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		for name, c := range map[string]struct{ from, bands, at, key string }{
			"a gap":                   {"2027-01-01", "14-17 20-29 30+", "ages_from_1", "programme.bands.fault.gap"},
			"a gap, not in order":     {"2027-01-01", "30+ 14-17 20-29", "ages_from_2", "programme.bands.fault.gap"},
			"an overlap":              {"2027-01-01", "14-18 18-29 30+", "ages_from_1", "programme.bands.fault.overlap"},
			"one within another":      {"2027-01-01", "14-40 20-30 41+", "ages_from_1", "programme.bands.fault.overlap"},
			"the same twice":          {"2027-01-01", "14-17 18+ 18+", "ages_to_1", "programme.bands.fault.no_end"},
			"a last band with an end": {"2027-01-01", "14-17 18-99", "ages_to_1", "programme.bands.fault.end"},
			"no end in the middle":    {"2027-01-01", "14-17 18+ 30-40", "ages_to_1", "programme.bands.fault.no_end"},
			"nobody of 14":            {"2027-01-01", "15-17 18+", "ages_from_0", "programme.bands.fault.youngest"},
			"one band":                {"2027-01-01", "14+", "ages_from_0", "programme.bands.fault.few"},
			"none":                    {"2027-01-01", "", "ages_from_0", "programme.bands.fault.few"},
			"too many":                {"2027-01-01", "0-1 2-3 4-5 6-7 8-9 10-11 12-13 14-15 16-17 18-19 20-21 22-23 24+", "ages_from_0", "programme.bands.fault.many"},
			"those that hold":         {"2027-01-01", begun, "ages_from_0", "programme.bands.fault.same"},
			"no day":                  {"", "14-17 18+", "from", "programme.bands.fault.day"},
			"a day that is none":      {"2027-02-30", "14-17 18+", "from", "programme.bands.fault.day"},
			"today":                   {"2026-11-22", "14-17 18+", "from", "programme.bands.fault.early"},
			"yesterday":               {"2026-11-21", "14-17 18+", "from", "programme.bands.fault.early"},
		} {
			err := r.set(c.from, c.bands)
			f := fault.Of(err)
			if f == nil || f.Code != fault.Invalid || !slices.ContainsFunc(f.At(c.at), func(e *fault.Error) bool { return e.Key == c.key }) {
				r.t.Errorf("%s: %v at %q", name, err, wrong(err))
			}
		}
		for _, bad := range []profile.Ages{{From: -1}, {From: 14, To: -1}, {From: 14, To: 121}, {From: 121}, {From: 30, To: 20}} {
			if err := r.setSeen(lists.BandsSeen(r.book.Now()), "2027-01-01", []profile.Ages{{From: 14, To: 17}, bad, {From: 60}}); len(wrong(err)) == 0 {
				r.t.Errorf("%+v: %v", bad, err)
			}
		}
		if got := len(r.book.Now().BandSets()); got != 1 {
			r.t.Errorf("there are %d sets", got)
		}
		if err := r.set("2026-11-23", "30+ 18-29 0-17"); err != nil { // tomorrow, in any order
			r.t.Errorf("the test shows nothing: %v", err)
		}
		if err := r.set("2026-11-23", "14-20 21+"); !at(err, "from") {
			r.t.Errorf("two sets from one day: %v", err)
		}
	})
}

// Facts of a day keep the bands under which they were counted, whatever comes later.
func TestNoBandsBeginOnADayThatIsCounted(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		t := r.t
		r.fact("2026-12-10", "25-34") // an event that staff have noted ahead of its day
		if err := r.set("2026-12-10", "14-29 30+"); !at(err, "from") {
			t.Errorf("bands begin on a day of which something is counted: %v", err)
		}
		if err := r.set("2026-12-01", "14-29 30+"); !at(err, "from") {
			t.Errorf("bands begin before a day of which something is counted: %v", err)
		}
		if err := r.set("2026-12-11", "14-29 30+"); err != nil {
			t.Fatal(err)
		}
		r.fact("2026-12-12", "14-29")
		if err := r.takeBack("2026-12-11"); !at(err, "from") {
			t.Errorf("bands by which something is counted are taken back: %v", err)
		}
	})
}

// In the last hour of a day it is too late for the next one: another process could still
// write a fact of it without knowing.
func TestBandsAreFixedAnHourBeforeTheirDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at       time.Time
		earliest string
	}{
		{time.Date(2026, 11, 22, 16, 59, 0, 0, time.UTC), "2026-11-23"}, // 22:59 in Bishkek
		{time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC), "2026-11-24"},  // 23:00
		{time.Date(2026, 11, 22, 17, 59, 59, 0, time.UTC), "2026-11-24"},
	} {
		s := storagetest.Open(t, storagetest.With(func(o *storage.Options) { o.Clock = func() time.Time { return c.at } }))
		r := open(t, s)
		if got := lists.EarliestBands(c.at); got != c.earliest {
			t.Errorf("at %s the earliest day is %s, want %s", c.at, got, c.earliest)
		}
		if err := r.set("2026-11-23", "14-29 30+"); (err == nil) != (c.earliest == "2026-11-23") {
			t.Errorf("at %s: %v", c.at, err)
		}
		if err := r.set("2026-11-24", "14-39 40+"); err != nil {
			t.Errorf("at %s, the day after: %v", c.at, err)
		}
	}
	// What has begun, or begins within the hour, is not taken back.
	clock := time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
	r := open(t, storagetest.Open(t, storagetest.With(func(o *storage.Options) { o.Clock = func() time.Time { return clock } })))
	if err := r.set("2026-11-23", "14-29 30+"); err != nil {
		t.Fatal(err)
	}
	for _, clock = range []time.Time{time.Date(2026, 11, 22, 17, 30, 0, 0, time.UTC), time.Date(2026, 11, 25, 6, 0, 0, 0, time.UTC)} {
		if err := r.takeBack("2026-11-23"); !fault.Is(err, fault.Invalid) {
			t.Errorf("at %s it was taken back: %v", clock, err)
		}
	}
}

func TestWhoPlansInOneCityDoesNotSetTheAgeBandsOfAll(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		if err := r.set("2027-01-01", "14-29 30+"); err != nil {
			r.t.Fatal(err)
		}
		r.actor.Grants[0].Scope.City = "osh"
		if err := r.set("2027-02-01", "14-39 40+"); !fault.Is(err, fault.Forbidden) {
			r.t.Errorf("she sets bands: %v", err)
		}
		if err := r.takeBack("2027-01-01"); !fault.Is(err, fault.Forbidden) {
			r.t.Errorf("she takes bands back: %v", err)
		}
		err := r.store.Read(r.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := r.LookAtBands(ctx, tx, lists.SetBands{Actor: r.actor, From: "2027-02-01", Bands: bandsOf("14-39 40+")})
			return err
		})
		if !fault.Is(err, fault.Forbidden) {
			r.t.Errorf("she looks at them: %v", err)
		}
	})
}

// Many set bands at once, from one day and from several, each having seen what stood
// there: one of them sets hers, and the others look again.
func TestOfManyWhoSetAgeBandsAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		const many = 8
		seen := lists.BandsSeen(r.book.Now())
		errs := make([]error, many)
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() {
				errs[i] = r.setSeen(seen, fmt.Sprintf("2027-01-%02d", 1+i/2), bandsOf(fmt.Sprintf("14-%d %d+", 20+i, 21+i)))
			})
		}
		all.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else if !fault.Is(err, fault.Conflict) {
				r.t.Errorf("somebody is not told to look again: %v", err)
			}
		}
		if n := len(r.book.Now().BandSets()); done != 1 || n != 2 {
			r.t.Errorf("%d were told that hers hold, and there are %d sets", done, n)
		}
	})
}

// history draws bands from several days, each set with every age once.
func history(t *rapid.T) (sets []profile.BandSet) {
	day := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	for range rapid.IntRange(0, 4).Draw(t, "sets") {
		day = day.AddDate(0, 0, rapid.IntRange(1, 90).Draw(t, "days until the next"))
		sets = append(sets, profile.BandSet{From: day.Format(time.DateOnly), Bands: drawBands(t)})
	}
	return sets
}

func drawBands(t *rapid.T) (codes []string) {
	from := rapid.IntRange(0, 14).Draw(t, "youngest")
	for range rapid.IntRange(1, 8).Draw(t, "bands") {
		to := max(1, from+rapid.IntRange(0, 20).Draw(t, "years"))
		if to >= 110 {
			break
		}
		codes = append(codes, profile.Ages{From: from, To: to}.Code())
		from = to + 1
	}
	return append(codes, profile.Ages{From: from}.Code())
}

// Whatever the history of the bands, everybody has on every day exactly one band of that
// day, or has said nothing that tells which.
func TestEverybodyHasOneBandOfTheDayOrNone(t *testing.T) {
	t.Parallel()
	r := open(t, storagetest.Open(t, storagetest.With(func(o *storage.Options) { o.Clock = func() time.Time { return now } })))
	rapid.Check(t, func(t *rapid.T) {
		anew(t, r)
		sets := history(t)
		var told []string
		for _, set := range sets {
			told = append(told, set.Bands...)
			if err := r.set(set.From, strings.Join(set.Bands, " ")); err != nil && !saysSame(err) {
				t.Fatalf("%+v: %v", set, err)
			}
		}
		have := r.book.Now()
		told = append(told, profile.Of(profile.AgeBand).Values(have)...)
		at := now.AddDate(0, 0, rapid.IntRange(-400, 600).Draw(t, "day"))
		bands := have.BandsOn(at).Bands
		year := rapid.IntRange(1900, 2016).Draw(t, "born in")
		age := at.In(time.FixedZone("Bishkek", 6*3600)).Year() - year
		band := people.Details{BirthYear: year}.Age(have, at)
		in := 0
		for i, code := range bands {
			a, ok := profile.AgesOf(code)
			if !ok {
				t.Fatalf("%q is no band", code)
			}
			if (age >= a.From || i == 0) && (a.To == 0 || age <= a.To) {
				in++
				if band != code {
					t.Fatalf("born in %d she is on %s of %q, and lies in %q of %q", year, at, band, code, bands)
				}
			}
		}
		if in != 1 {
			t.Fatalf("age %d lies in %d of %q", age, in, bands)
		}
		// Who told a band is of the one in which all its ages lie, or of none.
		one := rapid.SampledFrom(told).Draw(t, "told")
		got := people.Details{AgeBand: one}.Age(have, at)
		ages, _ := profile.AgesOf(one)
		last := ages.To
		if last == 0 {
			last = profile.OldestAge
		}
		of := map[string]bool{}
		for a := ages.From; a <= last; a++ {
			of[have.BandOfAge(a, at)] = true
		}
		want := ""
		if len(of) == 1 {
			want = slices.Collect(maps.Keys(of))[0]
		}
		if got != want {
			t.Fatalf("who told %s is on %s of %q, want %q of %q", one, at, got, want, bands)
		}
	})
}

// saysSame reports whether a set was refused since its bands hold anyway.
func saysSame(err error) bool {
	return slices.ContainsFunc(fault.Of(err).At("ages_from_0"), func(e *fault.Error) bool { return e.Key == "programme.bands.fault.same" })
}

// anew sets a house back to its beginning, without a fact.
func anew(t *rapid.T, r room) {
	if err := r.store.Write(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
		for _, q := range []string{
			`DELETE FROM fact`, `DELETE FROM age_band_set WHERE day <> ''`,
			`DELETE FROM list_entry WHERE list = 'age_band' AND code NOT IN ('14-17', '18-24', '25-34', '35-44', '45-59', '60+')`,
		} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		_, err := r.book.Change(ctx, tx)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// What is uploaded late, in any order, is counted as if it had come at once, though the
// bands have been changed meanwhile.
func TestTheCountOfAMonthIsTheSameForAnyDelayAndOrder(t *testing.T) {
	t.Parallel()
	clock := now
	r := open(t, storagetest.Open(t, storagetest.With(func(o *storage.Options) { o.Clock = func() time.Time { return clock } })))
	s, book := r.store, r.book
	rapid.Check(t, func(t *rapid.T) {
		type event struct {
			day   int // after the first
			delay int
			who   people.Details
		}
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) event {
			e := event{day: rapid.IntRange(0, 200).Draw(t, "day"), delay: rapid.IntRange(0, 60).Draw(t, "delay")}
			if rapid.Bool().Draw(t, "tells her year") {
				e.who.BirthYear = rapid.IntRange(1930, 2012).Draw(t, "born in")
			} else {
				e.who.AgeBand = rapid.SampledFrom(strings.Fields(begun)).Draw(t, "band")
			}
			return e
		}), 1, 15).Draw(t, "events")
		type change struct {
			day, ahead int // on which it is set, and how many days later it begins
			bands      []string
		}
		changes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) change {
			return change{rapid.IntRange(0, 200).Draw(t, "set on"), rapid.IntRange(-30, 60).Draw(t, "begins in"), drawBands(t)}
		}), 0, 5).Draw(t, "changes")
		slices.SortStableFunc(changes, func(a, b change) int { return cmp.Compare(a.day, b.day) })

		count := func(late bool) map[string]int {
			clock = now
			anew(t, r)
			come := slices.Clone(events)
			if late {
				slices.SortStableFunc(come, func(a, b event) int { return cmp.Compare(a.day+a.delay, b.day+b.delay) })
			} else {
				slices.SortStableFunc(come, func(a, b event) int { return cmp.Compare(a.day, b.day) })
			}
			next := 0
			for day := range 300 {
				clock = now.AddDate(0, 0, day)
				for _, c := range changes {
					if c.day == day { // what may not be is refused, in both worlds alike
						_ = s.Write(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
							_, err := r.SetBands(ctx, tx, lists.SetBands{Actor: r.actor, Seen: lists.BandsSeen(book.Now()), From: profile.Day(clock.AddDate(0, 0, c.ahead)), Bands: bandsOf(strings.Join(c.bands, " "))})
							return err
						})
					}
				}
				for ; next < len(come); next++ {
					e := come[next]
					if on := e.day; late && on+e.delay != day || !late && on != day {
						break
					}
					at := now.AddDate(0, 0, e.day)
					if err := s.Write(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
						_, p := people.Person{Details: e.who}.Snapshot(book.Now(), at)
						return ledger.Record(ctx, tx, ledger.Fact{Day: ledger.DayOf(at), Kind: "test.came", Subject: tx.NewID(), Value: 1, Profile: p})
					}); err != nil {
						t.Fatal(err)
					}
				}
			}
			months := map[string]int{}
			if err := s.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
				facts, err := ledger.Facts(ctx, tx, ledger.Filter{Kinds: []ledger.Kind{"test.came"}})
				for _, f := range facts {
					months[string(f.Day[:7])+" "+f.Profile.AgeBand]++
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return months
		}
		if prompt, late := count(false), count(true); !maps.Equal(prompt, late) {
			t.Fatalf("at once %v, late %v", prompt, late)
		}
	})
}
