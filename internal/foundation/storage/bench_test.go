package storage_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

func benchEach(b *testing.B, f func(b *testing.B, s *storage.Store)) {
	b.Run("sqlite", func(b *testing.B) { f(b, storagetest.Open(b)) })
	b.Run("postgresql", func(b *testing.B) {
		// The server of the tests does not sync; name a real one to compare durable writes.
		f(b, storagetest.OpenPostgreSQL(b, func(o *storage.Options) { o.MaxConns = 64 }))
	})
}

// spread lets callers share b.N calls of f.
func spread(b *testing.B, callers int, f func() error) {
	b.Helper()
	var left atomic.Int64
	left.Store(int64(b.N))
	var group sync.WaitGroup
	b.ResetTimer()
	for range callers {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				if err := f(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

func addFact(ctx context.Context, s *storage.Store) error {
	return s.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO fact (id, day, kind, activity_id, subject, value, sex, city)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			tx.NewID(), tx.Now.Format("2006-01-02"), "seminars.attended", tx.NewID(), tx.NewID(), 1, "female", "Каракол")
		return err
	})
}

// BenchmarkWrite is one durable row a call: an insert with three indexes.
func BenchmarkWrite(b *testing.B) {
	benchEach(b, func(b *testing.B, s *storage.Store) {
		for _, callers := range []int{1, 64, 512} {
			b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
				spread(b, callers, func() error { return addFact(b.Context(), s) })
			})
		}
	})
}

// BenchmarkRead is one row by its key a call.
func BenchmarkRead(b *testing.B) {
	benchEach(b, func(b *testing.B, s *storage.Store) {
		err := s.Write(b.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, "INSERT INTO setting (name, value) VALUES ('name', 'Ашар')")
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		for _, callers := range []int{1, 16} {
			b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
				spread(b, callers, func() error {
					return s.Read(b.Context(), func(ctx context.Context, tx *storage.Tx) error {
						var value string
						return tx.QueryRow(ctx, "SELECT value FROM setting WHERE name = $1", "name").Scan(&value)
					})
				})
			})
		}
	})
}
