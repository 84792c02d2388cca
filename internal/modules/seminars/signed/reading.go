package signed

import (
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
)

const (
	// MostGuests bounds who stands on a sheet.
	MostGuests = 500
	// MostDays bounds the days of an activity that have sheets.
	MostDays = 31
	// MostBelow bounds the signatures of people who are not on the list.
	MostBelow = 500
	// doorsOpen is how long before a day begins somebody may have signed.
	doorsOpen = time.Hour
)

// Reading is what one person read on a signed sheet.
type Reading struct {
	ID      storage.ID
	Place   int        // 1 or 2
	Reader  storage.ID // zero when she was erased since
	Alone   bool       // the second reading, by who did the first
	Below   int        // signatures of people who are not on the list
	Begun   time.Time
	Done    time.Time // zero while it goes on
	Version int64
	Signed  map[storage.ID]bool // by application
}

// Taken is what a sheet came to.
type Taken struct {
	At      time.Time
	By      storage.ID
	Signed  int // who signed, of the list
	Below   int
	Missing int // who was noted as missing by it
}

// day is one day of an activity that has a sheet.
type day struct {
	Day      ledger.Day
	On       time.Time // an instant of it, within the hours of the activity
	Readings [2]*Reading
	Decided  map[storage.ID]bool
	Taken    *Taken
}

// both reports whether both readings are done.
func (d day) both() bool {
	return d.Readings[0] != nil && d.Readings[1] != nil && !d.Readings[0].Done.IsZero() && !d.Readings[1].Done.IsZero()
}

// differs reports whether the two readings say different things of an application.
func (d day) differs(app storage.ID) bool {
	return d.Readings[0].Signed[app] != d.Readings[1].Signed[app]
}

// says is what the two readings and the decisions come to; open when they differ and nobody
// has decided.
func (d day) says(app storage.ID) (signed, open bool) {
	if !d.differs(app) {
		return d.Readings[0].Signed[app], false
	}
	signed, decided := d.Decided[app]
	return signed, !decided
}

// guest is somebody on the list.
type guest struct {
	seats.Application
	Name string
}

// daysOf are the days of an activity, each with an instant within its hours.
func daysOf(a seats.Activity) (out []day) {
	begin := a.Starts.In(i18n.Bishkek())
	for _, midnight := range seats.DaysOf(a, MostDays) {
		on := time.Date(midnight.Year(), midnight.Month(), midnight.Day(), begin.Hour(), begin.Minute(), 0, 0, i18n.Bishkek())
		if on.Before(a.Starts) {
			on = a.Starts
		}
		if on.After(a.Ends) {
			on = a.Ends
		}
		out = append(out, day{Day: ledger.DayOf(midnight), On: on})
	}
	return out
}

// begun reports whether people may have signed on a day.
func (d day) begun(now time.Time) bool { return !now.Before(d.On.Add(-doorsOpen)) }

// find gives the day of a code, NotFound when the activity has none such.
func find(days []day, code ledger.Day) (int, error) {
	i := slices.IndexFunc(days, func(d day) bool { return d.Day == code })
	if i < 0 {
		return 0, fault.New(fault.NotFound, "signed.fault.day")
	}
	return i, nil
}

// held reads and holds an activity whose sheets may be keyed in by who asks.
func (m *Module) held(ctx context.Context, tx *storage.Tx, actor access.Actor, needs access.Permission, activity storage.ID) (a seats.Activity, err error) {
	if a, err = m.Schedule().Held(ctx, tx, activity); err != nil {
		return a, err
	}
	return a, may(actor, needs, a)
}

func may(actor access.Actor, needs access.Permission, a seats.Activity) error {
	switch {
	case !actor.May(needs, seats.ScopeOf(a)):
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	case a.State == "cancelled":
		return fault.New(fault.Gone, "seminars.fault.cancelled")
	case a.State != "published":
		return fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return nil
}

// guests are those who hold a seat, and whoever signed by one of the readings, by name.
// TooLarge with more than MostGuests.
func (m *Module) guests(ctx context.Context, tx *storage.Tx, a seats.Activity, d day) (out []guest, err error) {
	apps, err := seats.ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	apps = slices.DeleteFunc(apps, func(app seats.Application) bool {
		return !app.State.HoldsSeat() && !slices.ContainsFunc(d.Readings[:], func(r *Reading) bool { return r != nil && r.Signed[app.ID] })
	})
	if len(apps) > MostGuests {
		return nil, fault.New(fault.TooLarge, "signed.fault.many", fault.Args{"people": len(apps), "most": MostGuests})
	}
	ids := make([]storage.ID, len(apps))
	for i, app := range apps {
		ids[i] = app.Person
	}
	names, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for _, app := range apps {
		out = append(out, guest{app, names[app.Person].FullName})
	}
	slices.SortFunc(out, func(x, y guest) int { return i18n.CompareNames(x.Name, y.Name) })
	return out, nil
}

// readDays reads what is known of the sheets of an activity.
func readDays(ctx context.Context, tx *storage.Tx, a seats.Activity) ([]day, error) {
	days := daysOf(a)
	at := map[ledger.Day]*day{}
	for i := range days {
		days[i].Decided = map[storage.ID]bool{}
		at[days[i].Day] = &days[i]
	}
	readings := map[storage.ID]*Reading{}
	if _, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		r := &Reading{Signed: map[storage.ID]bool{}}
		var code string
		var begun, done int64
		err := row.Scan(&r.ID, &code, &r.Place, &r.Reader, &r.Alone, &r.Below, &begun, &done, &r.Version)
		r.Begun, r.Done = storage.Instant(begun), storage.Instant(done)
		if d := at[ledger.Day(code)]; d != nil { // a day that the activity has left since has no sheet
			d.Readings[r.Place-1], readings[r.ID] = r, r
		}
		return struct{}{}, err
	}, `SELECT id, day, place, reader, alone, below, begun_at, done_at, version
		FROM signed_reading
		WHERE activity_id = $1`, a.ID); err != nil {
		return nil, err
	}
	if _, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var reading, app storage.ID
		err := row.Scan(&reading, &app)
		if r := readings[reading]; r != nil {
			r.Signed[app] = true
		}
		return struct{}{}, err
	}, `SELECT k.reading_id, k.application_id
		FROM signed_mark k
		JOIN signed_reading r ON r.id = k.reading_id
		WHERE r.activity_id = $1`, a.ID); err != nil {
		return nil, err
	}
	if _, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var code string
		var app storage.ID
		var signed bool
		err := row.Scan(&code, &app, &signed)
		if d := at[ledger.Day(code)]; d != nil {
			d.Decided[app] = signed
		}
		return struct{}{}, err
	}, `SELECT day, application_id, signed
		FROM signed_decision
		WHERE activity_id = $1`, a.ID); err != nil {
		return nil, err
	}
	_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var code string
		var taken int64
		t := &Taken{}
		err := row.Scan(&code, &taken, &t.By, &t.Signed, &t.Below, &t.Missing)
		t.At = storage.Instant(taken)
		if d := at[ledger.Day(code)]; d != nil {
			d.Taken = t
		}
		return struct{}{}, err
	}, `SELECT day, taken_at, taken_by, signed, below, missing
		FROM signed_day
		WHERE activity_id = $1`, a.ID)
	return days, err
}
