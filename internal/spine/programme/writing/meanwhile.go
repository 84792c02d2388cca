package writing

import (
	"net/url"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
)

// chosen are the fields whose values are codes and no words.
var chosen = []string{"city", "group", "languages", "facilitator", "online", "invitation_only", "next_day", "audience", "language"}

// Again gives a form that was refused: what was typed stays. Where somebody else was
// faster, each field that differs says what stands there now, and the form carries the
// version of now, so that saving again is a decision about what she has seen.
func Again(typed url.Values, f *fault.Error, now Form) Form {
	again := Form{Values: typed, Fault: f, Stale: now.Stale}
	if f.Key != "programme.fault.changed_meanwhile" {
		return again
	}
	meanwhile := *f
	for name := range now.Values {
		code := slices.Contains(chosen, name)
		is, wrote := folded(now.Values[name]), folded(typed[name])
		switch {
		case name == "version" || !typed.Has(name) && !code || slices.Equal(is, wrote):
		case code:
			meanwhile.Fields = append(meanwhile.Fields, fault.At(name, "programme.fault.differs_now"))
		case len(is) == 0:
			meanwhile.Fields = append(meanwhile.Fields, fault.At(name, "programme.fault.empty_now"))
		default:
			meanwhile.Fields = append(meanwhile.Fields, fault.At(name, "programme.fault.field_now", fault.Args{"now": now.Get(name)}))
		}
	}
	slices.SortFunc(meanwhile.Fields, func(a, b *fault.Error) int { return strings.Compare(a.Field, b.Field) })
	again.Fault = &meanwhile
	again.Set("version", now.Get("version"))
	return again
}

// folded gives values without what a browser writes its own way.
func folded(values []string) (out []string) {
	for _, v := range values {
		if v = strings.Join(strings.Fields(v), " "); v != "" {
			out = append(out, v)
		}
	}
	slices.Sort(out)
	return out
}
