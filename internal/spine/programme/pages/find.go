package pages

import (
	"context"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// find finds activities by title, city, address and day: to be edited by who plans them,
// else as everybody sees them. What is none of hers is not found.
func (s *Service) find(ctx context.Context, tx *storage.Tx, r *web.Request, sought module.Sought) (out module.Found, err error) {
	list, err := programme.All(ctx, tx, programme.Filter{})
	if err != nil {
		return out, err
	}
	nearestFirst(list, tx.Now)
	for _, a := range list {
		if !sought.InText(a.Title, names(profile.Said(r.Say), a)...) {
			continue
		}
		path := "/plan/" + a.Slug
		if !r.Actor.May(programme.MayPlan, a.Scope()) {
			path = "/events/" + a.Slug
			if _, err := s.programme.See(ctx, tx, r.Actor, a.Slug); fault.Is(err, fault.NotFound) {
				continue
			} else if err != nil {
				return out, err
			}
		}
		out.Add(sought, module.Hit{Title: a.Title.In(r.Lang), Lang: a.Title.Written(r.Lang), About: about(r, a), Path: path})
	}
	out.All = "/events"
	if r.Actor.MaySomewhere(programme.MayPlan) {
		out.All = "/plan"
	}
	return out, nil
}

// names are the words beside its title by which an activity is looked for.
func names(lists *profile.Lists, a programme.Activity) []string {
	out := []string{a.Slug}
	for _, l := range i18n.Languages {
		if a.City != "" {
			out = append(out, a.CityName(lists, l))
		}
		if !a.Starts.IsZero() {
			out = append(out, i18n.DayMonth(l, a.Starts))
		}
		out = append(out, a.Venue.Exactly(l), a.Subject.Exactly(l))
	}
	return out
}

func about(r *web.Request, a programme.Activity) string {
	out := []string{r.Say.T("programme.kind." + a.Kind)}
	if a.City != "" {
		out = append(out, a.CityName(profile.Said(r.Say), r.Lang))
	}
	if !a.Starts.IsZero() {
		out = append(out, i18n.Date(r.Lang, a.Starts))
	}
	switch a.State {
	case programme.Draft:
		out = append(out, r.Say.T("programme.find.draft"))
	case programme.Cancelled:
		out = append(out, r.Say.T("programme.find.cancelled"))
	}
	return strings.Join(out, ", ")
}

// nearestFirst puts what is to come before what is over, each the nearest first.
func nearestFirst(list []programme.Activity, now time.Time) {
	slices.SortStableFunc(list, func(a, b programme.Activity) int {
		switch over, other := a.Past(now), b.Past(now); {
		case over && !other:
			return 1
		case other && !over:
			return -1
		case over:
			return b.Starts.Compare(a.Starts)
		}
		return a.Starts.Compare(b.Starts)
	})
}
