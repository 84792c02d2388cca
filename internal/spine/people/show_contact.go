package people

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Why somebody of the staff reads a contact.
const (
	ToCallAbout   = "event"  // to speak about an event that she takes part in
	NotDelivered  = "failed" // a message did not reach her
	ToAnswer      = "answer" // she asked, and is to be answered
	ToCheckRecord = "check"  // her record is to be checked with her
	AnotherReason = "other"  // said in words
)

// LookReasons are the reasons to choose from, in the order in which they are offered.
var LookReasons = []string{ToCallAbout, NotDelivered, ToAnswer, ToCheckRecord, AnotherReason}

// MostLookWords is how long the words of a reason may be, in letters.
const MostLookWords = 300

// The actions that stand in her log.
const (
	phoneShown = "people.audit.phone_shown"
	emailShown = "people.audit.email_shown"
)

// ShowContact is the wish to read one contact of a person whole.
type ShowContact struct {
	By              access.Actor // with people.view where she is
	Person, Contact storage.ID
	Reason          string // of LookReasons
	Words           string // what is said besides; needed for AnotherReason
}

// ShowContact gives a contact whole, and writes into her log, in the same transaction, that
// it was shown, to whom and why: she reads the reason and its words.
//
// Faults: NotFound when there is no such person, or no such contact of hers; Forbidden
// outside of the reach of who asks; Invalid without a reason, with one that is none, with
// words that are too long or missing, and for a chat, of which nothing could be shown.
func (s *Service) ShowContact(ctx context.Context, tx *storage.Tx, cmd ShowContact) (Contact, error) {
	p, err := s.ByID(ctx, tx, cmd.Person)
	if err != nil {
		return Contact{}, err
	}
	if err := Reach(cmd.By, "people.view", p); err != nil {
		return Contact{}, err
	}
	return s.showContact(ctx, tx, cmd, p, storage.ID{})
}

// ShowContactAbout is ShowContact for a use case of another room that has judged by itself,
// in this transaction, that cmd.By may speak with the person about something: an activity
// that she applied to. It stands in her log with the look. Its faults are those of
// ShowContact, without Forbidden.
func (s *Service) ShowContactAbout(ctx context.Context, tx *storage.Tx, cmd ShowContact, about storage.ID) (Contact, error) {
	p, err := s.ByID(ctx, tx, cmd.Person)
	if err != nil {
		return Contact{}, err
	}
	return s.showContact(ctx, tx, cmd, p, about)
}

func (s *Service) showContact(ctx context.Context, tx *storage.Tx, cmd ShowContact, p Person, about storage.ID) (Contact, error) {
	c, err := s.contact(ctx, tx, p, cmd.Contact)
	if err != nil {
		return Contact{}, err
	}
	var form fault.Form
	words, wrong := legible.Line(cmd.Words)
	if wrong != nil {
		form.Add("words", wrong.Key, wrong.Args)
	}
	words = strings.TrimSpace(words)
	form.Check(slices.Contains(LookReasons, cmd.Reason), "reason", "people.fault.look_reason")
	form.Check(cmd.Reason != AnotherReason || words != "" || wrong != nil, "words", "people.fault.look_words")
	form.Check(utf8.RuneCountInString(words) <= MostLookWords, "words", "fault.too_long", fault.Args{"count": MostLookWords})
	action := phoneShown
	switch c.Kind {
	case EmailContact:
		action = emailShown
	case ChatContact:
		form.Add("contact", "fault.not_a_choice")
	}
	if err := form.Err(); err != nil {
		return Contact{}, err
	}
	entry := audit.Entry{Actor: cmd.By.Person, Person: p.ID, Action: action, Object: about, Reason: cmd.Reason}
	if words != "" {
		entry.Words = p.Seal([]byte(words))
	}
	return c, audit.Record(ctx, tx, entry)
}

// LookWords opens what was said of a look, empty for nothing: the person of the entry reads
// it, and who of the staff may read her.
func (s *Service) LookWords(ctx context.Context, tx *storage.Tx, e audit.Entry) (string, error) {
	if len(e.Words) == 0 {
		return "", nil
	}
	plain, err := s.Unseal(ctx, tx, e.Person, e.Words)
	return string(plain), err
}
