package programme

import (
	"net/url"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// form is what a page of forms shows: the values as they are stored, or as
// they were just typed.
type form struct {
	url.Values
	Fault *fault.Error
	Stale Stale
}

func (f form) putText(name string, t i18n.Text) {
	for _, l := range i18n.Languages {
		f.Set(name+"_"+string(l), t.Exactly(l))
	}
}

func readText(v url.Values, name string) i18n.Text {
	in := func(l i18n.Language) string { return strings.TrimSpace(v.Get(name + "_" + string(l))) }
	return i18n.Text{Ky: in(i18n.Kyrgyz), Ru: in(i18n.Russian), En: in(i18n.English)}
}

// versionOf is the version that the person saw who sends a form, 0 for none.
func versionOf(v url.Values) int64 {
	n, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func languageItems(r *web.Request) []kit.Item {
	var out []kit.Item
	for _, l := range i18n.Languages {
		out = append(out, kit.Item{Value: string(l), Label: r.Say.T("programme.language." + string(l))})
	}
	return out
}
