// Package share draws the pictures that messengers show beside a link to a page: one card
// for all rooms, drawn once for all who ask, one at a time. It knows no page and keeps
// nothing on the disk.
package share

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/go-fonts/dejavu/dejavusansbold"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"platforma.kg/ashar/internal/foundation/gate"
)

// Cards keeps the cards of some two hundred pages. One is drawn at a time, so that pages
// go on beside it, and few wait.
type Cards struct {
	kept *gate.Once
	draw func(over, title string, under []string) ([]byte, error)
}

// NewCards gives cards drawn by draw, which is Draw but in tests.
func NewCards(draw func(over, title string, under []string) ([]byte, error)) *Cards {
	return &Cards{kept: gate.NewOnce(gate.New(1, 8), 8<<20), draw: draw}
}

// Of gives the card with these words as a PNG, drawn now when nobody has asked for it.
// Unavailable when too many wait.
func (c *Cards) Of(ctx context.Context, over, title string, under []string) ([]byte, error) {
	return c.kept.Get(ctx, gate.Name(append([]string{over, title}, under...)...), func() ([]byte, error) {
		return c.draw(over, title, under)
	})
}

// The colours of the card; few, so that the picture stays small.
var colours = color.Palette{
	color.RGBA{0xFB, 0xF8, 0xF2, 0xFF},
	color.RGBA{0x1E, 0x1B, 0x18, 0xFF},
	color.RGBA{0xA3, 0x2B, 0x22, 0xFF},
	color.RGBA{0x5A, 0x53, 0x4B, 0xFF},
	// Steps between ink and wool, for smooth letters.
	color.RGBA{0x8C, 0x89, 0x85, 0xFF},
	color.RGBA{0xC4, 0xC1, 0xBC, 0xFF},
	color.RGBA{0x55, 0x52, 0x4E, 0xFF},
	color.RGBA{0xE0, 0xDC, 0xD6, 0xFF},
	color.RGBA{0xCF, 0x92, 0x8A, 0xFF},
	color.RGBA{0xAB, 0xA5, 0x9E, 0xFF},
}

// Draw draws a card of 1200 x 630 pixels, the size that link previews ask for: a line above,
// the title, the lines below. What does not fit ends in an ellipsis. The picture is a PNG.
func Draw(over, title string, under []string) ([]byte, error) {
	const width, height, left = 1200, 630, 80
	card := image.NewPaletted(image.Rect(0, 0, width, height), colours)
	fill := func(r image.Rectangle, c int) {
		draw.Draw(card, r, image.NewUniform(colours[c]), image.Point{}, draw.Src)
	}
	fill(card.Bounds(), 0)
	fill(image.Rect(0, 0, width, 18), 2)
	fill(image.Rect(0, height-18, width, height), 2)
	write := func(ttf []byte, size float64, c, y, most int, text string) (int, error) {
		face, err := faceOf(ttf, size)
		if err != nil {
			return y, err
		}
		defer face.Close()
		for _, line := range wrap(face, text, width-2*left, most) {
			y += int(size * 1.28)
			d := font.Drawer{Dst: card, Src: image.NewUniform(colours[c]), Face: face, Dot: fixed.P(left, y)}
			d.DrawString(line)
		}
		return y, nil
	}
	y, err := write(dejavusans.TTF, 34, 2, 70, 1, over)
	if err != nil {
		return nil, err
	}
	if y, err = write(dejavusansbold.TTF, 62, 1, y+30, 4, title); err != nil {
		return nil, err
	}
	y += 26
	for _, line := range under {
		if y, err = write(dejavusans.TTF, 36, 3, y, 2, line); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, card); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func faceOf(ttf []byte, size float64) (font.Face, error) {
	f, err := opentype.Parse(ttf)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
}

// wrap breaks a text into lines of at most width pixels; what does not fit in
// most lines ends in an ellipsis.
func wrap(face font.Face, text string, width, most int) []string {
	fits := func(s string) bool { return font.MeasureString(face, s).Ceil() <= width }
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for !fits(word) && word != "" { // a word longer than a line is cut
			cut := []rune(word)
			word = string(cut[:len(cut)-1])
		}
		longer := strings.TrimSpace(line + " " + word)
		if fits(longer) {
			line = longer
			continue
		}
		lines = append(lines, line)
		line = word
	}
	lines = append(lines, line)
	if len(lines) > most {
		last := []rune(lines[most-1])
		for len(last) > 0 && !fits(string(last)+"…") {
			last = last[:len(last)-1]
		}
		lines = append(lines[:most-1], string(last)+"…")
	}
	return lines
}
