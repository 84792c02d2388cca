package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

const day = "2006-01-02"

// keys looks at the secret file: is it there, is it the right one, who can read it,
// and what falls into one hand with it.
func keys(ctx context.Context, c config.Config, _ time.Time) []Finding {
	path := c.Keys()
	info, err := os.Stat(path)
	if err != nil {
		lost := app.CheckSecret(ctx, c, nil) != nil
		if c.Database() != "" {
			_, err := os.Stat(c.Database())
			lost = lost || err == nil
		}
		if lost {
			return one("keys", Bad, "bring the file back from its copy; without it sealed data cannot be read, and ashar does not start", "%s is missing though there is a database", path)
		}
		return one("keys", Warn, "ashar serve makes it on its first start; then copy it to a place apart", "%s is not there yet", path)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return one("keys", Bad, "chmod 600 "+path, "others on this machine can read %s", path)
	}
	ring, err := seal.ReadFile(path)
	if err != nil {
		return one("keys", Bad, "bring the file back from its copy", "%v", err)
	}
	if err := app.CheckSecret(ctx, c, ring); errors.Is(err, people.ErrForeignSecret) {
		return one("keys", Bad, "bring the file that this database was made with", "%s is another secret than that of the data", path)
	}
	if c.SecretFile == "" || filepath.Dir(path) == filepath.Clean(c.Data) {
		return one("keys", Warn, "name a place outside the data folder, on another disk, with ASHAR_SECRET_FILE, so that who copies the folder has not the keys too; move the list \"erased\" there as well", "they lie beside the data")
	}
	if sameDisk(path, c.Data) {
		return one("keys", Warn, "put the secret file on another disk, for example a stick that is kept elsewhere once ashar runs, so that who takes the disk has not both", "secret and data lie on one disk")
	}
	return one("keys", Well, "", "readable by this account alone")
}

// sameDisk reports whether two paths lie on one device.
func sameDisk(a, b string) bool {
	device := func(path string) (uint64, bool) {
		info, err := os.Stat(path)
		if err != nil {
			return 0, false
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return 0, false
		}
		return uint64(stat.Dev), true
	}
	x, ok := device(a)
	y, also := device(b)
	return ok && also && x == y
}

// erased looks at the list of the erased.
func erased(_ context.Context, c config.Config, _ time.Time) []Finding {
	ring, err := seal.ReadFile(c.Keys())
	if err != nil {
		return nil // said of the keys
	}
	list, err := app.Tombstones(c, ring).Read()
	switch {
	case errors.Is(err, people.ErrForeignList):
		return one("erased list", Bad, "move it away and bring the one that lay beside this secret", "%s belongs to another installation", app.ErasedList(c))
	case err != nil:
		return one("erased list", Bad, "give the file to the account that runs ashar", "%v", err)
	case !list.There:
		return one("erased list", Warn, "ashar serve makes it anew from what the database knows; copy it together with the secret: no backup is restored without it", "%s is not there", app.ErasedList(c))
	}
	known := "an unknown day"
	if !list.Known.IsZero() {
		known = list.Known.Format(day)
	}
	return one("erased list", Well, "", "%d erased, known until %s; copy it together with the secret", len(list.Names), known)
}

func database(ctx context.Context, c config.Config, _ time.Time) []Finding {
	s, err := storage.OpenAsIs(storage.Options{Path: c.Database(), URL: c.DatabaseURL})
	if errors.Is(err, fs.ErrNotExist) {
		return one("database", Warn, "ashar serve makes it on its first start", "%s is not there yet", c.Database())
	}
	var pending storage.Pending
	if err == nil {
		defer s.Close()
		pending, err = s.Pending(ctx)
	}
	if errors.Is(err, storage.ErrNewer) {
		return one("database", Bad, "start the newer ashar, or restore the backup from before its first start", "newer than this ashar: %v", err)
	}
	if err != nil {
		return one("database", Bad, "is the server running, is ASHAR_DATABASE_URL right?", "does not open: %v", err)
	}
	if err := s.Check(ctx); err != nil {
		return one("database", Bad, "stop ashar, keep a copy of the folder, restore the last backup", "damaged: %v", err)
	}
	if len(pending.Versions) > 0 && pending.Rows {
		return one("database", Well, "", "whole; the next start brings its tables up to date, after a backup")
	}
	return append(one("database", Well, "", "whole"), administrators(ctx, s)...)
}

// administrators counts those who can run the installation from its pages.
func administrators(ctx context.Context, s *storage.Store) []Finding {
	var n int
	err := s.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		n, err = people.New(people.Options{Store: s}).Administrators(ctx, tx)
		return err
	})
	switch {
	case err != nil:
		return one("administrator", Warn, "", "cannot be counted: %v", err)
	case n == 0:
		return one("administrator", Bad, "ashar admin invite EMAIL prints a one-time link for the first", "there is none whose invitation was used: nobody can run this installation")
	case n == 1:
		return one("administrator", Warn, "invite a second, ashar admin invite EMAIL: one may fall ill or lose her device", "there is one alone")
	}
	return one("administrator", Well, "", "%d", n)
}

// backups looks at those in the data folder: what is in them of the erased, and
// what cannot be restored.
func backups(_ context.Context, c config.Config, _ time.Time) []Finding {
	ring, err := seal.ReadFile(c.Keys())
	if err != nil {
		return nil // said of the keys
	}
	var names [][]byte
	if list, err := app.Tombstones(c, ring).Read(); err == nil {
		for name := range list.Names {
			names = append(names, name[:])
		}
	}
	found, err := storage.Unblanked(people.BackupRules(ring), names, app.BackupFolders(c)...)
	var out []Finding
	if err != nil {
		out = one("backups", Warn, "give the files to the account that runs ashar", "some cannot be read: %v", err)
	}
	var newest time.Time
	for _, f := range found.Files {
		if f.Made.After(newest) && f.Found == storage.FoundOwn {
			newest = f.Made
		}
		switch {
		case f.Found == storage.FoundOld:
			out = append(out, one("backups", Warn, "delete it when a newer backup has proven itself", "%s is without slots: whoever is erased stays in it", f.Path)...)
		case f.Found == storage.FoundForeign:
			out = append(out, one("backups", Warn, "move it to where it belongs", "%s is of another installation", f.Path)...)
		case f.Found == storage.FoundDamaged, f.Spoilt > 0:
			out = append(out, one("backups", Warn, "delete it and make a new one", "%s is damaged and cannot be restored", f.Path)...)
		}
	}
	if found.Owners > 0 {
		out = append(out, one("backups", Warn, "run ashar backup", "%d erased can still be opened in backups of the data folder", found.Owners)...)
	}
	switch {
	case len(out) > 0:
		return out
	case newest.IsZero():
		return one("backups", Off, "", "none in the data folder: keep them on another disk")
	}
	return one("backups", Well, "", "%s in the data folder, the newest of %s", fmt.Sprint(len(found.Files)), newest.Format(day))
}

// passphrase looks at what backups are encrypted with.
func passphrase(_ context.Context, c config.Config, _ time.Time) []Finding {
	switch {
	case c.BackupKey == "":
		return one("backup key", Warn, "set ASHAR_BACKUP_KEY to what \"openssl rand -base64 24\" prints, and keep it apart from the backups", "backups are not encrypted: anybody reads in them what is not personal")
	case seal.Weak(c.BackupKey):
		return one("backup key", Warn, "take six random words or more, or what \"openssl rand -base64 24\" prints; keep the old one as long as backups that need it", "whoever has a backup can guess the passphrase")
	}
	return one("backup key", Well, "", "hard to guess")
}
