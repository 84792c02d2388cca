package messages_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/mail/mailtest"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// TestMain is also the process that TestNoMessageLeavesTwice kills.
func TestMain(m *testing.M) {
	if server := os.Getenv("ASHAR_TEST_DELIVER"); server != "" {
		if err := deliverAll(server, storage.Options{Path: os.Getenv("ASHAR_TEST_PATH"), URL: os.Getenv("ASHAR_TEST_URL")}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// deliverAll does jobs until no message waits.
func deliverAll(server string, o storage.Options) error {
	ctx := context.Background()
	store, err := storage.Open(ctx, o)
	if err != nil {
		return err
	}
	defer store.Close()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
	if err != nil {
		return err
	}
	post, err := mail.NewSMTP("smtp://"+server, "post@ashar.example")
	if err != nil {
		return err
	}
	defer post.Close()
	svc := messages.New(messages.Options{
		Store: store, People: people.New(people.Options{Keys: keys, Store: store}), Mail: post,
		PublicURL: "https://ashar.example", Patience: time.Microsecond,
	})
	texts := fstest.MapFS{}
	for _, l := range i18n.Languages {
		texts[string(l)+".json"] = &fstest.MapFile{Data: []byte(`{"notice.test.subject": "s", "notice.test.body": "b"}`)}
	}
	c, err := i18n.Load([]fs.FS{svc.Manifest().Texts, texts}...)
	if err != nil {
		return err
	}
	svc.Speak(c)
	left := func() bool {
		var n int
		err := store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM message WHERE state IN ('waiting', 'sending')`).Scan(&n)
		})
		return err != nil || n > 0
	}
	done := make(chan struct{})
	var once sync.Once
	check := func(jobs.Ended) {
		if !left() {
			once.Do(func() { close(done) })
		}
	}
	r, err := jobs.NewRunner(jobs.Options{Store: store, Kinds: svc.Manifest().Jobs, Poll: 20 * time.Millisecond, Ended: check, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	r.Start(ctx)
	check(jobs.Ended{})
	<-done
	r.Stop()
	return nil
}

// A process that delivers is killed fifty times, at the worst moments, against
// a server that removes no duplicates. No message leaves twice; none is lost
// without a word; what is "sent" has left.
func TestNoMessageLeavesTwice(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(t *testing.T) storage.Options{
		"sqlite": func(t *testing.T) storage.Options { return storage.Options{Path: t.TempDir() + "/ashar.db"} },
		"postgresql": func(t *testing.T) storage.Options {
			return storage.Options{URL: storagetest.Database(t, true)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killAgainAndAgain(t, open(t))
		})
	}
}

func killAgainAndAgain(t *testing.T, o storage.Options) {
	const kills, count = 50, 400
	store, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	keys, err := seal.New(bytes.Repeat([]byte{7}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	folk := people.New(people.Options{Keys: keys, Store: store})
	svc := messages.New(messages.Options{Store: store, People: folk})
	err = store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := folk.Register(ctx, tx, people.Details{FullName: "Айгүл", Email: "aigul@mail.example"})
		if err != nil {
			return err
		}
		for i := range count {
			if err := svc.Send(ctx, tx, messages.Notice{To: p.ID, Kind: "test", Key: fmt.Sprint(i), Activity: p.ID}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}

	var mu sync.Mutex
	var child *exec.Cmd
	verb, after := "", 0
	srv := mailtest.Start(t, mailtest.Options{Answer: func(command string) string {
		mu.Lock()
		defer mu.Unlock()
		if child != nil && strings.HasPrefix(command, verb) {
			if after--; after == 0 {
				child.Process.Kill()
			}
		}
		return ""
	}})
	killed := 0
	for round := 0; ; round++ {
		if err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE job SET lease_ends = 0 WHERE state = 'running'`) // its process is dead
			return err
		}); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "ASHAR_TEST_DELIVER="+srv.Addr, "ASHAR_TEST_PATH="+o.Path, "ASHAR_TEST_URL="+o.URL)
		var out bytes.Buffer
		c.Stderr = &out
		mu.Lock()
		if err := c.Start(); err != nil {
			mu.Unlock()
			t.Fatal(err)
		}
		child = nil
		if round < kills {
			// The end of a message is the moment that matters; the others are there for company.
			verb, after = []string{".", "DATA", ".", "RSET", ".", "RCPT"}[round%6], 1+round%7
			child = c
		}
		mu.Unlock()
		err := c.Wait()
		if err == nil {
			break
		}
		if c.ProcessState.ExitCode() != -1 {
			t.Fatalf("the process failed by itself: %v\n%s", err, out.String())
		}
		killed++
	}
	if killed < kills {
		t.Fatalf("killed only %d times", killed)
	}

	copies := map[string]int{}
	for _, m := range srv.Mails() {
		copies[strings.TrimPrefix(strings.Split(m.Header("Message-Id"), "@")[0], "<")]++
	}
	unsure := 0
	err = store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		rows, err := tx.Query(ctx, `SELECT id, state FROM message`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id storage.ID
			var state string
			if err := rows.Scan(&id, &state); err != nil {
				return err
			}
			n := copies[id.String()]
			switch state {
			case messages.Sent:
				if n != 1 {
					t.Errorf("a sent message left %d times", n)
				}
			case messages.Unsure:
				unsure++
				if n > 1 {
					t.Errorf("an unsure message left %d times", n)
				}
			default:
				t.Errorf("a message is still %s", state)
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if unsure > 4*kills {
		t.Errorf("%d unsure messages are more than were under way", unsure)
	}
	t.Logf("%d kills, %d messages, %d left, %d unsure", killed, count, len(copies), unsure)
}
