// Package ledger keeps participation facts: who did what, when. Append-only;
// every indicator is computed from facts alone.
package ledger

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Kind names what happened, "seminars.attended". A module declares its kinds.
type Kind string

// Profile is what was known of the person at that time. Empty fields are unknown.
type Profile struct {
	Sex     string // female, male, undisclosed
	AgeBand string // 14-17, 18-24, 25-34, 35-44, 45-59, 60+
	City    string // key of a city, or "other"
	Group   string // deputies, activists, media, other
	Level   string // kenesh of a deputy: jogorku, city, village
}

// Fact is one thing that happened. Subject is a random number that only people
// can link to a person; erasing the person cuts the link and keeps the fact.
type Fact struct {
	ID       storage.ID
	At       time.Time
	Kind     Kind
	Activity storage.ID
	Subject  storage.ID
	Value    int64
	Profile  Profile
}

// Record writes a fact in the transaction; ID and At are set when they are empty.
func Record(ctx context.Context, tx *storage.Tx, f Fact) error {
	if f.ID.IsZero() {
		f.ID = tx.NewID()
	}
	if f.At.IsZero() {
		f.At = tx.Now
	}
	_, err := tx.Exec(ctx, `INSERT INTO fact (id, at, kind, activity_id, subject, value, sex, age_band, city, person_group, level)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		f.ID, storage.Micros(f.At), string(f.Kind), f.Activity, f.Subject, f.Value,
		f.Profile.Sex, f.Profile.AgeBand, f.Profile.City, f.Profile.Group, f.Profile.Level)
	return err
}
