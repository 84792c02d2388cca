package mailing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// Mailing is a message to some of those who applied to an activity.
type Mailing struct {
	ID, Activity storage.ID
	State        State
	Version      int64 // of the draft, grows with each save
	Chosen       Chosen
	Words        Words
	Stopped      string     // key of why it did not go
	Repeats      storage.ID // the mailing whose failures it goes to, zero for none
	Made         time.Time
	Planned      time.Time // zero while it is a draft
	Due          time.Time
	By           storage.ID // zero once erased
}

// State is where a mailing stands.
type State string

// The states.
const (
	Draft     State = "draft"
	Waiting   State = "waiting" // planned, and can be taken back
	Going     State = "going"   // the letters are being made
	Done      State = "done"    // all letters are made
	TakenBack State = "taken_back"
	Stopped   State = "stopped" // did not go, for a reason
)

// States are all.
var States = []State{Draft, Waiting, Going, Done, TakenBack, Stopped}

// Bounds.
const (
	MostRecipients = 5000
	MostADay       = 20 // of one activity, on one day of Bishkek
	MostDrafts     = 50 // of one activity
	MostTries      = 10 // of one sender in an hour
	MostSubject    = 120
	MostBody       = 2000
	MostShort      = 120 // letters of a text message, beside the activity and the link

	UndoFor = 15 * time.Minute    // how long a mailing waits at least
	MostFar = 90 * 24 * time.Hour // how far ahead it may be planned
	keeps   = 30 * 24 * time.Hour // how long a draft is kept
)

// The hours of Bishkek from and until which nobody is written to.
const (
	NightFrom  = programme.NightFrom / 60
	NightUntil = programme.NightUntil / 60
)

// Chosen is whom a mailing is to: empty lists of a kind take everybody.
type Chosen struct {
	States  []seats.State       `json:"states"`            // at least one
	Parts   map[string][]string `json:"parts,omitempty"`   // values by a part of the profile, of Narrows
	Answers map[string][]string `json:"answers,omitempty"` // options by a question of the form
}

// Narrows are the parts of the profile by which is chosen.
func Narrows() (out []string) {
	for _, by := range profile.Parts() {
		if f, _ := profile.Counted(by); f.Name != profile.Sex {
			out = append(out, by)
		}
	}
	return out
}

// Values are the codes of a part of the profile by which is chosen; of cities also those that
// are closed.
func Values(lists *profile.Lists, by string) (out []string) {
	f, ok := profile.Counted(by)
	if ok && f.Open {
		for _, e := range lists.All(f.Name) {
			out = append(out, e.Code)
		}
	}
	return append(out, f.Values(lists)...)
}

// takes reports whether somebody is chosen by what lies open beside her answers.
func (c Chosen) takes(a seats.Applicant) bool {
	if !slices.Contains(c.States, a.State) {
		return false
	}
	for by, values := range c.Parts {
		f, _ := profile.Counted(by)
		if len(values) > 0 && !slices.Contains(values, a.Details.First(f.Name)) {
			return false
		}
	}
	return true
}

// answered reports whether her answers are among those that are chosen.
func (c Chosen) answered(a forms.Answers) bool {
	for question, options := range c.Answers {
		if len(options) > 0 && !slices.ContainsFunc(a.Values[question], func(v string) bool { return slices.Contains(options, v) }) {
			return false
		}
	}
	return true
}

func (c Chosen) asksAnswers() bool {
	for _, options := range c.Answers {
		if len(options) > 0 {
			return true
		}
	}
	return false
}

// Words is what a mailing says.
type Words struct {
	Subject i18n.Text `json:"subject"`
	Body    i18n.Text `json:"body"`
	// Short is what a text message says, without places; who reads a language in which it is not
	// written gets none.
	Short i18n.Text `json:"short,omitzero"`
	// Russian are the languages whose readers get the Russian text, since theirs is not written.
	Russian []i18n.Language `json:"russian,omitempty"`
}

// For gives the language in which a reader of a language gets it; ok is false when it is not
// written for her.
func (w Words) For(l i18n.Language) (in i18n.Language, ok bool) {
	if w.Subject.Exactly(l) != "" {
		return l, true
	}
	return i18n.Russian, slices.Contains(w.Russian, l) && w.Subject.Ru != ""
}

// ShortFor is the text message for a reader of a language, empty for none: hers, or the Russian
// one where she gets the Russian text.
func (w Words) ShortFor(l i18n.Language) string {
	in, ok := w.For(l)
	if !ok {
		return ""
	}
	return w.Short.Exactly(in)
}

const columns = `id, activity_id, state, version, chosen, texts, stopped, repeats, made_at, planned_at, due_at, by_person`

func scan(row storage.Scanner) (m Mailing, err error) {
	var state, chosen, texts string
	var made, planned, due int64
	if err = row.Scan(&m.ID, &m.Activity, &state, &m.Version, &chosen, &texts, &m.Stopped, &m.Repeats, &made, &planned, &due, &m.By); err != nil {
		return m, err
	}
	m.State, m.Made = State(state), storage.Instant(made)
	if planned > 0 {
		m.Planned, m.Due = storage.Instant(planned), storage.Instant(due)
	}
	if err = json.Unmarshal([]byte(chosen), &m.Chosen); err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(texts), &m.Words)
}

func byID(ctx context.Context, tx *storage.Tx, id storage.ID) (Mailing, error) {
	m, err := storage.One(ctx, tx, scan, `SELECT `+columns+` FROM mailing WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "seminars.mailing.fault.unknown")
	}
	return m, err
}

// Recipient is somebody whom a mailing is to.
type Recipient struct {
	Application storage.ID
	Place       int
	State       string // of its own: Picked, Made, Unreachable, LeftOut
	Reason      string
}

// The states of a recipient.
const (
	Picked      = "chosen"
	LetterMade  = "made"
	Unreachable = "unreachable"
	LeftOut     = "left_out"
)

// Why somebody is left out: she withdrew, or is no more among those who were chosen.
const (
	reasonWithdrew = "withdrew"
	reasonChanged  = "changed"
	reasonGone     = "gone" // her record cannot be read any more
)

func scanRecipient(row storage.Scanner) (r Recipient, err error) {
	err = row.Scan(&r.Application, &r.Place, &r.State, &r.Reason)
	return r, err
}

func recipientsOf(ctx context.Context, tx *storage.Tx, mailing storage.ID) ([]Recipient, error) {
	return storage.All(ctx, tx, scanRecipient, `SELECT application_id, place, state, reason
		FROM mailing_recipient
		WHERE mailing_id = $1
		ORDER BY place`, mailing)
}

func keep(ctx context.Context, tx *storage.Tx, mailing storage.ID, list []storage.ID) error {
	for i, id := range list {
		if _, err := tx.Exec(ctx, `INSERT INTO mailing_recipient (mailing_id, application_id, place, state)
			VALUES ($1, $2, $3, 'chosen')
			ON CONFLICT (mailing_id, application_id) DO NOTHING`, mailing, id, i+1); err != nil {
			return err
		}
	}
	return nil
}

// Key is the key of the message of a mailing to a person: it ends with her id, so that a
// merge of records keeps it hers (messages.Merge).
func Key(mailing, person storage.ID) string {
	return Keys(mailing) + person.String()
}

// Keys begins the keys of all messages of a mailing.
func Keys(mailing storage.ID) string { return "mailing/" + mailing.String() + "/" }
