package sheets

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/profile"
)

// SetAmounts sets what is paid for a day and for the way from each city.
type SetAmounts struct {
	Actor    access.Actor
	Activity storage.ID
	Day      string            // som, as it was typed; empty for nothing
	City     map[string]string // the same by the code of a city; empty takes the fare away
	Version  int64             // of the amounts that were shown
}

// SetAmounts keeps them. Cities that are not named keep their fares.
//
// Faults: Forbidden; NotFound; Invalid, with faults at "day" and "city_CODE"; Conflict when
// somebody else has changed them since they were shown.
func (m *Module) SetAmounts(ctx context.Context, tx *storage.Tx, cmd SetAmounts) error {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(seats.MaySetUp, seats.ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	var form fault.Form
	day, fares := int64(0), map[string]int64{}
	if cmd.Day != "" {
		som, ok := readSom(cmd.Day)
		if day = som; !ok {
			wrongSom(&form, "day")
		}
	}
	lists := m.People.Lists()
	for city, text := range cmd.City {
		if _, known := lists.City(city); !known && city != profile.Other {
			return fault.At("city", "fault.not_a_choice")
		}
		if text == "" {
			continue
		}
		som, ok := readSom(text)
		if fares[city] = som; !ok {
			wrongSom(&form, "city_"+city)
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	if err := m.keepDay(ctx, tx, cmd, day); err != nil {
		return err
	}
	for city := range cmd.City {
		if _, err := tx.Exec(ctx, `DELETE FROM sheet_city_fare WHERE activity_id = $1 AND city = $2`, a.ID, city); err != nil {
			return err
		}
		if som, set := fares[city]; set {
			if _, err := tx.Exec(ctx, `INSERT INTO sheet_city_fare (activity_id, city, som) VALUES ($1, $2, $3)`, a.ID, city, som); err != nil {
				return err
			}
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "sheets.audit.amounts", Object: a.ID})
}

// keepDay writes the amount of a day and counts the version up, once for what was shown.
func (m *Module) keepDay(ctx context.Context, tx *storage.Tx, cmd SetAmounts, day int64) error {
	query := `INSERT INTO sheet_amount (activity_id, day_som, changed_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (activity_id) DO NOTHING`
	args := []any{cmd.Activity, day, storage.Micros(tx.Now)}
	if cmd.Version > 0 {
		query = `UPDATE sheet_amount
			SET day_som = $2, changed_at = $3, version = version + 1
			WHERE activity_id = $1 AND version = $4`
		args = append(args, cmd.Version)
	}
	n, err := tx.Exec(ctx, query, args...)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "sheets.fault.changed")
	}
	return err
}
