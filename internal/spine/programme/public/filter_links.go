package public

import (
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// FilterLink is one choice of a filter.
type FilterLink struct {
	Label, Value string
}

func kindLinks(r *web.Request) []FilterLink {
	out := []FilterLink{{r.Say.T("programme.filter.all"), ""}}
	for _, k := range []string{programme.Seminar, programme.Discussion, programme.Brainstorm} {
		out = append(out, FilterLink{r.Say.T("programme.kind." + k), k})
	}
	return out
}

func groupLinks(r *web.Request) []FilterLink {
	out := []FilterLink{{r.Say.T("programme.filter.all"), ""}}
	for _, g := range profile.Of(profile.Group).Named(profile.Said(r.Say)) {
		out = append(out, FilterLink{ForWhom(r, g), g})
	}
	return out
}

// CityLinks are the choices of a city, all of them first.
func CityLinks(r *web.Request) []FilterLink {
	out := []FilterLink{{r.Say.T("programme.filter.all"), ""}}
	for _, c := range profile.Said(r.Say).Cities() {
		out = append(out, FilterLink{c.Now.Name.In(r.Lang), c.Code})
	}
	return out
}

// ForWhom names the people that an activity is for, all when no group is given.
func ForWhom(r *web.Request, group string) string {
	if group == "" {
		return r.Say.T("programme.group.all")
	}
	return profile.Of(profile.Group).Many(r.Say, group)
}
