package selection

import (
	"context"
	"encoding/json"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// SaveRules gives an activity rules.
type SaveRules struct {
	Actor    may
	Activity storage.ID
	Rules    Rules
	Version  int64 // of the rules that were changed, 0 for the first
}

// SaveRules keeps rules for the next draw, also such as cannot be met together: Check says
// so. What was drawn keeps the rules by which it was drawn. With the first rules the house
// fixes its part of the seed of the first draw.
//
// Faults: Forbidden; those of seats.MayInvite and of the rules; Conflict when somebody else
// changed them since, or while a step waits.
func (m *Service) SaveRules(ctx context.Context, tx *storage.Tx, cmd SaveRules) error {
	a, err := m.held(ctx, tx, cmd.Actor, cmd.Activity)
	if err != nil {
		return err
	}
	if err := notWaiting(ctx, tx, a.ID); err != nil {
		return err
	}
	form, err := m.FormOf(ctx, tx, a)
	if err != nil {
		return err
	}
	if err := cmd.Rules.check(form); err != nil {
		return err
	}
	text, err := json.Marshal(cmd.Rules)
	if err != nil {
		return err
	}
	var n int64
	if cmd.Version == 0 {
		n, err = tx.Exec(ctx, `INSERT INTO selection_rules (activity_id, rules, version, changed_at, changed_by)
			VALUES ($1, $2, 1, $3, $4)
			ON CONFLICT (activity_id) DO NOTHING`, a.ID, string(text), storage.Micros(tx.Now), cmd.Actor.Person)
	} else {
		n, err = tx.Exec(ctx, `UPDATE selection_rules
			SET rules = $2, version = version + 1, changed_at = $3, changed_by = $4
			WHERE activity_id = $1 AND version = $5`, a.ID, string(text), storage.Micros(tx.Now), cmd.Actor.Person, cmd.Version)
	}
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "seminars.selection.fault.rules")
	}
	if err != nil {
		return err
	}
	last, _, err := lastDraw(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	if err := m.fixSeed(ctx, tx, a.ID, last.Number+1); err != nil {
		return err
	}
	m.News(tx, a.ID)
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "seminars.audit.rules", Object: a.ID})
}
