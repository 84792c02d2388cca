package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/files"
)

// private is what nobody but the account that runs ashar may read.
const (
	privateFile   fs.FileMode = 0o600
	privateFolder fs.FileMode = 0o700
)

// foldersOf are those that the house makes in the data folder.
func foldersOf(c config.Config) []string {
	return []string{files.Folder(c.Data), BackupsFolder(c), filepath.Join(c.Data, "certificates")}
}

// keepPrivate takes away what others may do with the data folder, the folders in
// it, the files that lie in these, and the secret, wherever that lies. A folder that
// belongs to many, such as /tmp, is left as it is; what another account owns is
// told in the log.
func keepPrivate(ctx context.Context, c config.Config, log *slog.Logger) {
	for _, path := range Exposed(c) {
		most := privateFile
		info, err := os.Stat(path)
		if err == nil {
			if info.IsDir() {
				most = privateFolder
			}
			err = os.Chmod(path, info.Mode()&fs.ModeSetgid|info.Mode().Perm()&most)
		}
		if err != nil {
			log.WarnContext(ctx, "others on this machine can read it, and it cannot be changed", "path", path, "error", err)
			continue
		}
		log.WarnContext(ctx, "others on this machine could read it; it is private now", "path", path)
	}
}

// Exposed lists what of an installation others on this machine may read or change.
func Exposed(c config.Config) (list []string) {
	look := func(path string) {
		info, err := os.Lstat(path)
		if err == nil && (info.IsDir() || info.Mode().IsRegular()) && info.Mode()&fs.ModeSticky == 0 && info.Mode().Perm()&0o077 != 0 && !slices.Contains(list, path) {
			list = append(list, path)
		}
	}
	for _, folder := range append([]string{c.Data}, foldersOf(c)...) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			continue // it is not there, or not ours
		}
		if folder != c.Data || ours(entries) {
			look(folder)
		}
		for _, e := range entries {
			if folder != c.Data || belongs(e.Name()) {
				look(filepath.Join(folder, e.Name()))
			}
		}
	}
	look(c.Keys())
	look(ErasedList(c))
	return list
}

// ours reports whether a folder holds an installation: --data may name by mistake a
// folder that others work in.
func ours(entries []fs.DirEntry) bool {
	for _, e := range entries {
		if belongs(e.Name()) {
			return true
		}
	}
	return false
}

// belongs reports whether a name in the data folder is one that the house gives.
func belongs(name string) bool {
	for _, own := range []string{"ashar.db", "secret.key", "erased", lockName} {
		if name == own || strings.HasPrefix(name, own+"-") {
			return true
		}
	}
	return strings.HasSuffix(name, ".ashar")
}

// lockName is the file whose lock the process holds that serves the folder.
const lockName = "serving"

// ErrServed says that another process serves the data folder.
var ErrServed = errors.New("another ashar serves this data folder")

// serveAlone locks the data folder until the process ends, or the file given is
// closed. The lock is the system's: it goes with the process, however that ends.
func serveAlone(c config.Config) (*os.File, error) {
	path := filepath.Join(c.Data, lockName)
	lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, privateFile)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		_ = lock.Truncate(0) // who holds it is for people to read; the lock is what counts
		_, _ = fmt.Fprintf(lock, "%d\n", os.Getpid())
		return lock, nil
	}
	who := make([]byte, 32)
	n, _ := lock.ReadAt(who, 0)
	_ = lock.Close()
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	number := strings.TrimSpace(string(who[:n]))
	if number != "" {
		number = " (process " + number + ")"
	}
	return nil, fmt.Errorf("%w%s: stop that one first, or give this one a folder of its own with --data. Several processes share a PostgreSQL database, never a data folder: %s", ErrServed, number, c.Data)
}
