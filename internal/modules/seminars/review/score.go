package review

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Bounds of scores.
const (
	LongestReason = 1000 // letters
	MostChanges   = 30   // of one score
)

// Score is what a reviewer gave an application.
type Score struct {
	ID      storage.ID
	Points  map[string]int // by criterion
	Reason  string
	Known   bool // the reviewer knows the person, and gives nothing
	Version int64
	At      time.Time // when it was last changed

	app, reviewer storage.ID
	box           []byte
}

// Total is the sum of its points.
func (s Score) Total() (n int) {
	for _, p := range s.Points {
		n += p
	}
	return n
}

// Give is a reviewer's score of an application.
type Give struct {
	Actor    may
	Activity storage.ID
	Number   string
	Points   map[string]int // by criterion
	Reason   string
	Known    bool  // instead: I know this person
	Version  int64 // of the own score that is changed, 0 for the first
}

// Give keeps it; what it was before is kept beside it. It may be changed until the person is
// told what was decided. With the first score of an activity its rubric is frozen.
//
// Faults: Forbidden; NotFound when nothing with the number waits to be decided; Invalid with a
// fault at each wrong field; Conflict without a rubric, when the own score is not as it was
// seen, after MostChanges, and for who has looked at the scores of others.
func (m *Service) Give(ctx context.Context, tx *storage.Tx, cmd Give) error {
	q, err := m.QueueOf(ctx, tx, cmd.Actor, cmd.Activity)
	if err != nil {
		return err
	}
	if q.Rubric.Version == 0 {
		return fault.New(fault.Conflict, "seminars.review.fault.no_rubric")
	}
	item, err := q.find(cmd.Number)
	if err != nil {
		return err
	}
	if q.Opened {
		return fault.New(fault.Conflict, "seminars.review.fault.opened")
	}
	app, err := m.stays(ctx, tx, item.app)
	if err != nil {
		return err
	}
	s := Score{Points: map[string]int{}, Known: cmd.Known}
	if !cmd.Known {
		if s, err = given(q.Rubric, cmd); err != nil {
			return err
		}
	}
	points, err := json.Marshal(s.Points)
	if err != nil {
		return err
	}
	var reason any
	if s.Reason != "" {
		if reason, err = m.People.Seal(ctx, tx, app.Person, []byte(s.Reason)); err != nil {
			return err
		}
	}
	if !cmd.Known { // who knows her scores by nothing
		if err := freeze(ctx, tx, cmd.Activity, q.Rubric); err != nil {
			return err
		}
	}
	own, err := scoresBy(ctx, tx, cmd.Activity, cmd.Actor.Person)
	if err != nil {
		return err
	}
	before, is := own[app.ID]
	if before.Version != cmd.Version {
		return fault.New(fault.Conflict, "seminars.review.fault.changed")
	}
	if before.Version > MostChanges {
		return fault.New(fault.Conflict, "seminars.review.fault.changes", fault.Args{"count": MostChanges})
	}
	if m.Giving != nil {
		m.Giving()
	}
	if !is {
		_, err := tx.Exec(ctx, `INSERT INTO review_score (id, application_id, reviewer, points, reason, known, version, at, changed_at)
			VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)`, tx.NewID(), app.ID, cmd.Actor.Person, string(points), reason, s.Known, storage.Micros(tx.Now))
		if storage.IsUnique(err) {
			return fault.New(fault.Conflict, "seminars.review.fault.changed")
		}
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO review_score_past (score_id, version, points, reason, known, at)
		SELECT id, version, points, reason, known, changed_at FROM review_score WHERE id = $1 AND version = $2`, before.ID, before.Version); err != nil {
		if storage.IsUnique(err) {
			return fault.New(fault.Conflict, "seminars.review.fault.changed")
		}
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE review_score
		SET points = $3, reason = $4, known = $5, version = version + 1, changed_at = $6
		WHERE id = $1 AND version = $2`, before.ID, before.Version, string(points), reason, s.Known, storage.Micros(tx.Now))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "seminars.review.fault.changed")
	}
	return err
}

// given judges the points and the reason.
func given(r Rubric, cmd Give) (Score, error) {
	var f fault.Form
	s := Score{Points: map[string]int{}}
	for i, c := range r.Criteria {
		p, told := cmd.Points[c.ID]
		f.Check(told && p >= 0 && p <= c.Most, Field("points", i), "forms.fault.range", fault.Args{"min": 0, "max": c.Most})
		s.Points[c.ID] = p
	}
	if len(cmd.Points) > len(s.Points) {
		return s, fault.New(fault.Conflict, "seminars.review.fault.rubric")
	}
	var err error
	s.Reason, err = written("reason", cmd.Reason, LongestReason)
	f.Join(err)
	return s, f.Err()
}

// stays holds the state of an application until the transaction ends, together with others who
// hold it; whoever decides on it waits.
func (m *Service) stays(ctx context.Context, tx *storage.Tx, app seats.Application) (seats.Application, error) {
	if tx.Dialect() == storage.PostgreSQL {
		if _, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) { err = row.Scan(&id); return id, err }, `SELECT id FROM application WHERE id = $1 FOR SHARE`, app.ID); err != nil {
			return app, err
		}
	}
	app, err := seats.ApplicationByID(ctx, tx, app.ID)
	if err == nil && !undecided(app.State) {
		err = fault.New(fault.NotFound, "seminars.review.fault.number")
	}
	return app, err
}

// freeze notes that a score was given by a rubric, as it was read.
func freeze(ctx context.Context, tx *storage.Tx, activity storage.ID, r Rubric) error {
	if r.Frozen {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE review_rubric SET frozen_at = $3 WHERE activity_id = $1 AND version = $2 AND frozen_at = 0`, activity, r.Version, storage.Micros(tx.Now))
	if err != nil || n == 1 {
		return err
	}
	same := 0
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM review_rubric WHERE activity_id = $1 AND version = $2 AND frozen_at > 0`, activity, r.Version).Scan(&same); err != nil {
		return err
	}
	if same == 0 {
		return fault.New(fault.Conflict, "seminars.review.fault.rubric")
	}
	return nil
}

const scoreColumns = `s.id, s.application_id, s.reviewer, s.points, s.reason, s.known, s.version, s.changed_at`

func scanScore(row storage.Scanner) (s Score, err error) {
	var points string
	var at int64
	err = row.Scan(&s.ID, &s.app, &s.reviewer, &points, &s.box, &s.Known, &s.Version, &at)
	s.At = storage.Instant(at)
	return s, errors.Join(err, json.Unmarshal([]byte(points), &s.Points))
}

// scoresBy gives the scores that somebody gave at an activity, by application, without reasons.
func scoresBy(ctx context.Context, tx *storage.Tx, activity, reviewer storage.ID) (map[storage.ID]Score, error) {
	list, err := storage.All(ctx, tx, scanScore, `SELECT `+scoreColumns+`
		FROM review_score s
		JOIN application a ON a.id = s.application_id
		WHERE a.activity_id = $1 AND s.reviewer = $2`, activity, reviewer)
	out := map[storage.ID]Score{}
	for _, s := range list {
		out[s.app] = s
	}
	return out, err
}

// scoresOf gives all scores of an application with their reasons, the first first.
func (m *Service) scoresOf(ctx context.Context, tx *storage.Tx, app seats.Application) ([]Score, error) {
	list, err := storage.All(ctx, tx, scanScore, `SELECT `+scoreColumns+`
		FROM review_score s
		WHERE s.application_id = $1
		ORDER BY s.at, s.id`, app.ID)
	if err != nil {
		return nil, err
	}
	for i, s := range list {
		if len(s.box) == 0 {
			continue
		}
		plain, err := m.People.Unseal(ctx, tx, app.Person, s.box)
		if err != nil {
			return nil, err
		}
		list[i].Reason = string(plain)
	}
	return list, nil
}
