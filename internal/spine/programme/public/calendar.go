package public

import (
	"context"
	"net/url"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
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
	Pins       []pin
	Now        time.Time
	Month      time.Time
	Weeks      [][]day
}

// day is one cell of the month.
type day struct {
	Date       time.Time
	In         bool // belongs to the month
	Today      bool
	Activities []Activity
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
			page.Now, page.Activities = tx.Now, nil
			for _, a := range all {
				if a.Starts.IsZero() || view == "list" && (c.When == "past") != a.Past(tx.Now) {
					continue
				}
				page.Activities = append(page.Activities, a)
			}
			return nil
		})
		if err != nil {
			return err
		}
		switch {
		case view == "map":
			page.Pins = pins(profile.Said(r.Say), r.Lang, page.Activities, page.Now)
		case view == "month":
			page.Month = month(c.Month, page.Now)
			page.Weeks = weeks(page.Month, page.Now, page.Activities)
		case c.When == "past": // the latest first
			for i, j := 0, len(page.Activities)-1; i < j; i, j = i+1, j-1 {
				page.Activities[i], page.Activities[j] = page.Activities[j], page.Activities[i]
			}
		}
		return r.Page(200, calendarPage(r, page))
	}
}

// weeks lays a month out by weeks from Monday to Sunday.
func weeks(first, now time.Time, all []Activity) [][]day {
	start := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
	var out [][]day
	for w := start; w.Before(first.AddDate(0, 1, 0)); w = w.AddDate(0, 0, 7) {
		var week []day
		for i := range 7 {
			d := day{Date: w.AddDate(0, 0, i)}
			d.In = d.Date.Month() == first.Month()
			d.Today = sameDay(d.Date, now)
			for _, a := range all {
				if sameDay(a.Starts, d.Date) {
					d.Activities = append(d.Activities, a)
				}
			}
			week = append(week, d)
		}
		out = append(out, week)
	}
	return out
}

func sameDay(a, b time.Time) bool {
	return a.In(programme.Bishkek).Format(time.DateOnly) == b.In(programme.Bishkek).Format(time.DateOnly)
}

// month gives the first day of the month that s names (2026-11), else of now.
func month(s string, now time.Time) time.Time {
	if t, err := time.ParseInLocation("2006-01", s, programme.Bishkek); err == nil {
		return t
	}
	now = now.In(programme.Bishkek)
	return time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, programme.Bishkek)
}
