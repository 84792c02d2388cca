package upkeep

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// open are the states that the page shows, that first which needs somebody.
var open = [...]jobs.State{jobs.Failed, jobs.Running, jobs.Waiting}

const (
	onPage   = 20
	mostPage = 200 // what lies beyond is found by choosing a kind
)

// jobsPage is the list of jobs with its filters.
type jobsPage struct {
	State  jobs.State // empty for all
	Kind   string     // empty for all
	Counts map[jobs.State]map[string]int
	Jobs   []jobs.Record
	Pages  kit.Pages
	known  map[string]jobs.Kind
}

// path gives the address of the list with other filters, from the first page.
func (p jobsPage) path(state jobs.State, kind string) string {
	v := url.Values{}
	if state != "" {
		v.Set("state", string(state))
	}
	if kind != "" {
		v.Set("kind", kind)
	}
	if len(v) == 0 {
		return Path
	}
	return Path + "?" + v.Encode()
}

// query is the part of the list that is shown, as its address says it.
func (p jobsPage) query() string { return strings.TrimPrefix(p.page(p.Pages.Page), Path) }

func (p jobsPage) page(n int) string {
	path := p.path(p.State, p.Kind)
	if n == 1 {
		return path
	}
	if path == Path {
		return path + "?page=" + strconv.Itoa(n)
	}
	return path + "&page=" + strconv.Itoa(n)
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
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(p.name(r, a), p.name(r, b)), cmp.Compare(a, b)) })
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

// show lists jobs; of all states first those that failed, then those that run.
func (m *Module) show(r *web.Request) error {
	if !r.Actor.May(See, access.Scope{}) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	p := jobsPage{known: map[string]jobs.Kind{}}
	for _, k := range m.House.Jobs() {
		p.known[k.Name] = k
	}
	q := r.URL.Query()
	if s := jobs.State(q.Get("state")); slices.Contains(open[:], s) {
		p.State = s
	}
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if p.Counts, err = jobs.Open(ctx, tx); err != nil {
			return err
		}
		p.Kind = ""
		if kind := q.Get("kind"); p.has(kind) {
			p.Kind = kind
		}
		of := max(1, (p.count(p.State, p.Kind)+onPage-1)/onPage)
		page, _ := strconv.Atoi(q.Get("page")) // no number is the first page
		p.Pages = kit.Pages{Of: min(of, mostPage), Path: p.page}
		p.Pages.Page = min(max(page, 1), p.Pages.Of)
		p.Jobs, err = list(ctx, tx, p)
		return err
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, jobsList(r, p))
}

// list gives the jobs of the page, state by state.
func list(ctx context.Context, tx *storage.Tx, p jobsPage) (out []jobs.Record, err error) {
	skip := (p.Pages.Page - 1) * onPage
	for _, s := range open {
		if p.State != "" && s != p.State {
			continue
		}
		n := p.count(s, p.Kind)
		if skip >= n {
			skip -= n
			continue
		}
		some, err := jobs.List(ctx, tx, jobs.Filter{State: s, Kind: p.Kind, Limit: onPage - len(out), Skip: skip})
		if err != nil {
			return nil, err
		}
		if out, skip = append(out, some...), 0; len(out) >= onPage {
			break
		}
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
	back, was := url.Values{}, r.URL.Query()
	for _, name := range []string{"state", "kind", "page"} {
		if v := was.Get(name); v != "" && len(v) <= 100 {
			back.Set(name, v)
		}
	}
	if len(back) == 0 {
		return r.Redirect(Path)
	}
	return r.Redirect(Path + "?" + back.Encode())
}
