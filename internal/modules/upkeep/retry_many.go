package upkeep

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// MostAtOnce is how many jobs are let run again together.
const MostAtOnce = 200

// RetryMany lets several jobs that have failed for good run again.
type RetryMany struct {
	Jobs  []storage.ID
	Actor access.Actor
}

// WouldRun is a job of a RetryMany.
type WouldRun struct {
	Job  jobs.Record // its id, kind and state
	Left error       // why it stays as it is; nil: it runs
}

// PreviewRetry tells what a RetryMany would do, and does nothing. What is there no more is
// left out. Forbidden as Retry; Invalid when nothing is ticked, or too much.
func (m *Module) PreviewRetry(ctx context.Context, tx *storage.Tx, cmd RetryMany) (out []WouldRun, err error) {
	if !cmd.Actor.May(See, access.Scope{}) {
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if len(cmd.Jobs) == 0 {
		return nil, fault.New(fault.Invalid, "upkeep.fault.nothing_ticked")
	}
	if len(cmd.Jobs) > MostAtOnce {
		return nil, fault.New(fault.Invalid, "upkeep.fault.many", fault.Args{"count": MostAtOnce})
	}
	seen := map[storage.ID]bool{}
	for _, id := range cmd.Jobs {
		job, err := jobs.ByID(ctx, tx, id)
		if fault.Is(err, fault.NotFound) || seen[id] {
			continue
		}
		if err != nil {
			return nil, err
		}
		seen[id] = true
		w := WouldRun{Job: job}
		if job.State != jobs.Failed {
			w.Left = fault.New(fault.Conflict, "upkeep.jobs.faster")
		}
		out = append(out, w)
	}
	// In one order, so that two do not wait for each other.
	slices.SortFunc(out, func(a, b WouldRun) int { return slices.Compare(a.Job.ID[:], b.Job.ID[:]) })
	return out, nil
}

// RetryMany is Retry for each that PreviewRetry says would run, and gives how many do.
// Conflict when none does: somebody else was faster.
func (m *Module) RetryMany(ctx context.Context, tx *storage.Tx, cmd RetryMany) (count int, err error) {
	list, err := m.PreviewRetry(ctx, tx, cmd)
	if err != nil {
		return 0, err
	}
	for _, w := range list {
		if w.Left != nil {
			continue
		}
		err := m.Retry(ctx, tx, Retry{Job: w.Job.ID, Actor: cmd.Actor})
		switch {
		case fault.Is(err, fault.Conflict), fault.Is(err, fault.NotFound):
		case err != nil:
			return 0, err
		default:
			count++
		}
	}
	if count == 0 {
		return 0, fault.New(fault.Conflict, "upkeep.jobs.faster")
	}
	return count, nil
}
