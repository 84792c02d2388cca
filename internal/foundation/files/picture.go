package files

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"

	scale "golang.org/x/image/draw"
)

// Bounds of a picture, looked at before it is unfolded.
const (
	unfoldedMost = 128 << 20  // bytes that its pixels may take
	pixelsMost   = 40_000_000 // whatever they take
	drawnMost    = 2 << 20    // bytes of a PNG; a photo that was saved as one becomes a JPEG
	quality      = 85
)

// tooManyPixels is the error for a picture that unfolds too far.
type tooManyPixels struct{ most int } // pixels that such a picture may have

func (e *tooManyPixels) Error() string { return fmt.Sprintf("more than %d pixels", e.most) }

// redraw decodes a picture, turns it as its maker meant it to be seen, makes it
// at most side pixels long, and encodes the pixels alone.
func redraw(raw []byte, kind string, side int) (Cleaned, error) {
	width, height, each, err := measure(raw, kind)
	if err != nil {
		return Cleaned{}, err
	}
	most := min(pixelsMost, int(unfoldedMost/each))
	if width <= 0 || height <= 0 || width > most/height {
		return Cleaned{}, &tooManyPixels{most}
	}
	var pic image.Image
	if kind == PNG {
		pic, err = png.Decode(bytes.NewReader(raw))
	} else {
		pic, err = jpeg.Decode(bytes.NewReader(raw))
	}
	if err != nil {
		return Cleaned{}, err
	}
	pic = shrink(pic, side)
	var out bytes.Buffer
	if kind == PNG {
		if err := png.Encode(&out, pic); err != nil {
			return Cleaned{}, err
		}
		if out.Len() <= drawnMost {
			return Cleaned{Type: PNG, Data: out.Bytes()}, nil
		}
		pic, out = onWhite(pic), bytes.Buffer{}
	} else {
		pic = turn(pic, orientation(raw))
	}
	err = jpeg.Encode(&out, pic, &jpeg.Options{Quality: quality})
	return Cleaned{Type: JPEG, Data: out.Bytes()}, err
}

// measure gives width and height of a picture, and the most bytes that the
// decoder takes for each pixel, from the head of the file alone.
func measure(raw []byte, kind string) (width, height int, each float64, err error) {
	if kind == PNG {
		c, err := png.DecodeConfig(bytes.NewReader(raw))
		if err != nil || len(raw) < 29 {
			return 0, 0, 1, image.ErrFormat
		}
		depth, colours, interlaced := raw[24], raw[25], raw[28] != 0 // of the IHDR chunk, which comes first
		switch {
		case depth == 16:
			each = 8
		case colours == 3: // by a palette
			each = 1
		default:
			each = 4
		}
		if interlaced {
			each *= 2 // each pass is a picture of its own
		}
		return c.Width, c.Height, each, nil
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(raw))
	return c.Width, c.Height, jpegBytes(raw), err
}

// jpegBytes is the most bytes that the decoder takes for a pixel of a JPEG: one
// for each sample, and of a progressive one four more, since it keeps all the
// coefficients until the last scan. It walks the markers as image/jpeg does.
func jpegBytes(raw []byte) float64 {
	const worst = 4*(1+4) + 4
	at := 2
	next := func() (b byte, ok bool) {
		if at >= len(raw) {
			return 0, false
		}
		at++
		return raw[at-1], true
	}
	for {
		before, _ := next()
		marker, ok := next()
		for ok && before != 0xFF {
			before = marker
			marker, ok = next()
		}
		for ok && marker == 0xFF {
			marker, ok = next()
		}
		switch {
		case !ok || marker == 0xDA:
			return worst
		case marker == 0 || marker >= 0xD0 && marker <= 0xD9:
			continue
		}
		if at+2 > len(raw) {
			return worst
		}
		length := int(binary.BigEndian.Uint16(raw[at:]))
		if length < 2 || at+length > len(raw) {
			return worst
		}
		if marker >= 0xC0 && marker <= 0xC2 {
			return samples(raw[at+2:at+length], marker == 0xC2)
		}
		at += length
	}
}

// samples reads the head of a frame (ITU T.81, B.2.2).
func samples(frame []byte, progressive bool) float64 {
	if len(frame) < 6 || len(frame) < 6+3*int(frame[5]) || frame[5] == 0 {
		return 24
	}
	sum, across, down := 0, 1, 1
	for i := range int(frame[5]) {
		h, v := int(frame[6+3*i+1]>>4), int(frame[6+3*i+1]&15)
		sum, across, down = sum+h*v, max(across, h), max(down, v)
	}
	each := float64(sum) / float64(across*down)
	if frame[5] == 1 {
		each = 1
	}
	if progressive {
		each *= 5
	}
	if frame[5] == 4 || frame[6] == 'R' { // is turned into another model of colours
		each += 4
	}
	return max(each, 1)
}

// shrink makes a picture at most side pixels long. It takes the mean of whole
// squares first, strip by strip, so that little more than the result is held.
func shrink(pic image.Image, side int) image.Image {
	b := pic.Bounds()
	longest := max(b.Dx(), b.Dy())
	if longest <= side {
		return pic
	}
	if k := longest / side; k > 1 && b.Dx() >= k && b.Dy() >= k {
		pic = mean(pic, k)
		b = pic.Bounds()
		if longest = max(b.Dx(), b.Dy()); longest <= side {
			return pic
		}
	}
	out := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*side/longest), max(1, b.Dy()*side/longest)))
	scale.ApproxBiLinear.Scale(out, out.Rect, pic, b, draw.Src, nil)
	return out
}

// mean gives a picture whose pixels are the mean of squares of k by k.
func mean(pic image.Image, k int) *image.RGBA {
	b := pic.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx()/k, b.Dy()/k))
	strip := image.NewRGBA(image.Rect(0, 0, out.Rect.Dx()*k, k))
	for y := range out.Rect.Dy() {
		draw.Draw(strip, strip.Rect, pic, image.Pt(b.Min.X, b.Min.Y+y*k), draw.Src)
		to := out.Pix[out.PixOffset(0, y):]
		for x := range out.Rect.Dx() {
			var sum [4]int
			for row := range k {
				from := strip.Pix[strip.PixOffset(x*k, row):][:4*k]
				for i, v := range from {
					sum[i&3] += int(v)
				}
			}
			for i, v := range sum {
				to[4*x+i] = uint8(v / (k * k))
			}
		}
	}
	return out
}

// onWhite lays a picture on white paper.
func onWhite(pic image.Image) image.Image {
	b := pic.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, pic, b.Min, draw.Over)
	return out
}
