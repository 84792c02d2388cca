package upkeep

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// open are the states that the page shows, that first which needs somebody.
var open = [...]jobs.State{jobs.Failed, jobs.Running, jobs.Waiting}

const onPage = 20

// Names of filters and columns in addresses.
const (
	byState, byKind = "state", "kind"

	sortNeed = "need"

	colSince, colTries, colLane, colWhy = "since", "tries", "lane", "why"
)

// viewOf is what the address of the list may ask for.
func viewOf() kit.ViewOf {
	return kit.ViewOf{
		Path: Path, Filters: []string{byState, byKind}, Sorts: []string{sortNeed},
		Columns: []string{byState, colSince, colTries, colLane, colWhy},
	}
}

// jobsPage is the list of jobs with its filters.
type jobsPage struct {
	View     kit.View
	State    jobs.State // empty for all
	Kind     string     // empty for all
	Incident string     // empty for all
	Counts   map[jobs.State]map[string]int
	Of       int // jobs that are open
	Jobs     []jobs.Record
	From     int
	Prev     bool
	Next     bool
	known    map[string]jobs.Kind
}

// count counts the jobs of a state and a kind, empty for all.
func (p jobsPage) count(state jobs.State, kind string) (n int) {
	for s, kinds := range p.Counts {
		for k, some := range kinds {
			if (state == "" || s == state) && (kind == "" || k == kind) {
				n += some
			}
		}
	}
	return n
}

// has reports whether there is a kind of jobs: of this version, or of one of which jobs
// are open.
func (p jobsPage) has(kind string) bool {
	_, there := p.known[kind]
	for _, counts := range p.Counts {
		there = there || counts[kind] > 0
	}
	return there
}

// kinds are those of which a job is open, and the one that is chosen, by their names.
func (p jobsPage) kinds(r *web.Request) (list []string) {
	for _, counts := range p.Counts {
		for k := range counts {
			if !slices.Contains(list, k) {
				list = append(list, k)
			}
		}
	}
	if p.Kind != "" && !slices.Contains(list, p.Kind) {
		list = append(list, p.Kind)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(i18n.CompareNames(p.name(r, a), p.name(r, b)), cmp.Compare(a, b)) })
	return list
}

// name is a kind in words; one of another version of the program has none.
func (p jobsPage) name(r *web.Request, kind string) string {
	if k, there := p.known[kind]; there {
		return r.Say.T(k.Text)
	}
	return r.Say.T("upkeep.jobs.unknown", "kind", kind)
}

func (p jobsPage) lane(r *web.Request, kind string) string {
	if k, there := p.known[kind]; there {
		return r.Say.T("upkeep.lane." + string(k.Lane))
	}
	return "–"
}

// tries tells how often a job was begun, and of how many times.
func (p jobsPage) tries(r *web.Request, job jobs.Record) string {
	if k, there := p.known[job.Kind]; there {
		return r.Say.T("upkeep.jobs.tries_of", "tries", job.Attempts, "most", k.Attempts)
	}
	return r.Say.T("upkeep.jobs.tries_none", "tries", job.Attempts)
}

// since is the moment at which a job came into its state: when it failed, when it was
// due, or when it will be.
func since(job jobs.Record) time.Time {
	if job.State == jobs.Failed {
		return job.DoneAt
	}
	return job.RunAt
}

func tagOf(s jobs.State) string {
	switch s {
	case jobs.Failed:
		return "bad"
	case jobs.Running:
		return "good"
	}
	return "wait"
}

// list is the page as the kit draws it.
func (p jobsPage) list(r *web.Request) kit.List[jobs.Record] {
	l := kit.List[jobs.Record]{
		View: p.View, Title: r.Say.T("upkeep.jobs.title"),
		Search: kit.Field{Label: r.Say.T("upkeep.jobs.search"), Help: r.Say.T("upkeep.jobs.search_help")},
		Facets: []kit.Facet{p.states(r)}, Columns: p.columns(r), Rows: p.Jobs,
		Pick:  func(job jobs.Record) (value, name string) { return job.ID.String(), p.name(r, job.Kind) },
		Count: p.count(p.State, p.Kind), Of: p.Of, From: p.From, Counted: r.Say.T("upkeep.jobs.count", "count", p.count(p.State, p.Kind)),
		Empty: kit.Empty(r, r.Say.T("upkeep.jobs.none"), r.Say.T("upkeep.jobs.none_text"), kit.Link{Path: "/today", Label: r.Say.T("upkeep.jobs.back")}),
		None:  kit.Empty(r, r.Say.T("upkeep.jobs.none_here"), r.Say.T("upkeep.jobs.none_here_text"), kit.Link{Path: Path, Label: r.Say.T("upkeep.jobs.show_all")}),
	}
	if kinds := p.kinds(r); len(kinds) > 0 {
		f := kit.Facet{Name: byKind, Label: r.Say.T("upkeep.jobs.kind"), Folded: true}
		for _, k := range kinds {
			f.Values = append(f.Values, kit.FacetValue{Value: k, Label: p.name(r, k), Count: p.count(p.State, k)})
		}
		l.Facets = append(l.Facets, f)
	}
	if slices.ContainsFunc(p.Jobs, func(job jobs.Record) bool { return job.State == jobs.Failed }) {
		l.Acts = []kit.Act{{Path: Path + "/again", Label: r.Say.T("upkeep.jobs.again")}}
	}
	if n := len(p.Jobs); n > 0 {
		if p.Prev {
			l.Prev = p.Jobs[0].ID.String()
		}
		if p.Next {
			l.Next = p.Jobs[n-1].ID.String()
		}
	}
	return l
}

func (p jobsPage) states(r *web.Request) kit.Facet {
	f := kit.Facet{Name: byState, Label: r.Say.T("upkeep.jobs.state"), Values: []kit.FacetValue{{Label: r.Say.T("upkeep.jobs.all"), Count: p.count("", p.Kind)}}}
	for _, s := range open {
		f.Values = append(f.Values, kit.FacetValue{Value: string(s), Label: r.Say.T("upkeep.state." + string(s)), Count: p.count(s, p.Kind)})
	}
	return f
}

func (p jobsPage) columns(r *web.Request) []kit.Column[jobs.Record] {
	return []kit.Column[jobs.Record]{
		{Name: byKind, Label: r.Say.T("upkeep.jobs.kind"), Head: true, Cell: func(job jobs.Record) templ.Component { return kit.Plain(p.name(r, job.Kind)) }},
		{Name: byState, Label: r.Say.T("upkeep.jobs.state"), Cell: func(job jobs.Record) templ.Component { return stateCell(r, p, job) }},
		{Name: colSince, Label: r.Say.T("upkeep.jobs.since"), Cell: func(job jobs.Record) templ.Component { return kit.When(r, since(job)) }},
		{Name: colTries, Label: r.Say.T("upkeep.jobs.tries"), Said: true, Cell: func(job jobs.Record) templ.Component { return kit.Plain(p.tries(r, job)) }},
		{Name: colLane, Label: r.Say.T("upkeep.jobs.lane"), Said: true, Cell: func(job jobs.Record) templ.Component { return kit.Plain(p.lane(r, job.Kind)) }},
		{Name: colWhy, Label: r.Say.T("upkeep.jobs.why"), Cell: func(job jobs.Record) templ.Component { return whyCell(r, job) }},
	}
}

// show lists jobs; of all states first those that failed, then those that run.
func (m *Module) show(r *web.Request) error {
	if !r.Actor.May(See, access.Scope{}) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	p := jobsPage{View: kit.ReadView(r, viewOf()), known: map[string]jobs.Kind{}}
	for _, k := range m.House.Jobs() {
		p.known[k.Name] = k
	}
	p.Incident = strings.ToLower(strings.TrimSpace(p.View.Text))
	if s := jobs.State(p.View.Filter(byState)); slices.Contains(open[:], s) {
		p.State = s
	} else {
		p.View = p.View.Without(byState)
	}
	asked := p.View
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p.Jobs, p.View, p.Kind = nil, asked, ""
		if p.Counts, err = jobs.Open(ctx, tx); err != nil {
			return err
		}
		p.Of = p.count("", "")
		if kind := p.View.Filter(byKind); p.has(kind) {
			p.Kind = kind
		} else {
			p.View = p.View.Without(byKind)
		}
		if p.Incident != "" {
			if p.Counts, err = jobs.OpenOf(ctx, tx, p.Incident); err != nil {
				return err
			}
		}
		return p.read(ctx, tx)
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, jobsList(r, p, p.list(r)))
}

// seek is the form of the search.
func (m *Module) seek(r *web.Request) error { return kit.Find(r, viewOf()) }

// read reads the jobs of the page, state by state. A cursor that names no job of the list
// any more leads to its beginning.
func (p *jobsPage) read(ctx context.Context, tx *storage.Tx) error {
	at, back, err := p.cursor(ctx, tx)
	if err != nil {
		return err
	}
	list, err := p.beyond(ctx, tx, at, back)
	if err != nil {
		return err
	}
	if at != nil && len(list) == 0 {
		at, back = nil, false
		if list, err = p.beyond(ctx, tx, nil, false); err != nil {
			return err
		}
	}
	more := len(list) > onPage
	p.Jobs = list[:min(len(list), onPage)]
	p.Prev, p.Next = at != nil, more
	if back {
		slices.Reverse(p.Jobs)
		p.Prev, p.Next = more, true
	}
	if len(p.Jobs) == 0 {
		return nil
	}
	first := p.Jobs[0]
	p.From, err = jobs.CountBeyond(ctx, tx, jobs.Filter{State: first.State, Kind: p.Kind, Incident: p.Incident, Past: &first, Back: true})
	p.From++
	for _, s := range open {
		if s == first.State {
			break
		}
		if p.State == "" {
			p.From += p.count(s, p.Kind)
		}
	}
	return err
}

// cursor is the job that the address names, when it still stands on the list.
func (p *jobsPage) cursor(ctx context.Context, tx *storage.Tx) (at *jobs.Record, back bool, err error) {
	text := p.View.After()
	if text == "" {
		text, back = p.View.Before(), true
	}
	id, err := storage.ParseID(text)
	if err != nil {
		return nil, false, nil
	}
	job, err := jobs.ByID(ctx, tx, id)
	if fault.Is(err, fault.NotFound) || err == nil && (!slices.Contains(open[:], job.State) || p.State != "" && job.State != p.State) {
		return nil, false, nil
	}
	return &job, back, err
}

// beyond gives the jobs behind one, or before it, the nearest first: one more than fits.
func (p *jobsPage) beyond(ctx context.Context, tx *storage.Tx, at *jobs.Record, back bool) (out []jobs.Record, err error) {
	states := slices.Clone(open[:])
	if back {
		slices.Reverse(states)
	}
	if at != nil {
		states = states[slices.Index(states, at.State):]
	}
	for _, s := range states {
		if p.State != "" && s != p.State || len(out) > onPage {
			continue
		}
		f := jobs.Filter{State: s, Kind: p.Kind, Incident: p.Incident, Limit: onPage + 1 - len(out), Back: back}
		if at != nil && s == at.State {
			f.Past = at
		}
		some, err := jobs.List(ctx, tx, f)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
	}
	return out, nil
}

// again takes the button of a failed job.
func (m *Module) again(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return m.Retry(ctx, tx, Retry{Job: id, Actor: r.Actor})
	})
	switch {
	case fault.Is(err, fault.Conflict):
		r.SetFlash("wait", "upkeep.jobs.faster")
	case err != nil:
		return err
	default:
		r.SetFlash("good", "upkeep.jobs.again.done")
	}
	// Back to the part of the list on which the button stood.
	return r.Redirect(kit.ReadView(r, viewOf()).To(Path))
}

// manyPage shows which jobs would run again.
type manyPage struct {
	jobsPage
	List []WouldRun
}

func (p manyPage) kept() (out []kit.Item) {
	for _, w := range p.List {
		out = append(out, kit.Item{Label: "pick", Value: w.Job.ID.String()})
	}
	return append(out, kit.Item{Label: "sure", Value: "yes"})
}

// parts splits the preview into what runs and what stays.
func (p manyPage) parts() (runs, stays []WouldRun) {
	for _, w := range p.List {
		if w.Left == nil {
			runs = append(runs, w)
		} else {
			stays = append(stays, w)
		}
	}
	return runs, stays
}

// againMany shows which of the ticked jobs would run again, then lets them.
func (m *Module) againMany(r *web.Request) error {
	p := manyPage{jobsPage: jobsPage{View: kit.ReadView(r, viewOf()), known: map[string]jobs.Kind{}}}
	for _, k := range m.House.Jobs() {
		p.known[k.Name] = k
	}
	cmd := RetryMany{Actor: r.Actor}
	for _, text := range kit.Picked(r) {
		if id, err := storage.ParseID(text); err == nil {
			cmd.Jobs = append(cmd.Jobs, id)
		}
	}
	cmd.Jobs = cmd.Jobs[:min(len(cmd.Jobs), MostAtOnce+1)] // the use case says so
	if r.PostFormValue("sure") == "" {
		if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			p.List, err = m.PreviewRetry(ctx, tx, cmd)
			return err
		}); err != nil {
			return err
		}
		r.W.Header().Set("Cache-Control", "no-store")
		return r.Page(http.StatusOK, manyForm(r, p))
	}
	count := 0
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		count, err = m.RetryMany(ctx, tx, cmd)
		return err
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "upkeep.jobs.many.done", "count", count)
	return r.Redirect(p.View.To(Path))
}
