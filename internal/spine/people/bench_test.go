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
