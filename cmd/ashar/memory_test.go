package main

import (
	"bufio"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTheServerStaysWithinTheMemoryOfItsSurroundings(t *testing.T) {
	t.Parallel()
	for told, want := range map[string]func(limit float64) bool{
		"":       func(limit float64) bool { return limit > 0 && limit < math.MaxInt64 },
		"300MiB": func(limit float64) bool { return limit == 300<<20 },
	} {
		var address [2]string
		for i := range address {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			address[i] = l.Addr().String()
			l.Close()
		}
		c := exec.CommandContext(t.Context(), os.Args[0])
		c.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GOMEMLIMIT=") })
		c.Env = append(c.Env, childArgs+"=serve\n--addr\n"+address[0]+"\n--metrics-addr\n"+address[1]+"\n--data\n"+t.TempDir()+"\n--log\nerror")
		if told != "" {
			c.Env = append(c.Env, "GOMEMLIMIT="+told)
		}
		c.Stderr = t.Output()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if limit := limitSaid(t, "http://"+address[1]+"/metrics"); !want(limit) {
			t.Errorf("told %q, the limit is %g", told, limit)
		}
		_ = c.Process.Kill()
		_ = c.Wait()
	}
}

// limitSaid asks until the server answers.
func limitSaid(t *testing.T, url string) float64 {
	t.Helper()
	for {
		answer, err := http.Get(url)
		if err == nil {
			defer answer.Body.Close()
			for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
				if value, ok := strings.CutPrefix(lines.Text(), "go_gc_gomemlimit_bytes "); ok {
					limit, err := strconv.ParseFloat(value, 64)
					if err != nil {
						t.Fatal(err)
					}
					return limit
				}
			}
			t.Fatal("the metrics do not tell the limit")
		}
		select { // asking again at once would take the time that the server needs to start
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}
