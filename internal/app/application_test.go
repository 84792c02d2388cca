package app

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/app/analysis"
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/web/webtest"
)

// handIn applies to a seminar of the demo and gives the page of the application.
func (v visitor) handIn(slug string, change ...string) string {
	v.t.Helper()
	form := url.Values{
		"step": {"0"}, "do": {"next"}, "q_name": {"Айгүл Асанова"}, "q_email": {"aigul.handed@example.org"}, "q_sex": {"female"},
		"q_age": {"25-34"}, "q_place": {"osh"}, "q_processing": {"on"},
	}
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	v.do("GET", "/en/events/"+slug+"/apply", nil)
	status, body, header := v.do("POST", "/en/events/"+slug+"/apply", form)
	to := header.Get("Location")
	if status != http.StatusSeeOther || !strings.Contains(to, "/my/applications/") {
		v.t.Fatalf("applying gives %d to %q: %.300s", status, to, body)
	}
	return to
}

// A browser that handed an application in is nobody to the rest of the house.
func TestWhoHandedAnApplicationInOpensNothingElseOfTheHouse(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, slug := plant(t, h)
	v := h.as(t, "")
	mine := v.handIn(slug)
	tried := 0
	for _, route := range h.Routes() {
		if route.Needs == access.Public || route.Needs == access.Applied || strings.HasPrefix(route.Pattern, "/live/") || strings.HasSuffix(route.Pattern, "/news") {
			continue
		}
		path := fill(strings.ReplaceAll(route.Pattern, "{slug}", slug))
		if !route.Raw {
			path = "/en" + path
		}
		var form url.Values
		if route.Method != http.MethodGet && route.Method != http.MethodHead {
			form = url.Values{"nothing": {"of use"}}
		}
		tried++
		status, body, header := v.do(route.Method, path, form)
		refused := status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusSeeOther && strings.Contains(header.Get("Location"), "sign-in")
		if !refused || strings.Contains(body, "Асанова") {
			t.Errorf("%s %s: %d to %q", route.Method, path, status, header.Get("Location"))
		}
	}
	if tried < 60 {
		t.Errorf("only %d routes were tried", tried)
	}
	if status, body, _ := v.do("GET", mine, nil); status != http.StatusOK || !strings.Contains(body, "Withdraw") {
		t.Errorf("her application gives %d afterwards", status)
	}
	if status, _, _ := v.do("POST", "/en/sign-out", url.Values{}); status != http.StatusSeeOther {
		t.Errorf("signing out: %d", status)
	}
	if status, _, _ := v.do("GET", mine, nil); status == http.StatusOK {
		t.Error("signed out, she opens it still")
	}
}

// exported gives the table of applicants as a coordinator gets it, and its rows.
func (v visitor) exported(slug, file string) (head []string, rows [][]string) {
	v.t.Helper()
	_, page, _ := v.do("GET", "/en/staff/seminars/"+slug+"/applicants", nil)
	token := webtest.FormToken(page)
	if token == "" {
		v.t.Fatal("the page of applicants has no form")
	}
	status, table, _ := v.do("POST", "/en/staff/seminars/"+slug+"/export", url.Values{"format": {"csv"}, "form_token": {token}})
	if status != http.StatusOK {
		v.t.Fatalf("the export: %d", status)
	}
	if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
		v.t.Fatal(err)
	}
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(table, "\ufeff"))).ReadAll()
	if err != nil {
		v.t.Fatal(err)
	}
	return all[0], all[1:]
}

// The table of applicants goes into the draw as it is: of those who share a contact no
// more than one is drawn, until staff have said that they are different people.
func TestADrawFromTheExportTakesOneOfThoseWhoShareAContact(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	_, slug := plant(t, h)
	family := map[string]bool{}
	for i, name := range []string{"Айнура Касымова", "Бакыт Касымов", "Чынара Касымова"} {
		mine := h.as(t, "").handIn(slug, "q_name", name, "q_email", fmt.Sprintf("kasymov%d@example.org", i), "q_phone", "0555 98 76 54")
		family[mine[strings.LastIndex(mine, "/")+1:]] = true
	}
	coordinator, file := h.as(t, access.Coordinator), filepath.Join(t.TempDir(), "applicants.csv")

	// most is how many can be drawn with one of each group.
	groups := func() (of map[string]string, most int) {
		head, rows := coordinator.exported(slug, file)
		id, group := slices.Index(head, "id"), slices.Index(head, "Same contact")
		if id < 0 || group < 0 {
			t.Fatalf("the columns are %q", head)
		}
		of = map[string]string{}
		seen := map[string]bool{}
		for _, row := range rows {
			of[row[id]] = row[group]
			if row[group] == "" || !seen[row[group]] {
				most++
			}
			seen[row[group]] = true
		}
		return of, most
	}
	draw := func(seats int) ([]string, error) {
		var out bytes.Buffer
		_, err := analysis.Select(file, analysis.SelectOptions{Seats: seats, Seed: "dice 3 5 2 6", Household: "Same contact", AtMost: 1}, &out, nil)
		var result struct{ Selected []string }
		if err == nil {
			err = json.Unmarshal(out.Bytes(), &result)
		}
		return result.Selected, err
	}
	of, most := groups()
	if len(of)-most < 2 {
		t.Fatalf("%d applicants, %d groups", len(of), most)
	}
	drawn, err := draw(most)
	if err != nil || len(drawn) != most {
		t.Fatalf("drawing %d: %d, %v", most, len(drawn), err)
	}
	taken, ofFamily := map[string]int{}, 0
	for _, id := range drawn {
		if g := of[id]; g != "" {
			taken[g]++
		}
		if family[id] {
			ofFamily++
		}
	}
	for g, n := range taken {
		if n > 1 {
			t.Errorf("%d of group %s are drawn", n, g)
		}
	}
	if ofFamily != 1 {
		t.Errorf("%d of the family are drawn", ofFamily)
	}
	if _, err := draw(most + 1); err == nil {
		t.Error("one more is drawn than there are groups")
	}

	_, page, _ := coordinator.do("GET", "/en/staff/seminars/"+slug+"/applicants?q="+url.QueryEscape("касымов"), nil)
	chosen := regexp.MustCompile(`name="chosen" value="([^"]*)"`).FindAllStringSubmatch(page, -1)
	form := url.Values{"form_token": {webtest.FormToken(page)}}
	for _, c := range chosen {
		if id, _, _ := strings.Cut(c[1], "."); family[id] {
			form.Add("chosen", c[1])
		}
	}
	if status, body, _ := coordinator.do("POST", "/en/staff/seminars/"+slug+"/apart", form); status != http.StatusSeeOther {
		t.Fatalf("parting them: %d %.300s", status, body)
	}
	if of, parted := groups(); parted != most+2 {
		t.Errorf("parted, %d of %d can be drawn, not %d", parted, len(of), most+2)
	} else if drawn, err := draw(parted); err != nil || len(drawn) != parted {
		t.Errorf("parted, drawing %d: %d, %v", parted, len(drawn), err)
	}
}
