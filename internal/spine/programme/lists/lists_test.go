package lists_test

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/lists"
)

// room is a house with its lists.
type room struct {
	t     *testing.T
	store *storage.Store
	book  *profile.Book
	*lists.Service
	actor access.Actor
}

// now is the moment of all tests.
var now = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)

func each(t *testing.T, f func(r room)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		f(open(t, s))
	}, storagetest.With(func(o *storage.Options) { o.Clock = func() time.Time { return now } }))
}

func open(t *testing.T, s *storage.Store) room {
	t.Helper()
	book := profile.NewBook(s)
	if err := book.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return room{t, s, book, roomOf(book), coordinator()}
}

func roomOf(book *profile.Book) *lists.Service {
	return lists.New(programme.New(programme.Options{Book: book}))
}

// coordinator plans the whole programme.
func coordinator() access.Actor {
	table := access.Table{programme.MayPlan: {access.Coordinator}}
	return access.Actor{Person: storage.ID{1}, Grants: []access.Grant{{Role: access.Coordinator}}, Table: table}
}

func (r room) add(e profile.Entry) (profile.Entry, error) {
	r.t.Helper()
	err := r.store.Write(r.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		e, err = r.AddEntry(ctx, tx, lists.AddEntry{Actor: r.actor, Entry: e})
		return err
	})
	return e, err
}

// change changes an entry and says that it was called so before, too.
func (r room) change(version int64, e profile.Entry) error {
	return r.changeSaying(lists.ChangeEntry{Version: version, Entry: e, Earlier: true})
}

func (r room) changeSaying(c lists.ChangeEntry) error {
	c.Actor = r.actor
	return r.store.Write(r.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := r.ChangeEntry(ctx, tx, c)
		return err
	})
}

func (r room) close(e profile.Entry, closed bool) error {
	return r.store.Write(r.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := r.CloseEntry(ctx, tx, lists.CloseEntry{Actor: r.actor, List: e.List, Code: e.Code, Version: e.Version, Closed: closed})
		return err
	})
}

func (r room) entry(list profile.Name, code string) profile.Entry {
	r.t.Helper()
	e, ok := r.book.Now().Entry(list, code)
	if !ok {
		r.t.Fatalf("there is no %s in %s", code, list)
	}
	return e
}

func text(ky, ru, en string) i18n.Text { return i18n.Text{Ky: ky, Ru: ru, En: en} }

func karaBalta() profile.Entry {
	return profile.Entry{
		List: profile.City, ISO: "KG-C", Lat: 42.8142, Lon: 73.8481,
		Names: []profile.Named{{Name: text("Кара-Балта", "Кара-Балта", "Kara-Balta"), In: text("Кара-Балтада", "в Кара-Балте", "in Kara-Balta")}},
	}
}

func youth() profile.Entry {
	return profile.Entry{List: profile.Group, Names: []profile.Named{{Name: text("Жаш", "Молодой человек", "Young person"), Many: text("Жаштар", "Молодёжь", "Young people")}}}
}

// wrong are the fields at which somebody is told what is wrong.
func wrong(err error) []string {
	if f := fault.Of(err); f != nil && f.Code == fault.Invalid {
		return f.FieldNames()
	}
	return nil
}

func TestANinthCityAGroupAndALevelAreAdded(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		city, err := r.add(karaBalta())
		if err != nil || city.Code != "kara-balta" {
			r.t.Fatalf("%+v, %v", city, err)
		}
		if got := r.book.Now().Cities(); len(got) != 9 || got[8].Code != "kara-balta" {
			r.t.Errorf("there are %d cities, the last is %s", len(got), got[len(got)-1].Code)
		}
		for _, words := range []string{"Кара-Балта", "кара балта", "Kara-Balta", "г. Кара-Балта", "Кара-Балта шаары", "kara-balta"} {
			if code, _ := r.book.Now().FindCity(words); code != "kara-balta" {
				r.t.Errorf("%q is %q", words, code)
			}
		}
		if _, err := r.add(youth()); err != nil {
			r.t.Fatal(err)
		}
		groups := profile.Of(profile.Group).Offered(r.book.Now())
		if len(groups) != 5 || groups[3] != "young-person" || groups[4] != profile.Other {
			r.t.Errorf("the groups are %q", groups)
		}
		level := profile.Entry{List: profile.Level, Code: "district", Names: []profile.Named{{Name: text("Райондук кеңеш", "Районный кенеш", "District kenesh")}}}
		if _, err := r.add(level); err != nil {
			r.t.Fatal(err)
		}
		if got := profile.Of(profile.Level).Offered(r.book.Now()); len(got) != 4 || got[3] != "district" {
			r.t.Errorf("the levels are %q", got)
		}
		band := profile.Entry{List: profile.AgeBand, Code: "61-99", Names: level.Names}
		if _, err := r.add(band); !fault.Is(err, fault.Invalid) {
			r.t.Errorf("a band of ages was added: %v", err)
		}
	})
}

func TestWhatCannotBeOfAnEntryIsNamedAtItsField(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		if _, err := r.add(karaBalta()); err != nil {
			r.t.Fatal(err)
		}
		sokuluk := func() profile.Entry {
			e := karaBalta()
			e.Names = []profile.Named{{Name: text("Сокулук", "Сокулук", "Sokuluk"), In: text("Сокулукта", "в Сокулуке", "in Sokuluk")}}
			return e
		}
		for name, c := range map[string]struct {
			at   string
			with func(e *profile.Entry)
		}{
			"the code of another city":         {"code", func(e *profile.Entry) { e.Code = "osh" }},
			"a code with capitals":             {"code", func(e *profile.Entry) { e.Code = "Sokuluk" }},
			"the code for the rest":            {"code", func(e *profile.Entry) { e.Code = profile.Other }},
			"a code that is a page":            {"code", func(e *profile.Entry) { e.Code = "new" }},
			"a name without a code":            {"code", func(e *profile.Entry) { e.Names[0].Name.En = "Сокулук" }},
			"a language is missing":            {"name_0_ru", func(e *profile.Entry) { e.Names[0].Name.Ru = "" }},
			"in the city is missing":           {"in_0_ky", func(e *profile.Entry) { e.Names[0].In.Ky = "" }},
			"a name of another, folded":        {"name_0_ky", func(e *profile.Entry) { e.Names[0].Name.Ky = "КАРА  балта" }},
			"a name that another had":          {"name_0_ru", func(e *profile.Entry) { e.Names[0].Name.Ru = "Джалал-Абад" }},
			"a spelling that is a name":        {"words", func(e *profile.Entry) { e.Words = []string{"Нарын"} }},
			"the word for the rest":            {"name_0_ky", func(e *profile.Entry) { e.Names[0].Name.Ky = "Башка" }},
			"signs alone":                      {"name_0_en", func(e *profile.Entry) { e.Code, e.Names[0].Name.En = "x", "—" }},
			"a name too long":                  {"name_0_ru", func(e *profile.Entry) { e.Names[0].Name.Ru = strings.Repeat("а", 61) }},
			"a region that is none":            {"iso", func(e *profile.Entry) { e.ISO = "KZ-75" }},
			"a point in Almaty":                {"lat", func(e *profile.Entry) { e.Lat = 43.35 }},
			"latitude and longitude exchanged": {"lat", func(e *profile.Entry) { e.Lat, e.Lon = e.Lon, e.Lat }},
			"no number":                        {"lon", func(e *profile.Entry) { e.Lon = math.NaN() }},
			"the zero point":                   {"lat", func(e *profile.Entry) { e.Lat, e.Lon = 0, 0 }},
			"a name from a day that is none":   {"from_1", func(e *profile.Entry) { e.Names = append(e.Names, e.Names[0]); e.Names[1].From = "2026-02-30" }},
			"two names from one day": {"from_2", func(e *profile.Entry) {
				e.Names = append(e.Names, e.Names[0], e.Names[0])
				e.Names[1].From, e.Names[2].From = "2027-01-01", "2027-01-01"
			}},
			"a first name that begins on a day": {"from_0", func(e *profile.Entry) { e.Names[0].From = "2026-01-01" }},
			"letters that turn the line around": {"name_0_ky", func(e *profile.Entry) { e.Names[0].Name.Ky = "Сок\u202eулук" }},
			"more spellings than anybody writes": {"words", func(e *profile.Entry) {
				for i := range 61 {
					e.Words = append(e.Words, "Сокулук "+strconv.Itoa(i))
				}
			}},
		} {
			e := sokuluk()
			c.with(&e)
			if _, err := r.add(e); !slices.Contains(wrong(err), c.at) {
				r.t.Errorf("%s: %v at %q", name, err, wrong(err))
			}
		}
		if got := len(r.book.Now().All(profile.City)); got != 9 {
			r.t.Errorf("there are %d cities", got)
		}
		if _, err := r.add(sokuluk()); err != nil {
			r.t.Errorf("the test shows nothing: %v", err)
		}
	})
}

func TestAListHasABound(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		for i := range lists.Most(profile.Level) - 3 {
			n := strconv.Itoa(i)
			if _, err := r.add(profile.Entry{List: profile.Level, Code: "level-" + n, Names: []profile.Named{{Name: text("Деңгээл "+n, "Уровень "+n, "Level "+n)}}}); err != nil {
				r.t.Fatal(err)
			}
		}
		_, err := r.add(profile.Entry{List: profile.Level, Code: "one-more", Names: []profile.Named{{Name: text("Дагы", "Ещё", "One more")}}})
		if f := fault.Of(err); f == nil || f.Key != "programme.lists.fault.many" {
			r.t.Errorf("more than the most: %v", err)
		}
	})
}

func TestANameThatHasHeldStays(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		old := r.entry(profile.City, "naryn")
		renamed := old
		renamed.Names = append(slices.Clone(old.Names), profile.Named{From: "2026-11-01", Name: text("Ала-Тоо", "Ала-Тоо", "Ala-Too"), In: text("Ала-Тоодо", "в Ала-Тоо", "in Ala-Too")})
		if err := r.change(old.Version, renamed); err != nil {
			r.t.Fatal(err)
		}
		if got := r.book.Now().CityName(i18n.English, "naryn"); got != "Ala-Too" {
			r.t.Errorf("it is called %q", got)
		}
		if got := r.book.Now().CityNameOn(i18n.English, "naryn", now.AddDate(0, -1, 0)); got != "Naryn" {
			r.t.Errorf("a month ago it was called %q", got)
		}
		// The name has held for three weeks: it is corrected, not taken away.
		now := r.entry(profile.City, "naryn")
		gone := now
		gone.Names = now.Names[:1]
		if err := r.change(now.Version, gone); !slices.Contains(wrong(err), "from_0") {
			r.t.Errorf("a name that has held was taken away: %v", err)
		}
		other := now
		other.Names = slices.Clone(now.Names)
		other.Names[1].From = "2026-12-01"
		if err := r.change(now.Version, other); !slices.Contains(wrong(err), "from_0") {
			r.t.Errorf("the day of a name that has held was moved: %v", err)
		}
		// A name that is to come is.
		coming := now
		coming.Names = append(slices.Clone(now.Names), profile.Named{From: "2027-01-01", Name: text("Нарын", "Нарын", "Naryn"), In: text("Нарында", "в Нарыне", "in Naryn")})
		if err := r.change(now.Version, coming); err != nil {
			r.t.Fatal(err)
		}
		if got := r.book.Now().CityName(i18n.English, "naryn"); got != "Ala-Too" {
			r.t.Errorf("before its day it is called %q", got)
		}
		if err := r.change(now.Version+1, now); err != nil {
			r.t.Errorf("a name that is to come was not taken back: %v", err)
		}
	})
}

func TestWhoComesSecondIsTold(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		seen := r.entry(profile.Group, profile.Media)
		first, second := seen, seen
		first.Names = []profile.Named{{Name: text("Журналист", "Журналист", "Journalist"), Many: text("Журналисттер", "Журналисты", "Journalists")}}
		second.Names = []profile.Named{{Name: text("Кабарчы", "Репортёр", "Reporter")}}
		if err := r.change(seen.Version, first); err != nil {
			r.t.Fatal(err)
		}
		if err := r.change(seen.Version, second); !fault.Is(err, fault.Conflict) {
			r.t.Errorf("the second was not told: %v", err)
		}
		if err := r.close(seen, true); !fault.Is(err, fault.Conflict) {
			r.t.Errorf("who closes was not told: %v", err)
		}
		if got := r.entry(profile.Group, profile.Media).Now.Name.En; got != "Journalist" {
			r.t.Errorf("it is called %q", got)
		}
	})
}

func TestWhatTheHouseHasARuleForIsNotClosed(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		for _, list := range profile.ListNames() {
			for _, e := range r.book.Now().All(list) {
				if err := r.close(e, true); (err == nil) == e.Kept() {
					r.t.Errorf("%s %s: %v", list, e.Code, err)
				}
			}
		}
		if n := len(r.book.Now().Cities()); n != 0 {
			r.t.Errorf("%d cities are offered", n)
		}
		if n := len(r.book.Now().All(profile.City)); n != 8 {
			r.t.Errorf("%d cities are left", n)
		}
		osh := r.entry(profile.City, "osh")
		if err := r.close(osh, false); err != nil || len(r.book.Now().Cities()) != 1 {
			r.t.Errorf("it is not offered again: %v", err)
		}
	})
}

func TestWhoPlansInOneCityDoesNotChangeTheListsOfAll(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		r.actor.Grants[0].Scope.City = "osh"
		if _, err := r.add(karaBalta()); !fault.Is(err, fault.Forbidden) {
			r.t.Errorf("she adds a city: %v", err)
		}
		osh := r.entry(profile.City, "osh")
		if err := r.change(osh.Version, osh); !fault.Is(err, fault.Forbidden) {
			r.t.Errorf("she renames her city: %v", err)
		}
		if err := r.close(osh, true); !fault.Is(err, fault.Forbidden) {
			r.t.Errorf("she closes her city: %v", err)
		}
	})
}

// Many add the same city at once, and others with its name: one of them has it.
func TestOneCodeAndOneNameAreGivenOnce(t *testing.T) {
	t.Parallel()
	each(t, func(r room) {
		const many = 12
		errs := make([]error, many)
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() {
				e := karaBalta()
				if i%2 == 0 { // another code, the same name
					e.Code = "city-" + strconv.Itoa(i)
				}
				_, errs[i] = r.add(e)
			})
		}
		all.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else if len(wrong(err)) == 0 {
				r.t.Errorf("somebody is not told what is wrong: %v", err)
			}
		}
		if n := len(r.book.Now().All(profile.City)); made != 1 || n != 9 {
			r.t.Errorf("%d were told that it is added, and there are %d cities", made, n)
		}
	})
}

// What the database guards: who looks first and writes then, and meets another who does
// the same, is refused by the key of the table. Without the key both are written.
func TestTheKeyOfTheTableGuardsACode(t *testing.T) {
	t.Parallel()
	for guarded, want := range map[bool]int{false: 2, true: 1} {
		t.Run("guarded "+strconv.FormatBool(guarded), func(t *testing.T) {
			t.Parallel()
			s := storagetest.OpenPostgreSQL(t, storagetest.TablesChange)
			r := open(t, s)
			if !guarded {
				if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, err := tx.Exec(ctx, `ALTER TABLE list_entry DROP CONSTRAINT list_entry_code`)
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			e, err := lists.Judge(r.book.Now(), karaBalta())
			if err != nil {
				t.Fatal(err)
			}
			var looked, done sync.WaitGroup
			looked.Add(2)
			errs := make([]error, 2)
			for i := range errs {
				done.Go(func() {
					first := true
					errs[i] = s.Write(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
						var n int
						if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM list_entry WHERE list = 'city' AND code = $1`, e.Code).Scan(&n); err != nil {
							return err
						}
						if first { // both have seen that it is free
							first = false
							looked.Done()
							looked.Wait()
						}
						return profile.Insert(ctx, tx, e)
					})
				})
			}
			done.Wait()
			made := 0
			for _, err := range errs {
				if err == nil {
					made++
				} else if !storage.Violates(err, "list_entry_code") {
					t.Error(err)
				}
			}
			if made != want {
				t.Errorf("%d have written it, want %d", made, want)
			}
		})
	}
}
