package plan

import (
	"context"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// Row is one line of the table from which many activities are made at once.
// Its fields are as a person typed them.
type Row struct {
	Key         string // names the row in the form: a city, or a number
	City        string // empty when online
	Date        string // 2006-01-02
	From, To    string // 15:04
	Days        string // how many days it goes on; empty for one
	Venue       i18n.Text
	Subject     i18n.Text // of online activities, instead of a place
	Facilitator string    // id of a person, empty for none
	Capacity    string
}

// Empty reports that nothing was filled in that a template does not offer by itself.
func (r Row) Empty() bool {
	return r.Date == "" && r.Venue == (i18n.Text{}) && r.Subject == (i18n.Text{}) && r.Facilitator == ""
}

// Field names an input of the row.
func (r Row) Field(column string) string { return "row_" + r.Key + "_" + column }

// MakeCopies is a table of activities to be made from a template.
type MakeCopies struct {
	Actor   access.Actor
	Key     string // of the template
	Rows    []Row
	Publish bool // at once; otherwise they are drafts
	Gaps    bool // she knows in which languages something is not written, see programme.Publish
	Every   bool // judge also rows in which nothing was filled in
}

// MakeCopies makes one activity for each filled row, all or none; where every row counts,
// one that the actor may not make is Forbidden. A day that is shorter than
// the agenda of the template has as much of it as lies within, see ShortOf. Invalid names
// each row and column that is wrong.
func (s *Service) MakeCopies(ctx context.Context, tx *storage.Tx, c MakeCopies) ([]programme.Activity, error) {
	p, err := programme.Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	t, err := programme.TemplateByKey(ctx, tx, p.ID, c.Key)
	if err != nil {
		return nil, err
	}
	there, err := programme.All(ctx, tx, programme.Filter{})
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for _, a := range there {
		taken[a.Slug] = true
	}
	lists, err := s.programme.Lists(ctx, tx)
	if err != nil {
		return nil, err
	}
	helpers := map[string]bool{}
	list, err := s.programme.Facilitators(ctx, tx, access.Scope{})
	if err != nil {
		return nil, err
	}
	for _, h := range list {
		helpers[h.ID.String()] = true
	}
	var form fault.Form
	var out []programme.Activity
	for _, row := range c.Rows {
		if row.Empty() && !c.Every {
			continue
		}
		a, ok := row.activity(lists, t, tx.Now, helpers, &form)
		if !ok {
			continue
		}
		if !c.Actor.May(programme.MayPlan, a.Scope()) {
			if c.Every {
				return nil, fault.New(fault.Forbidden, "fault.forbidden")
			}
			form.Add(row.Field(row.asksCity()), "programme.fault.row.city", row.args(lists))
			continue
		}
		for _, other := range there {
			if other.Template == t.ID && other.City == a.City && other.State != programme.Cancelled && other.Starts.Equal(a.Starts) {
				form.Add(row.Field("date"), "programme.fault.row.twice", row.args(lists))
			}
		}
		key := row.City
		if t.Online {
			key = row.Date
		}
		a.Slug = freeSlug(taken, t.Key, key, row.Date)
		taken[a.Slug] = true
		a.State = programme.Draft
		if c.Publish {
			a.State = programme.Published
		}
		out = append(out, a)
	}
	if err := form.Err(); err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fault.New(fault.Invalid, "programme.fault.no_rows")
	}
	if c.Publish {
		for _, a := range out {
			if err := programme.AskGaps(a, c.Gaps); err != nil {
				return nil, err
			}
		}
	}
	for i, a := range out {
		if out[i], err = programme.Insert(ctx, tx, a); err != nil {
			return nil, err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: c.Actor.Person, Action: "programme.audit.made", Object: out[i].ID, Detail: t.Key}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// asksCity is the field at which a fault of the city stands: its own, where the row does not
// bear the name of one.
func (r Row) asksCity() string {
	if r.Key == r.City {
		return "date"
	}
	return "city"
}

// args name the row in a fault.
func (r Row) args(lists *profile.Lists) fault.Args {
	if c, ok := lists.City(r.City); ok {
		return fault.Args{"row": c.Now.Name}
	}
	return fault.Args{"row": r.Key}
}

func (r Row) activity(lists *profile.Lists, t programme.Template, now time.Time, helpers map[string]bool, form *fault.Form) (programme.Activity, bool) {
	good := true
	check := func(ok bool, column, key string) {
		if !ok {
			form.Add(r.Field(column), key, r.args(lists))
			good = false
		}
	}
	day, err := time.ParseInLocation(time.DateOnly, r.Date, programme.Bishkek)
	switch {
	case err != nil:
		check(false, "date", "programme.fault.row.date")
	default:
		check(!day.Before(programme.Midnight(now)), "date", "programme.fault.row.past")
		check(day.Before(now.AddDate(5, 0, 0)), "date", "programme.fault.row.far")
	}
	check(programme.Clock.MatchString(r.From), "from", "programme.fault.row.from")
	check(programme.Clock.MatchString(r.To), "to", "programme.fault.row.to")
	if _, known := lists.City(r.City); !t.Online {
		key := "programme.fault.row.city"
		if r.City == "" {
			key = "programme.fault.row.no_city"
		}
		check(known, r.asksCity(), key)
		check(r.Venue != (i18n.Text{}), "venue", "programme.fault.row.venue")
	} else if strings.Contains(t.Title.Ky+t.Title.Ru+t.Title.En, "{subject}") {
		check(r.Subject != (i18n.Text{}), "subject", "programme.fault.row.subject")
	}
	for _, l := range i18n.Languages {
		check(len([]rune(r.Venue.Exactly(l))) <= programme.MaxLine, "venue", "programme.fault.row.long")
		check(len([]rune(r.Subject.Exactly(l))) <= programme.MaxLine, "subject", "programme.fault.row.long")
	}
	more := 0
	if r.Days != "" {
		days, whole := Whole(r.Days)
		check(whole && days >= 1 && days <= programme.MostDays, "days", "programme.fault.row.days")
		more = days - 1
	}
	if from, to, _, err := programme.Hours(t.Hours); err == nil && to <= from && r.To <= r.From {
		more++ // of a template that ends after midnight
	}
	capacity, ok := Whole(r.Capacity)
	check(ok && capacity <= 100_000, "capacity", "programme.fault.row.capacity")
	c := programme.Copy{City: r.City, Day: day, Hours: programme.WriteHours(r.From, r.To, more), Venue: r.Venue, Subject: r.Subject, Capacity: capacity}
	if r.Facilitator != "" {
		id, err := storage.ParseID(r.Facilitator)
		check(err == nil && helpers[r.Facilitator], "facilitator", "programme.fault.row.facilitator")
		c.Facilitator = id
	}
	if !good {
		return programme.Activity{}, false
	}
	a, err := t.Make(lists, c)
	check(err == nil, "to", "programme.fault.row.ends")
	if err != nil {
		return a, false
	}
	if a.Ends.After(a.Starts) {
		a.Agenda, _ = programme.Within(a.Agenda, a.Starts, a.Ends) // the table is made of hours; the page says what was left out
	}
	if wrong := a.Bounds(); len(wrong) > 0 {
		args := r.args(lists)
		for _, b := range wrong {
			switch {
			case b.Field == "to":
				check(false, "to", "programme.fault.row.ends")
			default:
				form.Add(r.Field("date"), "programme.fault.row.applications", args)
				good = false
			}
		}
	}
	return a, good
}

// freeSlug gives an address that no other activity has.
func freeSlug(taken map[string]bool, template, row, date string) string {
	slug := template + "-" + row
	if taken[slug] {
		slug = template + "-" + row + "-" + date
	}
	for base, letter := slug, 'b'; taken[slug]; letter++ {
		slug = base + "-" + string(letter)
	}
	return slug
}

// Whole reads a number that may be left empty.
func Whole(s string) (int, bool) {
	if s = strings.TrimSpace(s); s == "" {
		return 0, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0
}
