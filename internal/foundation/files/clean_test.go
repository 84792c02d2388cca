package files_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
)

// picture is red in the left half and blue in the right.
func picture(width, height int) image.Image {
	pic := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{R: 200, A: 255}
			if x >= width/2 {
				c = color.RGBA{B: 200, A: 255}
			}
			pic.Set(x, y, c)
		}
	}
	return pic
}

func photo(t *testing.T, width, height int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(width, height), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tagged puts into a JPEG what telephones do: how to turn it, and where it was taken.
func tagged(raw []byte, orientation uint16) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08")
	entry := func(tag, kind uint16, count, value uint32) {
		tiff = binary.BigEndian.AppendUint16(tiff, tag)
		tiff = binary.BigEndian.AppendUint16(tiff, kind)
		tiff = binary.BigEndian.AppendUint32(tiff, count)
		tiff = binary.BigEndian.AppendUint32(tiff, value)
	}
	tiff = binary.BigEndian.AppendUint16(tiff, 2)
	entry(0x0112, 3, 1, uint32(orientation)<<16)
	entry(0x8825, 4, 1, 38) // the directory of the place
	tiff = append(tiff, 0, 0, 0, 0)
	tiff = binary.BigEndian.AppendUint16(tiff, 2)
	entry(0x0001, 2, 2, 'N'<<24)
	entry(0x0002, 5, 3, 68)
	tiff = append(tiff, 0, 0, 0, 0)
	for _, n := range []uint32{42, 1, 52, 1, 2964, 100} { // 42° 52' 29.64"
		tiff = binary.BigEndian.AppendUint32(tiff, n)
	}
	tiff = append(tiff, "Cholpon's telephone, GPSLatitude"...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xE1}, byte((len(body)+2)>>8), byte(len(body)+2))
	out = append(out, body...)
	return append(out, raw[2:]...)
}

func TestAPhotoLosesItsPlaceAndKeepsItsTurn(t *testing.T) {
	t.Parallel()
	raw := tagged(photo(t, 64, 32), 6)
	if !bytes.Contains(raw, []byte("Exif")) || !bytes.Contains(raw, []byte("GPSLatitude")) {
		t.Fatal("the test's photo tells nothing: the test proves nothing")
	}
	got, err := files.Clean(t.Context(), bytes.NewReader(raw), files.Answer)
	if err != nil || got.Type != files.JPEG || got.Ending() != ".jpg" {
		t.Fatalf("%s, %v", got.Type, err)
	}
	for _, word := range []string{"Exif", "GPS", "Cholpon"} {
		if bytes.Contains(got.Data, []byte(word)) {
			t.Errorf("%q is still there", word)
		}
	}
	pic, err := jpeg.Decode(bytes.NewReader(got.Data))
	if err != nil {
		t.Fatal(err)
	}
	if pic.Bounds().Dx() != 32 || pic.Bounds().Dy() != 64 {
		t.Fatalf("the picture lies on its side: %v", pic.Bounds())
	}
	if r, _, b, _ := pic.At(16, 8).RGBA(); r < b { // turned to the right, its left side is up
		t.Error("the picture is turned the wrong way")
	}
}

func TestEachTurnOfAPhotoIsUndone(t *testing.T) {
	t.Parallel()
	// Where the red half of the file is seen: the corner of the picture that is red.
	for orientation, red := range map[uint16]image.Point{
		0: {4, 16}, 1: {4, 16}, 2: {60, 16}, 3: {60, 16}, 4: {4, 16}, 5: {16, 4}, 6: {16, 4}, 7: {16, 60}, 8: {16, 60}, 9: {4, 16},
	} {
		got, err := files.Clean(t.Context(), bytes.NewReader(tagged(photo(t, 64, 32), orientation)), files.Answer)
		if err != nil {
			t.Fatal(err)
		}
		pic, err := jpeg.Decode(bytes.NewReader(got.Data))
		if err != nil {
			t.Fatal(err)
		}
		if r, _, b, _ := pic.At(red.X, red.Y).RGBA(); r < b {
			t.Errorf("orientation %d: red is not at %v of %v", orientation, red, pic.Bounds())
		}
	}
}

func TestAPictureLosesItsNotes(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := png.Encode(&b, picture(8, 8)); err != nil {
		t.Fatal(err)
	}
	raw := append(bytes.Clone(b.Bytes()[:33]), chunk("tEXt", "Author\x00Cholpon")...)
	raw = append(raw, b.Bytes()[33:]...)
	raw = append(raw, "<script>alert(1)</script>"...)
	got, err := files.Clean(t.Context(), bytes.NewReader(raw), files.Answer)
	if err != nil || got.Type != files.PNG {
		t.Fatalf("%s, %v", got.Type, err)
	}
	if bytes.Contains(got.Data, []byte("Cholpon")) || bytes.Contains(got.Data, []byte("script")) {
		t.Error("what hid in the picture is still there")
	}
}

func chunk(kind, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(out, kind+body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE([]byte(kind+body)))
}

// bomb is a PNG of a few bytes that says it is so large.
func bomb(width, height uint32) []byte {
	head := binary.BigEndian.AppendUint32(nil, width)
	head = binary.BigEndian.AppendUint32(head, height)
	head = append(head, 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", string(head))...)
	return append(out, chunk("IDAT", "x\x9c\x63")...)
}

const paper = "%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"

func TestAPaperStaysAsItIs(t *testing.T) {
	t.Parallel()
	got, err := files.Clean(t.Context(), strings.NewReader(paper), files.Answer)
	if err != nil || got.Type != files.PDF || string(got.Data) != paper {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestEverythingElseIsRefusedWithAFault(t *testing.T) {
	t.Parallel()
	photo := photo(t, 64, 32)
	for name, c := range map[string]struct{ raw, key string }{
		"nothing":                               {"", "fault.file_type"},
		"a page":                                {"<!DOCTYPE html><script>alert(1)</script>", "fault.file_type"},
		"a page that calls itself a paper":      {"<html>%PDF-1.7 %%EOF", "fault.file_type"},
		"a paper cut off":                       {paper[:len(paper)-7], "fault.file_type"},
		"a drawing with script":                 {`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, "fault.file_type"},
		"a program":                             {"\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 64), "fault.file_type"},
		"an archive":                            {"PK\x03\x04" + strings.Repeat("\x00", 64), "fault.file_type"},
		"a film":                                {"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "fault.file_type"},
		"the beginning of a photo":              {string(photo[:100]), "fault.file_type"},
		"a page behind a photo's first bytes":   {"\xff\xd8\xff\xe0<html><script>alert(1)</script>", "fault.file_type"},
		"a small picture of ten billion points": {string(bomb(100_000, 100_000)), "fault.file_pixels"},
		"a picture of the greatest size":        {string(bomb(1<<31-1, 1<<31-1)), "fault.file_"},
		"a picture of no width":                 {string(bomb(0, 10)), "fault.file_"},
		"too many bytes":                        {paper + strings.Repeat(" ", 4096), "fault.file_large"},
	} {
		got, err := files.Clean(t.Context(), strings.NewReader(c.raw), files.Rule{Bytes: 4096, Side: 100})
		f := fault.Of(err)
		if f == nil || f.Code != fault.Invalid || !strings.HasPrefix(f.Key, c.key) || got.Data != nil {
			t.Errorf("%s: %v, %d bytes kept", name, err, len(got.Data))
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add([]byte(paper))
	f.Add(bomb(10, 10))
	f.Add(tagged([]byte("\xff\xd8\xff\xd9"), 6))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := files.Clean(t.Context(), bytes.NewReader(raw), files.Rule{Bytes: 1 << 16, Side: 100})
		if err != nil && fault.Of(err) == nil {
			t.Errorf("no fault: %v", err)
		}
		if err == nil && got.Ending() == "" {
			t.Errorf("%q was taken", got.Type)
		}
	})
}

func TestANameIsHarmless(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		`C:\Users\cholpon\doc.pdf`: "doc.pdf", "../../etc/passwd": "passwd", "a\u202efdp.exe": "afdp.exe", "": "file", "..": "file",
		"x\"y\r\n.pdf": "xy.pdf", strings.Repeat("а", 90) + ".pdf": strings.Repeat("а", 76) + ".pdf",
	} {
		if got := files.SafeName(name); got != want {
			t.Errorf("%q became %q", name, got)
		}
	}
}
