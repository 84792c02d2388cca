package newsroom

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// deskPage is the data of the list for who works on releases.
type deskPage struct {
	Releases   []Release
	Pages      kit.Pages
	Channels   bool // she may set them
	List       bool // she keeps the press list
	Answers    bool // she answers what people ask
	Everywhere bool // she may write the press kit, which is of no one place
}

// hers are the releases that somebody may write, what is not public first.
func (m *Module) hers(ctx context.Context, tx *storage.Tx, actor access.Actor) (out []Release, err error) {
	list, err := listAll(ctx, tx, mostListed, 0)
	if err != nil {
		return nil, err
	}
	at := map[storage.ID]bool{} // by activity
	for _, r := range list {
		may, known := at[r.Activity]
		if !known {
			err := m.may(ctx, tx, actor, r, MayWrite)
			if err != nil && !fault.Is(err, fault.Forbidden) {
				return nil, err
			}
			may = err == nil
			at[r.Activity] = may
		}
		if may {
			out = append(out, r)
		}
	}
	return out, nil
}

// desk lists the releases that she may write.
func (m *Module) desk(r *web.Request) error {
	var p deskPage
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err := m.hers(ctx, tx, r.Actor)
		if err != nil {
			return err
		}
		if p.Everywhere, err = m.mayWriteKit(ctx, tx, r.Actor); err != nil {
			return err
		}
		p.Pages = kit.Pages{Of: max(1, (len(all)+onPage-1)/onPage), Path: deskPath}
		p.Pages.Page = min(max(page, 1), p.Pages.Of)
		from := (p.Pages.Page - 1) * onPage
		p.Channels, err = m.everywhere(ctx, tx, r.Actor)
		if err != nil {
			return err
		}
		p.Releases = all[min(from, len(all)):min(from+onPage, len(all))]
		at, err := whole(ctx, tx)
		p.Answers, p.List = r.Actor.May(MayAnswer, at), r.Actor.May(MayKeepList, at)
		return err
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, deskList(r, p))
}

func deskPath(n int) string {
	if n == 1 {
		return "/staff/news"
	}
	return "/staff/news?page=" + strconv.Itoa(n)
}

// editorPage is the data of the page on which a release is written and moved.
type editorPage struct {
	Release     Release
	Form        writing.Form
	Move        writing.Form // of the move that was refused
	Steps       []Step
	Corrections []Correction
	Posts       []Post
	Channels    map[i18n.Language]string
	Mailing     MailingOf
	All         bool // she may publish for the whole programme
	Subscribers int  // whom the press list reaches, to who publishes
	Activities  []programme.Activity
	Anywhere    bool // a release of hers may be about no activity
	Now         time.Time
}

// moves are the moves that the asker may make, in the order of the page.
func (p editorPage) moves(r *web.Request) (out []State) {
	for _, to := range States {
		needs, there := ways[p.Release.State][to]
		if !there || !r.Actor.MaySomewhere(needs) {
			continue
		}
		waits := p.Release.Embargo.After(p.Now)
		if to == Scheduled && !waits || to == Published && waits && p.Release.State == Review {
			continue // with an embargo it waits, without it does not
		}
		out = append(out, to)
	}
	return out
}

func (m *Module) readEditor(r *web.Request, id storage.ID) (p editorPage, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p = editorPage{Release: Release{Kind: Press, State: Draft, Posted: true}, Now: tx.Now}
		if !id.IsZero() {
			if p.Release, err = ByID(ctx, tx, id); err != nil {
				return err
			}
			if p.Steps, err = steps(ctx, tx, id); err != nil {
				return err
			}
			if p.Corrections, err = corrections(ctx, tx, id); err != nil {
				return err
			}
			if err := m.readMailing(ctx, tx, &p, r); err != nil {
				return err
			}
			if p.Posts, err = posts(ctx, tx, id); err != nil {
				return err
			}
		}
		if p.Channels, err = channels(ctx, tx); err != nil {
			return err
		}
		if p.All, err = m.everywhere(ctx, tx, r.Actor); err != nil {
			return err
		}
		err = m.may(ctx, tx, r.Actor, p.Release, MayWrite)
		p.Anywhere = err == nil
		if err != nil && !(id.IsZero() && fault.Is(err, fault.Forbidden)) { // what is new may be about what is hers
			return err
		}
		all, err := programme.All(ctx, tx, programme.Filter{})
		for _, a := range all {
			if a.State != programme.Draft && r.Actor.May(MayWrite, a.Scope()) {
				p.Activities = append(p.Activities, a)
			}
		}
		return err
	})
	p.Form = formOf(p.Release)
	return p, err
}

func formOf(r Release) writing.Form {
	f := writing.Form{Values: url.Values{}, Stale: r.Texts.Stale}
	f.Set("version", strconv.FormatInt(r.Version, 10))
	f.Set("kind", string(r.Kind))
	f.Set("slug", r.Slug)
	if r.Posted {
		f.Set("posted", "on")
	}
	f.Set("embargo", programme.Stamp(r.Embargo, localTime))
	if !r.Activity.IsZero() {
		f.Set("activity", r.Activity.String())
	}
	for _, name := range names {
		f.PutText(name, *r.Texts.text(name))
	}
	return f
}

const localTime = "2006-01-02T15:04"

// readForm puts what came with the form into a release.
func readForm(v url.Values, r Release) (Release, error) {
	var form fault.Form
	r.Kind, r.Slug = Kind(v.Get("kind")), strings.TrimSpace(v.Get("slug"))
	r.Posted = v.Get("posted") != ""
	r.Embargo = time.Time{}
	if text := strings.TrimSpace(v.Get("embargo")); text != "" {
		at, err := time.ParseInLocation(localTime, text, programme.Bishkek)
		form.Check(err == nil, "embargo", "newsroom.fault.moment")
		r.Embargo = at
	}
	r.Activity = storage.ID{}
	if text := v.Get("activity"); text != "" {
		id, err := storage.ParseID(text)
		form.Check(err == nil, "activity", "fault.not_a_choice")
		r.Activity = id
	}
	// The choice of the buttons beside the text comes with it, and is theirs; what is none of
	// it is refused here too, not passed over.
	form.Check(v.Get("mail") == "" || v.Get("mail") == "never" || readMailing(v.Get("mail")) != MailNever, "mail", "fault.not_a_choice")
	for _, name := range names {
		*r.Texts.text(name) = writing.Read(v, name)
	}
	return r, form.Err()
}

func (m *Module) showNew(r *web.Request) error {
	p, err := m.readEditor(r, storage.ID{})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, editor(r, p))
}

func (m *Module) takeNew(r *web.Request) error { return m.take(r, storage.ID{}) }

func (m *Module) showEditor(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	p, err := m.readEditor(r, id)
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, editor(r, p))
}

func (m *Module) takeEditor(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	return m.take(r, id)
}

func (m *Module) take(r *web.Request, id storage.ID) error {
	var kept Release
	cmd := WriteRelease{
		Actor: r.Actor, Release: id, Version: writing.Version(r.PostForm), Correction: writing.Read(r.PostForm, "correction"),
		Write: func(now Release) (Release, error) { return readForm(r.PostForm, now) },
	}
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		kept, err = m.WriteRelease(ctx, tx, cmd)
		return err
	})
	if err == nil {
		r.SetFlash("good", "newsroom.saved")
		return r.Redirect(kept.deskPath())
	}
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	p, err := m.readEditor(r, id)
	if err != nil {
		return err
	}
	p.Form = writing.Again(r.PostForm, f, p.Form)
	return r.Page(web.Status(f.Code), editor(r, p))
}

func (m *Module) takeMove(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	cmd := MoveRelease{
		Actor: r.Actor, Release: id, Version: writing.Version(r.PostForm), To: State(r.PostForm.Get("to")),
		Words: r.PostForm.Get("words"), Reason: writing.Read(r.PostForm, "reason"), Mail: readMailing(r.PostForm.Get("mail")),
	}
	unsaved := writing.Unsaved(r.PostForm)
	if unsaved {
		err = writing.Refused()
	} else {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := m.MoveRelease(ctx, tx, cmd)
			return err
		})
	}
	if err == nil {
		r.SetFlash("good", "newsroom.moved."+string(cmd.To))
		return r.Redirect("/staff/news/" + id.String())
	}
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	p, err := m.readEditor(r, id)
	if err != nil {
		return err
	}
	p.Move = writing.Form{Values: r.PostForm, Fault: f}
	if unsaved {
		p.Form = writing.Typed(r.PostForm, nil, p.Form)
	}
	return r.Page(web.Status(f.Code), editor(r, p))
}
