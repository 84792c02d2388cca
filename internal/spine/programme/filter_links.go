package programme

import (
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
)

// filterLink is one choice of a filter.
type filterLink struct {
	Label, Value string
}

func kindLinks(r *web.Request) []filterLink {
	out := []filterLink{{r.Say.T("programme.filter.all"), ""}}
	for _, k := range []string{Seminar, Discussion, Brainstorm} {
		out = append(out, filterLink{r.Say.T("programme.kind." + k), k})
	}
	return out
}

func groupLinks(r *web.Request) []filterLink {
	out := []filterLink{{r.Say.T("programme.filter.all"), ""}}
	for _, g := range profile.Of(profile.Group).Named() {
		out = append(out, filterLink{forWhom(r, g), g})
	}
	return out
}

func cityLinks(r *web.Request) []filterLink {
	out := []filterLink{{r.Say.T("programme.filter.all"), ""}}
	for _, c := range AllCities() {
		out = append(out, filterLink{c.Name.In(r.Lang), c.Key})
	}
	return out
}

// forWhom names the people that an activity is for, all when no group is given.
func forWhom(r *web.Request, group string) string {
	if group == "" {
		return r.Say.T("programme.group.all")
	}
	return profile.Of(profile.Group).Many(r.Say, group)
}
