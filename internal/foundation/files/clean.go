package files

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"

	"platforma.kg/ashar/internal/foundation/fault"
)

// The types of files that are taken.
const (
	PDF  = "application/pdf"
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

// Accept is the accept attribute of a field for such files.
const Accept = ".pdf,.png,.jpg,.jpeg"

// MaxPixels bounds what a small file may unfold to: the photo of a good
// telephone, not more.
const MaxPixels = 24_000_000

// Cleaned is an upload that may be kept and shown.
type Cleaned struct {
	Type string // PDF, JPEG or PNG, found by content
	Data []byte
}

// Ending is the ending of a file's name for its type, ".pdf".
func (c Cleaned) Ending() string { return Ending(c.Type) }

// Ending is the ending of a file's name for a type.
func Ending(kind string) string {
	switch kind {
	case PDF:
		return ".pdf"
	case JPEG:
		return ".jpg"
	case PNG:
		return ".png"
	}
	return ""
}

// Clean reads an upload of at most so many bytes. What it is, its content says,
// not its name. Pictures are drawn anew, so that place, camera and whatever else
// hides in them stay out; of a PDF the author is blanked. Invalid for everything else,
// and for what is too large.
func Clean(r io.Reader, most int64) (Cleaned, error) {
	raw, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return Cleaned{}, err
	}
	if int64(len(raw)) > most {
		return Cleaned{}, fault.New(fault.Invalid, "fault.too_large", fault.Args{"megabytes": float64(most*10>>20) / 10})
	}
	c := Cleaned{Type: http.DetectContentType(raw)}
	switch c.Type {
	case PDF:
		// A PDF ends by its mark; what is cut off in the middle is none.
		if bytes.Contains(raw[max(0, len(raw)-2048):], []byte("%%EOF")) {
			c.Data = anonymous(raw)
			return c, nil
		}
	case JPEG, PNG:
		if c.Data, err = redraw(raw); errors.Is(err, errPixels) {
			return Cleaned{}, fault.New(fault.Invalid, "fault.file_pixels", fault.Args{"megapixels": MaxPixels / 1_000_000})
		}
		if err == nil {
			return c, nil
		}
	}
	return Cleaned{}, fault.New(fault.Invalid, "fault.file_type")
}

var errPixels = errors.New("too many pixels")

// drawing lets two pictures at a time be unfolded: each may take some 200 MB.
var drawing = make(chan struct{}, 2)

// redraw decodes a picture, turns it as its maker meant it to be seen, and
// encodes the pixels alone.
func redraw(raw []byte) ([]byte, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > MaxPixels/c.Height {
		return nil, errPixels
	}
	drawing <- struct{}{}
	defer func() { <-drawing }()
	pic, format, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if format == "png" {
		err = png.Encode(&out, pic)
	} else {
		err = jpeg.Encode(&out, turn(pic, orientation(raw)), &jpeg.Options{Quality: 85})
	}
	return out.Bytes(), err
}
