package kit_test

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The least contrast of WCAG 2.2 AA: text, and what is not text but must be seen.
const (
	forText   = 4.5
	forShapes = 3.0
)

// pairs are the colours that meet on a page: what is drawn, on what.
var pairs = []struct {
	front, back string
	least       float64
}{
	{"ink", "wool", forText},
	{"ink", "surface", forText},
	{"ink-2", "wool", forText},
	{"ink-2", "surface", forText},
	{"blue", "wool", forText},
	{"blue", "surface", forText},
	{"blue", "blue-soft", forText},
	{"blue-ink", "blue", forText},
	{"felt", "wool", forText},
	{"felt", "surface", forText},
	{"felt", "felt-soft", forText},
	{"felt-ink", "felt", forText},
	{"meadow", "wool", forText},
	{"meadow", "surface", forText},
	{"meadow", "meadow-soft", forText},
	{"meadow-ink", "meadow", forText},
	{"saffron-ink", "saffron", forText},
	{"ink", "saffron-soft", forText},
	{"ink", "blue-soft", forText},
	{"ink", "felt-soft", forText},
	{"ink", "meadow-soft", forText},
	{"ink-2", "blue-soft", forText},
	{"ink-2", "felt-soft", forText},
	{"ink-2", "meadow-soft", forText},
	{"ink-2", "saffron-soft", forText},
	{"blue", "felt-soft", forText},
	{"blue", "meadow-soft", forText},
	{"blue", "saffron-soft", forText},
	{"meadow", "blue-soft", forText},
	{"felt", "blue-soft", forText},
	{"line-2", "surface", forShapes},
	{"line-2", "wool", forShapes},
	{"focus", "wool", forShapes},
	{"focus", "surface", forShapes},
	{"focus", "blue-soft", forShapes},
	{"focus", "felt-soft", forShapes},
	{"blue", "line", forShapes},
}

var colourToken = regexp.MustCompile(`--([a-z0-9-]+): #([0-9A-Fa-f]{6});`)

func TestEveryPairOfColoursCanBeReadInLightAndDark(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "web", "css", "parts", "tokens.css"))
	if err != nil {
		t.Fatal(err)
	}
	light, dark, both := strings.Cut(string(raw), "@media (prefers-color-scheme: dark)")
	if !both {
		t.Fatal("tokens.css has no dark half")
	}
	for name, half := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]float64{}
		for _, m := range colourToken.FindAllStringSubmatch(half, -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		for _, p := range pairs {
			front, a := colours[p.front]
			back, b := colours[p.back]
			if !a || !b {
				t.Errorf("%s: %s or %s is not defined", name, p.front, p.back)
				continue
			}
			if c := (max(front, back) + .05) / (min(front, back) + .05); c < p.least {
				t.Errorf("%s: %s on %s has contrast %.2f, less than %.1f", name, p.front, p.back, c, p.least)
			}
		}
	}
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	var sum float64
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
