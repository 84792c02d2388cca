package gallery

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// day is the one on which all happens that is shown.
var day = time.Date(2026, 11, 28, 3, 30, 0, 0, time.UTC)

func words(r *web.Request) []specimen {
	return []specimen{
		of("Tag", "style.state.all", inline(kit.Tag("", r.Say.T("style.tag.plain")), kit.Tag("good", r.Say.T("style.tag.good")), kit.Tag("wait", r.Say.T("style.tag.wait")), kit.Tag("bad", r.Say.T("style.tag.bad")))),
		of("Notice", "style.state.all", several(notice("", r.Say.T("style.sentence")), notice("good", r.Say.T("style.done")), notice("wait", r.Say.T("style.sentence")), notice("bad", r.Say.T("style.failed")))),
		of("Flash", "style.state.flash", form(r, "words", kit.Token(r), kit.Submit(r.Say.T("style.flash.show")))),
		of("Dialog", "style.state.folded", several(dialog(r.Say.T("style.withdraw"), "second", r.Say.T("style.withdraw.text")), dialog(r.Say.T("style.erase"), "danger", r.Say.T("style.withdraw.text")))),
		of("DateBadge", "style.state.card", card(r, day)),
		of("When", "style.state.line", inline(kit.When(r, day))),
		of("DayWords", "style.state.line", kit.DayWords(r, "f-any-day", "2026-11-28")),
		of("Plain", "style.state.line", inline(kit.Plain(r.Say.T("style.sentence")))),
		of("LinkTo", "style.state.line", inline(kit.LinkTo(r, Path, r.Say.T("style.title")))),
		of("Stat", "style.state.row", stats(kit.Stat(kit.Number(r, 1024), r.Say.T("style.people")), kit.Stat(kit.Number(r, 8), r.Say.T("style.cities")))),
		of("SeatBar", "style.state.some", kit.SeatBar(r, kit.Seats{Women: 11, Men: 5, Undisclosed: 1, Waiting: 5, Capacity: 25})),
		of("SeatBar", "style.state.empty", kit.SeatBar(r, kit.Seats{Capacity: 25})),
		of("SeatBar", "style.state.over", kit.SeatBar(r, kit.Seats{Women: 30, Men: 10, Waiting: 3, Capacity: 25})),
		of("SeatFiguresKey", "style.state.all", kit.SeatFiguresKey(r)),
		of("SeatFigures", "style.state.ahead", kit.SeatFigures(r, kit.Figures{Capacity: 25, Said: kit.Split{Women: 13, Men: 6}, Asked: kit.Split{Women: 2, Men: 1}, Waiting: kit.Split{Women: 3, Men: 2}})),
		of("SeatFigures", "style.state.begun", kit.SeatFigures(r, kit.Figures{Capacity: 25, Begun: true, Came: kit.Split{Women: 9, Men: 3, Undisclosed: 1}, Said: kit.Split{Women: 4, Men: 3, Undisclosed: 1}, Asked: kit.Split{Undisclosed: 1}, Extra: 1})),
		of("SeatFigures", "style.state.passed", kit.SeatFigures(r, kit.Figures{Capacity: 25, Over: true, Came: kit.Split{Women: 14, Men: 7, Undisclosed: 1}, Missing: 2})),
		of("SeatFigures", "style.state.empty", kit.SeatFigures(r, kit.Figures{Capacity: 25})),
		of("SeatFigures", "style.state.full", kit.SeatFigures(r, kit.Figures{Capacity: 40, Said: kit.Split{Women: 22, Men: 18}, Waiting: kit.Split{Women: 40, Men: 20, Undisclosed: 3}})),
		of("SeatFigures", "style.state.each_of_many", kit.SeatFigures(r, kit.Figures{Capacity: 220, Said: kit.Split{Women: 61, Men: 44, Undisclosed: 2}, Asked: kit.Split{Women: 12, Men: 9}, Waiting: kit.Split{Women: 7}})),
		of("SeatFigures", "style.state.untold", kit.SeatFigures(r, kit.Figures{Capacity: 25, Came: kit.Split{Untold: 12}, Said: kit.Split{Untold: 8}, Begun: true})),
		of("Empty", "style.state.action", kit.Empty(r, r.Say.T("style.empty"), r.Say.T("style.empty.text"), kit.Link{Path: Path, Label: r.Say.T("style.empty.action")})),
		of("Empty", "style.state.plain", kit.Empty(r, r.Say.T("style.empty"), "", kit.Link{})),
		of("Pager", "style.state.middle", kit.Pager(r, pages(6))),
		of("Horn", "style.state.plain", horn()),
		of("Felt", "style.state.plain", kit.Felt()),
	}
}

func pages(at int) kit.Pages {
	return kit.Pages{Page: at, Of: 12, Path: func(int) string { return pathOf("words") }}
}

// fields are those of a form; wrong is the fault of the form, or nil.
func fields(r *web.Request, name string, wrong *fault.Error, value string) templ.Component {
	groups := []kit.Item{
		{Value: "teachers", Label: r.Say.T("style.group.teachers")},
		{Value: "students", Label: r.Say.T("style.group.students"), Help: r.Say.T("style.group.students.help")},
		{Value: "media", Label: r.Say.T("style.group.media")},
	}
	return form(r, name,
		kit.TextField(r, kit.Field{Name: "name", Label: r.Say.T("style.name"), Help: r.Say.T("style.name.help"), Value: value, Autocomplete: "off", Required: true, MaxLength: 200, Fault: wrong}),
		kit.TextField(r, kit.Field{Name: "phone", Label: r.Say.T("style.phone"), Type: "tel", Value: value, Autocomplete: "off", InputMode: "tel", Fault: wrong}),
		kit.TextField(r, kit.Field{Name: "day", Label: r.Say.T("style.day"), Type: "date", Value: "2026-11-28", Fault: wrong}),
		kit.TextField(r, kit.Field{Name: "file", Label: r.Say.T("style.file"), Type: "file", Accept: ".pdf", MostBytes: 2 << 20, Fault: wrong}),
		kit.TextField(r, kit.Field{Name: "closed", Label: r.Say.T("style.closed"), Value: r.Say.T("style.city.naryn"), Disabled: true}),
		kit.TextArea(r, kit.Field{Name: "why", Label: r.Say.T("style.why"), Value: value, Rows: 3, Fault: wrong}),
		kit.Choice(r, kit.Options{Field: kit.Field{Name: "sort", Label: r.Say.T("style.group"), Help: r.Say.T("style.group.help"), Required: true, Fault: wrong}, Items: groups, Chosen: []string{"students"}}),
		kit.Choice(r, kit.Options{Field: kit.Field{Name: "speaks", Label: r.Say.T("style.languages"), Fault: wrong}, Items: []kit.Item{{Value: "ky", Label: kit.LanguageName("ky")}, {Value: "ru", Label: kit.LanguageName("ru")}}, Chosen: []string{"ky"}, Many: true}),
		kit.Select(r, kit.Options{Field: kit.Field{Name: "town", Label: r.Say.T("style.city"), Fault: wrong}, Items: []kit.Item{{Value: "osh", Label: r.Say.T("style.city.osh")}, {Value: "naryn", Label: r.Say.T("style.city.naryn")}}, Chosen: []string{"naryn"}}),
		kit.Check(r, kit.Field{Name: "agree", Label: r.Say.T("style.agree"), Help: r.Say.T("style.agree.help"), Value: value, Required: true, Fault: wrong}),
		kit.Token(r),
		kit.Submit(r.Say.T("style.save")),
	)
}

func formsOf(r *web.Request) []specimen {
	return []specimen{
		of("TextField", "style.state.form", fields(r, "forms", nil, "")),
		of("TextArea", "style.state.filled", form(r, "forms", kit.TextArea(r, kit.Field{Name: "filled", Label: r.Say.T("style.why"), Value: r.Say.T("style.sentence"), Lang: r.Lang}))),
		of("Check", "style.state.filled", form(r, "forms", kit.Check(r, kit.Field{Name: "ticked", Label: r.Say.T("style.agree"), Value: "on"}))),
		of("Choice", "style.state.filled", form(r, "forms", kit.Choice(r, kit.Options{Field: kit.Field{Name: "chosen", Label: r.Say.T("style.city"), Disabled: true}, Items: []kit.Item{{Value: "osh", Label: r.Say.T("style.city.osh")}}, Chosen: []string{"osh"}}))),
		of("Select", "style.state.filled", form(r, "forms", kit.Select(r, kit.Options{Field: kit.Field{Name: "one", Label: r.Say.T("style.city")}, Items: []kit.Item{{Value: "osh", Label: r.Say.T("style.city.osh")}}, Chosen: []string{"osh"}}))),
		of("Submit", "style.state.plain", form(r, "forms", kit.Submit(r.Say.T("style.save")))),
		of("Enter", "style.state.unseen", form(r, "forms", kit.Enter("forms", r.Say.T("style.save")), kit.Submit(r.Say.T("style.save")))),
		of("Token", "style.state.unseen", form(r, "forms", kit.Token(r), kit.Submit(r.Say.T("style.save")))),
	}
}

func formsWithErrors(r *web.Request) []specimen {
	var wrong fault.Form
	for _, name := range []string{"name", "day", "file", "why", "sort", "speaks", "town", "agree"} {
		wrong.Add(name, "fault.required")
	}
	wrong.Add("phone", "fault.phone_eight", fault.Args{"example": "0555 12 34 56"})
	wrong.Add("", "fault.conflict")
	f := fault.Of(wrong.Err())
	labels := kit.Labels{"name": r.Say.T("style.name"), "phone": r.Say.T("style.phone"), "day": r.Say.T("style.day"), "file": r.Say.T("style.file"), "why": r.Say.T("style.why"), "sort": r.Say.T("style.group"), "speaks": r.Say.T("style.languages"), "town": r.Say.T("style.city"), "agree": r.Say.T("style.agree")}
	return []specimen{
		of("ErrorSummary", "style.state.errors", kit.ErrorSummary(r, f, labels)),
		of("TextField", "style.state.errors", fields(r, "errors", f, "8 555")),
	}
}

func acts(r *web.Request) []specimen {
	kept := []kit.Item{{Label: "pick", Value: "1"}}
	return []specimen{
		of("Confirm", "style.state.undo", confirm(r, kit.Confirmation{Path: pathOf("acts"), Yes: r.Say.T("style.change"), Back: pathOf("acts"), Kept: kept, Undo: 15 * time.Minute})),
		of("Confirm", "style.state.for_good", confirm(r, kit.Confirmation{Path: pathOf("acts"), Yes: r.Say.T("style.erase"), Back: pathOf("acts"), Danger: true})),
		of("Pager", "style.state.first", kit.Pager(r, pages(1))),
		of("UndoNotice", "style.state.undo", kit.UndoNotice(r, kit.Undo{Path: pathOf("acts"), ID: "7", Says: r.Say.T("style.done"), Until: day.Add(15 * time.Minute)})),
	}
}

// frame is a page of somebody who may open many rooms, which stand beside it.
func frame(r *web.Request) templ.Component {
	many := *r
	site := web.Site{}
	if r.Site != nil {
		site = *r.Site
	}
	path := pathOf("frame")
	site.Nav = []web.NavItem{
		{Key: "style.nav.today", Path: path, Icon: web.DayIcon},
		{Key: "style.nav.seminars", Path: Path, Group: web.Events, Icon: web.HouseIcon},
		{Key: "style.nav.plan", Path: Path, Group: web.Events},
		{Key: "style.nav.people", Path: Path, Group: web.Persons, Icon: web.PersonsIcon},
		{Key: "style.nav.messages", Path: Path, Group: web.Persons},
		{Key: "style.nav.news", Path: Path, Group: web.Words},
		{Key: "style.nav.questions", Path: Path, Group: web.Words},
		{Key: "style.nav.numbers", Path: Path, Group: web.Reporting, Icon: web.BarsIcon},
		{Key: "style.nav.report", Path: Path, Group: web.Reporting},
		{Key: "style.nav.jobs", Path: Path, Group: web.House},
	}
	site.Strip = nil
	site.More = web.NavItem{Key: "web.nav.more", Path: path, Icon: web.MoreIcon}
	many.Site = &site
	return framed(&many)
}

// trouble is the page of what was not found.
func trouble(r *web.Request) templ.Component {
	return kit.ErrorPage(r, web.Trouble{Status: http.StatusNotFound, Incident: "aabbccdd"})
}
