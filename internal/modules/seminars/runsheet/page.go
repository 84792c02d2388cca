package runsheet

import (
	"context"
	"maps"
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
	"platforma.kg/ashar/internal/modules/seminars/followup"
	"platforma.kg/ashar/internal/modules/seminars/ready"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// MostPeople bounds the people whose languages and needs are counted on a run sheet: of more it
// says nothing, and the page of what to be ready for does.
const MostPeople = 500

// again is by how many minutes a step is made longer at once.
const again = 5

// dayData is the run sheet.
type dayData struct {
	Activity seats.Activity
	By       leader
	seats.DoorCount
	Phones, On int // phones that scan, and those that may now
	Plan       Plan
	Course     Course
	Forecast
	Shown   []shownStep
	Lines   followup.Lines
	Speaks  []count // by language, of who holds a seat
	Needs   int     // who told what she needs to take part
	Now     time.Time
	Marks   []Mark
	Away    bool // a substitute has the place of who reads
	May     bool // who reads begins steps
	Runs    bool // and she may now
	Plans   bool // the plan may be changed
	Pressed bool // something was pressed
	Nonce   string
	Mark    string // what the device of who reads is called in what it keeps
	Links   []kit.Link
	Ready   ready.List // which phones are ready, for who leads; else empty
	Above   string     // the page that leads here: the list of seminars for who may open it
}

type count struct {
	Words string
	Count int
}

// shownStep is a step with what stands beside it.
type shownStep struct {
	Step
	Run
	When   Expected
	State  string
	ID     string
	Day    string // the date, where there are several days
	Leads  string // name of who leads it
	Files  []materials.Material
	Clock  string // from when until when, by the clock
	Planed string // the same as it was planned, where that is something else
}

func dayPath(a seats.Activity) string  { return "/door/" + a.Slug + "/day" }
func planPath(a seats.Activity) string { return "/staff/seminars/" + a.Slug + "/day" }

func (d dayData) where(r *web.Request) string {
	return strings.Join(slices.DeleteFunc([]string{d.Activity.Venue.In(r.Lang), d.Activity.Address.In(r.Lang)}, func(s string) bool { return s == "" }), ", ")
}

// activity finds the activity of the address for who has a permission there.
func (m *Module) activity(ctx context.Context, tx *storage.Tx, r *web.Request, needs access.Permission) (a seats.Activity, err error) {
	if a, err = m.Schedule().BySlug(ctx, tx, r.PathValue("slug")); err == nil && !r.Actor.May(needs, seats.ScopeOf(a)) {
		err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return a, err
}

// words are the titles of the usual steps in all languages.
func (m *Module) words() Words {
	in := func(key string) i18n.Text {
		if m.Words == nil {
			return i18n.Text{}
		}
		return i18n.Text{Ky: m.Words(i18n.Kyrgyz).T(key), Ru: m.Words(i18n.Russian).T(key), En: m.Words(i18n.English).T(key)}
	}
	return Words{Doors: in("runsheet.usual.doors"), Feedback: in("runsheet.usual.feedback")}
}

// usual gives the steps of the usual plan, each with an id for this page alone.
func (m *Module) usual(a seats.Activity) []Step {
	steps := Usual(a, m.words())
	for i := range steps {
		steps[i].ID[15] = byte(i + 1)
	}
	return steps
}

// showDay answers GET /door/{slug}/day, for who may stand at the door.
func (m *Module) showDay(r *web.Request) error {
	d := dayData{Nonce: door.NewDoorToken()[:22]}
	var files []materials.Material
	var team map[storage.ID]string
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d.Activity, d.By, err = m.onTheDay(ctx, tx, r, seats.MayAdmit); err != nil {
			return err
		}
		if err = m.read(ctx, tx, r, &d); err != nil {
			return err
		}
		planned := d.Plan.planned(d.Activity.Starts.UnixMilli())
		d.Course = CourseOf(planned, d.Marks)
		d.Forecast = ForecastOf(planned, d.Course, d.Now.UnixMilli())
		if files, err = materials.Of(ctx, tx, d.Activity); err != nil {
			return err
		}
		if team, err = m.leads(ctx, tx, d.Plan); err != nil || d.Away || mayRun(d.By.Actor, d.Activity) != nil {
			return err
		}
		d.Ready, err = ready.Of(ctx, tx, m.People, d.Activity)
		return err
	}); err != nil {
		return led(r, err)
	}
	named := slices.Collect(maps.Keys(team))
	if d.Ready.Told() {
		named = append(named, d.Ready.Named()...)
	}
	if err := m.looked(r, d.By.reader(), d.Activity, named); err != nil {
		return err
	}
	scope := seats.ScopeOf(d.Activity)
	d.Plans = mayPlan(d.By.Actor, d.Activity) == nil
	d.Runs = d.May && !d.Now.Before(opens(d.Activity)) && !d.Now.After(closes(d.Activity))
	d.Shown = shown(r, d, files, team)
	switch d.Above = "/today"; {
	case !d.By.Phone.IsZero():
		d.Above = "/door/" + d.Activity.Slug
	case d.By.May(seats.MaySelect, scope):
		d.Above = "/staff/seminars"
	}
	if m.Parts != nil {
		d.Links = links(r, d, m.Parts(r, d.Activity))
	}
	tellTime(r, d.Now)
	return r.Page(http.StatusOK, dayPage(r, m.Parts, d))
}

// read reads what a run sheet says of a day, but for names and files.
func (m *Module) read(ctx context.Context, tx *storage.Tx, r *web.Request, d *dayData) (err error) {
	d.Now = tx.Now
	d.Mark = door.MarkOf(m.Keys, door.Keeper{Device: d.By.device()}, d.Activity)
	if d.DoorCount, err = seats.DoorCountOf(ctx, tx, d.Activity); err != nil {
		return err
	}
	devices, err := door.DevicesOf(ctx, tx, d.Activity.ID)
	if err != nil {
		return err
	}
	for _, p := range devices {
		if p.Revoked.IsZero() {
			d.Phones++
		}
		if p.On(d.Now) {
			d.On++
		}
	}
	if d.Plan, err = PlanOf(ctx, tx, d.Activity.ID); err != nil {
		return err
	}
	if d.Marks, err = MarksOf(ctx, tx, d.Activity.ID); err != nil {
		return err
	}
	if d.Plan.Version == 0 {
		d.Plan.Steps = m.usual(d.Activity)
	}
	d.Pressed = len(d.Marks) > 0
	away := door.Present(ctx, tx, d.By.Person, d.Activity.ID)
	if d.Away = fault.Is(away, fault.Forbidden); away != nil && !d.Away {
		return away
	}
	d.May = !d.Away && d.Plan.Version > 0 && mayRun(d.By.Actor, d.Activity) == nil
	if d.Lines, err = m.Lines(ctx, tx, d.By.Actor, d.Activity, followup.Door, r.Say); err != nil {
		return err
	}
	return m.people(ctx, tx, r, d)
}

// opens is from when the steps of an activity may be begun, and closes until when.
func opens(a seats.Activity) time.Time  { return a.Starts.Add(-around * time.Minute) }
func closes(a seats.Activity) time.Time { return a.Ends.Add(seats.TicketGrace) }

// figure is a number with its words.
type figure struct {
	Question string `json:"question,omitempty"`
	Number   string `json:"number"`
	Words    string `json:"words"`
}

// figures are the numbers of those who come.
func figures(r *web.Request, d dayData) []figure {
	out := []figure{
		{Number: r.Say.T("seminars.today.of", "count", d.Came, "all", d.Expected), Words: r.Say.T("seminars.today.mark.came")},
		{Number: kit.Number(r, max(d.Expected-d.Came, 0)), Words: r.Say.T("runsheet.awaited")},
		{Number: kit.Number(r, d.Inside), Words: r.Say.T("runsheet.inside")},
	}
	if d.Extra > 0 {
		out = append(out, figure{Number: kit.Number(r, d.Extra), Words: r.Say.T("runsheet.extra")})
	}
	if d.Phones > 0 {
		out = append(out, figure{Number: r.Say.T("seminars.today.of", "count", d.On, "all", d.Phones), Words: r.Say.T("runsheet.phones")})
	}
	return out
}

// needed are the numbers of what those who come need.
func needed(r *web.Request, d dayData) []figure {
	out := []figure{}
	if d.Lines.Seats == 0 {
		return out
	}
	for _, l := range d.Speaks {
		out = append(out, figure{Words: r.Say.T("runsheet.letters", "language", l.Words), Number: kit.Number(r, l.Count)})
	}
	if d.Needs > 0 {
		out = append(out, figure{Words: r.Say.T("runsheet.access"), Number: kit.Number(r, d.Needs)})
	}
	for _, p := range d.Lines.Parts {
		for _, l := range p.Lines {
			if l.Count > 0 {
				out = append(out, figure{Question: p.Question, Words: l.Words, Number: kit.Number(r, l.Count)})
			}
		}
	}
	return out
}

// of says of how many people the needs are known; empty while nobody has a seat.
func of(r *web.Request, d dayData) string {
	if d.Lines.Seats == 0 {
		return ""
	}
	return r.Say.T("runsheet.needs.of", "count", d.Lines.Answered, "all", d.Lines.Seats)
}

// looked notes in the log of each that her name stands on a page of the day as who leads a
// step, or may. It belongs before the page is shown.
func (m *Module) looked(r *web.Request, reader storage.ID, a seats.Activity, persons []storage.ID) error {
	if len(persons) == 0 {
		return nil
	}
	return m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return audit.Looked(ctx, tx, audit.Looks{Reader: reader, Action: "runsheet.audit.leads", Object: a.ID, Persons: persons})
	})
}

// people counts the languages and needs of those who hold a seat.
func (m *Module) people(ctx context.Context, tx *storage.Tx, r *web.Request, d *dayData) error {
	apps, err := seats.ApplicationsOf(ctx, tx, d.Activity.ID)
	if err != nil {
		return err
	}
	var ids []storage.ID
	for _, app := range apps {
		if app.State.HoldsSeat() {
			ids = append(ids, app.Person)
		}
	}
	if len(ids) > MostPeople {
		return nil
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return err
	}
	d.Speaks, d.Needs = counted(r, persons)
	return nil
}

func counted(r *web.Request, persons map[storage.ID]people.Person) (speaks []count, needs int) {
	by := map[i18n.Language]int{}
	for _, p := range persons {
		by[p.Lang]++
		if strings.TrimSpace(p.AccessNeeds) != "" {
			needs++
		}
	}
	for _, l := range i18n.Languages {
		if by[l] > 0 {
			speaks = append(speaks, count{kit.LanguageName(l), by[l]})
		}
	}
	return speaks, needs
}

// leads are the names of those who lead the steps of a plan.
func (m *Module) leads(ctx context.Context, tx *storage.Tx, p Plan) (map[storage.ID]string, error) {
	var ids []storage.ID
	for _, s := range p.Steps {
		if !s.Lead.IsZero() {
			ids = append(ids, s.Lead)
		}
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	out := map[storage.ID]string{}
	for id, one := range persons {
		out[id] = one.FullName
	}
	return out, err
}

// shown puts the steps together with what has become of them. While nothing was pressed the
// clock says which goes on.
func shown(r *web.Request, d dayData, files []materials.Material, team map[storage.ID]string) (out []shownStep) {
	several := programme.SeveralDays(d.Activity.Starts, d.Activity.Ends)
	for i, s := range d.Plan.Steps {
		one := shownStep{Step: s, ID: s.ID.String(), When: d.Steps[i], State: d.Steps[i].State, Leads: team[s.Lead]}
		one.Run = d.Course.Runs[one.ID]
		begins := s.at(d.Activity)
		plan := span(r, begins, begins.Add(time.Duration(s.Minutes)*time.Minute))
		if d.Pressed {
			one.Clock = span(r, time.UnixMilli(one.When.Begins), time.UnixMilli(one.When.Ends))
			if one.Clock != plan {
				one.Planed = plan
			}
		} else {
			one.Clock, one.State = plan, byClock(d, s)
		}
		if several {
			one.Day = i18n.DayMonth(r.Lang, time.UnixMilli(one.When.Begins))
		}
		for _, id := range s.Materials {
			if at := slices.IndexFunc(files, func(f materials.Material) bool { return f.ID == id }); at >= 0 {
				one.Files = append(one.Files, files[at])
			}
		}
		out = append(out, one)
	}
	return out
}

// span is from when until when something goes on, by the clock.
func span(r *web.Request, from, to time.Time) string {
	return kit.Unbroken(i18n.Time(r.Lang, from) + "–" + i18n.Time(r.Lang, to))
}

// byClock is the state of a step while nothing was pressed: it goes on from its hour until the
// next one begins, on the days of the activity.
func byClock(d dayData, s Step) string {
	now := minutesAfter(d.Activity, d.Now)
	going := -1 // the step that the clock is at
	for i, o := range d.Plan.Steps {
		if o.Begins <= now {
			going = i
		}
	}
	at := slices.IndexFunc(d.Plan.Steps, func(o Step) bool { return o.Begins == s.Begins })
	switch {
	case d.Activity.Past(d.Now) || at < going:
		return Done
	case at == going:
		return Going
	case at == going+1 && (going >= 0 || i18n.SameDay(d.Activity.Starts, d.Now)):
		return Next
	}
	return Coming
}

// links lead to what else the day needs: only pages that who asks may open.
func links(r *web.Request, d dayData, parts []module.EventPart) (out []kit.Link) {
	a, scope := d.Activity, seats.ScopeOf(d.Activity)
	if a.State == programme.Published {
		out = append(out, kit.Link{Path: "/door/" + a.Slug, Label: r.Say.T("seminars.staff.part.door")})
	}
	if door.CanBeReady(a, d.Now) && !d.Away {
		out = append(out, kit.Link{Path: ready.Path(a), Label: r.Say.T("ready.check")})
	}
	for _, p := range parts { // what other rooms have for the day
		if strings.HasSuffix(p.Path, "/print") {
			out = append(out, kit.Link{Path: strings.ReplaceAll(p.Path, "{slug}", a.Slug), Label: r.Say.T(p.Key)})
		}
	}
	if d.By.May(seats.MayEnrol, scope) && !d.Away {
		out = append(out,
			kit.Link{Path: "/door/" + a.Slug + "/phones", Label: r.Say.T("seminars.phones.heading")},
			kit.Link{Path: "/door/" + a.Slug + "/phones#substitute", Label: r.Say.T("seminars.substitute.heading")})
	}
	if d.By.May(seats.MaySelect, scope) && a.Past(d.Now) {
		out = append(out, kit.Link{Path: "/staff/seminars/" + a.Slug + "/applicants?state=confirmed", Label: r.Say.T("seminars.today.unnoted.do")})
	}
	return out
}

// going is the step that goes on, as it was begun; ok is false for none.
func (d dayData) going() (shownStep, bool) {
	at := slices.IndexFunc(d.Shown, func(s shownStep) bool { return s.ID == d.Course.Now })
	if at < 0 {
		return shownStep{}, false
	}
	return d.Shown[at], true
}

// next is the step that is begun next.
func (d dayData) next() (shownStep, bool) {
	at := slices.IndexFunc(d.Steps, func(e Expected) bool { return e.State == Next })
	if at < 0 {
		return shownStep{}, false
	}
	return d.Shown[at], true
}

// left is how many minutes a step still has, by the clock of the house; over it is negative.
func (d dayData) left(s shownStep) int {
	return minutesOf(s.Began + int64(s.Length)*minute + d.stood(s) - d.Now.UnixMilli())
}

func (d dayData) stood(s shownStep) int64 {
	if s.Stands != 0 {
		return s.Paused + d.Now.UnixMilli() - s.Stands
	}
	return s.Paused
}

// ring is how much of the ring of a step is drawn, of its 314.2.
func (d dayData) ring(s shownStep) string {
	part := min(max(float64(d.left(s))/float64(s.Length), 0), 1)
	return strconv.FormatFloat(part*314.2, 'f', 1, 64) + " 314.2"
}

// takePress takes what was pressed on the page.
func (m *Module) takePress(r *web.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "fault.form", fault.Args{"count": 1})
	}
	if r.PostForm.Get("do") == "plan" {
		return m.takeUsual(r)
	}
	do, v := r.PostForm.Get("do"), r.PostForm
	mark := Mark{Nonce: v.Get("nonce") + "-" + do, Kind: do, Step: v.Get("step")}
	switch do {
	case Begin:
		mark.From = v.Get("from")
	case Length:
		minutes, err := strconv.Atoi(v.Get("minutes"))
		if err != nil {
			return fault.New(fault.Invalid, "runsheet.why.malformed")
		}
		mark.Minutes = minutes
	}
	var a seats.Activity
	counts := true
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		var by leader
		if a, by, err = m.onTheDay(ctx, tx, r, MayRun); err != nil {
			return err
		}
		mark.At = tx.Now.UnixMilli()
		out, err := m.Press(ctx, tx, Press{Activity: a.ID, Actor: by.Actor, Device: by.device(), Marks: []Mark{mark}})
		if err == nil && out[0].Result == Refused {
			err = fault.New(fault.Invalid, "runsheet.why."+out[0].Why)
		}
		if err != nil || mark.Kind != Begin {
			return err
		}
		plan, err := PlanOf(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		marks, err := MarksOf(ctx, tx, a.ID)
		counts = CourseOf(plan.planned(a.Starts.UnixMilli()), marks).Now == mark.Step
		return err
	}); err != nil {
		return err
	}
	if !counts {
		r.SetFlash("wait", "runsheet.other")
	}
	return r.Redirect(dayPath(a) + "#now")
}

// takeUsual makes the usual steps the plan of the day.
func (m *Module) takeUsual(r *web.Request) error {
	var a seats.Activity
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		var by leader
		if a, by, err = m.onTheDay(ctx, tx, r, MayRun); err != nil {
			return err
		}
		return m.SetPlan(ctx, tx, SetPlan{Activity: a.ID, Actor: by.Actor, Steps: Usual(a, m.words())})
	}); err != nil {
		return err
	}
	r.SetFlash("good", "runsheet.plan.saved")
	return r.Redirect(dayPath(a))
}

// endOf is when a step that goes on ends.
func (d dayData) endOf(s shownStep) time.Time {
	return time.UnixMilli(s.Began + int64(s.Length)*minute + d.stood(s))
}

// number is the place of a step in its plan.
func (s shownStep) number(d dayData) int {
	return slices.IndexFunc(d.Shown, func(o shownStep) bool { return o.ID == s.ID })
}

func abs(n int) int { return max(n, -n) }

// end is when the day ends: as planned, or later when its steps go on for longer.
func (d dayData) end() time.Time {
	if last := len(d.Shown) - 1; d.Pressed && last >= 0 {
		if ends := time.UnixMilli(d.Shown[last].When.Ends); ends.After(d.Activity.Ends) {
			return ends
		}
	}
	return d.Activity.Ends
}
