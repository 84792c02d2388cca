package seats

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Applications whose persons share a contact may be one person twice, or a family with
// one phone. They stand together in the list and have one number in the export's column
// of contacts, so that a draw (ashar select --household) takes one of them, until staff
// say that they are two people.

// together finds who shares a contact and brings them together, each group where its
// first stands.
func (m *Service) together(ctx context.Context, tx *storage.Tx, list []Applicant) ([]Applicant, error) {
	ids := make([]storage.ID, len(list))
	for i, a := range list {
		ids[i] = a.Person
	}
	of, err := m.People.Sharing(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	size := map[storage.ID]int{}
	for _, a := range list {
		size[of[a.Person]]++
	}
	first := map[storage.ID]int{}
	for i := range list {
		group := of[list[i].Person]
		if _, seen := first[group]; !seen {
			first[group] = i
		}
		if size[group] > 1 {
			list[i].Group, list[i].Sharers = group, size[group]
		}
	}
	slices.SortStableFunc(list, func(a, b Applicant) int { return first[of[a.Person]] - first[of[b.Person]] })
	return list, nil
}

// Apart says that applicants who share a contact are different people.
type Apart struct {
	Activity     storage.ID
	Actor        access.Actor
	Applications []string // ids
}

// KeepApart notes it for each two of them. Forbidden; NotFound when one is no
// application of the activity; Invalid for fewer than two, or more than twenty.
func (m *Service) KeepApart(ctx context.Context, tx *storage.Tx, cmd Apart) error {
	a, err := m.ActivityByID(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(MaySelect, ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if len(cmd.Applications) < 2 || len(cmd.Applications) > 20 {
		return fault.New(fault.Invalid, "forms.fault.choice")
	}
	var persons []storage.ID
	for _, text := range cmd.Applications {
		id, err := storage.ParseID(text)
		if err != nil {
			return fault.New(fault.NotFound, "seminars.fault.application")
		}
		app, err := ApplicationByID(ctx, tx, id)
		if err == nil && app.Activity != cmd.Activity {
			err = fault.New(fault.NotFound, "seminars.fault.application")
		}
		if err != nil {
			return err
		}
		persons = append(persons, app.Person)
	}
	for i, a := range persons {
		for _, b := range persons[i+1:] {
			if a == b {
				continue
			}
			if err := m.People.KeepApart(ctx, tx, cmd.Actor.Person, a, b); err != nil {
				return err
			}
		}
	}
	return nil
}
