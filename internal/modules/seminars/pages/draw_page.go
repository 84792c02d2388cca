package pages

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/science/lottery"
)

// chooserPath is the page of the rules and the draw; what is done to them lies beneath.
const chooserPath = staffPattern + "/selection"

// drawData is the page of the rules and the draw.
type drawData struct {
	Activity seats.Activity
	Table    *selection.Table
	Rules    selection.Rules // as they are shown, saved or typed
	Unsaved  bool
	Read     int64 // the version of the rules that the form was opened with
	Verdict  selection.Verdict
	Fixed    selection.Fixed
	HasFixed bool
	Ask      selection.Ask
	Asking   bool
	Record   selection.Record
	Names    map[storage.ID]string // of those in the record
	Saved    bool                  // the rules were saved, and the page is kept for what else is typed on it
	Witness  string
	Reason   string
	Fault    *fault.Error
}

func (m *Module) showDraw(r *web.Request) error {
	return m.drawAs(r, http.StatusOK, func(*drawData) {})
}

// drawAs shows the page; with sets what was typed.
func (m *Module) drawAs(r *web.Request, status int, with func(*drawData)) error {
	var d drawData
	version := int64(0)
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		s, err := seats.SeatsOf(ctx, tx, d.Activity)
		if err != nil {
			return err
		}
		d.Rules, version, err = selection.RulesOf(ctx, tx, d.Activity.ID, s.Capacity)
		return err
	}); err != nil {
		return err
	}
	d.Read = version
	with(&d)
	var err error
	rules := d.Rules
	if d.Fault != nil && d.Unsaved { // what was typed cannot be judged
		rules = selection.Rules{Seats: 1}
	}
	// Whether a draw is on its way is read before what was drawn: one that ends in between is
	// shown as going on, and is there at the next look. The other way round its page would show
	// the draw before, and look no more.
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d.Ask, d.Asking, err = selection.AskOf(ctx, tx, d.Activity.ID)
		return err
	}); err != nil {
		return err
	}
	if d.Table, d.Verdict, err = m.Chooser.Check(r.Context(), r.Actor, d.Activity.ID, rules); err != nil {
		f, wrong := seats.RefusedHere(err)
		if wrong != nil || d.Fault != nil {
			return err
		}
		// Rules that were saved and hold no more, since the form is another one.
		d.Fault = f
		if d.Table, d.Verdict, err = m.Chooser.Check(r.Context(), r.Actor, d.Activity.ID, selection.Rules{Seats: 1}); err != nil {
			return err
		}
	}
	d.Table.Rules, d.Table.Version = d.Rules, version
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d.Fixed, d.HasFixed, err = selection.FixedOf(ctx, tx, d.Activity.ID, d.Table.Draw.Number+1); err != nil {
			return err
		}
		if d.Record, err = m.Chooser.Record(ctx, tx, r.Actor, d.Activity); err != nil {
			return err
		}
		return m.nameRecord(ctx, tx, &d)
	}); err != nil {
		return err
	}
	if err := m.noteMarked(r, d); err != nil {
		return err
	}
	if d.computing() {
		r.W.Header().Set("Refresh", "3")
	}
	return r.Page(status, drawPage(r, m.Parts, d))
}

// overtaken reports whether the rules were saved by somebody else since the form was opened:
// what is typed then is never saved over them.
func (d drawData) overtaken() bool { return d.Read != d.Table.Version }

// computing reports whether a draw is on its way.
func (d drawData) computing() bool { return d.Asking && d.Ask.Fault == "" }

// nameRecord finds the names of who decided and of whom was decided.
func (m *Module) nameRecord(ctx context.Context, tx *storage.Tx, d *drawData) error {
	d.Names = map[storage.ID]string{}
	var ids []storage.ID
	for _, v := range d.Record.Draws {
		ids = append(ids, v.By)
	}
	for _, v := range d.Record.Steps {
		ids = append(ids, v.By)
	}
	for _, v := range d.Record.Marks {
		ids = append(ids, v.By)
	}
	known, err := m.People.ByIDs(ctx, tx, ids)
	for id, p := range known {
		d.Names[id] = p.FullName
	}
	for _, a := range d.Table.Applicants {
		d.Names[a.ID] = a.Details.FullName
	}
	return err
}

// noteMarked notes in the logs of those whom the record names that they were seen.
func (m *Module) noteMarked(r *web.Request, d drawData) error {
	var persons []storage.ID
	marked := map[storage.ID]bool{}
	for _, v := range d.Record.Marks {
		marked[v.Application] = true
	}
	for _, a := range d.Table.Applicants {
		if marked[a.ID] {
			persons = append(persons, a.Person)
		}
	}
	return m.noteLooks(r, r.Actor.Person, d.Activity, "seminars.audit.listed", append(persons, afterDraw(d.Table)...))
}

// typedRules reads the form of the rules. What is no number fails at its field.
func typedRules(r *web.Request) (out selection.Rules) {
	number := func(name string, empty int) int {
		s := strings.TrimSpace(r.PostFormValue(name))
		if s == "" {
			return empty
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 0 {
			return -2 // never a bound
		}
		return n
	}
	out = selection.Rules{Seats: number("seats", 0), AtMost: number("at_most", 0), Together: r.PostFormValue("together")}
	if out.Together == "" {
		out.AtMost = 0
	}
	for i := range selection.MostQuotas + 1 {
		name := strconv.Itoa(i)
		if !r.PostForm.Has("by_" + name) {
			break
		}
		if r.PostForm.Has("drop_" + name) {
			continue
		}
		out.Quotas = append(out.Quotas, selection.Quota{
			By: r.PostFormValue("by_" + name), Value: r.PostFormValue("value_" + name), Min: number("min_"+name, 0), Max: number("max_"+name, lottery.NoLimit),
		})
	}
	// What is no choice is judged, and refused, like any other.
	if add := r.PostFormValue("add"); add != "" {
		by, value, _ := strings.Cut(add, "=")
		out.Quotas = append(out.Quotas, selection.Quota{By: by, Value: value, Min: number("add_min", 0), Max: number("add_max", lottery.NoLimit)})
	}
	// A way out, "place:min:max" or "-1:limit".
	if r.PostFormValue("way") != "" {
		way := strings.Split(r.PostFormValue("way"), ":")
		var n [3]int
		for i, s := range way[:min(3, len(way))] {
			n[i], _ = strconv.Atoi(s)
		}
		switch {
		case n[0] == -1 && len(way) == 2:
			out.AtMost = n[1]
		case n[0] >= 0 && n[0] < len(out.Quotas) && len(way) == 3:
			out.Quotas[n[0]].Min, out.Quotas[n[0]].Max = n[1], n[2]
		default:
			out.Quotas = append(out.Quotas, selection.Quota{})
		}
	}
	return out
}

// takeRules checks what was typed, or saves it.
func (m *Module) takeRules(r *web.Request) error {
	rules := typedRules(r)
	version, err := strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	if err != nil || version < 0 {
		version = 0
	}
	if r.PostFormValue("do") == "check" {
		return m.rulesTyped(r, http.StatusOK, rules, version, nil)
	}
	var a seats.Activity
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		return m.Chooser.SaveRules(ctx, tx, selection.SaveRules{Actor: r.Actor, Activity: a.ID, Rules: rules, Version: version})
	})
	if err != nil {
		f, err := seats.RefusedHere(err)
		if err != nil {
			return err
		}
		return m.rulesTyped(r, web.Status(f.Code), rules, version, f)
	}
	if reason, witness := r.PostFormValue("reason"), r.PostFormValue("witness"); reason+witness != "" { // written for the draw beside it
		return m.drawAs(r, http.StatusOK, func(d *drawData) { d.Saved, d.Reason, d.Witness = true, reason, witness })
	}
	r.SetFlash("good", "seminars.selection.saved")
	return r.Redirect(staffPath(a, "/selection"))
}

// rulesTyped shows the page with rules that were not saved, and with the version that they were made from.
func (m *Module) rulesTyped(r *web.Request, status int, rules selection.Rules, version int64, f *fault.Error) error {
	err := m.drawAs(r, status, func(d *drawData) { d.typed(r, rules, version, f) })
	if wrong := fault.Of(err); f == nil && wrong != nil && wrong.Code == fault.Invalid {
		return m.drawAs(r, web.Status(wrong.Code), func(d *drawData) { d.typed(r, rules, version, wrong) })
	}
	return err
}

// typed puts what came with the form on the page.
func (d *drawData) typed(r *web.Request, rules selection.Rules, version int64, f *fault.Error) {
	d.Rules, d.Read, d.Unsaved, d.Fault = rules, version, true, f
	d.Witness, d.Reason = r.PostFormValue("witness"), r.PostFormValue("reason")
}

// takeDraw asks for a draw.
func (m *Module) takeDraw(r *web.Request) error {
	cmd := selection.AskDraw{Actor: r.Actor, Witness: r.PostFormValue("witness"), Reason: r.PostFormValue("reason")}
	cmd.After, _ = strconv.Atoi(r.PostFormValue("after"))
	var a seats.Activity
	rules, version, unsaved := typedRules(r), int64(0), false
	if r.PostForm.Has("seats") { // the rules came with it
		version, _ = strconv.ParseInt(r.PostFormValue("version"), 10, 64)
	}
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		cmd.Activity = a.ID
		if version > 0 {
			s, err := seats.SeatsOf(ctx, tx, a)
			if err != nil {
				return err
			}
			is, _, err := selection.RulesOf(ctx, tx, a.ID, s.Capacity)
			if err != nil {
				return err
			}
			// It is drawn by what she sees: rules that she typed are kept first.
			if unsaved = !is.Same(rules); unsaved {
				if err := m.Chooser.SaveRules(ctx, tx, selection.SaveRules{Actor: r.Actor, Activity: a.ID, Rules: rules, Version: version}); err != nil {
					return err
				}
			}
		}
		_, err = m.Chooser.AskDraw(ctx, tx, cmd)
		return err
	})
	if err != nil {
		f, err := seats.RefusedHere(err)
		if err != nil {
			return err
		}
		if unsaved {
			return m.rulesTyped(r, web.Status(f.Code), rules, version, f)
		}
		return m.drawAs(r, web.Status(f.Code), func(d *drawData) { d.Fault, d.Witness, d.Reason = f, cmd.Witness, cmd.Reason })
	}
	return r.Redirect(staffPath(a, "/selection#draw"))
}

// takeMarks decides by hand on those that are ticked in the list.
func (m *Module) takeMarks(r *web.Request) error {
	cmd := selection.MarkByHand{Actor: r.Actor, Put: selection.Put(r.PostFormValue("put")), Reason: r.PostFormValue("why")}
	for _, v := range r.PostForm["chosen"] {
		text, _, _ := strings.Cut(v, ".")
		id, err := storage.ParseID(text)
		if err != nil {
			return fault.New(fault.Invalid, "forms.fault.choice")
		}
		cmd.Chosen = append(cmd.Chosen, id)
	}
	var a seats.Activity
	var marked []storage.ID
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		cmd.Activity = a.ID
		marked, err = m.Chooser.MarkByHand(ctx, tx, cmd)
		return err
	})
	if err != nil {
		f, err := seats.RefusedHere(err)
		if err != nil {
			return err
		}
		d, err := m.selection(r)
		if err != nil {
			return err
		}
		d.Fault, d.Ticked, d.Why = f, cmd.Chosen, cmd.Reason
		return m.showList(r, web.Status(f.Code), d)
	}
	if len(marked) == 0 {
		r.SetFlash("wait", "seminars.selection.marked.none")
	}
	return r.Redirect(withDecided(staffPath(a, "/applicants"), marked, true))
}

// sendDrawFile gives what a draw can be repeated from.
func (m *Module) sendDrawFile(r *web.Request) error {
	number, err := strconv.Atoi(r.PostFormValue("draw"))
	if err != nil {
		return fault.New(fault.NotFound, "seminars.selection.fault.draw")
	}
	var f selection.Files
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.staffActivity(ctx, tx, r, seats.MaySelect)
		if err != nil {
			return err
		}
		f, err = m.Chooser.Files(ctx, tx, r.Actor, a.ID, number)
		return err
	}); err != nil {
		return err
	}
	name, body := "list.csv", f.List
	if r.PostFormValue("file") == "quotas" {
		name, body = "quotas.csv", f.Quotas
	}
	h := r.W.Header()
	h.Set("Content-Type", sheet.TypeCSV)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
	_, err = r.W.Write(body)
	return err
}

// lotWords is the number of a lot as the list of a draw has it.
func lotWords(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", max(0, 5-len(s))) + s
}
