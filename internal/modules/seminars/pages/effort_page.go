package pages

import (
	"context"
	"net/http"
	"strconv"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// askForEffort answers an application that came in a rush: what she typed is
// kept as her draft, and travels with the page that asks for the effort and
// sends it once more.
func (m *Module) askForEffort(r *web.Request, d applyData, secret string) error {
	var q effort.Question
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if _, err := m.KeepDraft(ctx, tx, d.Activity.ID, secret, d.Answers); err != nil {
			return err
		}
		n, err := seats.RushOf(ctx, tx, d.Activity.ID)
		if err != nil {
			return err
		}
		if q, err = m.Effort.Ask(ctx, tx, seats.EffortCase(d.Activity.ID, secret, n), effort.Read(r)); err != nil {
			return err
		}
		return seats.ForgetEfforts(ctx, tx)
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Retry-After", strconv.Itoa(q.Seconds()))
	r.W.Header().Set("Cache-Control", "no-store") // what she typed stays on no disk of a shared phone
	return r.Page(http.StatusTooManyRequests, effortPage(r, d.Activity, q))
}
