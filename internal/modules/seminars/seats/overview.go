package seats

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
	Gone   shells
}

// ToChoose is how many applications wait for a decision, none once there is nothing ahead.
func (o Overview) ToChoose() int {
	if o.Closed {
		return 0
	}
	return o.Count[Applied] + o.Count[Shortlisted]
}

// Erased is how many applications of people who were erased it counts.
func (o Overview) Erased() int { return o.Gone.all() }

// OverviewOf counts one activity, with what those who were erased left of it.
func (m *Service) OverviewOf(ctx context.Context, tx *storage.Tx, a Activity) (Overview, error) {
	o := Overview{Activity: a, Count: map[State]int{}, Closed: NothingAhead(a, tx.Now)}
	var err error
	if o.Seats, err = SeatsOf(ctx, tx, a); err != nil {
		return o, err
	}
	apps, err := ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return o, err
	}
	extra, err := extraSeatsOf(ctx, tx, a.ID)
	if err != nil {
		return o, err
	}
	if o.Gone, err = shellsOf(ctx, tx, a.ID); err != nil {
		return o, err
	}
	o.Extra = len(extra) + o.Gone.extra()
	o.Asked, o.Reconfirmed = o.Gone.sums[shellSum{measure: sumAsked}], o.Gone.sums[shellSum{measure: sumReconfirmed}]
	for state, n := range o.Gone.count {
		o.Count[state] += n
	}
	for sum := range o.Gone.sums {
		if sum.measure != sumHeld || sum.by != profile.BySex {
			continue
		}
		switch n := o.Gone.seated(sum.value); sum.value {
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
func (m *Service) Overviews(ctx context.Context, tx *storage.Tx, actor access.Actor) ([]Overview, error) {
	list, err := m.Schedule().List(ctx, tx)
	if err != nil {
		return nil, err
	}
	var out []Overview
	for _, a := range list {
		if a.Capacity == 0 || !actor.May(MaySelect, ScopeOf(a)) {
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
func (m *Service) Today(ctx context.Context, tx *storage.Tx, actor access.Actor) ([]TodayItem, error) {
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
	asked, err := m.whyItems(ctx, tx, actor)
	out = append(out, asked...)
	sort.SliceStable(out, func(i, j int) bool { return out[i].When.Before(out[j].When) })
	return out, err
}

// CountToChoose tells how many applications wait to be decided, as Overview.ToChoose does,
// in all activities that the actor may select for and that are still ahead: at most so many.
// Every page of staff asks, so only activities with such applications are read;
// they are found by one step along an index for each that has any application.
func (m *Service) CountToChoose(ctx context.Context, tx *storage.Tx, actor access.Actor, most int) (count int, err error) {
	type waiting struct {
		activity storage.ID
		count    int
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (w waiting, err error) { return w, row.Scan(&w.activity, &w.count) }, `WITH RECURSIVE among (id) AS (
			SELECT (SELECT activity_id FROM application ORDER BY activity_id LIMIT 1)
			UNION ALL
			SELECT (SELECT activity_id FROM application WHERE activity_id > among.id ORDER BY activity_id LIMIT 1)
			FROM among
			WHERE among.id IS NOT NULL)
		SELECT id, n
		FROM (SELECT id, (SELECT COUNT(*)
				FROM (SELECT 1 FROM application WHERE activity_id = among.id AND state IN ('applied', 'shortlisted') LIMIT $1) AS few) AS n
			FROM among
			WHERE id IS NOT NULL) AS counted
		WHERE n > 0`, most)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	find := m.ActivityByID
	const few = 20 // of more, reading all activities at once is faster
	if len(list) > few {
		all, err := m.Schedule().List(ctx, tx)
		if err != nil {
			return 0, err
		}
		byID := make(map[storage.ID]Activity, len(all))
		for _, a := range all {
			byID[a.ID] = a
		}
		find = func(_ context.Context, _ *storage.Tx, id storage.ID) (Activity, error) { return byID[id], nil }
	}
	for _, w := range list {
		a, err := find(ctx, tx, w.activity)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return 0, err
		}
		if a.Capacity > 0 && !NothingAhead(a, tx.Now) && actor.May(MaySelect, ScopeOf(a)) {
			count += w.count
		}
		if count >= most {
			return most, nil
		}
	}
	return count, nil
}

// Tasks is Today as the house wants it.
func (m *Service) Tasks(ctx context.Context, tx *storage.Tx, actor access.Actor) ([]module.Task, error) {
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
