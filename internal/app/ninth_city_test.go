package app

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// entered puts a word of an entry into each field of a text.
func entered(f url.Values, name string, t i18n.Text) {
	for _, l := range i18n.Languages {
		f.Set(name+"_"+string(l), t.Exactly(l))
	}
}

// ninth are the forms of a city and of a group that no house begins with.
func ninth() (city, group url.Values) {
	city = url.Values{"iso": {"KG-C"}, "lat": {"42,8142"}, "lon": {"73.8481"}, "from_0": {""}, "words": {"Калининское"}}
	entered(city, "name_0", i18n.Text{Ky: "Карабалта", Ru: "Кара-Балта", En: "Kara-Balta"})
	entered(city, "in_0", i18n.Text{Ky: "Карабалтада", Ru: "в Кара-Балте", En: "in Kara-Balta"})
	group = url.Values{"code": {"youth"}, "from_0": {""}}
	entered(group, "name_0", i18n.Text{Ky: "Жаш адам", Ru: "Молодой человек", En: "Young person"})
	entered(group, "many_0", i18n.Text{Ky: "Жаштар", Ru: "Молодёжь", En: "Young people"})
	return city, group
}

// filledIn gives the form of a page that is sent to the page itself, as it was drawn.
func filledIn(t *testing.T, who *guest, path string) url.Values {
	t.Helper()
	_, page, _ := who.do(http.MethodGet, path, nil)
	form := url.Values{}
	for _, f := range formsOf(t, path, page) {
		if action, err := url.Parse(f.action); err == nil && action.Path == path {
			for _, in := range f.fields {
				if in.kind != "button" && !in.unticked {
					form.Add(in.name, in.value)
				}
			}
		}
	}
	return form
}

// A ninth city and a fifth group, added on the page, are everywhere where the others are: a
// seminar is planned from a template, found, applied for, chosen, counted and exported.
func TestANinthCityIsEverywhereWhereTheEightAre(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		city, group := ninth()
		done := func(path string, form url.Values) {
			t.Helper()
			if status, body, _ := s.chief.do(http.MethodPost, path, form); status != http.StatusSeeOther {
				t.Fatalf("%s: %d\n%s", path, status, faultOf(body))
			}
		}
		sees := func(who *guest, path string, words ...string) string {
			t.Helper()
			status, body, _ := who.do(http.MethodGet, path, nil)
			for _, w := range words {
				if status != http.StatusOK || !strings.Contains(body, w) {
					t.Errorf("%s: %d without %q", path, status, w)
				}
			}
			return body
		}
		done("/ky/staff/lists/city/new", city)
		done("/ky/staff/lists/group/new", group)
		sees(s.chief, "/ky/staff/lists", "Карабалта", "kara-balta", "Жаш адам")

		// Planned from the template, in the table of all cities.
		copies := "/ky/plan/templates/" + s.template.Key + "/copies"
		day := s.now.AddDate(0, 0, 40)
		row := url.Values{"publish": {"on"}}
		for field, v := range map[string]string{"date": day.Format("2006-01-02"), "from": "09:00", "to": "18:30", "venue": "Маданият үйү", "venue_ky": "Маданият үйү"} {
			row.Set("row_kara-balta_"+field, v)
		}
		sees(s.chief, copies, "row_kara-balta_date", "Карабалта")
		done(copies, row)
		slug := s.template.Key + "-kara-balta"
		nobody := s.guest()
		sees(nobody, "/ky/events/"+slug, "Карабалта")
		sees(nobody, "/ru/events?city=kara-balta", slug, "Кара-Балта")
		sees(nobody, "/en/events/map", "Kara-Balta: next")
		sees(nobody, "/ky/", "Карабалта")
		sees(nobody, "/calendar.ics", slug)
		sees(nobody, "/ky/events", "group=youth", "Жаштар")
		sees(s.chief, "/ky/plan?city=kara-balta", slug)
		sees(s.chief, "/ky/plan/"+slug, "kara-balta", "Жаштар")

		// It is for everybody, so that the form asks for the group.
		edit := "/ky/plan/" + slug
		all := filledIn(t, s.chief, edit)
		all.Set("group", "youth")
		done(edit, all)
		sees(nobody, "/ky/events?group=youth", slug)
		all = filledIn(t, s.chief, edit)
		all.Set("group", "")
		done(edit, all)

		// She lives there and applies.
		a := s.activity(slug)
		path := "/ky/events/" + slug + "/apply"
		sees(nobody, path, `value="kara-balta"`, `value="youth"`)
		form := filledIn(t, nobody, path)
		for name, v := range map[string]string{
			"q_name": "Эркинбекова Перизат", "q_phone": "0543 000 998", "q_sex": profile.Female, "q_age": "25-34", "q_place": "kara-balta",
			"q_group": "youth", "q_processing": "on", "do": "next",
		} {
			form.Set(name, v)
		}
		if status, body, header := nobody.do(http.MethodPost, path, form); status != http.StatusSeeOther || !strings.Contains(header.Get("Location"), "/my/applications/") {
			t.Fatalf("she cannot apply: %d to %q\n%s", status, header.Get("Location"), faultOf(body))
		}
		var applied storage.ID
		var version string
		s.write(func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT id, CAST(version AS TEXT) FROM application WHERE activity_id = $1`, a.ID).Scan(&applied, &version)
		})
		applicants := "/ky/staff/seminars/" + slug + "/applicants"
		sees(s.chief, applicants, "Перизат", "Карабалта", "Жаштар")
		sees(s.chief, applicants+"?city=kara-balta&group=youth", "Перизат")
		sees(s.chief, "/ky/staff/seminars/"+slug+"/seats", "target_group_youth")
		done(applicants, url.Values{"chosen": {applied.String() + "." + version}, "to": {"invited"}, "sure": {"yes"}})

		// Counted, and listed with the others.
		var facts int
		s.write(func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM fact WHERE city = 'kara-balta' AND person_group = 'youth' AND kind = 'seminars.invited'`).Scan(&facts)
		})
		if facts != 1 {
			t.Errorf("there are %d facts of the city and the group", facts)
		}
		sees(s.chief, "/ky/numbers?by=city", "Карабалта")
		sees(s.chief, "/ky/numbers?by=group", "Жаштар")
		sees(s.chief, "/ky/people?city=kara-balta&group=youth", "Перизат", "Карабалта", "Жаштар")
		_, table, _ := s.chief.do(http.MethodPost, "/ru/people/export?city=kara-balta", url.Values{"format": {"csv"}})
		for _, w := range []string{"Перизат", "Кара-Балта"} {
			if !strings.Contains(table, w) {
				t.Errorf("the export lacks %q:\n%s", w, table)
			}
		}

		// A table of people knows the city and the group by all their words.
		file := "ФИО,Почта,Город,Группа\nБир,bir@example.org,г. Кара-Балта,Молодёжь\nЭки,eki@example.org,Калининское,young person\nҮч,uch@example.org,Kara-Balta,жаштар\nТөрт,tort@example.org,kara-balta,youth\n"
		if _, err := s.rooms.people.ImportFile(t.Context(), s.Store(), strings.NewReader(file), "people.csv", false); err != nil {
			t.Fatal(err)
		}
		if err := s.Store().Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			all, err := s.rooms.people.Search(ctx, tx, people.Query{})
			n := 0
			for _, p := range all {
				if strings.HasSuffix(p.Email, "@example.org") && p.City == "kara-balta" && p.Group == "youth" {
					n++
				}
			}
			if n != 4 {
				t.Errorf("%d of four are of the city and the group", n)
			}
			return err
		}); err != nil {
			t.Error(err)
		}

		// Closed, it is offered no more and still named where it stands.
		e, _ := s.book.Now().City("kara-balta")
		done("/ky/staff/lists/city/kara-balta/close", url.Values{"version": {"1"}, "closed": {"on"}})
		if e.Version != 1 || strings.Contains(sees(s.guest(), path), `value="kara-balta"`) {
			t.Error("a form still offers it")
		}
		if strings.Contains(sees(s.chief, copies), "row_kara-balta_date") {
			t.Error("the table of copies still offers it")
		}
		sees(nobody, "/ky/events/"+slug, "Карабалта")
		sees(nobody, "/ky/events/map", "Карабалта")
		sees(s.chief, "/ky/plan/"+slug, `value="kara-balta"`)
		sees(s.chief, "/ky/people?city=kara-balta", "Перизат", "Карабалта")
	})
}

var typedValue = regexp.MustCompile(`name="([a-z_0-9]+)"[^>]* value="([^"]*)"`)

// Of two administrators who change one entry at once the second is told, with what she
// typed and what stands there now, and nothing is lost.
func TestOfTwoWhoRenameOneCityTheSecondIsToldAndLosesNothing(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		const path = "/ky/staff/lists/city/talas"
		first, second := filledIn(t, s.chief, path), filledIn(t, s.chief, path)
		first.Set("name_0_en", "Talas town")
		second.Set("name_0_ru", "город Талас")
		for _, f := range []url.Values{first, second} { // it was called so before, too
			f.Set("earlier", "on")
		}
		if status, body, _ := s.chief.do(http.MethodPost, path, first); status != http.StatusSeeOther {
			t.Fatalf("the first: %d\n%s", status, faultOf(body))
		}
		status, body, _ := s.chief.do(http.MethodPost, path, second)
		if status != http.StatusConflict {
			t.Fatalf("the second: %d", status)
		}
		shown := map[string]string{}
		for _, m := range typedValue.FindAllStringSubmatch(body, -1) {
			shown[m[1]] = m[2]
		}
		if shown["name_0_ru"] != "город Талас" || shown["name_0_en"] != "Talas town" {
			t.Errorf("the page shows %q and %q", shown["name_0_ru"], shown["name_0_en"])
		}
		e, _ := s.book.Now().City("talas")
		if e.Now.Name.En != "Talas town" || e.Now.Name.Ru != "Талас" {
			t.Errorf("it is called %v", e.Now.Name)
		}
		// What she has now seen, she may decide.
		again := second
		again.Set("version", "2")
		again.Set("name_0_en", "Talas town")
		if status, body, _ := s.chief.do(http.MethodPost, path, again); status != http.StatusSeeOther {
			t.Fatalf("the second, again: %d\n%s", status, faultOf(body))
		}
		if e, _ := s.book.Now().City("talas"); e.Now.Name.En != "Talas town" || e.Now.Name.Ru != "город Талас" {
			t.Errorf("it is called %v", e.Now.Name)
		}
	})
}

// What another process has changed is known to who plans at once.
func TestAnotherReplicaPlansInACityThatThisOneHasNotSeenYet(t *testing.T) {
	t.Parallel()
	address := storagetest.Database(t, true)
	here := openStage(t, address, "http://localhost:8080")
	city, _ := ninth()
	there := &stage{base: here.base, log: here.log, bare: bare{t: t, now: here.now}, tables: here.tables, model: here.model, template: here.template}
	var err error
	if there.App, err = Open(t.Context(), here.config, Options{Clock: here.options.Clock, Demo: true, Log: here.options.Log}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { there.Close() })
	there.chief = &guest{stage: there, person: here.chief.person, cookies: here.chief.cookies, token: here.chief.token}
	there.chief.do(http.MethodGet, "/ky/plan", nil) // it has looked just now
	if status, body, _ := here.chief.do(http.MethodPost, "/ky/staff/lists/city/new", city); status != http.StatusSeeOther {
		t.Fatalf("%d\n%s", status, faultOf(body))
	}
	row := url.Values{"row_kara-balta_date": {here.now.AddDate(0, 0, 40).Format("2006-01-02")}, "row_kara-balta_from": {"09:00"}, "row_kara-balta_to": {"18:30"}, "row_kara-balta_venue_ky": {"Үй"}, "row_kara-balta_venue": {"Үй"}, "publish": {"on"}}
	status, body, _ := there.chief.do(http.MethodPost, "/ky/plan/templates/"+here.template.Key+"/copies", row)
	if status != http.StatusSeeOther {
		t.Errorf("the other replica: %d\n%s", status, faultOf(body))
	}
	if a := there.activity(here.template.Key + "-kara-balta"); a.City != "kara-balta" || a.Lat != 42.8142 {
		t.Errorf("it lies in %q at %v", a.City, a.Lat)
	}
}
