// Package efforttest does in tests what a browser's script does: it solves
// challenges, and finds them in a page.
package efforttest

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/web/effort"
)

// Solve gives the solution of a challenge.
func Solve(challenge string, bits int) string {
	seed := effort.Seed(challenge)
	counters := make([]string, effort.Parts)
	for i := range counters {
		var c uint32
		for !effort.Fits(seed, uint32(i), c, bits) {
			c++
		}
		counters[i] = strconv.FormatUint(uint64(c), 10)
	}
	return strings.Join(counters, ",")
}

var (
	challenges = regexp.MustCompile(`name="effort" value="([^"]+)"`)
	bits       = regexp.MustCompile(`data-bits="(\d+)"`)
	seeds      = regexp.MustCompile(`data-effort="([0-9a-f]{64})"`)
)

// Challenge finds in a page the challenge and its bits; the test fails when the
// page asks for no effort.
func Challenge(t testing.TB, page string) (challenge string, zeros int) {
	t.Helper()
	c, b, s := challenges.FindStringSubmatch(page), bits.FindStringSubmatch(page), seeds.FindStringSubmatch(page)
	if c == nil || b == nil || s == nil {
		t.Fatalf("the page asks for no effort:\n%s", page)
	}
	if seed := effort.Seed(c[1]); s[1] != hex.EncodeToString(seed[:]) {
		t.Errorf("the page gives the seed %s of another challenge", s[1])
	}
	zeros, _ = strconv.Atoi(b[1])
	return c[1], zeros
}
