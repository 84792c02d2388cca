package seminars

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"strings"
	"unicode"

	"platforma.kg/ashar/internal/foundation/fault"
)

// maxUpload is the greatest file that may be an answer; maxPixels bounds what
// a small file may unfold to.
const (
	maxUpload = 2 << 20
	maxPixels = 24_000_000
)

// readUpload takes a PDF or a picture. Pictures are drawn anew, so that place,
// camera and whatever else hides in them stay out.
func readUpload(field string, h *multipart.FileHeader) (Upload, error) {
	if h.Size > maxUpload {
		return Upload{}, fault.At(field, "seminars.fault.file_size", fault.Args{"count": maxUpload >> 20})
	}
	f, err := h.Open()
	if err != nil {
		return Upload{}, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, maxUpload+1))
	if err != nil {
		return Upload{}, err
	}
	kind := http.DetectContentType(raw)
	up := Upload{Name: fileName(h.Filename), Type: kind}
	switch kind {
	case "application/pdf":
		up.Data = raw
		return up, nil
	case "image/jpeg", "image/png":
		up.Data, err = redraw(raw)
		if err == nil {
			return up, nil
		}
	}
	return Upload{}, fault.At(field, "seminars.fault.file_type")
}

func redraw(raw []byte) ([]byte, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return nil, errors.New("picture too large")
	}
	pic, format, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if format == "png" {
		err = png.Encode(&out, pic)
	} else {
		err = jpeg.Encode(&out, pic, &jpeg.Options{Quality: 85})
	}
	return out.Bytes(), err
}

// fileName keeps of a name what is harmless to show and to save.
func fileName(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || deceives(r) || strings.ContainsRune(`"<>:|?*/`, r) {
			return -1
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 80 {
		name = string(r[len(r)-80:])
	}
	if name == "" || name == "." {
		return "file"
	}
	return name
}
