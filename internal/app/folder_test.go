package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

func openHere(t *testing.T, c config.Config, o Options) *App {
	t.Helper()
	a, err := Open(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestNobodyElseMayReadTheData changes the mask of the process, so it runs alone.
func TestNobodyElseMayReadTheData(t *testing.T) {
	defer syscall.Umask(syscall.Umask(0)) // what a careless start gives
	c := config.Config{Addr: "127.0.0.1:0", Data: filepath.Join(t.TempDir(), "data")}
	modes := func() (list map[string]fs.FileMode) {
		list = map[string]fs.FileMode{}
		if err := filepath.WalkDir(c.Data, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			list[path] = info.Mode().Perm()
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return list
	}
	check := func(when string) {
		t.Helper()
		seen := modes()
		for path, mode := range seen {
			if mode&0o077 != 0 {
				t.Errorf("%s: %s is %o", when, path, mode)
			}
		}
		for _, name := range []string{"ashar.db", "ashar.db-wal", "ashar.db-shm", "secret.key", "erased", "backups/x.ashar", "files/doctor/a"} {
			if _, there := seen[filepath.Join(c.Data, name)]; !there {
				t.Errorf("%s: %s is not there: the test sees too little", when, name)
			}
		}
		if list := Exposed(c); len(list) > 0 {
			t.Errorf("%s: exposed are %s", when, list)
		}
	}
	fill := func(a *App) {
		t.Helper()
		if err := a.files.Put(t.Context(), "doctor/a", strings.NewReader("a"), 1); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(BackupsFolder(c), privateFolder); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Backup(t.Context(), filepath.Join(BackupsFolder(c), "x.ashar"), BackupOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	a := openHere(t, c, Options{Serve: true})
	fill(a)
	check("made by us")
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	for path := range modes() {
		mode := fs.FileMode(0o666)
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			mode = 0o777
		}
		if path == filepath.Join(c.Data, "files", "doctor", "a") || path == filepath.Join(c.Data, "files", "doctor") {
			continue // behind a folder that is closed
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(Exposed(c)); n < 6 {
		t.Errorf("%d are exposed: the test widens too little", n)
	}
	a = openHere(t, c, Options{})
	check("mended at the start")
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestASharedFolderIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	for name, mode := range map[string]fs.FileMode{"of everybody": 0o777 | fs.ModeSticky, "with nothing of ours": 0o755} {
		dir := t.TempDir()
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		if list := Exposed(config.Config{Data: dir}); len(list) > 0 {
			t.Errorf("a folder %s: exposed are %s", name, list)
		}
	}
}

func TestOneProcessServesADataFolder(t *testing.T) {
	t.Parallel()
	eachFolder := func(t *testing.T, database func(t *testing.T) string) {
		url := database(t)
		c := config.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), DatabaseURL: url}
		first := openHere(t, c, Options{Serve: true})
		_, err := Open(t.Context(), c, Options{Serve: true})
		if !errors.Is(err, ErrServed) || !strings.Contains(err.Error(), c.Data) || !strings.Contains(err.Error(), "--data") {
			t.Errorf("a second one was answered %v", err)
		}
		// What works beside a running server still does.
		beside := openHere(t, c, Options{})
		if _, err := beside.Backup(t.Context(), filepath.Join(t.TempDir(), "b.ashar"), BackupOptions{}); err != nil {
			t.Errorf("backup beside it: %v", err)
		}
		if err := beside.Close(); err != nil {
			t.Error(err)
		}
		if _, err := Open(t.Context(), c, Options{Serve: true}); !errors.Is(err, ErrServed) {
			t.Errorf("after a command beside it a second one was answered %v", err)
		}
		if url != "" { // replicas: one database, each a folder of its own with the same secret
			other := config.Config{Addr: "127.0.0.1:0", Data: t.TempDir(), DatabaseURL: url, SecretFile: c.Keys()}
			if err := openHere(t, other, Options{Serve: true}).Close(); err != nil {
				t.Error(err)
			}
		}
		if err := first.Close(); err != nil {
			t.Fatal(err)
		}
		if err := openHere(t, c, Options{Serve: true}).Close(); err != nil {
			t.Errorf("after the end of the first: %v", err)
		}
	}
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); eachFolder(t, func(*testing.T) string { return "" }) })
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		eachFolder(t, func(t *testing.T) string { return storagetest.Database(t, true) })
	})
}
