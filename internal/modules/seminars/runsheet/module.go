package runsheet

import (
	"context"
	"embed"
	"io/fs"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/followup"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
)

//go:embed text/*.json
var texts embed.FS

// MayRun is who plans the day of an activity and runs it; whoever stands at its door reads.
const MayRun access.Permission = "runsheet.run"

// Module is the run sheets of the activities.
type Module struct {
	*seats.Service
	Parts head.Parts                                                                                                      // the pages of an activity, of all rooms
	Lines func(context.Context, *storage.Tx, access.Actor, seats.Activity, string, *i18n.Printer) (followup.Lines, error) // what people need, counted
	Words func(i18n.Language) *i18n.Printer                                                                               // the texts of a language, for steps that are written in all three
	Phone func(context.Context, *storage.Tx, *web.Request) (door.Keeper, error)                                           // the phone of a door from which a request comes, Unauthenticated for none; nil: no phone reads

	turn    func(ctx context.Context, tx *storage.Tx, activity storage.ID) error // a test's own guard, nil for the real one
	keeping func()                                                               // told in tests before a mark is kept that was not there
}

const (
	dayPattern  = "/door/{slug}/day"
	planPattern = "/staff/seminars/{slug}/day"
)

// withSeats reports whether people come to an activity by a seat.
func withSeats(a programme.Activity) bool { return a.Kind == programme.Seminar || a.Capacity > 0 }

// Manifest is what the room says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:        "runsheet",
		Texts:       text,
		Permissions: map[access.Permission][]access.Role{MayRun: {access.Facilitator, access.Coordinator, access.Admin}},
		Built: []i18n.Built{
			{Keys: "runsheet.why.*", Of: Whys, Why: "why something that was pressed is refused"},
		},
		Routes: []web.Route{
			{Method: "GET", Pattern: dayPattern, Needs: access.Public, Handler: m.showDay}, // a phone of the door holds no role: onTheDay judges
			{Method: "POST", Pattern: dayPattern, Needs: access.Public, Handler: m.takePress},
			{Method: "GET", Pattern: docPattern, Needs: access.Public, Handler: m.sendDay, Raw: true, Rate: dayRate},
			{Method: "POST", Pattern: marksPattern, Needs: access.Public, Handler: m.takeMarks, Raw: true, Rate: dayRate},
			m.shellRoute(),
			{Method: "GET", Pattern: planPattern, Needs: MayRun, Handler: m.showPlan},
			{Method: "POST", Pattern: planPattern, Needs: MayRun, Handler: m.takePlan},
			{Method: "GET", Pattern: paperPattern, Needs: MayRun, Handler: m.sendPaper, Rate: paperRate},
		},
		Event: []module.EventPart{
			{NavItem: web.NavItem{Key: "seminars.staff.part.day", Path: dayPattern, Needs: seats.MayAdmit, Order: 480}, Under: module.OnTheDay, Of: withSeats},
			{NavItem: web.NavItem{Key: "runsheet.plan", Path: planPattern, Needs: MayRun, Order: 485}, Under: module.OnTheDay, Of: withSeats},
		},
		Merge: merge,
		Erase: erase,
	}
}
