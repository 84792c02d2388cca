package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

// Pending are the migrations that a database still lacks.
type Pending struct {
	Versions []int64 // in their order
	Rows     bool    // some table holds a row
}

// Newest is the last of them.
func (p Pending) Newest() int64 { return p.Versions[len(p.Versions)-1] }

// beforeMigrate calls the hook of the options when it is time for it.
func (s *Store) beforeMigrate(ctx context.Context, files fstest.MapFS) error {
	if s.options.BeforeMigrate == nil {
		return nil
	}
	p, err := s.pending(ctx, files)
	if err != nil || len(p.Versions) == 0 || !p.Rows {
		return err
	}
	return s.options.BeforeMigrate(ctx, s, p)
}

// Pending gives the migrations of this binary that the database lacks. ErrNewer
// when it has one that this binary lacks.
func (s *Store) Pending(ctx context.Context) (Pending, error) {
	files, err := timeline(s.dialect, s.options.migrations)
	if err != nil {
		return Pending{}, err
	}
	return s.pending(ctx, files)
}

func (s *Store) pending(ctx context.Context, files fstest.MapFS) (p Pending, err error) {
	for name := range files {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return p, err
		}
		p.Versions = append(p.Versions, version)
	}
	slices.Sort(p.Versions)
	err = s.Read(ctx, func(ctx context.Context, tx *Tx) error {
		if ours, err := tx.migrated(ctx); err != nil || !ours {
			return err
		}
		tables, err := tx.tables(ctx)
		if err != nil {
			return err
		}
		applied, err := All(ctx, tx, scanCount, appliedMigrations)
		if err != nil {
			return err
		}
		for _, v := range applied {
			if !slices.Contains(p.Versions, v) {
				return fmt.Errorf("%w: it has migration %04d", ErrNewer, v)
			}
		}
		p.Versions = slices.DeleteFunc(p.Versions, func(v int64) bool { return slices.Contains(applied, v) })
		for _, t := range tables {
			if _, err := One(ctx, tx, scanCount, "SELECT 1 FROM "+quote(t.Name)+" LIMIT 1"); err == nil {
				p.Rows = true
				return nil
			} else if !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		return nil
	})
	return p, err
}

// migrated reports whether a migration was ever made in the database.
func (tx *Tx) migrated(ctx context.Context) (bool, error) {
	query := "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'goose_db_version'"
	if tx.dialect == PostgreSQL {
		query = "SELECT count(*) FROM pg_class WHERE relname = 'goose_db_version' AND relnamespace = current_schema()::regnamespace"
	}
	n, err := One(ctx, tx, scanCount, query)
	return n > 0, err
}
