package module

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Wait counts what waits for somebody behind a link of the navigation. The count stands
// beside its word on every page of staff, so that it has to be cheap.
type Wait struct {
	Path  string // of a NavItem of the same module
	Needs access.Permission
	// Count gives how much waits for who asks, within her reach: at most so many.
	Count func(ctx context.Context, tx *storage.Tx, actor access.Actor, most int) (int, error)
}

// Waits are the counts of all modules by their paths. It asks nothing of which who asks
// has not the permission anywhere.
func (h *House) Waits(ctx context.Context, tx *storage.Tx, actor access.Actor, most int) (map[string]int, error) {
	out := map[string]int{}
	for _, m := range h.list {
		for _, w := range m.Waits {
			if !actor.MaySomewhere(w.Needs) {
				continue
			}
			n, err := w.Count(ctx, tx, actor, most)
			if err != nil {
				return nil, err
			}
			if n > 0 {
				out[w.Path] += n
			}
		}
	}
	return out, nil
}
