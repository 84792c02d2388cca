package seminars

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
)

// filters are the parts of an address that narrow the list.
var filters = slices.Concat([]string{"state"}, profile.Parts(), []string{"reconfirm"})

func (w Wanted) of(by string) string {
	switch by {
	case "state":
		return w.State
	case "reconfirm":
		return w.Reconfirm
	}
	return w.Parts[by]
}

// wanted reads the filters of an address.
func wanted(r *web.Request) Wanted {
	get := func(name string) string {
		v := r.URL.Query().Get(name)
		if len(v) > 100 {
			return ""
		}
		return v
	}
	w := Wanted{State: get("state"), Parts: map[string]string{}, Reconfirm: get("reconfirm"), Search: strings.TrimSpace(get("q"))}
	for _, by := range profile.Parts() {
		if v := get(by); v != "" {
			w.Parts[by] = v
		}
	}
	return w
}

// query writes the filters as an address does, one of them changed.
func (w Wanted) query(change, to string) string {
	v := url.Values{}
	for _, by := range filters {
		if s := w.of(by); s != "" && by != change {
			v.Set(by, s)
		}
	}
	if w.Search != "" {
		v.Set("q", w.Search)
	}
	if change != "" && to != "" {
		v.Set(change, to)
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

func (d selectionData) with(by, v string) string {
	return staffPath(d.Activity, "/applicants") + d.Wanted.query(by, v)
}

func (d selectionData) here() string { return d.with("", "") }

func (d selectionData) pagePath(page int) string { return d.with("page", strconv.Itoa(page)) }

// states counts the applicants in each state, for the links.
func (d selectionData) states() []Share {
	n := map[State]int{}
	for _, a := range d.All {
		n[a.State]++
	}
	var out []Share
	for _, s := range States {
		if n[s] > 0 || d.Wanted.State == string(s) {
			out = append(out, Share{Value: string(s), All: n[s]})
		}
	}
	return out
}

// about gives the few words by which a coordinator chooses.
func about(r *web.Request, a Applicant) string {
	var words []string
	for _, name := range []profile.Name{profile.Sex, profile.AgeBand, profile.City, profile.Group} {
		if v := a.Details.First(name); v != "" {
			words = append(words, profile.Of(name).Word(r.Say, v))
		}
	}
	if a.Details.Village != "" {
		words = append(words, a.Details.Village)
	}
	if a.Details.Organisation != "" {
		words = append(words, a.Details.Organisation)
	}
	return strings.Join(words, " · ")
}
