package newsroom

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
)

// The addresses of the press list.
const (
	listPath      = "/contact/list"
	leavePath     = listPath + "/leave/"
	confirmPath   = listPath + "/confirm/"
	staffListPath = "/staff/news/list"
)

// showSubscribe shows the form.
func (m *Module) showSubscribe(r *web.Request) error {
	return r.Page(http.StatusOK, subscribePage(r, askForm{Values: url.Values{"language": {string(r.Lang)}}}))
}

// takeSubscribe takes it, as takeAsk does the other. The page that follows is the same
// whoever has the address.
func (m *Module) takeSubscribe(r *web.Request) error {
	v := r.PostForm
	cmd := Subscribe{
		Actor: r.Actor, Name: v.Get("name"), Email: v.Get("email"), Outlet: v.Get("outlet"), Lang: i18n.Language(v.Get("language")),
		Agreed: v.Get("agree") != "", Mark: v.Get("mark"), Demo: r.Site != nil && r.Site.Demo, Effort: effort.Read(r),
	}
	if r.Actor.SignedIn() {
		cmd.Lang = r.Lang
	}
	r.W.Header().Set("Cache-Control", "no-store")
	if !cmd.Effort.Empty() {
		m.prepareList(&cmd, m.Store.Now())
	}
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error { return m.Subscribe(ctx, tx, cmd) })
	if effort.Needed(err) {
		return m.askForEffort(r, listPath, func(ctx context.Context, tx *storage.Tx, mark string) (effort.Case, error) {
			n, err := recentSubscribers(ctx, tx)
			return listCase(mark, n), err
		})
	}
	if err == nil {
		done := "newsroom.list.done"
		if r.Actor.SignedIn() {
			done = "newsroom.list.done_own"
		}
		r.SetFlash("good", done)
		return r.Redirect("/contact")
	}
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	return r.Page(web.Status(f.Code), subscribePage(r, askForm{Values: v, Fault: f}))
}

// showConfirm shows the words of the consent to who reads the mail of an address. Mail
// programs open links by themselves: only the button does something.
func (m *Module) showConfirm(r *web.Request) error { return m.confirmView(r, nil) }

func (m *Module) confirmView(r *web.Request, wrong *fault.Error) error {
	token := r.PathValue("token")
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := m.toConfirm(ctx, tx, token)
		return err
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	r.W.Header().Set("Cache-Control", "no-store")
	status := http.StatusOK
	if wrong != nil {
		status = web.Status(wrong.Code)
	}
	return r.Page(status, confirmPage(r, token, m.People.WordingVersion(ListConsent), wrong))
}

// takeConfirm takes the button.
func (m *Module) takeConfirm(r *web.Request) error {
	cmd := ConfirmList{
		Actor: r.Actor, Token: r.PathValue("token"), Words: r.PostForm.Get("words"), Lang: r.Lang, Refuses: r.PostForm.Get("do") == "no",
	}
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error { return m.ConfirmList(ctx, tx, cmd) })
	if f := fault.Of(err); f != nil && f.Key == "newsroom.fault.list_words" {
		return m.confirmView(r, f)
	}
	if err != nil {
		return err
	}
	done := "newsroom.confirm.done"
	if cmd.Refuses {
		done = "newsroom.confirm.refused"
	}
	r.SetFlash("good", done)
	return r.Redirect("/contact")
}

// showLeave asks whether somebody leaves the list. Mail programs open links by themselves:
// only the button does something.
func (m *Module) showLeave(r *web.Request) error {
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := m.People.PeekLink(ctx, tx, r.PathValue("token"), leavePurpose)
		return err
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	return r.Page(http.StatusOK, leavePage(r, r.PathValue("token"), false))
}

// takeLeave takes the button, of the page or of a mail program: it asks for no cookie and
// no page before it.
func (m *Module) takeLeave(r *web.Request) error {
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return m.LeaveList(ctx, tx, r.PathValue("token"))
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	return r.Page(http.StatusOK, leavePage(r, r.PathValue("token"), true))
}

// mayKeepList refuses who may not know who is on the list.
func mayKeepList(ctx context.Context, tx *storage.Tx, r *web.Request) error {
	at, err := whole(ctx, tx)
	if err == nil && !r.Actor.May(MayKeepList, at) {
		err = fault.New(fault.Forbidden, "fault.forbidden")
	}
	return err
}

// showList counts the list, by language.
func (m *Module) showList(r *web.Request) error {
	counts := map[i18n.Language]int{}
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := mayKeepList(ctx, tx, r); err != nil {
			return err
		}
		list, err := m.subscribers(ctx, tx)
		clear(counts)
		for l, persons := range list {
			counts[l] = len(persons)
		}
		return err
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, listView(r, counts))
}

// mayExportList refuses who may not take the list away, or has not just signed in.
func mayExportList(ctx context.Context, tx *storage.Tx, r *web.Request) error {
	if err := mayKeepList(ctx, tx, r); err != nil {
		return err
	}
	return people.MustBeFresh(tx.Now, r.Actor)
}

// readList opens everybody on the list, while others write.
func (m *Module) readList(r *web.Request) (all []people.Person, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := mayExportList(ctx, tx, r); err != nil {
			return err
		}
		list, err := m.subscribers(ctx, tx)
		all = nil
		for _, l := range i18n.Languages {
			all = append(all, list[l]...)
		}
		return err
	})
	return all, err
}

// noteExport notes that the reader takes these people away, and gives those of them who are
// on the list still: who has left it or was erased since it was read goes with no table.
func (m *Module) noteExport(r *web.Request, all []people.Person) (still []people.Person, err error) {
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := mayExportList(ctx, tx, r); err != nil {
			return err
		}
		those := make([]storage.ID, len(all))
		for i, p := range all {
			those[i] = p.ID
		}
		if err := people.KeepThere(ctx, tx, those); err != nil {
			return err
		}
		agree, err := m.People.AgreeingOnce(ctx, tx, ListConsent) // in the order of the ids
		if err != nil {
			return err
		}
		still = nil
		var ids []storage.ID
		for _, p := range all {
			_, there := slices.BinarySearchFunc(agree, p.ID, func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
			if there {
				still, ids = append(still, p), append(ids, p.ID)
			}
		}
		if err := audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: ids, Action: "newsroom.audit.list_exported"}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Action: "newsroom.audit.list_exported", Detail: strconv.Itoa(len(ids))})
	})
	return still, err
}

// exportList gives the list as a table, to who has just signed in; everybody on it reads so
// in her log.
func (m *Module) exportList(r *web.Request) error {
	all, err := m.readList(r)
	if err == nil {
		all, err = m.noteExport(r, all)
	}
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", sheet.TypeXLSX)
	h.Set("Content-Disposition", `attachment; filename="press-list-`+m.Store.Now().In(i18n.Bishkek()).Format(time.DateOnly)+`.xlsx"`)
	out, err := sheet.NewXLSX(r.W, r.Say.T("newsroom.list.tab"))
	if err != nil {
		return err
	}
	if err := out.Row(sheet.Texts(r.Say.T("newsroom.ask.name"), r.Say.T("newsroom.ask.email"), r.Say.T("newsroom.ask.outlet"), r.Say.T("newsroom.inquiry.lang"))); err != nil {
		return err
	}
	for _, p := range all {
		if err := out.Row(sheet.Texts(p.FullName, p.Email, p.Organisation, kit.LanguageName(p.Lang))); err != nil {
			return err
		}
	}
	return out.Close()
}

// takeStop takes a release back from the list.
func (m *Module) takeStop(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return m.StopMailing(ctx, tx, StopMailing{Actor: r.Actor, Release: id})
	})
	if fault.Is(err, fault.Conflict) {
		r.SetFlash("wait", "newsroom.fault.mailed")
	} else if err != nil {
		return err
	} else {
		r.SetFlash("good", "newsroom.mailing.done.stopped")
	}
	return r.Redirect("/staff/news/" + id.String())
}
