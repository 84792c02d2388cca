package ledger

import (
	"context"
	"fmt"

	"platforma.kg/ashar/internal/foundation/storage"
)

// disturbed are the facts that are new since the last night, and those of the
// same activity, kind and day: were a late one written alone, its neighbours
// would show that it came late.
const disturbed = `SELECT id
	FROM fact
	WHERE fresh
	UNION
	SELECT f.id
	FROM fact new
	JOIN fact f ON f.activity_id = new.activity_id AND f.kind = new.kind AND f.day = new.day
	WHERE new.fresh`

// Settle writes the facts that are new since the last night anew, in one
// statement, under new ids and in their order. Until then a row shows with which
// others it was written: on PostgreSQL by its xmin, which names the transaction
// that also wrote the application, and by its place in the table; on SQLite by
// its place within its page. What the facts say is not changed.
func Settle(ctx context.Context, tx *storage.Tx) error {
	statement := `UPDATE fact
		SET id = ` + randomBytes(tx) + `, fresh = FALSE
		WHERE id IN (` + disturbed + `)`
	if tx.Dialect() == storage.PostgreSQL {
		// An UPDATE would write them in the order in which they lie.
		statement = `WITH gone AS (
			DELETE FROM fact
			WHERE id IN (` + disturbed + `)
			RETURNING ` + factColumns + `)
		INSERT INTO fact (id, ` + factColumns + `, fresh)
		SELECT ` + randomBytes(tx) + `, ` + factColumns + `, FALSE
		FROM gone
		ORDER BY 1`
	}
	if _, err := tx.Exec(ctx, statement); err != nil {
		return fmt.Errorf("write the facts of the day anew: %w", err)
	}
	return nil
}
