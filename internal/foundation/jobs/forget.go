package jobs

import (
	"context"
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
// given another id and the time at which it is due, and removed when it is done.
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
	rows, err := storage.All(ctx, tx, func(sc storage.Scanner) (r row, err error) {
		err = sc.Scan(&r.id, &r.words, &r.state, &r.made)
		return r, err
	}, `SELECT id, payload || ' ' || COALESCE(dedupe, ''), state, made_at FROM job`)
	if err != nil {
		return err
	}
	for _, r := range rows {
		hers := slices.ContainsFunc(idShape.FindAllString(r.words, -1), func(id string) bool { return names[strings.ToLower(id)] })
		switch {
		case hers, moments[r.made] && r.state == Done:
			_, err = tx.Exec(ctx, `DELETE FROM job WHERE id = $1`, r.id)
		case moments[r.made] && r.state != Running: // its runner knows it by its id
			_, err = tx.Exec(ctx, `UPDATE job SET id = $2, made_at = run_at WHERE id = $1`, r.id, tx.NewID())
		}
		if err != nil {
			return err
		}
	}
	return nil
}
