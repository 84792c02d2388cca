package roster

import (
	"archive/zip"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
)

// mePage is everything a person sees of herself.
type mePage struct {
	Person   people.Person
	City     string // its name
	Consents map[string]people.Consent
	Asked    []people.Asked
	Sessions []people.SessionView
	Looks    []look
	Earlier  storage.ID        // the look before which there are others; zero for none
	Staff    bool              // works for the programme, so needs a passkey
	Kept     []templ.Component // what the modules keep of her
}

// looksOnPage is how many looks a page shows, looksOpen how many of them stand open.
const looksOnPage, looksOpen = 50, 10

// looked is who saw her data, as the kit draws it.
func (p mePage) looked(r *web.Request) kit.Timeline {
	line := kit.Timeline{Title: r.Say.T("people.looks.title"), Open: looksOpen}
	for _, l := range p.Looks {
		line.Events = append(line.Events, kit.Event{At: l.At, What: action(r, l.Action), Who: l.Who, Why: l.Why})
	}
	if !p.Earlier.IsZero() {
		line.Earlier = "/me?looks=" + p.Earlier.String() + "#looks"
	}
	return line
}

// look is one line of "who saw my data".
type look struct {
	audit.Entry
	Who string // "yourself", a role, or the system; staff are not named
	Why string // the reason that was given, or none
}

// lookWhy says why somebody looked: the reason that was chosen, and what was said besides.
func (s *Pages) lookWhy(ctx context.Context, tx *storage.Tx, r *web.Request, e audit.Entry) (string, error) {
	words, err := s.people.LookWords(ctx, tx, e)
	if err != nil || e.Reason == "" {
		return words, err
	}
	why := r.Say.T("people.reason." + e.Reason)
	if words == "" {
		return why, nil
	}
	return why + ": " + words, nil
}

func (s *Pages) mePage(r *web.Request) error {
	var p mePage
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = s.me(ctx, tx, r)
		return err
	})
	if err != nil {
		return err
	}
	p.City = s.cityName(r, p.Person.City)
	return r.Page(http.StatusOK, myData(r, p))
}

func (s *Pages) me(ctx context.Context, tx *storage.Tx, r *web.Request) (p mePage, err error) {
	if p.Person, err = s.people.ByID(ctx, tx, r.Actor.Person); err != nil {
		return p, err
	}
	if p.Consents, err = s.people.Consents(ctx, tx, p.Person.ID); err != nil {
		return p, err
	}
	p.Asked = s.people.Asked(p.Consents)
	if p.Sessions, err = s.people.Sessions(ctx, tx, p.Person.ID); err != nil {
		return p, err
	}
	if p.Staff, err = s.people.WorksHere(ctx, tx, p.Person.ID); err != nil {
		return p, err
	}
	before, _ := storage.ParseID(r.URL.Query().Get("looks")) // a cursor that is none shows the latest
	entries, err := audit.List(ctx, tx, audit.Filter{Person: p.Person.ID, Before: before, Limit: looksOnPage + 1})
	if err != nil {
		return p, err
	}
	if len(entries) > looksOnPage {
		entries = entries[:looksOnPage]
		p.Earlier = entries[looksOnPage-1].ID
	}
	for _, e := range entries {
		l := look{Entry: e, Who: r.Say.T("people.looks.system")}
		switch {
		case e.Actor == p.Person.ID:
			l.Who = r.Say.T("people.looks.yourself")
		case !e.Actor.IsZero():
			grants, err := s.people.Grants(ctx, tx, e.Actor)
			if err != nil {
				return p, err
			}
			l.Who = r.Say.T("people.looks.staff")
			if best := bestRole(grants, e.At); best != "" {
				l.Who = r.Say.T("people.role." + string(best))
			}
		}
		if l.Why, err = s.lookWhy(ctx, tx, r, e); err != nil {
			return p, err
		}
		p.Looks = append(p.Looks, l)
	}
	p.Kept, err = s.people.KeptOf(ctx, tx, r)
	return p, err
}

// bestRole is what somebody was at a moment, of the roles that she was given: one of those
// who work for the programme, else one of who helps; empty when she had none.
func bestRole(grants []access.Grant, at time.Time) access.Role {
	best, ranks := -1, slices.Concat(access.Helpers[:], access.Roles[:])
	for _, g := range grants {
		if !g.Asleep && !g.Begins.After(at) && !g.Over(at) {
			best = max(best, slices.Index(ranks, g.Role))
		}
	}
	if best < 0 {
		return ""
	}
	return ranks[best]
}

func (s *Pages) saveConsents(r *web.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	cmd := people.SayConsents{By: r.Actor, Lang: r.Lang, Given: r.PostForm["purpose"], Shown: shownWords(r)}
	var again []string
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		again, err = s.people.SayConsents(ctx, tx, cmd)
		return err
	})
	if err != nil {
		return err
	}
	if len(again) > 0 {
		r.SetFlash("wait", "people.consents.again")
	} else {
		r.SetFlash("good", "people.saved")
	}
	return r.Redirect("/me#consents")
}

// exportMe answers with the archive: data.json in a ZIP, or the JSON alone.
func (s *Pages) exportMe(r *web.Request) error {
	var data map[string]any
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		data, err = s.people.ExportOwn(ctx, tx, r.Actor)
		return err
	})
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(data, "", "  ")
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Cache-Control", "no-store")
	if r.PostFormValue("format") == "json" {
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="my-data.json"`)
		_, err = r.W.Write(body)
		return err
	}
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="my-data.zip"`)
	z := zip.NewWriter(r.W)
	f, err := z.Create("data.json")
	if err != nil {
		return err
	}
	if _, err := f.Write(body); err != nil {
		return err
	}
	return z.Close()
}

func (s *Pages) erasePage(r *web.Request) error {
	return r.Page(http.StatusOK, erasePage(r, nil))
}

func (s *Pages) eraseMe(r *web.Request) error {
	word := r.Say.T("people.erase.word")
	if !strings.EqualFold(strings.TrimSpace(r.PostFormValue("word")), word) {
		f := fault.At("word", "people.fault.erase_word", fault.Args{"word": word})
		return r.Page(web.Status(f.Code), erasePage(r, f))
	}
	err := s.people.EraseOwn(r.Context(), r.Actor)
	if f := fault.Of(err); f != nil && f.Code == fault.Unavailable {
		return r.Page(web.Status(f.Code), erasePage(r, f))
	}
	if err != nil {
		return err
	}
	http.SetCookie(r.W, s.people.Cookie(""))
	r.W.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	r.SetFlash("good", "people.erased")
	return r.Redirect("/")
}
