package people_test

import (
	"context"
	"fmt"
	"testing"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// BenchmarkSearch opens and sorts a thousand boxes, as the list of people does.
func BenchmarkSearch(b *testing.B) {
	store := storagetest.Open(b)
	svc := people.New(people.Options{Keys: peopletest.Keys(b), Store: store})
	err := store.Write(b.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for i := range 1000 {
			d := people.Details{FullName: fmt.Sprintf("Үсөнова Өмүргүл %d", i), Email: fmt.Sprintf("p%d@mail.kg", i), City: "osh", Sex: "female"}
			if _, err := svc.Register(ctx, tx, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, q := range map[string]people.Query{"everybody": {}, "one mail": {Text: "p500@mail.kg"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := store.Read(b.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, err := svc.Search(ctx, tx, q)
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkRegister adds people one a transaction, from many callers at once.
func BenchmarkRegister(b *testing.B) {
	store := storagetest.Open(b)
	svc := people.New(people.Options{Keys: peopletest.Keys(b), Store: store})
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := store.Write(b.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.Register(ctx, tx, people.Details{FullName: "Үсөнова Өмүргүл", Email: tx.NewID().String() + "@mail.kg"})
				return err
			}); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkList is a page of the list of people among a hundred thousand: unsorted, in
// another order, narrowed, searched, from the middle. Beside the time stands what the
// directory takes in memory for each person; "first" makes it of all boxes.
func BenchmarkList(b *testing.B) {
	const crowd = 100_000
	store := storagetest.Open(b)
	svc := people.New(people.Options{Keys: peopletest.Keys(b), Store: store})
	given, family := []string{"Айгүл", "Бакыт", "Гүлнара", "Жылдыз", "Өмүркан", "Толкун", "Үмүт", "Чолпон"}, []string{"Асанова", "Үсөнов", "Жаңыева", "Токтосунова", "Эсенбекова"}
	cities := []string{"osh", "talas", "naryn", "manas", "batken", "bishkek"}
	for at := range crowd / 1000 {
		peopletest.Write(b, store, func(ctx context.Context, tx *storage.Tx) error {
			for i := range 1000 {
				if _, err := svc.Register(ctx, tx, benchPerson(at*1000+i, given, family, cities)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	peopletest.Register(b, store, svc, people.Details{FullName: "Сейитбеккызы Айпери", City: "osh"})
	all := people.ListQuery{Actor: staffOf(svc, ""), Cities: cities, Limit: 50}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			fresh := people.New(people.Options{Keys: peopletest.Keys(b), Store: store})
			if _, err := fresh.List(b.Context(), all); err != nil {
				b.Fatal(err)
			}
			n, size := fresh.DirectorySize()
			b.ReportMetric(float64(size)/float64(n), "B/person")
		}
		b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/list")
	})
	if _, err := svc.List(b.Context(), all); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(q *people.ListQuery)
	}{
		{"plain", func(*people.ListQuery) {}},
		{"by city, the last first", func(q *people.ListQuery) { q.Sort, q.Down = people.SortCity, true }},
		{"narrowed", func(q *people.ListQuery) { q.City, q.Sex = "osh", "female" }},
		{"searched", func(q *people.ListQuery) { q.Text = "асан ай" }},
		{"searched by the middle of a name", func(q *people.ListQuery) { q.Text = "ктосун" }},
		{"searched for one by the middle", func(q *people.ListQuery) { q.Text = "эйитбекк" }},
		{"scope of a city", func(q *people.ListQuery) { q.Actor = staffOf(svc, "naryn") }},
	} {
		b.Run(c.name, func(b *testing.B) {
			q := all
			c.change(&q)
			every := q
			every.Limit = 0
			middle, err := svc.List(b.Context(), every)
			if err != nil {
				b.Fatal(err)
			}
			if len(middle.IDs) > 0 {
				q.After = middle.IDs[len(middle.IDs)/2]
			}
			for b.Loop() {
				// Somebody registers between two pages, so that each is renewed.
				b.StopTimer()
				peopletest.Register(b, store, svc, people.Details{FullName: "Жаңы Адам", City: "talas"})
				b.StartTimer()
				if _, err := svc.List(b.Context(), q); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/page")
		})
	}
}

func benchPerson(i int, given, family, cities []string) people.Details {
	return people.Details{
		FullName: fmt.Sprintf("%s %s %d", family[i%len(family)], given[i/7%len(given)], i), City: cities[i/3%len(cities)],
		Group: []string{"activists", "deputies", "media"}[i%3], Sex: []string{"female", "male"}[i%2], Email: fmt.Sprintf("p%d@mail.kg", i),
	}
}
