package jobs

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// idShape is an id as payloads and keys write it.
var idShape = regexp.MustCompile(`[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}`)

// Forget removes all jobs whose payload or key names one of the ids, in whatever
// state: those that run finish, and leave no trace. Of the others none keeps one
// of the times: what was asked for in the moment of a change that is forgotten is
// given another id and the time at which it is due, when it runs as soon as that
// run has ended, and is removed when it is done.
func Forget(ctx context.Context, tx *storage.Tx, ids []storage.ID, times []time.Time) error {
	if len(ids) == 0 && len(times) == 0 {
		return nil
	}
	names, moments := map[string]bool{}, map[int64]bool{}
	for _, id := range ids {
		names[id.String()] = true
	}
	for _, at := range times {
		moments[storage.Micros(at)] = true
	}
	type row struct {
		id    storage.ID
		words string
		state State
		made  int64
	}
	scan := func(sc storage.Scanner) (r row, err error) {
		err = sc.Scan(&r.id, &r.words, &r.state, &r.made)
		return r, err
	}
	const query = `SELECT id, payload || ' ' || COALESCE(dedupe, ''), state, made_at FROM job`
	rows, err := storage.All(ctx, tx, scan, query)
	if err != nil {
		return err
	}
	for _, r := range rows {
		// A runner may take or end a job in the same moment; then it is judged anew.
		for {
			n := int64(1)
			hers := slices.ContainsFunc(idShape.FindAllString(r.words, -1), func(id string) bool { return names[strings.ToLower(id)] })
			switch {
			case hers, moments[r.made] && r.state == Done:
				n, err = tx.Exec(ctx, `DELETE FROM job WHERE id = $1`, r.id)
			case moments[r.made] && r.state == Running: // its runner knows it by its id, and forgets it
				n, err = tx.Exec(ctx, `UPDATE job SET made_at = 0 WHERE id = $1 AND state = $2`, r.id, string(Running))
			case moments[r.made]:
				n, err = tx.Exec(ctx, `UPDATE job SET id = $2, made_at = run_at WHERE id = $1 AND state = $3`, r.id, tx.NewID(), string(r.state))
			}
			if err != nil {
				return err
			}
			if n > 0 {
				break
			}
			r, err = storage.One(ctx, tx, scan, query+` WHERE id = $1`, r.id)
			if errors.Is(err, sql.ErrNoRows) {
				break
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// forgetMoment takes from a job whose run has ended what Forget could not take while it ran.
func forgetMoment(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM job WHERE id = $1 AND made_at = 0 AND state = 'done'`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE job SET id = $2, made_at = run_at WHERE id = $1 AND made_at = 0`, id, tx.NewID())
	return err
}
