package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"platforma.kg/ashar/internal/foundation/fault"
)

// Bounds of what comes in; a route may raise the first by its Limit.
const (
	usualBody  = 1 << 20  // bytes of a body
	usualValue = 64 << 10 // bytes of one form value
	mostFields = 2000     // values of one form
	memory     = 32 << 20 // bytes of an upload that are kept off the disk
)

// readForm bounds the body, reads the form and cleans its values. Pages take
// only forms; raw routes read other bodies by themselves.
func readForm(r *Request, route Route) error {
	limit := route.Limit
	if limit <= 0 {
		limit = usualBody
	}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(r.W, r.Body, limit)
	}
	if r.ContentLength > limit {
		return &refusal{http.StatusRequestEntityTooLarge, tooLarge(limit)}
	}
	kind := ""
	if r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		kind, _, _ = mime.ParseMediaType(r.Header.Get("Content-Type"))
	}
	var err error
	switch {
	case kind == "multipart/form-data":
		err = r.ParseMultipartForm(min(limit, memory))
	case kind == "" && r.ContentLength == 0, kind == "application/x-www-form-urlencoded", r.Method == http.MethodGet, r.Method == http.MethodHead:
		err = r.ParseForm()
	case route.Raw:
		_, err = url.ParseQuery(r.URL.RawQuery)
		if err == nil {
			return nil
		}
	default:
		return WrongType()
	}
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			return &refusal{http.StatusRequestEntityTooLarge, tooLarge(big.Limit)}
		}
		return &refusal{http.StatusBadRequest, fault.New(fault.Invalid, "fault.bad_request")}
	}
	longest := max(usualValue, int(route.Limit))
	var form fault.Form
	cleanValues(r.Form, longest, &form)
	var twice fault.Form // PostForm and the parts hold the same values again
	cleanValues(r.PostForm, longest, &twice)
	if r.MultipartForm != nil {
		cleanValues(r.MultipartForm.Value, longest, &twice)
		for name, files := range r.MultipartForm.File {
			for _, f := range files {
				form.Check(cleanLine(f.Filename), name, "fault.control_characters")
			}
		}
	}
	return form.Err()
}

// WrongType refuses a body of a type that a raw route does not read.
func WrongType() error {
	return &refusal{http.StatusUnsupportedMediaType, fault.New(fault.Invalid, "fault.wrong_type")}
}

// cleanValues refuses what is no text or hides something, and writes the rest
// in one form: NFC, line ends as one character.
func cleanValues(values url.Values, longest int, form *fault.Form) {
	n := 0
	for name, list := range values {
		if n += len(list); n > mostFields {
			form.Add("", "fault.too_many_fields")
			return
		}
		if !cleanLine(name) {
			form.Add("", "fault.control_characters")
			continue
		}
		for i, v := range list {
			v = strings.TrimFunc(v, copied)
			switch {
			case len(v) > longest:
				form.Add(name, "fault.too_long", fault.Args{"count": longest})
			case !utf8.ValidString(v):
				form.Add(name, "fault.not_text")
			case strings.ContainsFunc(v, hidden):
				form.Add(name, "fault.control_characters")
			default:
				list[i] = norm.NFC.String(strings.ReplaceAll(strings.ReplaceAll(v, "\r\n", "\n"), "\r", "\n"))
			}
		}
	}
}

// hidden tells characters that nobody types into a form: control characters
// but tab and line ends, and those that turn the direction of writing, with
// which a name or a link can be made to look like another.
func hidden(c rune) bool {
	switch {
	case c == '\n', c == '\r', c == '\t':
		return false
	case c >= 0x202A && c <= 0x202E, c >= 0x2066 && c <= 0x2069, c == 0x2028, c == 0x2029:
		return true
	case c == 0xFFFE, c == 0xFFFF, c >= 0xE0000 && c <= 0xE007F: // no characters; invisible tags
		return true
	}
	return unicode.IsControl(c)
}

// copied tells the direction marks that telephones put around a number or a
// name when it is copied; at the ends of a value they hide nothing.
func copied(c rune) bool {
	return c == 0x202A || c == 0x202C || c == 0x202D || c >= 0x2066 && c <= 0x2069
}

// cleanLine reports whether s is text of one line without hidden characters.
func cleanLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(c rune) bool { return hidden(c) || c == '\n' || c == '\r' || c == '\t' })
}

func tooLarge(limit int64) *fault.Error {
	return fault.New(fault.TooLarge, "fault.too_large", fault.Args{"megabytes": float64(limit*10>>20) / 10})
}
