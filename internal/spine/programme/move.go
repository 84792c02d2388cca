package programme

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Move is that a published activity was moved to another day, hour or place.
type Move struct {
	ID, Activity storage.ID
	Was, Is      Meeting
	Began, At    time.Time // of the first change and of the last one that it holds
	Tells        time.Time // when those whom it concerns are told
	Told         time.Time // zero while that waits
}

// How long a move waits before people are told: changes within the wait are told as one.
const (
	// MoveWaits is how long after the last change.
	MoveWaits = 15 * time.Minute
	// moveWaitsMost is how long after the first change, however many follow.
	moveWaitsMost = time.Hour
)

// MoveShown is for how long everybody reads on the page of an activity that it was moved.
const MoveShown = 14 * 24 * time.Hour

// movesShown bounds how many moves a page shows.
const movesShown = 5

// tellsAt is when a move is told that began and was changed last at these moments. Who has to
// set out soon does not wait long: a quarter of what is left until the earlier of the two
// days at most. Whoever has time until then is not told at night (Goes).
func (n Night) tellsAt(began, at time.Time, was, is Meeting) time.Time {
	wait := MoveWaits
	for _, starts := range []time.Time{was.Starts, is.Starts} {
		if left := starts.Sub(at); !starts.IsZero() && left/4 < wait {
			wait = max(0, left/4)
		}
	}
	tells := at.Add(wait)
	if most := began.Add(moveWaitsMost); tells.After(most) {
		tells = most
	}
	if tells.Before(at) {
		tells = at
	}
	starts, ends := was.Starts, was.Ends // of the earlier of the two days, of those that it has
	if starts.IsZero() || !is.Starts.IsZero() && is.Starts.Before(starts) {
		starts, ends = is.Starts, is.Ends
	}
	return n.Goes(tells, starts, ends)
}

const moveColumns = `id, activity_id, was, became, began_at, moved_at, tell_at, told_at`

func scanMove(row storage.Scanner) (m Move, err error) {
	var was, is string
	var began, at, tells, told int64
	if err = row.Scan(&m.ID, &m.Activity, &was, &is, &began, &at, &tells, &told); err != nil {
		return m, err
	}
	m.Began, m.At, m.Tells = storage.Instant(began), storage.Instant(at), storage.Instant(tells)
	if told > 0 {
		m.Told = storage.Instant(told)
	}
	if err = json.Unmarshal([]byte(was), &m.Was); err == nil {
		err = json.Unmarshal([]byte(is), &m.Is)
	}
	return m, err
}

// MoveWaiting gives the move of an activity that is not told yet; ok is false for none.
func MoveWaiting(ctx context.Context, tx *storage.Tx, activity storage.ID) (m Move, ok bool, err error) {
	m, err = storage.One(ctx, tx, scanMove, `SELECT `+moveColumns+`
		FROM activity_move
		WHERE activity_id = $1 AND told_at = 0`, activity)
	if errors.Is(err, sql.ErrNoRows) {
		return Move{}, false, nil
	}
	return m, err == nil, err
}

// RecentMoves gives how an activity was moved within MoveShown, the latest first.
func RecentMoves(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]Move, error) {
	return storage.All(ctx, tx, scanMove, fmt.Sprintf(`SELECT `+moveColumns+`
		FROM activity_move
		WHERE activity_id = $1 AND moved_at > $2
		ORDER BY moved_at DESC, id DESC
		LIMIT %d`, movesShown), activity, storage.Micros(tx.Now.Add(-MoveShown)))
}

// MovesOfMany gives how some activities were moved, each the earliest first: also what is not
// told yet.
func MovesOfMany(ctx context.Context, tx *storage.Tx, activities []storage.ID) (map[storage.ID][]Move, error) {
	out := map[storage.ID][]Move{}
	for part := range slices.Chunk(activities, 500) {
		marks, args := make([]string, len(part)), make([]any, len(part))
		for i, id := range part {
			marks[i], args[i] = "$"+strconv.Itoa(i+1), id
		}
		list, err := storage.All(ctx, tx, scanMove, `SELECT `+moveColumns+`
			FROM activity_move
			WHERE activity_id IN (`+strings.Join(marks, ", ")+`)
			ORDER BY moved_at, id`, args...)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			out[m.Activity] = append(out[m.Activity], m)
		}
	}
	return out, nil
}

// People feel a change of day, hour or place of what they may come to.
func felt(before, after Activity, now time.Time) bool {
	return before.State == Published && after.State == Published && after.Kind != Publication && !after.Past(now) &&
		!before.Meeting().Same(after.Meeting())
}

// noteMove keeps that an activity was moved, for those who are told later and for its page.
// What is moved again before it was told is one move from the first place to the last; what
// is moved back is none.
func noteMove(ctx context.Context, tx *storage.Tx, night Night, before, after Activity) error {
	waiting, there, err := MoveWaiting(ctx, tx, after.ID)
	if err != nil {
		return err
	}
	was, is, began := before.Meeting(), after.Meeting(), tx.Now
	if there {
		was, began = waiting.Was, waiting.Began
	}
	ends := after.State != Published || after.Past(tx.Now)
	switch {
	case there && (ends || was.Same(is)):
		_, err := tx.Exec(ctx, `DELETE FROM activity_move WHERE id = $1`, waiting.ID)
		return err
	case !felt(before, after, tx.Now):
		return nil
	}
	wrote := func(m Meeting) string {
		raw, wrong := json.Marshal(m)
		err = errors.Join(err, wrong)
		return string(raw)
	}
	tells := night.tellsAt(began, tx.Now, was, is)
	first, last := wrote(was), wrote(is)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO activity_move (id, activity_id, was, became, began_at, moved_at, tell_at, told_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
		ON CONFLICT (activity_id) WHERE told_at = 0 DO UPDATE SET
			became = excluded.became, moved_at = excluded.moved_at, tell_at = excluded.tell_at`,
		tx.NewID(), after.ID, first, last, storage.Micros(began), storage.Micros(tx.Now), storage.Micros(tells)); err != nil {
		return err
	}
	return jobs.Enqueue(ctx, tx, jobs.Job{
		Kind: tellMoveKind, Payload: ofActivity{after.ID},
		Key: fmt.Sprintf("%s/%d", after.ID, storage.Micros(tells)), After: tells,
	})
}

const tellMoveKind = "programme.tell_move"

type ofActivity struct {
	Activity storage.ID `json:"activity"`
}

// TellMove lets the modules tell whom it concerns that an activity was moved, when its wait
// is over; each move is told once. Nothing happens when it waits longer since it was moved
// again, was moved back, or the activity is cancelled, over or gone.
func (s *Service) TellMove(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	a, err := toChange(ctx, tx, activity)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	m, there, err := MoveWaiting(ctx, tx, activity)
	if err != nil || !there || m.Tells.After(tx.Now) {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE activity_move SET told_at = $2 WHERE id = $1 AND told_at = 0`, m.ID, storage.Micros(tx.Now)); err != nil {
		return err
	}
	if s.moved == nil || a.State != Published || a.Past(tx.Now) {
		return nil
	}
	m.Told = tx.Now
	return s.moved(ctx, tx, a, m)
}

// Jobs are what the room does later.
func (s *Service) Jobs() []jobs.Kind {
	return []jobs.Kind{{
		Name: tellMoveKind, Text: "programme.job.tell_move", Lane: jobs.Light, Limit: 2 * time.Minute, Attempts: 10,
		Do: func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
			var of ofActivity
			if err := json.Unmarshal(payload, &of); err != nil {
				return fmt.Errorf("read the job: %w", err)
			}
			return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return s.TellMove(ctx, tx, of.Activity) })
		},
	}}
}
