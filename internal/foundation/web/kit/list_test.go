package kit_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

type human struct {
	id, name, city string
	visits         int
}

var peopleOf = kit.ViewOf{Path: "/people", Filters: []string{"group", "city"}, Sorts: []string{"name", "visits"}, Columns: []string{"city", "visits", "note"}, Off: []string{"note"}}

// people is a list with all that a list can have.
func people(r *web.Request, v kit.View) templ.Component {
	return kit.ShowList(r, kit.List[human]{
		View: v, Title: "Адамдар", Search: kit.Field{Label: "Аты же телефону", Help: "Аттын башы"},
		Facets: []kit.Facet{
			{Name: "group", Label: "Тобу", Values: []kit.FacetValue{{Label: "Баары", Count: 212}, {Value: "media", Label: "Медиа <b>", Count: 0}}},
			{Name: "city", Label: "Шаары", Folded: true, Values: []kit.FacetValue{{Value: "osh", Label: "Ош", Count: 3}, {Value: "talas", Label: "Талас", Count: -1}}},
		},
		Columns: []kit.Column[human]{
			{Name: "name", Label: "Аты", Head: true, Sort: true, Cell: func(h human) templ.Component { return kit.LinkTo(r, "/people/"+h.id, h.name) }},
			{Name: "city", Label: "Шаары", Cell: func(h human) templ.Component { return kit.Plain(h.city) }},
			{Name: "visits", Label: "Келди", Sort: true, Number: true, Said: true, Cell: func(h human) templ.Component { return kit.Plain(kit.Number(r, h.visits)) }},
			{Name: "note", Label: "Белги", Cell: func(human) templ.Component { return kit.Tag("bad", "байланыш жок") }},
		},
		Rows:  []human{{"1", "Асанова \"Өмүркан\"", "Ош", 3}, {"2", "Үсөнов <Бакыт>", "", 0}},
		Pick:  func(h human) (value, name string) { return h.id, h.name },
		Acts:  []kit.Act{{Path: "/people/write", Label: "Жазуу"}, {Path: "/people/export", Label: "XLSX", Name: "format", Value: "xlsx"}},
		Count: 212, Of: 1204, From: 51, Counted: "212 адам", Prev: "1", Next: "2", Export: "/people/export", Exports: "Файлда аты-жөндөр бар.",
		Empty: kit.Empty(r, "Азырынча эч ким жок", "", kit.Link{}),
		None:  kit.Empty(r, "Эч ким табылган жок", "Чыпканы алып салыңыз.", kit.Link{}),
	})
}

func at(t *testing.T, query string) *web.Request {
	t.Helper()
	r := request(printers(t), i18n.English)
	r.Request = httptest.NewRequest("GET", "/en/people?"+query, nil)
	return r
}

func drawn(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheAddressOfAListHoldsItsViewAndNothingElse(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                                  "/people?city=osh",
		"group=media&after=7&sort=x":        "/people?city=osh&group=media", // another filter begins at the first page
		"sort=-visits&other=1":              "/people?city=osh&sort=-visits",
		"sort=name":                         "/people?city=osh",
		"sort=-name":                        "/people?city=osh&sort=-name",
		"columns=note&columns=city":         "/people?city=osh&columns=city&columns=note",
		"columns=city&columns=visits":       "/people?city=osh", // what is usual anyway
		"columns=secret":                    "/people?city=osh",
		"group=" + strings.Repeat("x", 101): "/people?city=osh",
		"group=%ff":                         "/people?city=osh",
		"find=nonsense":                     "/people?city=osh",
	} {
		v := kit.ReadView(at(t, query), peopleOf)
		if got := v.With("city", "osh"); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
		if v.Ended != strings.Contains(query, "find=") {
			t.Errorf("%q: a search that does not open ended: %v", query, v.Ended)
		}
	}
	v := kit.ReadView(at(t, "group=media&before=7"), peopleOf)
	if v.Filter("group") != "media" || v.Before() != "7" || !v.Narrowed() || v.Shows("note") || !v.Shows("city") || v.To("/people/export") != "/people/export?before=7&group=media" {
		t.Errorf("%+v", v)
	}
}

func TestAListOffersEachWayOnOnce(t *testing.T) {
	t.Parallel()
	r := at(t, "group=media&sort=-visits&columns=visits&columns=note")
	page := drawn(t, people(r, kit.ReadView(r, peopleOf)))
	for _, part := range []string{
		`aria-sort="descending"`, `href="/en/people?columns=visits&amp;columns=note&amp;group=media&amp;sort=visits"`, // the other way around
		`href="/en/people?columns=visits&amp;columns=note&amp;group=media"`,  // by name, which needs no word
		`href="/en/people?columns=visits&amp;columns=note&amp;sort=-visits"`, // all groups
		`aria-current="true"`, `name="columns" value="note" checked`, `name="pick" value="2"`, "51–52 shown", "1,204 in all",
		`after=2`, `before=1`, `Үсөнов &lt;Бакыт&gt;`, `formaction="/en/people/export?`, `name="format" value="csv"`, "байланыш жок",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("%s is missing", part)
		}
	}
	if strings.Contains(page, `data-label="Шаары"`) || strings.Contains(page, `value="city" checked`) {
		t.Error("a column is shown that was not chosen")
	}
	for _, empty := range []struct{ query, want, not string }{
		{"", "Азырынча эч ким жок", "Эч ким табылган жок"}, {"group=media", "Эч ким табылган жок", "Азырынча эч ким жок"},
	} {
		r := at(t, empty.query)
		page := drawn(t, kit.ShowList(r, kit.List[human]{
			View: kit.ReadView(r, peopleOf), Empty: kit.Empty(r, "Азырынча эч ким жок", "", kit.Link{}), None: kit.Empty(r, "Эч ким табылган жок", "", kit.Link{}), Export: "/people/export",
		}))
		if !strings.Contains(page, empty.want) || strings.Contains(page, empty.not) || strings.Contains(page, "<table") || strings.Contains(page, "export") {
			t.Errorf("%q: %s", empty.query, page)
		}
	}
}

func TestWhatIsTickedIsTakenOnce(t *testing.T) {
	t.Parallel()
	r := request(printers(t), i18n.English)
	r.Request = httptest.NewRequest("POST", "/en/people/export", strings.NewReader(url.Values{"pick": {"a", "b", "a"}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := kit.Picked(r); len(got) != 2 || got[0] != "a" || got[1] != "b" {
		t.Errorf("%q", got)
	}
	if r.Request = httptest.NewRequest("GET", "/en/people/export?pick=a", nil); len(kit.Picked(r)) != 0 {
		t.Error("an address ticks")
	}
}

// What cannot be taken back says so, what can says for how long and until when.
func TestWhatIsConfirmedSaysWhetherItCanBeTakenBack(t *testing.T) {
	t.Parallel()
	r := request(printers(t), i18n.English)
	page := drawn(t, kit.Confirm(r, kit.Confirmation{Path: "/x", Yes: "Change 3 records", Back: "/people", Undo: 15 * time.Minute}))
	if !strings.Contains(page, "taken back for 15 minutes") || strings.Contains(page, "danger") || !strings.Contains(page, `name="form_token"`) {
		t.Error(page)
	}
	page = drawn(t, kit.Confirm(r, kit.Confirmation{Path: "/x", Yes: "Erase", Back: "/people", Danger: true}))
	if !strings.Contains(page, "cannot be taken back") || !strings.Contains(page, "danger") {
		t.Error(page)
	}
	page = drawn(t, kit.UndoNotice(r, kit.Undo{Path: "/undo", ID: "7", Says: "Done", Until: time.Date(2026, 11, 28, 9, 42, 0, 0, time.UTC)}))
	if !strings.Contains(page, "until 15:42, Bishkek time") || !strings.Contains(page, `name="id" value="7"`) || !strings.Contains(page, `name="form_token"`) {
		t.Error(page)
	}
}
