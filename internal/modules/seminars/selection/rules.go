package selection

import (
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/science/lottery"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
)

// Rules say how a selection shall look.
type Rules struct {
	Seats    int     `json:"seats"`              // in all, with those that are held already
	AtMost   int     `json:"at_most,omitempty"`  // of those who belong together; 0: no limit
	Together string  `json:"together,omitempty"` // who belongs together: ByOrganisation, ByContact
	Quotas   []Quota `json:"quotas,omitempty"`
}

// Same reports whether two sets of rules ask for the same.
func (r Rules) Same(other Rules) bool {
	return r.Seats == other.Seats && r.AtMost == other.AtMost && r.Together == other.Together && slices.Equal(r.Quotas, other.Quotas)
}

// Quota says how many of the selected shall have a value.
type Quota struct {
	By    string `json:"by"`    // a part of the profile, or a question
	Value string `json:"value"` // a code, a village, an option of the question
	Min   int    `json:"min"`
	Max   int    `json:"max"` // lottery.NoLimit: none
}

// Who belongs together.
const (
	ByOrganisation = "organisation" // as they wrote it, however it is spelt
	ByContact      = "contact"      // an address or a number in common
)

// Bounds of the rules.
const (
	MostQuotas = 40
	MostSeats  = 10_000
	mostAtMost = 100
)

// asked is before the key of a question in Quota.By.
const asked = "question:"

// Question gives the key of the question that a quota counts by.
func (q Quota) Question() (key string, ok bool) { return strings.CutPrefix(q.By, asked) }

// name is the category of a quota in the lottery: each quota has one of its own, so that
// one who gave several answers is in several.
func (q Quota) name() string { return q.By + "=" + q.Value }

// field is the input of a quota on a page.
func field(what string, i int) string { return what + "_" + strconv.Itoa(i) }

// fields of a person by which quotas count, beside the parts of the profile.
var alsoBy = []profile.Name{profile.Level, profile.Village}

// fieldOf gives the field of a person that a quota counts by; ok is false for a question.
func fieldOf(by string) (profile.Field, bool) {
	if f, ok := profile.Counted(by); ok {
		return f, true
	}
	for _, name := range alsoBy {
		if string(name) == by {
			return profile.Of(name), true
		}
	}
	return profile.Field{}, false
}

// ownFields are all fields by which quotas count.
func ownFields() []string {
	out := profile.Parts()
	for _, name := range alsoBy {
		out = append(out, string(name))
	}
	return out
}

// check judges rules by themselves; form is what applicants are asked.
func (r Rules) check(form forms.Form) error {
	var f fault.Form
	within := func(name string, n, least, most int) {
		f.Check(n >= least && n <= most, name, "forms.fault.range", fault.Args{"min": least, "max": most})
	}
	within("seats", r.Seats, 1, MostSeats)
	within("at_most", r.AtMost, 0, mostAtMost)
	switch r.Together {
	case ByOrganisation, ByContact:
	case "":
		f.Check(r.AtMost == 0, "together", "forms.fault.choice")
	default:
		f.Add("together", "forms.fault.choice")
	}
	if len(r.Quotas) > MostQuotas {
		return fault.New(fault.Invalid, "seminars.selection.fault.many", fault.Args{"count": MostQuotas})
	}
	seen := map[string]bool{}
	for i, q := range r.Quotas {
		_, own := fieldOf(q.By)
		if key, is := q.Question(); is {
			question, there := form.Question(key)
			own = there && (question.Kind == forms.AskChoice || question.Kind == forms.AskMany)
		}
		f.Check(own && q.Value != "" && len(q.Value) <= 200 && len(q.By) <= 100 && !seen[q.By+"="+alike(q.By, q.Value)], field("min", i), "forms.fault.choice")
		seen[q.By+"="+alike(q.By, q.Value)] = true
		within(field("min", i), q.Min, 0, MostSeats)
		if q.Max != lottery.NoLimit {
			f.Check(q.Max >= q.Min && q.Max <= MostSeats, field("max", i), "forms.fault.range", fault.Args{"min": q.Min, "max": MostSeats})
		}
	}
	return f.Err()
}

// may is who asks.
type may = access.Actor

// allowed refuses who may not select for an activity.
func allowed(actor may, a seats.Activity) error {
	if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return nil
}
