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

// part is a page of the activity, as the line shows it.
type part struct {
	Path, Label string
	Here        bool
}

// line names the pages of an activity. Here is the pattern of the present page, or of the
// one above it.
func line(r *web.Request, parts Parts, a programme.Activity, here string) (out []part) {
	if parts == nil {
		return nil
	}
	for _, p := range parts(r, a) {
		out = append(out, part{strings.ReplaceAll(p.Path, "{slug}", a.Slug), r.Say.T(p.Key), p.Path == here})
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
