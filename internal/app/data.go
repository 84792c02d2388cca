package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// BackupsFolder is where the house puts the backups that it makes by itself.
func BackupsFolder(c config.Config) string { return filepath.Join(c.Data, "backups") }

// ErasedList is the file of the erased, beside the secret.
func ErasedList(c config.Config) string { return filepath.Join(filepath.Dir(c.Keys()), "erased") }

// Tombstones opens the list of the erased; a file of before lies in the data folder.
func Tombstones(c config.Config, keys *seal.Keyring) *people.Tombstones {
	return people.OpenTombstones(keys, ErasedList(c), filepath.Join(c.Data, "erased"))
}

// databaseOptions say where the database of an installation lies and by what rules
// it is backed up; keys may be nil for a look that makes no backup.
func databaseOptions(c config.Config, keys *seal.Keyring) storage.Options {
	o := storage.Options{Path: c.Database(), URL: c.DatabaseURL, BackupKey: c.BackupKey}
	if keys != nil {
		o.Rules = people.BackupRules(keys)
	}
	return o
}

// openData opens secret and database, which must belong together. A secret is made
// only for a database that holds nothing sealed, and nothing is changed before it
// is known to be the right one.
func (a *App) openData(ctx context.Context) (err error) {
	if a.keys == nil {
		a.keys, err = seal.ReadFile(a.config.Keys())
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("open the keys: %w", err)
	}
	if err := CheckSecret(ctx, a.config, a.keys); err != nil {
		return err
	}
	if a.keys == nil {
		if a.keys, err = seal.MakeFile(a.config.Keys()); err != nil {
			return fmt.Errorf("make the keys: %w", err)
		}
	}
	o := databaseOptions(a.config, a.keys)
	o.Clock, o.BeforeMigrate, o.Replanned = a.options.Clock, a.backupBefore, a.options.replanned
	if a.store, err = storage.Open(ctx, o); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	if err := people.NoteSecret(ctx, a.store, a.keys); err != nil {
		return inPlainWords(a.config, err)
	}
	return nil
}

// CheckSecret reports whether a database belongs to a secret, nil: the file is not
// there. It changes nothing. The error says how to mend it.
func CheckSecret(ctx context.Context, c config.Config, keys *seal.Keyring) error {
	store, err := storage.OpenAsIs(databaseOptions(c, nil))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	if keys == nil {
		var has bool
		if has, err = people.HasSecret(ctx, store); has && err == nil {
			err = fmt.Errorf("the secret file %s is missing though the database holds data sealed with it: bring the file back from its copy, or name its place with ASHAR_SECRET_FILE. A new one would open nothing", c.Keys())
		}
	} else {
		err = inPlainWords(c, people.CheckSecret(ctx, store, keys))
	}
	return errors.Join(err, store.Close())
}

func inPlainWords(c config.Config, err error) error {
	switch {
	case errors.Is(err, people.ErrForeignSecret):
		return fmt.Errorf("the secret file %s belongs to another installation, or the database does: bring the file that this database was made with (%w)", c.Keys(), err)
	case errors.Is(err, storage.ErrForeignBackup):
		return fmt.Errorf("the secret file %s is not that of the installation that made this backup: bring that one (%w)", c.Keys(), err)
	case errors.Is(err, people.ErrForeignList):
		return fmt.Errorf("%w: move it away, and bring the file \"erased\" that lay beside this secret", err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: ashar keeps the list of the erased beside the secret file and must be able to write into %s", err, filepath.Dir(c.Keys()))
	}
	return err
}

// backupBefore writes a backup of a database that is about to be brought up to date,
// and says how to go back.
func (a *App) backupBefore(ctx context.Context, s *storage.Store, p storage.Pending) error {
	folder := BackupsFolder(a.config)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the folder of backups: %w", err)
	}
	size, err := s.Size(ctx)
	if err != nil {
		return fmt.Errorf("size of the database: %w", err)
	}
	room, err := a.room(folder)
	if err != nil {
		return fmt.Errorf("room for a backup: %w", err)
	}
	if room < size {
		return fmt.Errorf("this version changes the tables and writes a backup before it does: there is no room for it, %d MB free in %s, the database has %d MB. Make room and start again; nothing was changed",
			room>>20, folder, (size+1<<20-1)>>20)
	}
	path := filepath.Join(folder, fmt.Sprintf("before-%04d-%s.ashar", p.Newest(), s.Now().Format("20060102-150405")))
	// The uploaded files stay where they are: no migration touches them.
	if err := s.Backup(ctx, path, nil); err != nil {
		return fmt.Errorf("backup before the tables change: %w", err)
	}
	if _, err := storage.Inspect(path, databaseOptions(a.config, a.keys)); err != nil {
		return fmt.Errorf("backup before the tables change: %w", err)
	}
	a.say("The tables are brought up to date (%d changes). The backup from before is %s. To go back: stop ashar, move %s out of the way, run \"ashar restore %s --as-it-was\" with this version, and start the older one. What was entered meanwhile is not in it.",
		len(p.Versions), path, a.databaseWords(), path)
	return nil
}

func (a *App) databaseWords() string {
	if path := a.config.Database(); path != "" {
		return path
	}
	return "the tables of the database"
}

// room tells how many bytes a folder's disk takes.
func (a *App) room(folder string) (int64, error) {
	if a.options.room != nil {
		return a.options.room(folder)
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		return 0, err
	}
	return int64(min(disk.Bavail*uint64(disk.Bsize), 1<<62)), nil
}

// say tells the operator something, in the log when there is nobody at a terminal.
func (a *App) say(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	if a.options.Say == nil {
		a.options.Log.Info(line)
		return
	}
	a.options.Say(line)
}
