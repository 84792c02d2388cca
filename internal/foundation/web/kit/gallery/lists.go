package gallery

import (
	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// row is somebody on the list, invented.
type row struct{ id, name, group, city string }

func rows(r *web.Request) []row {
	return []row{
		{"1", "Асанова Өмүркан", r.Say.T("style.group.students"), r.Say.T("style.city.osh")},
		{"2", "Бекова Үсөн", r.Say.T("style.group.teachers"), r.Say.T("style.city.naryn")},
		{"3", "Мисалова Таңсулуу", r.Say.T("style.group.media"), ""},
	}
}

// listOf is a list of somebody at an address.
func listOf(r *web.Request, name, query string, list []row, count int) templ.Component {
	view := kit.ReadView(ask(r, query), kit.ViewOf{
		Path: pathOf(name), Filters: []string{"group", "city"}, Sorts: []string{"name", "city"}, Columns: []string{"group", "city"},
	})
	return kit.ShowList(r, kit.List[row]{
		View: view, Title: r.Say.T("style.people"), Search: kit.Field{Label: r.Say.T("style.search"), Help: r.Say.T("style.search.help")},
		Facets: []kit.Facet{
			{Name: "group", Label: r.Say.T("style.group"), Values: []kit.FacetValue{{Label: r.Say.T("style.all"), Count: 212}, {Value: "media", Label: r.Say.T("style.group.media"), Count: 38}}},
			{Name: "city", Label: r.Say.T("style.city"), Folded: true, Values: []kit.FacetValue{{Value: "osh", Label: r.Say.T("style.city.osh"), Count: 46}, {Value: "naryn", Label: r.Say.T("style.city.naryn"), Count: -1}}},
		},
		Columns: []kit.Column[row]{
			{Name: "name", Label: r.Say.T("style.name"), Head: true, Sort: true, Cell: func(x row) templ.Component { return kit.LinkTo(r, pathOf(name), x.name) }},
			{Name: "group", Label: r.Say.T("style.group"), Cell: func(x row) templ.Component { return kit.Plain(x.group) }},
			{Name: "city", Label: r.Say.T("style.city"), Sort: true, Said: true, Cell: func(x row) templ.Component { return kit.Plain(x.city) }},
		},
		Rows:  list,
		Pick:  func(x row) (value, name string) { return x.id, x.name },
		Acts:  []kit.Act{{Path: pathOf(name), Label: r.Say.T("style.change.group")}},
		Count: count, Of: 212, From: 1, Counted: r.Say.T("style.count", "count", count), Prev: prev(count), Next: prev(count), Export: pathOf(name), Exports: r.Say.T("style.exports"),
		Empty: kit.Empty(r, r.Say.T("style.empty"), r.Say.T("style.empty.text"), kit.Link{Path: pathOf(name), Label: r.Say.T("style.empty.action")}),
		None:  kit.Empty(r, r.Say.T("style.none"), r.Say.T("style.none.text"), kit.Link{Path: pathOf(name), Label: r.Say.T("style.none.action")}),
	})
}

// prev is the cursor of a list of more than one page.
func prev(count int) string {
	if count > 3 {
		return "2"
	}
	return ""
}

func fullList(r *web.Request) []specimen {
	return []specimen{of("ShowList", "style.state.full", listOf(r, "list", "sort=-name", rows(r), 212))}
}

func filteredList(r *web.Request) []specimen {
	return []specimen{of("ShowList", "style.state.filtered", listOf(r, "list-filtered", "group=media&city=osh", rows(r)[2:], 1))}
}

func emptyList(r *web.Request) []specimen {
	return []specimen{of("ShowList", "style.state.empty", listOf(r, "list-empty", "", nil, 0))}
}

func emptySearch(r *web.Request) []specimen {
	return []specimen{of("ShowList", "style.state.none", listOf(r, "list-none", "group=media&find=gone", nil, 0))}
}
