package signed

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
)

// standing is the page of the sheets of an activity.
type standing struct {
	Activity seats.Activity
	Days     []dayData
	Decides  bool
	Fault    *fault.Error
	At       ledger.Day // of the form that is wrong
	Typed    url.Values
}

// dayData is what a page says of one day.
type dayData struct {
	day
	Begun, Over bool
	You         storage.ID
	Differ      []guest // where the readings differ
	Agreed      int     // who signed by both
	Not         int     // who signed by neither
	DoorOnly    []guest // who came in at the door that day and did not sign
	SheetOnly   int     // who signed and was not seen at the door, where the door was used
	NoSeat      []guest // who signed and holds no seat any more
	Last        bool    // the last day of the activity
}

// keyData is the page on which a reading is keyed in.
type keyData struct {
	Activity seats.Activity
	day
	Place  int
	Guests []guest
	Alone  bool // who keys in did the other reading
	Fault  *fault.Error
	Typed  url.Values
}

func path(a seats.Activity, more string) string {
	return "/staff/seminars/" + a.Slug + "/signed" + more
}

// mine is the reading that is keyed in, an empty one before the first mark.
func (d keyData) mine() Reading {
	if r := d.Readings[d.Place-1]; r != nil {
		return *r
	}
	return Reading{Place: d.Place}
}

// ticked reports whether somebody is shown as having signed.
func (d keyData) ticked(app storage.ID) bool {
	if d.Typed != nil {
		return slices.Contains(d.Typed["signed"], app.String())
	}
	return d.mine().Signed[app]
}

func (d keyData) below() string {
	if d.Typed != nil {
		return d.Typed.Get("below")
	}
	return strconv.Itoa(d.mine().Below)
}

// activity finds the activity of the address for who has a permission there.
func (m *Module) activity(ctx context.Context, tx *storage.Tx, r *web.Request, needs access.Permission) (a seats.Activity, err error) {
	if a, err = m.Schedule().BySlug(ctx, tx, r.PathValue("slug")); err != nil {
		return a, err
	}
	return a, may(r.Actor, needs, a)
}

func (m *Module) standing(r *web.Request) (s standing, err error) {
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error { // the looks are noted
		a, err := m.activity(ctx, tx, r, MayKeyIn)
		if err != nil {
			return err
		}
		s = standing{Activity: a, Decides: r.Actor.May(MayDecide, seats.ScopeOf(a))}
		days, err := readDays(ctx, tx, a)
		if err != nil {
			return err
		}
		var seen []storage.ID
		for i, d := range days {
			data := dayData{day: d, Begun: d.begun(tx.Now), Over: !tx.Now.Before(a.Ends), You: r.Actor.Person, Last: i == len(days)-1}
			if d.both() && s.Decides {
				if err := m.compare(ctx, tx, a, &data); err != nil {
					return err
				}
				for _, list := range [][]guest{data.Differ, data.DoorOnly, data.NoSeat} {
					for _, g := range list {
						seen = append(seen, g.Person)
					}
				}
			}
			s.Days = append(s.Days, data)
		}
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: seen, Action: "signed.audit.shown", Object: a.ID})
	})
	return s, err
}

// compare holds the two readings beside each other and beside the door.
func (m *Module) compare(ctx context.Context, tx *storage.Tx, a seats.Activity, d *dayData) error {
	guests, err := m.guests(ctx, tx, a, d.day)
	if err != nil {
		return err
	}
	door, err := seats.ScannedOn(ctx, tx, a.ID, d.Day)
	if err != nil {
		return err
	}
	for _, g := range guests {
		signed, open := d.says(g.ID)
		switch {
		case d.differs(g.ID):
			d.Differ = append(d.Differ, g)
		case signed:
			d.Agreed++
		default:
			d.Not++
		}
		switch {
		case open:
		case signed && !g.State.HoldsSeat():
			d.NoSeat = append(d.NoSeat, g)
		case signed && len(door) > 0 && !door[g.ID]:
			d.SheetOnly++
		case !signed && door[g.ID]:
			d.DoorOnly = append(d.DoorOnly, g)
		}
	}
	return nil
}

func (m *Module) show(r *web.Request) error {
	s, err := m.standing(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, page(r, m.Parts, s))
}

// asked reads which day and which reading a request is of.
func asked(v url.Values) (ledger.Day, int, error) {
	code, err := ledger.ParseDay(v.Get("day"))
	place, bad := strconv.Atoi(v.Get("reading"))
	if err != nil || bad != nil || place < 1 || place > 2 {
		return "", 0, fault.New(fault.NotFound, "signed.fault.day")
	}
	return code, place, nil
}

// next is the reading that waits, of the first day whose sheet is not done: where a page leads
// that names none.
func next(days []day, actor storage.ID) (ledger.Day, int) {
	for _, d := range days {
		for i, r := range d.Readings {
			if r == nil || r.Done.IsZero() && r.Reader == actor {
				return d.Day, i + 1
			}
		}
	}
	return "", 0
}

func (m *Module) keyData(r *web.Request, v url.Values) (d keyData, err error) {
	code, place, err := asked(v)
	if v.Has("day") && err != nil {
		return d, err
	}
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.activity(ctx, tx, r, MayKeyIn)
		if err != nil {
			return err
		}
		days, err := readDays(ctx, tx, a)
		if err != nil {
			return err
		}
		if !v.Has("day") {
			code, place = next(days, r.Actor.Person)
		}
		i, err := find(days, code)
		if err != nil {
			return err
		}
		d = keyData{Activity: a, day: days[i], Place: place}
		// What the other reading says is not read on this page, nor who was added by it.
		other := d.Readings[2-place]
		d.Alone = other != nil && other.Reader == r.Actor.Person
		blind := d.day
		blind.Readings[2-place] = nil
		if !d.begun(tx.Now) {
			return fault.New(fault.TooEarly, "seminars.fault.before_day")
		}
		if d.Guests, err = m.guests(ctx, tx, a, blind); err != nil {
			return err
		}
		var seen []storage.ID
		for _, g := range d.Guests {
			seen = append(seen, g.Person)
		}
		return audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: seen, Action: "signed.audit.shown", Object: a.ID})
	})
	return d, err
}

func (m *Module) showKey(r *web.Request) error {
	d, err := m.keyData(r, r.URL.Query())
	if err != nil {
		return err
	}
	if mine := d.Readings[d.Place-1]; d.both() || d.Taken != nil || mine != nil && mine.Reader != r.Actor.Person {
		return r.Redirect(path(d.Activity, ""))
	}
	return r.Page(http.StatusOK, keyPage(r, m.Parts, d))
}

func (m *Module) takeKey(r *web.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "fault.form", fault.Args{"count": 1})
	}
	form := r.PostForm
	code, place, err := asked(form)
	if err != nil {
		return err
	}
	version, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		version = -1 // of no reading
	}
	cmd := KeyIn{Actor: r.Actor, Day: code, Place: place, Version: version, Done: form.Get("do") == "done", Alone: form.Get("alone") == "on"}
	if cmd.Below, err = strconv.Atoi(strings.TrimSpace(form.Get("below"))); err != nil && strings.TrimSpace(form.Get("below")) != "" {
		cmd.Below = -1 // out of bounds
	}
	var wrong error
	for _, text := range form["signed"] {
		app, err := storage.ParseID(text)
		if err != nil {
			wrong = fault.New(fault.NotFound, "signed.fault.gone")
		}
		cmd.Signed = append(cmd.Signed, app)
	}
	var a seats.Activity
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.activity(ctx, tx, r, MayKeyIn); err != nil {
			return err
		}
		if wrong != nil {
			return wrong
		}
		cmd.Activity = a.ID
		return m.KeyIn(ctx, tx, cmd)
	})
	if err == nil {
		if !cmd.Done {
			r.SetFlash("good", "signed.kept_so_far")
			return r.Redirect(path(a, "/key?"+url.Values{"day": {string(code)}, "reading": {strconv.Itoa(place)}}.Encode()))
		}
		r.SetFlash("good", "signed.done")
		return r.Redirect(path(a, ""))
	}
	f := fault.Of(err)
	if f == nil || f.Code != fault.Invalid && f.Code != fault.Conflict {
		return err
	}
	d, err := m.keyData(r, form)
	if err != nil {
		return err
	}
	d.Fault, d.Typed = f, form
	return r.Page(web.Status(f.Code), keyPage(r, m.Parts, d))
}

func (m *Module) takeOver(r *web.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "fault.form", fault.Args{"count": 1})
	}
	form := r.PostForm
	code, err := ledger.ParseDay(form.Get("day"))
	if err != nil {
		return fault.New(fault.NotFound, "signed.fault.day")
	}
	cmd := TakeOver{Actor: r.Actor, Day: code, Decided: map[storage.ID]bool{}, Missing: form.Get("missing") == "on"}
	for i := range cmd.Versions {
		if cmd.Versions[i], err = strconv.ParseInt(form.Get("version_"+strconv.Itoa(i+1)), 10, 64); err != nil {
			cmd.Versions[i] = -1 // of no reading
		}
	}
	for name, values := range form {
		if text, ok := strings.CutPrefix(name, "signed_"); ok && (values[0] == "yes" || values[0] == "no") {
			if app, err := storage.ParseID(text); err == nil {
				cmd.Decided[app] = values[0] == "yes"
			}
		}
	}
	var a seats.Activity
	var out Result
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.activity(ctx, tx, r, MayDecide); err != nil {
			return err
		}
		cmd.Activity = a.ID
		out, err = m.TakeOver(ctx, tx, cmd)
		return err
	})
	if err == nil {
		r.SetFlash("good", "signed.taken", "count", out.Signed)
		return r.Redirect(path(a, ""))
	}
	f := fault.Of(err)
	if f == nil || f.Code != fault.Invalid && f.Code != fault.Conflict {
		return err
	}
	s, err := m.standing(r)
	if err != nil {
		return err
	}
	s.Fault, s.At, s.Typed = f, code, form
	return r.Page(web.Status(f.Code), page(r, m.Parts, s))
}

// takeAgain takes a reading away, or the outcome of a sheet back.
func (m *Module) takeAgain(r *web.Request) error {
	code, err := ledger.ParseDay(r.PostFormValue("day"))
	if err != nil {
		return fault.New(fault.NotFound, "signed.fault.day")
	}
	cmd := Discard{Actor: r.Actor, Day: code}
	if text := r.PostFormValue("reading"); text != "" {
		if _, cmd.Place, err = asked(r.PostForm); err != nil {
			return err
		}
	}
	var a seats.Activity
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.activity(ctx, tx, r, MayDecide); err != nil {
			return err
		}
		cmd.Activity = a.ID
		if cmd.Place == 0 {
			return m.Reopen(ctx, tx, cmd)
		}
		return m.Discard(ctx, tx, cmd)
	}); err != nil {
		return err
	}
	key := "signed.reopened"
	if cmd.Place != 0 {
		key = "signed.discarded"
	}
	r.SetFlash("good", key)
	return r.Redirect(path(a, ""))
}
