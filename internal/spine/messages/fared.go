package messages

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// FaredAt counts how the messages of an activity fared whose keys begin alike: those that
// arrived, as far as anybody knows, those that are still on their way, and those that did not
// reach their reader, by why.
func FaredAt(ctx context.Context, tx *storage.Tx, activity storage.ID, beginning string) (arrived, underWay int, failed map[string]int, err error) {
	type row struct {
		state, reason string
		count         int
	}
	list, err := storage.All(ctx, tx, func(scan storage.Scanner) (r row, err error) {
		err = scan.Scan(&r.state, &r.reason, &r.count)
		return r, err
	}, `SELECT state, CASE WHEN state = 'sent' THEN '' ELSE reason END, COUNT(*)
		FROM message
		WHERE activity_id = $1 AND substr(dedupe, 1, $2) = $3 AND state <> 'cancelled'
		GROUP BY 1, 2`, activity, len(beginning), beginning)
	failed = map[string]int{}
	for _, r := range list {
		switch {
		case r.state == Sent:
			arrived += r.count
		case r.state == Waiting || r.state == Sending:
			underWay += r.count
		case r.reason == reasonErased: // nobody is there who could be reached
		case r.reason == reasonNoAddress:
			failed["no_address"] += r.count
		case r.state == Unsure:
			failed["unsure"] += r.count
		default:
			failed["refused"] += r.count
		}
	}
	return arrived, underWay, failed, err
}
