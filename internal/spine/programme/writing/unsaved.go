package writing

import (
	"net/url"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
)

// files are fields in which somebody chooses a file: what is chosen there stands nowhere yet.
var files = []string{"file"}

// Unsaved reports whether what came with a form differs from what its page showed when it was
// drawn. An act that stands beside an editor is a button of the same form, so that it learns
// what was typed there and does not throw it away. What came without such a form is no text of
// anybody's: not unsaved. Of fields a box may be missing because nothing is ticked in it, as in those of
// the editors.
func Unsaved(typed url.Values, fields ...string) bool {
	if !typed.Has(seen) {
		return false
	}
	before, err := url.ParseQuery(typed.Get(seen))
	if err != nil { // nothing is known of what she saw: then all of it is hers
		return true
	}
	for name := range before {
		if (typed.Has(name) || slices.Contains(chosen, name) || slices.Contains(fields, name)) && before.Get(name) != sum(typed[name]) {
			return true
		}
	}
	return slices.ContainsFunc(files, func(name string) bool { return typed.Get(name) != "" })
}

// Refused is the fault of an act that would have thrown away what was typed: nothing was done.
func Refused() *fault.Error { return fault.New(fault.Conflict, "web.form.unsaved") }

// Typed shows a form again as it came, with what is wrong.
func Typed(typed url.Values, f *fault.Error, now Form) Form {
	return Form{Values: typed, Fault: f, Stale: now.Stale}
}

// SeenOf is Seen of a form of which only the values are known.
func SeenOf(values url.Values) string { return Form{Values: values}.Seen() }
