package newsroom

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
)

// InquiryState is how far an inquiry is.
type InquiryState string

// The states.
const (
	InquiryNew      InquiryState = "new"      // nobody has it in hand
	InquiryTaken    InquiryState = "taken"    // somebody of the staff has
	InquiryAnswered InquiryState = "answered" // words went to her
	InquiryClosed   InquiryState = "closed"   // it needs no answer, or she was called
)

// InquiryStates are all states in the order of the way.
var InquiryStates = [...]InquiryState{InquiryNew, InquiryTaken, InquiryAnswered, InquiryClosed}

// Called is the step of an inquiry whose person was called: it is closed by it.
const Called = "called"

// The askers.
const (
	FromPress = "press"
	FromOther = "other"
)

// froms are all askers.
var froms = [...]string{FromPress, FromOther}

// Bounds of inquiries. Letters and lines of a chat carry an answer, so that it is not
// longer than what a chat takes.
const (
	mostInquiry  = 4_000 // characters
	mostOutlet   = 200
	mostAnswer   = 3_000
	mostOpen     = 5   // of one record
	mostAnHour   = 200 // of all
	inquiryDue   = 24 * time.Hour
	inquiryKept  = 180 * 24 * time.Hour // after it ended
	inquirySpan  = 10 * time.Minute     // in which those are counted that make the effort harder
	inquiryRush  = 5                    // from so many on it is
	inquiryCount = 4 * inquiryRush      // and from so many on once more
)

// Inquiry is what somebody asked. Her words are sealed.
type Inquiry struct {
	ID      storage.ID
	Person  storage.ID
	Own     bool // she was signed in, and asked from her own record
	State   InquiryState
	Lang    i18n.Language // in which she asked
	By      storage.ID    // who took it, or ended it
	Version int64         // grows with each change
	Made    time.Time
	Due     time.Time // until when it should be answered
	Changed time.Time
	Ended   time.Time // zero while it is open

	box []byte
}

// Open reports whether she still waits.
func (q Inquiry) Open() bool { return q.Ended.IsZero() }

// Overdue reports whether she waits longer than she should.
func (q Inquiry) Overdue(now time.Time) bool { return q.Open() && now.After(q.Due) }

func (q Inquiry) path() string { return "/staff/news/inquiries/" + q.ID.String() }

// Asked is what she wrote.
type Asked struct {
	From   string `json:"from"` // of froms
	Outlet string `json:"outlet,omitempty"`
	Words  string `json:"words"`
}

// check writes it as it is kept, and notes what is wrong at the fields.
func (a *Asked) check(form *fault.Form) {
	form.Check(slices.Contains(froms[:], a.From), "from", "fault.not_a_choice")
	outlet, wrong := legible.Line(a.Outlet)
	if wrong != nil {
		form.Add("outlet", wrong.Key, wrong.Args)
	}
	form.Check(utf8.RuneCountInString(outlet) <= mostOutlet, "outlet", "newsroom.fault.long", fault.Args{"count": mostOutlet})
	a.Outlet = outlet
	a.Words = wordsOf(form, "words", a.Words, mostInquiry, "newsroom.fault.inquiry_words")
}

// wordsOf writes words as they are kept: they are needed, and bounded.
func wordsOf(form *fault.Form, field, typed string, most int, missing string) string {
	words, wrong := legible.Text(typed)
	if wrong != nil {
		form.Add(field, wrong.Key, wrong.Args)
		return typed
	}
	words = strings.TrimSpace(words)
	form.Check(words != "", field, missing)
	form.Check(utf8.RuneCountInString(words) <= most, field, "newsroom.fault.long", fault.Args{"count": most})
	return words
}

// markHash is what an inquiry is found by when its form comes once more; ok is false for
// what is no mark.
func markHash(mark string) (hash []byte, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(mark)
	sum := sha256.Sum256([]byte("ashar form of the newsroom\x00" + mark))
	return sum[:], err == nil && len(raw) == 18
}

// inquiryLevel is how hard the effort is made when n have asked in the last minutes.
func inquiryLevel(n int) int {
	switch {
	case n >= inquiryCount:
		return 2
	case n >= inquiryRush:
		return 1
	}
	return 0
}
