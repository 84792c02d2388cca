package seminars

import (
	"context"
	"sort"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
)

// Overview is one activity at a glance. It holds numbers only.
type Overview struct {
	Activity                Activity
	Seats                   Seminar
	Count                   map[State]int
	Women, Men, Undisclosed int // among those who hold a seat
	Asked, Reconfirmed      int // among the confirmed, before the day
	Expiring                int // invitations that end within a day
	Extra                   int // let in at the door though no seat was left
	// Closed says that the activity is cancelled or over: nobody waits for a decision.
	Closed bool
	gone   shells
}

// ToChoose is how many applications wait for a decision, none once there is nothing ahead.
func (o Overview) ToChoose() int {
	if o.Closed {
		return 0
	}
	return o.Count[Applied] + o.Count[Shortlisted]
}

// Erased is how many applications of people who were erased it counts.
func (o Overview) Erased() int { return o.gone.all() }

// OverviewOf counts one activity, with what those who were erased left of it.
func (m *Module) OverviewOf(ctx context.Context, tx *storage.Tx, a Activity) (Overview, error) {
	o := Overview{Activity: a, Count: map[State]int{}, Closed: nothingAhead(a, tx.Now)}
	var err error
	if o.Seats, err = seatsOf(ctx, tx, a); err != nil {
		return o, err
	}
	apps, err := applicationsOf(ctx, tx, a.ID)
	if err != nil {
		return o, err
	}
	extra, err := extraSeatsOf(ctx, tx, a.ID)
	if err != nil {
		return o, err
	}
	if o.gone, err = shellsOf(ctx, tx, a.ID); err != nil {
		return o, err
	}
	o.Extra = len(extra) + o.gone.extra()
	o.Asked, o.Reconfirmed = o.gone.sums[shellSum{measure: sumAsked}], o.gone.sums[shellSum{measure: sumReconfirmed}]
	for state, n := range o.gone.count {
		o.Count[state] += n
	}
	for sum := range o.gone.sums {
		if sum.measure != sumHeld || sum.by != profile.BySex {
			continue
		}
		switch n := o.gone.seated(sum.value); sum.value {
		case profile.Female:
			o.Women += n
		case profile.Male:
			o.Men += n
		default:
			o.Undisclosed += n
		}
	}
	var holders []storage.ID
	for _, app := range apps {
		o.Count[app.State]++
		if app.State.HoldsSeat() && !extra[app.ID] {
			holders = append(holders, app.Person)
		}
		if app.State == Confirmed {
			switch app.Reconfirm {
			case "asked":
				o.Asked++
			case "yes":
				o.Reconfirmed++
			}
		}
		if app.State == Invited && app.Expires.Before(tx.Now.Add(24*time.Hour)) {
			o.Expiring++
		}
	}
	persons, err := m.People.ByIDs(ctx, tx, holders)
	if err != nil {
		return o, err
	}
	for _, id := range holders {
		switch persons[id].Sex {
		case profile.Female:
			o.Women++
		case profile.Male:
			o.Men++
		default:
			o.Undisclosed++
		}
	}
	return o, nil
}

// Overviews counts every seminar that the actor may select for, the next first,
// then those that are over.
func (m *Module) Overviews(ctx context.Context, tx *storage.Tx, actor access.Actor) ([]Overview, error) {
	list, err := m.calendar().List(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []Overview
	for _, a := range list {
		if a.Capacity == 0 || !actor.May(MaySelect, scopeOf(a)) {
			continue
		}
		o, err := m.OverviewOf(ctx, tx, a)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i].Activity, out[j].Activity
		over, other := a.Ends.Before(tx.Now), b.Ends.Before(tx.Now)
		if over != other {
			return other
		}
		if over {
			return a.Starts.After(b.Starts)
		}
		return a.Starts.Before(b.Starts)
	})
	return out, nil
}

// TodayItem is one thing that needs the coordinator now. Key is a text with
// the arguments "count", "activity" and "when".
type TodayItem struct {
	Key      string
	Count    int
	Activity Activity
	When     time.Time // by when it must be done
	Path     string    // one click to it, without language
	Urgent   bool      // within a day
}

// Today tells what needs the coordinator now, the most urgent first.
func (m *Module) Today(ctx context.Context, tx *storage.Tx, actor access.Actor) ([]TodayItem, error) {
	list, err := m.Overviews(ctx, tx, actor)
	if err != nil {
		return nil, err
	}
	var out []TodayItem
	for _, o := range list {
		a := o.Activity
		if a.State != "published" || !a.Starts.After(tx.Now) {
			continue
		}
		page := "/staff/seminars/" + a.Slug + "/applicants"
		add := func(key string, n int, when time.Time, path string) {
			if n > 0 {
				out = append(out, TodayItem{key, n, a, when, path, when.Before(tx.Now.Add(24 * time.Hour))})
			}
		}
		if n := o.Count[Applied] + o.Count[Shortlisted]; n > 0 && a.Deadline.Before(tx.Now.AddDate(0, 0, 7)) {
			when := a.Deadline
			if when.Before(tx.Now) {
				when = a.Starts
			}
			add("seminars.today.choose", n, when, page+"?state=applied")
		}
		add("seminars.today.expiring", o.Expiring, tx.Now.Add(24*time.Hour), page+"?state=invited")
		add("seminars.today.silent", o.Asked, a.Starts, page+"?state=confirmed&reconfirm=asked")
		if left := o.Seats.Left(); left > 0 && o.Count[Waitlisted] > 0 {
			add("seminars.today.free", left, a.Starts, page+"?state=waitlisted")
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].When.Before(out[j].When) })
	return out, nil
}

// tasks is Today as the house wants it.
func (m *Module) tasks(ctx context.Context, tx *storage.Tx, actor access.Actor) ([]module.Task, error) {
	if !actor.MaySomewhere(MaySelect) {
		return nil, nil
	}
	list, err := m.Today(ctx, tx, actor)
	out := make([]module.Task, len(list))
	for i, t := range list {
		out[i] = module.Task{Urgency: module.When, Due: t.When, Key: t.Key, Args: fault.Args{"count": t.Count, "activity": t.Activity.Title}, Path: t.Path}
		if t.Urgent {
			out[i].Urgency = module.Soon
		}
	}
	return out, err
}
