package team

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

//go:embed text/*.json
var texts embed.FS

const (
	// MayKeep is the permission to invite who helps at an activity, and to take the role back.
	MayKeep access.Permission = "team.keep"
	// MayHelp is the permission to open the page of who helps.
	MayHelp access.Permission = "team.help"
)

// Messenger sends what the module has to say to a person.
type Messenger interface {
	Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error
}

// Module is who helps at the activities.
type Module struct {
	Store     *storage.Store
	People    *people.Service
	Programme *programme.Service
	Materials *materials.Service
	Messages  Messenger // nil: nothing is sent
	// Carriers tells what carries messages; nil: mail, and Telegram.
	Carriers func() messages.Carriers
	Parts    head.Parts // the pages of an activity, of all rooms
}

const (
	teamPath  = "/plan/team/{slug}"
	workPath  = "/helping/{slug}"
	wordsPath = "/helping/{slug}/words"
)

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:  "team",
		Texts: text,
		Permissions: map[access.Permission][]access.Role{
			MayKeep: {access.Coordinator, access.Admin},
			MayHelp: append([]access.Role{access.Facilitator, access.Coordinator, access.Admin}, access.Helpers[:]...),
		},
		Built: append(
			messages.Built(movedNotice), messages.BuiltShort(movedNotice),
			i18n.Built{Keys: "team.does.*", Of: i18n.Words(access.Helpers[:]...), Why: "what each of those who help may do"},
			i18n.Built{Keys: "team.state.*", Of: i18n.Words(states[:]...), Why: "whether a role holds"},
		),
		Routes: []web.Route{
			{Method: "GET", Pattern: teamPath, Needs: MayKeep, Handler: m.show},
			{Method: "POST", Pattern: teamPath, Needs: MayKeep, Handler: m.takeSearch},
			{Method: "POST", Pattern: teamPath + "/give", Needs: MayKeep, Handler: m.takeGive, Danger: true, Fresh: teamPath},
			{Method: "POST", Pattern: teamPath + "/{grant}", Needs: MayKeep, Handler: m.takeOne, Danger: true, Fresh: teamPath},
			{Method: "GET", Pattern: workPath, Needs: MayHelp, Handler: m.work},
			{Method: "GET", Pattern: wordsPath, Needs: programme.MayReword, Handler: m.showWords},
			{Method: "POST", Pattern: wordsPath, Needs: programme.MayReword, Handler: m.takeWords},
		},
		Event:           []module.EventPart{{NavItem: web.NavItem{Key: "team.title", Path: teamPath, Needs: MayKeep, Order: 850}, Under: module.SetUp}},
		Mine:            m.mine,
		MyData:          m.mine,
		ActivityChanged: m.changed,
		ActivityMoved:   m.tellMoved,
		Automatic:       []module.Automatic{{Kind: movedNotice, Text: "team.automatic.moved", When: "team.automatic.moved.when", To: "team.automatic.moved.to"}},
		Concerned:       m.concerned,
		Demo:            module.Demo{Order: 500, Seed: m.seed},
	}
}

// DaysAfter is how long after its last day an activity's helpers keep their roles, unless
// another day is chosen.
const DaysAfter = 14

// daysWithout is how long they keep them when the activity has no day yet.
const daysWithout = 90

// lastDay is the midnight in Bishkek after which a role ends by itself: DaysAfter days after
// the activity, not before today is over, and not beyond what people.GiveHelp takes.
func lastDay(a programme.Activity, now time.Time) time.Time {
	least, most := dayAfter(now), people.LastHelp(now)
	last := least.AddDate(0, 0, daysWithout)
	if !a.Ends.IsZero() {
		last = dayAfter(a.Ends).AddDate(0, 0, DaysAfter)
	}
	switch {
	case last.Before(least):
		return least
	case last.After(most):
		return dayAfter(most).AddDate(0, 0, -1)
	}
	return last
}

// dayAfter is the midnight that ends the day of a moment.
func dayAfter(t time.Time) time.Time {
	y, mo, d := t.In(i18n.Bishkek()).Date()
	return time.Date(y, mo, d+1, 0, 0, 0, 0, i18n.Bishkek())
}

// changed moves the days of who helps along with the day of the activity. Those who were
// invited before it had a day have as long after it as all others.
func (m *Module) changed(ctx context.Context, tx *storage.Tx, before, after programme.Activity) error {
	switch {
	case after.Ends.IsZero() || before.Ends.Equal(after.Ends):
		return nil
	case before.Ends.IsZero():
		return m.People.ExtendHelp(ctx, tx, after.ID, lastDay(after, tx.Now))
	}
	if by := dayAfter(after.Ends).Sub(dayAfter(before.Ends)); by != 0 {
		return m.People.MoveHelp(ctx, tx, after.ID, by, dayAfter(tx.Now))
	}
	return nil
}
