package programme

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
)

func whereShort(r *web.Request, a Activity) string {
	if a.Online {
		return r.Say.T("programme.online")
	}
	return CityName(r.Lang, a.City)
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

func firstColumn(r *web.Request, t Template) string {
	if t.Online {
		return "№"
	}
	return r.Say.T("programme.contact.city")
}

// rowName names a row of the table of copies.
func rowName(r *web.Request, row Row) string {
	if row.City != "" {
		return CityName(r.Lang, row.City)
	}
	return row.Key
}

func copyColumns(p copiesPage) []string {
	columns := []string{"date", "from", "to", "venue", "facilitator", "capacity"}
	if p.Template.Online {
		columns[3] = "subject"
	}
	if len(p.Facilitators) == 0 {
		columns = append(columns[:4], "capacity")
	}
	return columns
}

func cellText(row Row, column string) i18n.Text {
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

func cellValue(row Row, column string) string {
	switch column {
	case "date":
		return row.Date
	case "from":
		return row.From
	case "to":
		return row.To
	}
	return row.Capacity
}

func filledSessions(f form) int {
	n := 0
	for i := range sessionsOf(f) {
		if f.Get(SessionField(i, "at")) != "" {
			n++
		}
	}
	return n
}

func agendaWrong(f form) bool {
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

func agendaStale(f form) bool {
	for name := range f.Stale {
		if strings.HasPrefix(name, AgendaPrefix) {
			return true
		}
	}
	return false
}

func draftItems(r *web.Request, list []Activity) []kit.Item {
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

func allKindLinks(r *web.Request) []filterLink {
	out := []filterLink{{r.Say.T("programme.filter.all"), ""}}
	for _, k := range []string{Seminar, Discussion, Brainstorm, Coworking, Publication} {
		out = append(out, filterLink{r.Say.T("programme.kind." + k), k})
	}
	return out
}

func kindItems(r *web.Request) []kit.Item {
	var out []kit.Item
	for _, k := range []string{Seminar, Discussion, Brainstorm, Coworking} {
		out = append(out, kit.Item{Value: k, Label: r.Say.T("programme.kind." + k)})
	}
	return out
}

func templateItems(r *web.Request, list []Template) []kit.Item {
	out := []kit.Item{{Value: "", Label: r.Say.T("programme.plan.copy.none")}}
	for _, t := range list {
		out = append(out, kit.Item{Value: t.Key, Label: t.Named(r.Lang)})
	}
	return out
}

func groupItems(r *web.Request) []kit.Item {
	out := []kit.Item{{Value: "", Label: forWhom(r, "")}}
	for _, g := range profile.Of(profile.Group).Values() {
		out = append(out, kit.Item{Value: g, Label: forWhom(r, g)})
	}
	return out
}

func cityItems(r *web.Request) []kit.Item {
	out := []kit.Item{{Value: "", Label: r.Say.T("programme.plan.city.none")}}
	for _, c := range AllCities() {
		out = append(out, kit.Item{Value: c.Key, Label: c.Name.In(r.Lang)})
	}
	return out
}

// facilitatorItems offers the facilitators, and who was chosen before and is none any more.
func facilitatorItems(r *web.Request, list []Facilitator, chosen string) []kit.Item {
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
func inOtherLanguages(r *web.Request, row Row, column string) bool {
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
