package public

import (
	"context"
	"strings"

	ics "github.com/arran4/golang-ical"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// calendarFeed answers /calendar.ics: everything public with a date.
func (s *Service) calendarFeed(r *web.Request) error {
	l := feedLanguage(r)
	var all []Activity
	var name string
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		name = p.Name.In(l)
		all, err = ForStrangers(ctx, tx, programme.Filter{})
		return err
	})
	if err != nil {
		return err
	}
	entries := make([]programme.Activity, len(all))
	for i, a := range all {
		entries[i] = a.activity
	}
	return sendCalendar(r, "public, max-age=300", Calendar(l, name, r.Site.PublicURL, entries))
}

// activityFeed answers /events/{slug}.ics.
func (s *Service) activityFeed(r *web.Request) error {
	l := feedLanguage(r)
	var a programme.Activity
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		a, err = s.programme.See(ctx, tx, r.Actor, r.PathValue("slug"))
		return err
	})
	if err != nil {
		return err
	}
	if a.State == programme.Draft || a.Starts.IsZero() {
		return programme.UnknownActivity()
	}
	keep := "public, max-age=300"
	if a.InvitationOnly {
		keep = "private, no-store"
	}
	r.W.Header().Set("Content-Disposition", `attachment; filename="`+a.Slug+`.ics"`)
	return sendCalendar(r, keep, Calendar(l, a.Title.In(l), r.Site.PublicURL, []programme.Activity{a}))
}

func feedLanguage(r *web.Request) i18n.Language {
	if l, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
		return l
	}
	return r.Lang
}

func sendCalendar(r *web.Request, keep, text string) error {
	r.W.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	r.W.Header().Set("Cache-Control", keep)
	_, err := r.W.Write([]byte(text))
	return err
}

// Calendar writes activities as iCalendar (RFC 5545). Instants are in UTC, so
// that no client needs our zone; the UID of an activity never changes, and its
// SEQUENCE grows with each change.
func Calendar(l i18n.Language, name, publicURL string, all []programme.Activity) string {
	c := ics.NewCalendar()
	c.SetProductId("-//Ashar//Calendar//" + strings.ToUpper(string(l)))
	c.SetMethod(ics.MethodPublish)
	c.SetXWRCalName(name)
	c.SetXWRTimezone("Asia/Bishkek")
	c.SetRefreshInterval("PT6H")
	for _, a := range all {
		if a.Starts.IsZero() {
			continue
		}
		e := c.AddEvent(a.ID.String() + "@ashar")
		e.SetDtStampTime(a.Changed.UTC())
		e.SetCreatedTime(a.Made.UTC())
		e.SetModifiedAt(a.Changed.UTC())
		e.SetSequence(int(a.Version - 1))
		if i18n.AllDay(a.Starts, a.Ends) { // a date has no zone: it is the day in Bishkek
			e.SetAllDayStartAt(a.Starts.In(programme.Bishkek))
			e.SetAllDayEndAt(a.Ends.In(programme.Bishkek))
		} else {
			e.SetStartAt(a.Starts.UTC())
			e.SetEndAt(a.Ends.UTC())
		}
		e.SetSummary(a.Title.In(l))
		e.SetDescription(a.Summary.In(l))
		if place := strings.Trim(a.Venue.In(l)+", "+a.Address.In(l), ", "); place != "" && !a.Online {
			e.SetLocation(place)
			if a.Lat != 0 || a.Lon != 0 {
				e.SetGeo(a.Lat, a.Lon)
			}
		}
		e.SetURL(publicURL + "/" + string(l) + "/events/" + a.Slug)
		e.SetStatus(ics.ObjectStatusConfirmed)
		if a.State == programme.Cancelled {
			e.SetStatus(ics.ObjectStatusCancelled)
		}
	}
	return c.Serialize(ics.WithNewLineWindows)
}
