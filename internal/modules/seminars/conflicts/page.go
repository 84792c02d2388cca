package conflicts

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
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
	"platforma.kg/ashar/internal/spine/people"
)

// perPage is how many conflicts stand on one page, mostFound how many names a search gives.
const (
	perPage   = 20
	mostFound = 20
)

// pageData is the page of one activity.
type pageData struct {
	Activity seats.Activity
	All      int // conflicts that wait
	More     bool
	Shown    []card
	Pages    kit.Pages
	Decided  []decided
	MoreDone bool // decisions that are not listed any more
	Query    string
	Found    []found
	Now      time.Time
	Fault    *fault.Error
	At       storage.ID // of what was decided wrongly
	Why      string     // as it was typed there
	Here     string     // the address of this view, without language

	phones map[string]string // their names, by device
	staff  map[string]string // whose phone it is, of those who signed in with their own
}

// card is a conflict as it is shown.
type card struct {
	Conflict
	Name, OtherName string
	Closed          bool // who asks may not decide it
}

// decided is a decision as it is shown.
type decided struct {
	Decision
	Name, OtherName, Who, Why string
}

// found is somebody who came, with her first entry.
type found struct {
	Subject storage.ID
	Person  storage.ID
	Name    string
	First   int64 // when she came
	More    int   // how many entries came after
	Device  string
}

// device names a phone for people.
func (d pageData) device(r *web.Request, device string) string {
	switch name := d.phones[device]; {
	case name != "":
		return r.Say.T("conflicts.phone", "name", name)
	case device == door.Deciders:
		return r.Say.T("conflicts.by_decision")
	case d.staff[device] != "":
		return r.Say.T("conflicts.staff_phone", "name", d.staff[device])
	}
	return r.Say.T("conflicts.by_staff")
}

// when is a moment of a day: of an activity of one day the time is enough.
func (d pageData) when(r *web.Request, at int64) string {
	if t := storage.Instant(at); i18n.SameDay(t, d.Activity.Starts) {
		return i18n.Time(r.Lang, t)
	}
	return i18n.DateTime(r.Lang, storage.Instant(at))
}

func (m *Module) activity(ctx context.Context, tx *storage.Tx, r *web.Request) (seats.Activity, error) {
	a, err := m.Schedule().BySlug(ctx, tx, r.PathValue("slug"))
	if err == nil && !MayOpen(r.Actor, a) {
		err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return a, err
}

func viewOf(r *web.Request) kit.ViewOf {
	return kit.ViewOf{Path: "/staff/seminars/" + r.PathValue("slug") + "/conflicts"}
}

// read gives the page, and whose names it shows.
func (m *Module) read(ctx context.Context, tx *storage.Tx, r *web.Request) (d pageData, seen []storage.ID, err error) {
	if d.Activity, err = m.activity(ctx, tx, r); err != nil {
		return d, nil, err
	}
	d.Now = tx.Now
	list, err := m.All(ctx, tx, d.Activity)
	if err != nil {
		return d, nil, err
	}
	d.All, d.More = len(list.Conflicts), list.More
	d.Pages = kit.Pages{Page: 1, Of: max(1, (d.All+perPage-1)/perPage), Path: func(n int) string { return Path(d.Activity) + "?page=" + strconv.Itoa(n) }}
	if n, err := strconv.Atoi(r.URL.Query().Get("page")); err == nil && n > 0 {
		d.Pages.Page = min(n, d.Pages.Of)
	}
	conflicts := list.Conflicts[(d.Pages.Page-1)*perPage : min(d.Pages.Page*perPage, d.All)]
	decisions, more, err := lastDecisions(ctx, tx, d.Activity.ID)
	if err != nil {
		return d, nil, err
	}
	d.MoreDone = more
	devices, err := door.DevicesOf(ctx, tx, d.Activity.ID)
	if err != nil {
		return d, nil, err
	}
	d.phones = map[string]string{}
	for _, phone := range devices {
		d.phones[phone.ID.String()] = phone.Name
	}
	apps := map[storage.ID]seats.Application{}
	var ids []storage.ID
	add := func(id storage.ID) error {
		if _, read := apps[id]; read || id.IsZero() {
			return nil
		}
		app, err := seats.ApplicationByID(ctx, tx, id)
		apps[id] = app
		ids = append(ids, app.Person)
		return err
	}
	staff := map[storage.ID]bool{}
	for _, c := range conflicts {
		for _, s := range c.Readings {
			if id, is := staffOf(s.Device); is {
				staff[id] = true
			}
		}
		for _, id := range []storage.ID{c.Application, c.Other} {
			if err := add(id); err != nil {
				return d, nil, err
			}
		}
	}
	for _, done := range decisions {
		for _, id := range []storage.ID{done.Application, done.Other} {
			if err := add(id); err != nil {
				return d, nil, err
			}
		}
		if !done.By.IsZero() {
			ids = append(ids, done.By)
		}
	}
	d.Query = strings.TrimSpace(kit.ReadView(r, viewOf(r)).Text)
	if d.Here = Path(d.Activity); r.URL.RawQuery != "" {
		d.Here += "?" + r.URL.RawQuery
	}
	if d.Found, err = m.find(ctx, tx, d.Activity, d.Query); err != nil {
		return d, nil, err
	}
	for _, f := range d.Found {
		if id, is := staffOf(f.Device); is {
			staff[id] = true
		}
		ids = append(ids, f.Person)
	}
	for id := range staff {
		ids = append(ids, id)
	}
	names, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return d, nil, err
	}
	d.staff = map[string]string{}
	for id := range staff {
		d.staff[seats.StaffDevice(id)] = names[id].FullName
	}
	name := func(app storage.ID) string { return names[apps[app].Person].FullName }
	for _, c := range conflicts {
		one := card{Conflict: c, Name: name(c.Application), OtherName: name(c.Other)}
		if c.Kind == WalkedIn {
			one.Closed = !mayMerge(r.Actor, names[apps[c.Application].Person], names[apps[c.Other].Person])
		}
		d.Shown = append(d.Shown, one)
	}
	for _, done := range decisions {
		one := decided{Decision: done, Name: name(done.Application), OtherName: name(done.Other), Who: names[done.By].FullName}
		if one.Why, err = m.Reason(ctx, tx, done, apps[done.Application].Person); err != nil {
			return d, nil, err
		}
		d.Decided = append(d.Decided, one)
	}
	return d, ids, nil
}

// staffOf is whose device it is, of somebody who signed in with her own.
func staffOf(device string) (storage.ID, bool) {
	rest, is := strings.CutPrefix(device, "person ")
	id, err := storage.ParseID(rest)
	return id, is && err == nil && seats.StaffDevice(id) == device
}

// mayMerge reports whether somebody may say of two records whether they are one person's.
func mayMerge(actor access.Actor, a, b people.Person) bool {
	return people.Reach(actor, "people.merge", a) == nil && people.Reach(actor, "people.merge", b) == nil
}

// find looks by a part of a name for who came in at the door.
func (m *Module) find(ctx context.Context, tx *storage.Tx, a seats.Activity, query string) (out []found, err error) {
	if !door.Searchable(query) {
		return nil, nil
	}
	if err := tx.Outside("the search for who came in"); err != nil {
		return nil, err
	}
	apps, err := seats.ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	apps = slices.DeleteFunc(apps, func(app seats.Application) bool { return app.State != seats.Attended })
	ids := make([]storage.ID, len(apps))
	for i, app := range apps {
		ids[i] = app.Person
	}
	names, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(i18n.FoldKey(query))
	for _, app := range apps {
		name := names[app.Person].FullName
		folded := i18n.FoldKey(name)
		if name == "" || slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(folded, w) }) {
			continue
		}
		marks, err := door.Entries(ctx, tx, app.ID)
		if err != nil {
			return nil, err
		}
		if len(marks) == 0 { // noted from a list alone
			continue
		}
		f := found{Person: names[app.Person].ID, Name: name, First: marks[0].At, More: len(marks) - 1, Device: marks[0].Device}
		if err := tx.QueryRow(ctx, `SELECT id FROM scan WHERE device = $1 AND nonce = $2`, marks[0].Device, marks[0].Nonce).Scan(&f.Subject); err != nil {
			return nil, err
		}
		if out = append(out, f); len(out) == mostFound {
			break
		}
	}
	return out, nil
}

// page reads all, and notes in the logs of those whose names it shows that they were seen.
func (m *Module) page(r *web.Request) (d pageData, err error) {
	var seen []storage.ID
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, seen, err = m.read(ctx, tx, r)
		return err
	}); err != nil || len(seen) == 0 {
		return d, err
	}
	return d, m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: seen, Action: "conflicts.audit.shown", Object: d.Activity.ID})
	})
}

func (m *Module) show(r *web.Request) error {
	d, err := m.page(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page(r, m.Parts, d))
}

// take looks somebody up, takes a decision, or takes one back.
func (m *Module) take(r *web.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "fault.form", fault.Args{"count": 1})
	}
	if r.PostForm.Has("q") {
		if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := m.activity(ctx, tx, r)
			return err
		}); err != nil {
			return err
		}
		return kit.Find(r, viewOf(r))
	}
	flash := "conflicts.done"
	cmd := Decide{Actor: r.Actor, Kind: Kind(r.PostForm.Get("kind")), Choice: Choice(r.PostForm.Get("choice"))}
	var a seats.Activity
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.activity(ctx, tx, r); err != nil {
			return err
		}
		cmd.Activity = a.ID
		if r.PostForm.Has("back") {
			flash = "conflicts.taken_back"
			id, err := storage.ParseID(r.PostForm.Get("back"))
			if err != nil {
				return fault.New(fault.NotFound, "conflicts.fault.decision")
			}
			return m.TakeBack(ctx, tx, r.Actor, a.ID, id)
		}
		if cmd.Subject, err = storage.ParseID(r.PostForm.Get("subject")); err != nil {
			return fault.New(fault.NotFound, "conflicts.fault.entry")
		}
		cmd.Why = r.PostForm.Get(whyOf(cmd.Subject))
		return m.Decide(ctx, tx, cmd)
	})
	f, other := seats.RefusedHere(err)
	if other != nil {
		return other
	}
	if f == nil {
		if cmd.Kind == Double && cmd.Choice == Two {
			flash = "conflicts.done_two"
		}
		r.SetFlash("good", flash)
		return r.Redirect(Path(a))
	}
	d, err := m.page(r)
	if err != nil {
		return err
	}
	for _, e := range f.At("why") { // each card has a field of its own for the reason
		e.Field = whyOf(cmd.Subject)
	}
	d.Fault, d.At, d.Why = f, cmd.Subject, cmd.Why
	return r.Page(web.Status(f.Code), page(r, m.Parts, d))
}

// of says whose something is; of nobody the words alone.
func of(words, name string) string {
	if name == "" {
		return words
	}
	return words + ": " + name
}

// whyOf names the field of a reason.
func whyOf(subject storage.ID) string { return "why_" + subject.String() }

// lines are the readings of a conflict in words.
func lines(r *web.Request, d pageData, c card) (out []string) {
	read := func(key string, s Reading, more ...any) string {
		line := r.Say.T(key, append([]any{"by", d.device(r, s.Device), "when", d.when(r, s.At)}, more...)...)
		if s.Given {
			line += " " + r.Say.T("conflicts.given")
		}
		return line
	}
	switch c.Kind {
	case Codes:
		return []string{r.Say.T("conflicts.line.codes", "by", d.device(r, c.Readings[0].Device), "when", d.when(r, c.Readings[len(c.Readings)-1].Received), "count", c.Count)}
	case WalkedIn:
		return []string{
			r.Say.T("conflicts.line.walked", "when", d.when(r, c.Readings[0].At), "name", c.Name),
			r.Say.T("conflicts.line.applied", "name", c.OtherName, "state", r.Say.T("seminars.state."+string(c.State))),
		}
	case Undo:
		return []string{read("conflicts.line.let_in", c.Readings[0]), read("conflicts.line.undo", c.Readings[1])}
	}
	for _, s := range c.Readings {
		if c.Kind == Refused {
			out = append(out, read("conflicts.line.refused", s, "why", r.Say.T(door.SaidOf(s.Kind, s.Result, s.Reason).Why())))
		} else {
			out = append(out, read("conflicts.line.let_in", s))
		}
	}
	if c.Kind == Withdrew || c.Kind == Refused {
		out = append(out, r.Say.T("conflicts.line.state", "state", r.Say.T("seminars.state."+string(c.State))))
	}
	return out
}

func typed(d pageData, subject storage.ID) string {
	if d.Fault != nil && d.At == subject {
		return d.Why
	}
	return ""
}

func faultAt(d pageData, subject storage.ID) *fault.Error {
	if d.At == subject {
		return d.Fault
	}
	return nil
}
