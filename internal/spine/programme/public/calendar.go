package public

import (
	"context"
	"net/url"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// choice is what the address of the calendar asks for.
type choice struct{ Kind, City, Group, When, Month string }

// path gives the address of the calendar with one part replaced.
func (c choice) path(page, name, value string) string {
	v := url.Values{}
	for _, p := range [][2]string{{"kind", c.Kind}, {"city", c.City}, {"group", c.Group}, {"when", c.When}, {"month", c.Month}} {
		if p[0] == name {
			p[1] = value
		}
		if p[1] != "" {
			v.Set(p[0], p[1])
		}
	}
	if len(v) == 0 {
		return page
	}
	return page + "?" + v.Encode()
}

// calendar is the data of the list, the month and the map.
type calendar struct {
	View       string // list, month, map
	Choice     choice
	Activities []Activity
	Marks      map[storage.ID]module.Mark // of who is signed in
	Others     int                        // of a list: how many are on the other side of now, by the same filters
	Pins       []pin
	Now        time.Time
	Month      month
}

// pastPath is the list of what is over.
var pastPath = choice{When: "past"}.path("/events", "", "")

// wayOut leads from a list that is empty to one that is not.
func (p calendar) wayOut(r *web.Request) kit.Link {
	switch {
	case p.Others > 0 && p.Choice.When == "past":
		return kit.Link{Path: p.Choice.path("/events", "when", ""), Label: r.Say.T("programme.home.see")}
	case p.Others > 0:
		return kit.Link{Path: p.Choice.path("/events", "when", "past"), Label: r.Say.T("programme.home.past")}
	}
	return kit.Link{Path: "/events", Label: r.Say.T("programme.calendar.everything")}
}

func (s *Service) calendar(view string) web.Handler {
	return func(r *web.Request) error {
		q := r.URL.Query()
		c := choice{Kind: q.Get("kind"), City: q.Get("city"), Group: q.Get("group"), When: q.Get("when"), Month: q.Get("month")}
		page := calendar{View: view, Choice: c}
		err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			all, err := ForStrangers(ctx, tx, programme.Filter{Kind: c.Kind, City: c.City, Group: c.Group})
			if err != nil {
				return err
			}
			page.Now, page.Activities, page.Others = tx.Now, nil, 0
			for _, a := range all {
				if a.Starts.IsZero() {
					continue
				}
				if view == "list" && (c.When == "past") != a.Past(tx.Now) {
					page.Others++
					continue
				}
				page.Activities = append(page.Activities, a)
			}
			page.Marks, err = s.marked(ctx, tx, r)
			return err
		})
		if err != nil {
			return err
		}
		switch {
		case view == "map":
			page.Pins = pins(profile.Said(r.Say), r.Lang, page.Activities, page.Now)
		case view == "month":
			page.Month = monthOf(monthAsked(c.Month, page.Now), page.Now, page.Activities)
		case c.When == "past": // the latest first
			for i, j := 0, len(page.Activities)-1; i < j; i, j = i+1, j-1 {
				page.Activities[i], page.Activities[j] = page.Activities[j], page.Activities[i]
			}
		}
		return r.Page(200, calendarPage(r, page))
	}
}
