package pages

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
	"platforma.kg/ashar/internal/spine/programme/lists"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

// Options are what the room needs of the house.
type Options struct {
	Store     *storage.Store
	Programme *programme.Service
	Plan      *plan.Service
	Parts     head.Parts // the pages of an activity, of all rooms
	// Names gives the full names of people, for who may read them. Nil: nobody is named.
	Names func(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]string, error)
	// Fared counts how the messages fared that told of a move. Nil: nothing is counted.
	Fared func(ctx context.Context, tx *storage.Tx, m programme.Move) (Fared, error)
	// Words are the texts of the house in a language. Nil: what is shown in all languages is
	// shown in that of the page.
	Words func(i18n.Language) *i18n.Printer
	// Beside draws what other rooms add to the list of activities. Nil: nothing.
	Beside func(ctx context.Context, tx *storage.Tx, r *web.Request) ([]templ.Component, error)
}

// Service shows the programme to those who plan it.
type Service struct {
	store     *storage.Store
	programme *programme.Service
	plan      *plan.Service
	lists     *lists.Service
	parts     head.Parts
	names     func(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]string, error)
	fared     func(ctx context.Context, tx *storage.Tx, m programme.Move) (Fared, error)
	words     func(i18n.Language) *i18n.Printer
	beside    func(ctx context.Context, tx *storage.Tx, r *web.Request) ([]templ.Component, error)
}

// New opens the room.
func New(o Options) *Service {
	return &Service{store: o.Store, programme: o.Programme, plan: o.Plan, lists: lists.New(o.Programme), parts: o.Parts, names: o.Names, fared: o.Fared, words: o.Words, beside: o.Beside}
}

// Manifest tells the house of the planning, and of the core that every sub-room stands
// on: its texts, who may do what, what it keeps of a person. The core cannot tell it
// itself, since a manifest speaks of activities; public and materials tell their own.
func (s *Service) Manifest() module.Manifest {
	const may = programme.MayPlan
	return module.Manifest{
		Name:        "programme",
		Texts:       programme.Texts(),
		Built:       append(programme.Built(), built()...),
		Permissions: programme.Permissions(),
		Erase:       programme.Erase,
		Merge:       programme.Merge,
		Jobs:        s.programme.Jobs(),
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/plan", Needs: may, Handler: s.showPlan},
			{Method: http.MethodPost, Pattern: "/plan/templates", Needs: may, Handler: s.takeNewTemplate},
			{Method: http.MethodGet, Pattern: "/plan/templates/{key}", Needs: may, Handler: s.showTemplate},
			{Method: http.MethodPost, Pattern: "/plan/templates/{key}", Needs: may, Handler: s.takeTemplate},
			{Method: http.MethodGet, Pattern: "/plan/templates/{key}/copies", Needs: may, Handler: s.showCopies},
			{Method: http.MethodPost, Pattern: "/plan/templates/{key}/copies", Needs: may, Handler: s.takeCopies},
			{Method: http.MethodPost, Pattern: "/plan/templates/{key}/publish", Needs: may, Handler: s.takeDrafts},
			{Method: http.MethodGet, Pattern: newPath, Needs: may, Handler: s.showNew},
			{Method: http.MethodPost, Pattern: newPath, Needs: may, Handler: s.takeNew},
			{Method: http.MethodGet, Pattern: activityPage, Needs: may, Handler: s.showActivity},
			{Method: http.MethodPost, Pattern: activityPage, Needs: may, Handler: s.takeActivity},
			{Method: http.MethodPost, Pattern: "/plan/publish/{slug}", Needs: may, Handler: s.takePublish},
			{Method: http.MethodGet, Pattern: "/plan/cancel/{slug}", Needs: may, Handler: s.showCancel},
			{Method: http.MethodPost, Pattern: "/plan/cancel/{slug}", Needs: may, Handler: s.takeCancel, Danger: true},
			{Method: http.MethodGet, Pattern: listsPath, Needs: may, Handler: s.showLists},
			{Method: http.MethodGet, Pattern: bandsPath, Needs: may, Handler: s.showBands},
			{Method: http.MethodPost, Pattern: bandsPath, Needs: may, Handler: s.takeBands},
			{Method: http.MethodPost, Pattern: bandsPath + "/{day}/back", Needs: may, Handler: s.takeBandsBack},
			{Method: http.MethodGet, Pattern: listsPath + "/{list}/new", Needs: may, Handler: s.showEntry},
			{Method: http.MethodPost, Pattern: listsPath + "/{list}/new", Needs: may, Handler: s.takeEntry},
			{Method: http.MethodGet, Pattern: listsPath + "/{list}/{code}", Needs: may, Handler: s.showEntry},
			{Method: http.MethodPost, Pattern: listsPath + "/{list}/{code}", Needs: may, Handler: s.takeEntry},
			{Method: http.MethodPost, Pattern: listsPath + "/{list}/{code}/close", Needs: may, Handler: s.takeClosing},
		},
		Event: []module.EventPart{{NavItem: web.NavItem{Key: "programme.head.plan", Path: activityPage, Needs: may, Order: 100}, Under: module.SetUp}},
		Find:  []module.Finder{{Kind: "activities", Order: 500, Text: "programme.find.activities", Needs: access.SignedIn, Find: s.find}},
		Nav:   []web.NavItem{{Key: "programme.nav.plan", Path: "/plan", Needs: may, Order: 300, Group: web.Events}},
	}
}

// built are the keys that are put together while the code runs.
func built() []i18n.Built {
	fields := []string{"capacity", "online", "invitation_only", "opens_before", "deadline_before", "date", "from", "to", "days", "next_day", "all_day", "opens", "deadline"}
	parts := append([]string{"capacity", "hours", "agenda", "languages", "group", "applications", "invitation"}, programme.TextNames...)
	var adding []string
	for _, name := range profile.ListNames() {
		if lists.Most(name) > 0 {
			adding = append(adding, string(name))
		}
	}
	return []i18n.Built{
		{Keys: "programme.lists.*.heading", Of: i18n.Words(profile.ListNames()...), Why: "the lists of the house"},
		{Keys: "programme.lists.*.text", Of: i18n.Words(profile.ListNames()...), Some: true, Why: "what is special about a list"},
		{Keys: "programme.lists.*.add", Of: adding, Why: "the lists to which something may be added"},
		{Keys: "programme.lists.region.*", Of: lists.Regions(), Why: "where a city lies"},
		{Keys: "programme.head.group.*", Of: i18n.Words(module.EventGroups[:]...), Why: "what the pages of an activity are for"},
		{Keys: "programme.part.*", Of: parts, Why: "the parts of an activity that differ from its template"},
		{Keys: "programme.column.*", Of: []string{"date", "days", "from", "to", "venue", "subject", "facilitator", "capacity"}, Why: "the columns of the table of copies"},
		{Keys: "programme.field.*", Of: fields, Why: "the fields of the editors that are no texts"},
		{Keys: "programme.field.*.help", Of: fields, Some: true, Why: "help at those fields that need it"},
		{Keys: "programme.plan.saved.*", Of: []string{"agenda", "applications", "agenda_applications"}, Why: "what has moved along with the day"},
		{Keys: "programme.meeting.*", Of: []string{programme.PartWhen, programme.PartOnline, programme.PartCity, programme.PartVenue, programme.PartAddress}, Why: "the parts of when and where"},
		{Keys: "programme.changes.behind.*", Of: programme.StaysNames, Why: "the texts of a place that may lag behind another one"},
		{Keys: "programme.changes.stays.*", Of: programme.StaysNames, Why: "that such a text is right as it is"},
		{Keys: "programme.fault.stays.*", Of: programme.StaysNames, Why: "that one has to say it"},
		{Keys: "programme.changes.missing.*", Of: []string{programme.PartVenue, programme.PartAddress}, Why: "the texts of a place that are written in each language"},
		{Keys: "programme.moved.failed.*", Of: failures, Why: "why a message about a move did not arrive"},
		{Keys: "programme.plan.session.*", Of: programme.SessionTexts, Why: "what is written of a part of the agenda"},
	}
}
