package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// Request is what a handler gets: the HTTP exchange, who asks, in which
// language, and the texts of that language.
type Request struct {
	*http.Request
	W     http.ResponseWriter
	ID    string // names this request in the log
	Actor access.Actor
	Lang  i18n.Language
	Say   *i18n.Printer
	Site  *Site
	Token string // form token for dangerous actions

	flash *Flash
	keep  func(Flash)
	again func() (access.Actor, error) // who asks now

	waits   func() map[string]int // counts what waits, by the paths of the navigation
	waiting map[string]int        // once it was asked for

	conceal func(text string) string
	reveal  func(concealed string) (string, bool)
	drawn   func(kind, keep string, body []byte, tag string) // takes a page that is shared, instead of sending it

	files   map[string][]*File
	release func() // of the files, nil when there are none
}

// Site is what every page shows around its content.
type Site struct {
	Programme i18n.Text // the name of the current programme
	PublicURL string    // without a slash at the end
	Demo      bool      // people are invented, and a band says so
	Nav       []NavItem
	// SignIn and Account are the paths of the pages where a person signs in,
	// and where she finds what is hers; empty when there is none.
	SignIn  string
	Account NavItem
	// Applied is the page of who only handed an application in from this browser,
	// SignOut the path that ends a session.
	Applied NavItem
	SignOut string
	// Support names who pays for the programme, shown at the foot.
	Support i18n.Text
	// Strip are the links beside the account.
	Strip []NavItem
	// More leads to the page of all that a person may open, where they are many.
	More NavItem
	// Footer are the links at the foot.
	Footer []NavItem
}

// NavItem is one of the few words of the navigation.
type NavItem struct {
	Key   string            // of the catalogues
	Path  string            // without the language
	Needs access.Permission // shown to those only
	Order int               // its place among the links of all rooms, the smallest first
	Group Group             // under which it stands beside the pages of staff
	Icon  Icon              // with one it may stand at the foot of a phone
}

// Group is a part of the navigation of staff, who have more words than fit in a row.
type Group string

// The groups. They stand in the order of the first link of each.
const (
	Alone     Group = "" // above all groups
	Events    Group = "events"
	Persons   Group = "people"
	Words     Group = "words"
	Reporting Group = "reporting"
	House     Group = "house"
	Everybody Group = "everybody"
)

// Groups are all groups that have a name.
var Groups = [...]Group{Events, Persons, Words, Reporting, House, Everybody}

// Icon is a small picture beside a word of the navigation.
type Icon string

// The icons.
const (
	NoIcon      Icon = ""
	DayIcon     Icon = "day"
	HouseIcon   Icon = "house"
	PersonsIcon Icon = "people"
	BarsIcon    Icon = "bars"
	SeekIcon    Icon = "seek"
	MoreIcon    Icon = "more"
)

// InOrder gives links by their places; those of one place stay as they come.
func InOrder(links []NavItem) []NavItem {
	out := slices.Clone(links)
	slices.SortStableFunc(out, func(a, b NavItem) int { return cmp.Compare(a.Order, b.Order) })
	return out
}

// Page renders a component with a status. Nothing is sent before the whole page
// is drawn, so that an error in a component is still an error page.
func (r *Request) Page(status int, c templ.Component) error {
	b, ok := buffers.Get().(*bytes.Buffer)
	if !ok {
		b = &bytes.Buffer{}
	}
	defer buffers.Put(b)
	b.Reset()
	if err := c.Render(r.Context(), b); err != nil {
		return fmt.Errorf("draw the page: %w", err)
	}
	h := r.W.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(r.Lang))
	if status == http.StatusOK && h.Get("Cache-Control") == "no-cache" {
		// A stranger's browser may keep the page and ask whether it is still
		// so: on a slow network a page seen before costs a few hundred bytes.
		sum := sha256.Sum256(b.Bytes())
		tag := `W/"` + hex.EncodeToString(sum[:9]) + `"`
		if r.drawn != nil {
			r.drawn("text/html; charset=utf-8", "", b.Bytes(), tag)
			return nil
		}
		h.Set("ETag", tag)
		h.Add("Vary", "Cookie")
		if matches(r.Header.Get("If-None-Match"), tag) {
			r.W.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	r.W.WriteHeader(status)
	_, err := r.W.Write(b.Bytes())
	return err
}

// Picture answers with a picture that anybody may keep for so many seconds.
func (r *Request) Picture(kind string, seconds int, body []byte) error {
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:9]) + `"`
	keep := "public, max-age=" + strconv.Itoa(seconds)
	if r.drawn != nil {
		r.drawn(kind, keep, body, tag)
		return nil
	}
	h := r.W.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", keep)
	h.Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		r.W.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, err := r.W.Write(body)
	return err
}

var buffers = sync.Pool{New: func() any { return &bytes.Buffer{} }}

// matches reads If-None-Match, weakly.
func matches(header, tag string) bool {
	for _, t := range strings.Split(header, ",") {
		if strings.TrimPrefix(strings.TrimSpace(t), "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// Redirect answers a POST: 303 to a path of this site. A path that begins with
// "/" gets the language put before it.
func (r *Request) Redirect(path string) error {
	http.Redirect(r.W, r.Request, r.Path(path), http.StatusSeeOther)
	return nil
}

// Path puts the language before a path of a page, "/events" becomes
// "/ky/events". A path that has a language, and an address of another site,
// stay as they are.
func (r *Request) Path(path string) string { return PathIn(r.Lang, path) }

// PathIn is Path for another language.
func PathIn(l i18n.Language, path string) string {
	if !strings.HasPrefix(path, "/") {
		return path
	}
	if _, _, ok := CutLanguage(path); ok {
		return path
	}
	if path == "/" {
		return "/" + string(l)
	}
	return "/" + string(l) + path
}

// CutLanguage splits "/ky/events" into the language and "/events"; ok is false
// when the path begins with no language.
func CutLanguage(path string) (l i18n.Language, rest string, ok bool) {
	if len(path) < 3 || path[0] != '/' || (len(path) > 3 && path[3] != '/' && path[3] != '?') {
		return i18n.Kyrgyz, path, false
	}
	l, ok = i18n.Parse(path[1:3])
	if !ok {
		return i18n.Kyrgyz, path, false
	}
	rest = path[3:]
	if rest == "" || rest[0] == '?' {
		rest = "/" + rest
	}
	return l, rest, true
}

// Invalid gives the fault of a form that is to be shown again, nil and the
// error itself when the page must end otherwise.
func Invalid(err error) (*fault.Error, error) {
	if f := fault.Of(err); f != nil {
		switch f.Code {
		case fault.Invalid, fault.Full, fault.Conflict, fault.TooEarly, fault.TooLate, fault.Limited:
			return f, nil
		}
	}
	return nil, err
}

// Status is the HTTP status of a fault's code.
func Status(c fault.Code) int {
	switch c {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict, fault.Full, fault.TooEarly:
		return http.StatusConflict
	case fault.Gone, fault.TooLate:
		return http.StatusGone
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Limited:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// Again is the request as if it were made at this moment by the same session: for
// answers that last. Forbidden when the session has ended or may no longer.
func (r *Request) Again() (*Request, error) {
	now := *r
	if r.again == nil {
		return &now, nil
	}
	var err error
	now.Actor, err = r.again()
	return &now, err
}
