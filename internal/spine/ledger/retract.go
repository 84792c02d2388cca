package ledger

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Retract takes back a fact: a check-in that was undone, a mark on a list that
// was wrong. It finds the fact that stands by kind, activity, subject and day,
// or without a day the latest, and writes beside it, with the same day and
// profile, that it did not happen: whichever period is asked for holds both or
// neither. found is false when no such fact stands; then nothing is written.
func Retract(ctx context.Context, tx *storage.Tx, kind Kind, activity, subject storage.ID, day Day) (found bool, err error) {
	list, err := storage.All(ctx, tx, scanFact, `SELECT `+factColumns+`
		FROM fact
		WHERE kind = $1 AND activity_id IS NOT DISTINCT FROM $2 AND subject = $3 AND ($4 = '' OR day = $4)`,
		string(kind), activity, subject, string(day))
	if err != nil {
		return false, err
	}
	stand := standing(pointers(list))
	if len(stand) == 0 {
		return false, nil
	}
	f := *stand[len(stand)-1]
	f.Value = -max(f.Value, 1)
	return true, Record(ctx, tx, f)
}

func pointers(list []Fact) []*Fact {
	out := make([]*Fact, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}
