package document

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func testSetter() *setter {
	return &setter{document: Document{Lang: "ky"}, room: 250, scale: 1, faces: &faces{}}
}

func TestLinesHoldAllWordsAndAreNoWiderThanTheyMay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("абвгӨҮҢ abc,.-—()/ \nй́")), 0, 400, -1)
		var rs Runs
		for range rapid.IntRange(1, 5).Draw(t, "runs") {
			rs = append(rs, Run{Text: text.Draw(t, "text"), Strong: rapid.Bool().Draw(t, "strong")})
		}
		wide := rapid.Float64Range(12, 170).Draw(t, "wide")
		look := style{points: rapid.Float64Range(6, 30).Draw(t, "points")}
		lines := testSetter().lines(rs, look, wide, &element{tag: "P"})
		var got strings.Builder
		for _, l := range lines {
			sum, seen := 0.0, 0.0
			for _, p := range l.pieces {
				got.WriteString(p.text)
				if n := p.style.width(strings.TrimRight(p.text, " ")); strings.TrimSpace(p.text) != "" {
					seen = sum + n
				}
				sum += p.wide
			}
			if seen > wide+0.01 && len([]rune(got.String())) > 0 && !single(l) {
				t.Fatalf("a line is %.2f mm wide of %.2f: %v", seen, wide, l)
			}
		}
		if want := strings.ReplaceAll(rs.plain(), "\n", ""); got.String() != want {
			t.Fatalf("set    %q\nwritten %q", got.String(), want)
		}
	})
}

// single tells whether a line is one letter with its marks, which is not divided.
func single(l line) bool {
	text := ""
	for _, p := range l.pieces {
		text += p.text
	}
	return len([]rune(strings.Trim(text, " \u0301"))) <= 1
}

func TestPagesHoldAllStripsInOrderWithinTheirHeight(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const top, tall = 20.0, 200.0
		head := []strip{{tall: 8}}
		var strips []strip
		for range rapid.IntRange(0, 120).Draw(t, "strips") {
			s := strip{tall: rapid.Float64Range(1, 90).Draw(t, "tall"), keep: rapid.IntRange(0, 3).Draw(t, "keep") == 0}
			switch rapid.IntRange(0, 9).Draw(t, "kind") {
			case 0:
				s = gap(s.tall)
			case 1:
				s = strip{brk: true}
			case 2:
				s.heads = head
			case 3:
				s.notes = []*note{{lines: []line{{tall: rapid.Float64Range(1, 30).Draw(t, "note")}}}}
			}
			strips = append(strips, s)
		}
		pages, err := paginate(strips, top, tall)
		if err != nil {
			t.Fatal(err)
		}
		var placedStrips, notes int
		for n, g := range pages {
			y := top
			for _, s := range g.strips {
				if s.y < y-0.001 {
					t.Fatalf("page %d: strips overlap", n)
				}
				if s.gap { // may hang over the end
					continue
				}
				y = s.y + s.tall
				if y > g.top+0.02 {
					t.Fatalf("page %d: a strip ends at %.1f, notes begin at %.1f", n, y, g.top)
				}
				if !s.again && !s.gap {
					placedStrips++
				}
			}
			notes += len(g.notes)
		}
		var want, wantNotes int
		for _, s := range strips {
			if !s.gap && !s.brk {
				want++
			}
			wantNotes += len(s.notes)
		}
		if placedStrips != want || notes != wantNotes {
			t.Fatalf("%d strips and %d notes were placed of %d and %d", placedStrips, notes, want, wantNotes)
		}
	})
}

func TestAHeadingStandsOnThePageOfWhatFollowsIt(t *testing.T) {
	t.Parallel()
	for before := range 60 {
		d := Document{Lang: "ky", Title: "Ө", Made: time.Unix(1, 0)}
		for range before {
			d.Body = append(d.Body, Paragraph{Text: Plain("сап")})
		}
		d.Body = append(d.Body, Heading{Level: 1, Text: Plain("Баш")}, Paragraph{Text: Plain("биринчи\nэкинчи\nүчүнчү")})
		s := testSetter()
		strips, err := s.blocks(d.Body, 18, 170, &element{tag: "Document", attached: true})
		if err != nil {
			t.Fatal(err)
		}
		pages, err := paginate(strips, 18, 250)
		if err != nil {
			t.Fatal(err)
		}
		last := pages[len(pages)-1]
		kept := last.strips[len(last.strips)-1]
		if len(pages) > 1 && len(last.strips) < 5 && !kept.gap {
			t.Errorf("after %d paragraphs the last page has %d strips", before, len(last.strips))
		}
	}
}
