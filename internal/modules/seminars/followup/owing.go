package followup

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// owing gives who has said yes to some activities whose rules need the answers, has not
// answered and still may: for the lists of calls.
func owing(ctx context.Context, tx *storage.Tx, list []seats.Activity) (map[storage.ID]seats.Owed, error) {
	needed, err := neededAt(ctx, tx)
	if err != nil || len(needed) == 0 {
		return nil, err
	}
	at := map[storage.ID]seats.Activity{}
	for _, a := range list {
		if r, is := needed[a.ID]; is && r.open(a, tx.Now) == nil {
			at[a.ID] = a
		}
	}
	out := map[storage.ID]seats.Owed{}
	ids := slices.SortedFunc(maps.Keys(at), func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
	for part := range slices.Chunk(ids, 500) {
		marks, args := make([]string, len(part)), make([]any, len(part))
		for i, id := range part {
			marks[i], args[i] = "$"+strconv.Itoa(i+1), id
		}
		if _, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
			var app, activity storage.ID
			var yes int64
			err := row.Scan(&app, &activity, &yes)
			since := storage.Instant(yes)
			if until := needed[activity].closes(at[activity], since); tx.Now.Before(until) {
				out[app] = seats.Owed{Since: since, Until: until}
			}
			return struct{}{}, err
		}, `SELECT p.id, p.activity_id, COALESCE((SELECT MAX(v.at) FROM application_move v WHERE v.application_id = p.id AND v.to_state = 'confirmed'), 0)
			FROM application p
			LEFT JOIN followup_answer k ON k.application_id = p.id
			WHERE p.activity_id IN (`+strings.Join(marks, ", ")+`) AND p.state = 'confirmed' AND COALESCE(k.answered_at, 0) = 0`, args...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// neededAt gives the rules of all activities that need the answers.
func neededAt(ctx context.Context, tx *storage.Tx) (map[storage.ID]Rules, error) {
	out := map[storage.ID]Rules{}
	_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var id storage.ID
		r := Rules{Asks: true, Needed: true}
		err := row.Scan(&id, &r.DaysBefore)
		out[id] = r
		return struct{}{}, err
	}, `SELECT activity_id, days_before
		FROM followup
		WHERE asks AND needed`)
	return out, err
}
