package public

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
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// shareImage answers /events/{slug}/share.png: what messengers show beside a
// link. They ask as strangers, so that what is by invitation has none.
func (s *Service) shareImage(r *web.Request) error {
	var a programme.Activity
	var p programme.Programme
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = programme.BySlug(ctx, tx, r.PathValue("slug")); err == nil && !a.OpenToStrangers() {
			err = programme.UnknownActivity()
		}
		if err != nil {
			return err
		}
		p, err = programme.Current(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	l := feedLanguage(r)
	var lines []string
	if !a.Starts.IsZero() {
		lines = append(lines, i18n.DateLong(l, a.Starts)+", "+i18n.TimeRange(l, a.Starts, a.Ends))
	}
	if a.Online {
		lines = append(lines, r.Say.T("programme.online"))
	} else if place := strings.Trim(a.Venue.In(l)+", "+programme.CityName(l, a.City), ", "); place != "" {
		lines = append(lines, place)
	}
	over, title := p.Name.In(l), a.Title.In(l)
	picture, err := s.pictures.Get(r.Context(), gate.Name(append([]string{over, title}, lines...)...), func() ([]byte, error) {
		return s.draw(over, title, lines)
	})
	if err != nil {
		return err
	}
	return r.Picture("image/png", 3600, picture)
}

// newCards keeps the pictures of some two hundred pages. One is drawn at a time, so
// that pages go on beside it, and few wait.
func newCards() *gate.Once { return gate.NewOnce(gate.New(1, 8), 8<<20) }

// The colours of the card; few, so that the picture stays small.
var cardColours = color.Palette{
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

// shareCard draws a card of 1200 x 630 pixels, the size that link previews ask for.
func shareCard(over, title string, under []string) ([]byte, error) {
	const width, height, left = 1200, 630, 80
	card := image.NewPaletted(image.Rect(0, 0, width, height), cardColours)
	fill := func(r image.Rectangle, c int) {
		draw.Draw(card, r, image.NewUniform(cardColours[c]), image.Point{}, draw.Src)
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
			d := font.Drawer{Dst: card, Src: image.NewUniform(cardColours[c]), Face: face, Dot: fixed.P(left, y)}
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
