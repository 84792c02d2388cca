package storage_test

import (
	"context"
	"errors"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

func TestADatabaseThatMayOnlyBeReadSaysSoAndLosesNothing(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		good := func(name string) error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, name, "x") })
		}
		if err := good("before"); err != nil {
			t.Fatal(err)
		}
		only := map[storage.Dialect]string{storage.SQLite: "PRAGMA query_only = 1", storage.PostgreSQL: "SET TRANSACTION READ ONLY"}[s.Dialect()]
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, only); err != nil {
				return err
			}
			return put(ctx, tx, "lost", "x")
		})
		if !storage.TakesNoChanges(err) {
			t.Errorf("a change of what may only be read: %v", err)
		}
		if s.Dialect() == storage.SQLite { // the connection that may only read is replaced
			_ = good("after")
		}
		if err := good("after"); err != nil {
			t.Error(err)
		}
		if got := settings(t, s); len(got) != 2 || got["before"] == "" || got["after"] == "" {
			t.Errorf("stored %v", got)
		}
		for name, f := range map[string]func(ctx context.Context, tx *storage.Tx) error{
			"a broken rule": func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, "INSERT INTO setting (name, value) VALUES ('before', 'x')")
				return err
			},
			"no statement":     func(ctx context.Context, tx *storage.Tx) error { _, err := tx.Exec(ctx, "NONSENSE"); return err },
			"a change of mind": func(context.Context, *storage.Tx) error { return errOwn },
		} {
			if err := s.Write(t.Context(), f); err == nil || storage.TakesNoChanges(err) || name == "a change of mind" && !errors.Is(err, errOwn) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}, storagetest.TablesChange) // the plans of SQLite go with the right to write
}
