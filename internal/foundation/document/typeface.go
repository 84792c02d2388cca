package document

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// style is how letters look.
type style struct {
	strong bool
	points float64
}

// mm is how many millimetres a point has.
const mm = 25.4 / 72

func (s style) face() *face {
	if s.strong {
		return bold()
	}
	return plain()
}

// width tells how wide text is, in mm. Its letters are in the face.
func (s style) width(text string) (w float64) {
	f := s.face()
	for _, r := range text {
		w += float64(f.advance[r])
	}
	return w / 1000 * s.points * mm
}

// height is that of a line of text, in mm.
func (s style) height() float64 { return s.points * mm * 1.32 }

// base is how far under the top of a line its letters stand.
func (s style) base() float64 { return s.points * mm * 1.02 }

// face is a font and what is asked of it.
type face struct {
	name    string // as fpdf knows its style: "" or "B"
	file    []byte
	advance map[rune]uint16 // thousandths of the size; holds the letters that can be drawn
	glyph   map[rune]uint16 // their number in the file
}

var (
	plain = sync.OnceValue(func() *face { return openFace("", dejavusans.TTF) })
	bold  = sync.OnceValue(func() *face { return openFace("B", dejavusansbold.TTF) })
)

// openFace reads a font of the binary; that it can be read is tested.
func openFace(name string, file []byte) *face {
	font, err := sfnt.Parse(file)
	if err != nil {
		panic(fmt.Errorf("document: read the font: %w", err))
	}
	f := &face{name: name, file: file, advance: map[rune]uint16{}, glyph: map[rune]uint16{}}
	var buffer sfnt.Buffer
	units := font.UnitsPerEm()
	for r := rune(0x20); r < 0xFFFF; r++ {
		if !written(r) {
			continue
		}
		glyph, err := font.GlyphIndex(&buffer, r)
		if err != nil || glyph == 0 {
			continue
		}
		wide, err := font.GlyphAdvance(&buffer, glyph, fixed.I(int(units)), 0)
		if err != nil {
			continue
		}
		// As fpdf rounds, so that the file tells the widths that lines were broken by.
		f.advance[r] = uint16(float64(wide.Round())*1000/float64(units) + 0.5)
		f.glyph[r] = uint16(glyph)
	}
	return f
}

// written tells the scripts that are set letter by letter from left to right. The rest of
// the font's letters would be drawn in a wrong order or a wrong form.
func written(r rune) bool {
	switch {
	case r < 0x0530: // Latin, Greek, Cyrillic
	case r >= 0x0530 && r < 0x0590: // Armenian
	case r >= 0x10A0 && r < 0x1100: // Georgian
	case r >= 0x1D00 && r < 0x1DC0: // letters of phonetics
	case r >= 0x1E00 && r < 0x2C00: // Latin and Greek with marks, punctuation, signs
	case r >= 0x2C60 && r < 0x2C80: // Latin
	case r >= 0x2DE0 && r < 0x2E80: // Cyrillic, punctuation
	case r >= 0xA640 && r < 0xA800: // Cyrillic, Latin
	case r == 0xFFFD:
	default:
		return false
	}
	return r < 0x7F || r > 0x9F
}

// with gives the font with a table of letters that knows only these: most of what fpdf does
// for a font goes by the length of that table.
func (f *face) with(used map[rune]bool) []byte {
	letters := make([]rune, 0, len(used))
	for r := range used {
		if _, has := f.glyph[r]; has {
			letters = append(letters, r)
		}
	}
	slices.Sort(letters)
	return replaceTable(f.file, "cmap", letterTable(letters, f.glyph))
}

// letterTable is a table "cmap" of format 4: ranges of letters whose glyphs follow each
// other (OpenType 1.9, cmap).
func letterTable(letters []rune, glyphs map[rune]uint16) []byte {
	type part struct{ first, last, shift uint16 }
	var parts []part
	for _, r := range letters {
		code, shift := uint16(r), glyphs[r]-uint16(r)
		if n := len(parts); n > 0 && parts[n-1].last+1 == code && parts[n-1].shift == shift {
			parts[n-1].last = code
			continue
		}
		parts = append(parts, part{code, code, shift})
	}
	parts = append(parts, part{0xFFFF, 0xFFFF, 1})
	n := uint16(len(parts))
	search, steps := uint16(1), uint16(0)
	for search*2 <= n {
		search, steps = search*2, steps+1
	}
	var b []byte
	put := func(values ...uint16) {
		for _, v := range values {
			b = binary.BigEndian.AppendUint16(b, v)
		}
	}
	put(0, 1, 3, 1, 0, 12)                                // one table: Windows, Unicode
	put(4, 16+8*n, 0, 2*n, 2*search, steps, 2*n-2*search) // its head
	each := func(of func(part) uint16) {
		for _, p := range parts {
			put(of(p))
		}
	}
	each(func(p part) uint16 { return p.last })
	put(0)
	each(func(p part) uint16 { return p.first })
	each(func(p part) uint16 { return p.shift })
	each(func(part) uint16 { return 0 })
	return b
}

// replaceTable gives the font with another table under a name that it has.
func replaceTable(font []byte, name string, table []byte) []byte {
	count := int(binary.BigEndian.Uint16(font[4:]))
	out := slices.Clone(font[:12+16*count])
	for i := range count {
		entry := out[12+16*i:][:16]
		from, size := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		content := font[from:][:size]
		if string(entry[:4]) == name {
			content = table
			binary.BigEndian.PutUint32(entry[4:], sumOf(table))
		}
		binary.BigEndian.PutUint32(entry[8:], uint32(len(out)))
		binary.BigEndian.PutUint32(entry[12:], uint32(len(content)))
		out = append(out, content...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

// sumOf is the check sum of a table.
func sumOf(table []byte) (sum uint32) {
	padded := append(slices.Clone(table), make([]byte, (4-len(table)%4)%4)...)
	for i := 0; i < len(padded); i += 4 {
		sum += binary.BigEndian.Uint32(padded[i:])
	}
	return sum
}
