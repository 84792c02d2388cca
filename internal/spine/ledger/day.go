package ledger

import (
	"context"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Day is a day as a calendar in Bishkek shows it, "2026-03-01"; empty is none.
// Of two days the earlier is the smaller text.
type Day string

// DayOf gives the day in which an instant lies; empty for the zero instant.
func DayOf(at time.Time) Day {
	if at.IsZero() {
		return ""
	}
	return Day(at.In(i18n.Bishkek()).Format(time.DateOnly))
}

// ParseDay reads "2026-03-01".
func ParseDay(s string) (Day, error) {
	t, err := time.ParseInLocation(time.DateOnly, s, i18n.Bishkek())
	if err != nil {
		return "", fmt.Errorf("read a day: %w", err)
	}
	return DayOf(t), nil
}

// AnySince reports whether a fact is of a day or of a later one.
func AnySince(ctx context.Context, tx *storage.Tx, day Day) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM fact WHERE day >= $1 LIMIT 1) AS since`, string(day)).Scan(&n)
	return n > 0, err
}

// Noon gives an instant in the middle of the day, to be shown as a date; zero for no day.
func (d Day) Noon() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), i18n.Bishkek())
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}
