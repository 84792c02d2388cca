package public

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// home is the data of the first page.
type home struct {
	Programme programme.Programme
	Pins      []pin
	Next      []Activity
	Idea      *Activity // the brainstorm that is open or next
	Reading   []Activity
	Ready     map[storage.ID]bool        // of Reading: those that can be read already
	Open      int                        // how many may be applied for now
	Opens     *Activity                  // the first that may be applied for later, when none is open
	Past      bool                       // something is over
	Others    []templ.Component          // parts of other rooms
	Marks     map[storage.ID]module.Mark // of who is signed in
	Now       time.Time
}

func (s *Service) home(r *web.Request) error {
	var page home
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		page = home{Now: tx.Now}
		page.Programme, err = programme.Current(ctx, tx)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		all, err := ForStrangers(ctx, tx, programme.Filter{})
		if err != nil {
			return err
		}
		page.Pins = pins(profile.Said(r.Say), r.Lang, all, tx.Now)
		page.Ready = map[storage.ID]bool{}
		for i, a := range all {
			switch {
			case isOpen(a.activity, tx.Now):
				page.Open++
			case isAhead(a.activity, tx.Now) && a.ByApplication() && tx.Now.Before(a.Opens) && (page.Opens == nil || a.Opens.Before(page.Opens.Opens)):
				page.Opens = &all[i]
			}
			page.Past = page.Past || a.Past(tx.Now)
			switch {
			case a.State == programme.Cancelled:
			case a.Kind == programme.Publication:
				page.Reading = append(page.Reading, a)
				if page.Ready[a.ID], err = s.readable(ctx, tx, a.activity); err != nil {
					return err
				}
			case a.Starts.IsZero() || a.Past(tx.Now):
			case a.Kind == programme.Brainstorm && page.Idea == nil:
				page.Idea = &all[i]
			case len(page.Next) < 3:
				page.Next = append(page.Next, a)
			}
		}
		if page.Marks, err = s.marked(ctx, tx, r); err != nil {
			return err
		}
		if s.parts != nil {
			page.Others, err = s.parts(ctx, tx, r)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(200, homePage(r, page))
}
