package review

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Standing is how an application stands by its scores. It weighs in no draw.
type Standing struct {
	Reviews      int
	Mean, Median float64 // of the sums of points; of at least one review
	Disagree     bool    // see disagree
}

// disagree reports whether reviewers are apart: at one criterion the highest and the lowest
// points differ by half of its scale or more.
func disagree(r Rubric, scores []Score) bool {
	for _, c := range r.Criteria {
		if len(scores) == 0 {
			return false
		}
		least, most := scores[0].Points[c.ID], scores[0].Points[c.ID]
		for _, s := range scores {
			least, most = min(least, s.Points[c.ID]), max(most, s.Points[c.ID])
		}
		if 2*(most-least) >= c.Most {
			return true
		}
	}
	return false
}

func standing(r Rubric, scores []Score) (s Standing) {
	if s.Reviews = len(scores); s.Reviews == 0 {
		return s
	}
	totals := make([]int, len(scores))
	for i, one := range scores {
		totals[i] = one.Total()
		s.Mean += float64(totals[i]) / float64(len(scores))
	}
	slices.Sort(totals)
	n := len(totals)
	s.Median = float64(totals[(n-1)/2]+totals[n/2]) / 2
	s.Disagree = disagree(r, scores)
	return s
}

// Standings gives how the applications to an activity stand, for who selects there and has
// opened the scores; of the others none. opened says which.
//
// Faults: Forbidden.
func (m *Service) Standings(ctx context.Context, tx *storage.Tx, actor may, a seats.Activity) (r Rubric, of map[storage.ID]Standing, opened bool, err error) {
	if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return r, nil, false, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if r, err = m.RubricOf(ctx, tx, a); err != nil || r.Version == 0 {
		return r, nil, false, err
	}
	if opened, err = Opened(ctx, tx, a.ID, actor.Person); err != nil || !opened {
		return r, nil, false, err
	}
	list, err := storage.All(ctx, tx, scanScore, `SELECT `+scoreColumns+`
		FROM review_score s
		JOIN application a ON a.id = s.application_id
		WHERE a.activity_id = $1 AND NOT s.known`, a.ID)
	by := map[storage.ID][]Score{}
	for _, s := range list {
		by[s.app] = append(by[s.app], s)
	}
	of = map[storage.ID]Standing{}
	for app, scores := range by {
		of[app] = standing(r, scores)
	}
	return r, of, true, err
}

// ScoresOf gives the scores of one application without reviewers, for who selects there and has
// opened the scores; to the others none.
//
// Faults: Forbidden.
func (m *Service) ScoresOf(ctx context.Context, tx *storage.Tx, actor may, a seats.Activity, app seats.Application) ([]Score, error) {
	if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return nil, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if opened, err := Opened(ctx, tx, a.ID, actor.Person); err != nil || !opened {
		return nil, err
	}
	all, err := m.scoresOf(ctx, tx, app)
	all = slices.DeleteFunc(all, func(s Score) bool { return s.Known })
	for i := range all {
		all[i].reviewer = storage.ID{}
	}
	return all, err
}

// Open lets somebody who selects look at the scores of all; from then on she gives none there,
// and changes none.
//
// Faults: Forbidden.
func (m *Service) Open(ctx context.Context, tx *storage.Tx, actor may, activity storage.ID) error {
	a, err := m.ActivityByID(ctx, tx, activity)
	if err != nil {
		return err
	}
	if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	_, err = tx.Exec(ctx, `INSERT INTO review_opened (activity_id, person_id, at)
		VALUES ($1, $2, $3)
		ON CONFLICT (activity_id, person_id) DO NOTHING`, a.ID, actor.Person, storage.Micros(tx.Now))
	return err
}

// Opened reports whether somebody has looked at the scores of an activity.
func Opened(ctx context.Context, tx *storage.Tx, activity, person storage.ID) (bool, error) {
	n := 0
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM review_opened WHERE activity_id = $1 AND person_id = $2`, activity, person).Scan(&n)
	return n > 0, err
}

// Progress is how far a review is.
type Progress struct {
	Applications int // that are still to be decided on
	Reviewed     int // of those, with a score at least
	Scores       int
}

// ProgressOf counts it, for who selects. It tells nobody's points.
func ProgressOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (p Progress, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(DISTINCT a.id), COUNT(DISTINCT s.application_id), COUNT(s.id)
		FROM application a
		LEFT JOIN review_score s ON s.application_id = a.id AND NOT s.known
		WHERE a.activity_id = $1 AND a.state IN ('applied', 'shortlisted')`, activity).Scan(&p.Applications, &p.Reviewed, &p.Scores)
	return p, err
}
