package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// leavePurpose opens the page on which somebody leaves the press list.
const leavePurpose = "newsroom/leave"

// LeaveList takes the address that a letter went to off the press list. Whoever holds the
// letter may; nothing but that is done or told. Gone, NotFound for another token.
func (m *Module) LeaveList(ctx context.Context, tx *storage.Tx, token string) error {
	link, err := m.People.PeekLink(ctx, tx, token, leavePurpose)
	if err != nil {
		return err
	}
	p, err := m.People.ByID(ctx, tx, link.Person)
	if err != nil {
		return err
	}
	all := []people.Person{p}
	holds, err := m.People.HasProven(ctx, tx, p.ID, people.EmailContact, p.Email)
	if err != nil {
		return err
	}
	if holds { // who subscribed twice leaves once; an address that is only typed speaks for nobody else
		if all, err = m.People.WithContact(ctx, tx, people.EmailContact, p.Email); err != nil {
			return err
		}
	}
	for _, one := range all {
		if one.ID != p.ID {
			if proven, err := m.People.HasProven(ctx, tx, one.ID, people.EmailContact, p.Email); err != nil {
				return err
			} else if !proven {
				continue
			}
		}
		agrees, err := m.People.Agrees(ctx, tx, one.ID, ListConsent)
		if err != nil {
			return err
		}
		if !agrees {
			continue
		}
		if err := m.People.Consent(ctx, tx, people.SayConsent{Person: one.ID, Purpose: ListConsent, Lang: one.Lang}); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: one.ID, Person: one.ID, Action: "newsroom.audit.left"}); err != nil {
			return err
		}
	}
	return nil
}
