package kit

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/assets"
)

// Meta is what a page says of itself in its head.
type Meta struct {
	Title       string // without the name of the site; unique in the language
	Description string
	Current     string   // path of the navigation word that is marked, "/events"
	Scripts     []string // islands by name: "scanner" for web/ts/scanner.ts
	Styles      []string // sheets beside main.css by name: ListStyle
	NoIndex     bool     // not for search engines
	Wide        bool     // uses the whole width: tables, boards
	Task        bool     // one thing is done here at a time: no words at the foot of a phone
	Home        bool     // the title is the site's name alone
	Image       string   // path of the picture for previews, empty for none
	Manifest    string   // address of what a browser needs to put the page on a phone's first screen, empty for none
	Feed        Link     // an Atom feed of what the page lists, with its name; no path for none
	// Keeps is the id of a form of this page that keeps what was written when it is sent
	// with do=language and shows it again: another language is chosen by sending it.
	Keeps string
	// Alternate gives the path of this page in another language, without the
	// language; nil: the same path.
	Alternate func(l i18n.Language) string
}

// Link is a way on: a path without language, or an address, and its words.
type Link struct{ Path, Label string }

// Field is one field of a form. Fault is the fault of the whole form, or nil;
// the field finds its own part by Name.
type Field struct {
	Name, Label, Help, Value string
	Type                     string // text, email, tel, number, date, time, datetime-local, url, search, password, file; empty: text
	Autocomplete             string // "name", "email", "tel", "off" …
	InputMode                string // "numeric", "tel", "email" …
	Pattern                  string
	Required                 bool
	Kept                     bool // the house has an answer, which stays when this is left empty
	MaxLength                int
	Min, Max, Step           string
	Rows                     int    // of a TextArea
	Accept                   string // of a file
	MostBytes                int    // of each file; its page has the script Uploads
	MostSide                 int    // pixels of a picture's longer side, 0 to leave it as it is
	Fault                    *fault.Error
	Lang                     i18n.Language // when the value is in another language than the page
	Disabled                 bool
	Autofocus                bool
}

// Uploads is the island of pages with a field for files: it makes pictures smaller
// before they are sent, and says at the field what is too large.
const Uploads = "upload"

// FileLimit are the attributes by which the island knows the limits of a field for files:
// the bytes of each, and the pixels of the longer side that a picture keeps, 0 where it is
// left as it is.
func FileLimit(r *web.Request, most, side int) templ.OrderedAttributes {
	if most == 0 {
		return nil
	}
	return templ.OrderedAttributes{
		{Key: "data-most", Value: digits(most)},
		{Key: "data-side", Value: digits(side)},
		{Key: "data-large", Value: r.Say.T("fault.file_large", "megabytes", most>>20)},
	}
}

// Item is one choice.
type Item struct{ Value, Label, Help string }

// Options are a field with things to choose from. For Many the form sends the
// name once for each chosen value.
type Options struct {
	Field
	Items  []Item
	Chosen []string
	Many   bool
}

// Seats are the numbers of a seat bar: those who hold a seat by sex, those who
// wait, and how many seats there are. Capacity 0 means without bound.
type Seats struct{ Women, Men, Undisclosed, Waiting, Capacity int }

// Taken is how many seats are held.
func (s Seats) Taken() int { return s.Women + s.Men + s.Undisclosed }

// Pages are the pages of a list.
type Pages struct {
	Page, Of int                   // from 1
	Path     func(page int) string // without language
}

// siteOf gives a site also where there is none, in tests and early errors.
func siteOf(r *web.Request) *web.Site {
	if r.Site != nil {
		return r.Site
	}
	return &web.Site{}
}

func (m Meta) title(r *web.Request) string {
	if m.Home || m.Title == "" {
		return r.Say.T("web.site")
	}
	return m.Title + " · " + r.Say.T("web.site")
}

// here is this page's path in a language, with its query.
func (m Meta) here(r *web.Request, l i18n.Language) string {
	path := "/"
	if r.Request != nil && r.URL != nil {
		path = r.URL.Path
		if _, rest, ok := web.CutLanguage(path); ok {
			path = rest
		}
	}
	if m.Alternate != nil {
		return web.PathIn(l, m.Alternate(l))
	}
	path = web.PathIn(l, path)
	if r.Request != nil && r.URL.RawQuery != "" {
		path += "?" + r.URL.RawQuery
	}
	return path
}

// canonical is the address of the page without its query.
func (m Meta) canonical(r *web.Request, l i18n.Language) string {
	path, _, _ := strings.Cut(m.here(r, l), "?")
	return siteOf(r).PublicURL + path
}

// Asset gives the address of a built file by the name of its source, "qr.js" for web/ts/qr.ts.
func Asset(name string) string {
	path, err := assets.Path(name)
	if err != nil {
		return assets.Prefix + name // answers 404; a test finds it
	}
	return path
}

func shown(r *web.Request, items []web.NavItem) []web.NavItem {
	var out []web.NavItem
	for _, item := range items {
		if item.Needs == "" || item.Needs == access.Public || r.Actor.MaySomewhere(item.Needs) {
			out = append(out, item)
		}
	}
	return out
}

// mostWords is how many words the navigation has at most.
const mostWords = 5

// navigation gives the words of the navigation. Of who works here, and searches, they stand
// beside the page, or at the foot of a phone; so do those that do not fit in a row.
func navigation(r *web.Request) (words []web.NavItem, framed bool) {
	all := shown(r, siteOf(r).Nav)
	return all, len(all) > mostWords || len(shown(r, siteOf(r).Strip)) > 0
}

// navGroup is a part of the navigation of staff.
type navGroup struct {
	Group web.Group
	Items []web.NavItem
}

// current marks the word of the page that is shown.
func current(p Meta, item web.NavItem) templ.Attributes {
	if p.Current != item.Path {
		return nil
	}
	return templ.Attributes{"aria-current": "page"}
}

// groups puts the words of the navigation into their groups, in the order of the first of each.
func groups(items []web.NavItem) (out []navGroup) {
	for _, item := range items {
		i := slices.IndexFunc(out, func(g navGroup) bool { return g.Group == item.Group })
		if i < 0 {
			i = len(out)
			out = append(out, navGroup{Group: item.Group})
		}
		out[i].Items = append(out[i].Items, item)
	}
	return out
}

// tabs are what stands at the foot of a phone: all words and the search where they fit, else
// the first three with an icon, the search, and the page with all the others.
func tabs(r *web.Request, items []web.NavItem) (out []web.NavItem) {
	strip := shown(r, siteOf(r).Strip)
	all := len(items)+len(strip) <= mostWords
	for _, item := range items {
		if all || item.Icon != web.NoIcon && len(out) < mostWords-2 {
			out = append(out, item)
		}
	}
	if len(strip) > 0 {
		strip[0].Icon = web.SeekIcon
		out = append(out, strip[0])
	}
	if all {
		return out
	}
	return append(out, shown(r, []web.NavItem{siteOf(r).More})...)
}

// LanguageName is the language's own name for itself.
func LanguageName(l i18n.Language) string {
	switch l {
	case i18n.Kyrgyz:
		return "Кыргызча"
	case i18n.Russian:
		return "Русский"
	}
	return "English"
}

// fieldID is the id of a field's control; links of the error summary lead there.
func fieldID(name string) string {
	var b strings.Builder
	b.WriteString("f-")
	for _, c := range name {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			b.WriteRune(c)
		default:
			b.WriteByte('_')
		}
	}
	return b.String()
}

func (f Field) id() string { return fieldID(f.Name) }

func (f Field) wrong() []*fault.Error { return f.Fault.At(f.Name) }

func (f Field) describedBy() string {
	var ids []string
	if f.Help != "" {
		ids = append(ids, f.id()+"-help")
	}
	if f.hasDay() {
		ids = append(ids, f.id()+"-words")
	}
	if len(f.wrong()) > 0 {
		ids = append(ids, f.id()+"-error")
	}
	return strings.Join(ids, " ")
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func fieldClass(f Field) string {
	if len(f.wrong()) > 0 {
		return "field wrong"
	}
	return "field"
}

func (o Options) chosen(value string) bool {
	for _, c := range o.Chosen {
		if c == value {
			return true
		}
	}
	return o.Value != "" && o.Value == value
}

func (o Options) inputType() string {
	if o.Many {
		return "checkbox"
	}
	return "radio"
}

// itemID is the field's own id for the first choice, so that the error summary leads to it.
func (o Options) itemID(i int) string {
	if i == 0 {
		return o.id()
	}
	return o.id() + "-" + strconv.Itoa(i)
}

// Date, DateTime and TimeRange show an instant in the language of the request.
func Date(r *web.Request, t time.Time) string { return i18n.Date(r.Lang, t) }

// DateTime is the full date and time.
func DateTime(r *web.Request, t time.Time) string { return i18n.DateTime(r.Lang, t) }

// TimeRange is a stretch of time, "09:30–17:00".
func TimeRange(r *web.Request, from, to time.Time) string { return i18n.TimeRange(r.Lang, from, to) }

// Unbroken keeps dates and times together at the end of a line: "08:00–15:30"
// and "28-ноябрь" do not break at their stroke.
func Unbroken(text string) string {
	return strokes.ReplaceAllString(text, "$1\u2060$2\u2060")
}

var strokes = regexp.MustCompile(`(\d)([–-])`)

// DateLongRange writes when something is, its first day in full, and keeps its hours in one line.
func DateLongRange(r *web.Request, from, to time.Time) string {
	day := i18n.DateLong(r.Lang, from)
	return day + Unbroken(strings.TrimPrefix(i18n.DateLongRange(r.Lang, from, to), day))
}

// Number writes a whole number.
func Number(r *web.Request, n int) string { return i18n.Number(r.Lang, n) }

// Say gives the text of a fault.
func Say(r *web.Request, f *fault.Error) string { return r.Say.With(f.Key, f.Args) }

func machine(t time.Time) string { return t.In(i18n.Bishkek()).Format("2006-01-02T15:04:05-07:00") }

// machineDay is a local day, for machines.
func machineDay(t time.Time) string { return t.In(i18n.Bishkek()).Format(time.DateOnly) }

func digits(n int) string { return strconv.Itoa(n) }

// svg writes a length for SVG attributes.
func svg(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// Labels are the labels of a form's fields by their names, with which a long
// form says at the top which field each line of the error summary means.
type Labels map[string]string

func named(labels []Labels, field string) string {
	for _, l := range labels {
		if text := l[field]; text != "" {
			return text + " — "
		}
	}
	return ""
}
