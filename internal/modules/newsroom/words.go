package newsroom

import (
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// lags tells since when a text of the release is behind in a language; zero when none is.
func (r Release) lags(l i18n.Language) (since time.Time) {
	for _, name := range names {
		if at := r.Texts.Stale.Since(name, l); !at.IsZero() && (since.IsZero() || at.Before(since)) {
			since = at
		}
	}
	return since
}

// languageList names the languages in which a release can be read, with a star for those
// that lag behind.
func languageList(r Release) string {
	var out []string
	for _, l := range r.Languages() {
		name := kit.LanguageName(l)
		if !r.lags(l).IsZero() {
			name += " *"
		}
		out = append(out, name)
	}
	if len(out) == 0 {
		return "–"
	}
	return strings.Join(out, ", ")
}

func editorTitle(r *web.Request, p editorPage) string {
	if p.Release.ID.IsZero() {
		return r.Say.T("newsroom.desk.new")
	}
	return p.Release.Texts.Title.In(r.Lang)
}

func editorAction(p editorPage) string {
	if p.Release.ID.IsZero() {
		return "/staff/news/new"
	}
	return p.Release.deskPath()
}

func kindItems(r *web.Request) (out []kit.Item) {
	for _, k := range Kinds {
		out = append(out, kit.Item{Value: string(k), Label: r.Say.T("newsroom.kind." + string(k))})
	}
	return out
}

func activityItems(r *web.Request, p editorPage) (out []kit.Item) {
	if p.Anywhere {
		out = append(out, kit.Item{Label: r.Say.T("newsroom.desk.no_activity")})
	}
	for _, a := range p.Activities {
		out = append(out, kit.Item{Value: a.ID.String(), Label: a.Title.In(r.Lang) + a.AndDay(r.Lang)})
	}
	return out
}

// digitsOf gives a number as a link dials it.
func digitsOf(phone string) string { return strings.ReplaceAll(phone, " ", "") }
