package roster_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

// crowd registers some people, and staff of all cities, of Osh and a second of all.
func crowd(t *testing.T, h peopletest.House) (all, osh, second *peopletest.Visitor) {
	t.Helper()
	for _, d := range []people.Details{
		{FullName: "Асанова Сайкал", City: "osh", Group: "deputies", Sex: "female", Organisation: "=1+1", Email: "saikal@mail.kg"},
		{FullName: "Асанов Бек", City: "talas", Group: "media", Sex: "male"},
		{FullName: "Үсөнова Өмүркан", City: "osh", Group: "media", Sex: "female"},
	} {
		h.Clock.Pass(time.Second)
		peopletest.Register(t, h.Store, h.People, d)
	}
	h.Clock.Pass(time.Second)
	as := func(name, city string) *peopletest.Visitor {
		p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: name, City: "naryn"})
		return h.As(t, p, access.Grant{Role: access.Coordinator, Scope: access.Scope{City: city}})
	}
	return as("Яковлева Я", ""), as("Ярова Я", "osh"), as("Яшина Я", "")
}

// addresses gives all that a page leads or sends to.
func addresses(t *testing.T, page string) (out []string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	for z.Next() != html.ErrorToken {
		for _, a := range z.Token().Attr {
			if a.Key == "href" || a.Key == "action" || a.Key == "formaction" {
				where, err := url.QueryUnescape(a.Val)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, where)
			}
		}
	}
	return out
}

func TestNoAddressOfTheListHoldsANameThatIsSearchedFor(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	all, _, second := crowd(t, h)
	status, to := all.Post("/ru/people?group=deputies", "/ru/people?group=deputies", url.Values{"q": {" Асанова "}})
	if status != http.StatusSeeOther || !strings.Contains(to, "group=deputies") || !strings.Contains(to, "find=") {
		t.Fatalf("the search leads to %d %s", status, to)
	}
	if where, err := url.QueryUnescape(to); err != nil || strings.Contains(strings.ToLower(where), "асан") || strings.Contains(where, "q=") {
		t.Errorf("the address is %s", where)
	}
	_, page := all.Get(to)
	if !strings.Contains(page, "Асанова Сайкал") || strings.Contains(page, "Асанов Бек") || !strings.Contains(page, `value="Асанова"`) {
		t.Error("the page is not that of the search")
	}
	// Sorted, with other columns, in another language: she is still found, and no address names her.
	links := addresses(t, page)
	followed := 0
	for _, where := range links {
		if strings.Contains(strings.ToLower(where), "асан") {
			t.Errorf("a link holds the name: %s", where)
		}
		if strings.Contains(where, "find=") && (strings.Contains(where, "sort=") || strings.HasPrefix(where, "/ky/")) {
			followed++
			if _, again := all.Get(where); !strings.Contains(again, "Асанова Сайкал") || strings.Contains(again, "Үсөнова") {
				t.Errorf("the search is lost behind %s", where)
			}
		}
	}
	if followed < 4 {
		t.Errorf("only %d links of %v keep the search", followed, links)
	}
	// In another's hands the address tells nothing, and says so.
	if _, other := second.Get(to); !strings.Contains(other, "Поиск в этом адресе больше не действует") || strings.Contains(other, `value="Асанова"`) {
		t.Error("the address opens for somebody else")
	}
	// A text that is too long is cut, and not lost behind the first link.
	if _, long := all.Get("/ru/people?q=" + url.QueryEscape(strings.Repeat("ы", 130))); !strings.Contains(long, `value="`+strings.Repeat("ы", 120)+`"`) || !strings.Contains(long, "find=") {
		t.Error("a long search is not kept")
	}
	if status, to := all.Post(to, to, url.Values{"q": {""}}); status != http.StatusSeeOther || strings.Contains(to, "find") {
		t.Errorf("an empty search leads to %d %s", status, to)
	}
}

func TestTheListIsSortedAndCounted(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	all, osh, _ := crowd(t, h)
	order := func(v *peopletest.Visitor, path string) (names []string) {
		t.Helper()
		_, page := v.Get(path)
		at := map[string]int{}
		for _, name := range []string{"Сайкал", "Бек", "Өмүркан", "Яковлева"} {
			if at[name] = strings.Index(page, name); at[name] >= 0 {
				names = append(names, name)
			}
		}
		slices.SortFunc(names, func(a, b string) int { return at[a] - at[b] })
		return names
	}
	for path, want := range map[string]string{
		"/ru/people":                      "Бек Сайкал Өмүркан Яковлева",
		"/ru/people?sort=-name":           "Яковлева Өмүркан Сайкал Бек",
		"/ru/people?sort=made":            "Сайкал Бек Өмүркан Яковлева",
		"/ru/people?sort=group&city=osh":  "Сайкал Өмүркан",
		"/ru/people?sort=-group&city=osh": "Өмүркан Сайкал",
		"/ru/people?sort=nonsense":        "Бек Сайкал Өмүркан Яковлева",
	} {
		if got := strings.Join(order(all, path), " "); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := order(osh, "/ru/people"); len(got) != 2 {
		t.Errorf("staff of Osh see %v", got)
	}
	if _, page := all.Get("/ru/people?group=media"); !strings.Contains(page, "2 человека") || !strings.Contains(page, "всего 6") {
		t.Error("the page does not say that two of six are shown")
	}
	if _, page := osh.Get("/ru/people?group=media"); !strings.Contains(page, "1 человек") || !strings.Contains(page, "всего 2") {
		t.Error("to staff of Osh the page counts others")
	}
	_, page := all.Get("/ru/people?columns=sex")
	if !strings.Contains(page, `data-label="Пол"`) || strings.Contains(page, `data-label="Город"`) {
		t.Error("the columns are not those that were chosen")
	}
}

func TestTheExportHoldsWhatIsShownAndIsNotedOfEach(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	all, osh, _ := crowd(t, h)
	fetch := func(v *peopletest.Visitor, path string, form url.Values) (kind string, body []byte) {
		t.Helper()
		_, page := v.Get("/ru/people")
		form.Set("form_token", webtest.FormToken(page))
		answer, err := v.HTTP.PostForm(v.URL+path, form)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err = io.ReadAll(answer.Body)
		if err != nil || answer.StatusCode != http.StatusOK || answer.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s: %s, %v, %v", path, answer.Status, answer.Header, err)
		}
		return answer.Header.Get("Content-Type"), body
	}
	rows := func(body []byte) (out [][]string) {
		t.Helper()
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
		r.Comma = ';'
		out, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	kind, body := fetch(all, "/ru/people/export?group=media&columns=city&columns=sex", url.Values{"format": {"csv"}})
	if got := rows(body); kind != sheet.TypeCSV || len(got) != 3 || strings.Join(got[0], ",") != "ФИО,Город,Пол" || got[1][0] != "Асанов Бек" || got[1][1] != "Талас" {
		t.Errorf("%s: %v", kind, got)
	}
	if got := rows(second(fetch(osh, "/ru/people/export", url.Values{"format": {"csv"}}))); len(got) != 3 {
		t.Errorf("staff of Osh get %v", got)
	}
	if got := rows(second(fetch(all, "/ru/people/export", url.Values{"format": {"csv"}}))); got[2][3] != "'=1+1" {
		t.Errorf("an organisation that is a formula is written as %q", got[2])
	}
	kind, body = fetch(all, "/ru/people/export?city=osh", url.Values{"format": {"xlsx"}})
	read, err := sheet.Read("people.xlsx", body)
	if err != nil || kind != sheet.TypeXLSX {
		t.Fatal(kind, err)
	}
	inBook := 0
	for _, err := range read.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		inBook++
	}
	if inBook != 2 {
		t.Errorf("the workbook holds %d people, want 2", inBook)
	}
	// Who was ticked, and whom the asker may see.
	byName := map[string]people.Person{}
	if err := h.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		found, err := h.People.Search(ctx, tx, people.Query{})
		for _, p := range found {
			byName[p.FullName] = p
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	bek, saikal := byName["Асанов Бек"].ID, byName["Асанова Сайкал"].ID
	got := rows(second(fetch(osh, "/ru/people/export", url.Values{"format": {"csv"}, "pick": {bek.String(), saikal.String(), "nonsense"}})))
	if len(got) != 2 || got[1][0] != "Асанова Сайкал" {
		t.Errorf("of two ticked, one in another city: %v", got)
	}
	seen := func(id storage.ID) (readers int) {
		t.Helper()
		if err := h.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			list, err := audit.List(ctx, tx, audit.Filter{Person: id})
			for _, e := range list {
				if e.Action == "people.audit.in_file" {
					readers++
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return readers
	}
	if seen(bek) != 1 || seen(saikal) != 2 {
		t.Errorf("noted of who was in the files of one reader: %d, of two: %d", seen(bek), seen(saikal))
	}
}

func second[A, B any](_ A, b B) B { return b }

// The whole way of a change of many: ticked, chosen, shown, done, taken back, each step a
// form that works without a script.
func TestManyAreChangedAfterAPreviewAndTakenBackFromTheList(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	all, _, second := crowd(t, h)
	found, err := h.People.List(t.Context(), people.ListQuery{Actor: access.Actor{Table: h.People.Manifest().Permissions, Grants: []access.Grant{{Role: access.Admin}}}, Group: "media"})
	if err != nil || len(found.IDs) != 2 {
		t.Fatal(found, err)
	}
	form := url.Values{"pick": {found.IDs[0].String(), found.IDs[1].String()}}
	step := func(what string, wants ...string) {
		t.Helper()
		status, page := all.Post("/ru/people", "/ru/people/change?group=media", form)
		for _, want := range wants {
			if status != http.StatusOK || !strings.Contains(page, want) {
				t.Errorf("%s: %d, %q is missing", what, status, want)
			}
		}
	}
	step("ticked", "Асанов Бек", "Үсөнова Өмүркан", `value="group:deputies"`, `value="city:talas"`, `href="/ru/people?group=media"`)
	form.Set("what", "group:deputies")
	step("shown", "Изменятся 2 записи", "Изменить 2 записи", "в течение 15 минут", "<del>", `name="sure"`)
	if _, page := all.Get("/ru/people?group=deputies"); strings.Contains(page, "Асанов Бек") {
		t.Fatal("the preview changes already")
	}
	form.Set("sure", "yes")
	if status, to := all.Post("/ru/people", "/ru/people/change?group=media", form); status != http.StatusSeeOther || to != "/ru/people?group=media" {
		t.Fatalf("done: %d %s", status, to)
	}
	_, page := all.Get("/ru/people?group=deputies")
	if !strings.Contains(page, "Асанов Бек") || !strings.Contains(page, "Группа: изменены 2 записи") || !strings.Contains(page, `action="/ru/people/undo"`) {
		t.Error("the list does not say what was done")
	}
	if _, other := second.Get("/ru/people"); strings.Contains(other, "/people/undo") {
		t.Error("somebody else is offered to take it back")
	}
	_, rest, _ := strings.Cut(page, `name="id" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	if status, _ := second.Post("/ru/people", "/ru/people/undo", url.Values{"id": {id}}); status != http.StatusNotFound {
		t.Errorf("somebody else takes it back: %d", status)
	}
	if status, to := all.Post("/ru/people", "/ru/people/undo", url.Values{"id": {id}}); status != http.StatusSeeOther || to != "/ru/people" {
		t.Errorf("taken back: %d %s", status, to)
	}
	if _, page := all.Get("/ru/people?group=media"); !strings.Contains(page, "Асанов Бек") || !strings.Contains(page, "Прежнее значение возвращено: 2 записи") || strings.Contains(page, "/people/undo") {
		t.Error("it is not as it was")
	}
}
