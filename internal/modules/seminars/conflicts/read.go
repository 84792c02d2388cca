package conflicts

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// MostRead is how many scans of one door are compared. A day with 500 people has about 1,500.
const MostRead = 20_000

// mostWalkedIn is how many of those who came without an application are compared with the others.
const mostWalkedIn = people.MostAsked

// List is what contradicts at one door.
type List struct {
	Conflicts []Conflict
	More      bool // the door has more scans than are compared
}

// UndoFor is for how long a decision can be taken back.
const UndoFor = 15 * time.Minute

// Decision is what was decided of a conflict.
type Decision struct {
	ID, Activity, Subject  storage.ID
	Application, Other, By storage.ID // zero for nobody; By also once she is erased
	Kind                   Kind
	Choice                 Choice
	Extra                  bool // an extra seat was given or taken by it
	At, Back               time.Time
	reason                 []byte
}

// Returns reports whether it can still be taken back.
func (d Decision) Returns(now time.Time) bool {
	return d.Back.IsZero() && now.Before(d.At.Add(UndoFor))
}

// All gives what contradicts at the door of an activity and was not decided, the oldest first.
func (m *Module) All(ctx context.Context, tx *storage.Tx, a seats.Activity) (out List, err error) {
	scans, more, err := readScans(ctx, tx, a.ID, m.mostRead())
	if err != nil {
		return out, err
	}
	decisions, err := standing(ctx, tx, a.ID)
	if err != nil {
		return out, err
	}
	walked, err := m.walkedIn(ctx, tx, a.ID, decisions)
	if err != nil {
		return out, err
	}
	out = List{append(find(a, scans, decisions), walked...), more}
	slices.SortStableFunc(out.Conflicts, inOrder)
	return out, nil
}

// Count is how many conflicts wait at the door of an activity.
func (m *Module) Count(ctx context.Context, tx *storage.Tx, a seats.Activity) (int, error) {
	list, err := m.All(ctx, tx, a)
	return len(list.Conflicts), err
}

func (m *Module) mostRead() int {
	if m.Most > 0 {
		return m.Most
	}
	return MostRead
}

const readingColumns = `s.id, s.device, s.nonce, CASE WHEN s.kind = 'undo' THEN s.code ELSE '' END, s.application_id, s.kind, s.result, s.reason,
		s.at, s.received_at, s.valid, s.given, COALESCE(a.state, ''), COALESCE(c.state, '')
	FROM scan s
	LEFT JOIN application a ON a.id = s.application_id
	LEFT JOIN came_from c ON c.application_id = s.application_id`

func scanReading(row storage.Scanner) (r Reading, err error) {
	err = row.Scan(&r.ID, &r.Device, &r.Nonce, &r.Undoes, &r.Application, &r.Kind, &r.Result, &r.Reason, &r.At, &r.Received, &r.Valid, &r.Given, &r.state, &r.from)
	return r, err
}

// readScans are the scans of a door as they arrived; of more than most, the first.
func readScans(ctx context.Context, tx *storage.Tx, activity storage.ID, most int) (list []Reading, more bool, err error) {
	list, err = storage.All(ctx, tx, scanReading, `SELECT `+readingColumns+`
		WHERE s.activity_id = $1
		ORDER BY s.received_at, s.id
		LIMIT $2`, activity, most+1)
	if len(list) > most {
		list, more = list[:most], true
	}
	return list, more, err
}

const decisionColumns = `id, activity_id, kind, subject, application_id, other, choice, extra, reason, by_person, at, back_at
	FROM door_decision`

func scanDecision(row storage.Scanner) (d Decision, err error) {
	var at, back int64
	err = row.Scan(&d.ID, &d.Activity, &d.Kind, &d.Subject, &d.Application, &d.Other, &d.Choice, &d.Extra, &d.reason, &d.By, &at, &back)
	d.At = storage.Instant(at)
	if back != 0 {
		d.Back = storage.Instant(back)
	}
	return d, err
}

// standing are the decisions on an activity that were not taken back.
func standing(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]Decision, error) {
	return storage.All(ctx, tx, scanDecision, `SELECT `+decisionColumns+`
		WHERE activity_id = $1 AND back_at = 0
		ORDER BY at, id`, activity)
}

// MostShown is how many decisions a page lists, the last ones.
const MostShown = 30

// lastDecisions are those that were made last, also what was taken back.
func lastDecisions(ctx context.Context, tx *storage.Tx, activity storage.ID) (list []Decision, more bool, err error) {
	list, err = storage.All(ctx, tx, scanDecision, `SELECT `+decisionColumns+`
		WHERE activity_id = $1
		ORDER BY at DESC, id DESC
		LIMIT $2`, activity, MostShown+1)
	if len(list) > MostShown {
		list, more = list[:MostShown], true
	}
	return list, more, err
}

func decisionOf(ctx context.Context, tx *storage.Tx, activity, id storage.ID) (d Decision, there bool, err error) {
	d, err = storage.One(ctx, tx, scanDecision, `SELECT `+decisionColumns+`
		WHERE id = $1 AND activity_id = $2`, id, activity)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	return d, err == nil, err
}

// pairOf names two applications that may be of one person, whichever stands first.
func pairOf(a, b storage.ID) (id storage.ID) {
	if bytes.Compare(a[:], b[:]) > 0 {
		a, b = b, a
	}
	sum := sha256.Sum256(slices.Concat(a[:], b[:]))
	copy(id[:], sum[:])
	return id
}

// walkedIn are those who came without an application and may be somebody who has one: by what
// the room of people takes for one person.
func (m *Module) walkedIn(ctx context.Context, tx *storage.Tx, activity storage.ID, decisions []Decision) (out []Conflict, err error) {
	type row struct {
		app, person storage.ID
		made        int64
		state       seats.State
	}
	scan := func(s storage.Scanner) (r row, err error) {
		err = s.Scan(&r.app, &r.person, &r.made, &r.state)
		return r, err
	}
	walked, err := storage.All(ctx, tx, scan, `SELECT a.id, a.person_id, a.made_at, a.state
		FROM application a
		WHERE a.activity_id = $1 AND EXISTS (SELECT 1 FROM application_move v WHERE v.application_id = a.id AND v.why = 'seminars.why.walk_in')
		ORDER BY a.made_at, a.id
		LIMIT $2`, activity, mostWalkedIn)
	if err != nil || len(walked) == 0 {
		return nil, err
	}
	ids, by := make([]storage.ID, len(walked)), map[storage.ID]row{}
	for i, r := range walked {
		ids[i], by[r.person] = r.person, r
	}
	pairs, err := m.People.DuplicatesOfAny(ctx, tx, ids)
	if err != nil || len(pairs) == 0 {
		return nil, err
	}
	all, err := storage.All(ctx, tx, scan, `SELECT id, person_id, made_at, state
		FROM application
		WHERE activity_id = $1`, activity)
	if err != nil {
		return nil, err
	}
	of := map[storage.ID]row{}
	for _, r := range all {
		of[r.person] = r
	}
	decided := map[storage.ID]bool{}
	for _, d := range decisions {
		if d.Kind == WalkedIn {
			decided[d.Subject] = true
		}
	}
	for _, p := range pairs {
		a, b := by[p.A.ID], of[p.B.ID]
		id := pairOf(a.app, b.app)
		if a.app.IsZero() || b.app.IsZero() || decided[id] {
			continue
		}
		decided[id] = true // of two who both walked in the pair is found twice
		if _, both := by[p.B.ID]; both && a.made < b.made {
			a, b = b, a
		}
		out = append(out, Conflict{
			Kind: WalkedIn, Subject: id, Application: a.app, Other: b.app, State: b.state,
			Readings: []Reading{{Application: a.app, Kind: "in", At: a.made, Received: a.made}},
		})
	}
	return out, nil
}
