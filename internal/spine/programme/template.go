package programme

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// Template is what activities have in common: eight seminars are made from
// one, and only what differs is said for each. Texts may hold {city}, {in_city}
// and {subject}, which each copy fills in.
type Template struct {
	ID             storage.ID `json:"-"`
	Programme      storage.ID `json:"-"`
	Key            string     `json:"-"`
	Version        int64      `json:"-"`
	Kind           string     `json:"kind"`
	Group          string     `json:"group,omitempty"`
	Languages      []string   `json:"languages,omitempty"`
	Capacity       int        `json:"capacity,omitempty"`
	Online         bool       `json:"online,omitempty"`
	InvitationOnly bool       `json:"invitation_only,omitempty"`
	Title          i18n.Text  `json:"title"`
	Summary        i18n.Text  `json:"summary"`
	Description    i18n.Text  `json:"description"`
	Gain           i18n.Text  `json:"gain"`
	Directions     i18n.Text  `json:"directions"`
	Hours          string     `json:"hours,omitempty"` // 09:30-17:00, 20:00-02:00+1
	OpensBefore    int        `json:"opens_before,omitempty"`
	DeadlineBefore int        `json:"deadline_before,omitempty"`
	Agenda         []Session  `json:"agenda,omitempty"`
	Stale          Stale      `json:"stale,omitempty"` // texts that lag behind another language
}

// Copy is what differs between the activities made from one template.
type Copy struct {
	Slug              string
	City              string
	Day               time.Time // midnight in Bishkek; zero for an activity without a date
	Hours             string    // empty: the template's
	Venue, Address    i18n.Text
	Subject           i18n.Text
	Facilitator       storage.ID
	FacilitatorNumber int // of a programme file: the first, the second facilitator
	Capacity          int // 0: the template's
}

// Make makes the activity of a copy; its city is called as it is on the day of the
// activity. The error says what is wrong with its hours.
func (t Template) Make(lists *profile.Lists, c Copy) (Activity, error) {
	city, _ := lists.City(c.City)
	return t.made(city, nameOn(city, c.Day), c)
}

// made is Make with the names of the city.
func (t Template) made(city profile.Entry, called profile.Named, c Copy) (Activity, error) {
	fill := func(text i18n.Text) i18n.Text {
		one := func(l i18n.Language, s string) string {
			return strings.NewReplacer("{city}", called.Name.In(l), "{in_city}", called.In.In(l), "{subject}", c.Subject.In(l)).Replace(s)
		}
		return i18n.Text{Ky: one(i18n.Kyrgyz, text.Ky), Ru: one(i18n.Russian, text.Ru), En: one(i18n.English, text.En)}
	}
	a := Activity{
		Programme: t.Programme, Template: t.ID, TemplateKey: t.Key, Slug: c.Slug, Kind: t.Kind, State: Published, City: c.City, Online: t.Online,
		Title: fill(t.Title), Summary: fill(t.Summary), Description: fill(t.Description), Gain: fill(t.Gain), Directions: fill(t.Directions),
		Venue: c.Venue, Address: c.Address, Subject: c.Subject, Capacity: t.Capacity, Group: t.Group, InvitationOnly: t.InvitationOnly,
		Languages: t.Languages, Facilitator: c.Facilitator, FacilitatorNumber: c.FacilitatorNumber, Agenda: t.Agenda,
	}
	if c.Capacity > 0 {
		a.Capacity = c.Capacity
	}
	a.Lat, a.Lon = city.Lat, city.Lon
	if c.Day.IsZero() {
		return a, nil
	}
	hours := t.Hours
	if c.Hours != "" {
		hours = c.Hours
	}
	var err error
	if a.Starts, a.Ends, err = Span(c.Day, hours); err != nil {
		return a, err
	}
	a.Agenda = t.agendaFrom(a.Starts)
	if t.OpensBefore > 0 {
		a.Opens = c.Day.AddDate(0, 0, -t.OpensBefore)
	}
	if t.Kind == Seminar && !t.InvitationOnly {
		// The deadline is the end of the day that many days before.
		a.Deadline = c.Day.AddDate(0, 0, -t.DeadlineBefore+1).Add(-time.Minute)
		if t.DeadlineBefore == 0 {
			a.Deadline = a.Starts
		}
	}
	return a, nil
}

// agendaFrom is the agenda of a copy that begins at its own hour: each session as
// long after the beginning as in the template.
func (t Template) agendaFrom(starts time.Time) []Session {
	if len(t.Agenda) == 0 || t.Hours == "" || starts.IsZero() {
		return t.Agenda
	}
	planned, _, err := Span(Midnight(starts), t.Hours)
	if err != nil {
		return t.Agenda
	}
	return LaterBy(t.Agenda, starts.Sub(planned))
}

const templateColumns = `id, programme_id, key, document, version`

func scanTemplate(row storage.Scanner) (t Template, err error) {
	var document string
	if err = row.Scan(&t.ID, &t.Programme, &t.Key, &document, &t.Version); err != nil {
		return t, err
	}
	return t, json.Unmarshal([]byte(document), &t)
}

// Templates lists the templates of a programme by key.
func Templates(ctx context.Context, tx *storage.Tx, programme storage.ID) ([]Template, error) {
	return storage.All(ctx, tx, scanTemplate, `SELECT `+templateColumns+` FROM template WHERE programme_id = $1 ORDER BY key`, programme)
}

// TemplateByKey finds a template. NotFound.
func TemplateByKey(ctx context.Context, tx *storage.Tx, programme storage.ID, key string) (Template, error) {
	t, err := storage.One(ctx, tx, scanTemplate, `SELECT `+templateColumns+` FROM template WHERE programme_id = $1 AND key = $2`, programme, key)
	if errors.Is(err, sql.ErrNoRows) {
		return t, unknownTemplate()
	}
	return t, err
}

// templateToChange finds a template for who writes it anew: nobody else does before the
// transaction ends. NotFound.
func templateToChange(ctx context.Context, tx *storage.Tx, id storage.ID) (Template, error) {
	if err := lock(ctx, tx, `SELECT 1 FROM template WHERE id = $1 FOR UPDATE`, id); err != nil {
		return Template{}, err
	}
	t, err := storage.One(ctx, tx, scanTemplate, `SELECT `+templateColumns+` FROM template WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return t, unknownTemplate()
	}
	return t, err
}

func unknownTemplate() error { return fault.New(fault.NotFound, "programme.fault.template") }

// HeldTemplate is ScopeOfTemplate for who builds on it and may not do so beside another: who
// else does, or changes the template, waits until the transaction ends.
func HeldTemplate(ctx context.Context, tx *storage.Tx, id storage.ID) (access.Scope, error) {
	if err := lock(ctx, tx, `SELECT 1 FROM template WHERE id = $1 FOR UPDATE`, id); err != nil {
		return access.Scope{}, err
	}
	return ScopeOfTemplate(ctx, tx, id)
}

// ScopeOfTemplate is where a template lies: in all cities of its programme.
func ScopeOfTemplate(ctx context.Context, tx *storage.Tx, id storage.ID) (at access.Scope, err error) {
	err = tx.QueryRow(ctx, `SELECT programme_id FROM template WHERE id = $1`, id).Scan(&at.Programme)
	if errors.Is(err, sql.ErrNoRows) {
		err = unknownTemplate()
	}
	return at, err
}

// SaveTemplate writes a template, new or changed.
func SaveTemplate(ctx context.Context, tx *storage.Tx, t Template) (Template, error) {
	document, err := json.Marshal(t)
	if err != nil {
		return t, err
	}
	if t.ID.IsZero() {
		t.ID, t.Version = tx.NewID(), 1
		_, err = tx.Exec(ctx, `INSERT INTO template (`+templateColumns+`) VALUES ($1, $2, $3, $4, $5)`, t.ID, t.Programme, t.Key, string(document), t.Version)
		return t, err
	}
	n, err := tx.Exec(ctx, `UPDATE template SET document = $3, version = version + 1 WHERE id = $1 AND version = $2`, t.ID, t.Version, string(document))
	if err == nil && n == 0 {
		return t, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	t.Version++
	return t, err
}

// ShortOf counts the activities that have less of an agenda than the template.
func (t Template) ShortOf(list []Activity) (count int) {
	minutes := func(agenda []Session) (sum int) {
		for _, s := range agenda {
			sum += 1 + s.Minutes
		}
		return sum
	}
	for _, a := range list {
		if minutes(a.Agenda) < minutes(t.Agenda) {
			count++
		}
	}
	return count
}

// SlugForm is the form of an address: small Latin letters, digits and hyphens.
var SlugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Named is the title of the template without the places that each copy fills, and its key.
func (t Template) Named(l i18n.Language) string { return t.Plain(l) + " (" + t.Key + ")" }

// Plain is the title of the template without the places that each copy fills.
func (t Template) Plain(l i18n.Language) string {
	s := strings.NewReplacer("{city}", "", "{in_city}", "", "{subject}", "").Replace(t.Title.In(l))
	return i18n.Capital(strings.Trim(strings.Join(strings.Fields(s), " "), " :,.–—-"))
}
