package storage

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	sqlite3 "modernc.org/sqlite/lib"

	"platforma.kg/ashar/internal/foundation/storage/lite"
)

// TookTooLong reports whether err says that a change was given up since it took longer than
// it may: so many write at this moment, or the machine is so busy. It is not there: a change
// that was cut off while it was made durable is none of these (errUnsure).
func TookTooLong(err error) bool { return errors.Is(err, context.DeadlineExceeded) }

// TakesNoChanges reports whether err says that the database takes no changes at
// all for the moment: its disk is full or fails, or it may only be read. What was
// to be written is not there; what was answered before is.
func TakesNoChanges(err error) bool {
	var here *lite.Error
	if errors.As(err, &here) {
		switch here.Code & 0xff {
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
			return true
		}
	}
	var there *pgconn.PgError
	// read_only_sql_transaction; out of disk, memory or connections; a failing disk
	return errors.As(err, &there) && (there.Code == "25006" || strings.HasPrefix(there.Code, "53") || there.Code == "58030")
}
