package head

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// Parts gives the pages of an activity that somebody may open, as module.House.Event does.
type Parts func(r *web.Request, a programme.Activity) []module.EventPart

// Few is how many pages stand in one line without groups.
const Few = 5

// part is a page of the activity, as the lines show it.
type part struct {
	Path, Label string
	Here        bool
}

// group is what several pages are for.
type group struct {
	Label string
	Open  bool // the present page is among them
	Parts []part
}

// pagesOf are the pages of an activity that somebody may open.
type pagesOf struct {
	Groups []group
	Now    string // what the present page is called, with its group
}

// Alone reports whether so few pages are there that groups would hide more than they tell.
func (p pagesOf) Alone() bool { return len(p.Groups) == 1 && p.Groups[0].Label == "" }

// pages puts the pages of an activity into their groups. Here is the pattern of the present
// page, or of the one above it. A group of which nothing may be opened is left out.
func pages(r *web.Request, parts Parts, a programme.Activity, here string) (out pagesOf) {
	if parts == nil {
		return out
	}
	list := parts(r, a)
	for _, under := range module.EventGroups {
		g := group{Label: r.Say.T("programme.head.group." + string(under))}
		for _, p := range list {
			if p.Under != under {
				continue
			}
			one := part{strings.ReplaceAll(p.Path, "{slug}", a.Slug), r.Say.T(p.Key), p.Path == here}
			if one.Here {
				g.Open, out.Now = true, one.Label
			}
			g.Parts = append(g.Parts, one)
		}
		if len(g.Parts) == 1 {
			g.Label = g.Parts[0].Label
		}
		if len(g.Parts) > 0 {
			out.Groups = append(out.Groups, g)
		}
	}
	if len(list) <= Few {
		alone := group{Open: true}
		for _, g := range out.Groups {
			alone.Parts = append(alone.Parts, g.Parts...)
		}
		if len(alone.Parts) > 0 {
			out.Groups = []group{alone}
		}
		return out
	}
	for _, g := range out.Groups {
		if g.Open && len(g.Parts) > 1 {
			out.Now = g.Label + " · " + out.Now
		}
	}
	return out
}

// whenAndWhere says what is known of the day and the place in one line.
func whenAndWhere(r *web.Request, a programme.Activity) string {
	var words []string
	if a.Starts.IsZero() {
		words = append(words, r.Say.T("programme.head.no_day"))
	} else {
		words = append(words, kit.DateLongRange(r, a.Starts, a.Ends))
	}
	for _, w := range []string{a.CityName(profile.Said(r.Say), r.Lang), a.Venue.In(r.Lang)} {
		if w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " · ")
}
