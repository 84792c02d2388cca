package files

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/gate"
)

// The types of files that are taken.
const (
	PDF  = "application/pdf"
	JPEG = "image/jpeg"
	PNG  = "image/png"
)

// Accept is the accept attribute of a field for such files: types for telephones,
// which then offer the camera too, endings for computers.
const Accept = "application/pdf,image/jpeg,image/png,.pdf,.jpg,.jpeg,.png"

// Most is the greatest file that anybody may upload, in bytes: the photo of a
// good telephone. The same everywhere, so that it can be told before choosing.
const Most = 10 << 20

// Rule says how an upload is kept.
type Rule struct {
	Bytes int64 // at most so many come in
	Side  int   // pixels of the longer side that a picture keeps
}

// The rules. An answer lies sealed in a row, and its letters must be readable; a
// material may be a poster that is printed.
var (
	Answer  = Rule{Bytes: Most, Side: 2560}
	Handout = Rule{Bytes: Most, Side: 5000}
)

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

// unfolding is the one queue of the process for all that is unfolded: a picture
// may take unfoldedMost and some seconds. The line is long enough for a class
// that sends its photos in one moment, and short enough for its last one to wait.
var unfolding = gate.New(1, 24)

// Clean reads an upload. What it is, its content says, not its name. Pictures are
// drawn anew, so that place, camera and whatever else hides in them stay out, and
// made smaller; a PDF that would do more than be read is refused, and of the
// others the author is blanked. Invalid for everything else, and for what is too
// large; Unavailable when too many files wait to be looked at.
func Clean(ctx context.Context, r io.Reader, rule Rule) (c Cleaned, err error) {
	err = unfolding.Do(ctx, func() error {
		raw, err := io.ReadAll(io.LimitReader(r, rule.Bytes+1))
		if err != nil {
			return err
		}
		if int64(len(raw)) > rule.Bytes {
			return fault.New(fault.Invalid, "fault.file_large", fault.Args{"megabytes": float64(rule.Bytes*10>>20) / 10})
		}
		c, err = clean(raw, rule)
		return err
	})
	if err != nil {
		return Cleaned{}, err
	}
	return c, nil
}

// taken is how many bytes of pixels were unfolded since memory was given back. One picture
// at a time is out of the queue.
var taken int64

// giveBack gives back what the pictures before have taken, when this one would not fit
// beside it into the memory of the largest: at once, and not when a busy machine gets to
// it. The pictures of a queue take the memory of one.
func giveBack(raw []byte, kind string) {
	width, height, each, err := measure(raw, kind)
	if err != nil {
		return
	}
	pixels := int64(float64(width) * float64(height) * each)
	if taken > 0 && taken+pixels > unfoldedMost/2 {
		taken = 0
		runtime.GC()
	}
	taken += pixels
}

func clean(raw []byte, rule Rule) (Cleaned, error) {
	switch kind := http.DetectContentType(raw); kind {
	case PDF:
		// A PDF ends by its mark; what is cut off in the middle is none.
		if !bytes.Contains(raw[max(0, len(raw)-2048):], []byte("%%EOF")) {
			break
		}
		if err := quiet(raw); err != nil {
			return Cleaned{}, err
		}
		return Cleaned{Type: PDF, Data: anonymous(raw)}, nil
	case JPEG, PNG:
		giveBack(raw, kind)
		c, err := redraw(raw, kind, rule.Side)
		var large *tooManyPixels
		if errors.As(err, &large) {
			return Cleaned{}, fault.New(fault.Invalid, "fault.file_pixels", fault.Args{"megapixels": large.most / 1_000_000})
		}
		if err == nil {
			return c, nil
		}
	}
	return Cleaned{}, fault.New(fault.Invalid, "fault.file_type")
}
