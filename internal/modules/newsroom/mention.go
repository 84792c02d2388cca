package newsroom

import (
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// MentionFact counts what others have published about the programme, on the day on which
// it appeared. Its subject is the mention.
const MentionFact ledger.Kind = "newsroom.mention"

// MentionKind says where something was published.
type MentionKind string

// The kinds.
const (
	InPrint  MentionKind = "print"
	OnTV     MentionKind = "tv"
	OnRadio  MentionKind = "radio"
	Online   MentionKind = "online"
	InSocial MentionKind = "social"
)

// MentionKinds are all kinds, in the order in which they are offered.
var MentionKinds = [...]MentionKind{Online, InPrint, OnTV, OnRadio, InSocial}

// Bounds of the texts of a mention, in characters.
const (
	longestOutlet = 200
	longestTitle  = 300
)

// earliest is before anything that can be about the programme: an earlier day is a slip.
const earliest ledger.Day = "2000-01-01"

// Mention is something that others have published about the programme. How they speak of
// it is not written down.
type Mention struct {
	ID       storage.ID
	Link     string // as it is followed
	Key      string // one for all spellings of the link
	Outlet   string
	Title    string        // in its own language
	Language i18n.Language // of the title; empty for another than the three
	Day      ledger.Day    // on which it appeared
	Kind     MentionKind
	Release  storage.ID // that it goes back to, zero for none
	Activity storage.ID // that it is about, zero for none
	Evidence Kept       // a copy for staff; no file for none
	By       storage.ID // who wrote it last, zero when she was erased
	Version  int64
	Made     time.Time
	Changed  time.Time
}

func (n Mention) deskPath() string { return "/staff/news/mentions/pieces/" + n.ID.String() }

// check judges what staff wrote, and writes it as it is kept. Invalid at the fields.
func (n *Mention) check(today ledger.Day) error {
	var form fault.Form
	for _, in := range []struct {
		field string
		text  *string
		most  int
	}{{"outlet", &n.Outlet, longestOutlet}, {"title", &n.Title, longestTitle}} {
		text, wrong := legible.Line(*in.text)
		if wrong != nil {
			form.Add(in.field, wrong.Key, wrong.Args)
			continue
		}
		*in.text = strings.TrimSpace(text)
		form.Check(*in.text != "", in.field, "newsroom.mention.fault."+in.field)
		form.Check(len([]rune(*in.text)) <= in.most, in.field, "newsroom.fault.long", fault.Args{"count": in.most})
	}
	_, known := i18n.Parse(string(n.Language))
	form.Check(n.Language == "" || known, "title_language", "fault.not_a_choice")
	form.Check(slices.Contains(MentionKinds[:], n.Kind), "kind", "fault.not_a_choice")
	day, err := ledger.ParseDay(string(n.Day))
	switch {
	case err != nil || day != n.Day || day < earliest:
		form.Add("day", "newsroom.mention.fault.day")
	case day > today:
		form.Add("day", "newsroom.mention.fault.future")
	}
	link, key, err := readLink(n.Link)
	if err == nil {
		n.Link, n.Key = link, key
	} else if wrong := form.Join(err); wrong != nil {
		return wrong
	}
	return form.Err()
}
