package opinion_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/science/opinion"
)

var update = flag.Bool("update", false, "draw the picture of docs/opinion-map.md again")

func TestThePictureOfThePageIsTheMapOfTheConversation(t *testing.T) {
	t.Parallel()
	c := read(t, "scoop-hivemind.biodiversity")
	got := draw(c.opinions(t).Snapshot(opinion.Options{Seed: 1}))
	path := filepath.Join("..", "..", "..", "docs", "pictures", "opinion-map.svg")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("docs/pictures/opinion-map.svg is another picture; go test ./internal/science/opinion -run Picture -update draws it again")
	}
}

// draw gives an SVG: people as dots, the groups by colour and shape, people
// outside the conversation pale, and two ellipses of uncertainty.
func draw(s *opinion.Snapshot) string {
	const width, height, scale = 784, 552, 42.0
	x := func(v float64) float64 { return 250 + scale*v }
	y := func(v float64) float64 { return 262 - scale*v }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="13" fill="#1E1B18">
<title id="t">Opinion map of a conversation about biodiversity</title>
<desc id="d">%d people as dots. A dense group of %d people on the left, a loose group of %d on the right; people with few votes lie in the middle.</desc>
<rect width="%d" height="%d" fill="#fff"/>
<path d="M0 %.1fH%dM%.1f 60V%d" stroke="#D8D2C8" fill="none"/>
`, width, height, s.People, len(s.Groups[0].Members), len(s.Groups[1].Members), width, height, y(0), width, x(0), height-56)
	for i, p := range s.Projections {
		px, py := x(p.X), y(p.Y)
		switch s.GroupOf[i] {
		case 0:
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3" fill="#1F5F8B" fill-opacity=".55"/>`+"\n", px, py)
		case 1:
			fmt.Fprintf(&b, `<path d="M%.1f %.1fl4 7h-8z" fill="#B4541A" fill-opacity=".75"/>`+"\n", px, py-4.5)
		default:
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="2" fill="none" stroke="#9A9288"/>`+"\n", px, py)
		}
	}
	few, much := example(s, 0.9), example(s, 0.1)
	for _, person := range []int{few, much} {
		p, u := s.Projections[person], s.Uncertainty[person]
		middle, half := (u.XX+u.YY)/2, (u.XX-u.YY)/2
		root := math.Hypot(half, u.XY)
		turn := -math.Atan2(u.XY, half) / 2 * 180 / math.Pi
		rx, ry := scale*math.Sqrt(5.991*(middle+root)), scale*math.Sqrt(5.991*max(0, middle-root))
		fmt.Fprintf(&b, `<ellipse rx="%.1f" ry="%.1f" transform="translate(%.1f %.1f) rotate(%.1f)" fill="none" stroke="#1E1B18" stroke-dasharray="4 3"/>`+"\n", rx, ry, x(p.X), y(p.Y), turn)
		fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3.5" fill="#1E1B18"/>`+"\n", x(p.X), y(p.Y))
	}
	label := func(px, py float64, fill, text string) {
		fmt.Fprintf(&b, `<text x="%.0f" y="%.0f" fill="%s" stroke="#fff" stroke-width="4" paint-order="stroke" font-weight="600">%s</text>`+"\n", px, py, fill, text)
	}
	label(16, 26, "#1F5F8B", fmt.Sprintf("● %d people: protect native species, more money", len(s.Groups[0].Members)))
	label(420, 26, "#B4541A", fmt.Sprintf("▲ %d people: against poison, for owners’ rights", len(s.Groups[1].Members)))
	label(16, height-38, "#5F574E", "○ fewer than 7 votes: on the map, in no group")
	label(16, height-16, "#1E1B18", "dashed: where one person could also stand (95 %), with few votes (large) and with many (small)")
	b.WriteString("</svg>\n")
	return b.String()
}

// example picks somebody of the first group by how uncertain she is.
func example(s *opinion.Snapshot, share float64) int {
	best, least := -1, math.Inf(1)
	var all []float64
	for _, i := range s.Groups[0].Members {
		all = append(all, s.Uncertainty[i].XX+s.Uncertainty[i].YY)
	}
	aim := quantile(all, share)
	for _, i := range s.Groups[0].Members {
		away := math.Abs(s.Uncertainty[i].XX + s.Uncertainty[i].YY - aim)
		if p := s.Projections[i]; math.Hypot(p.X+1.2, p.Y-1) < 1.2 && away < least {
			best, least = i, away
		}
	}
	return best
}

func quantile(values []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[int(share*float64(len(sorted)-1))]
}
