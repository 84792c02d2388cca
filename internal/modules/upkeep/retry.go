package upkeep

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Retry lets a job that has failed for good run again as if it were new.
type Retry struct {
	Job   storage.ID
	Actor access.Actor
}

// Retry is the use case. Forbidden for who may not see the jobs of the whole house,
// NotFound when the job is not there, Conflict when it has not failed: somebody else
// was faster.
func (m *Module) Retry(ctx context.Context, tx *storage.Tx, cmd Retry) error {
	if !cmd.Actor.May(See, access.Scope{}) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	job, err := jobs.ByID(ctx, tx, cmd.Job)
	if err != nil {
		return err
	}
	if err := jobs.Retry(ctx, tx, job.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "upkeep.audit.retried", Detail: job.Kind})
}
