package main

import (
	"bufio"
	"context"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// demoWithin names, in the child, the folder of the demo.
const demoWithin = "ASHAR_TEST_DEMO_WITHIN"

// The limit is the process's, so the demo runs in one of its own.
func TestTheDemoStaysWithinTheMemoryOfItsSurroundings(t *testing.T) {
	if dir := os.Getenv(demoWithin); dir != "" {
		runWithin(t, dir)
		return
	}
	t.Parallel()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTheDemoStaysWithinTheMemoryOfItsSurroundings$")
	child.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GOMEMLIMIT=") })
	child.Env = append(child.Env, demoWithin+"="+filepath.Join(t.TempDir(), "demo"))
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func runWithin(t *testing.T, dir string) {
	if now := debug.SetMemoryLimit(-1); now != math.MaxInt64 { // -1 only asks
		t.Fatalf("there is a limit of %d before the demo begins: the test proves nothing", now)
	}
	ctx, stop := context.WithCancel(t.Context())
	in, out := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"demo", "--json", "--addr", "127.0.0.1:0", "--data", dir}, console{out, os.Stderr})
		out.Close()
	}()
	if !bufio.NewScanner(in).Scan() {
		t.Fatalf("no line, exit %d", <-code)
	}
	if limit := debug.SetMemoryLimit(-1); limit <= 0 || limit == math.MaxInt64 {
		t.Errorf("the demo runs with the limit %d", limit)
	}
	stop()
	if c := <-code; c != 0 {
		t.Errorf("exit %d", c)
	}
}
