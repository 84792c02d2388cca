package storage_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

func TestABackupDoesNotTellInWhichOrderRowsWithRandomIDsWereWritten(t *testing.T) {
	t.Parallel()
	lie := func(s *storage.Store) (ids []string) {
		t.Helper()
		if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			ids, err = storage.All(ctx, tx, func(r storage.Scanner) (string, error) {
				var id storage.ID
				err := r.Scan(&id)
				return id.String(), err
			}, `SELECT id FROM fact ORDER BY ctid`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return ids
	}
	s := storagetest.OpenPostgreSQL(t, withShelf)
	const last = 40
	for i := range byte(last) {
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO fact (id, day, kind) VALUES ($1, '2026-11-22', 'k')`, storage.ID{0: i * 7 % last, 15: i + 1})
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	if slices.IsSorted(lie(s)) {
		t.Error("the rows do not lie as they were written: the test proves nothing")
	}
	path := filepath.Join(t.TempDir(), "backup")
	if err := s.Backup(t.Context(), path, nil); err != nil {
		t.Fatal(err)
	}
	o := targets(t)["postgresql"]
	if _, err := storage.Restore(t.Context(), o, path, nil); err != nil {
		t.Fatal(err)
	}
	restored, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	if ids := lie(restored); len(ids) != last || !slices.IsSorted(ids) {
		t.Errorf("restored, they lie as they were written: %v", ids)
	}
}
