package runsheet

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

const (
	// spareLines is how many empty lines an editor offers beside the steps that there are.
	spareLines = 3
	// moreField is the button that asks for more empty lines; nothing is saved.
	moreField = "more_steps"
)

// planData is the editor of a plan.
type planData struct {
	Activity seats.Activity
	Form     writing.Form
	Team     []Member
	Files    []materials.Material
	Others   []seats.Activity // whose plans may be copied
	From     string           // slug of the one whose steps stand in the form
	Usual    bool             // the usual steps stand in the form: no plan is stored
	Several  bool             // the steps are on several days
}

func (m *Module) readPlan(ctx context.Context, tx *storage.Tx, r *web.Request) (d planData, p Plan, err error) {
	if d.Activity, err = m.activity(ctx, tx, r, MayRun); err != nil {
		return d, p, err
	}
	if err = mayPlan(r.Actor, d.Activity); err != nil {
		return d, p, err
	}
	d.Several = programme.Midnight(d.Activity.Ends).After(programme.Midnight(d.Activity.Starts))
	if d.Team, err = m.team(ctx, tx, d.Activity); err != nil {
		return d, p, err
	}
	if d.Files, err = materials.Of(ctx, tx, d.Activity); err != nil {
		return d, p, err
	}
	if d.Others, err = m.planned(ctx, tx, r, d.Activity); err != nil {
		return d, p, err
	}
	p, err = PlanOf(ctx, tx, d.Activity.ID)
	return d, p, err
}

// planned are the other activities whose day somebody may plan and has planned, the last first.
func (m *Module) planned(ctx context.Context, tx *storage.Tx, r *web.Request, here seats.Activity) (out []seats.Activity, err error) {
	list, err := m.Schedule().List(ctx, tx)
	if err != nil {
		return nil, err
	}
	ids, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) { return id, row.Scan(&id) }, `SELECT activity_id FROM run_plan`)
	for _, a := range list {
		if a.ID != here.ID && slices.Contains(ids, a.ID) && r.Actor.May(MayRun, seats.ScopeOf(a)) {
			out = append(out, a)
		}
	}
	slices.SortStableFunc(out, func(x, y seats.Activity) int { return y.Starts.Compare(x.Starts) })
	return out[:min(len(out), mostOthers)], err
}

// mostOthers bounds the activities whose plans are offered to be copied.
const mostOthers = 50

// showPlan answers GET /staff/seminars/{slug}/day: the plan that is stored, that of another
// activity when the address names it, or the usual steps.
func (m *Module) showPlan(r *web.Request) error {
	var d planData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		var p Plan
		var err error
		if d, p, err = m.readPlan(ctx, tx, r); err != nil {
			return err
		}
		steps := p.Steps
		if d.Usual = p.Version == 0; d.Usual {
			steps = Usual(d.Activity, m.words())
		}
		if at := slices.IndexFunc(d.Others, func(a seats.Activity) bool { return a.Slug == r.URL.Query().Get("from") }); at >= 0 {
			other, err := PlanOf(ctx, tx, d.Others[at].ID)
			if err != nil {
				return err
			}
			d.From, d.Usual = d.Others[at].Slug, false
			steps = copied(other.Steps)
		}
		d.Form = formOf(d.Activity, p.Version, steps)
		return nil
	}); err != nil {
		return err
	}
	return m.showEditor(r, http.StatusOK, d)
}

// showEditor shows the editor of a plan, which names all who may lead a step.
func (m *Module) showEditor(r *web.Request, status int, d planData) error {
	var persons []storage.ID
	for _, member := range d.Team {
		persons = append(persons, member.ID)
	}
	if err := m.looked(r, r.Actor.Person, d.Activity, persons); err != nil {
		return err
	}
	return r.Page(status, planPage(r, m.Parts, d))
}

// copied are the steps of another activity without what is hers alone: who leads, where, and which files.
func copied(steps []Step) (out []Step) {
	for _, s := range steps {
		out = append(out, Step{Begins: s.Begins, Minutes: s.Minutes, Least: s.Least, Title: s.Title, Note: s.Note})
	}
	return out
}

func formOf(a seats.Activity, version int64, steps []Step) writing.Form {
	f := writing.Form{Values: url.Values{}}
	f.Set("version", strconv.FormatInt(version, 10))
	for i := range min(len(steps)+spareLines, MostSteps) {
		s := Step{}
		if i < len(steps) {
			s = steps[i]
		}
		f.Set(field(i, "id"), s.ID.String())
		f.Set(field(i, "day"), "")
		f.Set(field(i, "at"), "")
		f.Set(field(i, "minutes"), "")
		f.Set(field(i, "least"), "")
		if s.Minutes > 0 {
			at := s.at(a).In(i18n.Bishkek())
			f.Set(field(i, "day"), strconv.Itoa(dayOf(a, at)))
			f.Set(field(i, "at"), at.Format("15:04"))
			f.Set(field(i, "minutes"), strconv.Itoa(s.Minutes))
			if s.Least < s.Minutes {
				f.Set(field(i, "least"), strconv.Itoa(s.Least))
			}
		}
		f.PutText(field(i, "title"), s.Title)
		f.Set(field(i, "room"), s.Room)
		f.Set(field(i, "note"), s.Note)
		f.Set(field(i, "lead"), s.Lead.String())
		for _, id := range s.Materials {
			f.Add(field(i, "materials"), id.String())
		}
	}
	return f
}

// dayOf is on which day of an activity a moment lies, the first is 1.
func dayOf(a seats.Activity, at time.Time) int {
	return int(programme.Midnight(at).Sub(programme.Midnight(a.Starts))/(24*time.Hour)) + 1
}

func linesOf(f writing.Form) int {
	n := 0
	for n < MostSteps && f.Has(field(n, "title_ky")) {
		n++
	}
	return n
}

// readSteps reads the steps of a form; a line that says nothing is none. A step without an hour
// begins when the one before it ends.
func readSteps(a seats.Activity, v url.Values) ([]Step, error) {
	var out []Step
	var wrong fault.Form
	f := writing.Form{Values: v}
	for i := range linesOf(f) {
		get := func(part string) string { return strings.TrimSpace(v.Get(field(i, part))) }
		s := Step{Title: writing.Read(v, field(i, "title")), Room: get("room"), Note: strings.ReplaceAll(get("note"), "\r\n", "\n"), line: i}
		if s.Title == (i18n.Text{}) && s.Room == "" && s.Note == "" && get("at") == "" && get("minutes") == "" {
			continue
		}
		var ok bool
		s.Minutes, ok = plan.Whole(get("minutes"))
		wrong.Check(ok, field(i, "minutes"), "runsheet.fault.minutes", fault.Args{"number": i + 1, "most": LongestStep})
		s.Least = s.Minutes
		if least := get("least"); least != "" {
			s.Least, ok = plan.Whole(least)
			wrong.Check(ok, field(i, "least"), "runsheet.fault.least", fault.Args{"number": i + 1})
		}
		if s.Begins, ok = begins(a, get("day"), get("at"), out); !ok {
			wrong.Add(field(i, "at"), "runsheet.fault.at", fault.Args{"number": i + 1})
		}
		var err error
		if id := get("id"); id != "" {
			if s.ID, err = storage.ParseID(id); err != nil {
				return nil, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
			}
		}
		if id := get("lead"); id != "" {
			if s.Lead, err = storage.ParseID(id); err != nil {
				wrong.Add(field(i, "lead"), "runsheet.fault.lead")
			}
		}
		for _, word := range v[field(i, "materials")] {
			id, err := storage.ParseID(word)
			if err != nil {
				wrong.Add(field(i, "materials"), "runsheet.fault.materials", fault.Args{"most": MostMaterials})
				break
			}
			s.Materials = append(s.Materials, id)
		}
		out = append(out, s)
	}
	return out, wrong.Err()
}

// begins reads when a step begins, in minutes after the start of the activity.
func begins(a seats.Activity, day, at string, before []Step) (int, bool) {
	if at == "" && len(before) > 0 {
		return before[len(before)-1].ends(), true
	}
	clock, err := time.Parse("15:04", at)
	n, ok := 1, true
	if day != "" {
		n, ok = plan.Whole(day)
	}
	if err != nil || !ok || n < 0 || n > programme.MostDays+1 {
		return 0, false
	}
	midnight := programme.Midnight(a.Starts).AddDate(0, 0, n-1)
	return minutesAfter(a, midnight.Add(time.Duration(clock.Hour())*time.Hour+time.Duration(clock.Minute())*time.Minute)), true
}

// takePlan keeps the plan that was typed.
func (m *Module) takePlan(r *web.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "fault.form", fault.Args{"count": 1})
	}
	v := r.PostForm
	if v.Has(moreField) {
		return m.planAgain(r, nil)
	}
	var a seats.Activity
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.activity(ctx, tx, r, MayRun); err != nil {
			return err
		}
		steps, err := readSteps(a, v)
		if err != nil {
			return err
		}
		return m.SetPlan(ctx, tx, SetPlan{Activity: a.ID, Actor: r.Actor, Version: writing.Version(v), Steps: steps})
	})
	if f := fault.Of(err); f != nil && (f.Code == fault.Invalid || f.Key == "programme.fault.changed_meanwhile") {
		return m.planAgain(r, f)
	}
	if err != nil {
		return err
	}
	r.SetFlash("good", "runsheet.plan.saved")
	return r.Redirect(dayPath(a))
}

// planAgain shows the form as it came, with what is wrong, or with more empty lines.
func (m *Module) planAgain(r *web.Request, f *fault.Error) error {
	var d planData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		var p Plan
		var err error
		if d, p, err = m.readPlan(ctx, tx, r); err != nil {
			return err
		}
		d.Form = writing.Form{Values: r.PostForm}
		if f != nil {
			d.Form = writing.Again(r.PostForm, f, formOf(d.Activity, p.Version, p.Steps))
		}
		return nil
	}); err != nil {
		return err
	}
	status := http.StatusOK
	if f != nil {
		status = web.Status(f.Code)
	} else {
		n := linesOf(d.Form)
		for i := n; i < min(n+spareLines, MostSteps); i++ {
			d.Form.Set(field(i, "title_ky"), "")
		}
	}
	return m.showEditor(r, status, d)
}

func memberItems(r *web.Request, d planData, chosen string) []kit.Item {
	out := []kit.Item{{Label: r.Say.T("runsheet.lead.none")}}
	found := chosen == ""
	for _, p := range d.Team {
		out = append(out, kit.Item{Value: p.ID.String(), Label: p.Name})
		found = found || p.ID.String() == chosen
	}
	if !found {
		out = append(out, kit.Item{Value: chosen, Label: r.Say.T("runsheet.lead.gone")})
	}
	return out
}

func fileItems(r *web.Request, d planData) (out []kit.Item) {
	for _, f := range d.Files {
		out = append(out, kit.Item{Value: f.ID.String(), Label: f.Title.In(r.Lang) + " (" + f.Ending() + ")"})
	}
	return out
}

func otherItems(r *web.Request, d planData) (out []kit.Item) {
	for _, a := range d.Others {
		out = append(out, kit.Item{Value: a.Slug, Label: a.Title.In(r.Lang) + a.AndDay(r.Lang)})
	}
	return out
}

// legend is what a line of the editor is called.
func legend(r *web.Request, d planData, i int) string {
	for _, l := range []i18n.Language{r.Lang, i18n.Kyrgyz, i18n.Russian, i18n.English} {
		if words := d.Form.Get(field(i, "title_"+string(l))); words != "" {
			return d.Form.Get(field(i, "at")) + " " + words
		}
	}
	return r.Say.T("runsheet.line.empty")
}

// detailed reports whether the further fields of a line stand open: something in them is wrong.
func detailed(d planData, i int) bool {
	if d.Form.Fault == nil {
		return false
	}
	for _, part := range []string{"least", "lead", "room", "note", "materials"} {
		if len(d.Form.Fault.At(field(i, part))) > 0 {
			return true
		}
	}
	return false
}

// filled is how many of the further fields of a line say something.
func filled(d planData, i int) (n int) {
	for _, part := range []string{"least", "lead", "room", "note", "materials"} {
		if d.Form.Get(field(i, part)) != "" {
			n++
		}
	}
	return n
}
