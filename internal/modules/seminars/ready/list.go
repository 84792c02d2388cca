package ready

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// List is which phones of an activity are ready: those that were let in, and those of the team
// that were checked.
type List struct {
	Activity seats.Activity
	Now      time.Time
	Rows     []Row
}

// Row is one phone.
type Row struct {
	Name    string
	Person  storage.ID // whose phone it is; zero for one that was let in by a link
	Checked time.Time  // zero for never
	Missing []string
}

// Ready reports whether the phone was checked, and nothing was missing.
func (r Row) Ready() bool { return !r.Checked.IsZero() && len(r.Missing) == 0 }

// Of gives the list of an activity, for who leads it; Named are those whose names are in it.
func Of(ctx context.Context, tx *storage.Tx, persons *people.Service, a seats.Activity) (List, error) {
	l := List{Activity: a, Now: tx.Now}
	devices, err := door.DevicesOf(ctx, tx, a.ID)
	if err != nil {
		return l, err
	}
	checks, err := door.ReadyAt(ctx, tx, a.ID)
	if err != nil {
		return l, err
	}
	of := map[string]door.Ready{}
	var team []storage.ID
	for _, c := range checks {
		of[c.Device] = c
		if !c.Person.IsZero() {
			team = append(team, c.Person)
		}
	}
	for _, d := range devices {
		if d.On(tx.Now) {
			c := of[d.ID.String()]
			l.Rows = append(l.Rows, Row{Name: d.Name, Checked: c.At, Missing: c.Missing})
		}
	}
	names, err := persons.ByIDs(ctx, tx, team)
	if err != nil {
		return l, err
	}
	first := len(l.Rows)
	for id, p := range names {
		c := of[seats.StaffDevice(id)]
		l.Rows = append(l.Rows, Row{Name: p.FullName, Person: id, Checked: c.At, Missing: c.Missing})
	}
	slices.SortFunc(l.Rows[first:], func(x, y Row) int {
		return cmp.Or(i18n.CompareNames(x.Name, y.Name), cmp.Compare(x.Person.String(), y.Person.String()))
	})
	return l, nil
}

// Named are the people whose names the list shows.
func (l List) Named() (out []storage.ID) {
	for _, row := range l.Rows {
		if !row.Person.IsZero() {
			out = append(out, row.Person)
		}
	}
	return out
}

// Told reports whether the list is shown: from when on phones can be made ready until the end.
func (l List) Told() bool {
	return door.CanBeReady(l.Activity, l.Now) && !l.Now.Before(door.PacksFrom(l.Activity))
}

// all reports whether there are phones, and all of them are ready.
func (l List) all() bool { return len(l.Rows) > 0 && l.ready() == len(l.Rows) }

func (l List) ready() (n int) {
	for _, row := range l.Rows {
		if row.Ready() {
			n++
		}
	}
	return n
}

// missing names what a phone lacks.
func (r Row) missing(q *web.Request) string {
	var out []string
	for _, line := range r.Missing {
		out = append(out, q.Say.T("ready.short."+line))
	}
	return strings.Join(out, ", ")
}
