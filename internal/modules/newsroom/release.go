package newsroom

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/prose"
	"platforma.kg/ashar/internal/spine/programme"
)

// State is how far a release is on its way to the public.
type State string

// The states.
const (
	Draft     State = "draft"     // somebody writes it
	Review    State = "review"    // somebody else reads it
	Scheduled State = "scheduled" // it becomes public when its embargo ends
	Published State = "published" // everybody reads it
	Withdrawn State = "withdrawn" // everybody reads that it is withdrawn, and why
)

// States are all states in the order of the way.
var States = [...]State{Draft, Review, Scheduled, Published, Withdrawn}

// Kind says what a release is.
type Kind string

// The kinds.
const (
	Press Kind = "press" // for journalists, with a contact
	News  Kind = "news"  // for everybody
)

// Kinds are all kinds.
var Kinds = [...]Kind{Press, News}

// Bounds of the texts of a release in one language, in characters.
const (
	mostTitle = 200
	mostLead  = 600
	mostBody  = 40_000
	mostWords = 2_000 // of a correction, a reason, or a note inside the house
)

// farthest is how long an embargo lasts at most.
const farthest = 366 * 24 * time.Hour

// Release is a press release or news.
type Release struct {
	ID       storage.ID
	Slug     string // of its address
	Kind     Kind
	State    State
	Texts    Texts
	Activity storage.ID // that it tells of, zero for none
	By       storage.ID // who wrote last, zero when she was erased
	Embargo  time.Time  // until when it is not public, zero for none
	Public   time.Time  // since when it is, zero when it is not
	Posted   bool       // it is posted in the channels when it becomes public
	Version  int64      // grows with each change
	Made     time.Time
	Changed  time.Time
}

// Texts are the words of a release.
type Texts struct {
	Title  i18n.Text       `json:"title"`
	Lead   i18n.Text       `json:"lead"`
	Body   i18n.Text       `json:"body"`   // Markdown
	Reason i18n.Text       `json:"reason"` // why it was withdrawn
	Stale  programme.Stale `json:"stale,omitempty"`
}

// names are the texts that people edit, in the order of the page.
var names = []string{"title", "lead", "body"}

// text is the text of a name of names.
func (t *Texts) text(name string) *i18n.Text {
	switch name {
	case "title":
		return &t.Title
	case "lead":
		return &t.Lead
	}
	return &t.Body
}

// Languages are those in which the release can be read: it has a title and a body there.
func (r Release) Languages() (out []i18n.Language) {
	for _, l := range i18n.Languages {
		if r.Texts.Title.Exactly(l) != "" && r.Texts.Body.Exactly(l) != "" {
			out = append(out, l)
		}
	}
	return out
}

// In is the language in which a reader of l gets it: hers, or the first in which it is.
func (r Release) In(l i18n.Language) i18n.Language {
	list := r.Languages()
	if len(list) == 0 || slices.Contains(list, l) {
		return l
	}
	return list[0]
}

// Open reports whether strangers may know of it.
func (r Release) Open() bool { return r.State == Published || r.State == Withdrawn }

// scope is where its activity lies, else where the programme does.
func scope(a programme.Activity, p programme.Programme) access.Scope {
	if !a.ID.IsZero() {
		return a.Scope()
	}
	return access.Scope{Programme: p.ID}
}

var address = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// mostSlug bounds an address.
const mostSlug = 80

// slugOf makes an address of a title: letters without marks, as names are folded.
func slugOf(title string) string {
	var b strings.Builder
	for _, word := range strings.Fields(strings.ToLower(title)) {
		if strings.ContainsFunc(word, func(c rune) bool { return c > unicode.MaxASCII }) { // else it stands as it is written
			word = i18n.FoldKey(word)
		}
		word = strings.Map(func(c rune) rune {
			if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
				return c
			}
			return -1
		}, word)
		if word == "" {
			continue
		}
		if b.Len()+1+len(word) > mostSlug-12 { // a day may go before it
			break
		}
		if b.Len() > 0 {
			b.WriteByte('-')
		}
		b.WriteString(word)
	}
	return b.String()
}

// check judges what people wrote, and writes it as it is kept. Invalid at the fields.
func (r *Release) check(now time.Time) error {
	var form fault.Form
	form.Check(slices.Contains(Kinds[:], r.Kind), "kind", "fault.not_a_choice")
	keep(&form, "title", &r.Texts.Title, false, mostTitle)
	keep(&form, "lead", &r.Texts.Lead, true, mostLead)
	keep(&form, "body", &r.Texts.Body, true, mostBody)
	for _, l := range i18n.Languages {
		form.Check(!prose.Heavy(r.Texts.Body.Exactly(l)), "body_"+string(l), "newsroom.fault.signs")
	}
	form.Check(r.Texts.Title != (i18n.Text{}), "title_"+string(i18n.Kyrgyz), "newsroom.fault.title")
	form.Check(r.Slug == "" || len(r.Slug) <= mostSlug && address.MatchString(r.Slug), "slug", "newsroom.fault.slug", fault.Args{"count": mostSlug})
	form.Check(r.Embargo.IsZero() || r.Embargo.Before(now.Add(farthest)), "embargo", "newsroom.fault.embargo_far")
	return form.Err()
}

// keep writes a text as it is kept; what is too long or turned around is noted at its field.
func keep(form *fault.Form, field string, t *i18n.Text, long bool, most int) {
	read := legible.Line
	if long {
		read = legible.Text
	}
	for _, in := range []struct {
		language i18n.Language
		text     *string
	}{{i18n.Kyrgyz, &t.Ky}, {i18n.Russian, &t.Ru}, {i18n.English, &t.En}} {
		at := field + "_" + string(in.language)
		text, wrong := read(*in.text)
		if wrong != nil {
			form.Add(at, wrong.Key, wrong.Args)
			continue
		}
		*in.text = strings.TrimSpace(text)
		form.Check(len([]rune(*in.text)) <= most, at, "newsroom.fault.long", fault.Args{"count": most})
	}
}
