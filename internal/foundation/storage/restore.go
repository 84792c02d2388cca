package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

// ErrNotEmpty refuses to restore into a database that holds tables.
var ErrNotEmpty = errors.New("storage: a backup is restored only into an empty database")

// RestoreOption changes how one Restore runs.
type RestoreOption func(*restoreOptions)

type restoreOptions struct {
	asItWas bool
	check   func(ctx context.Context, s *Store) error
}

// AsItWas leaves the tables as the binary that wrote the backup knew them, so
// that an older one can go on with them.
func AsItWas(o *restoreOptions) { o.asItWas = true }

// Before runs a check on the filled tables, before they are brought up to date:
// its error undoes the restore.
func Before(check func(ctx context.Context, s *Store) error) RestoreOption {
	return func(o *restoreOptions) { o.check = check }
}

// Restore makes the database that the options name from a backup and brings
// its tables up to date. The backup is read to its end first, so that a wrong
// key or a damaged file changes nothing, and what fails later is undone. The
// database must be empty. A backup of a newer binary is ErrNewer. Its files are
// put into the store of files before the tables are filled; nil leaves them out.
// What the rules left out of the backup is to be made anew: until Finish says
// that it was, Unfinished tells so.
func Restore(ctx context.Context, o Options, path string, into Files, options ...RestoreOption) (found Inspected, err error) {
	var how restoreOptions
	for _, set := range options {
		set(&how)
	}
	if found, err = Inspect(path, o); err != nil {
		return found, err
	}
	if err := MustBeEmpty(ctx, o); err != nil {
		return found, err
	}
	half := o
	if o.Path != "" { // under another name until it is whole
		half.Path += ".restoring"
		removeSQLite(half.Path)
	}
	if err := half.restore(ctx, path, into, how); err != nil {
		return found, fmt.Errorf("restore: %w", err)
	}
	if o.Path != "" {
		removeSQLite(o.Path)
		err = os.Rename(half.Path, o.Path)
	}
	return found, err
}

// Undo notes what an empty database holds nevertheless, and gives what takes away all
// that came since, for who fails after Restore. Nobody else may have it open then.
func Undo(ctx context.Context, o Options) (undo func() error, err error) {
	if o.Path != "" {
		return func() error { removeSQLite(o.Path); return nil }, nil
	}
	s, err := connect(o)
	if err != nil {
		return nil, err
	}
	before, err := s.made(ctx)
	if err := errors.Join(err, s.Close()); err != nil {
		return nil, err
	}
	return func() error {
		s, err := connect(o)
		if err != nil {
			return err
		}
		return errors.Join(s.takeAway(ctx, before), s.Close())
	}, nil
}

// MustBeEmpty is ErrNotEmpty when the database holds tables. One that is not
// there yet is empty, and is not made.
func MustBeEmpty(ctx context.Context, o Options) error {
	s, err := OpenAsIs(o)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	tables, err := s.Tables(ctx)
	if err == nil && len(tables) > 0 {
		err = ErrNotEmpty
	}
	return errors.Join(err, s.Close())
}

func removeSQLite(path string) {
	for _, ending := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(path + ending)
	}
}

// restore fills an empty database, or leaves it as empty as it was.
func (o Options) restore(ctx context.Context, path string, into Files, how restoreOptions) (err error) {
	s, err := connect(o)
	if err != nil {
		return err
	}
	before, err := s.made(ctx)
	if err != nil {
		return errors.Join(err, s.Close())
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.takeAway(ctx, before))
		}
		err = errors.Join(err, s.Close())
		if err != nil && o.Path != "" {
			removeSQLite(o.Path)
		}
	}()
	if into != nil {
		if err := readBackup(path, o, func(b backup) error { return restoreFiles(ctx, b.in, into) }); err != nil {
			return err
		}
	}
	if err := readBackup(path, o, func(b backup) error { return s.fill(ctx, b, how) }); err != nil {
		return err
	}
	if err := s.Check(ctx); err != nil {
		return err
	}
	if s.dialect == SQLite {
		return s.Forget(ctx) // all of it into the one file that gets the name
	}
	return nil
}

// made lists how each table and routine of PostgreSQL is dropped. A file of SQLite is
// removed as a whole instead.
func (s *Store) made(ctx context.Context) (all []string, err error) {
	if s.dialect == SQLite {
		return nil, nil
	}
	const tables = `SELECT format('DROP TABLE IF EXISTS %s CASCADE', oid::regclass) FROM pg_class
		WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace`
	const routines = `SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
		WHERE pronamespace = current_schema()::regnamespace
		AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')`
	err = s.Read(ctx, func(ctx context.Context, tx *Tx) error {
		for _, query := range []string{tables, routines} {
			some, err := All(ctx, tx, scanText, query)
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		return nil
	})
	return all, err
}

// takeAway drops what was made since before.
func (s *Store) takeAway(ctx context.Context, before []string) error {
	ctx = context.WithoutCancel(ctx)
	all, err := s.made(ctx)
	if err != nil {
		return err
	}
	return s.Write(ctx, func(ctx context.Context, tx *Tx) error {
		for _, drop := range all {
			if slices.Contains(before, drop) {
				continue
			}
			if _, err := tx.Exec(ctx, drop); err != nil {
				return fmt.Errorf("undo: %s: %w", drop, err)
			}
		}
		return nil
	}, Long)
}

// fill makes the tables as they were, fills them, then goes on to today's.
func (s *Store) fill(ctx context.Context, b backup, how restoreOptions) error {
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
		if slices.Contains(b.heading.Applied, version) {
			then[name] = file
		}
	}
	for _, version := range b.heading.Applied {
		if !known[version] {
			return fmt.Errorf("%w: the backup has migration %04d", ErrNewer, version)
		}
	}
	if err := s.prepare(ctx, then); err != nil {
		return err
	}
	if err := s.Write(ctx, func(ctx context.Context, tx *Tx) error { return tx.load(ctx, b) }, Long); err != nil {
		return err
	}
	if how.check != nil {
		if err := how.check(ctx, s); err != nil {
			return err
		}
	}
	if how.asItWas {
		return nil
	}
	return s.prepare(ctx, files)
}

// settingUnfinished stands in the table of settings from a restore until what the
// rules left out of the backup was made anew; its value is when the backup was made.
const settingUnfinished = "restore_unfinished"

// Unfinished reports whether the database comes from a backup that left out what
// must be made anew, and nobody has done it yet.
func (tx *Tx) Unfinished(ctx context.Context) (bool, error) {
	n, err := One(ctx, tx, scanCount, "SELECT count(*) FROM setting WHERE name = $1", settingUnfinished)
	return n > 0, err
}

// Finish says that everything is there again.
func (tx *Tx) Finish(ctx context.Context) error {
	_, err := tx.Exec(ctx, "DELETE FROM setting WHERE name = $1", settingUnfinished)
	return err
}
