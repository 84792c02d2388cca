package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkStart is one start of the server a call, to the first page that is
// shown, in an empty folder and in that of the demo.
func BenchmarkStart(b *testing.B) {
	demo := b.TempDir()
	start(b, "demo", demo)
	b.Run("empty", func(b *testing.B) { starts(b, func(i int) string { return filepath.Join(b.TempDir(), fmt.Sprint(i)) }) })
	b.Run("demo", func(b *testing.B) { starts(b, func(int) string { return demo }) })
}

func starts(b *testing.B, folder func(i int) string) {
	b.Helper()
	var took time.Duration
	memory := 0
	b.ResetTimer()
	for i := range b.N {
		t, kb := start(b, "serve", folder(i))
		took += t
		memory = max(memory, kb)
	}
	b.ReportMetric(float64(took.Milliseconds())/float64(b.N), "ms-ready")
	b.ReportMetric(float64(memory)/1024, "MB-resident")
}

// start runs a command until its first page, and gives how long that took and
// how much memory is resident then.
func start(b *testing.B, command, folder string) (took time.Duration, kb int) {
	b.Helper()
	l, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childArgs+"="+strings.Join([]string{command, "--addr", addr, "--data", folder}, "\n"))
	child.Stdout, child.Stderr = io.Discard, io.Discard
	began := time.Now()
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = child.Process.Signal(syscall.SIGTERM)
		_ = child.Wait() // it ends by the signal
	}()
	for took < time.Minute {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+addr+"/ky", nil)
		if err != nil {
			b.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		took = time.Since(began)
		if err != nil {
			time.Sleep(2 * time.Millisecond) // as exact as the start is measured; asking without pause would slow it
			continue
		}
		res.Body.Close()
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", child.Process.Pid))
		if err != nil {
			return took, 0 // no Linux
		}
		_, rest, _ := strings.Cut(string(status), "VmRSS:")
		_, _ = fmt.Sscan(rest, &kb)
		return took, kb
	}
	b.Fatal("no page after a minute")
	return 0, 0
}
