package document

import (
	"strings"

	"github.com/rivo/uniseg"
)

// piece is text of one look in one line.
type piece struct {
	text  string
	style style
	rise  float64 // mm above the line
	wide  float64 // without spaces at the end of a line
	in    *element
	to    string
	says  string
	refer *note // when it is the mark of a footnote
}

// line is a line of text.
type line struct {
	pieces     []piece
	wide       float64
	tall, base float64
	notes      []*note
}

// note is a footnote, set at the foot of the page of its mark.
type note struct {
	mark    string
	element *element
	lines   []line
}

func (n *note) tall() (mm float64) {
	for _, l := range n.lines {
		mm += l.tall
	}
	return mm
}

// joiner keeps the mark of a footnote at its word; clean leaves none in a text.
const joiner = "\u2060"

// lines breaks runs into lines of a width, by the rules of Unicode (UAX 14). A word that is
// wider than a line is broken between its letters.
func (s *setter) lines(rs Runs, look style, wide float64, in *element) []line {
	var text strings.Builder
	var whole []piece // the runs, with where each ends in text
	var ends []int
	add := func(p piece, shown string) {
		text.WriteString(shown)
		whole, ends = append(whole, p), append(ends, text.Len())
	}
	for _, r := range rs {
		p := piece{style: style{look.strong || r.Strong, look.points}, in: in, to: r.To}
		s.faces.bold = s.faces.bold || p.style.strong
		if r.To != "" {
			p.in = in.under("Link")
			p.says = clean(r.Says)
			if p.says == "" {
				p.says = clean(r.Text)
			}
		}
		if r.Lang != "" && r.Lang != s.document.Lang {
			if r.To == "" {
				p.in = in.under("Span")
			}
			p.in.lang = r.Lang
		}
		add(p, clean(r.Text))
		if r.Note != nil {
			n := s.note(r.Note, in)
			mark := piece{style: style{look.strong, look.points * 0.65}, rise: look.points * mm * 0.35, in: in.under("Reference"), refer: n}
			add(mark, joiner+n.mark)
		}
	}
	b := breaker{wide: wide, look: look}
	rest, at, state := text.String(), 0, -1
	for rest != "" {
		var word string
		var must bool
		word, rest, must, state = uniseg.FirstLineSegmentInString(rest, state)
		b.word(word, at, whole, ends)
		at += len(word)
		if must && rest != "" || strings.HasSuffix(word, "\n") {
			b.end()
		}
	}
	if len(b.now.pieces) > 0 || len(b.all) == 0 {
		b.end()
	}
	return b.all
}

// breaker fills one line after the other.
type breaker struct {
	wide float64
	look style
	all  []line
	now  line
	tail float64 // how wide the spaces at the end of the line are
}

func (b *breaker) end() {
	b.now.tall, b.now.base = b.look.height(), b.look.base()
	b.all = append(b.all, b.now)
	b.now, b.tail = line{}, 0
}

// word puts a segment that is not broken, from a place of the text on, where it fits.
func (b *breaker) word(word string, at int, whole []piece, ends []int) {
	var parts []piece
	wide := 0.0
	run := 0
	for word = strings.TrimSuffix(word, "\n"); word != ""; {
		for ends[run] <= at {
			run++
		}
		p := whole[run]
		p.text = word[:min(len(word), ends[run]-at)]
		word, at = word[len(p.text):], at+len(p.text)
		p.text = strings.ReplaceAll(p.text, joiner, "")
		parts = append(parts, p)
		wide += p.style.width(p.text)
	}
	tail := 0.0
	if n := len(parts); n > 0 {
		last := parts[n-1]
		tail = last.style.width(last.text) - last.style.width(strings.TrimRight(last.text, " "))
	}
	if b.now.wide+b.tail+wide-tail > b.wide && len(b.now.pieces) > 0 {
		b.end()
	}
	if wide-tail > b.wide {
		b.letters(parts)
		return
	}
	for _, p := range parts {
		b.put(p)
	}
}

// put adds to the line what fits into it.
func (b *breaker) put(p piece) {
	seen := strings.TrimRight(p.text, " ")
	whole := p.style.width(p.text)
	if seen != "" {
		b.now.wide += b.tail + p.style.width(seen)
		b.tail = 0
	}
	b.tail += whole - p.style.width(seen)
	p.wide = whole
	if n := len(b.now.pieces); n > 0 && b.now.pieces[n-1].in == p.in && b.now.pieces[n-1].style == p.style && p.refer == nil && b.now.pieces[n-1].refer == nil {
		b.now.pieces[n-1].text += p.text
		b.now.pieces[n-1].wide += p.wide
	} else {
		b.now.pieces = append(b.now.pieces, p)
	}
	if p.refer != nil {
		b.now.notes = append(b.now.notes, p.refer)
	}
}

// letters breaks what is wider than a line between letters as people see them.
func (b *breaker) letters(parts []piece) {
	for _, p := range parts {
		rest, state := p.text, -1
		for rest != "" {
			var letter string
			letter, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
			one := p
			one.text = letter
			if b.now.wide+b.tail+p.style.width(letter) > b.wide && len(b.now.pieces) > 0 {
				b.end()
			}
			b.put(one)
		}
	}
}
