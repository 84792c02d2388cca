package timetable

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// MostKept is how many times the messages of one template are set.
const MostKept = 500

// MayKeep reports whether somebody may say how the messages of what is made of the template of
// an activity begin: who plans the whole programme.
func MayKeep(actor access.Actor, a seats.Activity) bool {
	return !a.Template.IsZero() && actor.May(programme.MayPlan, access.Scope{Programme: a.Programme})
}

// Keep lets what is made of the template of an activity from now on begin with its messages as
// they are set here. What was made before stays as it is. It reports how many messages were
// set anew.
//
// Faults: Forbidden; NotFound when the template is gone; Limited beyond MostKept.
func (m *Service) Keep(ctx context.Context, tx *storage.Tx, actor access.Actor, activity storage.ID) (count int, err error) {
	a, err := m.Schedule().Held(ctx, tx, activity)
	if err != nil {
		return 0, err
	}
	if err := allowed(actor, a); err != nil {
		return 0, err
	}
	if !MayKeep(actor, a) {
		return 0, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if _, err := programme.HeldTemplate(ctx, tx, a.Template); err != nil {
		return 0, err
	}
	here, err := seats.SettingsOf(ctx, tx, a)
	if err != nil {
		return 0, err
	}
	next := a
	next.ID, next.Made = storage.ID{}, tx.Now // what would be made now
	there, err := seats.SettingsOf(ctx, tx, next)
	if err != nil {
		return 0, err
	}
	kept := 0
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM automatic_default WHERE template_id = $1`, a.Template).Scan(&kept); err != nil {
		return 0, err
	}
	var who any
	if !actor.Person.IsZero() {
		who = actor.Person
	}
	for _, s := range sorted(here) {
		if before, ok := there[s.Message]; ok && before.Same(s) {
			continue
		}
		if kept++; kept > MostKept {
			return 0, fault.New(fault.Limited, "seminars.timetable.fault.kept", fault.Args{"count": MostKept})
		}
		own, err := json.Marshal(s.Own)
		if err != nil {
			return 0, err
		}
		words, err := json.Marshal(s.Words)
		if err != nil {
			return 0, err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO automatic_default (template_id, message, changed_at, is_off, days, minute, own, by_person, words)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (template_id, message, changed_at) DO UPDATE
			SET is_off = excluded.is_off, days = excluded.days, minute = excluded.minute, own = excluded.own, words = excluded.words, by_person = excluded.by_person`,
			a.Template, s.Message, storage.Micros(tx.Now), s.Off, s.Days, s.Minute, string(own), who, string(words)); err != nil {
			return 0, err
		}
		count++
	}
	if count == 0 {
		return 0, nil
	}
	return count, audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "seminars.audit.timetable_kept", Object: a.ID})
}

func sorted(settings map[string]seats.Setting) (out []seats.Setting) {
	for _, s := range settings {
		out = append(out, s)
	}
	slices.SortFunc(out, func(x, y seats.Setting) int { return strings.Compare(x.Message, y.Message) })
	return out
}
