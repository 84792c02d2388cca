package next

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

const (
	notice      = "next.open"
	stopPurpose = "next.stop" // of the link in a message
)

const (
	// every is how often it is looked for what has opened.
	every = 15 * time.Minute
	// MostAWeek is how many of these messages somebody gets in seven days; what opens beyond
	// that is told later, as long as it is open.
	MostAWeek = 2
	// mostAtOnce bounds the messages of one activity in one run; the next run goes on.
	mostAtOnce = 500
)

func (m *Module) jobs() []jobs.Kind {
	return []jobs.Kind{{Name: "next.look", Text: "next.job.look", Lane: jobs.Light, Limit: 2 * time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
		return store.Write(ctx, m.Look)
	}}}
}

// planLook asks for the next look.
func planLook(ctx context.Context, tx *storage.Tx) error {
	at := tx.Now.Truncate(every).Add(every)
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: "next.look", Payload: struct{}{}, Key: fmt.Sprint(at.Unix()), After: at})
}

// Look tells of what has opened whoever asked for it there, was not told, has not applied and
// got fewer than MostAWeek in a week; and asks for the next look while anybody waits.
func (m *Module) Look(ctx context.Context, tx *storage.Tx) error {
	var wishes int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM next_wish`).Scan(&wishes); err != nil || wishes == 0 {
		return err
	}
	open, err := m.open(ctx, tx)
	if err != nil {
		return err
	}
	for _, a := range open {
		list, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
			err = row.Scan(&id)
			return id, err
		}, `SELECT w.person_id
			FROM next_wish w
			WHERE w.city = $1 AND w.kind IN ($2, $3)
				AND NOT EXISTS (SELECT 1 FROM next_told t WHERE t.person_id = w.person_id AND t.activity_id = $4)
				AND NOT EXISTS (SELECT 1 FROM application p WHERE p.person_id = w.person_id AND p.activity_id = $4)
				AND (SELECT COUNT(*) FROM next_told t WHERE t.person_id = w.person_id AND t.at > $5) < $6
			ORDER BY w.made_at, w.person_id
			LIMIT $7`, a.City, AnyKind, a.Kind, a.ID, storage.Micros(tx.Now.AddDate(0, 0, -7)), MostAWeek, mostAtOnce)
		if err != nil {
			return err
		}
		for _, person := range list {
			if err := m.tell(ctx, tx, person, a); err != nil {
				return err
			}
		}
	}
	return planLook(ctx, tx)
}

func (m *Module) mark(ctx context.Context, tx *storage.Tx, person, activity storage.ID) (bool, error) {
	if m.Mark != nil {
		return m.Mark(ctx, tx, person, activity)
	}
	n, err := tx.Exec(ctx, `INSERT INTO next_told (person_id, activity_id, at)
		VALUES ($1, $2, $3)
		ON CONFLICT (person_id, activity_id) DO NOTHING`, person, activity, storage.Micros(tx.Now))
	return n == 1, err
}

// tell writes to one, once for each activity. The link of the message leads to the activity, and
// to the button that stops these messages.
func (m *Module) tell(ctx context.Context, tx *storage.Tx, person storage.ID, a seats.Activity) error {
	first, err := m.mark(ctx, tx, person, a.ID)
	if err != nil || !first || m.Messages == nil {
		return err
	}
	token, err := m.People.NewLink(ctx, tx, people.Link{Person: person, Purpose: stopPurpose, Ref: a.ID, Until: seats.LinkStays(a, tx.Now)})
	if err != nil {
		return err
	}
	until := a.Starts
	if !a.Deadline.IsZero() {
		until = a.Deadline
	}
	return m.Messages.Send(ctx, tx, messages.Notice{
		To: person, Kind: notice, Path: "/next/" + token, Activity: a.ID, Until: until,
		Args: map[string]any{"activity": a.Title, "when": a.Starts}, After: m.Service.Goes(tx.Now, a),
	})
}
