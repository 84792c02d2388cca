package pages

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

const (
	rowsOnToday  = 12   // seminars on one page of Today
	callsOnToday = 8    // people to call on it
	apartOnToday = 1200 // whose records a page opens to tell women from men
	soon         = 14 * 24 * time.Hour
	farForHands  = 30 * 24 * time.Hour // of who works on the day alone
)

// todayRow is one seminar on the page Today.
type todayRow struct {
	seats.Overview
	Needs   []module.Task
	Devices []door.Device
	Selects bool // who asks may select here
	Admits  bool // who asks may stand at the door
	Leads   bool // who asks leads it
	Now     time.Time
}

// live reports whether it is the day of the seminar, or it goes on.
func (w todayRow) live() bool {
	return w.Activity.State == programme.Published && !w.Activity.Past(w.Now) && door.DoorOpen(w.Activity, w.Now)
}

// quiet reports whether nothing about it is worth a row: it stands in the list of all. Whoever
// works on the day alone has rows of the weeks to come; whoever leads some, of these.
func (w todayRow) quiet(leads bool) bool {
	a := w.Activity
	switch {
	case len(w.Needs) > 0, w.live():
		return false
	case a.State != programme.Published, a.Past(w.Now):
		return true
	case !w.Selects:
		return leads && !w.Leads || a.Starts.After(w.Now.Add(farForHands))
	}
	return w.Count[seats.Invited]+w.Count[seats.Confirmed] == 0 && a.Starts.After(w.Now.Add(soon))
}

// deadline is the next moment that matters, by which rows are sorted.
func (w todayRow) deadline() time.Time {
	at := w.Activity.Starts
	if !w.Selects {
		return at
	}
	for _, t := range w.Needs {
		if !t.Due.IsZero() && t.Due.Before(at) {
			at = t.Due
		}
	}
	if d := w.Activity.Deadline; w.Activity.State == programme.Published && d.After(w.Now) && d.Before(at) {
		at = d
	}
	return at
}

// hands reports whether the row leads to the run sheet: on the day, and the days before it.
func (w todayRow) hands() bool {
	return w.Admits && (w.live() || !w.Selects && !w.Activity.Past(w.Now) && w.Activity.Starts.Before(w.Now.Add(7*24*time.Hour)))
}

// todayFirst orders rows: today, then by the next deadline, then what is over and not done.
// Of those beside each other one that she leads comes first.
func todayFirst(a, b todayRow) int {
	rank := func(w todayRow) int {
		switch {
		case w.live():
			return 0
		case w.Activity.Past(w.Now):
			return 2
		}
		return 1
	}
	leads := 0
	if a.Leads != b.Leads {
		leads = 1
		if a.Leads {
			leads = -1
		}
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), leads, a.deadline().Compare(b.deadline()), cmp.Compare(a.Activity.Slug, b.Activity.Slug))
}

// today are all rows of who asks with what they need, and what is read on the way.
type todayData struct {
	Rows   []todayRow
	All    int // seminars that she may select for, with and without a row
	Ahead  int // rows of seminars that are neither cancelled nor drafts
	Page   kit.Pages
	Calls  []seats.ToCall
	ToCall int // people whom nothing but a call reaches, of all seminars
	At     map[storage.ID]seats.Activity
	Next   seats.Activity // of those to come the first, when there is one
}

// callsAt are the activities of those who are to be called, each with a list of its own.
func (d todayData) callsAt() (out []seats.Activity) {
	for _, c := range d.Calls {
		a := d.At[c.Activity]
		if !slices.ContainsFunc(out, func(b seats.Activity) bool { return b.ID == a.ID }) {
			out = append(out, a)
		}
	}
	return out
}

// callReason says why somebody has to be called, by one of her reasons.
func callReason(r *web.Request, c seats.ToCall, reason seats.CallReason) string {
	switch reason {
	case seats.Unasked:
		return r.Say.T("seminars.calls.short.unasked", "until", i18n.DateTime(r.Lang, c.Expires))
	case seats.Unmoved:
		return r.Say.T("seminars.calls.short.unmoved")
	case seats.Owes:
		return r.Say.T("seminars.calls.short.owes", "until", i18n.DateTime(r.Lang, c.Until))
	case seats.NoOtherWay:
		return r.Say.T("seminars.calls.reason.alone")
	case seats.NotArrived:
		if words := c.Failed.Words(r); words != "" {
			return r.Say.T("seminars.calls.reason.failed_why", "why", words)
		}
		return r.Say.T("seminars.calls.reason.failed")
	}
	return r.Say.T("seminars.calls.reason.unanswered")
}

// tasks are what waits for who asks in the rooms of seminars; Today and the search ask.
func (m *Module) tasks(ctx context.Context, tx *storage.Tx, r *web.Request) ([]module.Task, error) {
	_, tasks, _, err := m.gather(ctx, tx, r.Actor)
	return tasks, err
}

// gather reads every seminar on which somebody may work, what each needs, and its phones.
func (m *Module) gather(ctx context.Context, tx *storage.Tx, actor access.Actor) (rows []todayRow, tasks []module.Task, day seats.Morning, err error) {
	selects, admits := actor.MaySomewhere(seats.MaySelect), actor.MaySomewhere(seats.MayAdmit)
	if !selects && !admits {
		return nil, nil, day, nil
	}
	if selects {
		if day, err = m.Morning(ctx, tx, actor); err != nil {
			return nil, nil, day, err
		}
		tasks = day.Tasks()
	}
	all := day.Overviews
	if admits { // with several roles she may work on the day of others too
		others, err := m.CountedBeside(ctx, tx, actor, seats.MayAdmit, seats.MaySelect)
		if err != nil {
			return nil, nil, day, err
		}
		all = slices.Concat(all, others)
	}
	var near []storage.ID
	for _, o := range all {
		if o.Activity.State == programme.Published && o.Activity.Ends.Add(seats.TicketGrace).After(tx.Now) && o.Activity.Starts.Before(tx.Now.Add(soon)) {
			near = append(near, o.Activity.ID)
		}
	}
	devices, err := door.DevicesAt(ctx, tx, near)
	if err != nil {
		return nil, nil, day, err
	}
	stuck := map[storage.ID]bool{}
	if selects {
		if stuck, err = selection.Stuck(ctx, tx); err != nil {
			return nil, nil, day, err
		}
	}
	for _, o := range all {
		a := o.Activity
		if stuck[a.ID] && a.State == programme.Published && a.Starts.After(tx.Now) && actor.May(seats.MaySelect, seats.ScopeOf(a)) {
			tasks = append(tasks, module.Task{
				Urgency: module.Now, Due: a.Starts, Key: "seminars.today.stuck", Short: "seminars.today.stuck.short", Do: "seminars.today.stuck.do",
				Args: fault.Args{"activity": a.Title}, Path: staffPath(a, "/applicants"), Activity: a.ID,
			})
		}
		w := todayRow{
			Overview: o, Devices: devices[a.ID], Now: tx.Now, Leads: !a.Facilitator.IsZero() && a.Facilitator == actor.Person,
			Selects: actor.May(seats.MaySelect, seats.ScopeOf(a)), Admits: actor.May(seats.MayAdmit, seats.ScopeOf(a)),
		}
		tasks = append(tasks, w.doorTasks(actor)...)
		rows = append(rows, w)
	}
	at := map[storage.ID]int{}
	for i, w := range rows {
		at[w.Activity.ID] = i
	}
	for i, t := range tasks {
		if row, has := at[t.Activity]; has {
			rows[row].Needs = append(rows[row].Needs, t)
		} else {
			tasks[i].Activity = storage.ID{} // no row says it
		}
	}
	open, err := m.otherDoors(ctx, tx, actor, at)
	return rows, append(tasks, open...), day, err
}

// otherDoors lead to open doors of activities to which nobody has to apply: they have no seats
// to count, and no row.
func (m *Module) otherDoors(ctx context.Context, tx *storage.Tx, actor access.Actor, rows map[storage.ID]int) (out []module.Task, err error) {
	if !actor.MaySomewhere(seats.MayAdmit) {
		return nil, nil
	}
	list, err := m.Schedule().List(ctx, tx)
	for _, a := range list {
		if _, has := rows[a.ID]; !has && !a.Past(tx.Now) && door.DoorOpen(a, tx.Now) && actor.May(seats.MayAdmit, seats.ScopeOf(a)) {
			out = append(out, module.Task{
				Urgency: module.Now, Due: a.Ends, Key: "seminars.door.task", Do: "seminars.door.task.do",
				Args: fault.Args{"activity": a.Title}, Path: "/door/" + a.Slug,
			})
		}
	}
	return out, err
}

// doorTasks lead whoever admits people to a door that is open, and whoever lets phones scan to
// those that were not in contact since the end.
func (w todayRow) doorTasks(actor access.Actor) (out []module.Task) {
	a := w.Activity
	if w.live() && w.Admits {
		t := module.Task{
			Urgency: module.Now, Due: a.Ends, Key: "seminars.door.task", Short: "seminars.door.task.short", Do: "seminars.door.task.do",
			Args: fault.Args{"activity": a.Title}, Path: "/door/" + a.Slug, Activity: a.ID,
		}
		if w.Selects { // others stand there; she has more to do
			t.Urgency = module.When
		}
		out = append(out, t)
	}
	if !actor.May(seats.MayEnrol, seats.ScopeOf(a)) {
		return out
	}
	silent := 0
	var until time.Time
	for _, d := range w.Devices {
		if d.Silent(a, w.Now) {
			if silent++; until.IsZero() || d.Until.Before(until) {
				until = d.Until
			}
		}
	}
	if silent > 0 {
		out = append(out, module.Task{
			Urgency: module.Soon, Due: until, Key: "seminars.today.phones", Short: "seminars.today.phones.short", Do: "seminars.today.phones.do",
			Args: fault.Args{"activity": a.Title, "count": silent}, Path: "/door/" + a.Slug + "/phones", Activity: a.ID,
		})
	}
	return out
}

// todayPart is what Today shows of the seminars.
func (m *Module) todayPart(ctx context.Context, tx *storage.Tx, r *web.Request) (part module.TodayPart, err error) {
	rows, tasks, day, err := m.gather(ctx, tx, r.Actor)
	if part.Tasks = tasks; err != nil || len(rows) == 0 {
		return part, err
	}
	d := todayData{At: map[storage.ID]seats.Activity{}}
	for _, w := range rows {
		a := w.Activity
		if d.At[a.ID] = a; w.Selects {
			d.All++
		}
		if a.State == programme.Published && a.Starts.After(tx.Now) && (d.Next.ID.IsZero() || a.Starts.Before(d.Next.Starts)) {
			d.Next = a
		}
	}
	leads := slices.ContainsFunc(rows, func(w todayRow) bool { return w.Leads && !w.Selects && !w.Activity.Past(tx.Now) })
	d.Rows = slices.DeleteFunc(rows, func(w todayRow) bool { return w.quiet(leads) })
	for _, w := range d.Rows {
		if w.Activity.State == programme.Published {
			d.Ahead++
		}
	}
	slices.SortStableFunc(d.Rows, todayFirst)
	d.Page = kit.Pages{Page: 1, Of: max(1, (len(d.Rows)+rowsOnToday-1)/rowsOnToday), Path: func(n int) string { return "/today?page=" + strconv.Itoa(n) }}
	if n, err := strconv.Atoi(r.URL.Query().Get("page")); err == nil && n > 0 && n <= d.Page.Of {
		d.Page.Page = n
	}
	d.Rows = d.Rows[(d.Page.Page-1)*rowsOnToday : min(d.Page.Page*rowsOnToday, len(d.Rows))]
	if err := m.tellRowsApart(ctx, tx, r.Actor, d.Rows); err != nil {
		return part, err
	}
	if r.Actor.MaySomewhere(seats.MaySelect) {
		if d.Calls, d.ToCall, err = m.FirstToCall(ctx, tx, day, callsOnToday); err != nil {
			return part, err
		}
	}
	part = module.TodayPart{Tasks: tasks, Rows: todayRows(r, d), Styles: []string{kit.FiguresStyle}}
	if !d.Next.ID.IsZero() {
		part.Next = r.Say.T("seminars.today.next", "activity", d.Next.Title, "when", i18n.DateTime(r.Lang, d.Next.Starts))
	}
	if d.ToCall > 0 {
		part.Beside = todayCalls(r, d)
		part.Shown = func(ctx context.Context) error { return m.noteCalls(ctx, r, d.Calls) }
	}
	return part, nil
}

// tellRowsApart tells women from men in the rows that are shown.
func (m *Module) tellRowsApart(ctx context.Context, tx *storage.Tx, actor access.Actor, rows []todayRow) error {
	var at []int
	var list []seats.Overview
	for i, w := range rows {
		if w.Selects || actor.May(seats.MayEnrol, seats.ScopeOf(w.Activity)) {
			at, list = append(at, i), append(list, w.Overview)
		}
	}
	if len(list) == 0 {
		return nil
	}
	if err := m.TellApart(ctx, tx, list, apartOnToday); err != nil {
		return err
	}
	for i, o := range list {
		rows[at[i]].Overview = o
	}
	return nil
}

// noteCalls notes in the logs of those who are to be called that their names and numbers were
// shown.
func (m *Module) noteCalls(ctx context.Context, r *web.Request, list []seats.ToCall) error {
	at := map[storage.ID][]storage.ID{}
	var order []storage.ID
	for _, c := range list {
		if at[c.Activity] == nil {
			order = append(order, c.Activity)
		}
		at[c.Activity] = append(at[c.Activity], c.Person)
	}
	return m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		for _, id := range order {
			if err := audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: at[id], Action: "seminars.audit.calls", Object: id}); err != nil {
				return err
			}
		}
		return nil
	})
}

// figures are the seats of a row.
func (w todayRow) figures() kit.Figures {
	split := func(states ...seats.State) (s kit.Split) {
		for _, state := range states {
			by, n := w.By[state], w.Count[state]
			s.Women, s.Men, s.Undisclosed = s.Women+by.Women, s.Men+by.Men, s.Undisclosed+by.Undisclosed
			s.Untold += max(0, n-by.All())
		}
		return s
	}
	f := kit.Figures{
		Capacity: w.Seats.Capacity, Came: split(seats.Attended), Said: split(seats.Confirmed), Asked: split(seats.Invited), Waiting: split(seats.Waitlisted),
		Missing: w.Count[seats.NoShow], Extra: w.Extra, Begun: w.live() && (w.Count[seats.Attended] > 0 || !w.Activity.Starts.After(w.Now)), Over: w.Activity.Past(w.Now),
	}
	f.Came.Untold = max(0, f.Came.Untold-w.Extra) // they stand in no seat
	return f
}

// stage is what a row says beside its title: a kind of mark, and the words.
func (w todayRow) stage(r *web.Request) (kind, words string) {
	a := w.Activity
	switch {
	case a.State == programme.Cancelled:
		return "bad", r.Say.T("seminars.today.stage.cancelled")
	case a.State != programme.Published:
		return "", r.Say.T("seminars.today.stage.draft")
	case a.Past(w.Now):
		return "wait", r.Say.T("seminars.today.stage.over")
	case w.live():
		return "bad", r.Say.T("seminars.today.stage.today", "at", i18n.Time(r.Lang, a.Starts))
	case a.InvitationOnly:
		return "", r.Say.T("seminars.today.stage.by_name")
	case !a.Opens.IsZero() && w.Now.Before(a.Opens):
		return "", r.Say.T("seminars.today.stage.early")
	case a.Deadline.IsZero() || w.Now.Before(a.Deadline):
		return "good", r.Say.T("seminars.today.stage.open")
	case w.ToChoose() > 0:
		return "", r.Say.T("seminars.today.stage.select")
	}
	return "", r.Say.T("seminars.today.stage.ahead")
}

// line says where it is, and what of its dates matters at this stage.
func (w todayRow) line(r *web.Request) string {
	a := w.Activity
	where := a.Venue.In(r.Lang)
	if where == "" {
		where = a.CityName(profile.Said(r.Say), r.Lang)
	}
	when := ""
	switch {
	case a.Past(w.Now), a.State != programme.Published: // its dates for applications bind nobody
		when = i18n.DateTimeRange(r.Lang, a.Starts, a.Ends)
	case w.live() || !w.Selects:
		when = i18n.TimeRange(r.Lang, a.Starts, a.Ends)
	case a.InvitationOnly:
		when = i18n.Time(r.Lang, a.Starts)
	case !a.Opens.IsZero() && w.Now.Before(a.Opens):
		when = r.Say.T("seminars.today.opens", "when", i18n.DayMonth(r.Lang, a.Opens)+", "+i18n.Time(r.Lang, a.Opens))
	case !a.Deadline.IsZero():
		when = r.Say.T("seminars.today.deadline", "when", i18n.DayMonth(r.Lang, a.Deadline)+", "+i18n.Time(r.Lang, a.Deadline))
	}
	if where == "" || when == "" {
		return where + when
	}
	return where + " · " + when
}

// mark is one of the three facts of a row.
type mark struct{ Kind, Value, Label string }

// came is how many came of how many who hold a seat, as the door and the run sheet count them:
// who was let in though no seat was left stands in no seat, and is counted apart.
func (w todayRow) came() (there, expected int) {
	there = w.Count[seats.Attended] - w.Extra
	return there, there + w.Count[seats.Confirmed] + w.Count[seats.NoShow]
}

// marks are three facts that fit the stage.
func (w todayRow) marks(r *web.Request) []mark {
	a := w.Activity
	number := func(n int) string { return i18n.Number(r.Lang, n) }
	of := func(n, all int) string { return r.Say.T("seminars.today.of", "count", n, "all", all) }
	reach := mark{"", "–", r.Say.T("seminars.today.mark.to_call")}
	if w.Reach.Known {
		reach.Kind, reach.Value = "good", number(w.Reach.OutOfReach)
		if w.Reach.OutOfReach > 0 {
			reach.Kind = "bad"
		}
	}
	phones, on := 0, 0
	for _, d := range w.Devices {
		if d.Revoked.IsZero() {
			phones++
		}
		if d.On(w.Now) {
			on++
		}
	}
	ready := mark{"", "–", r.Say.T("seminars.today.mark.phones")}
	if phones > 0 {
		ready.Kind, ready.Value = "good", of(on, phones)
		if on < phones {
			ready.Kind = "wait"
		}
	}
	held := w.Count[seats.Invited] + w.Count[seats.Confirmed]
	answered := mark{"", of(w.Count[seats.Confirmed], held), r.Say.T("seminars.today.mark.answered")}
	if held > 0 && w.Count[seats.Invited] == 0 {
		answered.Kind = "good"
	}
	there, expected := w.came()
	came := mark{"", of(there, expected), r.Say.T("seminars.today.mark.came")}
	switch {
	case a.State != programme.Published:
		return []mark{{"", number(w.applied()), r.Say.T("seminars.today.mark.applied")}}
	case a.Past(w.Now):
		silent := 0
		for _, d := range w.Devices {
			if d.Silent(a, w.Now) {
				silent++
			}
		}
		out := mark{"good", number(0), r.Say.T("seminars.today.mark.unnoted")}
		if n := w.Count[seats.Confirmed]; n > 0 {
			out.Kind, out.Value = "wait", number(n)
		}
		still := mark{"", "–", r.Say.T("seminars.today.mark.silent")}
		if len(w.Devices) > 0 {
			still.Value = of(silent, phones)
			if still.Kind = "good"; silent > 0 {
				still.Kind = "bad"
			}
		}
		return []mark{came, out, still}
	case !w.Selects && w.live():
		return []mark{came, ready, {"", number(w.Seats.Capacity), r.Say.T("seminars.today.mark.seats")}}
	case !w.Selects:
		return []mark{{"", number(expected), r.Say.T("seminars.today.mark.expected")}, ready, {"", number(w.Seats.Capacity), r.Say.T("seminars.today.mark.seats")}}
	case w.live():
		return []mark{came, ready, reach}
	case a.InvitationOnly:
		return []mark{answered, ready, reach}
	case w.ToChoose() > 0 && !a.Deadline.IsZero() && w.Now.After(a.Deadline):
		choose := mark{"wait", number(w.ToChoose()), r.Say.T("seminars.today.mark.choose")}
		if a.Starts.Before(w.Now.Add(5 * 24 * time.Hour)) {
			choose.Kind = "bad"
		}
		return []mark{choose, {"", number(w.Seats.Left()), r.Say.T("seminars.today.mark.left")}, reach}
	case a.Deadline.IsZero() || w.Now.Before(a.Deadline):
		return []mark{w.women(r), {"", number(w.applied()), r.Say.T("seminars.today.mark.applied")}, reach}
	}
	return []mark{answered, ready, reach}
}

// applied is how many applied and were not declined, nor stepped back.
func (w todayRow) applied() (n int) {
	for s, count := range w.Count {
		if s != seats.Declined && s != seats.Withdrawn {
			n += count
		}
	}
	return n
}

// women is the share of women among those who applied and said their sex, beside the target.
func (w todayRow) women(r *web.Request) mark {
	target, has := w.Seats.Targets[profile.BySex][profile.Female]
	m := mark{"", "–", r.Say.T("seminars.today.mark.women")}
	if has {
		m.Label = r.Say.T("seminars.today.mark.women_target", "percent", i18n.Percent(r.Lang, float64(target)/100))
	}
	var women, all int
	for _, s := range w.By {
		women, all = women+s.Women, all+s.Women+s.Men
	}
	if all == 0 {
		return m
	}
	share := float64(women) / float64(all)
	if m.Value = i18n.Percent(r.Lang, share); has {
		if m.Kind = "good"; share < float64(target)/100 {
			m.Kind = "wait"
		}
	}
	return m
}

// firstDoor is the page on which somebody begins who stands at a door and does nothing else:
// the one door that is open now. Of several, and of none, Today tells.
func (m *Module) firstDoor(ctx context.Context, tx *storage.Tx, r *web.Request) (string, error) {
	if r.Actor.MaySomewhere(seats.MaySelect) || r.Actor.MaySomewhere(seats.MayEnrol) {
		return "", nil
	}
	list, err := m.Schedule().List(ctx, tx)
	if err != nil {
		return "", err
	}
	var open []string
	for _, a := range list {
		if !a.Past(tx.Now) && door.DoorOpen(a, tx.Now) && r.Actor.May(seats.MayAdmit, seats.ScopeOf(a)) {
			open = append(open, "/door/"+a.Slug)
		}
	}
	if len(open) != 1 {
		return "", nil
	}
	return open[0], nil
}
