package results

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/gate"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/share"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var texts embed.FS

// See is the permission to see numbers that are not protected, down to one person.
const See access.Permission = "results.see"

// First is the permission of those whose first page are the results: the donor's.
const First access.Permission = "results.first"

// Module shows results.
type Module struct {
	Store *storage.Store
	Cards *share.Cards
	// Words are the texts of a language, for files; nil: those of the request.
	Words func(i18n.Language) *i18n.Printer

	kept *gate.Once // files, since they are made for many
	// House has the manifests whose kinds of facts are shown, in the order of the columns.
	House *module.House
}

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	m.kept = newKept()
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:        "results",
		Texts:       text,
		Built:       built(),
		Permissions: map[access.Permission][]access.Role{See: {access.Coordinator, access.Admin}, First: {access.Donor}},
		First:       module.FirstPage{Path: resultsPath, Needs: First},
		Home:        m.part(onHome),
		PressFacts:  m.part(forPress),
		Open:        m.open,
		Appears:     map[string]module.Appears{resultsPath: m.any},
		Jobs:        []jobs.Kind{{Name: ReleaseJob, Text: "results.job.release", Lane: jobs.Heavy, Limit: 10 * time.Minute, Attempts: 10, Do: m.night}},
		Start:       PlanNight,
		Demo:        module.Demo{Order: 600, Seed: func(ctx context.Context, _ module.Stage) error { return m.MakeReleases(ctx) }},
		Routes: []web.Route{
			{Method: "GET", Pattern: "/numbers", Needs: See, Handler: m.numbers},
			{Method: "GET", Pattern: "/numbers/facts", Needs: See, Handler: m.facts},
			{Method: "POST", Pattern: "/numbers/export", Needs: See, Handler: m.export, Danger: true},
			{Method: "GET", Pattern: resultsPath, Needs: access.Public, Handler: m.results, Shared: true},
			{Method: "GET", Pattern: resultsPath + "/share.png", Needs: access.Public, Handler: m.card, Raw: true, Shared: true},
			{Method: "GET", Pattern: resultsPath + ".csv", Needs: access.Public, Handler: m.send(allFiles[1]), Raw: true},
			{Method: "GET", Pattern: resultsPath + ".xlsx", Needs: access.Public, Handler: m.send(allFiles[0]), Raw: true},
			{Method: "GET", Pattern: resultsPath + ".pdf", Needs: access.Public, Handler: m.send(allFiles[2]), Raw: true},
			{Method: "GET", Pattern: "/api/v1/results", Needs: access.Public, Handler: m.api, Raw: true},
		},
		Nav: []web.NavItem{
			{Key: "results.release.title", Path: resultsPath, Needs: access.Public, Order: 850, Group: web.Everybody},
			{Key: "results.nav", Path: "/numbers", Needs: See, Order: 500, Group: web.Reporting, Icon: web.BarsIcon},
		},
	}
}
