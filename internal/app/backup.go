package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/storage"
)

// BlankAtOnce is how many people a backup takes out of older backups without being
// told to: more at once is rather a mistake than a day's erasures.
const BlankAtOnce = 10

// BackupOptions say what Backup does beside writing.
type BackupOptions struct {
	Blank []string // folders with backups beside that of the new one
	Yes   bool     // blank however many there are
}

// BackupReport is what Backup did.
type BackupReport struct {
	storage.Blanking
	NoFiles bool // the uploads lie in a bucket and are not in the backup
}

// Backup writes a backup, reads it once more, and then takes the keys of the erased
// out of all backups of its folder, of the folders named and of the data folder. The
// new backup is there also when blanking fails or waits.
func (a *App) Backup(ctx context.Context, path string, o BackupOptions) (r BackupReport, err error) {
	if _, err := a.rooms.people.Erased(ctx); err != nil { // so that the list is of today, whatever comes
		return r, inPlainWords(a.config, err)
	}
	var with storage.Files
	if r.NoFiles = a.config.FilesURL != ""; !r.NoFiles {
		with = files.All{Store: a.files}
	}
	if err := a.store.Backup(ctx, path, with); err != nil {
		return r, err
	}
	rules := databaseOptions(a.config, a.keys)
	if _, err := storage.Inspect(path, rules); err != nil {
		return r, err
	}
	names, err := a.rooms.people.Erased(ctx) // somebody may have been erased meanwhile
	if err != nil {
		return r, err
	}
	most := BlankAtOnce
	if o.Yes {
		most = -1
	}
	r.Blanking, err = storage.Blank(rules.Rules, names, most, BackupFolders(a.config, append([]string{filepath.Dir(path)}, o.Blank...)...)...)
	return r, err
}

// BackupFolders gives folders and those of the house's own where backups may lie.
func BackupFolders(c config.Config, folders ...string) []string {
	for _, own := range []string{c.Data, BackupsFolder(c)} {
		if _, err := os.Stat(own); err == nil {
			folders = append(folders, own)
		}
	}
	return folders
}

// buried tells whom the opening of the house erased again.
type buried struct {
	listed  []storage.ID // named by the list of the erased
	keyless []storage.ID // blank in the backup, and named by no list
}

// bury erases again who was erased since the backup was made from which the
// database comes, and makes the indexes that no backup holds.
func (a *App) bury(ctx context.Context) (err error) {
	if a.buried.listed, err = a.rooms.people.Bury(ctx); err != nil {
		return inPlainWords(a.config, err)
	}
	if a.buried.keyless, err = a.rooms.people.FinishRestore(ctx); err != nil {
		return fmt.Errorf("finish the restore: %w", err)
	}
	if n := len(a.buried.listed) + len(a.buried.keyless); n > 0 {
		a.options.Log.WarnContext(ctx, "people who had been erased were in the database and were erased again", "people", n)
		return a.rooms.people.ListErased(ctx)
	}
	return nil
}

// missing reports whether an error says that a file is not there.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
