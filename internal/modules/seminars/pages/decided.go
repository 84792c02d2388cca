package pages

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// decided is on whom it was just decided. The address that leads to the page holds ids alone;
// what stands of each on the page is what is now.
type decided struct {
	List   []seats.Applicant // at most mostDecided
	Others int               // beyond these
	ByHand bool              // put into the selection or out of it, and not moved
}

// mostDecided bounds how many are named.
const mostDecided = 12

// withDecided adds to a path on whom it was decided.
func withDecided(path string, list []storage.ID, hand bool) string {
	if len(list) == 0 {
		return path
	}
	ids := make([]string, min(len(list), mostDecided))
	for i := range ids {
		ids[i] = list[i].String()
	}
	v := url.Values{"done": {strings.Join(ids, ".")}}
	if more := len(list) - len(ids); more > 0 {
		v.Set("more", strconv.Itoa(more))
	}
	if hand {
		v.Set("hand", "yes")
	}
	sign := "?"
	if strings.Contains(path, sign) {
		sign = "&"
	}
	return path + sign + v.Encode()
}

// readDecided reads it; whoever is not among the applicants is left out.
func readDecided(r *web.Request, all []seats.Applicant) (out decided) {
	v := r.URL.Query()
	for _, text := range strings.SplitN(v.Get("done"), ".", mostDecided+1) {
		id, err := storage.ParseID(text)
		i := slices.IndexFunc(all, func(a seats.Applicant) bool { return err == nil && a.ID == id })
		if i >= 0 && len(out.List) < mostDecided && !slices.ContainsFunc(out.List, func(a seats.Applicant) bool { return a.ID == id }) {
			out.List = append(out.List, all[i])
		}
	}
	if n, err := strconv.Atoi(v.Get("more")); err == nil && n > 0 && n <= 2*seats.MostAtOnce {
		out.Others = n
	}
	out.ByHand = v.Get("hand") != ""
	return out
}

// marked are those of the decided who are put in or out by hand, which can be taken back.
func (d selectionData) marked() (out []seats.Applicant) {
	for _, a := range d.Done.List {
		if _, is := d.Table.Mark(a.ID); d.Done.ByHand && is {
			out = append(out, a)
		}
	}
	return out
}

// decidedWords say what is of one now.
func (d selectionData) decidedWords(r *web.Request, a seats.Applicant) string {
	if !d.Done.ByHand {
		return r.Say.T("seminars.state." + string(a.State))
	}
	put := selection.Free
	if v, is := d.Table.Mark(a.ID); is {
		put = v.Put
	}
	return r.Say.T("seminars.selection.put." + string(put))
}

// needs reports whether a reason is needed to move an applicant, or whoever comes only with
// her, to a state.
func (d selectionData) needs(a seats.Applicant, to seats.State) bool {
	if seats.NeedsReason(a.State, to, d.Rulings[a.ID]) {
		return true
	}
	if a.With.IsZero() {
		return false
	}
	o, paired := d.besides(a)
	return paired && o.State != to && seats.NeedsReason(o.State, to, d.Rulings[o.ID])
}

// mayNeed reports whether there is anybody whom a reason may be needed to move.
func (d selectionData) mayNeed() bool {
	return slices.ContainsFunc(d.List, func(a seats.Applicant) bool {
		return slices.ContainsFunc(decisions, func(to seats.State) bool { return a.State.MayBecome(to) && d.needs(a, to) })
	})
}

// whyHelp says when a reason is needed: always for what a hand decides, and for whom it may be.
func (d selectionData) whyHelp(r *web.Request) string {
	if d.mayNeed() {
		return r.Say.T("seminars.select.why.some")
	}
	return r.Say.T("seminars.selection.why.help")
}

// decisions are what staff decide, in the order of the buttons.
var decisions = []seats.State{seats.Shortlisted, seats.Invited, seats.Waitlisted, seats.Declined, seats.Applied}

// moves are what may be decided on the application, apart by whether a reason is needed.
func (d applicantData) moves() (gives, takes []seats.State) {
	a := d.In.one(d.Applicant.ID)
	for _, to := range decisions {
		switch {
		case !a.State.MayBecome(to):
		case d.In.needs(a, to):
			takes = append(takes, to)
		default:
			gives = append(gives, to)
		}
	}
	return gives, takes
}

// typed is the reason that was typed and not taken, in the form of some decisions.
func (d applicantData) typed(list []seats.State) string {
	if slices.Contains(list, d.To) {
		return d.MoveWhy
	}
	return ""
}

// neededField is the field of a reason on the page of one application where one is needed.
const neededField = "needed"

// atField is a fault at another field than the one at which the use case tells it.
func atField(f *fault.Error, from, to string) *fault.Error {
	if f == nil || f.Field != from {
		return f
	}
	out := *f
	out.Field = to
	return &out
}
