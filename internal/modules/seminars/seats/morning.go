package seats

import (
	"context"
	"sort"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// Morning is what a coordinator finds: every seminar that she may select for, whom to call,
// and what needs her. All of it comes from one reading, so that no count contradicts another.
type Morning struct {
	Overviews []Overview
	Calls     map[storage.ID][]ToCall // by activity, of those ahead; without names
	Items     []TodayItem
}

// TodayItem is one thing that needs the coordinator now. Key is a text with
// the arguments "count", "activity" and "when"; Short the same without the activity.
type TodayItem struct {
	Key, Short, Do string
	Count          int
	Activity       Activity
	When           time.Time // by when it must be done
	Path           string    // one click to it, without language
	Urgent         bool      // within a day
	Now            bool      // people wait at this moment
}

const (
	// mostReached bounds whose ways of being reached one morning asks for: applications that
	// are open, of the activities that begin first.
	mostReached = 5000
	// finishWithin is how long after an activity it is asked for what was left undone.
	finishWithin = 30 * 24 * time.Hour
)

// Morning reads it, in a number of statements that does not grow with the seminars.
func (m *Service) Morning(ctx context.Context, tx *storage.Tx, actor access.Actor) (out Morning, err error) {
	if out.Overviews, err = m.Counted(ctx, tx, actor, MaySelect); err != nil {
		return out, err
	}
	var asked []Activity
	left := mostReached
	for i := range out.Overviews {
		o := &out.Overviews[i]
		if o.Closed || o.Activity.State != programme.Published {
			continue
		}
		open := 0
		for _, s := range []State{Applied, Shortlisted, Invited, Confirmed, Waitlisted} {
			open += o.Count[s]
		}
		if open <= left {
			left -= open
			o.Reach.Known, asked = true, append(asked, o.Activity)
		}
	}
	if out.Calls, err = m.toCall(ctx, tx, asked, storage.ID{}); err != nil {
		return out, err
	}
	for i := range out.Overviews {
		o := &out.Overviews[i]
		for _, c := range out.Calls[o.Activity.ID] {
			if c.OutOfReach() {
				o.Reach.OutOfReach++
			} else {
				o.Reach.Unanswered++
			}
		}
		out.Items = append(out.Items, o.items(tx.Now)...)
	}
	asks, err := m.whyItems(ctx, tx, actor, out.Overviews)
	out.Items = append(out.Items, asks...)
	sort.SliceStable(out.Items, func(i, j int) bool { return out.Items[i].When.Before(out.Items[j].When) })
	return out, err
}

// FirstToCall are those of a morning whom nothing but a call reaches, of the activities that
// begin first, at most so many, with their names, and how many there are in all.
func (m *Service) FirstToCall(ctx context.Context, tx *storage.Tx, day Morning, most int) (list []ToCall, all int, err error) {
	for _, o := range day.Overviews {
		for _, c := range day.Calls[o.Activity.ID] {
			if !c.OutOfReach() {
				continue
			}
			if all++; len(list) < most {
				list = append(list, c)
			}
		}
	}
	list, err = m.named(ctx, tx, list)
	return list, all, err
}

// items are what one activity needs.
func (o Overview) items(now time.Time) (out []TodayItem) {
	a := o.Activity
	if a.State != programme.Published {
		return nil
	}
	page := "/staff/seminars/" + a.Slug
	add := func(i TodayItem) {
		if i.Count > 0 {
			i.Activity, i.Urgent = a, i.When.Before(now.Add(24*time.Hour))
			out = append(out, i)
		}
	}
	if a.Past(now) {
		if now.Before(a.Ends.Add(finishWithin)) {
			add(TodayItem{Key: "seminars.today.unnoted", Short: "seminars.today.unnoted.short", Do: "seminars.today.unnoted.do", Count: o.Count[Confirmed], When: a.Ends.Add(finishWithin), Path: page + "/applicants?state=confirmed"})
		}
		return out
	}
	if n := o.Reach.OutOfReach; n > 0 {
		i := TodayItem{Key: "seminars.today.reach", Short: "seminars.today.reach.short", Do: "seminars.today.reach.do", Count: n, When: a.Starts, Path: page + "/calls"}
		i.Now = a.Starts.Before(now.Add(24*time.Hour)) && !a.Starts.IsZero()
		add(i)
	}
	if !a.Starts.After(now) {
		return out
	}
	if a.Deadline.Before(now.AddDate(0, 0, 7)) {
		when := a.Deadline
		if when.Before(now) {
			when = a.Starts
		}
		add(TodayItem{Key: "seminars.today.choose", Short: "seminars.today.choose.short", Do: "seminars.today.choose.do", Count: o.ToChoose(), When: when, Path: page + "/applicants?state=applied"})
	}
	add(TodayItem{Key: "seminars.today.expiring", Short: "seminars.today.expiring.short", Do: "seminars.today.see", Count: o.Expiring, When: o.ExpiresFirst, Path: page + "/applicants?state=invited"})
	add(TodayItem{Key: "seminars.today.silent", Short: "seminars.today.silent.short", Do: "seminars.today.see", Count: o.Asked, When: a.Starts, Path: page + "/applicants?state=confirmed&reconfirm=asked"})
	if o.Count[Waitlisted] > 0 {
		add(TodayItem{Key: "seminars.today.free", Short: "seminars.today.free.short", Do: "seminars.today.free.do", Count: o.Seats.Left(), When: a.Starts, Path: page + "/applicants?state=waitlisted"})
	}
	return out
}

// Today tells what needs the coordinator now, the most urgent first.
func (m *Service) Today(ctx context.Context, tx *storage.Tx, actor access.Actor) ([]TodayItem, error) {
	day, err := m.Morning(ctx, tx, actor)
	return day.Items, err
}

// Task is the item as the house wants it.
func (t TodayItem) Task() module.Task {
	out := module.Task{
		Urgency: module.When, Due: t.When, Key: t.Key, Short: t.Short, Do: t.Do, Path: t.Path, Activity: t.Activity.ID,
		Args: fault.Args{"count": t.Count, "activity": t.Activity.Title, "when": t.When},
	}
	switch {
	case t.Now:
		out.Urgency = module.Now
	case t.Urgent:
		out.Urgency = module.Soon
	}
	return out
}

// Tasks is Today as the house wants it.
func (m *Service) Tasks(ctx context.Context, tx *storage.Tx, actor access.Actor) ([]module.Task, error) {
	if !actor.MaySomewhere(MaySelect) {
		return nil, nil
	}
	day, err := m.Morning(ctx, tx, actor)
	return day.Tasks(), err
}

// Tasks are the items as the house wants them.
func (d Morning) Tasks() []module.Task {
	out := make([]module.Task, len(d.Items))
	for i, t := range d.Items {
		out[i] = t.Task()
	}
	return out
}
