package newsroom

import (
	"context"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// besideActivity is how many releases the page of an activity shows.
const besideActivity = 5

// panels shows what was published about an activity on its page, whatever its kind.
func (m *Module) panels() map[string]module.Panel {
	out := map[string]module.Panel{}
	for _, kind := range []string{programme.Seminar, programme.Discussion, programme.Brainstorm, programme.Coworking, programme.Publication} {
		out[kind] = m.panel
	}
	return out
}

func (m *Module) panel(ctx context.Context, tx *storage.Tx, r *web.Request, a programme.Activity) (templ.Component, error) {
	list, err := storage.All(ctx, tx, scan, `SELECT `+columns+` FROM news_release
		WHERE activity_id = $1 AND state = 'published'
		ORDER BY published_at DESC, id
		LIMIT $2`, a.ID, besideActivity)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return about(r, list), nil
}
