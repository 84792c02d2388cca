package upkeep

import (
	"context"
	"embed"
	"io/fs"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var texts embed.FS

// See is the permission to see the jobs and to let failed ones run again. It counts
// only with a role that reaches everywhere: the jobs are those of the whole house.
const See access.Permission = "upkeep.see"

// Path is the page of jobs, without language.
const Path = "/staff/jobs"

// Module is the page of jobs.
type Module struct {
	Store *storage.Store
	House *module.House // whose jobs it shows
}

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:        "upkeep",
		Texts:       text,
		Permissions: map[access.Permission][]access.Role{See: {access.Admin}},
		Built: []i18n.Built{
			{Keys: "upkeep.state.*", Of: i18n.Words(open[:]...), Why: "the states of a job that is not done"},
			{Keys: "upkeep.lane.*", Of: i18n.Words(jobs.Lanes[:]...), Why: "the lanes of jobs"},
			{Keys: "upkeep.class.*", Of: i18n.Words(jobs.Classes[:]...), Why: "why a job failed"},
		},
		Routes: []web.Route{
			{Method: "GET", Pattern: Path, Needs: See, Handler: m.show},
			{Method: "POST", Pattern: Path, Needs: See, Handler: m.seek},
			{Method: "POST", Pattern: Path + "/again", Needs: See, Handler: m.againMany, Danger: true},
			{Method: "POST", Pattern: Path + "/{id}/again", Needs: See, Handler: m.again, Danger: true},
		},
		Nav:   []web.NavItem{{Key: "upkeep.jobs.title", Path: Path, Needs: See, Order: 700, Group: web.House}},
		Waits: []module.Wait{{Path: Path, Needs: See, Count: countFailed}},
		Today: m.today,
	}
}

// countFailed counts the jobs that have failed for good, for who may see all: at most so many.
func countFailed(ctx context.Context, tx *storage.Tx, actor access.Actor, most int) (count int, err error) {
	if !actor.May(See, access.Scope{}) {
		return 0, nil
	}
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM job WHERE state = 'failed' LIMIT $1) AS few`, most).Scan(&count)
	return count, err
}

// today tells the administrator of jobs that have failed for good.
func (m *Module) today(ctx context.Context, tx *storage.Tx, r *web.Request) ([]module.Task, error) {
	if !r.Actor.May(See, access.Scope{}) {
		return nil, nil
	}
	counts, err := jobs.Open(ctx, tx)
	if err != nil {
		return nil, err
	}
	failed := 0
	for _, n := range counts[jobs.Failed] {
		failed += n
	}
	if failed == 0 {
		return nil, nil
	}
	return []module.Task{{Urgency: module.Soon, Key: "upkeep.today.failed", Args: map[string]any{"count": failed}, Path: Path + "?state=" + string(jobs.Failed)}}, nil
}
