package gallery

import (
	"embed"
	"io/fs"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

//go:embed text/*.json
var texts embed.FS

// Texts gives the words of the gallery.
func Texts() fs.FS {
	sub, err := fs.Sub(texts, "text")
	if err != nil {
		return texts // cannot be: the folder is embedded
	}
	return sub
}

// Path is that of the gallery, without language.
const Path = "/_style"

// specimen is one part of the kit in one of its states.
type specimen struct {
	Of    string // its name in the kit
	State string // key of its words
	Show  templ.Component
}

// of names what is shown; a test compares the name with what is called.
func of(name, state string, show templ.Component) specimen { return specimen{name, state, show} }

// part is a page of the gallery.
type part struct {
	name string
	show func(r *web.Request) []specimen
	// whole draws a page that is itself what is shown.
	whole func(r *web.Request) templ.Component
}

// parts are the pages, in order.
func parts() []part {
	return []part{
		{name: "words", show: words},
		{name: "forms", show: formsOf},
		{name: "errors", show: formsWithErrors},
		{name: "list", show: fullList},
		{name: "list-filtered", show: filteredList},
		{name: "list-empty", show: emptyList},
		{name: "list-none", show: emptySearch},
		{name: "acts", show: acts},
		{name: "charts", show: charts},
		{name: "maps", show: maps},
		{name: "time", show: inTime},
		{name: "frame", whole: frame},
		{name: "trouble", whole: trouble},
	}
}

// Parts names the pages.
func Parts() (out []string) {
	for _, p := range parts() {
		out = append(out, p.name)
	}
	return out
}

// Page draws a page of the gallery, the list of them for no name; nil when there is none.
func Page(r *web.Request, name string) templ.Component {
	if name == "" {
		return index(r)
	}
	for _, p := range parts() {
		switch {
		case p.name != name:
		case p.whole != nil:
			return p.whole(r)
		default:
			return page(r, p)
		}
	}
	return nil
}

// styles are the sheets that the pages name.
var styles = []string{kit.ListStyle, kit.ChartStyle, kit.MapStyle, kit.TimelineStyle, kit.FiguresStyle}

func pathOf(name string) string { return Path + "/" + name }

// ask is the same request with other values in its address.
func ask(r *web.Request, query string) *web.Request {
	asked := *r
	asked.Request = r.Request.Clone(r.Context())
	asked.URL.RawQuery = query
	return &asked
}

// Built are the keys that are put together while the code runs.
func Built() []i18n.Built {
	return []i18n.Built{
		{Keys: "style.part.*", Of: Parts(), Why: "the pages of the gallery"},
		{Keys: "style.city.*", Of: cities, Why: "the places of the charts"},
	}
}
