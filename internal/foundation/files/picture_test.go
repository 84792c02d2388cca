package files_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"sync"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/memory/memorytest"
)

// blank is a PNG of one colour, so large and of such a kind; a few hundred
// kilobytes that unfold to hundreds of megabytes.
func blank(width, height int, depth, colours byte, interlaced bool) []byte {
	samples := map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colours]
	head := binary.BigEndian.AppendUint32(nil, uint32(width))
	head = binary.BigEndian.AppendUint32(head, uint32(height))
	head = append(head, depth, colours, 0, 0, 0)
	var data bytes.Buffer
	z := zlib.NewWriter(&data)
	line := make([]byte, 1+width*samples*int(depth)/8)
	for range height {
		_, _ = z.Write(line)
	}
	if interlaced { // the passes have some bytes more
		head[12] = 1
		for range height {
			_, _ = z.Write(line)
		}
	}
	_ = z.Close()
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", string(head))...)
	if colours == 3 {
		out = append(out, chunk("PLTE", "\xff\x00\x00")...)
	}
	out = append(out, chunk("IDAT", data.String())...)
	return append(out, chunk("IEND", "")...)
}

// begun is the head of such a PNG.
func begun(width, height uint32, depth, colours, interlace byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, width)
	head = binary.BigEndian.AppendUint32(head, height)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", string(append(head, depth, colours, 0, 0, interlace)))...)
}

// frame is the head of a JPEG: so many components, each with its sampling.
func frame(marker byte, width, height int, sampling ...byte) []byte {
	out := []byte{0xFF, 0xD8, 0xFF, 0xE1, 0, 8, 0xFF, 0xC2, 0, 3, 1, 2, 0xFF, marker} // with what only looks like another frame before
	out = binary.BigEndian.AppendUint16(out, uint16(8+3*len(sampling)))
	out = append(out, 8)
	out = binary.BigEndian.AppendUint16(out, uint16(height))
	out = binary.BigEndian.AppendUint16(out, uint16(width))
	out = append(out, byte(len(sampling)))
	for i, s := range sampling {
		out = append(out, byte(i+1), s, 0)
	}
	return append(out, 0xFF, 0xDA, 0, 2, 0, 0)
}

func TestPicturesAreRefusedByWhatTheirPixelsWouldTake(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw    []byte
		pixels bool // refused for its pixels; else unfolded, and refused for being cut off if it is
	}{
		"a JPEG of 40 million":               {frame(0xC0, 8000, 5000, 0x22, 0x11, 0x11), false},
		"one of 70 million":                  {frame(0xC0, 10000, 7000, 0x22, 0x11, 0x11), true},
		"a progressive one of 12 million":    {frame(0xC2, 4000, 3000, 0x22, 0x11, 0x11), false},
		"a progressive one of 24 million":    {frame(0xC2, 6000, 4000, 0x22, 0x11, 0x11), true},
		"the same with full colours":         {frame(0xC2, 4000, 3000, 0x11, 0x11, 0x11), true},
		"a progressive one in four colours":  {frame(0xC2, 3000, 2500, 0x11, 0x11, 0x11, 0x11), true},
		"the greatest that the format knows": {frame(0xC0, 65535, 65535, 0x11), true},
		"a PNG of 25 million":                {begun(5000, 5000, 8, 6, 0), false},
		"one of twice the depth":             {begun(6000, 5000, 16, 6, 0), true},
		"one that is interlaced":             {begun(6000, 5000, 8, 2, 1), true},
		"one of the greatest size":           {bomb(1<<31-1, 1), true},
	} {
		got, err := files.Clean(t.Context(), bytes.NewReader(c.raw), files.Answer)
		key := "fault.file_type"
		if c.pixels {
			key = "fault.file_pixels"
		}
		if f := fault.Of(err); f == nil || f.Key != key || got.Data != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// most is what looking at files may take of memory, however many come at once: one
// picture at its bound, what is made of it, and what the last one left.
const most = 250 << 20

func TestManyPicturesAtOnceTakeTheMemoryOfOne(t *testing.T) {
	t.Parallel()
	cases := map[string]func() []byte{
		"PNGs":            func() []byte { return blank(2560, 13000, 8, 6, false) },
		"interlaced PNGs": func() []byte { return blank(2560, 6500, 8, 6, true) },
		"photos": func() []byte {
			var b bytes.Buffer
			pic := image.NewYCbCr(image.Rect(0, 0, 8000, 5000), image.YCbCrSubsampleRatio420)
			if err := jpeg.Encode(&b, pic, nil); err != nil {
				panic(err)
			}
			return b.Bytes()
		},
	}
	for name, made := range cases {
		t.Run(name, func(t *testing.T) {
			peak := memorytest.Peak(t, made, func(t *testing.T, raw []byte) {
				var all sync.WaitGroup
				for range 6 {
					all.Go(func() {
						_, err := files.Clean(context.Background(), bytes.NewReader(raw), files.Answer)
						if f := fault.Of(err); err != nil && (f == nil || f.Key != "fault.file_type") {
							t.Errorf("not unfolded: %v", err)
						}
					})
				}
				all.Wait()
			})
			if t.Logf("%d MB", peak>>20); peak > most {
				t.Errorf("6 pictures at once took %d MB, at most %d MB", peak>>20, most>>20)
			}
		})
	}
}

// held is a file whose bytes come only when it may.
type held struct {
	begun chan<- struct{}
	open  <-chan struct{}
}

func (h held) Read([]byte) (int, error) {
	h.begun <- struct{}{}
	<-h.open
	return 0, io.EOF
}

// It is not parallel: the line is one for the process.
func TestWhoComesToAFullLineIsToldToComeBack(t *testing.T) {
	const all = 60
	begun, open, results := make(chan struct{}, all), make(chan struct{}), make(chan error, all)
	for range all {
		go func() {
			_, err := files.Clean(context.Background(), held{begun, open}, files.Answer)
			results <- err
		}()
	}
	<-begun
	for range all - 25 { // one is looked at, 24 wait
		if err := <-results; !fault.Is(err, fault.Unavailable) {
			t.Errorf("got %v", err)
		}
	}
	if len(begun) > 0 {
		t.Error("two files are looked at in one moment")
	}
	close(open)
	for range 25 {
		if err := <-results; fault.Of(err) == nil || fault.Of(err).Key != "fault.file_type" {
			t.Errorf("who waited: %v", err)
		}
	}
}

func TestAPhotoIsMadeSmallerAndStaysWhatItShows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		width, height int
		turned        uint16
		want          image.Point
	}{
		"a photo":             {4000, 3000, 1, image.Pt(2560, 1920)},
		"one on its side":     {4000, 3000, 6, image.Pt(1920, 2560)},
		"a very large one":    {5400, 3600, 1, image.Pt(2560, 1706)},
		"a strip":             {20000, 3, 1, image.Pt(2560, 1)},
		"one of the limit":    {2560, 100, 1, image.Pt(2560, 100)},
		"one that stays":      {640, 480, 1, image.Pt(640, 480)},
		"one a little larger": {2600, 1300, 3, image.Pt(2560, 1280)},
	} {
		pic := image.NewRGBA(image.Rect(0, 0, c.width, c.height))
		draw.Draw(pic, pic.Rect, image.NewUniform(color.RGBA{B: 200, A: 255}), image.Point{}, draw.Src)
		draw.Draw(pic, image.Rect(0, 0, c.width/2, c.height), image.NewUniform(color.RGBA{R: 200, A: 255}), image.Point{}, draw.Src)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, pic, nil); err != nil {
			t.Fatal(err)
		}
		got, err := files.Clean(t.Context(), bytes.NewReader(tagged(b.Bytes(), c.turned)), files.Answer)
		if err != nil || got.Type != files.JPEG {
			t.Errorf("%s: %s %v", name, got.Type, err)
			continue
		}
		out, err := jpeg.Decode(bytes.NewReader(got.Data))
		if err != nil || out.Bounds().Size() != c.want {
			t.Errorf("%s: %v, want %v, %v", name, out.Bounds().Size(), c.want, err)
			continue
		}
		red := image.Pt(out.Bounds().Dx()/4, out.Bounds().Dy()/2)
		switch c.turned {
		case 6:
			red = image.Pt(out.Bounds().Dx()/2, out.Bounds().Dy()/4)
		case 3:
			red.X = out.Bounds().Dx() * 3 / 4
		}
		if r, _, b, _ := out.At(red.X, red.Y).RGBA(); r < 0x9000 || b > 0x4000 {
			t.Errorf("%s: not red at %v: %v", name, red, out.At(red.X, red.Y))
		}
	}
}

func TestAScreenshotStaysSharpAndAPhotoSavedAsPNGBecomesOne(t *testing.T) {
	t.Parallel()
	plain := image.NewNRGBA(image.Rect(0, 0, 800, 600))
	draw.Draw(plain, image.Rect(100, 100, 300, 300), image.NewUniform(color.Black), image.Point{}, draw.Src)
	noisy := image.NewNRGBA(image.Rect(0, 0, 1600, 1200))
	seed := uint32(1)
	for i := range noisy.Pix {
		seed = seed*1664525 + 1013904223
		noisy.Pix[i] = byte(seed >> 24)
	}
	for name, c := range map[string]struct {
		pic  image.Image
		kind string
	}{"a screenshot": {plain, files.PNG}, "a photo": {noisy, files.JPEG}} {
		var b bytes.Buffer
		if err := png.Encode(&b, c.pic); err != nil {
			t.Fatal(err)
		}
		got, err := files.Clean(t.Context(), &b, files.Answer)
		if err != nil || got.Type != c.kind || len(got.Data) > 3<<20 {
			t.Errorf("%s: %s of %d bytes, %v", name, got.Type, len(got.Data), err)
		}
		if _, format, err := image.DecodeConfig(bytes.NewReader(got.Data)); err != nil || !strings.HasSuffix(got.Type, format) {
			t.Errorf("%s: %s is %s, %v", name, got.Type, format, err)
		}
	}
}
