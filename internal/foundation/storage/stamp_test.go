package storage_test

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

func TestTheStampChangesWithEachCommitAndWithNoLook(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		stamp := func() string {
			t.Helper()
			v, err := s.Stamp(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		before := stamp()
		for _, name := range []string{"a", "b", "c"} {
			// Others write into other databases of the same server, whose transactions
			// PostgreSQL counts with ours: of many readings one is alone. Were it the
			// reading that changes the stamp, each would.
			alone := false
			for range 100 {
				before = stamp()
				settings(t, s)
				if alone = stamp() == before; alone || s.Dialect() == storage.SQLite {
					break
				}
			}
			if !alone {
				t.Errorf("reading changes the stamp, now %s", before)
			}
			_ = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				if inside := stamp(); inside != before && s.Dialect() == storage.SQLite {
					t.Errorf("nothing is committed, and %s became %s", before, inside)
				}
				return put(ctx, tx, name, "x")
			})
			after := stamp()
			if after == before {
				t.Errorf("after %s the stamp is still %s", name, after)
			}
			before = after
		}
	})
}

// Another process may change the same database: a command beside the server.
func TestTheStampSeesTheCommitsOfAnotherStore(t *testing.T) {
	t.Parallel()
	var path storage.Options
	s := storagetest.Open(t, func(o *storage.Options) { path = *o })
	other, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	before, err := s.Stamp(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "x", "y") }); err != nil {
		t.Fatal(err)
	}
	after, err := s.Stamp(t.Context())
	if err != nil || after == before {
		t.Errorf("the stamp is %s, %v, as before", after, err)
	}
}
