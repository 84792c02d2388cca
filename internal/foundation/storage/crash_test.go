package storage_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
)

// The child is this test binary, told by the environment which file to write.
const crashPath = "ASHAR_TEST_CRASH_PATH"

// crashChild writes pairs of rows from 16 callers until it is killed, and
// prints the number of each pair that was acknowledged.
func crashChild() int {
	s, err := storage.Open(context.Background(), storage.Options{Path: os.Getenv(crashPath)})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var next atomic.Int64
	var group sync.WaitGroup
	prefix := os.Getenv("ASHAR_TEST_CRASH_ROUND")
	for range 16 {
		group.Go(func() {
			for {
				name := prefix + "-" + strconv.FormatInt(next.Add(1), 10)
				if err := writePair(context.Background(), s, name); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return
				}
				fmt.Fprintf(os.Stdout, "%s\n", name) // one write call: whole lines
			}
		})
	}
	group.Wait()
	return 1
}

func writePair(ctx context.Context, s *storage.Store, name string) error {
	return s.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, "INSERT INTO setting (name, value) VALUES ($1, 'first')", name+"/1"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO setting (name, value) VALUES ($1, 'second')", name+"/2")
		return err
	})
}

func TestEveryAcknowledgedWriteSurvivesFiftyKillsAndNothingIsHalfDone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ashar.db")
	acknowledged := map[string]bool{}
	for round := range 50 {
		// Kill at another point of the load each time, counted in answers.
		killAfter := 40 + round*37%400
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), crashPath+"="+path, fmt.Sprintf("ASHAR_TEST_CRASH_ROUND=%d", round))
		var complaints strings.Builder
		child.Stderr = &complaints
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		count := 0
		for lines.Scan() {
			acknowledged[lines.Text()] = true
			if count++; count == killAfter {
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = child.Wait() // killed
		if count < killAfter {
			t.Fatalf("round %d ended by itself after %d writes: %s", round, count, complaints.String())
		}
	}
	s, err := storage.Open(t.Context(), storage.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	stored := map[string]int{}
	err = s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		names, err := storage.All(ctx, tx, func(r storage.Scanner) (name string, err error) {
			err = r.Scan(&name)
			return name, err
		}, "SELECT name FROM setting")
		for _, name := range names {
			pair, _, _ := strings.Cut(name, "/")
			stored[pair]++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range acknowledged {
		if stored[name] != 2 {
			t.Errorf("%s was acknowledged and has %d of 2 rows", name, stored[name])
		}
	}
	for name, rows := range stored {
		if rows != 2 {
			t.Errorf("%s is half done", name)
		}
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	t.Logf("%d writes acknowledged, %d stored", len(acknowledged), len(stored))
}
