package jobs_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// The child is this test binary, told by the environment which file to work on
// and how many minutes its clock is ahead, so that leases of the dead are over.
const (
	killPath  = "ASHAR_TEST_JOBS_PATH"
	killAhead = "ASHAR_TEST_JOBS_AHEAD"
)

func killStore() (*storage.Store, error) {
	ahead, err := strconv.Atoi(os.Getenv(killAhead))
	if err != nil {
		return nil, err
	}
	return storage.Open(context.Background(), storage.Options{
		Path:  os.Getenv(killPath),
		Clock: func() time.Time { return time.Now().Add(time.Duration(ahead) * time.Minute) },
	})
}

// killChild works until it is killed or nothing is left, and prints a line for
// each job that it wrote down.
func killChild() int {
	s, err := killStore()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	r, err := jobs.NewRunner(jobs.Options{Store: s, Log: quiet, Workers: map[jobs.Lane]int{jobs.Light: 8}, Kinds: []jobs.Kind{
		{Name: "effect", Lane: jobs.Light, Limit: time.Minute, Attempts: 100, Do: func(ctx context.Context, s *storage.Store, payload json.RawMessage) error {
			return s.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
				if _, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, '1')
					ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)`, "runs "+string(payload)); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, "INSERT INTO setting (name, value) VALUES ($1, '') ON CONFLICT (name) DO NOTHING", "effect "+string(payload))
				return err
			})
		}},
	}, Ended: func(jobs.Ended) { fmt.Fprintln(os.Stdout, "done") }})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	_ = r.Run(context.Background()) // until it is killed
	return 0
}

func TestKilledRunnersLoseNoJobAndRepeatNoEffect(t *testing.T) {
	t.Parallel()
	const count, killEvery = 600, 37
	path := filepath.Join(t.TempDir(), "ashar.db")
	s, err := storage.Open(t.Context(), storage.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range count {
		enqueue(t, s, jobs.Job{Kind: "effect", Payload: i})
	}
	kills := 0
	for left := count; left > 0; {
		kills++
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), killPath+"="+path, fmt.Sprintf("%s=%d", killAhead, kills*10))
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
		for seen := 0; lines.Scan(); {
			if seen++; seen == min(killEvery, left) {
				_ = child.Process.Kill()
			}
		}
		_ = child.Wait() // killed
		if complaints.Len() > 0 {
			t.Fatal(complaints.String())
		}
		left = count - len(list(t, s, jobs.Filter{State: jobs.Done, Limit: count}))
	}
	runs, effects := 0, 0
	err = s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE name LIKE 'effect %'),
			COALESCE(SUM(CAST(value AS BIGINT)) FILTER (WHERE name LIKE 'runs %'), 0) FROM setting`).Scan(&effects, &runs)
	})
	if err != nil {
		t.Fatal(err)
	}
	if effects != count || runs < count {
		t.Errorf("%d jobs had %d effects in %d runs", count, effects, runs)
	}
	t.Logf("%d jobs, %d effects, %d runs, %d kills", count, effects, runs, kills)
}
