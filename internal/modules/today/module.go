package today

import (
	"context"
	"embed"
	"io/fs"
	"slices"
	"sort"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

//go:embed text/*.json
var texts embed.FS

// See is the permission to see the page; each module shows only what the
// person may see.
const See access.Permission = "today.see"

// Module is the page Today.
type Module struct {
	Store *storage.Store
	House *module.House // whose manifests it shows
}

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:        "today",
		Texts:       text,
		Permissions: map[access.Permission][]access.Role{See: {access.Coordinator, access.Facilitator, access.Moderator, access.FrontDesk, access.Admin}},
		Routes:      []web.Route{{Method: "GET", Pattern: "/today", Needs: See, Handler: m.show}},
		First:       module.FirstPage{Path: "/today", Needs: See},
		Nav:         []web.NavItem{{Key: "today.nav", Path: "/today", Needs: See, Order: 100, Icon: web.DayIcon}},
	}
}

// day is what the page shows.
type day struct {
	Now      time.Time
	Tasks    []module.Task // all that waits, each once: every count of the page is of these
	Pressing int           // of these, what cannot wait
	Urgent   []module.Task // the first of what cannot wait
	Also     []module.Task // what stands in no row, and not above
	Rows     []templ.Component
	Beside   []templ.Component
	Styles   []string
	Next     string
	Ahead    []programme.Activity // of who has no rows
}

const (
	mostUrgent = 3 // of what cannot wait, at the head of the page
	mostAhead  = 8 // activities that are named to who has no rows of her own
)

// show gathers what all modules say.
func (m *Module) show(r *web.Request) error {
	var d day
	var shown []func(ctx context.Context) error
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, shown = day{Now: tx.Now, Styles: []string{"today"}}, nil
		for _, other := range m.House.Manifests() {
			switch {
			case other.TodayPart != nil:
				part, err := other.TodayPart(ctx, tx, r)
				if err != nil {
					return err
				}
				d.add(part)
				if part.Shown != nil {
					shown = append(shown, part.Shown)
				}
			case other.Today != nil:
				some, err := other.Today(ctx, tx, r)
				if err != nil {
					return err
				}
				d.Tasks = append(d.Tasks, some...)
			}
		}
		if len(d.Rows) == 0 {
			d.Ahead, err = ahead(ctx, tx, r)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, note := range shown { // what cannot be noted is not shown
		if err := note(r.Context()); err != nil {
			return err
		}
	}
	d.arrange()
	if d.Next == "" && len(d.Ahead) > 0 {
		d.Next = r.Say.T("today.next", "activity", d.Ahead[0].Title, "when", i18n.DateTime(r.Lang, d.Ahead[0].Starts))
	}
	return r.Page(200, page(r, d))
}

// add takes in what one module says.
func (d *day) add(part module.TodayPart) {
	d.Tasks = append(d.Tasks, part.Tasks...)
	if part.Rows != nil {
		d.Rows = append(d.Rows, part.Rows)
	}
	if part.Beside != nil {
		d.Beside = append(d.Beside, part.Beside)
	}
	if d.Next == "" {
		d.Next = part.Next
	}
	for _, style := range part.Styles {
		if !slices.Contains(d.Styles, style) {
			d.Styles = append(d.Styles, style)
		}
	}
}

// arrange puts what waits in order, and each thing in its place: the first of what cannot wait
// at the head, what belongs to an activity in its row, and the rest beside.
func (d *day) arrange() {
	inOrder(d.Tasks)
	for _, t := range d.Tasks {
		pressing := d.pressing(t)
		if pressing {
			d.Pressing++
		}
		if pressing && len(d.Urgent) < mostUrgent {
			d.Urgent = append(d.Urgent, t)
		} else if t.Activity.IsZero() {
			d.Also = append(d.Also, t)
		}
	}
}

// pressing reports whether something cannot wait: people wait now, or its last moment comes
// within a day.
func (d *day) pressing(t module.Task) bool {
	return t.Urgency == module.Now || t.Urgency == module.Soon && !t.Due.IsZero() && t.Due.Before(d.Now.Add(24*time.Hour))
}

// until is a last moment: of today the hour alone.
func (d *day) until(r *web.Request, due time.Time) string {
	if i18n.SameDay(due, d.Now) {
		return i18n.Time(r.Lang, due)
	}
	return i18n.DayMonth(r.Lang, due) + ", " + i18n.Time(r.Lang, due)
}

// verb is what the link of something that waits does.
func verb(r *web.Request, t module.Task) string {
	if t.Do == "" {
		return r.Say.T("today.open")
	}
	return r.Say.T(t.Do)
}

// ahead are the next activities where somebody works who has no rows, as a moderator: those
// within her reach that everybody may know of.
func ahead(ctx context.Context, tx *storage.Tx, r *web.Request) (out []programme.Activity, err error) {
	list, err := programme.All(ctx, tx, programme.Filter{State: programme.Published, From: tx.Now})
	for _, a := range list {
		if len(out) < mostAhead && a.OpenToStrangers() && !a.Past(tx.Now) && r.Actor.May(See, a.Scope()) {
			out = append(out, a)
		}
	}
	return out, err
}

// inOrder sorts tasks: what is more urgent first, then what ends first; a task
// without an end comes after those with one.
func inOrder(tasks []module.Task) {
	sort.SliceStable(tasks, func(i, j int) bool {
		a, b := tasks[i], tasks[j]
		if a.Urgency != b.Urgency {
			return a.Urgency < b.Urgency
		}
		if a.Due.IsZero() != b.Due.IsZero() {
			return b.Due.IsZero()
		}
		return a.Due.Before(b.Due)
	})
}
