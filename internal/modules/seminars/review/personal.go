package review

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Merge makes what somebody wrote under one record that of another record of the same person. Of
// two scores of one application that of the record which stays counts; the other is nobody's.
func Merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	for _, q := range []string{
		`UPDATE application_note SET by_person = $2 WHERE by_person = $1`,
		`UPDATE review_rubric SET changed_by = $2 WHERE changed_by = $1`,
		`UPDATE review_score SET reviewer = $2
			WHERE reviewer = $1 AND NOT EXISTS (SELECT 1 FROM review_score o WHERE o.application_id = review_score.application_id AND o.reviewer = $2)`,
		`INSERT INTO review_opened (activity_id, person_id, at)
			SELECT activity_id, $2, at FROM review_opened WHERE person_id = $1
			ON CONFLICT (activity_id, person_id) DO NOTHING`,
	} {
		if _, err := tx.Exec(ctx, q, from, into); err != nil {
			return err
		}
	}
	for _, q := range []string{
		`UPDATE review_score SET reviewer = NULL WHERE reviewer = $1`,
		`DELETE FROM review_opened WHERE person_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, from); err != nil {
			return err
		}
	}
	return nil
}

// Erase forgets that somebody wrote notes as staff. What was written of her goes with her
// applications.
func Erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, q := range []string{
		`UPDATE application_note SET by_person = NULL WHERE by_person = $1`,
		`UPDATE review_rubric SET changed_by = NULL WHERE changed_by = $1`,
		`UPDATE review_score SET reviewer = NULL WHERE reviewer = $1`,
		`DELETE FROM review_opened WHERE person_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	return nil
}

// joined hears that one of two applications of a person goes: what was noted on it is noted
// on the other, and the tags of both are the other's, the first MostTags of them.
func (m *Service) joined(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE application_note SET application_id = $1 WHERE application_id = $2`, stays, goes); err != nil {
		return err
	}
	// Of two scores of one reviewer that of the application which stays counts.
	if _, err := tx.Exec(ctx, `UPDATE review_score SET application_id = $1
		WHERE application_id = $2 AND (reviewer IS NULL OR NOT EXISTS (SELECT 1 FROM review_score o WHERE o.application_id = $1 AND o.reviewer = review_score.reviewer))`, stays, goes); err != nil {
		return err
	}
	one, err := seats.ApplicationByID(ctx, tx, stays)
	if err != nil {
		return err
	}
	other, err := seats.ApplicationByID(ctx, tx, goes)
	if err != nil {
		return err
	}
	tags, err := m.TagsOf(ctx, tx, one)
	if err != nil {
		return err
	}
	more, err := m.TagsOf(ctx, tx, other)
	if err != nil || len(more) == 0 {
		return err
	}
	known := map[string]bool{}
	for _, t := range tags {
		known[TagKey(t)] = true
	}
	for _, t := range more {
		if !known[TagKey(t)] && len(tags) < MostTags {
			tags = append(tags, t)
		}
	}
	return m.keepTags(ctx, tx, one, tags)
}

// Export gives a person what was noted on her applications.
func (m *Service) Export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	apps, err := seats.ApplicationsBy(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	type noted struct{ Words, At string }
	type point struct {
		Criterion i18n.Text
		Points    int
		Of        int
	}
	type scored struct {
		Points []point
		Reason string
		At     string
	}
	type kept struct {
		Activity string
		Notes    []noted  `json:",omitempty"`
		Tags     []string `json:",omitempty"`
		Scores   []scored `json:",omitempty"` // of each reviewer; who they are is not hers
	}
	var out []kept
	for _, app := range apps {
		k := kept{Activity: app.Activity.String()}
		a, err := m.ActivityByID(ctx, tx, app.Activity)
		if err == nil {
			k.Activity = a.Slug
		} else if !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		notes, err := m.NotesOf(ctx, tx, app)
		if err != nil {
			return nil, err
		}
		for _, n := range notes {
			k.Notes = append(k.Notes, noted{n.Words, n.At.Format("2006-01-02T15:04:05Z")})
		}
		if k.Tags, err = m.TagsOf(ctx, tx, app); err != nil {
			return nil, err
		}
		if !undecided(app.State) && !a.ID.IsZero() {
			r, err := m.RubricOf(ctx, tx, a)
			if err != nil {
				return nil, err
			}
			scores, err := m.scoresOf(ctx, tx, app)
			if err != nil {
				return nil, err
			}
			for _, s := range scores {
				if s.Known {
					continue
				}
				one := scored{Reason: s.Reason, At: s.At.Format("2006-01-02T15:04:05Z")}
				for _, c := range r.Criteria {
					one.Points = append(one.Points, point{c.Name, s.Points[c.ID], c.Most})
				}
				k.Scores = append(k.Scores, one)
			}
		}
		if len(k.Notes)+len(k.Tags)+len(k.Scores) > 0 {
			out = append(out, k)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return map[string]any{"reviews": out}, nil
}

// Reads tells how the codes of Export are read (module.Manifest.Reads).
func Reads() map[string]string {
	return map[string]string{
		"reviews:": "seminars.kept.reviews", "reviews.Notes:": "seminars.kept.notes", "reviews.Tags:": "seminars.kept.tags",
		"reviews.Scores:": "seminars.kept.scores", "reviews.Scores.Points:": "seminars.kept.points", "reviews.Scores.Points.Criterion:": "seminars.kept.criterion",
		"reviews.Scores.Points.Points:": "seminars.kept.points", "reviews.Scores.Points.Of:": "seminars.kept.of", "reviews.Scores.Reason:": "seminars.kept.reason",
	}
}
