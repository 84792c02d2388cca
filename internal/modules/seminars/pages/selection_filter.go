package pages

import (
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/profile"
)

// filters are the parts of an address that narrow the list.
var filters = slices.Concat([]string{"state"}, profile.Parts(), []string{"reconfirm", "chosen", "tag", "unheard", "scored"})

// applicantsOf is what the address of the list may ask for.
func applicantsOf(r *web.Request) kit.ViewOf {
	return kit.ViewOf{Path: "/staff/seminars/" + r.PathValue("slug") + "/applicants", Filters: filters, Sorts: []string{"list", "score"}}
}

// wanted reads what a view asks for.
func wanted(v kit.View) seats.Wanted {
	w := seats.Wanted{State: v.Filter("state"), Parts: map[string]string{}, Reconfirm: v.Filter("reconfirm"), Search: strings.TrimSpace(v.Text)}
	for _, by := range profile.Parts() {
		if value := v.Filter(by); value != "" {
			w.Parts[by] = value
		}
	}
	return w
}

func (d selectionData) with(by, v string) string { return d.View.With(by, v) }

func (d selectionData) here() string { return d.View.To(staffPath(d.Activity, "/applicants")) }

func (d selectionData) pagePath(page int) string { return d.with("page", strconv.Itoa(page)) }

// states counts the applicants in each state, for the links.
func (d selectionData) states() []seats.Share {
	n := map[seats.State]int{}
	for _, a := range d.All {
		n[a.State]++
	}
	var out []seats.Share
	for _, s := range seats.States {
		if n[s] > 0 || d.Wanted.State == string(s) {
			out = append(out, seats.Share{Value: string(s), All: n[s]})
		}
	}
	return out
}

// about gives the few words by which a coordinator chooses; the group only where the
// activity is not for one alone.
func about(r *web.Request, to seats.Activity, a seats.Applicant) string {
	var words []string
	for _, name := range []profile.Name{profile.Sex, profile.AgeBand, profile.City, profile.Group} {
		if v := a.Details.First(name); v != "" && (name != profile.Group || v != to.Group) {
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
