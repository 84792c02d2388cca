package seminars

import (
	"context"
	"embed"
	"io/fs"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

//go:embed text/*.json
var texts embed.FS

// textFiles are ky.json, ru.json and en.json.
func textFiles() fs.FS {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		return texts
	}
	return text
}

// Manifest says what the module is made of.
func (m *Module) Manifest() module.Manifest {
	return module.Manifest{
		Name:   "seminars",
		Texts:  textFiles(),
		Built:  built(),
		Routes: slices.Concat(m.applicationRoutes(), m.doorRoutes(), m.doorSideRoutes()),
		Permissions: map[access.Permission][]access.Role{
			MaySelect:   {access.Coordinator, access.Admin},
			MaySetUp:    {access.Coordinator, access.Admin},
			MayAdmit:    {access.Facilitator, access.FrontDesk, access.Coordinator, access.Admin},
			MayEnrol:    {access.Facilitator, access.Coordinator, access.Admin},
			MayOverfill: {access.Facilitator, access.Coordinator, access.Admin},
		},
		Facts: []ledger.Kind{FactApplied, FactInvited, FactConfirmed, FactAttended},
		Counts: []module.Count{
			{Kind: FactApplied, Text: "seminars.count.applied"},
			{Kind: FactInvited, Text: "seminars.count.invited"},
			{Kind: FactConfirmed, Text: "seminars.count.confirmed"},
			{Kind: FactAttended, Text: "seminars.count.attended"},
		},
		Jobs:  m.jobs(),
		Nav:   []web.NavItem{{Key: "seminars.nav", Path: "/staff/seminars", Needs: MaySelect, Order: 200, Group: web.Events, Icon: web.HouseIcon}},
		Yours: []web.NavItem{{Key: "seminars.yours", Path: "/my/applications", Needs: access.Applied, Order: 100}},
		Today: func(ctx context.Context, tx *storage.Tx, r *web.Request) ([]module.Task, error) {
			door, err := m.doorTasks(ctx, tx, r)
			if err != nil {
				return nil, err
			}
			rest, err := m.tasks(ctx, tx, r.Actor)
			return append(door, rest...), err
		},
		TodayPanel: m.todayPanel,
		Panels: map[string]module.Panel{
			programme.Seminar: m.Panel, programme.Discussion: m.Panel,
		},
		Find:            m.finders(),
		ActivityChanged: m.ActivityChanged,
		Binds:           m.Binds,
		TakesPart:       m.TakesPart,
		Knows:           m.Knows,
		Mine:            m.myPanel,
		MyData:          m.myData,
		Merge:           m.merge,
		Proved:          m.Proved,
		Erase:           m.erase,
		Export:          m.export,
	}
}
