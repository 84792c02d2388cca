package storage_test

import (
	"context"
	"errors"
	"testing"

	sqlite3 "modernc.org/sqlite/lib"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/lite"
)

func TestAConnectionIsTriedAgainWhileAnotherOpensTheFile(t *testing.T) {
	t.Parallel()
	locked := &lite.Error{Code: sqlite3.SQLITE_BUSY, Text: "database is locked"}
	recovering := &lite.Error{Code: sqlite3.SQLITE_BUSY_RECOVERY, Text: "database is locked"}
	full := &lite.Error{Code: sqlite3.SQLITE_FULL, Text: "database or disk is full"}
	for name, c := range map[string]struct {
		fails []error
		tries int
		err   error
	}{
		"nothing is in the way":       {nil, 1, nil},
		"locked three times":          {[]error{locked, recovering, locked}, 4, nil},
		"something else is wrong":     {[]error{full}, 1, full},
		"something else after a lock": {[]error{locked, full}, 2, full},
	} {
		tries := 0
		got, err := storage.Opened(t.Context(), func() (int, error) {
			if tries++; tries <= len(c.fails) {
				return 0, c.fails[tries-1]
			}
			return 7, nil
		})
		if tries != c.tries || !errors.Is(err, c.err) || (err == nil) != (got == 7) {
			t.Errorf("%s: %d tries, %d, %v", name, tries, got, err)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := storage.Opened(ended, func() (int, error) { return 0, locked }); !errors.Is(err, locked) {
		t.Errorf("whoever waits no more is told %v", err)
	}
}
