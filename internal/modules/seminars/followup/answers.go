package followup

import (
	"bytes"
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
)

// MostRows bounds the people of one page of answers.
const MostRows = 500

// Row is what one person answered.
type Row struct {
	Asking
	people.Details
	Form    forms.Form // that she answered
	Answers forms.Answers
}

// Answers lists by name who answered what, and notes it in the log of each. Of who has no seat
// any more nothing is shown.
//
// Faults: Forbidden; TooLarge with more than MostRows.
func (m *Module) Answers(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity) ([]Row, error) {
	if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return nil, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	all, err := seated(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s seat) bool { return s.Answered.IsZero() })
	if len(all) > MostRows {
		return nil, fault.New(fault.TooLarge, "followup.fault.many", fault.Args{"count": len(all), "most": MostRows})
	}
	ids := make([]storage.ID, len(all))
	for i, k := range all {
		ids[i] = k.App.Person
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Row, len(all))
	for i, k := range all {
		out[i] = Row{Asking: k.Asking, Details: persons[k.App.Person].Details}
		if out[i].Form, out[i].Answers, err = m.answered(ctx, tx, a, k.App.Person, k.kept); err != nil {
			return nil, err
		}
	}
	byName(out)
	return out, audit.Looked(ctx, tx, audit.Looks{Reader: actor.Person, Persons: ids, Action: "followup.audit.read", Object: a.ID})
}

func byName(list []Row) {
	slices.SortStableFunc(list, func(x, y Row) int {
		return bytes.Compare(i18n.CollationKey(x.FullName), i18n.CollationKey(y.FullName))
	})
}

// Standing is how far the questions of an activity are answered.
type Standing struct {
	Activity seats.Activity
	Rules    Rules
	Seats    int   // who has a seat
	Answered int   // of these
	Missing  []Row // who has not and still may, by name
	Today    int   // of Missing, who was written to today
}

// StandingOf tells it, and notes in the log of each who is named.
//
// Faults: Forbidden; TooLarge with more than MostRows missing.
func (m *Module) StandingOf(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity) (s Standing, err error) {
	s.Activity = a
	if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return s, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if s.Rules, err = RulesOf(ctx, tx, a.ID); err != nil {
		return s, err
	}
	all, err := seated(ctx, tx, a)
	if err != nil {
		return s, err
	}
	s.Seats = len(all)
	for _, k := range all {
		if !k.Answered.IsZero() {
			s.Answered++
		}
	}
	list, err := m.missing(ctx, tx, a, s.Rules)
	if err != nil {
		return s, err
	}
	if len(list) > MostRows {
		return s, fault.New(fault.TooLarge, "followup.fault.many", fault.Args{"count": len(list), "most": MostRows})
	}
	ids := make([]storage.ID, len(list))
	for i, k := range list {
		ids[i] = k.App.Person
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return s, err
	}
	for _, k := range list {
		if sameDay(k.Asked, tx.Now) {
			s.Today++
		}
		s.Missing = append(s.Missing, Row{Asking: k, Details: persons[k.App.Person].Details})
	}
	byName(s.Missing)
	return s, audit.Looked(ctx, tx, audit.Looks{Reader: actor.Person, Persons: ids, Action: "followup.audit.missing", Object: a.ID})
}
