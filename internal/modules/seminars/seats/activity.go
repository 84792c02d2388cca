package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// Activity is anything in the calendar of the programme.
type Activity = programme.Activity

// Calendar is what the module asks of the calendar.
type Calendar interface {
	BySlug(ctx context.Context, tx *storage.Tx, slug string) (Activity, error)
	ByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error)
	// Held is ByID, and nobody changes the activity until the transaction ends.
	Held(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error)
	List(ctx context.Context, tx *storage.Tx) ([]Activity, error)
	// Bare is List without the words, for what is asked with every page.
	Bare(ctx context.Context, tx *storage.Tx) ([]Activity, error)
	Cities(ctx context.Context, tx *storage.Tx) ([]string, error) // keys
	// SetCapacity writes the number of seats beside the activity: there is one number.
	SetCapacity(ctx context.Context, tx *storage.Tx, id storage.ID, seats int) error
	// EndApplications ends the time of applications now.
	EndApplications(ctx context.Context, tx *storage.Tx, id storage.ID) error
}

// programmeCalendar is the calendar of spine/programme.
type programmeCalendar struct{ lists func() *profile.Lists }

func (programmeCalendar) BySlug(ctx context.Context, tx *storage.Tx, slug string) (Activity, error) {
	return programme.BySlug(ctx, tx, slug)
}

func (programmeCalendar) ByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error) {
	return programme.ByID(ctx, tx, id)
}

func (programmeCalendar) Held(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error) {
	return programme.Held(ctx, tx, id)
}

func (programmeCalendar) List(ctx context.Context, tx *storage.Tx) ([]Activity, error) {
	return programme.All(ctx, tx, programme.Filter{})
}

func (programmeCalendar) Bare(ctx context.Context, tx *storage.Tx) ([]Activity, error) {
	return programme.All(ctx, tx, programme.Filter{Bare: true})
}

func (programmeCalendar) SetCapacity(ctx context.Context, tx *storage.Tx, id storage.ID, seats int) error {
	return programme.SetCapacity(ctx, tx, id, seats)
}

func (programmeCalendar) EndApplications(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	return programme.EndApplications(ctx, tx, id)
}

func (c programmeCalendar) Cities(context.Context, *storage.Tx) ([]string, error) {
	var out []string
	for _, city := range c.lists().Cities() {
		out = append(out, city.Code)
	}
	return out, nil
}
