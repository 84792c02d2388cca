package review

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Erase forgets that somebody wrote notes as staff. What was written of her goes with her
// applications.
func Erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, q := range []string{
		`UPDATE application_note SET by_person = NULL WHERE by_person = $1`,
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
	type kept struct {
		Activity string
		Notes    []noted  `json:",omitempty"`
		Tags     []string `json:",omitempty"`
	}
	var out []kept
	for _, app := range apps {
		k := kept{Activity: app.Activity.String()}
		if a, err := m.ActivityByID(ctx, tx, app.Activity); err == nil {
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
		if len(k.Notes)+len(k.Tags) > 0 {
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
	}
}
