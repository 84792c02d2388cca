package materials

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// find finds materials by title and by the name of the file: those that the asker may read.
func (s *Service) find(ctx context.Context, tx *storage.Tx, r *web.Request, sought module.Sought) (out module.Found, err error) {
	list, err := storage.All(ctx, tx, scan, `SELECT `+columns+` FROM material ORDER BY changed_at DESC, id`)
	if err != nil {
		return out, err
	}
	for _, m := range list {
		if !sought.InText(m.Title, m.Name) {
			continue
		}
		if _, err := s.material(ctx, tx, r.Actor, m.ID); fault.Is(err, fault.NotFound) || fault.Is(err, fault.Unauthenticated) {
			continue
		} else if err != nil {
			return out, err
		}
		about := m.about(r)
		if !m.Activity.IsZero() {
			a, err := programme.ByID(ctx, tx, m.Activity)
			if err != nil {
				return out, err
			}
			about += ", " + a.Title.In(r.Lang) + a.AndDay(r.Lang)
		}
		out.Add(sought, module.Hit{Title: m.Title.In(r.Lang), Lang: m.Title.Written(r.Lang), About: about, Path: m.Path(), Saves: true})
	}
	return out, nil
}
