package writing

import (
	"net/url"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/programme"
)

// Form is what a page of forms shows: the values as they are stored, or as
// they were just typed.
type Form struct {
	url.Values
	Fault *fault.Error
	Stale programme.Stale
}

// PutText puts a text into its three fields, "title_ky" and so on.
func (f Form) PutText(name string, t i18n.Text) {
	for _, l := range i18n.Languages {
		f.Set(name+"_"+string(l), t.Exactly(l))
	}
}

// Read gives a text of its three fields.
func Read(v url.Values, name string) i18n.Text {
	in := func(l i18n.Language) string { return strings.TrimSpace(v.Get(name + "_" + string(l))) }
	return i18n.Text{Ky: in(i18n.Kyrgyz), Ru: in(i18n.Russian), En: in(i18n.English)}
}

// Version is the version that the person saw who sends a form, 0 for none.
func Version(v url.Values) int64 {
	n, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// Languages are offered as choices, as an activity is held in them.
func Languages(r *web.Request) []kit.Item {
	var out []kit.Item
	for _, l := range i18n.Languages {
		out = append(out, kit.Item{Value: string(l), Label: r.Say.T("programme.language." + string(l))})
	}
	return out
}
