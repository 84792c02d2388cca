package newsroom

import (
	"context"
	"encoding/json"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/effort"
)

// ForgetJob removes inquiries that ended long ago, and the traces of efforts.
const ForgetJob = "newsroom.forget"

// forgottenAtOnce bounds the inquiries that one transaction removes.
const forgottenAtOnce = 200

// planForget asks for the job at the next full hour after a moment, once.
func planForget(ctx context.Context, tx *storage.Tx, after time.Time) error {
	hour := after.Truncate(time.Hour).Add(time.Hour)
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: ForgetJob, Payload: struct{}{}, Key: hour.UTC().Format(time.RFC3339), After: hour})
}

// forget does it, some at a time. It may run twice.
func (m *Module) forget(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
	for {
		var n int64
		if err := store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
			if err := effort.Forget(ctx, tx); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM news_hour WHERE hour < $1`, storage.Micros(tx.Now.Add(-24*time.Hour))); err != nil {
				return err
			}
			n, err = tx.Exec(ctx, `DELETE FROM news_inquiry
				WHERE id IN (
					SELECT id
					FROM news_inquiry
					WHERE ended_at > 0 AND ended_at <= $1
					ORDER BY ended_at
					LIMIT $2
				)`, storage.Micros(tx.Now.Add(-inquiryKept)), forgottenAtOnce)
			return err
		}); err != nil || n < forgottenAtOnce {
			return err
		}
	}
}
