package seminars

import (
	"context"
	"embed"
	"io/fs"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/live"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
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

// Messenger sends what the module has to say to a person.
type Messenger interface {
	Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error
}

// Module is the seminars of a programme.
type Module struct {
	Store     *storage.Store
	People    *people.Service
	Calendar  Calendar        // nil: that of the programme
	Messages  Messenger       // nil: nothing is sent
	Chats     Chats           // nil: there is no bot to connect
	Live      *live.Bus       // nil: pages are read anew by hand
	Closing   <-chan struct{} // closed when the house closes: open streams end
	PublicURL string
	Keys      *seal.Keyring // signs tickets
	Materials Materials     // nil: there are none
	Effort    *effort.Guard // nil: a rush is not slowed

	seat func(ctx context.Context, tx *storage.Tx, activity storage.ID) error      // a test's own guard, nil for the real one
	turn func(ctx context.Context, tx *storage.Tx, app, activity storage.ID) error // the same, of the door
	hold func(ctx context.Context, tx *storage.Tx, activity storage.ID) error      // the same, of a rush

	checked func() // told of each signature of a ticket that is checked, in tests
}

func (m *Module) takeTurn(ctx context.Context, tx *storage.Tx, app, activity storage.ID) error {
	if m.turn != nil {
		return m.turn(ctx, tx, app, activity)
	}
	return takeTurn(ctx, tx, app, activity)
}

func (m *Module) takeSeat(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	if m.seat != nil {
		return m.seat(ctx, tx, activity)
	}
	return takeSeat(ctx, tx, activity)
}

func (m *Module) calendar() Calendar {
	if m.Calendar == nil {
		return programmeCalendar{}
	}
	return m.Calendar
}

func (m *Module) activityByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error) {
	return m.calendar().ByID(ctx, tx, id)
}

// The permissions.
const (
	MaySelect   access.Permission = "seminars.select"   // see applicants, choose, invite
	MaySetUp    access.Permission = "seminars.setup"    // form, seats, targets
	MayAdmit    access.Permission = "seminars.admit"    // stand at the door
	MayEnrol    access.Permission = "seminars.enrol"    // let phones scan at the door
	MayOverfill access.Permission = "seminars.overfill" // let people in though no seat is left
)

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
		Nav:   []web.NavItem{{Key: "seminars.nav", Path: "/staff/seminars", Needs: MaySelect, Order: 200}},
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
