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

// findMentioned finds what others have published by title, outlet and link, for who may
// change it.
func (m *Module) findMentioned(ctx context.Context, tx *storage.Tx, r *web.Request, sought module.Sought) (out module.Found, err error) {
	list, err := m.notedBy(ctx, tx, r.Actor)
	if err != nil {
		return out, err
	}
	for _, n := range list {
		if sought.In(n.Title, n.Outlet, n.Link) {
			out.Add(sought, module.Hit{Title: n.Title, Lang: n.Language, About: n.Outlet + ", " + i18n.Date(r.Lang, n.Day.Noon()), Path: n.deskPath()})
		}
	}
	out.All = mentionsDesk
	return out, nil
}

// findPictures finds pictures of the press kit by their words, for who may write them.
func (m *Module) findPictures(ctx context.Context, tx *storage.Tx, r *web.Request, sought module.Sought) (out module.Found, err error) {
	if may, err := m.mayWriteKit(ctx, tx, r.Actor); err != nil || !may {
		return out, err
	}
	list, err := kitList(ctx, tx, false)
	if err != nil {
		return out, err
	}
	for _, i := range list {
		credit, caption := i.Texts.Credit, i.Texts.Caption
		if sought.InText(i.Texts.Alt, caption.Ky, caption.Ru, caption.En, credit.Ky, credit.Ru, credit.En) {
			about := r.Say.T("newsroom.kit.kind."+string(i.Kind)) + ", " + r.Say.T("newsroom.kit.state."+string(i.State))
			out.Add(sought, module.Hit{Title: itemTitle(r, i), Lang: itemLang(r, i), About: about, Path: i.deskPath()})
		}
	}
	out.All = "/staff/news/kit"
	return out, nil
}
