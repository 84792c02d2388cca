package seminars

import (
	"net/url"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
)

// filters are the parts of an address that narrow the list.
var filters = []string{"state", "sex", "city", "age", "group", "reconfirm"}

func (w Wanted) of(by string) string {
	switch by {
	case "state":
		return w.State
	case "sex":
		return w.Sex
	case "city":
		return w.City
	case "age":
		return w.Age
	case "group":
		return w.Group
	case "reconfirm":
		return w.Reconfirm
	}
	return ""
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
	return Wanted{
		State: get("state"), Sex: get("sex"), City: get("city"), Age: get("age"), Group: get("group"),
		Reconfirm: get("reconfirm"), Search: strings.TrimSpace(get("q")),
	}
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
	for _, f := range [...][2]string{
		{"sex", a.Details.Sex}, {"age", a.Details.AgeBand}, {"city", a.Details.City}, {"group", a.Details.Group},
	} {
		if f[1] != "" {
			words = append(words, valueWord(r.Say, f[0], f[1]))
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

// answerWords gives an answer in words, empty when there is none.
func answerWords(r *web.Request, q Question, a Answers) string {
	return q.words(r.Say, a.Values[q.Key])
}

// words joins the values of an answer, those that were chosen in their words.
func (q Question) words(say *i18n.Printer, values []string) string {
	words := make([]string, len(values))
	for i, v := range values {
		if words[i] = v; q.Kind.chosen() {
			words[i] = q.word(say, v)
		}
	}
	return strings.Join(words, ", ")
}

// targetFields are the shares that an organiser may wish.
var targetFields = []struct{ by, value string }{
	{"sex", "female"},
	{"sex", "male"},
	{"age", "14-17"},
	{"age", "18-24"},
	{"age", "25-34"},
	{"age", "35-44"},
	{"age", "45-59"},
	{"age", "60+"},
	{"group", "deputies"},
	{"group", "activists"},
	{"group", "media"},
	{"group", "other"},
}

func targetText(t Targets, by, value string) string {
	if n, ok := t[by][value]; ok {
		return strconv.Itoa(n)
	}
	return ""
}
