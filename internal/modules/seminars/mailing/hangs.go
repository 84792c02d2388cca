package mailing

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// Hangs are the mailings of an activity that wait for their hour. They stay at it whatever day
// the activity moves to.
func Hangs(ctx context.Context, tx *storage.Tx, a seats.Activity) ([]programme.Moment, error) {
	list, err := storage.All(ctx, tx, scan, `SELECT `+columns+` FROM mailing
		WHERE activity_id = $1 AND state = 'waiting'
		ORDER BY due_at, id`, a.ID)
	var out []programme.Moment
	for _, v := range list {
		out = append(out, programme.Moment{Key: "seminars.hangs.mailing", Args: []any{"subject", v.Words.Subject}, Was: v.Due, Is: v.Due})
	}
	return out, err
}
