package newsroom

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/programme"
)

// onPage is how many releases a page of the list shows.
const onPage = 20

// listPage is the data of the list of public releases.
type listPage struct {
	Releases []Release
	Count    int
	Pages    kit.Pages
}

// list shows what is public.
func (m *Module) list(r *web.Request) error {
	var p listPage
	page, _ := strconv.Atoi(r.URL.Query().Get("page")) // no number is the first page
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if p.Count, err = countOpen(ctx, tx); err != nil {
			return err
		}
		p.Pages = kit.Pages{Of: max(1, (min(p.Count, mostListed)+onPage-1)/onPage), Path: pagePath}
		p.Pages.Page = min(max(page, 1), p.Pages.Of)
		p.Releases, err = listOpen(ctx, tx, onPage, (p.Pages.Page-1)*onPage)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, newsList(r, p))
}

func pagePath(n int) string {
	if n == 1 {
		return "/news"
	}
	return "/news?page=" + strconv.Itoa(n)
}

// releasePage is the data of the page of one release.
type releasePage struct {
	Release     Release
	Read        i18n.Language // in which it is shown
	Corrections []Correction
	Programme   programme.Programme
	Activity    programme.Activity // that it tells of, when strangers may know of that
	Mentions    []Mention          // what others have published after it
	Preview     bool               // staff look at it beforehand
	Now         time.Time
}

// day is that on which it became public, or will by itself; zero when nobody knows.
func (p releasePage) day() time.Time {
	if p.Release.Public.IsZero() {
		return p.Release.Embargo
	}
	return p.Release.Public
}

// description is what others show of the page beside a link: nothing of what was withdrawn.
func (p releasePage) description() string {
	if p.Release.State == Withdrawn {
		return ""
	}
	return p.Release.Texts.Lead.Exactly(p.Read)
}

// show shows a release that is public, or says that it was withdrawn: 410 then.
func (m *Module) show(r *web.Request) error {
	p, err := m.read(r)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if p.Release.State == Withdrawn {
		status = http.StatusGone
	}
	return r.Page(status, release(r, p))
}

func (m *Module) read(r *web.Request) (p releasePage, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p = releasePage{}
		if p.Release, err = OpenBySlug(ctx, tx, r.PathValue("slug")); err != nil {
			return err
		}
		return p.around(ctx, tx, r.Lang)
	})
	return p, err
}

// around reads what stands around a release for a reader of a language.
func (p *releasePage) around(ctx context.Context, tx *storage.Tx, l i18n.Language) (err error) {
	p.Read = p.Release.In(l)
	if p.Corrections, err = corrections(ctx, tx, p.Release.ID); err != nil {
		return err
	}
	if p.Mentions, err = mentionsOf(ctx, tx, p.Release.ID); err != nil {
		return err
	}
	if !p.Release.Activity.IsZero() {
		a, err := programme.ByID(ctx, tx, p.Release.Activity)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil && a.OpenToStrangers() {
			p.Activity = a
		}
	}
	p.Programme, err = programme.Current(ctx, tx)
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return err
}

// card answers the picture that messengers show beside a link to a release.
func (m *Module) card(r *web.Request) error {
	p, err := m.read(r)
	if err != nil {
		return err
	}
	if p.Release.State != Published {
		return unknown()
	}
	l := p.Release.In(languageOf(r))
	picture, err := m.Cards.Of(r.Context(), p.Programme.Name.In(l), p.Release.Texts.Title.In(l), []string{i18n.Date(l, p.Release.Public)})
	if err != nil {
		return err
	}
	return r.Picture("image/png", 60, picture)
}

// languageOf is the language of a file without one in its path: ?lang=ru, else that of the request.
func languageOf(r *web.Request) i18n.Language {
	if l, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
		return l
	}
	return r.Lang
}

// home shows the latest releases on the first page.
func (m *Module) home(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
	list, err := listOpen(ctx, tx, 3, 0)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return latest(r, list), nil
}
