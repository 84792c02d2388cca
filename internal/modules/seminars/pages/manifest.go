package pages

import (
	"context"
	"embed"
	"io/fs"
	"maps"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/mailing"
	"platforma.kg/ashar/internal/modules/seminars/review"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/modules/seminars/timetable"
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
		Built:  slices.Concat(seats.BuiltFrom(), door.BuiltFrom(), selection.BuiltFrom(), review.BuiltFrom(), mailing.BuiltFrom(), timetable.BuiltFrom(), builtGiven()),
		Routes: slices.Concat(m.applicationRoutes(), m.doorRoutes(), m.doorOfflineRoutes(), m.doorSideRoutes(), m.giveRoutes(), m.mailingRoutes(), m.timetableRoutes()),
		Permissions: map[access.Permission][]access.Role{
			seats.MaySelect:   {access.Coordinator, access.Admin},
			review.MayReview:  {access.Reviewer, access.Coordinator, access.Admin},
			seats.MaySetUp:    {access.Coordinator, access.Admin},
			seats.MayAdmit:    {access.Facilitator, access.FrontDesk, access.Coordinator, access.Admin},
			seats.MayEnrol:    {access.Facilitator, access.Coordinator, access.Admin},
			seats.MayOverfill: {access.Facilitator, access.Coordinator, access.Admin},
		},
		Facts: []ledger.Kind{seats.FactApplied, seats.FactInvited, seats.FactConfirmed, seats.FactAttended},
		Counts: []module.Count{
			{Kind: seats.FactApplied, Text: "seminars.count.applied", Public: true},
			{Kind: seats.FactInvited, Text: "seminars.count.invited"},
			{Kind: seats.FactConfirmed, Text: "seminars.count.confirmed"},
			{Kind: seats.FactAttended, Text: "seminars.count.attended", Public: true},
		},
		Jobs:  slices.Concat(m.Jobs(), m.Chooser.Jobs(), m.Mailer.Jobs()),
		Nav:   []web.NavItem{{Key: "seminars.nav", Path: "/staff/seminars", Needs: seats.MaySelect, Order: 200, Group: web.Events, Icon: web.HouseIcon}},
		Waits: []module.Wait{{Path: "/staff/seminars", Needs: seats.MaySelect, Count: m.CountToChoose}},
		Event: eventParts(),
		Yours: []web.NavItem{{Key: "seminars.yours", Path: "/my/applications", Needs: access.Applied, Order: 100}},

		Applied:   web.NavItem{Key: "web.applied", Path: "/my/applications", Needs: access.Applied, Order: 100},
		Today:     m.tasks,
		TodayPart: m.todayPart,
		First:     module.FirstPage{Needs: seats.MayAdmit, Find: m.firstDoor},
		Panels: map[string]module.Panel{
			programme.Seminar: m.Panel, programme.Discussion: m.Panel,
		},
		Find:            m.finders(),
		ActivityChanged: m.ActivityChanged,
		ActivityMoved:   m.TellMoved,
		Concerned:       m.Concerned,
		Hangs:           m.hangs,
		Binds:           m.Binds,
		TakesPart:       m.TakesPart,
		Knows:           m.Knows,
		Mine:            m.myPanel,
		Marks:           m.marks,
		MyData:          m.myData,
		Merge: func(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
			if err := mailing.Merge(ctx, tx, from, into); err != nil {
				return err
			}
			if err := timetable.Merge(ctx, tx, from, into); err != nil {
				return err
			}
			if err := m.Merge(ctx, tx, from, into); err != nil {
				return err
			}
			return review.Merge(ctx, tx, from, into)
		},
		Proved:  m.Proved,
		Exports: []module.Export{m.export()},
		Picks:   []module.Pick{{Path: inviteManyPath, Text: "seminars.invite.many", Needs: seats.MaySelect}},
		Erase: func(ctx context.Context, tx *storage.Tx, person storage.ID) error {
			tx.AfterCommit(func() { m.register.Forget(person) })
			if err := mailing.Erase(ctx, tx, person); err != nil {
				return err
			}
			if err := timetable.Erase(ctx, tx, person); err != nil {
				return err
			}
			if err := m.Erase(ctx, tx, person); err != nil {
				return err
			}
			if err := selection.Erase(ctx, tx, person); err != nil {
				return err
			}
			return review.Erase(ctx, tx, person)
		},
		Export: func(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
			sections, err := m.Export(ctx, tx, person)
			if err != nil {
				return nil, err
			}
			chosen, err := m.Chooser.Export(ctx, tx, person)
			if err != nil {
				return nil, err
			}
			maps.Copy(sections, chosen)
			reviewed, err := m.Reviews.Export(ctx, tx, person)
			if err != nil {
				return nil, err
			}
			written, err := m.Mailer.Export(ctx, tx, person)
			maps.Copy(sections, reviewed)
			maps.Copy(sections, written)
			return sections, err
		},
		Reads: reads(),
		Brief: m.brief,

		History:   []module.History{m.history()},
		Attention: m.attention,
	}
}

// reads tells how the codes of the exports are read.
func reads() map[string]string {
	out := seats.Reads()
	maps.Copy(out, selection.Reads())
	maps.Copy(out, review.Reads())
	maps.Copy(out, mailing.Reads())
	return out
}

// staffPattern is the page of a seminar for staff; its other pages lie beneath.
const staffPattern = "/staff/seminars/{slug}"

// callsPattern is the page of who has to be called.
const callsPattern = staffPattern + "/calls"

// eventParts are the pages on which staff work on one seminar.
func eventParts() (out []module.EventPart) {
	for _, p := range []struct {
		under module.EventGroup
		key   string
		path  string
		needs access.Permission
		order int
	}{
		{module.AtAGlance, "seminars.staff.part.overview", staffPattern, seats.MaySelect, 200},
		{module.Attendees, "seminars.staff.part.applicants", staffPattern + "/applicants", seats.MaySelect, 250},
		{module.Attendees, "seminars.staff.part.review", reviewPath, seats.MaySelect, 265},
		{module.Attendees, "seminars.staff.part.selection", chooserPath, seats.MaySelect, 275},
		{module.Attendees, "seminars.staff.part.calls", callsPattern, seats.MaySelect, 300},
		{module.Letters, "seminars.staff.part.mailings", mailingsPattern, seats.MaySelect, 325},
		{module.Letters, "seminars.staff.part.timetable", timetablePattern, seats.MaySelect, 335},
		{module.Attendees, "seminars.staff.part.invite", staffPattern + "/invite", seats.MaySelect, 350},
		{module.SetUp, "seminars.staff.part.seats", staffPattern + "/seats", seats.MaySetUp, 400},
		{module.SetUp, "seminars.staff.part.form", staffPattern + "/form", seats.MaySetUp, 450},
		{module.OnTheDay, "seminars.staff.part.door", "/door/{slug}", seats.MayAdmit, 500},
	} {
		link := web.NavItem{Key: p.key, Path: p.path, Needs: p.needs, Order: p.order}
		out = append(out, module.EventPart{NavItem: link, Under: p.under, Of: hasSeats, Calls: p.path == callsPattern})
	}
	return out
}

// hasSeats reports whether people come to an activity by a seat.
func hasSeats(a programme.Activity) bool { return a.Kind == programme.Seminar || a.Capacity > 0 }
