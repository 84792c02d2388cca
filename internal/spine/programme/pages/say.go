package pages

import (
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/public"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

func whereShort(r *web.Request, a programme.Activity) string {
	if a.Online {
		return r.Say.T("programme.online")
	}
	return a.CityName(profile.Said(r.Say), r.Lang)
}

func partNames(r *web.Request, parts []string) string {
	var out []string
	for _, p := range parts {
		out = append(out, r.Say.T("programme.part."+p))
	}
	return strings.Join(out, ", ")
}

func ticked(on bool) string {
	if on {
		return "on"
	}
	return ""
}

func firstColumn(r *web.Request, t programme.Template) string {
	if t.Online {
		return "№"
	}
	return r.Say.T("programme.contact.city")
}

// rowName names a row of the table of copies.
func rowName(r *web.Request, row plan.Row) string {
	if row.City != "" {
		return profile.CityName(r.Say, row.City)
	}
	return row.Key
}

func copyColumns(p copiesPage) []string {
	columns := []string{"date", "days", "from", "to", placeColumn(p), "facilitator", "capacity"}
	if len(p.Facilitators) == 0 {
		columns = append(columns[:5], "capacity")
	}
	return columns
}

// placeColumn is where an activity is, or of an online one what it is about.
func placeColumn(p copiesPage) string {
	if p.Template.Online {
		return "subject"
	}
	return "venue"
}

func cellText(row plan.Row, column string) i18n.Text {
	if column == "subject" {
		return row.Subject
	}
	return row.Venue
}

func cellType(column string) string {
	switch column {
	case "date":
		return "date"
	case "from", "to":
		return "time"
	}
	return "text"
}

func cellValue(row plan.Row, column string) string {
	switch column {
	case "date":
		return row.Date
	case "days":
		return row.Days
	case "from":
		return row.From
	case "to":
		return row.To
	}
	return row.Capacity
}

// dayShown reports whether a session is asked for its day: where there is more than one.
func dayShown(f writing.Form, i int) bool {
	days, _ := plan.Whole(f.Get("days"))
	return days > 1 || f.Get(programme.SessionField(i, "day")) != ""
}

// agendaTitle is what the agenda of an editor is called, of as many days as are written there.
func agendaTitle(r *web.Request, f writing.Form) string {
	if dayShown(f, 0) {
		return r.Say.T("programme.activity.agenda_days")
	}
	return r.Say.T("programme.activity.agenda")
}

func filledSessions(f writing.Form) int {
	n := 0
	for i := range sessionsOf(f) {
		if f.Get(programme.SessionField(i, "at")) != "" {
			n++
		}
	}
	return n
}

func agendaWrong(f writing.Form) bool {
	if f.Fault == nil {
		return false
	}
	for _, name := range f.Fault.FieldNames() {
		if strings.HasPrefix(name, "agenda_") {
			return true
		}
	}
	return false
}

func agendaStale(f writing.Form) bool {
	for name := range f.Stale {
		if strings.HasPrefix(name, programme.AgendaPrefix) {
			return true
		}
	}
	return false
}

func draftItems(r *web.Request, list []programme.Activity) []kit.Item {
	var out []kit.Item
	for _, a := range list {
		out = append(out, kit.Item{Value: a.ID.String(), Label: a.Title.In(r.Lang) + a.AndDay(r.Lang)})
	}
	return out
}

func chosenOf(set map[string]bool) []string {
	var out []string
	for id, on := range set {
		if on {
			out = append(out, id)
		}
	}
	return out
}

func allKindLinks(r *web.Request) []public.FilterLink {
	out := []public.FilterLink{{Label: r.Say.T("programme.filter.all")}}
	for _, k := range []string{programme.Seminar, programme.Discussion, programme.Brainstorm, programme.Coworking, programme.Publication} {
		out = append(out, public.FilterLink{Label: r.Say.T("programme.kind." + k), Value: k})
	}
	return out
}

func kindItems(r *web.Request) []kit.Item {
	var out []kit.Item
	for _, k := range []string{programme.Seminar, programme.Discussion, programme.Brainstorm, programme.Coworking} {
		out = append(out, kit.Item{Value: k, Label: r.Say.T("programme.kind." + k)})
	}
	return out
}

func templateItems(r *web.Request, list []programme.Template) []kit.Item {
	out := []kit.Item{{Value: "", Label: r.Say.T("programme.plan.copy.none")}}
	for _, t := range list {
		out = append(out, kit.Item{Value: t.Key, Label: t.Named(r.Lang)})
	}
	return out
}

func groupItems(r *web.Request, chosen string) []kit.Item {
	out := []kit.Item{{Value: "", Label: public.ForWhom(r, "")}}
	for _, g := range profile.Of(profile.Group).Offered(profile.Said(r.Say)) {
		out = append(out, kit.Item{Value: g, Label: public.ForWhom(r, g)})
	}
	return withClosed(out, chosen, public.ForWhom(r, chosen))
}

func cityItems(r *web.Request, chosen string) []kit.Item {
	out := []kit.Item{{Value: "", Label: r.Say.T("programme.plan.city.none")}}
	for _, c := range profile.Said(r.Say).Cities() {
		out = append(out, kit.Item{Value: c.Code, Label: c.Now.Name.In(r.Lang)})
	}
	return withClosed(out, chosen, profile.CityName(r.Say, chosen))
}

// withClosed adds what stands there though it is no longer offered, so that saving changes nothing else.
func withClosed(list []kit.Item, chosen, word string) []kit.Item {
	if slices.ContainsFunc(list, func(i kit.Item) bool { return i.Value == chosen }) {
		return list
	}
	return append(list, kit.Item{Value: chosen, Label: word})
}

// facilitatorItems offers the facilitators, and who was chosen before and is none any more.
func facilitatorItems(r *web.Request, list []programme.Facilitator, chosen string) []kit.Item {
	out := []kit.Item{{Value: "", Label: r.Say.T("programme.plan.facilitator.none")}}
	there := chosen == ""
	for _, h := range list {
		out = append(out, kit.Item{Value: h.ID.String(), Label: h.Name})
		there = there || h.ID.String() == chosen
	}
	if !there {
		out = append(out, kit.Item{Value: chosen, Label: r.Say.T("programme.plan.facilitator.former")})
	}
	return out
}

// inOtherLanguages reports whether a cell says something that its first input does not show.
func inOtherLanguages(r *web.Request, row plan.Row, column string) bool {
	for _, l := range i18n.Languages {
		if l != r.Lang && cellText(row, column).Exactly(l) != "" {
			return true
		}
	}
	return false
}

// movedKey is the text that says what has followed the day.
func movedKey(moved []string) string {
	if len(moved) == 0 {
		return "programme.plan.saved"
	}
	return "programme.plan.saved." + strings.Join(moved, "_")
}
