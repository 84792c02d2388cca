package storage_test

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// The time of a write is over while PostgreSQL makes it durable: whether it is there is not
// known, and so nobody is told that it is not. On SQLite no commit is cut off by a time.
func TestNobodySaysOfACommitThatWasCutOffThatItIsNotThere(t *testing.T) {
	t.Parallel()
	url := storagetest.Database(t, true)
	for limit := 2 * time.Second; ; limit *= 3 {
		o := storage.Options{URL: url}
		storage.LimitWrites(limit)(&o)
		s, err := storage.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			for _, query := range []string{
				`CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN NULL; END $$`,
				`DROP TRIGGER IF EXISTS slow ON setting`,
				`CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON setting DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION slow()`,
			} {
				if _, err := tx.Exec(ctx, query); err != nil {
					return err
				}
			}
			return nil
		}, storage.Long); err != nil {
			t.Fatal(err)
		}
		left := time.Duration(0) // for the commit
		err = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			err := put(ctx, tx, "slow", "x")
			ends, _ := ctx.Deadline()
			left = time.Until(ends)
			return err
		})
		if closed := s.Close(); closed != nil {
			t.Error(closed)
		}
		if left < limit/2 { // the machine was so busy that there was hardly a commit
			continue
		}
		if err == nil || storage.TookTooLong(err) || storage.TakesNoChanges(err) {
			t.Errorf("of a commit that was cut off is said: %v", err)
		}
		return
	}
}
