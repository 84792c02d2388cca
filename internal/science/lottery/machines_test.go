package lottery

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// On some machines the compiler may join a product and a sum into one operation that
// rounds once. The last bit can then differ, and with it the panel. No line of this
// package may give it the chance.
func TestNoMachineFusesProductsWithSums(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("compiles the package for two other machines: not in make check, always in make test")
	}
	fused := regexp.MustCompile(`\(([^()]*\.go:\d+)\)\s+(FN?M(?:ADD|SUB)[DS]?)\b`)
	for _, machine := range []string{"arm64", "riscv64"} {
		command := exec.Command("go", "build", "-gcflags=-S", ".")
		command.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+machine, "CGO_ENABLED=0")
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", machine, err, out)
		}
		if len(out) < 100_000 {
			t.Fatalf("%s: only %d bytes of assembly", machine, len(out))
		}
		for _, m := range fused.FindAllSubmatch(out, -1) {
			t.Errorf("%s: %s at %s: round the product with float64()", machine, m[2], m[1])
		}
	}
}

// The digests were the same on amd64 and, emulated, on arm64, riscv64 and s390x, whose
// numbers are stored the other way round. A change of the method changes them, and then
// the panel of every seed: that belongs into the notes of a release.
func TestPanelsStayTheSame(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		people, seats, categories, households int
		want                                  string
	}{
		{60, 10, 3, 0, "a97b285251c96e22"},
		{60, 10, 3, 40, "065e3fda3fa0f2ec"},
		{120, 15, 5, 0, "b792e9f30e163906"},
	} {
		l, err := New(crowd(rand.New(rand.NewPCG(4, 7)), c.people, c.seats, c.categories, c.households), Options{})
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		for _, c := range l.Chances() {
			fmt.Fprintf(h, "%s %x\n", c.ID, math.Float64bits(c.P))
		}
		for seed := range 100 {
			fmt.Fprintln(h, l.Draw(strconv.Itoa(seed)))
		}
		if got := hex.EncodeToString(h.Sum(nil)[:8]); got != c.want {
			t.Errorf("%d people, %d households: %s, want %s", c.people, c.households, got, c.want)
		}
	}
}
