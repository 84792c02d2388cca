package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// RestoreOptions say how Restore goes about it.
type RestoreOptions struct {
	DryRun                bool // rehearse in a temporary place and change nothing
	AcceptMissingErasures bool // go on without the list of the erased
	AsItWas               bool // leave the tables for the older ashar that wrote the backup
}

// RestoreReport is what Restore did, or in a rehearsal would have done.
type RestoreReport struct {
	storage.Inspected
	List    bool         // the list of the erased was there
	Since   time.Time    // erasures after it may be missing; zero: of no known day
	Buried  []storage.ID // erased again, since a list names them
	Unnamed []storage.ID // blank in the backup though no list names them, and erased
	People  int          // who are there now
}

// ErrNoErasedList refuses a restore without the list of the erased.
var ErrNoErasedList = errors.New("the list of the erased is missing")

// Restore fills an empty installation from a backup. Secret and list of the erased
// lie in their place before. What fails leaves the target as it was.
func Restore(ctx context.Context, c config.Config, path string, o RestoreOptions) (r RestoreReport, err error) {
	keys, err := seal.ReadFile(c.Keys())
	if missing(err) {
		return r, fmt.Errorf("the secret file %s is not there: bring it first, or name its place with ASHAR_SECRET_FILE; without it nobody in the backup can be read", c.Keys())
	}
	if err != nil {
		return r, err
	}
	options := databaseOptions(c, keys)
	if err := storage.MustBeEmpty(ctx, options); err != nil {
		return r, err
	}
	if r.Inspected, err = storage.Inspect(path, options); err != nil {
		return r, inPlainWords(c, err)
	}
	list, err := Tombstones(c, keys).Read()
	if err != nil {
		return r, inPlainWords(c, err)
	}
	if r.List, r.Since = list.There, r.Made; list.Known.After(r.Made) {
		r.Since = list.Known
	}
	if !r.List && !o.AcceptMissingErasures {
		return r, fmt.Errorf("%w: there is no file %s. Who was erased since the backup was made on %s may come back to life. Bring the file \"erased\" that lay beside the secret, or add --accept-missing-erasures",
			ErrNoErasedList, ErasedList(c), r.Made.Format("2006-01-02 15:04 UTC"))
	}
	var into storage.Files
	if o.DryRun {
		var end func() error
		if c, end, err = rehearsal(c, keys, list); err != nil {
			return r, err
		}
		defer func() { err = errors.Join(err, end()) }()
		options = databaseOptions(c, keys)
		into = unkept{}
	} else {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return r, fmt.Errorf("make the data folder: %w", err)
		}
		lock, err := serveAlone(c)
		if err != nil {
			return r, err
		}
		defer lock.Close()
		kept, err := files.New(c.FilesURL, c.Data)
		if err != nil {
			return r, err
		}
		into = files.All{Store: kept}
	}
	undo, err := storage.Undo(ctx, options)
	if err != nil {
		return r, inPlainWords(c, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, undo())
		}
	}()
	if o.AsItWas {
		err := r.asItWas(ctx, c, keys, path, options, into, list)
		return r, err
	}
	if r.Inspected, err = storage.Restore(ctx, options, path, into, storage.Before(func(ctx context.Context, s *storage.Store) error {
		return people.CheckSecret(ctx, s, keys)
	})); err != nil {
		return r, inPlainWords(c, err)
	}
	// Opening the house erases again who was erased since, and makes the indexes.
	a, err := open(ctx, &App{config: c, options: Options{Log: slog.New(slog.DiscardHandler), Clock: time.Now}, closing: make(chan struct{}), keys: keys})
	if err != nil {
		return r, err
	}
	r.Buried, r.Unnamed = a.buried.listed, a.buried.keyless
	r.People, err = a.rooms.people.Count(ctx)
	return r, errors.Join(err, a.Close())
}

// rehearsal gives a temporary installation with the same list, and what removes it.
// The secret stays where it is.
func rehearsal(c config.Config, keys *seal.Keyring, list people.List) (config.Config, func() error, error) {
	dir, err := os.MkdirTemp("", "ashar-restore-")
	if err != nil {
		return c, nil, err
	}
	end := func() error { return os.RemoveAll(dir) }
	r := config.Config{Addr: "127.0.0.1:0", Data: dir, BackupKey: c.BackupKey}
	if list.There {
		err = Tombstones(r, keys).Copy(list)
	}
	if err != nil {
		return c, nil, errors.Join(err, end())
	}
	return r, end, nil
}

// unkept takes the files of a rehearsal.
type unkept struct{}

func (unkept) Each(context.Context, func(string, int64, io.Reader) error) error { return nil }

func (unkept) Put(_ context.Context, _ string, r io.Reader, _ int64) error {
	_, err := io.Copy(io.Discard, r)
	return err
}

// asItWas fills the tables as the older ashar knows them. It buries by
// itself at its start, by the ids in the data folder's file: the erasers of this
// version do not know those tables.
func (r *RestoreReport) asItWas(ctx context.Context, c config.Config, keys *seal.Keyring, path string, o storage.Options, into storage.Files, list people.List) (err error) {
	if r.Inspected, err = storage.Restore(ctx, o, path, into, storage.AsItWas, storage.Before(func(ctx context.Context, s *storage.Store) error {
		return people.CheckSecret(ctx, s, keys)
	})); err != nil {
		return inPlainWords(c, err)
	}
	s, err := storage.OpenAsIs(o)
	if err != nil {
		return err
	}
	room := people.New(people.Options{Keys: keys, Store: s})
	r.Buried, r.Unnamed, r.People, err = room.PrepareForOlder(ctx, list, filepath.Join(c.Data, "erased"))
	return errors.Join(err, s.Close())
}
