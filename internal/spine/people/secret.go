package people

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"slices"

	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
)

// ErrForeignSecret says that the data were sealed with another secret.
var ErrForeignSecret = errors.New("the secret is another than that of the data")

// settingSecret holds the check value: it tells the right secret from every other,
// and nothing of it.
const settingSecret = "secret_check"

func checkValue(keys *seal.Keyring) string { return hex.EncodeToString(keys.Derive("check value")) }

// HasSecret reports whether a database belongs to a secret: it holds its check
// value or people. Whatever version it has.
func HasSecret(ctx context.Context, store *storage.Store) (has bool, err error) {
	tables, err := tableNames(ctx, store)
	if err != nil {
		return false, err
	}
	err = store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		for _, q := range []struct{ table, query string }{
			{"setting", `SELECT COUNT(*) FROM setting WHERE name = '` + settingSecret + `'`},
			{"person", `SELECT COUNT(*) FROM (SELECT 1 FROM person LIMIT 1) AS p`},
		} {
			if !slices.Contains(tables, q.table) {
				continue
			}
			var n int
			if err := tx.QueryRow(ctx, q.query).Scan(&n); err != nil {
				return err
			}
			has = has || n > 0
		}
		return nil
	})
	return has, err
}

// CheckSecret reports whether a database belongs to this secret: by the check
// value, and where there is none yet, by opening the key of somebody.
// ErrForeignSecret when it does not. Whatever version it has.
func CheckSecret(ctx context.Context, store *storage.Store, keys *seal.Keyring) error {
	tables, err := tableNames(ctx, store)
	if err != nil {
		return err
	}
	return store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		if slices.Contains(tables, "setting") {
			var value string
			err := tx.QueryRow(ctx, `SELECT value FROM setting WHERE name = $1`, settingSecret).Scan(&value)
			if err == nil && value != checkValue(keys) {
				err = ErrForeignSecret
			}
			if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
			// A backup was restored by the secret that marked it; its first people may be blank.
			if unfinished, err := tx.Unfinished(ctx); err != nil || unfinished {
				return err
			}
		}
		if !slices.Contains(tables, "person") {
			return nil
		}
		rows, err := storage.All(ctx, tx, func(sc storage.Scanner) (r row, err error) {
			err = sc.Scan(&r.id, &r.wrapped)
			return r, err
		}, `SELECT id, data_key FROM person ORDER BY id LIMIT 20`)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if _, err := keys.OpenDataKey(r.id[:], r.wrapped); err == nil {
				return nil
			}
		}
		if len(rows) > 0 {
			return ErrForeignSecret
		}
		return nil
	})
}

// NoteSecret writes the check value into a database that has none. ErrForeignSecret
// when another process was faster with another secret.
func NoteSecret(ctx context.Context, store *storage.Store, keys *seal.Keyring) error {
	err := store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, settingSecret, checkValue(keys))
		return err
	})
	if err != nil {
		return err
	}
	return CheckSecret(ctx, store, keys)
}

func tableNames(ctx context.Context, store *storage.Store) (names []string, err error) {
	tables, err := store.Tables(ctx)
	for _, t := range tables {
		names = append(names, t.Name)
	}
	return names, err
}
