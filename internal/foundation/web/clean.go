package web

import (
	"errors"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/legible"
)

// Bounds of what comes in; a route may raise the first by its Limit.
const (
	usualBody  = 1 << 20  // bytes of a body
	usualValue = 64 << 10 // bytes of one form value
	mostFields = 2000     // values of one form
)

// readForm bounds the body, reads the form and cleans its values. Pages take
// only forms; raw routes read other bodies by themselves.
func (s *server) readForm(r *Request, route Route) error {
	limit := route.Limit
	if limit <= 0 {
		limit = max(usualBody, route.Upload)
	}
	kind := ""
	if r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		kind, _, _ = mime.ParseMediaType(r.Header.Get("Content-Type"))
	}
	body := limit
	switch {
	case route.Upload == 0:
	case kind == "multipart/form-data":
		body = mostSwallowed // what is too large is told at its field
	default:
		body = usualBody
	}
	if r.Body != nil {
		r.Body = http.MaxBytesReader(r.W, r.Body, body)
	}
	if r.ContentLength > body {
		return &refusal{http.StatusRequestEntityTooLarge, tooLarge(body)}
	}
	var err error
	switch {
	case kind == "multipart/form-data":
		err = s.readMultipart(r, route, limit)
	case kind == "" && r.ContentLength == 0, kind == "application/x-www-form-urlencoded", r.Method == http.MethodGet, r.Method == http.MethodHead:
		err = r.ParseForm()
	case route.Raw:
		if _, err = url.ParseQuery(r.URL.RawQuery); err == nil {
			var form fault.Form
			cleanQuery(r, usualValue, &form)
			return form.Err()
		}
	default:
		return WrongType()
	}
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			return &refusal{http.StatusRequestEntityTooLarge, tooLarge(big.Limit)}
		}
		if f := fault.Of(err); f != nil {
			return f
		}
		var refused *refusal
		if errors.As(err, &refused) {
			return err
		}
		return &refusal{http.StatusBadRequest, fault.New(fault.Invalid, "fault.bad_request")}
	}
	longest := usualValue
	if route.Upload == 0 {
		longest = max(usualValue, int(route.Limit))
	}
	var form fault.Form
	clean := cleanValues
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		clean = seenValues
	}
	clean(r.Form, longest, &form)
	var twice fault.Form // the query and PostForm hold the same values again
	cleanQuery(r, longest, &twice)
	cleanValues(r.PostForm, longest, &twice)
	return form.Err()
}

// cleanQuery cleans the values that handlers read from the address itself.
func cleanQuery(r *Request, longest int, form *fault.Form) {
	if r.URL.RawQuery == "" {
		return
	}
	before, after := r.URL.Query(), r.URL.Query()
	seenValues(after, longest, form)
	if !maps.EqualFunc(before, after, slices.Equal) {
		r.URL.RawQuery = after.Encode()
	}
}

// WrongType refuses a body of a type that a raw route does not read.
func WrongType() error {
	return &refusal{http.StatusUnsupportedMediaType, fault.New(fault.Invalid, "fault.wrong_type")}
}

// cleanValues writes every value as package legible keeps texts, and refuses what
// is no text or turns a word around.
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
			if len(v) > longest {
				form.Add(name, "fault.too_long", fault.Args{"count": longest})
				continue
			}
			var wrong *fault.Error
			if list[i], wrong = legible.Text(v); wrong != nil {
				form.Add(name, wrong.Key, wrong.Args)
			}
		}
	}
}

// seenValues keeps of the values of an address what is seen of them: who follows a
// link has not typed it and can mend nothing. Only what is too long is refused.
func seenValues(values url.Values, longest int, form *fault.Form) {
	for name, list := range values {
		if !cleanLine(name) {
			delete(values, name)
			continue
		}
		for i, v := range list {
			if len(v) <= longest { // else it is refused
				list[i] = legible.Seen(v)
			}
		}
	}
	cleanValues(values, longest, form)
}

// hidden tells characters that no name of a field and no address of a page has:
// control characters and those that turn the direction of writing.
func hidden(c rune) bool {
	return unicode.IsControl(c) || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069 || c == 0x2028 || c == 0x2029 ||
		c == 0xFFFE || c == 0xFFFF || c >= 0xE0000 && c <= 0xE007F
}

// cleanLine reports whether s is text of one line without hidden characters.
func cleanLine(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, hidden)
}

func tooLarge(limit int64) *fault.Error {
	return fault.New(fault.TooLarge, "fault.too_large", megabytes(limit))
}
