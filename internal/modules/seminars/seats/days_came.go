package seats

import (
	"context"
	"maps"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// DaysOf lists the local days of an activity, each by its midnight in Bishkek; none while
// it has no day, and at most so many.
func DaysOf(a Activity, most int) (days []time.Time) {
	if a.Starts.IsZero() {
		return nil
	}
	last := a.Ends
	if last.Before(a.Starts) {
		last = a.Starts
	}
	y, m, d := a.Starts.In(i18n.Bishkek()).Date()
	for i := range most {
		day := time.Date(y, m, d+i, 0, 0, 0, 0, i18n.Bishkek())
		if i > 0 && !day.Before(last) { // an evening that ends at midnight is one day
			break
		}
		days = append(days, day)
	}
	return days
}

// DaysCame tells on how many days of an activity each who attended it was there: those with
// an entry at the door that was not undone, or of which a signed sheet says so. Who is known
// from a list without a day alone, or whose day the activity has left since, came on one. Only applications that are attended have a place.
func DaysCame(ctx context.Context, tx *storage.Tx, a Activity, apps []Application) (map[storage.ID]int, error) {
	const longest = 366
	of := map[ledger.Day]bool{}
	for _, day := range DaysOf(a, longest) {
		of[ledger.DayOf(day)] = true
	}
	days, err := scannedDays(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, on := range days {
		maps.DeleteFunc(on, func(day ledger.Day, _ bool) bool { return !of[day] })
	}
	signed, err := SignedDays(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	for app, on := range signed {
		for _, day := range on {
			if !of[day] {
				continue
			}
			if days[app] == nil {
				days[app] = map[ledger.Day]bool{}
			}
			days[app][day] = true
		}
	}
	out := map[storage.ID]int{}
	for _, app := range apps {
		if app.State == Attended {
			out[app.ID] = max(1, len(days[app.ID]))
		}
	}
	return out, nil
}

// scannedDays gives, by application of an activity, the days with an entry at the door that
// was not undone.
func scannedDays(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[storage.ID]map[ledger.Day]bool, error) {
	days := map[storage.ID]map[ledger.Day]bool{}
	_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var app storage.ID
		var m Mark
		if err := row.Scan(&app, &m.At, &m.UndoneAt); err != nil {
			return struct{}{}, err
		}
		if m.UndoneAt == 0 || !MayUndo(m.At, m.UndoneAt) {
			if days[app] == nil {
				days[app] = map[ledger.Day]bool{}
			}
			days[app][ledger.DayOf(storage.Instant(m.At))] = true
		}
		return struct{}{}, nil
	}, `SELECT s.application_id, s.at, `+UndoneAt+`
		FROM scan s
		WHERE s.activity_id = $1 AND s.application_id IS NOT NULL AND s.kind = 'in' AND s.valid = TRUE`, activity)
	return days, err
}

// ScannedOn gives the applications of an activity with an entry at the door on a day that was
// not undone.
func ScannedOn(ctx context.Context, tx *storage.Tx, activity storage.ID, day ledger.Day) (map[storage.ID]bool, error) {
	days, err := scannedDays(ctx, tx, activity)
	out := map[storage.ID]bool{}
	for app, on := range days {
		if on[day] {
			out[app] = true
		}
	}
	return out, err
}
