package newsroom

import (
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// KitKind says what a picture of the press kit is.
type KitKind string

// The kinds.
const (
	Logo  KitKind = "logo"
	Photo KitKind = "photo"
)

// KitKinds are all kinds, in the order of the page.
var KitKinds = [...]KitKind{Logo, Photo}

// KitState says who may see a picture of the press kit.
type KitState string

// The states.
const (
	KitDraft   KitState = "draft"   // staff alone; strangers never saw it
	KitPublic  KitState = "public"  // everybody
	KitClosed  KitState = "closed"  // staff alone; strangers saw it before
	KitRemoved KitState = "removed" // nobody; strangers saw it before
)

// Pictured says who is seen in a picture.
type Pictured string

// What is known of those who are seen in a picture.
const (
	Unstated Pictured = ""       // nobody has said anything
	Nobody   Pictured = "nobody" // no people are in it
	Agreed   Pictured = "agreed" // those who are seen in it agreed, which is noted somewhere
)

var pictureds = [...]Pictured{Unstated, Nobody, Agreed}

// Bounds of the press kit.
const (
	mostItems   = 60  // pictures
	mostCaption = 500 // characters of a text of a picture
	mostNoted   = 300 // characters that say where consent is noted
)

// How pictures are kept: as they may be printed, and for the page.
var (
	printed = files.Handout
	onPress = files.Rule{Bytes: 64 << 20, Side: 320} // of what was cleaned before
)

// KitItem is a picture that the press may take.
type KitItem struct {
	ID       storage.ID
	Kind     KitKind
	State    KitState
	Place    int64 // order among all
	Texts    KitTexts
	Pictured Pictured
	Noted    string // where consent is noted, in words of staff and for them alone
	Pictures Pictures
	By       storage.ID // who changed it last, zero when she was erased
	Version  int64
	Made     time.Time
	Changed  time.Time
}

// KitTexts are the words of a picture.
type KitTexts struct {
	Caption i18n.Text       `json:"caption"`
	Alt     i18n.Text       `json:"alt"`    // what is to be seen, for who does not see it
	Credit  i18n.Text       `json:"credit"` // whose work it is
	Stale   programme.Stale `json:"stale,omitempty"`
}

// kitNames are the texts of a picture, in the order of the page.
var kitNames = []string{"caption", "alt", "credit"}

func (t *KitTexts) text(name string) *i18n.Text {
	switch name {
	case "caption":
		return &t.Caption
	case "alt":
		return &t.Alt
	}
	return &t.Credit
}

// Pictures are the two files of a picture: to be printed, and for the page.
type Pictures struct {
	Whole Kept `json:"whole"`
	Small Kept `json:"small"`
}

// title names a picture in a language, for staff and for links.
func (i KitItem) title(l i18n.Language) (i18n.Text, bool) {
	for _, t := range []i18n.Text{i.Texts.Caption, i.Texts.Alt} {
		if t.In(l) != "" {
			return t, true
		}
	}
	return i18n.Text{}, false
}

// filePath is the address of the whole picture, smallPath that for the page.
func (i KitItem) filePath() string { return "/press/files/" + i.ID.String() }

func (i KitItem) smallPath() string { return i.filePath() + "/small" }

func (i KitItem) deskPath() string { return "/staff/news/kit/items/" + i.ID.String() }

// savedAs is the name under which people save it: of its own words, never of the name
// under which somebody handed it in, which may tell who took it or who is in it.
func (i KitItem) savedAs() string {
	name := string(i.Kind)
	for _, word := range strings.FieldsFunc(strings.ToLower(i.Texts.Alt.En), func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') }) {
		if len(name)+1+len(word) > mostSlug {
			break
		}
		name += "-" + word
	}
	return name + files.Ending(i.Pictures.Whole.Type)
}

// check judges what staff wrote, and writes it as it is kept. What is public needs more.
// Invalid at the fields.
func (i *KitItem) check() error {
	var form fault.Form
	form.Check(slices.Contains(KitKinds[:], i.Kind), "kind", "fault.not_a_choice")
	for _, name := range kitNames {
		keep(&form, name, i.Texts.text(name), false, mostCaption)
	}
	form.Check(slices.Contains(pictureds[:], i.Pictured), "pictured", "fault.not_a_choice")
	noted, wrong := legible.Line(i.Noted)
	if wrong != nil {
		form.Add("noted", wrong.Key, wrong.Args)
	}
	i.Noted = strings.TrimSpace(noted)
	form.Check(len([]rune(i.Noted)) <= mostNoted, "noted", "newsroom.fault.long", fault.Args{"count": mostNoted})
	if i.Kind == Logo {
		i.Pictured = Unstated
	}
	if i.Pictured != Agreed {
		i.Noted = ""
	}
	form.Check(i.Pictured != Agreed || i.Noted != "", "noted", "newsroom.kit.fault.noted")
	if i.State == KitPublic {
		i.ready(&form)
	}
	return form.Err()
}

// ready notes what a picture lacks before everybody may see it: words for who does not see
// it in every language of the page, and of a photo whose work it is and that those who are
// seen in it agreed.
func (i KitItem) ready(form *fault.Form) {
	for _, l := range i18n.Languages {
		form.Check(i.Texts.Alt.Exactly(l) != "", "alt_"+string(l), "newsroom.kit.fault.alt")
	}
	if i.Kind != Photo {
		return
	}
	form.Check(i.Texts.Credit != (i18n.Text{}), "credit_"+string(i18n.Kyrgyz), "newsroom.kit.fault.credit")
	form.Check(i.Pictured == Nobody || i.Pictured == Agreed && i.Noted != "", "pictured", "newsroom.kit.fault.consent")
}
