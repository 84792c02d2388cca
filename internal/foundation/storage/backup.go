package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// A backup is every row of every table as one moment saw it, the same on both
// engines, so that it also carries a programme from one engine to the other.
// In the body of the archive are JSON values one after the other: the heading,
// then for each table its heading and its rows as arrays, then each file its
// heading and its bytes in pieces, and at the end a tally. What the rules leave
// out is nowhere; the keys of owners lie in slots before the body.

// heading begins a backup.
type heading struct {
	Made    time.Time `json:"made"`
	Applied []int64   `json:"applied"` // migrations
	Slots   *Slotted  `json:"slots,omitempty"`
}

// part is a table's heading, a row, a file's heading, a piece of it, or the tally.
type part struct {
	Table   string   `json:"table,omitempty"`
	Columns []string `json:"columns,omitempty"`
	Row     []any    `json:"row,omitempty"`
	File    string   `json:"file,omitempty"`
	Size    int64    `json:"size,omitempty"` // of the file, in bytes
	Piece   []byte   `json:"piece,omitempty"`
	Tally   *int64   `json:"tally,omitempty"` // number of rows in the backup
	Files   int64    `json:"files,omitempty"` // beside the tally
}

// pieceSize is how much of a file stands in one part, in bytes.
const pieceSize = 256 << 10

// Files are what lies beside the tables and belongs to a backup.
type Files interface {
	// Each opens one file after the other.
	Each(ctx context.Context, use func(name string, size int64, r io.Reader) error) error
	// Put writes a whole file of size bytes; one of that name is replaced.
	Put(ctx context.Context, name string, r io.Reader, size int64) error
}

// blob marks bytes in a row, so that they do not become text.
type blob struct {
	Bytes []byte `json:"b"`
}

// Backup writes a backup to a new file by the rules of the store, encrypted when
// it has a backup key, with the files beside the tables, nil for none. Everybody
// reads and writes meanwhile. The file appears when it is whole.
func (s *Store) Backup(ctx context.Context, path string, with Files) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backup: %s: %w", path, fs.ErrExist)
	}
	half := path + ".part"
	file, err := os.OpenFile(half, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer os.Remove(half) // nothing is left to remove once it has its name
	defer file.Close()
	if err := s.dump(ctx, file, with); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return os.Rename(half, path)
}

func (s *Store) dump(ctx context.Context, w io.Writer, with Files) error {
	var archive *archiveWriter
	var out *json.Encoder
	var tally int64
	err := s.Read(ctx, func(ctx context.Context, tx *Tx) error {
		applied, err := All(ctx, tx, scanCount, appliedMigrations)
		if err != nil {
			return err
		}
		tables, err := tx.tables(ctx)
		if err != nil {
			return err
		}
		rules := s.options.Rules.apply(tables)
		h := heading{Made: tx.Now, Applied: applied}
		var owners []owner
		if rules.slots {
			h.Slots = &rules.Slots
			if owners, err = All(ctx, tx, scanOwner, "SELECT "+quote(rules.Slots.ID)+", "+quote(rules.Slots.Key)+" FROM "+quote(rules.Slots.Table)); err != nil {
				return fmt.Errorf("keys of %s: %w", rules.Slots.Table, err)
			}
		}
		if archive, err = newArchiveWriter(w, s.options.BackupKey, tx.Now, s.options.Rules, owners); err != nil {
			return err
		}
		out = json.NewEncoder(archive)
		if err := out.Encode(h); err != nil {
			return err
		}
		for _, t := range tables {
			names, ok := rules.columns(t)
			if !ok {
				continue
			}
			n, err := tx.dumpTable(ctx, out, t.Name, names)
			if err != nil {
				return fmt.Errorf("table %s: %w", t.Name, err)
			}
			tally += n
		}
		return nil
	})
	if err != nil {
		return err
	}
	// After the rows: a file is there before its row, and stays a while after it.
	count, err := dumpFiles(ctx, out, with)
	if err == nil {
		err = out.Encode(part{Tally: &tally, Files: count})
	}
	if err != nil {
		return err
	}
	return archive.Close()
}

const appliedMigrations = "SELECT version_id FROM goose_db_version WHERE is_applied AND version_id > 0 ORDER BY version_id"

func scanOwner(r Scanner) (o owner, err error) {
	err = r.Scan(&o.id, &o.key)
	return o, err
}

func dumpFiles(ctx context.Context, out *json.Encoder, with Files) (count int64, err error) {
	if with == nil {
		return 0, nil
	}
	piece := make([]byte, pieceSize)
	err = with.Each(ctx, func(name string, size int64, r io.Reader) error {
		if err := out.Encode(part{File: name, Size: size}); err != nil {
			return err
		}
		count++
		for left := size; left > 0; {
			some := piece[:min(left, pieceSize)]
			if _, err := io.ReadFull(r, some); err != nil {
				return fmt.Errorf("file %s: %w", name, err)
			}
			if err := out.Encode(part{Piece: some}); err != nil {
				return err
			}
			left -= int64(len(some))
		}
		return nil
	})
	return count, err
}

func (tx *Tx) dumpTable(ctx context.Context, out *json.Encoder, table string, names []string) (count int64, err error) {
	if err := out.Encode(part{Table: table, Columns: names}); err != nil {
		return 0, err
	}
	// In the order of their keys: as they lie in a table of PostgreSQL they would
	// tell in which order they were written, also where an id is random so as not to.
	rows, err := tx.Query(ctx, "SELECT "+quoteAll(names)+" FROM "+quote(table)+" ORDER BY 1")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	values, cells := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		cells[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			return 0, err
		}
		for i, v := range values {
			switch v := v.(type) {
			case nil, int64, float64, string:
			case bool: // SQLite keeps it as a number
				values[i] = int64(0)
				if v {
					values[i] = int64(1)
				}
			case []byte:
				values[i] = blob{v}
			default:
				return 0, fmt.Errorf("column %s holds a %T, which no backup can carry", names[i], v)
			}
		}
		if err := out.Encode(part{Row: values}); err != nil {
			return 0, err
		}
		count++
	}
	return count, rows.Err()
}
