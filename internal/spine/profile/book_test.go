package profile

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// processes opens one database twice, as two processes do.
func processes(t *testing.T, f func(t *testing.T, one, other *storage.Store)) {
	t.Helper()
	for engine, at := range map[string]func(t *testing.T) storage.Options{
		"sqlite": func(t *testing.T) storage.Options {
			return storage.Options{Path: filepath.Join(t.TempDir(), "ashar.db")}
		},
		"postgresql": func(t *testing.T) storage.Options { return storage.Options{URL: storagetest.Database(t, true)} },
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			o := at(t)
			var stores []*storage.Store
			for range 2 {
				s, err := storage.Open(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { s.Close() })
				stores = append(stores, s)
			}
			f(t, stores[0], stores[1])
		})
	}
}

func write(t *testing.T, s *storage.Store, f func(ctx context.Context, tx *storage.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// karaBalta is a ninth city.
func karaBalta() Entry {
	return Entry{
		List: City, Code: "kara-balta", Place: 90, ISO: "KG-C", Lat: 42.8142, Lon: 73.8481, Words: []string{"Калининское"},
		Names: []Named{{Name: i18n.Text{Ky: "Кара-Балта", Ru: "Кара-Балта", En: "Kara-Balta"}, In: i18n.Text{Ky: "Кара-Балтада", Ru: "в Кара-Балте", En: "in Kara-Balta"}}},
	}
}

func add(t *testing.T, s *storage.Store, b *Book, e Entry) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := b.Change(ctx, tx); err != nil {
			return err
		}
		return Insert(ctx, tx, e)
	})
}

func TestADatabaseBeginsWithTheListsOnceWhoeverOpensIt(t *testing.T) {
	t.Parallel()
	processes(t, func(t *testing.T, one, other *storage.Store) {
		a, b := NewBook(one), NewBook(other)
		var both sync.WaitGroup
		for _, book := range []*Book{a, b} {
			both.Go(func() {
				if err := book.Open(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		for _, list := range ListNames() {
			want := begin.All(list)
			got := a.Now().All(list)
			if !slices.EqualFunc(got, want, func(x, y Entry) bool {
				return x.Code == y.Code && slices.Equal(x.Names, y.Names) && x.ISO == y.ISO && x.Lat == y.Lat && x.Lon == y.Lon && slices.Equal(x.Words, y.Words)
			}) {
				t.Errorf("%s: %v, want %v", list, got, want)
			}
		}
		// A name that was changed is not set back when the house opens again.
		write(t, one, func(ctx context.Context, tx *storage.Tx) error {
			lists, err := a.Change(ctx, tx)
			if err != nil {
				return err
			}
			e, _ := lists.Entry(Group, Media)
			e.Names = []Named{{Name: i18n.Text{Ky: "Журналист", Ru: "Журналист", En: "Journalist"}}}
			ok, err := Update(ctx, tx, e)
			if !ok {
				t.Error("it was not written")
			}
			return err
		})
		again := NewBook(other)
		if err := again.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		if e, _ := again.Now().Entry(Group, Media); e.Now.Name.En != "Journalist" {
			t.Errorf("it is called %v", e.Now)
		}
	})
}

func TestAChangeIsSeenByAllProcesses(t *testing.T) {
	t.Parallel()
	processes(t, func(t *testing.T, one, other *storage.Store) {
		here, there := NewBook(one), NewBook(other)
		for _, b := range []*Book{here, there} {
			if err := b.Open(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		before := here.Now()
		add(t, one, here, karaBalta())
		if _, ok := here.Now().City("kara-balta"); !ok {
			t.Error("who has changed the lists does not see it after the commit")
		}
		if _, ok := before.City("kara-balta"); ok {
			t.Error("lists that somebody holds have changed")
		}
		// A use case elsewhere judges by what stands there, before that process has looked.
		write(t, other, func(ctx context.Context, tx *storage.Tx) error {
			lists, err := there.In(ctx, tx)
			if _, ok := lists.City("kara-balta"); !ok {
				t.Error("a use case elsewhere does not know the city")
			}
			return err
		})
		if _, ok := there.Now().City("kara-balta"); ok {
			t.Error("the test shows nothing: the other process knows it without having looked")
		}
		there.asked.Store(0) // a second has gone by
		if err := there.Renew(t.Context()); err != nil {
			t.Fatal(err)
		}
		if code, ok := there.Now().FindCity("г. Кара-Балта"); code != "kara-balta" || !ok {
			t.Errorf("the other process finds %q", code)
		}
	})
}

func TestAChangeThatIsRolledBackIsSeenByNobody(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		b := NewBook(s)
		if err := b.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		undone := errors.New("undone")
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if _, err := b.Change(ctx, tx); err != nil {
				return err
			}
			if err := Insert(ctx, tx, karaBalta()); err != nil {
				return err
			}
			if lists, err := b.In(ctx, tx); err != nil || len(lists.All(City)) != 9 {
				t.Errorf("inside there are %d cities, %v", len(lists.All(City)), err)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		b.asked.Store(0)
		if err := b.Renew(t.Context()); err != nil || len(b.Now().All(City)) != 8 {
			t.Errorf("there are %d cities, %v", len(b.Now().All(City)), err)
		}
	})
}

// Reading costs nothing: within a second nobody asks the database, and when it does not
// answer, the lists of before stay.
func TestTheListsAreReadWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		b := NewBook(s)
		if err := b.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		add(t, s, b, karaBalta())
		b.asked.Store(time.Now().Add(time.Hour).UnixMicro())
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := b.Renew(t.Context()); err != nil {
			t.Errorf("the database was asked: %v", err)
		}
		b.asked.Store(0)
		if err := b.Renew(t.Context()); !errors.Is(err, storage.ErrClosed) {
			t.Errorf("the test shows nothing: %v", err)
		}
		if len(b.Now().All(City)) != 9 {
			t.Error("the lists are gone with the database")
		}
	})
}

func TestANameHoldsFromItsDayInBishkek(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 9, 26, 17, 59, 0, 0, time.UTC) // the last minute before midnight in Bishkek
	s := storagetest.Open(t, storagetest.With(func(o *storage.Options) { o.Clock = func() time.Time { return now } }))
	b := NewBook(s)
	if err := b.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := b.Now().CityName(i18n.Russian, "jalal-abad"); got != "Джалал-Абад" {
		t.Errorf("the day before it is %q", got)
	}
	if got := b.Now().CityAt(i18n.Russian, "jalal-abad"); got != "в Джалал-Абаде" {
		t.Errorf("the day before it is %q", got)
	}
	now = now.Add(time.Minute)
	if got := b.Now().CityName(i18n.Russian, "jalal-abad"); got != "Манас" {
		t.Errorf("on the day it is %q", got)
	}
	if got := b.Now().CityNameOn(i18n.Russian, "jalal-abad", now.Add(-time.Minute)); got != "Джалал-Абад" {
		t.Errorf("what was the day before is called %q", got)
	}
	for _, words := range []string{"Джалал-Абад", "Манас", "jalal abad"} {
		if code, _ := b.Now().FindCity(words); code != "jalal-abad" {
			t.Errorf("%q is %q", words, code)
		}
	}
}

// What is closed is offered no more, and named as before.
func TestWhatIsClosedIsStillNamed(t *testing.T) {
	t.Parallel()
	closed := karaBalta()
	closed.Closed = true
	l := begin.With(closed)
	if len(l.Cities()) != 8 || len(l.All(City)) != 9 {
		t.Errorf("%d of %d are offered", len(l.Cities()), len(l.All(City)))
	}
	if got := l.CityName(i18n.Kyrgyz, "kara-balta"); got != "Кара-Балта" {
		t.Errorf("it is called %q", got)
	}
	group := Entry{List: Group, Code: "youth", Place: 500, Closed: true, Names: []Named{{Name: i18n.Text{Ky: "Жаштар", Ru: "Молодёжь", En: "Youth"}}}}
	l = begin.With(group)
	f := Of(Group)
	if slices.Contains(f.Offered(l), "youth") || slices.Contains(f.Named(l), "youth") || !f.Takes(l, "youth") || !slices.Contains(f.Values(l), "youth") {
		t.Error("a closed group is offered, or is none any more")
	}
	if values := f.Values(l); values[len(values)-1] != Other {
		t.Errorf("the last group is %q", values[len(values)-1])
	}
}

// Every code with which a house begins, and every word for it, leads to it alone.
func TestTheSeedsAreFoundByAllTheirWords(t *testing.T) {
	t.Parallel()
	for _, list := range ListNames() {
		for _, e := range begin.All(list) {
			for _, w := range e.texts() {
				if code, _ := begin.Find(list, w); code != e.Code {
					t.Errorf("%s: %q leads to %q, and is a word for %s", list, w, code, e.Code)
				}
			}
			for _, n := range e.Names {
				for _, l := range i18n.Languages {
					if n.Name.Exactly(l) == "" || list == City && n.In.Exactly(l) == "" {
						t.Errorf("%s %s lacks %s", list, e.Code, l)
					}
				}
			}
		}
	}
}
