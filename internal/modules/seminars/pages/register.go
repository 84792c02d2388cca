package pages

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/exports"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// registerPath is the page of all applications, without language.
const registerPath = "/staff/applications"

const onRegister = 50

// colOrganisation is the one column that is neither sorted nor narrowed by.
const colOrganisation = "organisation"

// registerOf is what the address of the list may ask for.
func registerOf() kit.ViewOf {
	return kit.ViewOf{
		Path: registerPath, Filters: seats.Narrowings[:],
		Sorts:   []string{seats.SortMade, seats.SortName, seats.SortSeminar, seats.SortState},
		Columns: []string{seats.SortState, seats.SortSeminar, seats.ByCity, seats.BySex, seats.ByAge, seats.ByLevel, colOrganisation, seats.SortMade},
		Off:     []string{seats.ByCity, seats.BySex, seats.ByAge, seats.ByLevel},
	}
}

// registerPage is the list of all applications.
type registerPage struct {
	View   kit.View
	Unread bool // what was typed holds nothing to search for
	Found  seats.Listing
}

// readRegister reads what the address asks for.
func (m *Module) readRegister(r *web.Request) (p registerPage, q seats.ListApplications) {
	p = registerPage{View: kit.ReadView(r, registerOf())}
	q = seats.ListApplications{Actor: r.Actor, Text: p.View.Text, Wants: map[string]string{}}
	for _, by := range seats.Narrowings {
		if v := p.View.Filter(by); v != "" {
			q.Wants[by] = v
		}
	}
	q.Sort, q.Down = p.View.Sort()
	if q.Text != "" && !(people.ListQuery{Text: q.Text}).Searches() {
		p.Unread, q.Text = true, ""
		p.View = p.View.WithoutText()
	}
	return p, q
}

func (m *Module) showRegister(r *web.Request) (err error) {
	p, q := m.readRegister(r)
	q.Limit = onRegister
	// A cursor that names no application leads to the first page.
	q.After, _ = storage.ParseID(p.View.After())
	q.Before, _ = storage.ParseID(p.View.Before())
	if p.Found, err = m.register.List(r.Context(), q); err != nil {
		return err
	}
	if err := m.noteListed(r, p.Found.Rows); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, registerView(r, p, m.registerList(r, p)))
}

// seekRegister is the form of the search: what is searched for is a name, and no address
// may hold it.
func (m *Module) seekRegister(r *web.Request) error { return kit.Find(r, registerOf()) }

// noteListed notes, before they are shown, that people were seen in the activities that
// they applied to.
func (m *Module) noteListed(r *web.Request, rows []seats.Listed) error {
	if len(rows) == 0 {
		return nil
	}
	return m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return noteListedIn(ctx, tx, r.Actor.Person, rows)
	})
}

// noteListedIn is noteListed in a write of the caller's.
func noteListedIn(ctx context.Context, tx *storage.Tx, reader storage.ID, rows []seats.Listed) error {
	in := map[storage.ID][]storage.ID{}
	var order []storage.ID
	for _, row := range rows {
		if in[row.To.ID] == nil {
			order = append(order, row.To.ID)
		}
		in[row.To.ID] = append(in[row.To.ID], row.Person)
	}
	for _, activity := range order {
		if err := audit.Looked(ctx, tx, audit.Looks{Reader: reader, Persons: in[activity], Action: "seminars.audit.listed", Object: activity}); err != nil {
			return err
		}
	}
	return nil
}

// registerList is the list as the kit draws it.
func (m *Module) registerList(r *web.Request, p registerPage) kit.List[seats.Listed] {
	l := kit.List[seats.Listed]{
		View: p.View, Title: r.Say.T("seminars.register.title"),
		Search:  kit.Field{Label: r.Say.T("seminars.register.search"), Help: r.Say.T("seminars.register.search_help")},
		Columns: p.columns(r), Rows: p.Found.Rows,
		Pick: func(a seats.Listed) (value, name string) {
			return a.ID.String() + "." + strconv.FormatInt(a.Version, 10), nameOf(r, a.Applicant)
		},
		Count: p.Found.Count, Of: p.Found.Of, From: p.Found.From, Counted: r.Say.T("seminars.register.count", "count", p.Found.Count),
		Empty: kit.Empty(r, r.Say.T("seminars.register.empty"), r.Say.T("seminars.register.empty_text"), kit.Link{Path: "/staff/seminars", Label: r.Say.T("seminars.staff.all")}),
		None:  kit.Empty(r, r.Say.T("seminars.select.none"), r.Say.T("seminars.select.none.text"), kit.Link{Path: registerPath, Label: r.Say.T("seminars.select.show_all")}),
	}
	for _, by := range seats.Narrowings {
		if f := p.facet(r, by); len(f.Values) > 2 || p.View.Filter(by) != "" {
			l.Facets = append(l.Facets, f)
		}
	}
	for _, to := range []seats.State{seats.Shortlisted, seats.Invited, seats.Waitlisted, seats.Declined, seats.Applied} {
		l.Acts = append(l.Acts, kit.Act{Path: registerPath + "/choose", Label: r.Say.T("seminars.do." + string(to)), Name: "to", Value: string(to)})
	}
	if m.Exports != nil {
		l.Export, l.Exports, l.Tables = registerPath+"/export", r.Say.T("seminars.register.export_note"), m.Exports.Link(r)
	}
	if n := len(p.Found.IDs); n > 0 {
		if p.Found.Prev {
			l.Prev = p.Found.IDs[0].String()
		}
		if p.Found.Next {
			l.Next = p.Found.IDs[n-1].String()
		}
	}
	return l
}

// facet is one way to narrow the list: its values in which somebody would be left, and the
// one that is chosen.
func (p registerPage) facet(r *web.Request, by string) kit.Facet {
	with := p.Found.With[by]
	f := kit.Facet{Name: by, Label: narrowing(r, by), Folded: by != seats.ByState, Values: []kit.FacetValue{{Label: r.Say.T("seminars.register.all"), Count: with[""]}}}
	for _, v := range p.values(r, by) {
		if n := with[v.Value]; n > 0 || v.Value == p.View.Filter(by) {
			f.Values = append(f.Values, kit.FacetValue{Value: v.Value, Label: v.Label, Count: n})
		}
	}
	return f
}

// narrowing names a way to narrow the list.
func narrowing(r *web.Request, by string) string {
	switch by {
	case seats.BySex:
		return profile.Of(profile.Sex).Label(r.Say)
	case seats.ByAge:
		return profile.Of(profile.AgeBand).Label(r.Say)
	case seats.ByLevel:
		return profile.Of(profile.Level).Label(r.Say)
	case seats.ByActivity, seats.ByState:
		return r.Say.T("seminars.column." + by)
	}
	return r.Say.T("seminars.register." + by)
}

// values are all values of a narrowing with their words, in order.
func (p registerPage) values(r *web.Request, by string) (out []kit.Item) {
	add := func(value, label string) { out = append(out, kit.Item{Value: value, Label: label}) }
	field := func(name profile.Name) {
		for _, v := range profile.Of(name).Values(profile.Said(r.Say)) {
			add(v, profile.Of(name).Word(r.Say, v))
		}
		add("-", r.Say.T("seminars.register.untold"))
	}
	switch by {
	case seats.ByActivity:
		for _, a := range p.Found.Activities {
			label := a.Title.In(r.Lang)
			if !a.Starts.IsZero() {
				label += ", " + i18n.Date(r.Lang, a.Starts)
			}
			add(a.Slug, label)
		}
	case seats.ByState:
		for _, s := range seats.States {
			add(string(s), r.Say.T("seminars.state."+string(s)))
		}
	case seats.ByCity:
		seen := map[string]bool{"": true}
		for _, a := range p.Found.Activities {
			if !seen[a.City] {
				seen[a.City] = true
				add(a.City, a.CityName(profile.Said(r.Say), r.Lang))
			}
		}
		slices.SortFunc(out, func(a, b kit.Item) int { return i18n.CompareNames(a.Label, b.Label) })
		add("-", r.Say.T("seminars.register.no_city"))
	case seats.BySex:
		field(profile.Sex)
	case seats.ByAge:
		field(profile.AgeBand)
	case seats.ByLevel:
		field(profile.Level)
	case seats.ByReach:
		for _, v := range []string{seats.ReachLetters, seats.ReachCalls, seats.ReachNone} {
			add(v, r.Say.T("seminars.register.reach."+v))
		}
	case seats.ByReconfirm:
		for _, v := range []string{"asked", "yes"} {
			add(v, r.Say.T("seminars.reconfirm."+v))
		}
	}
	return out
}

// registerColumn is one column of the list and of its table.
type registerColumn struct {
	name, label string
	sort, said  bool
	text        func(a seats.Listed) string
}

func registerColumns(say *i18n.Printer) []registerColumn {
	word := func(name profile.Name) func(seats.Listed) string {
		return func(a seats.Listed) string {
			v := a.Details.First(name)
			if v == "" {
				return ""
			}
			return profile.Of(name).Word(say, v)
		}
	}
	label := func(name profile.Name) string { return profile.Of(name).Label(say) }
	return []registerColumn{
		{seats.SortState, say.T("seminars.column.state"), true, false, func(a seats.Listed) string { return say.T("seminars.state." + string(a.State)) }},
		{seats.SortSeminar, say.T("seminars.column.seminar"), true, false, func(a seats.Listed) string { return a.To.Title.In(say.Lang) }},
		{seats.ByCity, say.T("seminars.register.city"), false, false, func(a seats.Listed) string { return a.To.CityName(profile.Said(say), say.Lang) }},
		{seats.BySex, label(profile.Sex), false, false, word(profile.Sex)},
		{seats.ByAge, label(profile.AgeBand), false, true, word(profile.AgeBand)},
		{seats.ByLevel, label(profile.Level), false, true, word(profile.Level)},
		{colOrganisation, label(profile.Organisation), false, false, word(profile.Organisation)},
		{seats.SortMade, say.T("seminars.column.since"), true, true, func(a seats.Listed) string { return i18n.DateTime(say.Lang, a.Made) }},
	}
}

func (p registerPage) columns(r *web.Request) []kit.Column[seats.Listed] {
	out := []kit.Column[seats.Listed]{{
		Name: seats.SortName, Label: r.Say.T("seminars.column.name"), Head: true, Sort: true,
		Cell: func(a seats.Listed) templ.Component {
			return kit.LinkTo(r, staffPath(a.To, "/applicants/"+a.ID.String()), nameOf(r, a.Applicant))
		},
	}}
	for _, c := range registerColumns(r.Say) {
		column := kit.Column[seats.Listed]{Name: c.name, Label: c.label, Sort: c.sort, Said: c.said}
		column.Cell = func(a seats.Listed) templ.Component {
			if c.name == seats.SortState {
				return kit.Tag(stateKind(a.State), c.text(a))
			}
			return kit.Plain(c.text(a))
		}
		out = append(out, column)
	}
	return out
}

// export is the list of all applications as a table of any length.
func (m *Module) export() module.Export {
	columns := func(of module.Exported) []registerColumn {
		return slices.DeleteFunc(registerColumns(of.Say), func(c registerColumn) bool { return !slices.Contains(of.Columns, c.name) })
	}
	return module.Export{
		Kind: "applications", Text: "seminars.register.title", Tab: "seminars.export.tab", Needs: seats.MaySelect, Look: "seminars.audit.exported",
		Head: func(of module.Exported) []string {
			head := []string{of.Say.T("seminars.column.full_name")}
			for _, c := range columns(of) {
				head = append(head, c.label)
			}
			return head
		},
		Rows: func(ctx context.Context, tx *storage.Tx, of module.Exported, ids []storage.ID) (out []module.ExportRow, err error) {
			rows, err := m.ListedByIDs(ctx, tx, of.Actor, ids)
			for _, a := range rows {
				cells := []sheet.Value{sheet.Text(a.Details.FullName)}
				for _, c := range columns(of) {
					if c.name == seats.SortMade {
						cells = append(cells, sheet.Moment(a.Made))
					} else {
						cells = append(cells, sheet.Text(c.text(a)))
					}
				}
				out = append(out, module.ExportRow{Person: a.Person, Cells: cells})
			}
			return out, err
		},
	}
}

// sendRegister gives the applications of a view as a table.
func (m *Module) sendRegister(r *web.Request) error {
	if m.Exports == nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	p, q := m.readRegister(r)
	if done, err := p.View.Lost(r); done {
		return err
	}
	found, err := m.register.List(r.Context(), q)
	if err != nil {
		return err
	}
	ask := exports.Ask{Kind: "applications", Rows: found.IDs}
	for _, c := range registerColumns(r.Say) {
		if p.View.Shows(c.name) {
			ask.Columns = append(ask.Columns, c.name)
		}
	}
	return m.Exports.Send(r, ask)
}

// registerMany shows what a choice would do.
type registerMany struct {
	To    seats.State
	View  kit.View
	Would seats.ChosenMany
	Names map[storage.ID]seats.Listed
	Ticks []string
	IDs   []storage.ID // what is ticked, in that order
	Why   string       // as it was typed
	Fault *fault.Error // of what was typed
}

func (p registerMany) kept() (out []kit.Item) {
	for _, tick := range p.Ticks {
		out = append(out, kit.Item{Label: "pick", Value: tick})
	}
	return append(out, kit.Item{Label: "to", Value: string(p.To)}, kit.Item{Label: "sure", Value: "yes"})
}

// whyHelp says of the reason for whom it is needed, or that it is not.
func (p registerMany) whyHelp(r *web.Request) string {
	if n := len(p.Would.Owed); n > 0 {
		return r.Say.T("seminars.register.why.needed", "count", n)
	}
	return r.Say.T("seminars.select.why.help")
}

// owes is what stands beside whom a reason is needed for, empty for who needs none.
func (p registerMany) owes(id storage.ID) string {
	if slices.Contains(p.Would.Owed, id) {
		return "seminars.register.owes"
	}
	return ""
}

// left are those to whom nothing happens, with the reason.
func (p registerMany) left() (out []struct {
	ID  storage.ID
	Key string
},
) {
	add := func(ids []storage.ID, key string) {
		for _, id := range ids {
			out = append(out, struct {
				ID  storage.ID
				Key string
			}{id, key})
		}
	}
	add(p.Would.Full, "seminars.register.full")
	add(p.Would.Changed, "seminars.register.changed")
	add(p.Would.Refused, "seminars.register.refused")
	for _, id := range p.IDs {
		if f := p.Would.Stopped[p.Names[id].To.ID]; f != nil {
			add([]storage.ID{id}, f.Key)
		}
	}
	return out
}

// chooseMany shows what a choice would do with the ticked applications, as the use case
// judges it at this moment, and then does it. When the reason cannot be kept, all that was
// ticked and typed stands there again; a choice of nothing leads back to the list.
func (m *Module) chooseMany(r *web.Request) error {
	p := registerMany{View: kit.ReadView(r, registerOf()), Ticks: kit.Picked(r), To: seats.State(r.PostFormValue("to")), Why: r.PostFormValue("why")}
	cmd := seats.ChooseMany{Actor: r.Actor, To: p.To, Why: p.Why, Seen: map[storage.ID]int64{}}
	for _, tick := range p.Ticks {
		id, version, _ := strings.Cut(tick, ".")
		app, err := storage.ParseID(id)
		n, err2 := strconv.ParseInt(version, 10, 64)
		if errors.Join(err, err2) != nil {
			return fault.New(fault.Invalid, "forms.fault.choice")
		}
		if _, twice := cmd.Seen[app]; !twice {
			p.IDs = append(p.IDs, app)
		}
		cmd.Seen[app] = n
	}
	status := http.StatusOK
	if r.PostFormValue("sure") != "" {
		var done seats.ChosenMany
		err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			done, err = m.ChooseMany(ctx, tx, cmd)
			return err
		})
		if err == nil {
			kind := "good"
			rest := len(cmd.Seen) - len(done.Moved)
			if rest > 0 {
				kind = "wait"
			}
			r.SetFlash(kind, "seminars.register.done", "count", len(done.Moved), "rest", rest)
			return r.Redirect(p.View.To(registerPath))
		}
		if len(fault.Of(err).At("why")) == 0 {
			return m.chooseAgain(r, p, err)
		}
		p.Fault, status, cmd.Why = fault.Of(err), http.StatusUnprocessableEntity, ""
	}
	var err error
	if p.Would, err = m.Rehearse(r.Context(), cmd); err != nil {
		return m.chooseAgain(r, p, err)
	}
	var rows []seats.Listed
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		rows, err = m.ListedByIDs(ctx, tx, r.Actor, p.IDs)
		return err
	}); err != nil {
		return err
	}
	if len(rows) == 0 { // of others, or gone meanwhile
		return fault.New(fault.NotFound, "fault.not_found")
	}
	p.Names = map[storage.ID]seats.Listed{}
	for _, row := range rows {
		p.Names[row.ID] = row
	}
	if err := m.noteListed(r, rows); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(status, registerForm(r, p))
}

// chooseAgain leads back to the list with what is wrong with a choice as a whole.
func (m *Module) chooseAgain(r *web.Request, p registerMany, err error) error {
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	var args []any
	for name, value := range f.Args {
		args = append(args, name, value)
	}
	r.SetFlash("bad", f.Key, args...)
	return r.Redirect(p.View.To(registerPath))
}
