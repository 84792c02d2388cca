package roster_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

var (
	hiddenBox = regexp.MustCompile(`<input type="hidden" name="([a-z_]+)" value="([^"]*)"`)
	checked   = regexp.MustCompile(`<input[^>]*name="([a-z_]+)" value="([^"]*)"[^>]* checked`)
)

// boxes gives what a form of the page sends by itself: its hidden boxes and what is ticked.
func boxes(page string) url.Values {
	out := url.Values{}
	for _, list := range [][][]string{hiddenBox.FindAllStringSubmatch(page, -1), checked.FindAllStringSubmatch(page, -1)} {
		for _, m := range list {
			out.Add(m[1], html.UnescapeString(m[2]))
		}
	}
	return out
}

// adding is a coordinator of Osh and her browser, on both engines.
func adding(t *testing.T, f func(t *testing.T, h peopletest.House, boss people.Person, v *peopletest.Visitor)) {
	t.Helper()
	t.Parallel()
	peopletest.Both(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		h := peopletest.OpenWith(t, store, people.Options{PublicURL: "http://localhost", Demo: true})
		h.Clock = clock
		boss := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Координатор", Email: "c@mail.kg", City: "osh"})
		f(t, h, boss, h.As(t, boss, access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "osh"}}))
	})
}

// fill opens the form and types into it.
func fill(t *testing.T, v *peopletest.Visitor, typed url.Values) url.Values {
	t.Helper()
	form := boxes(mustGet(t, v, "/ru/people/add"))
	form.Set("city", "osh")
	form.Set("lang", "ru")
	form.Set("source", "phone")
	form.Set("day", "2026-11-20")
	form.Set("read_in", "ru")
	for name, values := range typed {
		form[name] = values
	}
	return form
}

func sends(v *peopletest.Visitor, form url.Values) (int, string) {
	res, err := v.HTTP.PostForm(v.URL+"/ru/people/add", form)
	return v.Read(res, err)
}

func TestSomebodyIsAddedAndAskedAboutOnPagesWithoutScript(t *testing.T) {
	adding(t, func(t *testing.T, h peopletest.House, boss people.Person, v *peopletest.Visitor) {
		page := mustGet(t, v, "/ru/people/add")
		for want, there := range map[string]bool{`value="osh" selected`: true, `value="talas"`: false, `value="2026-11-20"`: true, "checked": false} {
			if strings.Contains(page, want) != there {
				t.Errorf("the form has %q: %v", want, !there)
			}
		}
		if ticked := boxes(page)["purpose"]; len(ticked) != 0 {
			t.Errorf("ticked for her: %v", ticked)
		}
		form := fill(t, v, url.Values{"name": {"Асанова Айгүл"}, "phone": {"0555 12 34 56"}, "purpose": {"programme"}, "birth_year": {"1990"}})
		status, to := sends(v, form)
		m := regexp.MustCompile(`/ru/people/([0-9a-f-]{36})/added$`).FindStringSubmatch(to)
		if status != http.StatusSeeOther || m == nil {
			t.Fatalf("added: %d\n%s", status, to)
		}
		added := mustGet(t, v, m[0])
		for _, want := range []string{"Асанова Айгүл", "Запись создана", `href="/ru/people/` + m[1] + `"`, `href="/ru/people/add"`} {
			if !strings.Contains(added, want) {
				t.Errorf("the page of whom was added lacks %q", want)
			}
		}
		hers := mustGet(t, v, "/ru/people/"+m[1])
		if n := strings.Count(hers, "Согласие дано"); n != 1 || !strings.Contains(hers, "Записано сотрудником программы. Сказано по телефону") {
			t.Errorf("%d consents stand in her record, or not who noted it", n)
		}
		// The browser goes back and sends the same form again.
		if status, to := sends(v, form); status != http.StatusSeeOther || !strings.HasSuffix(to, m[0]) {
			t.Errorf("sent again: %d %s", status, to)
		}
		// Somebody else is typed into the kept page: nothing is lost, and a second press adds.
		form.Set("name", "Бакытов Эрмек")
		form.Set("phone", "0555654321")
		status, page = sends(v, form)
		if status != http.StatusConflict || !strings.Contains(page, "Бакытов Эрмек") || !strings.Contains(page, "0555654321") {
			t.Fatalf("another by the same form: %d", status)
		}
		form.Set("form", boxes(page).Get("form"))
		if status, _ := sends(v, form); status != http.StatusSeeOther {
			t.Errorf("sent with the new form: %d", status)
		}

		// Her sister has her phone, and the surname.
		sister := fill(t, v, url.Values{"name": {"Асанова Айгүл"}, "phone": {"0555123456"}, "village": {"Кара-Суу <b>"}, "organisation": {"Айыл үнү"}, "purpose": {"photo"}})
		status, page = sends(v, sister)
		if status != http.StatusConflict {
			t.Fatalf("nobody asks: %d", status)
		}
		for _, want := range []string{"тот же телефон", "то же имя", "/ru/people/" + m[1], `name="is" value="` + m[1], `name="another"`, "Село", "Организация"} {
			if !strings.Contains(page, want) {
				t.Errorf("the question lacks %q", want)
			}
		}
		if strings.Contains(page, "Кара-Суу <b>") {
			t.Error("what was typed is not escaped")
		}
		if !slices.Contains(looks(t, h, boss, m[1]), "people.audit.in_duplicates") {
			t.Error("her log does not tell that she was shown")
		}
		kept := boxes(page)
		for name, want := range map[string]string{"name": "Асанова Айгүл", "village": "Кара-Суу <b>", "purpose": "photo", "source": "phone", "day": "2026-11-20", "form": sister.Get("form")} {
			if kept.Get(name) != want {
				t.Errorf("%s goes along as %q", name, kept.Get(name))
			}
		}
		// Back to what was typed.
		kept.Set("change", "1")
		if status, back := sends(v, kept); status != http.StatusOK || !strings.Contains(back, `value="Айыл үнү"`) || boxes(back).Get("purpose") != "photo" || !strings.Contains(back, "<details class=\"field\" open") {
			t.Errorf("what was typed is not there any more: %d", status)
		}
		kept.Del("change")
		// Meanwhile another record comes: it is asked about before anybody is added.
		peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Айгүл Асанова", City: "osh", Organisation: "Кийинки"})
		kept.Set("another", "1")
		status, page = sends(v, kept)
		if status != http.StatusConflict || !strings.Contains(page, "Кийинки") || strings.Contains(page, `name="is" value="`+m[1]) {
			t.Fatalf("who came meanwhile: %d", status)
		}
		kept = boxes(page)
		kept.Set("another", "1")
		if status, to = sends(v, kept); status != http.StatusSeeOther || strings.Contains(to, m[1]) {
			t.Errorf("added all the same: %d %s", status, to)
		}
		// And it is she: her record gets what it lacks.
		once := fill(t, v, url.Values{"name": {"Асанова Айгүл"}, "phone": {"0555123456"}, "email": {"a@mail.kg"}})
		if status, page = sends(v, once); status != http.StatusConflict {
			t.Fatal(status)
		}
		kept = boxes(page)
		kept.Set("is", m[1])
		if status, to = sends(v, kept); status != http.StatusSeeOther || !strings.HasSuffix(to, "/ru/people/"+m[1]) {
			t.Errorf("it is she: %d %s", status, to)
		}
		id, err := storage.ParseID(m[1])
		if err != nil {
			t.Fatal(err)
		}
		if h.ContactID(t, id, "a@mail.kg") == "" {
			t.Error("her record did not get the address")
		}
		for _, path := range []string{m[0], "/ru/people/" + m[1]} {
			if page := mustGet(t, v, path); strings.Contains(page, "a@mail.kg") || strings.Contains(page, "555 123 456") {
				t.Errorf("%s shows a contact that nobody asked for", path)
			}
		}
		if len(h.Sent.Codes)+len(h.Sent.Changes)+len(h.Sent.Invitations) != 0 {
			t.Error("a letter left")
		}
	})
}

// looks gives the actions of a reader in a person's log.
func looks(t *testing.T, h peopletest.House, reader people.Person, person string) (out []string) {
	t.Helper()
	id, err := storage.ParseID(person)
	if err != nil {
		t.Fatal(err)
	}
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		list, err := audit.List(ctx, tx, audit.Filter{Person: id, Actor: reader.ID})
		out = nil
		for _, e := range list {
			out = append(out, e.Action)
		}
		return err
	})
	return out
}

func TestWhoIsOfAnotherCityStandsOnNoPageOfAdding(t *testing.T) {
	adding(t, func(t *testing.T, h peopletest.House, boss people.Person, v *peopletest.Visitor) {
		far := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Канарейкина Сайкал", Email: "k@mail.kg", Phone: "0555777333", City: "talas", Village: "Сары-Канарей"})
		form := fill(t, v, url.Values{"name": {"Канарейкина Сайкал"}, "phone": {"0555777333"}, "email": {"k@mail.kg"}})
		status, to := sends(v, form)
		if status != http.StatusSeeOther || !strings.HasSuffix(to, "/added") {
			t.Errorf("somebody elsewhere stands in the way: %d %s", status, to)
		}
		if strings.Contains(mustGet(t, v, to), "Сары-Канарей") || len(looks(t, h, boss, far.ID.String())) != 0 {
			t.Error("who is elsewhere was shown")
		}
		// Named by her id she is refused, as her page is; the form to another city is, too, and keeps what was typed.
		form = fill(t, v, url.Values{"name": {"Бакытов Эрмек"}, "phone": {"0555000000"}, "is": {far.ID.String()}})
		if status, page := sends(v, form); status != http.StatusForbidden || strings.Contains(page, "Сайкал") {
			t.Errorf("to her record: %d", status)
		}
		form = fill(t, v, url.Values{"name": {"Бакытов Эрмек"}, "phone": {"0555000000"}, "city": {"talas"}})
		if status, page := sends(v, form); status != http.StatusForbidden || !strings.Contains(page, "За этот город отвечаете не вы") || !strings.Contains(page, "Бакытов Эрмек") {
			t.Errorf("in another city: %d", status)
		}
		for _, path := range []string{"/ru/people/" + far.ID.String() + "/added", "/ru/people/x/added"} {
			if status, page := v.Get(path); status < 400 || strings.Contains(page, "Сайкал") {
				t.Errorf("%s: %d", path, status)
			}
		}
		// Who works on an activity alone reads why nobody can be added.
		one := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Бирөө", Email: "o@mail.kg"}), access.Grant{Role: access.Coordinator, Scope: access.Scope{Activity: storage.RandomID(time.Now())}})
		if page := mustGet(t, one, "/ru/people/add"); strings.Contains(page, "<form method=\"post\" action=\"/ru/people/add\"") || !strings.Contains(page, "Вы отвечаете за мероприятие") {
			t.Error("who may add nobody is shown the form")
		}
	})
}

// What was sought and not found is typed in already, when it is a name; no address names it.
func TestWhoIsNotFoundIsAddedByTheNameThatWasSought(t *testing.T) {
	adding(t, func(t *testing.T, _ peopletest.House, _ people.Person, v *peopletest.Visitor) {
		for sought, typed := range map[string]string{"Жокова Эчким": "Жокова Эчким", "0555 99 88 77": "", "nobody@mail.kg": ""} {
			_, to := v.Post("/ru/people", "/ru/people", url.Values{"q": {sought}})
			page := mustGet(t, v, to)
			links := regexp.MustCompile(`href="(/ru/people/add[^"]*)"`).FindAllStringSubmatch(page, -1)
			if len(links) != 2 { // in the head and where nobody was found
				t.Fatalf("%q: %d links lead to the form", sought, len(links))
			}
			for _, l := range links {
				if at, _ := url.QueryUnescape(l[1]); strings.Contains(at, "Жокова") || strings.Contains(at, "nobody") || strings.Contains(at, "0555") {
					t.Errorf("an address says %s", l[1])
				}
			}
			form := mustGet(t, v, html.UnescapeString(links[1][1]))
			if typed != "" && !strings.Contains(form, `value="`+typed+`"`) || strings.Contains(form, "99 88 77") || strings.Contains(form, "nobody@") {
				t.Errorf("%q is not typed in, or what is no name is", sought)
			}
		}
		if page := mustGet(t, v, "/ru/people/add?find=nonsense"); strings.Contains(page, `value="nonsense`) {
			t.Error("an address types into the form")
		}
	})
}

func TestThePagesOfAddingSpeakThreeLanguages(t *testing.T) {
	adding(t, func(t *testing.T, h peopletest.House, _ people.Person, v *peopletest.Visitor) {
		have := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асанова Айгүл Маратовна", Phone: "0555123456", City: "osh"})
		missing := regexp.MustCompile(`\[[a-z]+\.[a-z_.]+\]`)
		for _, l := range i18n.Languages {
			at := "/" + string(l) + "/people/add"
			form := fill(t, v, url.Values{"name": {"Асанова Айгүл"}, "phone": {"0555123456"}, "birth_year": {"1990"}})
			post := func(change func(f url.Values)) (int, string) {
				f := url.Values{}
				for name, values := range form {
					f[name] = slices.Clone(values)
				}
				change(f)
				res, err := v.HTTP.PostForm(v.URL+at, f)
				return v.Read(res, err)
			}
			pages := map[string]string{"the form": mustGet(t, v, at), "added": mustGet(t, v, "/"+string(l)+"/people/"+have.ID.String()+"/added")}
			var status int
			if status, pages["alike"] = post(func(url.Values) {}); status != http.StatusConflict {
				t.Errorf("%s alike: %d", l, status)
			}
			if status, pages["wrong"] = post(func(f url.Values) {
				f.Set("name", " ")
				f.Set("day", "x")
				f.Del("source")
				f["purpose"] = []string{"soul"}
				f.Set("form", "x")
			}); status != http.StatusUnprocessableEntity {
				t.Errorf("%s wrong: %d", l, status)
			}
			for name, page := range pages {
				if m := missing.FindString(page); m != "" {
					t.Errorf("%s, %s: no text %s", l, name, m)
				}
				if !strings.Contains(page, `lang="`+string(l)+`"`) || !strings.Contains(page, "</html>") {
					t.Errorf("%s, %s is not whole", l, name)
				}
			}
		}
	})
}
