package storagetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Option changes how a store is opened.
type Option func(*storage.Options)

// With lets a test set a clock or another option.
func With(set func(*storage.Options)) Option { return set }

// TablesChange lets a test change tables, after which SQLite plans statements
// anew. In all other tests that is an error.
func TablesChange(o *storage.Options) { o.Replanned = nil }

// Each runs f on both engines, in parallel, each on an empty migrated database.
func Each(t *testing.T, f func(t *testing.T, s *storage.Store), options ...Option) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, Open(t, options...))
	})
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		f(t, OpenPostgreSQL(t, options...))
	})
}

// Open gives an empty migrated SQLite database that ends with the test.
func Open(t testing.TB, options ...Option) *storage.Store {
	t.Helper()
	body, err := migrated()
	if err != nil {
		t.Fatalf("prepare a migrated SQLite file: %v", err)
	}
	path := filepath.Join(t.TempDir(), "ashar.db")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, storage.Options{Path: path}, options)
}

// OpenPostgreSQL gives an empty migrated PostgreSQL database that ends with
// the test. Without a PostgreSQL the test fails, unless ASHAR_TEST_ENGINES
// says sqlite alone.
func OpenPostgreSQL(t testing.TB, options ...Option) *storage.Store {
	t.Helper()
	return open(t, storage.Options{URL: Database(t, true)}, options)
}

func open(t testing.TB, o storage.Options, options []Option) *storage.Store {
	t.Helper()
	o.Replanned = func(query string) { t.Errorf("SQLite planned a statement anew: %s", query) }
	for _, set := range options {
		set(&o)
	}
	s, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatalf("open the store: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return s
}

// migrated is the content of an empty migrated SQLite file, made once.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "ashar-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "ashar.db")
	s, err := storage.Open(context.Background(), storage.Options{Path: path})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})
