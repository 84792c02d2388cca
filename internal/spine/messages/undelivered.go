package messages

import (
	"context"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// Undelivered is the last message about an activity that did not arrive at somebody, when
// none arrived since.
type Undelivered struct {
	State, Reason string // as of the message
	At            time.Time
}

// Words say why it did not arrive, without the codes of servers.
func (u Undelivered) Words(r *web.Request) string {
	return explain(r, message{State: u.State, Reason: u.Reason}, true)
}

// UndeliveredAt gives, for each of some activities, to whom the last message about it did not
// arrive: nobody took it, the answer was lost, there is neither an address nor a chat, or it is a
// text message that may not leave today.
func UndeliveredAt(ctx context.Context, tx *storage.Tx, activities []storage.ID) (map[storage.ID]map[storage.ID]Undelivered, error) {
	out := map[storage.ID]map[storage.ID]Undelivered{}
	if len(activities) == 0 {
		return out, nil
	}
	places, args := make([]string, len(activities)), make([]any, len(activities))
	for i, id := range activities {
		places[i], args[i] = "$"+strconv.Itoa(i+1), id
	}
	type row struct {
		activity, person storage.ID
		Undelivered
	}
	list, err := storage.All(ctx, tx, func(scan storage.Scanner) (r row, err error) {
		var at int64
		err = scan.Scan(&r.activity, &r.person, &r.State, &r.Reason, &at)
		r.At = storage.Instant(at)
		return r, err
	}, `SELECT m.activity_id, m.person_id, m.state, m.reason, m.moved_at
		FROM message m
		WHERE m.activity_id IN (`+strings.Join(places, ", ")+`)
			AND (m.state IN ('failed', 'unsure') OR m.state = 'skipped' AND m.reason = 'no_address' OR m.state = 'waiting' AND m.reason IN (`+held+`))
			AND NOT EXISTS (SELECT 1
				FROM message later
				WHERE later.person_id = m.person_id AND later.activity_id = m.activity_id
					AND later.state = 'sent' AND later.moved_at >= m.moved_at)
		ORDER BY m.moved_at, m.id`, args...)
	for _, r := range list {
		if out[r.activity] == nil {
			out[r.activity] = map[storage.ID]Undelivered{}
		}
		out[r.activity][r.person] = r.Undelivered
	}
	return out, err
}
