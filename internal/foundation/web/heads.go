package web

import (
	"bytes"
	"io"
	"net/http"

	"platforma.kg/ashar/internal/foundation/fault"
)

// heads reads a multipart body and takes out of the heads of its parts the control
// characters that a browser leaves in the name of a file: the reader of the
// library refuses the whole form for one of them. A head has a bound; the parts
// themselves are not touched.
type heads struct {
	io.ReadCloser
	mark    []byte // a line feed, two hyphens, the boundary
	matched int    // bytes of mark that have been seen
	in      place
	size    int  // bytes of this head
	blank   bool // nothing stands yet on this line of the head
}

type place int

const (
	inBody place = iota
	atMark       // behind a boundary, before the end of its line
	inHead
)

const mostHead = 16 << 10 // bytes of the head of a part

func newHeads(body io.ReadCloser, boundary string) *heads {
	return &heads{ReadCloser: body, mark: []byte("\n--" + boundary), matched: 1} // the first stands at the beginning
}

func (h *heads) Read(into []byte) (int, error) {
	for {
		n, err := h.ReadCloser.Read(into)
		kept, long := h.pass(into[:n])
		if long {
			return 0, &refusal{http.StatusBadRequest, fault.New(fault.Invalid, "fault.bad_request")}
		}
		if kept > 0 || err != nil || len(into) == 0 {
			return kept, err
		}
	}
}

// pass moves what is kept of b to its front and counts it; long when a head is.
func (h *heads) pass(b []byte) (kept int, long bool) {
	for i := 0; i < len(b); i++ {
		if h.in == inBody && h.matched == 0 { // most of all bytes
			next := bytes.IndexByte(b[i:], '\n')
			if next < 0 {
				next = len(b) - i
			}
			kept += copy(b[kept:], b[i:i+next])
			if i += next; i == len(b) {
				break
			}
		}
		c := b[i]
		switch h.in {
		case inBody:
			switch {
			case c == h.mark[h.matched]:
				h.matched++
			case c == '\n':
				h.matched = 1
			default:
				h.matched = 0
			}
			if h.matched == len(h.mark) {
				h.in, h.matched = atMark, 0
			}
		case atMark:
			switch c {
			case '\n':
				h.in, h.size, h.blank = inHead, 0, true
			case '\r', ' ', '\t':
			default:
				h.in = inBody // the last one, or no boundary at all
			}
		case inHead:
			if h.size++; h.size > mostHead {
				return kept, true
			}
			switch {
			case c == '\n' && h.blank:
				h.in, h.matched = inBody, 1
			case c == '\n':
				h.blank = true
			case c == '\r':
			case c < ' ' && c != '\t' || c == 0x7f:
				continue
			default:
				h.blank = false
			}
		}
		b[kept] = c
		kept++
	}
	return kept, false
}
