package newsroom

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// kitPage is the data of the press kit for who works on it.
type kitPage struct {
	Items    []KitItem
	Form     writing.Form
	Publicly bool // she may put a picture on the public page
}

// of gives the pictures of a kind.
func (p kitPage) of(kind KitKind) []KitItem { return pressPage{Items: p.Items}.of(kind) }

// readKit reads the press kit. Only who may write it for the whole programme comes here.
func (m *Module) readKit(r *web.Request) (p kitPage, err error) {
	p.Form = writing.Form{Values: url.Values{"kind": {string(Photo)}}}
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if err := m.mayKit(ctx, tx, r.Actor, KitDraft); err != nil {
			return err
		}
		if p.Publicly, err = m.mayShow(ctx, tx, r); err != nil {
			return err
		}
		p.Items, err = kitList(ctx, tx, false)
		return err
	})
	return p, err
}

// mayShow reports whether the asker may say what everybody sees.
func (m *Module) mayShow(ctx context.Context, tx *storage.Tx, r *web.Request) (bool, error) {
	err := m.mayKit(ctx, tx, r.Actor, KitPublic)
	if fault.Is(err, fault.Forbidden) {
		return false, nil
	}
	return err == nil, err
}

func (m *Module) showKit(r *web.Request) error {
	p, err := m.readKit(r)
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, kitDesk(r, p))
}

// takeKit takes a new picture, whose words are written on the next page.
func (m *Module) takeKit(r *web.Request) error {
	p, err := m.readKit(r) // who may not is refused before anything is unfolded
	if err != nil {
		return err
	}
	pictures, chosen, err := upload(r, "file", m.KeepPicture)
	if err == nil && !chosen {
		err = fault.At("file", "newsroom.kit.fault.none")
	}
	var kept KitItem
	if err == nil {
		cmd := KeepKitItem{Actor: r.Actor, Pictures: pictures, Write: func(i KitItem) (KitItem, error) {
			i.Kind = KitKind(r.PostForm.Get("kind"))
			return i, nil
		}}
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			kept, err = m.KeepKitItem(ctx, tx, cmd)
			return err
		})
	}
	if err == nil {
		r.SetFlash("good", "newsroom.kit.added")
		return r.Redirect(kept.deskPath())
	}
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	p.Form = writing.Form{Values: r.PostForm, Fault: f}
	return r.Page(web.Status(f.Code), kitDesk(r, p))
}

// itemPage is the data of the page of one picture.
type itemPage struct {
	Item     KitItem
	Form     writing.Form
	Show     writing.Form // of the button that was refused
	Publicly bool
}

func (m *Module) readItem(r *web.Request) (p itemPage, err error) {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return p, unknownPicture()
	}
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p = itemPage{}
		if p.Item, err = kitByID(ctx, tx, id); err != nil {
			return err
		}
		if err := m.mayKit(ctx, tx, r.Actor, KitDraft); err != nil {
			return err
		}
		if p.Item.State == KitRemoved {
			return gonePicture()
		}
		p.Publicly, err = m.mayShow(ctx, tx, r)
		return err
	})
	f := writing.Form{Values: url.Values{}, Stale: p.Item.Texts.Stale}
	f.Set("version", strconv.FormatInt(p.Item.Version, 10))
	f.Set("pictured", string(p.Item.Pictured))
	f.Set("noted", p.Item.Noted)
	for _, name := range kitNames {
		f.PutText(name, *p.Item.Texts.text(name))
	}
	p.Form = f
	return p, err
}

func (m *Module) showItem(r *web.Request) error {
	p, err := m.readItem(r)
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, kitEditor(r, p))
}

func (m *Module) takeItem(r *web.Request) error {
	p, err := m.readItem(r)
	if err != nil {
		return err
	}
	if p.Item.State == KitPublic && !p.Publicly {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	cmd := KeepKitItem{Actor: r.Actor, Item: p.Item.ID, Version: writing.Version(r.PostForm), Write: func(i KitItem) (KitItem, error) {
		i.Pictured, i.Noted = Pictured(r.PostForm.Get("pictured")), r.PostForm.Get("noted")
		for _, name := range kitNames {
			*i.Texts.text(name) = writing.Read(r.PostForm, name)
		}
		return i, nil
	}}
	cmd.Pictures, _, err = upload(r, "file", m.KeepPicture)
	var now KitItem
	if err == nil {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			now, err = m.KeepKitItem(ctx, tx, cmd)
			return err
		})
	}
	if err == nil {
		key := "newsroom.saved"
		if cmd.Pictures.Whole.File != "" && now.Kind == Photo {
			key = "newsroom.kit.replaced"
		}
		r.SetFlash("good", key)
		return r.Redirect(p.Item.deskPath())
	}
	return m.itemAgain(r, err, func(f *fault.Error, p *itemPage) { p.Form = writing.Again(r.PostForm, f, p.Form) })
}

// itemAgain shows the page of a picture again with what was wrong.
func (m *Module) itemAgain(r *web.Request, err error, put func(*fault.Error, *itemPage)) error {
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	p, err := m.readItem(r)
	if err != nil {
		return err
	}
	put(f, &p)
	return r.Page(web.Status(f.Code), kitEditor(r, p))
}

func (m *Module) takeShown(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknownPicture()
	}
	cmd := ShowKitItem{Actor: r.Actor, Item: id, Version: writing.Version(r.PostForm), Public: r.PostForm.Get("to") == string(KitPublic)}
	if writing.Unsaved(r.PostForm) {
		return m.itemAgain(r, writing.Refused(), func(f *fault.Error, p *itemPage) { p.Form = writing.Typed(r.PostForm, f, p.Form) })
	}
	var now KitItem
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		now, err = m.ShowKitItem(ctx, tx, cmd)
		return err
	})
	if err != nil {
		return m.itemAgain(r, err, func(f *fault.Error, p *itemPage) {
			p.Show = writing.Form{Values: r.PostForm, Fault: f}
			p.Form.Fault = f // at the fields that lack something
		})
	}
	r.SetFlash("good", "newsroom.kit.shown."+string(now.State))
	return r.Redirect(now.deskPath())
}

func (m *Module) takeItemMoved(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknownPicture()
	}
	by := 1
	if r.PostForm.Get("to") == "up" {
		by = -1
	}
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return m.MoveKitItem(ctx, tx, r.Actor, id, by)
	}); err != nil {
		return err
	}
	return r.Redirect("/staff/news/kit")
}

func (m *Module) takeItemRemoved(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknownPicture()
	}
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return m.RemoveKitItem(ctx, tx, r.Actor, id)
	}); err != nil {
		return err
	}
	r.SetFlash("good", "newsroom.kit.removed")
	return r.Redirect("/staff/news/kit")
}

// itemTitle names a picture for staff: by its words, else by when it came.
func itemTitle(r *web.Request, i KitItem) string {
	if t, there := i.title(r.Lang); there {
		return t.In(r.Lang)
	}
	return r.Say.T("newsroom.kit.untitled", "kind", r.Say.T("newsroom.kit.kind."+string(i.Kind)), "when", i18n.DateTime(r.Lang, i.Made))
}

// itemLang is the language of itemTitle.
func itemLang(r *web.Request, i KitItem) i18n.Language {
	if t, there := i.title(r.Lang); there {
		return t.Written(r.Lang)
	}
	return r.Lang
}

func kitKindItems(r *web.Request) (out []kit.Item) {
	for _, k := range KitKinds {
		out = append(out, kit.Item{Value: string(k), Label: r.Say.T("newsroom.kit.kind." + string(k))})
	}
	return out
}

func picturedItems(r *web.Request) (out []kit.Item) {
	for _, p := range []struct {
		value Pictured
		key   string
	}{{Nobody, "nobody"}, {Agreed, "agreed"}, {Unstated, "unstated"}} {
		out = append(out, kit.Item{Value: string(p.value), Label: r.Say.T("newsroom.kit.pictured." + p.key)})
	}
	return out
}
