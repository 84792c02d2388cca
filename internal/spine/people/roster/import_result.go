package roster

import (
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
)

// rowsOnPage is how many rows that were not added stand on one page.
const rowsOnPage = 200

// importedPage is what became of the rows of a file, or would.
type importedPage struct {
	people.Report
	ID     storage.ID
	Done   bool
	Looked int               // how many were to be added when it was confirmed, -1 when that is not known
	Shown  []people.NotAdded // those of this page
	Pages  kit.Pages
}

func (p importedPage) path() string { return "/import/people/" + p.ID.String() }

// paged chooses the rows of a page; what is no number is the first.
func (p *importedPage) paged(wanted string) {
	page, _ := strconv.Atoi(wanted)
	p.Pages = kit.Pages{Of: max(1, (len(p.NotAdded)+rowsOnPage-1)/rowsOnPage), Path: func(n int) string {
		return p.path() + "?page=" + strconv.Itoa(n)
	}}
	p.Pages.Page = min(max(page, 1), p.Pages.Of)
	from := (p.Pages.Page - 1) * rowsOnPage
	p.Shown = p.NotAdded[from:min(from+rowsOnPage, len(p.NotAdded))]
}

// meanwhile tells whether others were added than it was said before.
func (p importedPage) meanwhile() bool { return p.Done && p.Looked >= 0 && p.Looked != p.Added }

// shownName is the name of a row that was not added.
func shownName(say *i18n.Printer, n people.NotAdded) string {
	switch {
	case n.Erased:
		return say.T("people.import.erased")
	case n.Name == "":
		return say.T("people.import.nameless")
	}
	return n.Name
}

// reasonsOf tell why a row was not added.
func reasonsOf(r *web.Request, n people.NotAdded) []string {
	switch {
	case n.Known && n.As == (people.Place{}):
		return []string{r.Say.T("people.import.why.known")}
	case n.Known:
		return []string{r.Say.T("people.import.why.twice", "place", placeWords(r.Say, n.As))}
	case len(n.Problems) == 0:
		return []string{r.Say.T("people.import.why.bad")}
	}
	var out []string
	for _, p := range n.Problems {
		words := kit.Say(r, p.Fault)
		if column := columnName(r, p); column != "–" {
			words = column + ": " + words
		}
		out = append(out, words)
	}
	return out
}

// sharedName is a row of somebody who has a contact of somebody else.
func sharedName(r people.Report, say *i18n.Printer, of, i int) string {
	if name := r.Sharers[of][i]; name != "" {
		return name
	}
	return say.T("people.import.erased")
}

// sharedWith tells whose contact a row has too.
func sharedWith(r people.Report, say *i18n.Printer, of, i int) string {
	s := r.Shared[of]
	key := "people.import.why.same_email"
	if s.Kind == people.PhoneContact {
		key = "people.import.why.same_phone"
	}
	var others []string
	for j, at := range s.Rows {
		if j != i {
			others = append(others, placeWords(say, at)+" ("+sharedName(r, say, of, j)+")")
		}
	}
	if s.Before {
		others = append(others, say.T("people.import.why.before"))
	}
	return say.T(key, "others", strings.Join(others, ", "))
}

// importedRows are the rows of the table: each row that was not added, then each that
// shares a contact, with the sheet where the file has some.
func importedRows(r *web.Request, rep people.Report) [][]sheet.Value {
	tabs := false
	for _, n := range rep.NotAdded {
		tabs = tabs || n.Tab != ""
	}
	for _, s := range rep.Shared {
		for _, at := range s.Rows {
			tabs = tabs || at.Tab != ""
		}
	}
	line := func(at people.Place, name, what, why string) []sheet.Value {
		row := []sheet.Value{sheet.Figure(float64(at.Row)), sheet.Text(name), sheet.Text(what), sheet.Text(why)}
		if tabs {
			row = append(row, sheet.Text(at.Tab))
		}
		return row
	}
	head := sheet.Texts(r.Say.T("people.import.row"), r.Say.T("people.import.name"), r.Say.T("people.import.became"), r.Say.T("people.import.reason"))
	if tabs {
		head = append(head, sheet.Text(r.Say.T("people.import.tab")))
	}
	rows := [][]sheet.Value{head}
	for _, n := range rep.NotAdded {
		what := r.Say.T("people.import.became.bad")
		if n.Known {
			what = r.Say.T("people.import.became.known")
		}
		rows = append(rows, line(n.Place, shownName(r.Say, n), what, strings.Join(reasonsOf(r, n), "; ")))
	}
	for of, s := range rep.Shared {
		for i, at := range s.Rows {
			rows = append(rows, line(at, sharedName(rep, r.Say, of, i), r.Say.T("people.import.became.shared"), sharedWith(rep, r.Say, of, i)))
		}
	}
	return rows
}
