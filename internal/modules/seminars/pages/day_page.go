package pages

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// dayPattern is the run sheet of an activity: its day, step by step.
const dayPattern = "/door/{slug}/day"

func dayPath(a seats.Activity) string { return "/door/" + a.Slug + "/day" }

// step is one step of the day.
type dayStep struct {
	Day            string    // the date, where there are several days
	At             string    // time of day, 15:04
	Begins, Ends   time.Time // zero when no hour is written down
	Title, More    string
	Lang, MoreLang i18n.Language // of what was written by somebody
	State          string        // "done", "now", "next" or nothing
	Links          []kit.Link
}

// dayData is the run sheet.
type dayData struct {
	Activity seats.Activity
	seats.DoorCount
	Devices []door.Device
	Steps   []dayStep
	Now     time.Time
	Above   string // the page that leads here: the list of seminars for who may open it
}

// phones says how many of the phones may scan now.
func (d dayData) phones(r *web.Request) string {
	on, all := 0, 0
	for _, p := range d.Devices {
		if p.Revoked.IsZero() {
			all++
		}
		if p.On(d.Now) {
			on++
		}
	}
	if all == 0 {
		return "–"
	}
	return r.Say.T("seminars.today.of", "count", on, "all", all)
}

func (d dayData) where(r *web.Request) string {
	return strings.Join(slices.DeleteFunc([]string{d.Activity.Venue.In(r.Lang), d.Activity.Address.In(r.Lang)}, func(s string) bool { return s == "" }), ", ")
}

// showDay answers GET /door/{slug}/day, for who may stand at the door.
func (m *Module) showDay(r *web.Request) error {
	var d dayData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MayAdmit); err != nil {
			return err
		}
		d.Now = tx.Now
		if d.DoorCount, err = seats.DoorCountOf(ctx, tx, d.Activity); err != nil {
			return err
		}
		d.Devices, err = door.DevicesOf(ctx, tx, d.Activity.ID)
		return err
	}); err != nil {
		return err
	}
	var parts []module.EventPart
	if m.Parts != nil {
		parts = m.Parts(r, d.Activity)
	}
	d.Steps = daySteps(r, d, parts)
	d.Above = "/today"
	if r.Actor.May(seats.MaySelect, seats.ScopeOf(d.Activity)) {
		d.Above = "/staff/seminars"
	}
	return r.Page(http.StatusOK, dayPage(r, m.Parts, d))
}

// daySteps are the doors, of each day where there are several, the agenda of the programme by
// the clock, and the end. Only the pages that who asks may open are linked.
func daySteps(r *web.Request, d dayData, parts []module.EventPart) (out []dayStep) {
	a := d.Activity
	before := dayStep{Title: r.Say.T("seminars.day.doors"), More: r.Say.T("seminars.day.doors.text", "count", d.Expected), At: "–"}
	after := dayStep{Title: r.Say.T("seminars.day.end"), At: "–"}
	if !a.Starts.IsZero() {
		after.At, after.Begins = i18n.Time(r.Lang, a.Ends), a.Ends // of the doors no hour is written down
	}
	if a.State == programme.Published {
		before.Links = append(before.Links, kit.Link{Path: "/door/" + a.Slug, Label: r.Say.T("seminars.staff.part.door")})
	}
	for _, p := range parts { // what other rooms have for the day
		if strings.HasSuffix(p.Path, "/print") {
			before.Links = append(before.Links, kit.Link{Path: strings.ReplaceAll(p.Path, "{slug}", a.Slug), Label: r.Say.T(p.Key)})
		}
	}
	if r.Actor.May(seats.MayEnrol, seats.ScopeOf(a)) {
		phones := kit.Link{Path: "/door/" + a.Slug + "/phones", Label: r.Say.T("seminars.phones.heading")}
		before.Links = append(before.Links, phones)
		if a.Past(d.Now) {
			after.Links = append(after.Links, phones)
		}
	}
	if r.Actor.May(seats.MaySelect, seats.ScopeOf(a)) && a.Past(d.Now) {
		after.Links = append(after.Links, kit.Link{Path: staffPath(a, "/applicants?state=confirmed"), Label: r.Say.T("seminars.today.unnoted.do")})
	}
	out = append(out, before)
	several := programme.SeveralDays(a.Starts, a.Ends)
	if several {
		after.Day = i18n.DayMonth(r.Lang, a.Ends)
	}
	var agenda []dayStep
	for _, day := range programme.AgendaDays(a.Agenda, a.Starts, a.Ends) {
		agenda = append(agenda, sessionSteps(r, a, day.Sessions)...)
	}
	if several {
		out[0].Day = i18n.DayMonth(r.Lang, a.Starts)
		agenda = doorsEachDay(r, a, agenda)
	}
	out = append(append(out, agenda...), after)
	if i18n.SameDay(a.Starts, d.Now) || i18n.SameDay(a.Ends, d.Now) || d.Now.After(a.Starts) && d.Now.Before(a.Ends) {
		markSteps(out, d.Now, d.Now.Before(a.Starts.Add(-door.OpensBefore)), a.Past(d.Now))
	}
	return out
}

// sessionSteps are the sessions of an agenda as steps.
func sessionSteps(r *web.Request, a seats.Activity, agenda []programme.Session) (out []dayStep) {
	several := programme.SeveralDays(a.Starts, a.Ends)
	for _, s := range agenda {
		step := dayStep{At: s.At, Title: s.Title.In(r.Lang), Lang: s.Title.Written(r.Lang), More: s.Speaker.In(r.Lang), MoreLang: s.Speaker.Written(r.Lang)}
		if ends := s.Ends(); ends != "" && s.Minutes > 0 {
			step.At += "–" + ends
		}
		if begins, ok := s.After(a.Starts); ok && !a.Starts.IsZero() {
			step.Begins = a.Starts.Add(begins)
			step.Ends = step.Begins.Add(time.Duration(s.Minutes) * time.Minute)
			if several {
				step.Day = i18n.DayMonth(r.Lang, step.Begins)
			}
		}
		out = append(out, step)
	}
	return out
}

// aNight is how long nothing goes on at least between two days; what follows sooner goes on
// through midnight.
const aNight = 4 * time.Hour

// doorsEachDay puts the opening of the doors before the steps of each day after the first: they
// go on from when people may come. A day of which nothing is written begins like the first.
func doorsEachDay(r *web.Request, a seats.Activity, steps []dayStep) []dayStep {
	out := slices.Clone(steps)
	last := a.Starts // until when something goes on
	for day := programme.Midnight(a.Starts); day.Before(a.Ends); day = day.AddDate(0, 0, 1) {
		next := day.AddDate(0, 0, 1)
		at := slices.IndexFunc(out, func(s dayStep) bool { return !s.Begins.IsZero() && !s.Begins.Before(day) })
		if at < 0 {
			at = len(out)
		}
		begins := day.Add(programme.ClockOf(a.Starts))
		if at < len(out) && out[at].Begins.Before(next) {
			begins = out[at].Begins
		}
		if day.After(a.Starts) && begins.Before(a.Ends) && begins.Sub(last) >= aNight {
			doors := dayStep{Day: i18n.DayMonth(r.Lang, day), At: "–", Begins: begins.Add(-door.OpensBefore), Title: r.Say.T("seminars.day.doors")}
			if a.State == programme.Published {
				doors.Links = append(doors.Links, kit.Link{Path: "/door/" + a.Slug, Label: r.Say.T("seminars.staff.part.door")})
			}
			out = slices.Insert(out, at, doors)
			at++
		}
		for ; at < len(out) && out[at].Begins.Before(next); at++ {
			if out[at].Ends.After(last) {
				last = out[at].Ends
			}
		}
	}
	return out
}

// markSteps says of the steps on the days of an activity which is done, which goes on and which is next: early,
// before people may come to the doors, none goes on.
func markSteps(steps []dayStep, now time.Time, early, over bool) {
	current := 0
	for i, s := range steps[:len(steps)-1] {
		if i > 0 && !s.Begins.IsZero() && !s.Begins.After(now) {
			current = i
		}
	}
	if early && current == 0 {
		current = -1
	}
	if over {
		current = len(steps) - 1
	}
	for i := range steps {
		switch {
		case i < current:
			steps[i].State = "done"
		case i == current:
			steps[i].State = "now"
		case i == current+1:
			steps[i].State = "next"
		}
	}
}
