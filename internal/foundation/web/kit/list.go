package kit

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/web"
)

// ListStyle is the style sheet of pages with a list; name it in Meta.Styles.
const ListStyle = "list"

// ProseStyle is the sheet of pages with text of foundation/web/prose, in a block of the
// class prose.
const ProseStyle = "prose"

// ViewOf says what the address of a list may ask for. Whatever else it asks is dropped.
type ViewOf struct {
	Path    string   // of the page, without the language
	Filters []string // names of its filters
	Sorts   []string // by what it may be sorted, the first unless something is asked
	Columns []string // all that may be shown, in their order
	Off     []string // those of them that are shown only when asked for
}

// View is what the address of a list asks for. Every view has an address that may be
// kept and given to others; only what is searched for opens for its asker alone
// (web.Request.Conceal), since it may be a name.
type View struct {
	Text  string // what is searched for
	Ended bool   // the address holds a search that opens no more

	of     ViewOf
	values url.Values
}

// Names of the values of a view beside its filters.
const (
	viewFind    = "find"
	viewSort    = "sort"
	viewColumns = "columns"
	viewAfter   = "after"
	viewBefore  = "before"
)

// longestValue and longestSearch bound what an address may hold, in bytes and letters.
const (
	longestValue  = 100
	longestSearch = 120
)

// ReadView reads the address of a request. A search may also stand in it openly, as q:
// links that others made go on working, and no address on the page has it.
func ReadView(r *web.Request, of ViewOf) View {
	v := View{of: of, values: url.Values{}}
	asked := r.URL.Query()
	for _, name := range append([]string{viewAfter, viewBefore}, of.Filters...) {
		if value := asked.Get(name); value != "" && len(value) <= longestValue && utf8.ValidString(value) {
			v.values.Set(name, value)
		}
	}
	if by := asked.Get(viewSort); slices.Contains(of.Sorts, strings.TrimPrefix(by, "-")) && by != of.Sorts[0] {
		v.values.Set(viewSort, by)
	}
	var columns []string
	for _, c := range of.Columns {
		if slices.Contains(asked[viewColumns], c) {
			columns = append(columns, c)
		}
	}
	if len(columns) > 0 && !slices.Equal(columns, of.usual()) {
		v.values[viewColumns] = columns
	}
	if open := sought(asked.Get("q")); open != "" {
		v.Text = open
		if token := r.Conceal(open); token != "" {
			v.values.Set(viewFind, token)
			asked.Del("q")
			asked.Set(viewFind, token)
			sealed := *r.URL
			sealed.RawQuery = asked.Encode()
			r.URL = &sealed // links to the same page, in another language, hold it no more
		}
	} else if token := asked.Get(viewFind); token != "" {
		text, ok := r.Reveal(token)
		v.Text, v.Ended = text, !ok
		if ok {
			v.values.Set(viewFind, token)
		}
	}
	return v
}

// Lost answers an act on all that a view shows when the search of its address opens no
// more: what it found is not known, and everybody is not whom she saw. It leads back to the
// list, which says so, and nothing is done; done is false when the view is whole.
func (v View) Lost(r *web.Request) (done bool, err error) {
	if !v.Ended {
		return false, nil
	}
	r.SetFlash("wait", "web.list.ended")
	return true, r.Redirect(v.To(v.of.Path))
}

// Find answers the form of a list's search: it leads to the address of the view with the
// words concealed. A view that was sorted stays so; the pages begin anew.
func Find(r *web.Request, of ViewOf) error {
	v := ReadView(r, of)
	v.values.Del(viewFind)
	return r.Redirect(v.With(viewFind, r.Conceal(sought(r.PostFormValue("q")))))
}

// sought is what was typed, bounded.
func sought(typed string) string {
	typed = strings.TrimSpace(typed)
	if letters := []rune(typed); len(letters) > longestSearch {
		return string(letters[:longestSearch])
	}
	return typed
}

func (o ViewOf) usual() []string {
	return slices.DeleteFunc(slices.Clone(o.Columns), func(c string) bool { return slices.Contains(o.Off, c) })
}

// Filter gives the value of a filter, empty for all.
func (v View) Filter(name string) string { return v.values.Get(name) }

// Sort gives by what is sorted, and whether the last come first.
func (v View) Sort() (by string, down bool) {
	by, down = strings.CutPrefix(v.values.Get(viewSort), "-")
	if by == "" && len(v.of.Sorts) > 0 {
		by = v.of.Sorts[0]
	}
	return by, down
}

// After and Before are the cursors: the page behind a row, and the page that ends before one.
func (v View) After() string { return v.values.Get(viewAfter) }

// Before is the other cursor.
func (v View) Before() string { return v.values.Get(viewBefore) }

// Shows reports whether a column is shown.
func (v View) Shows(column string) bool {
	if chosen := v.values[viewColumns]; len(chosen) > 0 {
		return slices.Contains(chosen, column)
	}
	return slices.Contains(v.of.usual(), column)
}

// Narrowed reports whether anything leaves rows out.
func (v View) Narrowed() bool {
	return v.Text != "" || slices.ContainsFunc(v.of.Filters, func(f string) bool { return v.Filter(f) != "" })
}

// WithoutText is the view with the search dropped.
func (v View) WithoutText() View {
	v.values = v.copied()
	v.values.Del(viewFind)
	v.Text = ""
	return v
}

// Without is the view with a filter dropped, such as one that asks for what there is not.
func (v View) Without(filter string) View {
	v.values = v.copied()
	v.values.Del(filter)
	return v
}

// With is the path of the view with one value changed, from the first page; an empty
// value takes it out.
func (v View) With(name, value string) string {
	values := v.copied()
	values.Del(viewAfter)
	values.Del(viewBefore)
	values.Set(name, value)
	if value == "" {
		values.Del(name)
	}
	return address(v.of.Path, values)
}

// To is the path of an action on what the view shows, such as its export.
func (v View) To(path string) string { return address(path, v.copied()) }

// sortPath is the path to the view sorted by a column, or the other way around when it
// is so already.
func (v View) sortPath(column string) string {
	by, down := v.Sort()
	if by == column && !down {
		return v.With(viewSort, "-"+column)
	}
	if len(v.of.Sorts) > 0 && column == v.of.Sorts[0] {
		return v.With(viewSort, "")
	}
	return v.With(viewSort, column)
}

func (v View) sorted(column string) string {
	switch by, down := v.Sort(); {
	case by != column:
		return ""
	case down:
		return "descending"
	}
	return "ascending"
}

func (v View) arrow(column string) string {
	return map[string]string{"ascending": "▲", "descending": "▼"}[v.sorted(column)]
}

func (v View) copied() url.Values {
	values := url.Values{}
	for name, list := range v.values {
		values[name] = slices.Clone(list)
	}
	return values
}

// kept are the values that the form of the columns sends along.
func (v View) kept() (out []Item) {
	for _, name := range append([]string{viewFind, viewSort}, v.of.Filters...) {
		if value := v.values.Get(name); value != "" {
			out = append(out, Item{Value: value, Label: name})
		}
	}
	return out
}

func address(path string, values url.Values) string {
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// Column is one column of a list of rows of some type.
type Column[Row any] struct {
	Name   string // in the address
	Label  string
	Head   bool // what the row is about, with the link: always shown, the first line of a card
	Sort   bool // may be sorted by; its name stands in ViewOf.Sorts
	Number bool
	Said   bool // on a card the label stands before the value, which does not explain itself
	Cell   func(row Row) templ.Component
}

// Facet is a filter of a list, shown as links.
type Facet struct {
	Name   string // of ViewOf.Filters
	Label  string
	Values []FacetValue
	Folded bool // many values: they open from one word
}

// FacetValue is one way to narrow a list.
type FacetValue struct {
	Value, Label string
	Count        int // how many rows it would leave; -1 says nothing of it
}

// Act is something that is done with the ticked rows: it is sent by POST, each ticked row
// as "pick", and answers with a page that shows what will happen.
type Act struct {
	Path, Label string
	Name, Value string // sent with the button, or empty
	File        bool   // answers with a file, and leaves the page as it is
}

// List is a page's worth of rows with all that a list has.
type List[Row any] struct {
	View    View
	Title   string // says what the table is, for who cannot see it
	Search  Field  // label and help of the search; without a label there is none
	Facets  []Facet
	Columns []Column[Row]
	Rows    []Row
	Pick    func(row Row) (value, name string) // of the tick; nil: nothing can be ticked
	Acts    []Act                              // without one nothing can be ticked

	Count, Of, From int    // rows that fit, rows there are, the place of the first one shown
	Counted         string // "14 people"
	Prev, Next      string // cursors: where the page before ends, and behind what the next begins

	Export  string // path that answers a POST with a table; empty: none
	Exports string // what will be in it, and what is noted of it
	Tables  Link   // where long tables are that were asked for before; no path for none

	Empty templ.Component // what stands there when there is nothing at all
	None  templ.Component // when nothing fits
}

func (l List[Row]) shown() []Column[Row] {
	return slices.DeleteFunc(slices.Clone(l.Columns), func(c Column[Row]) bool { return !c.Head && !l.View.Shows(c.Name) })
}

// optional are the columns that may be taken away.
func (l List[Row]) optional() []Column[Row] {
	return slices.DeleteFunc(slices.Clone(l.Columns), func(c Column[Row]) bool { return c.Head })
}

func (l List[Row]) picks() bool { return l.Pick != nil && len(l.Acts) > 0 && len(l.Rows) > 0 }

func (l List[Row]) to() int { return l.From + len(l.Rows) - 1 }

func (c Column[Row]) class() string {
	var out []string
	if c.Number {
		out = append(out, "n")
	}
	if c.Said {
		out = append(out, "said")
	}
	return strings.Join(out, " ")
}

func pickValue[Row any](l List[Row], row Row) string { value, _ := l.Pick(row); return value }

func pickName[Row any](l List[Row], row Row) string { _, name := l.Pick(row); return name }

// chosen gives the value of the facet that is in force, empty for none.
func (f Facet) chosen(v View) string { return v.Filter(f.Name) }

// word is the label of the value in force.
func (f Facet) word(v View) string {
	for _, value := range f.Values {
		if value.Value == f.chosen(v) {
			return value.Label
		}
	}
	return f.chosen(v)
}

// Picked gives what was ticked in the form of a list, each once.
func Picked(r *web.Request) (out []string) {
	if r.Method != http.MethodPost || r.ParseForm() != nil {
		return nil
	}
	for _, value := range r.PostForm["pick"] {
		if !slices.Contains(out, value) {
			out = append(out, value)
		}
	}
	return out
}
