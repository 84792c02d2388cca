package messages

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Tally is how many messages of one kind about one activity there are, by what became of them.
type Tally struct {
	Sent, Waiting, Missed int       // Missed: failed, doubtful, or nothing reaches her
	Last                  time.Time // when the last one was sent, zero for none
}

// TallyOf counts the messages of an activity of each kind. Those that were stopped count not.
func (s *Service) TallyOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[string]Tally, error) {
	return tally(ctx, tx, `SELECT kind, state, COUNT(*), MAX(moved_at)
		FROM message
		WHERE activity_id = $1 AND state <> 'cancelled'
		GROUP BY kind, state`, activity)
}

// TallyUnder is TallyOf for the messages of one kind whose keys end alike; the ending holds no
// place for others ("%", "_").
func (s *Service) TallyUnder(ctx context.Context, tx *storage.Tx, activity storage.ID, kind, ending string) (Tally, error) {
	all, err := tally(ctx, tx, `SELECT kind, state, COUNT(*), MAX(moved_at)
		FROM message
		WHERE activity_id = $1 AND state <> 'cancelled' AND kind = $2 AND dedupe LIKE $3
		GROUP BY kind, state`, activity, kind, "%"+ending)
	return all[kind], err
}

func tally(ctx context.Context, tx *storage.Tx, query string, args ...any) (map[string]Tally, error) {
	out := map[string]Tally{}
	_, err := storage.All(ctx, tx, func(row storage.Scanner) (kind string, err error) {
		var state string
		var n int
		var moved int64
		if err = row.Scan(&kind, &state, &n, &moved); err != nil {
			return kind, err
		}
		t := out[kind]
		switch state {
		case Sent:
			t.Sent += n
			t.Last = storage.Instant(moved)
		case Waiting, Sending:
			t.Waiting += n
		default:
			t.Missed += n
		}
		out[kind] = t
		return kind, nil
	}, query, args...)
	return out, err
}
