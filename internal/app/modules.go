package app

import (
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/foundation/web/share"
	"platforma.kg/ashar/internal/modules/find"
	"platforma.kg/ashar/internal/modules/learning"
	"platforma.kg/ashar/internal/modules/my"
	"platforma.kg/ashar/internal/modules/newsroom"
	"platforma.kg/ashar/internal/modules/results"
	"platforma.kg/ashar/internal/modules/seminars/conflicts"
	"platforma.kg/ashar/internal/modules/seminars/demostory"
	"platforma.kg/ashar/internal/modules/seminars/followup"
	"platforma.kg/ashar/internal/modules/seminars/next"
	seminars "platforma.kg/ashar/internal/modules/seminars/pages"
	"platforma.kg/ashar/internal/modules/seminars/ready"
	"platforma.kg/ashar/internal/modules/seminars/runsheet"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/sheets"
	"platforma.kg/ashar/internal/modules/seminars/signed"
	"platforma.kg/ashar/internal/modules/team"
	"platforma.kg/ashar/internal/modules/today"
	"platforma.kg/ashar/internal/modules/upkeep"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// modules are those whose use cases the tests of the house call by name.
type modules struct {
	seminars *seminars.Module
}

// night is the rule of the night, which a demo may be without.
func (a *App) night() programme.Night {
	return programme.Night{AnyHour: a.options.Demo && a.options.AnyHour}
}

// modules makes the rooms of internal/modules, in the order in which they are told and
// asked of everything, after the spine. A new module is its folder, its migration and one
// line here; nothing else in this package names one.
func (a *App) modules() []module.Manifest {
	a.rooms.seminars = seminars.New(&seats.Service{
		Store: a.store, People: a.rooms.people, Messages: a.rooms.messages, Chats: a.rooms.messages, Carriers: a.rooms.messages.Carriers, Materials: a.rooms.materials, Live: a.bus, Closing: a.closing,
		Night: a.night(), PublicURL: a.config.Base(), Keys: a.keys, Effort: effort.New(effort.Options{Key: a.keys.Derive("effort")}),
	})
	a.rooms.seminars.Parts, a.rooms.seminars.Words, a.rooms.seminars.Others = a.house.Event, a.Texts, a.house.Automatic
	a.rooms.seminars.Exports = a.rooms.exports
	a.rooms.seminars.Mailer.Undo, a.rooms.seminars.Chooser.Undo = a.options.Undo, a.options.Undo
	more := followup.New(a.rooms.seminars.Service)
	more.Parts = a.house.Event
	paper := signed.New(a.rooms.seminars.Service)
	paper.Parts = a.house.Event
	disputes := conflicts.New(a.rooms.seminars.Service)
	disputes.Parts, a.rooms.seminars.ToDecide = a.house.Event, disputes.Count
	leading := &runsheet.Module{Service: a.rooms.seminars.Service, Parts: a.house.Event, Lines: more.LinesOf, Words: a.Texts, Phone: a.rooms.seminars.PhoneOf}
	a.rooms.seminars.Shells = append(a.rooms.seminars.Shells, leading.Shell())
	checks := &ready.Module{Desk: a.rooms.seminars.Desk, Stand: a.rooms.seminars.Stand}
	coming := &next.Module{Service: a.rooms.seminars.Service}
	a.rooms.seminars.After = append(a.rooms.seminars.After, more.Card, coming.Card)
	return []module.Manifest{
		(&my.Module{Store: a.store, House: &a.house, Address: a.address}).Manifest(),
		(&today.Module{Store: a.store, House: &a.house}).Manifest(),
		(&find.Module{Store: a.store, House: &a.house}).Manifest(),
		more.Manifest(), // before the seminars: what is sealed for one record is sealed anew before it goes to another
		a.rooms.seminars.Manifest(),
		(&sheets.Module{Service: a.rooms.seminars.Service, Parts: a.house.Event, Words: a.Texts}).Manifest(),
		paper.Manifest(),
		disputes.Manifest(),
		leading.Manifest(),
		checks.Manifest(),
		coming.Manifest(),
		demostory.Manifest(demostory.Options{Store: a.store, People: a.rooms.people, Seminars: a.rooms.seminars, Applicants: a.options.Applicants}),
		(&newsroom.Module{
			Store: a.store, People: a.rooms.people, Messages: a.rooms.messages, Cards: share.NewCards(share.Draw),
			Bot: a.rooms.bot, Words: a.Texts, PublicURL: a.config.Base(), Files: a.files, House: &a.house,
			Effort: effort.New(effort.Options{Key: a.keys.Derive("effort")}),
		}).Manifest(),
		(&team.Module{Store: a.store, People: a.rooms.people, Programme: a.rooms.programme, Materials: a.rooms.materials, Messages: a.rooms.messages, Carriers: a.rooms.messages.Carriers, Parts: a.house.Event}).Manifest(),
		(&results.Module{Store: a.store, House: &a.house, Cards: share.NewCards(share.Draw), Words: a.Texts}).Manifest(),
		learning.Manifest(),
		(&upkeep.Module{Store: a.store, House: &a.house}).Manifest(),
	}
}
