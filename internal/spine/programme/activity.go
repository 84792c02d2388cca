package programme

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// The kinds of activities.
const (
	Seminar     = "seminar"
	Discussion  = "discussion"
	Brainstorm  = "brainstorm"
	Coworking   = "coworking"
	Publication = "publication"
)

// The states of an activity.
const (
	Draft     = "draft"
	Published = "published"
	Cancelled = "cancelled"
)

// Activity is anything in the calendar.
type Activity struct {
	ID, Programme, Template storage.ID
	Slug, Kind, State       string
	Title, Summary          i18n.Text
	Description             i18n.Text
	Venue, Address          i18n.Text
	Directions              i18n.Text
	City                    string // key of a city, empty when online
	Lat, Lon                float64
	Online                  bool
	Starts, Ends            time.Time
	Opens, Deadline         time.Time // of applications
	Capacity                int       // of who applies; 0: nobody has to apply, see ByApplication
	Group                   string    // for whom: deputies, activists, media, empty for all
	InvitationOnly          bool
	Languages               []string
	Facilitator             storage.ID
	FacilitatorNumber       int       // of a programme file whose facilitators are not people yet
	Gain                    i18n.Text // what a participant takes home
	Subject                 i18n.Text // of a discussion
	Agenda                  []Session
	TemplateKey             string    // of a programme file; not stored
	Line                    int       // of a programme file; not stored
	Relative                bool      // its day is counted from today in the file; not stored
	Reason                  i18n.Text // why it was cancelled
	Stale                   Stale     // texts that lag behind another language
	Version                 int64     // grows with each change; SEQUENCE of the calendar entry
	Made, Changed           time.Time
}

// words is the part of an activity that is kept as a document.
type words struct {
	Title       i18n.Text `json:"title"`
	Summary     i18n.Text `json:"summary"`
	Description i18n.Text `json:"description"`
	Venue       i18n.Text `json:"venue"`
	Address     i18n.Text `json:"address"`
	Directions  i18n.Text `json:"directions"`
	Languages   []string  `json:"languages,omitempty"`
	Gain        i18n.Text `json:"gain"`
	Subject     i18n.Text `json:"subject"`
	Agenda      []Session `json:"agenda,omitempty"`
	Number      int       `json:"facilitator_number,omitempty"`
	Reason      i18n.Text `json:"reason"`
	Stale       Stale     `json:"stale,omitempty"`
}

const activityColumns = `id, programme_id, template_id, slug, kind, state, city, online, starts_at, ends_at,
	opens_at, deadline_at, capacity, person_group, invitation_only, facilitator_id, latitude, longitude, texts, version, made_at, changed_at`

func scanActivity(row storage.Scanner) (a Activity, err error) {
	var starts, ends, opens, deadline, made, changed int64
	var texts string
	err = row.Scan(&a.ID, &a.Programme, &a.Template, &a.Slug, &a.Kind, &a.State, &a.City, &a.Online, &starts, &ends,
		&opens, &deadline, &a.Capacity, &a.Group, &a.InvitationOnly, &a.Facilitator, &a.Lat, &a.Lon, &texts, &a.Version, &made, &changed)
	if err != nil {
		return a, err
	}
	w, err := documents.decode(texts)
	if err != nil {
		return a, err
	}
	a.Title, a.Summary, a.Description = w.Title, w.Summary, w.Description
	a.Venue, a.Address, a.Directions, a.Languages = w.Venue, w.Address, w.Directions, w.Languages
	a.Gain, a.Subject, a.Agenda, a.FacilitatorNumber, a.Reason, a.Stale = w.Gain, w.Subject, w.Agenda, w.Number, w.Reason, w.Stale
	a.Starts, a.Ends, a.Opens, a.Deadline = storage.Instant(starts), storage.Instant(ends), storage.Instant(opens), storage.Instant(deadline)
	a.Made, a.Changed = storage.Instant(made), storage.Instant(changed)
	return a, nil
}

// UnknownActivity is NotFound, as for an address that there never was.
func UnknownActivity() error { return fault.New(fault.NotFound, "programme.fault.activity") }

// BySlug finds an activity by its address. NotFound.
func BySlug(ctx context.Context, tx *storage.Tx, slug string) (Activity, error) {
	a, err := storage.One(ctx, tx, scanActivity, `SELECT `+activityColumns+` FROM activity WHERE slug = $1`, slug)
	if errors.Is(err, sql.ErrNoRows) {
		return a, UnknownActivity()
	}
	return a, err
}

// ByID finds an activity. NotFound.
func ByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error) {
	a, err := storage.One(ctx, tx, scanActivity, `SELECT `+activityColumns+` FROM activity WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return a, UnknownActivity()
	}
	return a, err
}

// ByIDs finds several activities; those that there are not are left out.
func ByIDs(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]Activity, error) {
	out := make(map[storage.ID]Activity, len(ids))
	for part := range slices.Chunk(ids, 200) {
		args, marks := make([]any, len(part)), make([]string, len(part))
		for i, id := range part {
			args[i], marks[i] = id, "$"+strconv.Itoa(i+1)
		}
		list, err := storage.All(ctx, tx, scanActivity, `SELECT `+activityColumns+`
			FROM activity
			WHERE id IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			out[a.ID] = a
		}
	}
	return out, nil
}

// Held is ByID for who builds on what it says: nobody changes the activity until the
// transaction ends. On PostgreSQL a cancellation waits for it and then finds what was
// done; on SQLite one writes at a time anyway.
func Held(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error) {
	if err := lock(ctx, tx, `SELECT 1 FROM activity WHERE id = $1 FOR SHARE`, id); err != nil {
		return Activity{}, err
	}
	return ByID(ctx, tx, id)
}

// HeldAlone is Held for who builds on it and may not do so beside another.
func HeldAlone(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error) {
	return toChange(ctx, tx, id)
}

// toChange is Held for who writes the activity anew: who builds on it, and who else
// changes it, waits until the transaction ends.
func toChange(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error) {
	if err := lock(ctx, tx, `SELECT 1 FROM activity WHERE id = $1 FOR UPDATE`, id); err != nil {
		return Activity{}, err
	}
	return ByID(ctx, tx, id)
}

// lock holds a row on PostgreSQL; on SQLite one writes at a time anyway.
func lock(ctx context.Context, tx *storage.Tx, query string, id storage.ID) error {
	if tx.Dialect() != storage.PostgreSQL {
		return nil
	}
	_, err := tx.Exec(ctx, query, id)
	return err
}

// Filter chooses activities. Empty fields choose all; From and To look at the
// start, From included, To not.
type Filter struct {
	Kind, City, Group, State string
	From, To                 time.Time
	Template                 storage.ID
	Bare                     bool // without the words: when, where, how many, whose and in which state
}

// All gives the chosen activities by their start, for the house and its staff:
// also drafts and those by invitation. What everybody may see, ForStrangers lists.
func All(ctx context.Context, tx *storage.Tx, f Filter) ([]Activity, error) {
	var where []string
	var args []any
	add := func(condition string, v any) {
		args = append(args, v)
		where = append(where, condition+" $"+strconv.Itoa(len(args)))
	}
	for _, c := range []struct{ column, value string }{{"kind", f.Kind}, {"city", f.City}, {"person_group", f.Group}, {"state", f.State}} {
		if c.value != "" {
			add(c.column+" =", c.value)
		}
	}
	if !f.From.IsZero() {
		add("starts_at >=", storage.Micros(f.From))
	}
	if !f.To.IsZero() {
		add("starts_at <", storage.Micros(f.To))
	}
	if !f.Template.IsZero() {
		add("template_id =", f.Template)
	}
	columns := activityColumns
	if f.Bare {
		columns = strings.Replace(columns, "texts", "'{}'", 1)
	}
	query := `SELECT ` + columns + ` FROM activity`
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	return storage.All(ctx, tx, scanActivity, query+" ORDER BY starts_at, slug", args...)
}

// Insert writes a new activity; its id is made when it is empty. Conflict when
// the address is taken.
func Insert(ctx context.Context, tx *storage.Tx, a Activity) (Activity, error) {
	if a.ID.IsZero() {
		a.ID = tx.NewID()
	}
	a.Version, a.Made, a.Changed = 1, tx.Now, tx.Now
	texts, err := a.document()
	if err != nil {
		return a, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO activity (`+activityColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		a.ID, a.Programme, a.Template, a.Slug, a.Kind, a.State, a.City, a.Online, storage.Micros(a.Starts), storage.Micros(a.Ends),
		storage.Micros(a.Opens), storage.Micros(a.Deadline), a.Capacity, a.Group, a.InvitationOnly, a.Facilitator, a.Lat, a.Lon, texts, a.Version, storage.Micros(a.Made), storage.Micros(a.Changed))
	if storage.Violates(err, "activity_slug") {
		return a, fault.New(fault.Conflict, "programme.fault.slug_taken")
	}
	return a, err
}

func (a Activity) document() (string, error) {
	raw, err := json.Marshal(words{a.Title, a.Summary, a.Description, a.Venue, a.Address, a.Directions, a.Languages, a.Gain, a.Subject, a.Agenda, a.FacilitatorNumber, a.Reason, a.Stale})
	return string(raw), err
}

// Update writes a changed activity and counts its version up. Conflict when
// somebody else has changed it since it was read.
func Update(ctx context.Context, tx *storage.Tx, a Activity) (Activity, error) {
	texts, err := a.document()
	if err != nil {
		return a, err
	}
	n, err := tx.Exec(ctx, `UPDATE activity SET template_id = $3, slug = $4, kind = $5, state = $6, city = $7, online = $8, starts_at = $9, ends_at = $10,
		opens_at = $11, deadline_at = $12, capacity = $13, person_group = $14, invitation_only = $15, facilitator_id = $16, latitude = $17, longitude = $18,
		texts = $19, changed_at = $20, version = version + 1
		WHERE id = $1 AND version = $2`,
		a.ID, a.Version, a.Template, a.Slug, a.Kind, a.State, a.City, a.Online, storage.Micros(a.Starts), storage.Micros(a.Ends),
		storage.Micros(a.Opens), storage.Micros(a.Deadline), a.Capacity, a.Group, a.InvitationOnly, a.Facilitator, a.Lat, a.Lon, texts, storage.Micros(tx.Now))
	if storage.Violates(err, "activity_slug") {
		return a, fault.New(fault.Conflict, "programme.fault.slug_taken")
	}
	if err != nil {
		return a, err
	}
	if n == 0 {
		return a, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	a.Version++
	a.Changed = tx.Now
	return a, nil
}

// SetCapacity writes the number of seats of an activity, for the module that has given
// them out; who has the form of the activity open finds it changed.
func SetCapacity(ctx context.Context, tx *storage.Tx, id storage.ID, seats int) error {
	_, err := tx.Exec(ctx, `UPDATE activity
		SET capacity = $2, version = version + 1, changed_at = $3
		WHERE id = $1 AND capacity <> $2`, id, seats, storage.Micros(tx.Now))
	return err
}

// EndApplications ends the time of applications now: who comes later than this transaction is
// told that it is over. It writes nothing where it has ended already.
func EndApplications(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	until := storage.Micros(tx.Now.Add(-time.Microsecond))
	_, err := tx.Exec(ctx, `UPDATE activity
		SET deadline_at = $2, version = version + 1, changed_at = $3
		WHERE id = $1 AND (deadline_at = 0 OR deadline_at > $2)`, id, until, storage.Micros(tx.Now))
	return err
}

// TakesApplications reports whether people may still apply, or will be able to: its time of
// applications has an end, and that has not passed.
func (a Activity) TakesApplications(now time.Time) bool {
	return !a.Deadline.IsZero() && !now.After(a.Deadline)
}

// Closed reports whether the time of applications is over: its end has passed, or the start of
// what has no such end.
func (a Activity) Closed(now time.Time) bool {
	end := a.Deadline
	if end.IsZero() {
		end = a.Starts
	}
	return !end.IsZero() && now.After(end)
}

// Past reports whether the activity is over.
func (a Activity) Past(now time.Time) bool { return !a.Ends.IsZero() && a.Ends.Before(now) }

// Running reports whether the activity goes on at this moment.
func (a Activity) Running(now time.Time) bool {
	return !a.Starts.IsZero() && !now.Before(a.Starts) && now.Before(a.Ends)
}

// Scope is where the activity lies, for roles that hold in a place.
func (a Activity) Scope() access.Scope {
	return access.Scope{Programme: a.Programme, City: a.City, Activity: a.ID}
}

// CityName names its city as it is called on its day; before that, and without a day, as
// it is called today.
func (a Activity) CityName(lists *profile.Lists, l i18n.Language) string {
	return lists.CityNameOn(l, a.City, a.Starts)
}

// AndDay says the day of the activity, to stand after its title: ", 5 December".
func (a Activity) AndDay(l i18n.Language) string {
	if a.Starts.IsZero() {
		return ""
	}
	return ", " + i18n.DayMonth(l, a.Starts)
}

// ByApplication reports whether people come to it by an application: it is a seminar and
// its seats are counted. To any other everybody may come.
func (a Activity) ByApplication() bool { return a.Kind == Seminar && a.Capacity > 0 }
