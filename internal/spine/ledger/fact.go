package ledger

import (
	"cmp"
	"context"
	"crypto/rand"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Kind names what happened, "seminars.attended". A module declares its kinds.
type Kind string

// Profile is what was known of the person, as of that day. Empty fields are unknown.
type Profile struct {
	Sex     string // a code of spine/profile, as AgeBand, Group and Level are
	AgeBand string
	City    string // key of a city, or profile.Other
	Group   string // the house may add to these
	Level   string // kenesh of a deputy; the house may add to these, too
}

// Fact is one thing that happened. Subject is a random number that only people
// can link to a person; erasing the person cuts the link and keeps the fact.
// Value below zero takes back a fact of the same kind, activity, subject and day.
type Fact struct {
	Day      Day // on which it happened, not on which it was written
	Kind     Kind
	Activity storage.ID
	Subject  storage.ID
	Value    int64
	Profile  Profile
}

// Record writes a fact in the transaction. Day is that of what happened, also
// when it is known late; without one it is the day of the transaction. The
// profile is as of that day.
func Record(ctx context.Context, tx *storage.Tx, f Fact) error {
	if f.Day == "" {
		f.Day = DayOf(tx.Now)
	}
	var id storage.ID
	rand.Read(id[:]) // all of it: the ids of others tell the time
	_, err := tx.Exec(ctx, `INSERT INTO fact (id, day, kind, activity_id, subject, value, sex, age_band, city, person_group, level)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		id, string(f.Day), string(f.Kind), f.Activity, f.Subject, f.Value,
		f.Profile.Sex, f.Profile.AgeBand, f.Profile.City, f.Profile.Group, f.Profile.Level)
	return err
}

// factColumns are those that scanFact reads: all that a fact says.
const factColumns = `day, kind, activity_id, subject, value, sex, age_band, city, person_group, level`

func scanFact(row storage.Scanner) (f Fact, err error) {
	err = row.Scan(&f.Day, &f.Kind, &f.Activity, &f.Subject, &f.Value,
		&f.Profile.Sex, &f.Profile.AgeBand, &f.Profile.City, &f.Profile.Group, &f.Profile.Level)
	return f, err
}

// Compare orders facts by what they say, earlier days first: the only order
// that facts have.
func Compare(a, b Fact) int {
	return cmp.Or(
		cmp.Compare(a.Day, b.Day),
		cmp.Compare(a.Kind, b.Kind),
		compareIDs(a.Activity, b.Activity),
		compareIDs(a.Subject, b.Subject),
		cmp.Compare(b.Value, a.Value), // first what happened, then what takes it back
		compareProfiles(a.Profile, b.Profile),
	)
}
