package storage

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

// ErrNotEmpty refuses to restore into a database that holds tables.
var ErrNotEmpty = errors.New("storage: a backup is restored only into an empty database")

// Restore makes the database that the options name from a backup and brings
// its tables up to date. The backup is read to its end first, so that a wrong
// key or a damaged file changes nothing. The database must be empty. A backup
// of a newer binary is ErrNewer. Its files are put into the store of files
// before the tables are filled; nil leaves them out.
func Restore(ctx context.Context, o Options, path string, into Files) error {
	if err := Verify(path, o.BackupKey); err != nil {
		return err
	}
	s, err := connect(o)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err = s.mustBeEmpty(ctx); err == nil && into != nil {
		err = readBackup(path, o.BackupKey, func(_ heading, in *json.Decoder) error { return restoreFiles(ctx, in, into) })
	}
	if err == nil {
		err = readBackup(path, o.BackupKey, func(h heading, in *json.Decoder) error { return s.restore(ctx, h, in) })
	}
	if err == nil {
		err = s.Check(ctx)
	}
	return errors.Join(err, s.Close())
}

// Verify reads a backup to its end and reports whether it is whole.
func Verify(path, key string) error {
	return readBackup(path, key, func(_ heading, in *json.Decoder) error {
		return readParts(in, nobody, func([]any) error { return nil }, nobody)
	})
}

func nobody(part) error { return nil }

// restoreFiles puts the files of a backup into a store, each when it is whole.
func restoreFiles(ctx context.Context, in *json.Decoder, into Files) error {
	var name string
	var size int64
	var whole bytes.Buffer
	return readParts(in, nobody, func([]any) error { return nil }, func(p part) error {
		if p.File != "" {
			name, size = p.File, p.Size
			whole.Reset()
		}
		whole.Write(p.Piece)
		if int64(whole.Len()) < size {
			return nil
		}
		return into.Put(ctx, name, bytes.NewReader(whole.Bytes()), size)
	})
}

func readBackup(path, key string, use func(h heading, in *json.Decoder) error) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	defer file.Close()
	content, err := openArchive(file, key)
	if err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	in := json.NewDecoder(content)
	in.UseNumber()
	var h heading
	if err = in.Decode(&h); err != nil {
		err = archiveError(err)
	} else {
		err = use(h, in)
	}
	if err != nil {
		return fmt.Errorf("read backup: %w", err)
	}
	return nil
}

// readParts reads what follows the heading and checks the tally. file gets the
// heading of each file and each of its pieces.
func readParts(in *json.Decoder, table func(part) error, row func([]any) error, file func(part) error) error {
	var tally, files, left int64
	for {
		var p part
		if err := in.Decode(&p); err != nil {
			return archiveError(err)
		}
		var err error
		switch {
		case p.Table != "":
			err = table(p)
		case p.File != "":
			if p.Size < 0 || left != 0 {
				return fmt.Errorf("%w: a file of %d bytes, %d of the one before are missing", ErrBackupDamaged, p.Size, left)
			}
			files++
			left = p.Size
			err = file(p)
		case len(p.Piece) > 0:
			if left -= int64(len(p.Piece)); left < 0 {
				return fmt.Errorf("%w: a file is longer than it should be", ErrBackupDamaged)
			}
			err = file(p)
		case p.Tally == nil:
			err = row(p.Row)
			tally++
		case p.Files != files || left != 0:
			err = fmt.Errorf("%w: %d files of %d", ErrBackupDamaged, files, p.Files)
		case *p.Tally != tally:
			err = fmt.Errorf("%w: %d rows of %d", ErrBackupDamaged, tally, *p.Tally)
		default: // to the very end, where the sums are
			if _, err := in.Token(); !errors.Is(err, io.EOF) {
				return fmt.Errorf("%w: something follows the end: %w", ErrBackupDamaged, err)
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// mustBeEmpty refuses a database that holds tables.
func (s *Store) mustBeEmpty(ctx context.Context) error {
	tables, err := s.Tables(ctx)
	if err == nil && len(tables) > 0 {
		err = ErrNotEmpty
	}
	return err
}

// restore makes the tables as they were, fills them, then goes on to today's.
func (s *Store) restore(ctx context.Context, h heading, in *json.Decoder) error {
	files, err := timeline(s.dialect, s.options.migrations)
	if err != nil {
		return err
	}
	then := fstest.MapFS{}
	known := map[int64]bool{}
	for name, file := range files {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return err
		}
		known[version] = true
		if slices.Contains(h.Applied, version) {
			then[name] = file
		}
	}
	for _, version := range h.Applied {
		if !known[version] {
			return fmt.Errorf("%w: the backup has migration %04d", ErrNewer, version)
		}
	}
	if err := s.prepare(ctx, then); err != nil {
		return err
	}
	if err := s.Write(ctx, func(ctx context.Context, tx *Tx) error { return tx.load(ctx, in) }, Long); err != nil {
		return err
	}
	return s.prepare(ctx, files)
}

// load fills the tables with the rows of a backup.
func (tx *Tx) load(ctx context.Context, in *json.Decoder) error {
	restoreGuards, err := tx.dropGuards(ctx)
	if err != nil {
		return err
	}
	tables, err := tx.tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables { // what a migration put there is in the backup too
		if _, err := tx.Exec(ctx, "DELETE FROM "+quote(t.Name)); err != nil {
			return err
		}
	}
	var insert string
	var types []string
	err = readParts(in, func(p part) (err error) {
		insert, types, err = insertInto(tables, p)
		return err
	}, func(row []any) error {
		values, err := rowValues(row, types)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, insert, values...); err != nil {
			return fmt.Errorf("%s: %w", insert, err)
		}
		return nil
	}, nobody)
	if err != nil {
		return err
	}
	return restoreGuards()
}

func insertInto(tables []Table, p part) (statement string, types []string, err error) {
	i := slices.IndexFunc(tables, func(t Table) bool { return t.Name == p.Table })
	if i < 0 {
		return "", nil, fmt.Errorf("%w: no table %q", ErrBackupDamaged, p.Table)
	}
	marks := make([]string, len(p.Columns))
	for n, name := range p.Columns {
		c := slices.IndexFunc(tables[i].Columns, func(c Column) bool { return c.Name == name })
		if c < 0 {
			return "", nil, fmt.Errorf("%w: no column %q in %q", ErrBackupDamaged, name, p.Table)
		}
		types = append(types, tables[i].Columns[c].Type)
		marks[n] = fmt.Sprintf("$%d", n+1)
	}
	return "INSERT INTO " + quote(p.Table) + " (" + quoteAll(p.Columns) + ") VALUES (" + strings.Join(marks, ", ") + ")", types, nil
}

// rowValues gives the values of a row as the columns of this engine take them.
func rowValues(row []any, types []string) ([]any, error) {
	if len(row) != len(types) {
		return nil, fmt.Errorf("%w: a row of %d values for %d columns", ErrBackupDamaged, len(row), len(types))
	}
	for i, v := range row {
		switch v := v.(type) {
		case json.Number:
			if types[i] == "DOUBLE PRECISION" {
				f, err := v.Float64()
				if err != nil {
					return nil, fmt.Errorf("%w: %w", ErrBackupDamaged, err)
				}
				row[i] = f
				continue
			}
			n, err := v.Int64()
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrBackupDamaged, err)
			}
			if row[i] = n; types[i] == "BOOLEAN" {
				row[i] = n != 0
			}
		case map[string]any:
			text, _ := v["b"].(string)
			bytes, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrBackupDamaged, err)
			}
			row[i] = bytes
		}
	}
	return row, nil
}

// dropGuards takes away what would refuse or repeat rows that come in any
// order: triggers, and foreign keys on PostgreSQL. The answer puts them back;
// PostgreSQL then checks every row, and Check does so on SQLite.
func (tx *Tx) dropGuards(ctx context.Context) (restore func() error, err error) {
	var drop, add []string
	type guard struct{ drop, add string }
	read := func(query string) error {
		guards, err := All(ctx, tx, func(r Scanner) (g guard, err error) {
			err = r.Scan(&g.drop, &g.add)
			return g, err
		}, query)
		for _, g := range guards {
			drop, add = append(drop, g.drop), append(add, g.add)
		}
		return err
	}
	if tx.dialect == SQLite {
		if _, err := tx.Exec(ctx, "PRAGMA defer_foreign_keys = TRUE"); err != nil {
			return nil, err
		}
		err = read(`SELECT 'DROP TRIGGER "' || name || '"', sql FROM sqlite_schema WHERE type = 'trigger'`)
	} else {
		err = read(`SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
				format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
			FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
			UNION ALL
			SELECT format('ALTER TABLE %s DISABLE TRIGGER USER', oid::regclass), format('ALTER TABLE %s ENABLE TRIGGER USER', oid::regclass)
			FROM pg_class WHERE relkind IN ('r', 'p') AND relhastriggers AND relnamespace = current_schema()::regnamespace`)
	}
	if err != nil {
		return nil, err
	}
	run := func(statements []string) error {
		for _, statement := range statements {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	}
	return func() error { return run(add) }, run(drop)
}
