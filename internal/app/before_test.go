package app

import (
	"archive/zip"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/mail/mailtest"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// before is the saved state of the version before, opened by this one.
type before struct {
	*App
	saved  saved
	data   string // folder
	letter *mailtest.Server
}

// The saved state is opened as people upgrade: on each engine, and out of a
// backup. Each part of what must still be there has a function of its own. The
// first count, the next read, the last write.
func TestTheDatabaseOfTheVersionBeforeOpensWithAllItsPeople(t *testing.T) {
	t.Parallel()
	parts := []struct {
		name  string
		check func(t *testing.T, b before)
	}{
		{"every row is kept or explained", rowsAreKept},
		{"every file is kept", filesAreKept},
		{"everybody is there with all her details", detailsAreKept},
		{"everybody is found by her contacts", contactsAreKept},
		{"consents are kept with their wording", consentsAreKept},
		{"roles are kept", rolesAreKept},
		{"living sessions open and the others do not", sessionsAreKept},
		{"applications are kept with answers, moves and tickets", applicationsAreKept},
		{"states and seats are counted as before", statesAreKept},
		{"facts are kept", factsAreKept},
		{"cities, groups and ages are called as before", listsAreKept},
		{"everybody has all that is hers", exportsAreWhole},
		{"who was erased stays erased", erasedStayErased},
		{"a merged record leads to its person", mergedLeadOn},
		{"pages read as before", pagesRead},
		{"links of letters open", linksOpen},
		{"a half-filled form goes on", draftsGoOn},
		{"a phone at the door still scans", phonesScan},
		{"what waits is still to be done", workWaits},
		{"letters that wait leave, and their code signs in", lettersLeave},
		{"passkeys that stay sign in", passkeysSignIn},
	}
	for way, lay := range map[string]func(t *testing.T) config.Config{
		"sqlite": laidOut, "postgresql": loaded, "out of a backup": func(t *testing.T) config.Config { return restored(t, "backup.ashar") },
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			b := openBefore(t, lay(t))
			for _, p := range parts {
				t.Run(p.name, func(t *testing.T) { p.check(t, b) })
			}
		})
	}
}

func TestABackupOfTheVersionBeforeOpensWithoutWhomWasErasedSince(t *testing.T) {
	t.Parallel()
	b := openBefore(t, restored(t, "backup-before-erasure.ashar"))
	erasedStayErased(t, b)
	var people int64
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM person`).Scan(&people)
	})
	if people == 0 {
		t.Error("nobody at all is in the backup: the test proves nothing")
	}
}

// openBefore opens a saved state at its own time; its letters go to a server of the test.
func openBefore(t *testing.T, c config.Config) before {
	t.Helper()
	b := before{saved: readSaved(t), data: c.Data, letter: mailtest.Start(t, mailtest.Options{})}
	c.Addr, c.PublicURL, c.SMTPURL = "127.0.0.1:8080", b.saved.PublicURL, "smtp://"+b.letter.Addr
	var err error
	b.App, err = Open(t.Context(), c, Options{Clock: func() time.Time { return b.saved.Clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// laidOut is the data folder as it was left.
func laidOut(t *testing.T) config.Config {
	t.Helper()
	z, err := zip.OpenReader(filepath.Join(shelf, "data.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	return config.Config{Data: dir}
}

// loaded is the same in PostgreSQL, with the rest of the data folder.
func loaded(t *testing.T) config.Config {
	t.Helper()
	address := storagetest.Database(t, false)
	c := laidOut(t)
	if err := os.Remove(c.Database()); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join(shelf, "postgresql.sql.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	in, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	script, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), string(script)); err != nil {
		t.Fatal(err)
	}
	c.DatabaseURL = address
	return c
}

// restored is a backup, put back beside the secret and the list of the erased.
func restored(t *testing.T, name string) config.Config {
	t.Helper()
	c := laidOut(t)
	for _, gone := range []string{c.Database(), filepath.Join(c.Data, "files")} {
		if err := os.RemoveAll(gone); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := files.New("", c.Data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := storage.Restore(t.Context(), storage.Options{Path: c.Database()}, filepath.Join(shelf, name), files.All{Store: kept}); err != nil {
		t.Fatal(err)
	}
	return c
}

func (b before) read(t *testing.T, f func(ctx context.Context, tx *storage.Tx) error) {
	t.Helper()
	if err := b.store.Read(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// ask sends a request with the cookies of one browser.
func (b before) ask(t *testing.T, r *http.Request, cookies ...*http.Cookie) *http.Response {
	t.Helper()
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.Handler().ServeHTTP(w, r.WithContext(t.Context()))
	return w.Result()
}

// page gives a page, over the redirects that lead to it.
func (b before) page(t *testing.T, path string, cookies ...*http.Cookie) (status int, body string) {
	t.Helper()
	for range 4 {
		answer := b.ask(t, httptest.NewRequest(http.MethodGet, path, nil), cookies...)
		raw, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		status, body = answer.StatusCode, string(raw)
		if path = answer.Header.Get("Location"); path == "" {
			break
		}
	}
	return status, body
}

func TestTheSavedStateIsAsItWasSaved(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile(filepath.Join(shelf, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(list)), "\n")
	if len(lines) != 4 {
		t.Errorf("%d files are listed", len(lines))
	}
	for _, line := range lines {
		want, name, _ := strings.Cut(line, "  ")
		raw, err := os.ReadFile(filepath.Join(shelf, name))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(raw); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s was changed; a saved state never is", name)
		}
	}
}
