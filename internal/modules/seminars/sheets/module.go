package sheets

import (
	"embed"
	"io/fs"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
)

//go:embed text/*.json
var texts embed.FS

// Module is the sheets of the activities.
type Module struct {
	*seats.Service
	Parts head.Parts                        // the pages of an activity, of all rooms
	Words func(i18n.Language) *i18n.Printer // the texts of a language, for sheets in another than the page's
}

const printPath = "/staff/seminars/{slug}/print"

// OnBadge is the consent to a badge that names her organisation.
const OnBadge = "sheets.organisation"

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:  "sheets",
		Texts: text,
		Built: []i18n.Built{
			{Keys: "sheets.kind.*", Of: i18n.Words(kinds[:]...), Why: "the sheets"},
			{Keys: "sheets.about.*", Of: i18n.Words(kinds[:]...), Why: "what each sheet is for"},
			{Keys: OnBadge, Why: "no text: the purpose of a consent"},
			{Keys: "sheets.column.*", Of: []string{
				"number", "name", "city", "organisation", "sex", "state", "days", "allowance", "fare", "total", "signature", "answer", "day", "wording",
			}, Why: "the heads of the tables"},
			{Keys: "sheets.paid.*", Of: []string{whenPlanned, whenCame}, Why: "which days are paid"},
		},
		Routes: []web.Route{
			{Method: "GET", Pattern: printPath, Needs: seats.MaySelect, Handler: m.show},
			{Method: "POST", Pattern: printPath + ".pdf", Needs: seats.MaySelect, Handler: m.send, Danger: true, Fresh: printPath, Rate: web.Rate{Count: 60, Per: time.Hour}},
			{Method: "POST", Pattern: printPath + "/amounts", Needs: seats.MaySetUp, Handler: m.takeAmounts},
			{Method: "POST", Pattern: printPath + "/fare", Needs: seats.MaySetUp, Handler: m.takeFare},
		},
		Event: []module.EventPart{{
			NavItem: web.NavItem{Key: "sheets.title", Path: printPath, Needs: seats.MaySelect, Order: 550},
			Under:   module.Papers,
			Of:      func(a programme.Activity) bool { return a.Kind == programme.Seminar || a.Capacity > 0 },
		}},
		Consents: []module.Consent{{Purpose: OnBadge, Text: "sheets.consent"}},
		Merge:    mergeFares,
		Erase:    eraseFares,
		Export:   m.exportFares,
		Reads:    map[string]string{"fares:": "sheets.kept.fares", "fares.Som:": "sheets.kept.som"},
	}
}
