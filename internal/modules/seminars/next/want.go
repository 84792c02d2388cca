package next

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// Kinds are the kinds of activities that somebody may ask for; AnyKind is all of them.
var Kinds = []string{AnyKind, programme.Seminar, programme.Discussion}

// AnyKind is a wish for whatever comes.
const AnyKind = "any"

func kindNames() []string { return Kinds }

// Wish is what somebody asked to be told of.
type Wish struct {
	City string // code
	Kind string // of Kinds
	Made int64  // microseconds
}

// Want asks to be told of the next activity in a city. What is open there already she sees
// herself and is not told of. Once more for the same city changes the kind.
type Want struct {
	Actor      access.Actor
	City, Kind string
}

// Want keeps the wish.
//
// Faults: Forbidden for who is not signed in; those of the fields.
func (m *Module) Want(ctx context.Context, tx *storage.Tx, cmd Want) error {
	if !cmd.Actor.SignedIn() {
		return fault.New(fault.Forbidden, "next.fault.sign_in")
	}
	cities, err := m.Schedule().Cities(ctx, tx)
	if err != nil {
		return err
	}
	var form fault.Form
	form.Check(slices.Contains(cities, cmd.City), "city", "next.fault.city")
	form.Check(slices.Contains(Kinds, cmd.Kind), "kind", "next.fault.kind")
	if err := form.Err(); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO next_wish (person_id, city, kind, made_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id, city) DO UPDATE
		SET kind = $3`, cmd.Actor.Person, cmd.City, cmd.Kind, storage.Micros(tx.Now)); err != nil {
		return err
	}
	open, err := m.open(ctx, tx)
	if err != nil {
		return err
	}
	for _, a := range open {
		if a.City != cmd.City {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO next_told (person_id, activity_id, at)
			VALUES ($1, $2, 0)
			ON CONFLICT (person_id, activity_id) DO NOTHING`, cmd.Actor.Person, a.ID); err != nil {
			return err
		}
	}
	if err := planLook(ctx, tx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: cmd.Actor.Person, Action: "next.audit.wants"})
}

// Stop takes back the wish for a city, or all wishes of a person where city is empty. Nothing
// happens where there is none.
func (m *Module) Stop(ctx context.Context, tx *storage.Tx, person storage.ID, city string) error {
	n, err := tx.Exec(ctx, `DELETE FROM next_wish WHERE person_id = $1 AND ($2 = '' OR city = $2)`, person, city)
	if err != nil || n == 0 {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "next.audit.stopped"})
}

// WishesOf lists what somebody asked for, the oldest first.
func WishesOf(ctx context.Context, tx *storage.Tx, person storage.ID) ([]Wish, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (w Wish, err error) {
		err = row.Scan(&w.City, &w.Kind, &w.Made)
		return w, err
	}, `SELECT city, kind, made_at
		FROM next_wish
		WHERE person_id = $1
		ORDER BY made_at, city`, person)
}

// mostOpen bounds the activities that are looked at, far more than a programme has ahead.
const mostOpen = 1000

// open lists the activities to which anybody may apply now, the nearest first.
func (m *Module) open(ctx context.Context, tx *storage.Tx) ([]seats.Activity, error) {
	all, err := programme.All(ctx, tx, programme.Filter{State: programme.Published, From: tx.Now})
	if err != nil {
		return nil, err
	}
	all = all[:min(len(all), mostOpen)]
	var out []seats.Activity
	for _, a := range all {
		if a.City == "" || !slices.Contains(Kinds, a.Kind) {
			continue
		}
		s, err := seats.SeatsOf(ctx, tx, a)
		if err != nil {
			return nil, err
		}
		if seats.AdmissionOf(a, s, tx.Now) == seats.Open {
			out = append(out, a)
		}
	}
	return out, nil
}
