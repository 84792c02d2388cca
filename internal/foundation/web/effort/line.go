package effort

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// takeFreeTurn takes the line's next turn when it is now: nobody waits for an
// earlier one, and the last was Step ago.
func takeFreeTurn(ctx context.Context, tx *storage.Tx, purpose string) (bool, error) {
	n, err := tx.Exec(ctx, `INSERT INTO effort_line (purpose, next_at)
		VALUES ($1, $2)
		ON CONFLICT (purpose) DO UPDATE
		SET next_at = excluded.next_at
		WHERE effort_line.next_at <= $3`,
		purpose, storage.Micros(tx.Now.Add(Step)), storage.Micros(tx.Now))
	return n == 1, err
}

// nextTurn takes the line's next turn, now or later; ok is false when the line is full.
func nextTurn(ctx context.Context, tx *storage.Tx, purpose string) (at time.Time, ok bool, err error) {
	var next int64
	err = tx.QueryRow(ctx, `INSERT INTO effort_line (purpose, next_at)
		VALUES ($1, $2)
		ON CONFLICT (purpose) DO UPDATE
		SET next_at = CASE
			WHEN effort_line.next_at < $3 THEN excluded.next_at
			ELSE effort_line.next_at + $4
		END
		WHERE effort_line.next_at < $5
		RETURNING next_at`,
		purpose, storage.Micros(tx.Now.Add(Step)), storage.Micros(tx.Now), Step.Microseconds(),
		storage.Micros(tx.Now.Add(MostLine))).Scan(&next)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return storage.Instant(next).Add(-Step), err == nil, err
}

// placeOf gives when the turn of a browser in the line comes; ok is false when
// it has no place, or has let its turn pass.
func (g *Guard) placeOf(ctx context.Context, tx *storage.Tx, c Case) (at time.Time, ok bool, err error) {
	var from int64
	err = tx.QueryRow(ctx, `SELECT from_at
		FROM effort_place
		WHERE holder = $1 AND ends_at > $2`, g.holder(c), storage.Micros(tx.Now)).Scan(&from)
	if errors.Is(err, sql.ErrNoRows) {
		return at, false, nil
	}
	return storage.Instant(from), err == nil, err
}

// keepPlace gives a browser a place in the line.
func (g *Guard) keepPlace(ctx context.Context, tx *storage.Tx, c Case, at time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO effort_place (holder, from_at, ends_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (holder) DO UPDATE
		SET from_at = excluded.from_at, ends_at = excluded.ends_at
		WHERE effort_place.ends_at <= $4`,
		g.holder(c), storage.Micros(at), storage.Micros(at.Add(Life)), storage.Micros(tx.Now))
	return err
}

// takePlace takes the turn of a browser when it has come; the place is gone with it.
func (g *Guard) takePlace(ctx context.Context, tx *storage.Tx, c Case) (bool, error) {
	n, err := tx.Exec(ctx, `DELETE FROM effort_place
		WHERE holder = $1 AND from_at <= $2 AND ends_at > $2`, g.holder(c), storage.Micros(tx.Now))
	return n == 1, err
}

// holder is what a browser's place is found by; of each purpose another.
func (g *Guard) holder(c Case) []byte { return g.mac("place", c, nil) }
