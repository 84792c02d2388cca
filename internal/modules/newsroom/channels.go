package newsroom

import (
	"cmp"
	"context"
	"net/http"
	"net/url"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// channelsForm is the data of the page of channels.
type channelsForm struct {
	Form writing.Form
	Bot  bool // there is one
}

func (m *Module) showChannels(r *web.Request) error {
	p := channelsForm{Form: writing.Form{Values: url.Values{}}, Bot: m.Bot != nil}
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if may, err := m.everywhere(ctx, tx, r.Actor); err != nil || !may {
			return cmp.Or(err, error(fault.New(fault.Forbidden, "fault.forbidden")))
		}
		names, err := channels(ctx, tx)
		for l, name := range names {
			p.Form.Set("channel_"+string(l), name)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, channelsPage(r, p))
}

func (m *Module) takeChannels(r *web.Request) error {
	cmd := SetChannels{Actor: r.Actor, Names: map[i18n.Language]string{}}
	for _, l := range i18n.Languages {
		cmd.Names[l] = r.PostForm.Get("channel_" + string(l))
	}
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error { return m.SetChannels(ctx, tx, cmd) })
	if err == nil {
		r.SetFlash("good", "newsroom.saved")
		return r.Redirect("/staff/news/channels")
	}
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	return r.Page(web.Status(f.Code), channelsPage(r, channelsForm{Form: writing.Form{Values: r.PostForm, Fault: f}, Bot: m.Bot != nil}))
}

func (m *Module) takePost(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	cmd := PostAgain{Actor: r.Actor, Release: id, Lang: i18n.Language(r.PostForm.Get("lang"))}
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error { return m.PostAgain(ctx, tx, cmd) }); err != nil {
		return err
	}
	r.SetFlash("good", "newsroom.posted_again")
	return r.Redirect("/staff/news/" + id.String())
}
