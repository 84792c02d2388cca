package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

// find finds releases by the words of their titles in any language, for who may write
// where they lie.
func (m *Module) find(ctx context.Context, tx *storage.Tx, r *web.Request, sought module.Sought) (out module.Found, err error) {
	list, err := m.hers(ctx, tx, r.Actor)
	if err != nil {
		return out, err
	}
	for _, one := range list {
		if !sought.InText(one.Texts.Title, one.Slug) {
			continue
		}
		about := r.Say.T("newsroom.state." + string(one.State))
		if !one.Public.IsZero() {
			about += ", " + i18n.Date(r.Lang, one.Public)
		}
		out.Add(sought, module.Hit{Title: one.Texts.Title.In(r.Lang), Lang: one.Texts.Title.Written(r.Lang), About: about, Path: one.deskPath()})
	}
	out.All = "/staff/news"
	return out, nil
}
