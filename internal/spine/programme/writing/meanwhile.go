package writing

import (
	"hash/fnv"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
)

// chosen are the fields whose values are codes and no words.
var chosen = []string{"city", "group", "languages", "facilitator", "online", "invitation_only", "next_day", "all_day", "audience", "language", "iso", "posted", "pictured"}

// seen is the field that carries what the page showed when it was drawn: of each field a
// sum of its values.
const seen = "seen"

// Seen is what goes with the form so that Again can tell what she has changed.
func (f Form) Seen() string {
	if f.Has(seen) {
		return f.Get(seen)
	}
	sums := url.Values{}
	for name, values := range f.Values {
		if name != "version" {
			sums.Set(name, sum(values))
		}
	}
	return sums.Encode()
}

// sum tells values apart, however a browser writes them.
func sum(values []string) string {
	list := folded(values)
	if len(list) == 0 {
		return ""
	}
	h := fnv.New64a()
	for _, v := range list {
		_, _ = h.Write([]byte(v)) // never fails, by its documentation
		_, _ = h.Write([]byte{0})
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// Again gives a form that was refused: what was typed stays. Where somebody else was
// faster, a field that she left as she saw it shows what stands there now, and one that
// she wrote keeps it and says so; the form carries the version of now, so that saving
// again is a decision about what she has seen.
func Again(typed url.Values, f *fault.Error, now Form) Form {
	again := Form{Values: typed, Fault: f, Stale: now.Stale}
	if f.Key != "programme.fault.changed_meanwhile" {
		return again
	}
	meanwhile := *f
	before, err := url.ParseQuery(typed.Get(seen))
	if err != nil { // nothing is known of what she saw: then all of it is hers
		before = nil
	}
	names := maps.Clone(now.Values)
	for name := range before {
		names[name] = now.Values[name]
	}
	for name, values := range names {
		code := slices.Contains(chosen, name)
		is, wrote := folded(values), folded(typed[name])
		switch {
		case name == "version" || !typed.Has(name) && !code || slices.Equal(is, wrote):
		case before.Has(name) && before.Get(name) == sum(typed[name]):
			again.Values[name] = values
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
	again.Set(seen, now.Seen())
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
