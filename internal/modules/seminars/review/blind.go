package review

import (
	"context"
	"encoding/base32"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// Queue is what a reviewer has to read.
type Queue struct {
	Activity seats.Activity
	Rubric   Rubric
	Items    []Item // by number
	Opened   bool   // the reviewer has looked at the scores of others, and gives none any more
}

// Item is one application, as a reviewer knows it.
type Item struct {
	Number string
	Scored bool // by this reviewer
	Known  bool // this reviewer has said so

	app seats.Application
}

// Left is how many the reviewer has neither scored nor left out.
func (q Queue) Left() (n int) {
	for _, i := range q.Items {
		if !i.Scored && !i.Known {
			n++
		}
	}
	return n
}

// Blind is one application without a name.
type Blind struct {
	Number  string
	Answers []Answer
	Own     Score   // of the reviewer; its Version is 0 while there is none
	Others  []Score // of the others, once the own one stands; none has a reviewer
	Next    string  // the number of one that waits, empty for none
	// Companion: she comes only together with another applicant. Nothing tells which, since
	// two numbers that belong together tell who they are to who knows the one.
	Companion bool
}

// Answer is what was answered, with name and contacts masked.
type Answer struct{ Question, Words string }

var numbers = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// number is under which reviewers of an activity know an application. It tells neither its id
// nor when it came: who has no key of the house can neither compute nor order it.
func (m *Service) number(app seats.Application) string {
	text := numbers.EncodeToString(m.Keys.Index("review.number", app.Activity.String()+"/"+app.ID.String())[:5])
	return text[:4] + "-" + text[4:]
}

// undecided reports whether an application is still to be told anything: until then it is
// scored.
func undecided(s seats.State) bool { return s == seats.Applied || s == seats.Shortlisted }

// allowed finds an activity for who reviews there.
//
// Faults: NotFound; Forbidden.
func (m *Service) allowed(ctx context.Context, tx *storage.Tx, actor may, activity storage.ID) (seats.Activity, error) {
	a, err := m.ActivityByID(ctx, tx, activity)
	if err == nil && !actor.May(MayReview, seats.ScopeOf(a)) {
		err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return a, err
}

// QueueOf gives what a reviewer has to read of an activity, without names. Her own application
// is none of it.
//
// Faults: Forbidden.
func (m *Service) QueueOf(ctx context.Context, tx *storage.Tx, actor may, activity storage.ID) (q Queue, err error) {
	if q.Activity, err = m.allowed(ctx, tx, actor, activity); err != nil {
		return q, err
	}
	if q.Rubric, err = m.RubricOf(ctx, tx, q.Activity); err != nil || q.Rubric.Version == 0 {
		return q, err
	}
	if q.Opened, err = Opened(ctx, tx, activity, actor.Person); err != nil {
		return q, err
	}
	own, err := scoresBy(ctx, tx, activity, actor.Person)
	if err != nil {
		return q, err
	}
	apps, err := seats.ApplicationsOf(ctx, tx, activity)
	for _, app := range apps {
		if !undecided(app.State) || app.Person == actor.Person {
			continue
		}
		s, is := own[app.ID]
		q.Items = append(q.Items, Item{Number: m.number(app), Scored: is && !s.Known, Known: s.Known, app: app})
	}
	slices.SortFunc(q.Items, func(a, b Item) int { return strings.Compare(a.Number, b.Number) })
	return q, err
}

// find gives the application with a number; NotFound when there is none, or two have it.
func (q Queue) find(number string) (Item, error) {
	var found []Item
	for _, i := range q.Items {
		if i.Number == number {
			found = append(found, i)
		}
	}
	if len(found) != 1 {
		return Item{}, fault.New(fault.NotFound, "seminars.review.fault.number")
	}
	return found[0], nil
}

// next gives the number of one behind a number that waits for the reviewer, else of any.
func (q Queue) next(number string) (out string) {
	for _, i := range q.Items {
		if i.Scored || i.Known || i.Number == number {
			continue
		}
		if i.Number > number {
			return i.Number
		}
		if out == "" {
			out = i.Number
		}
	}
	return out
}

// Read gives one application to a reviewer, without a name, and notes for its person that it
// was read so. What others gave it is there once the reviewer's own score stands.
//
// Faults: Forbidden; NotFound when nothing with the number waits to be decided.
func (m *Service) Read(ctx context.Context, tx *storage.Tx, actor may, say *i18n.Printer, activity storage.ID, number string) (q Queue, b Blind, err error) {
	if q, err = m.QueueOf(ctx, tx, actor, activity); err != nil {
		return q, b, err
	}
	item, err := q.find(number)
	if err != nil {
		return q, b, err
	}
	b.Number, b.Next = item.Number, q.next(item.Number)
	form, err := m.AnsweredForm(ctx, tx, q.Activity, item.app)
	if err != nil {
		return q, b, err
	}
	answers, err := m.AnswersOf(ctx, tx, item.app)
	if err != nil {
		return q, b, err
	}
	person, err := m.People.ByID(ctx, tx, item.app.Person)
	if err != nil {
		return q, b, err
	}
	with, err := m.CompanionOf(ctx, tx, item.app)
	if err != nil {
		return q, b, err
	}
	b.Companion = with.Stands == seats.Paired
	names := []string{person.FullName, person.AddressAs, person.CertificateName.Ky, person.CertificateName.Ru, person.CertificateName.En}
	for _, one := range form.Shown(say, answers) {
		question, there := form.Question(one.Key)
		if one.File || !there || !slices.Contains(q.Rubric.Shown, one.Key) || len(Showable(forms.Form{Questions: []forms.Question{question}})) == 0 {
			continue
		}
		b.Answers = append(b.Answers, Answer{Question: one.Label, Words: masked(one.Words, names...)})
	}
	all, err := m.scoresOf(ctx, tx, item.app)
	if err != nil {
		return q, b, err
	}
	for _, s := range all {
		if s.reviewer == actor.Person {
			b.Own = s
		}
	}
	if b.Own.Version > 0 && !b.Own.Known {
		for _, s := range all {
			if s.reviewer != actor.Person && !s.Known {
				s.reviewer, s.ID, s.Version = storage.ID{}, storage.ID{}, 0
				b.Others = append(b.Others, s)
			}
		}
	}
	return q, b, audit.Looked(ctx, tx, audit.Looks{Reader: actor.Person, Persons: []storage.ID{item.app.Person}, Action: "seminars.audit.read_blind", Object: q.Activity.ID})
}
