// Package fault is the one error type that a person may see.
//
// A fault says what went wrong in one of a few codes, as a key of the text
// catalogues with arguments, and, for a form, at which field. Everything that
// is not a fault is internal: it is logged under an incident id, and the person
// sees only that id.
package fault

import (
	"errors"
	"slices"
	"sort"
	"strings"
)

// Code tells the kind of a fault. web.Status maps it to an HTTP status.
type Code string

// The codes, each with the HTTP status it becomes.
const (
	Invalid         Code = "invalid"         // 422: the input is wrong
	Unauthenticated Code = "unauthenticated" // 401: sign in first
	Forbidden       Code = "forbidden"       // 403: signed in, but may not
	NotFound        Code = "not_found"       // 404
	Gone            Code = "gone"            // 410: it was here and is no longer
	Conflict        Code = "conflict"        // 409: somebody was faster, or it is already so
	Full            Code = "full"            // 409: no place left
	TooEarly        Code = "too_early"       // 409: not open yet
	TooLate         Code = "too_late"        // 410: closed
	TooLarge        Code = "too_large"       // 413
	Limited         Code = "limited"         // 429: too many in too short a time
	Unavailable     Code = "unavailable"     // 503: a part we depend on does not answer
)

// Args are the named arguments of a text.
type Args = map[string]any

// Error is a fault. Key and Args name a text of the catalogues; Field is the
// form field it belongs to, empty when it concerns the whole.
type Error struct {
	Code   Code
	Key    string
	Args   Args
	Field  string
	Fields []*Error // for Invalid: one for each wrong field
}

// Error is for logs; people read the text of Key.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code) + ": " + e.Key)
	if e.Field != "" {
		b.WriteString(" (" + e.Field + ")")
	}
	for _, f := range e.Fields {
		b.WriteString("; " + f.Error())
	}
	return b.String()
}

// New makes a fault without a field.
func New(code Code, key string, args ...Args) *Error {
	e := &Error{Code: code, Key: key}
	if len(args) > 0 {
		e.Args = args[0]
	}
	return e
}

// At makes an Invalid fault at a form field.
func At(field, key string, args ...Args) *Error {
	e := New(Invalid, key, args...)
	e.Field = field
	return e
}

// Of finds the fault in an error chain, nil when the error is internal.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// Is reports whether err is a fault with that code.
func Is(err error, code Code) bool {
	e := Of(err)
	return e != nil && e.Code == code
}

// Form gathers the faults of a form. The zero value is ready.
type Form struct{ list []*Error }

// Add notes a fault at a field.
func (f *Form) Add(field, key string, args ...Args) { f.list = append(f.list, At(field, key, args...)) }

// Check notes a fault at a field unless ok.
func (f *Form) Check(ok bool, field, key string, args ...Args) {
	if !ok {
		f.Add(field, key, args...)
	}
}

// Has reports whether something is wrong at a field already.
func (f *Form) Has(field string) bool {
	return slices.ContainsFunc(f.list, func(e *Error) bool { return e.Field == field })
}

// Join takes over the fault of a part; an internal error is returned as it is.
func (f *Form) Join(err error) error {
	if err == nil {
		return nil
	}
	e := Of(err)
	if e == nil {
		return err
	}
	if len(e.Fields) > 0 {
		f.list = append(f.list, e.Fields...)
	} else {
		f.list = append(f.list, e)
	}
	return nil
}

// Err is nil when nothing was noted, else one Invalid fault with all fields.
func (f *Form) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Key: "fault.form", Args: Args{"count": len(f.list)}, Fields: f.list}
}

// At gives the faults of one field.
func (e *Error) At(field string) []*Error {
	if e == nil {
		return nil
	}
	var out []*Error
	if e.Field == field && len(e.Fields) == 0 {
		out = append(out, e)
	}
	for _, f := range e.Fields {
		if f.Field == field {
			out = append(out, f)
		}
	}
	return out
}

// FieldNames lists the wrong fields, sorted, each once.
func (e *Error) FieldNames() []string {
	seen := map[string]bool{}
	for _, f := range e.Fields {
		seen[f.Field] = true
	}
	out := make([]string, 0, len(seen))
	for name := range seen {
		out = append(out, name)
	}
	sort.Strings(out)
	return out
}
