package app

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/lite"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// readyz asks, after the last answer has run out.
func (h bare) readyz() (int, string) {
	h.t.Helper()
	h.readiness.mu.Lock()
	if !h.readiness.at.IsZero() {
		h.readiness.at = h.readiness.at.Add(-readyFor)
	}
	h.readiness.mu.Unlock()
	status, body, _ := (&browser{h: h}).do(http.MethodGet, "/readyz", nil)
	return status, body
}

// until asks until the answer is so; the test's own limit ends it.
func (h bare) until(want int) {
	h.t.Helper()
	for h.t.Context().Err() == nil {
		if status, _ := h.readyz(); status == want {
			return
		}
	}
}

func TestTheHouseIsNotReadyWhileTheDatabaseIsLocked(t *testing.T) {
	t.Parallel()
	for engine, lock := range map[string]func(t *testing.T, h bare, url string) (free func()){
		"sqlite": func(t *testing.T, h bare, _ string) func() {
			other, err := lite.Open(h.config.Database())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(other.Close)
			if _, err := other.Exec(t.Context(), "BEGIN IMMEDIATE", nil); err != nil {
				t.Fatal(err)
			}
			return func() {
				if _, err := other.Exec(t.Context(), "ROLLBACK", nil); err != nil {
					t.Error(err)
				}
			}
		},
		"postgresql": func(t *testing.T, _ bare, url string) func() {
			other, err := storage.OpenAsIs(storage.Options{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			locked, done := make(chan struct{}), make(chan struct{})
			var group sync.WaitGroup
			group.Go(func() {
				if err := other.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					if _, err := tx.Exec(ctx, "LOCK TABLE setting IN EXCLUSIVE MODE"); err != nil {
						return err
					}
					close(locked)
					<-done
					return nil
				}, storage.Long); err != nil {
					t.Error(err)
				}
			})
			<-locked
			return func() { close(done); group.Wait(); other.Close() }
		},
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			url := ""
			if engine == "postgresql" {
				url = storagetest.Database(t, true)
			}
			h := bareHouse(t, url)
			if status, body := h.readyz(); status != http.StatusOK {
				t.Fatalf("at first: %d %s", status, body)
			}
			h.readiness.within = 100 * time.Millisecond
			free := lock(t, h, url)
			for range 2 {
				if status, body := h.readyz(); status != http.StatusServiceUnavailable || !strings.Contains(body, "takes no changes") {
					t.Errorf("while it is locked: %d %s", status, body)
				}
			}
			free()
			h.readiness.within = time.Minute
			h.until(http.StatusOK)
		})
	}
}

func TestTheHouseIsNotReadyWhilePostgreSQLIsReadOnly(t *testing.T) {
	t.Parallel()
	url := storagetest.Database(t, true)
	h := bareHouse(t, url)
	other, err := storage.OpenAsIs(storage.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	set := func(how string) { // for connections that begin after it: the others end
		if err := other.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			for _, q := range []string{
				"SET TRANSACTION READ WRITE",
				"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = " + how + "', current_database()); END $$",
			} {
				if _, err := tx.Exec(ctx, q); err != nil {
					return err
				}
			}
			var n int
			return tx.QueryRow(ctx, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").Scan(&n)
		}); err != nil {
			t.Fatal(err)
		}
	}
	h.until(http.StatusOK)
	set("on")
	h.until(http.StatusServiceUnavailable)
	for range 20 { // more than there are connections: it stays so
		if status, body := h.readyz(); status != http.StatusServiceUnavailable {
			t.Errorf("while it is read-only: %d %s", status, body)
		}
	}
	saidInWords(t, h)
	set("off")
	h.until(http.StatusOK)
	savedAgain(t, h)
}

// draftOf saves the draft of an application.
func draftOf(h bare) (int, string) {
	status, page, _ := (&browser{h: h}).do(http.MethodPost, "/ru/events/"+h.upcoming("osh").Slug+"/apply", url.Values{"do": {"save"}, "q_name": {"Айгүл Асанова"}})
	return status, page
}

func drafts(t *testing.T, h bare) (n int) {
	t.Helper()
	if err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, "SELECT count(*) FROM application_draft").Scan(&n)
	}); err != nil {
		t.Error(err)
	}
	return n
}

// saidInWords sends a form while nothing can be kept: a page in her language says so,
// with a number, and nothing of what went wrong; pages can be read.
func saidInWords(t *testing.T, h bare) {
	t.Helper()
	status, page := draftOf(h)
	if status != http.StatusServiceUnavailable || !strings.Contains(page, "отправленное вами не сохранено") || !strings.Contains(page, `<html lang="ru"`) || !strings.Contains(page, "Номер ошибки:") {
		t.Errorf("a form: %d %s", status, page)
	}
	for _, inner := range []string{"read-only", "SQLSTATE", "sqlite", "INSERT", "disk"} {
		if strings.Contains(page, inner) {
			t.Errorf("the page says %q", inner)
		}
	}
	if status, page, _ := (&browser{h: h}).do(http.MethodGet, "/ru/events", nil); status != http.StatusOK {
		t.Errorf("a page to read: %d %s", status, page)
	}
	if n := drafts(t, h); n != 0 {
		t.Errorf("%d drafts are kept", n)
	}
}

// savedAgain sends the form again.
func savedAgain(t *testing.T, h bare) {
	t.Helper()
	if status, page := draftOf(h); status != http.StatusSeeOther || drafts(t, h) != 1 {
		t.Errorf("sent again: %d, %d drafts %s", status, drafts(t, h), page)
	}
}

// tried names the last try to write: another after each. On PostgreSQL the row's own
// version says it; the stamp of the store counts what others write into the databases
// beside this one.
func (h bare) tried() string {
	h.t.Helper()
	if h.Store().Dialect() == storage.SQLite {
		stamp, err := h.Store().Stamp(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		return stamp
	}
	var version string
	if err := h.Store().Read(h.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, "SELECT xmin::text || ' at ' || ctid::text FROM setting WHERE name = 'ready'").Scan(&version)
	}); err != nil {
		h.t.Fatal(err)
	}
	return version
}

func TestManyQuestionsWriteOnce(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		if status, body := h.readyz(); status != http.StatusOK {
			t.Fatalf("at first: %d %s", status, body)
		}
		before := h.tried()
		var group sync.WaitGroup
		for range 200 {
			group.Go(func() {
				if status, _, _ := (&browser{h: h}).do(http.MethodGet, "/readyz", nil); status != http.StatusOK {
					t.Errorf("one was answered %d", status)
				}
			})
		}
		group.Wait()
		if after := h.tried(); after != before {
			t.Errorf("the state went from %s to %s", before, after)
		}
		h.readyz()
		if after := h.tried(); after == before {
			t.Errorf("a question after the last answer ran out changed nothing: it did not try")
		}
		rows := 0
		if err := h.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, "SELECT count(*) FROM setting WHERE name = 'ready'").Scan(&rows)
		}); err != nil || rows != 1 {
			t.Errorf("%d rows are kept, %v", rows, err)
		}
	})
}

// fullDisk holds, in the child, the folder to open.
const fullDisk = "ASHAR_TEST_FULL_DISK"

// The disk is full for a child process that may write no byte beyond what its files
// hold.
func TestTheHouseIsNotReadyWhileTheDiskIsFull(t *testing.T) {
	if dir := os.Getenv(fullDisk); dir != "" {
		askOnAFullDisk(t, dir)
		return
	}
	t.Parallel()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheHouseIsNotReadyWhileTheDiskIsFull$", "-test.v")
	child.Env = append(os.Environ(), fullDisk+"="+t.TempDir())
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if text := string(out); !strings.Contains(text, "answers: 200 503 200\n") {
		t.Errorf("before, on a full disk, after: %s", text)
	}
}

func askOnAFullDisk(t *testing.T, dir string) {
	signal.Ignore(syscall.SIGXFSZ)
	h := bare{t: t, now: time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC)}
	var err error
	if h.App, err = Open(t.Context(), config.Config{Addr: "127.0.0.1:8080", Data: dir}, Options{Clock: func() time.Time { return h.now }}); err != nil {
		t.Fatal(err)
	}
	if err := h.demoProgramme(t.Context()); err != nil {
		t.Fatal(err)
	}
	before, _ := h.readyz()
	info, err := os.Stat(h.config.Database() + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	full := limit
	full.Cur = uint64(info.Size())
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Fatal(err)
	}
	during, _ := h.readyz()
	saidInWords(t, h)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	after, _ := h.readyz()
	savedAgain(t, h)
	if err := h.Close(); err != nil {
		t.Error(err)
	}
	fmt.Printf("answers: %d %d %d\n", before, during, after)
}
