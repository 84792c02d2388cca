package selection

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Erase forgets what somebody decided as staff. What was decided on her goes with her
// applications: her lots stay, as nobody's.
func Erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, q := range []string{
		`UPDATE selection_rules SET changed_by = NULL WHERE changed_by = $1`,
		`UPDATE selection_draw SET by_person = NULL WHERE by_person = $1`,
		`UPDATE selection_mark SET by_person = NULL WHERE by_person = $1`,
		`UPDATE selection_step SET by_person = NULL WHERE by_person = $1`,
		`DELETE FROM selection_ask WHERE by_person = $1`,
	} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	return nil
}

// Export gives a person what was drawn and decided on her, once it was told.
func (m *Service) Export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	apps, err := seats.ApplicationsBy(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	type kept struct {
		Activity string
		Lot      int     `json:",omitempty"`
		Chance   float64 `json:",omitempty"`
		Seed     string  `json:",omitempty"`
		Place    int     `json:",omitempty"`
		Put      Put     `json:",omitempty"`
		Reason   string  `json:",omitempty"`
		At       string  `json:",omitempty"`
	}
	var out []kept
	for _, app := range apps {
		name := app.Activity.String()
		if a, err := m.ActivityByID(ctx, tx, app.Activity); err == nil {
			name = a.Slug
		} else if !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		marks, err := m.MarksOf(ctx, tx, app)
		if err == nil {
			marks, err = told(ctx, tx, app, marks)
		}
		if err != nil {
			return nil, err
		}
		for _, v := range marks {
			out = append(out, kept{Activity: name, Put: v.Put, Reason: v.Reason, At: v.At.Format("2006-01-02T15:04:05Z")})
		}
		e, is, err := m.Explain(ctx, tx, app)
		if err != nil {
			return nil, err
		}
		if is && e.Lot > 0 {
			out = append(out, kept{Activity: name, Lot: e.Lot, Chance: e.Chance, Seed: e.Draw.Seed, Place: e.Place, At: e.Draw.At.Format("2006-01-02T15:04:05Z")})
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return map[string]any{"selections": out}, nil
}

// Reads tells how the codes of Export are read (module.Manifest.Reads).
func Reads() map[string]string {
	return map[string]string{
		"selections:": "seminars.kept.selections", "selections.Put": "seminars.selection.put.",
		"selections.Lot:": "seminars.kept.lot", "selections.Chance:": "seminars.kept.chance", "selections.Seed:": "seminars.kept.seed",
		"selections.Place:": "seminars.kept.place", "selections.Put:": "seminars.kept.put", "selections.Reason:": "seminars.kept.reason",
	}
}
