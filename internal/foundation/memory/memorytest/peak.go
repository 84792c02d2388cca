// Package memorytest measures how much memory a piece of work takes.
package memorytest

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

const (
	child  = "ASHAR_TEST_PEAK"       // the name of the test whose work this process is to do
	folder = "ASHAR_TEST_PEAK_FILES" // where the input lies and the result goes
)

// Peak does work in a process of its own and gives the most memory, in bytes,
// that was resident in it. The process is the same test run once more; there
// Peak works and the test ends. Input is made only here and handed over, so that
// making it does not count. No test calls Peak twice: each piece of work is a
// subtest.
func Peak(t *testing.T, input func() []byte, work func(t *testing.T, input []byte)) int64 {
	t.Helper()
	if os.Getenv(child) == t.Name() {
		raw, err := os.ReadFile(filepath.Join(os.Getenv(folder), "input"))
		if err != nil {
			t.Fatal(err)
		}
		work(t, raw)
		runtime.KeepAlive(raw)
		if t.Failed() {
			t.FailNow()
		}
		if err := os.WriteFile(filepath.Join(os.Getenv(folder), "peak"), fmt.Append(nil, resident(t)), 0o600); err != nil {
			t.Fatal(err)
		}
		t.SkipNow() // the parent judges
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "input"), input(), 0o600); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(t.Name(), "/")
	for i, p := range parts {
		parts[i] = "^" + regexp.QuoteMeta(p) + "$"
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run="+strings.Join(parts, "/"), "-test.count=1", "-test.v")
	cmd.Env = append(os.Environ(), child+"="+t.Name(), folder+"="+dir, "GOMEMLIMIT=off", "GOGC=100")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("the work in a process of its own: %v\n%s", err, out)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "peak"))
	if err != nil {
		t.Fatalf("the process did not come to its end: %v\n%s", err, out)
	}
	bytes, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || bytes <= 0 {
		t.Fatalf("the process took %q: %v", raw, err)
	}
	return bytes
}

// resident is the most memory that was resident in this process so far.
func resident(t *testing.T) int64 {
	t.Helper()
	if raw, err := os.ReadFile("/proc/self/status"); err == nil {
		for lines := bufio.NewScanner(bytes.NewReader(raw)); lines.Scan(); {
			var kilobytes int64
			if _, err := fmt.Sscanf(lines.Text(), "VmHWM: %d kB", &kilobytes); err == nil {
				return kilobytes << 10
			}
		}
	}
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "darwin" {
		return use.Maxrss // in bytes there
	}
	return use.Maxrss << 10
}
