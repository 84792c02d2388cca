package roster_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

func TestEveryPageSpeaksThreeLanguages(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	admin := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Админова Роза", Email: "admin@mail.kg"})
	a := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Канарейкина Сайкал", Phone: "+996555777333", City: "osh", Group: "deputies", Level: "city", Sex: "female", BirthYear: 1990, Languages: []string{"ky", "dng"}})
	peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Сайкал Канарейкина", Email: "k@mail.kg", City: "osh"})
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		return h.People.SetConsent(ctx, tx, a.ID, people.ForPhoto, true)
	})
	v := h.As(t, admin, access.Grant{Role: access.Admin}, access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "osh"}})
	missing := regexp.MustCompile(`\[[a-z]+\.[a-z_.]+\]`)
	for _, l := range i18n.Languages {
		for _, path := range []string{
			"/sign-in", "/sign-in/code", "/sign-in/link/x", "/me", "/me/edit", "/me/erase", "/me/passkeys", "/people", "/people?q=канар&group=deputies&city=osh&sex=female",
			"/people?q=nobody", "/import/people", "/people/duplicates", "/people/roles", "/people/" + a.ID.String(), "/people/" + a.ID.String() + "/edit",
		} {
			status, body := v.Get("/" + string(l) + path)
			if status != http.StatusOK {
				t.Errorf("%s %s: %d", l, path, status)
			}
			if m := missing.FindString(body); m != "" {
				t.Errorf("%s %s: no text %s", l, path, m)
			}
			if !strings.Contains(body, `lang="`+string(l)+`"`) || !strings.Contains(body, "</html>") {
				t.Errorf("%s %s is not whole", l, path)
			}
		}
	}
	// Who looked is told to the person.
	_, mine := h.As(t, a).Get("/ru/me")
	for _, want := range []string{"Канарейкина Сайкал", "+996 555 777 333", "Данные просмотрены", "администратор", "Ош"} {
		if !strings.Contains(mine, want) {
			t.Errorf("her page lacks %q", want)
		}
	}
}

func TestNobodySeesPeopleWithoutTheRoleForTheirCity(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	canary := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Канарейкина Сайкал", Email: "kanarei.test@mail.kg", Phone: "+996555777333", Village: "Сары-Канарей", City: "osh"})
	stranger := h.Visitor(t)
	part := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "a@mail.kg"}))
	talas := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Талас Кызматкер", Email: "t@mail.kg"}), access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "talas"}})
	door := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Эшик Кызматкер", Email: "d@mail.kg"}), access.Grant{Role: access.Facilitator})
	osh := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Ош Кызматкер", Email: "o@mail.kg"}), access.Grant{Role: access.Coordinator, Scope: access.Scope{City: "osh"}})
	paths := []string{
		"/ru/me", "/ru/people", "/ru/people?q=Канарейкина", "/ru/people?q=kanarei.test@mail.kg", "/ru/people/" + canary.ID.String(),
		"/ru/people/" + canary.ID.String() + "/edit", "/ru/people/duplicates", "/ru/people/roles", "/ru/import/people",
	}
	for who, v := range map[string]*peopletest.Visitor{"a stranger": stranger, "a participant": part, "staff of another city": talas, "a facilitator": door} {
		for _, path := range paths {
			status, body := v.Get(path)
			for _, c := range []string{"Сайкал", "555777333", "555 777 333", "Сары-Канарей"} {
				if strings.Contains(body, c) {
					t.Errorf("%s sees %q at %s (%d)", who, c, path, status)
				}
			}
		}
		if status, _ := v.Post("/ru/people/"+canary.ID.String(), "/ru/people/"+canary.ID.String()+"/edit", url.Values{"name": {"Другая"}}); status < 300 || (status < 400 && who != "a stranger") {
			t.Errorf("%s changes her: %d", who, status)
		}
	}
	if status, body := osh.Get("/ru/people/" + canary.ID.String()); status != http.StatusOK || !strings.Contains(body, "Сары-Канарей") {
		t.Errorf("staff of her city do not see her: %d", status)
	}
	if status, _ := osh.Post("/ru/me", "/ru/people/"+canary.ID.String()+"/roles", url.Values{"role": {"admin"}}); status != http.StatusForbidden {
		t.Errorf("a coordinator gives roles: %d", status)
	}
}

func TestAPersonSignsInCorrectsTakesAndErasesHerDataWithoutScript(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	p := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	v := h.Visitor(t)
	if status, to := v.Post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"nobody@mail.kg"}}); status != http.StatusSeeOther || to != "/ky/sign-in/code" {
		t.Fatalf("an unknown address: %d %s", status, to)
	}
	h.Clock.Pass(time.Second)
	if status, to := v.Post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"asan@mail.kg"}}); status != http.StatusSeeOther || to != "/ky/sign-in/code" {
		t.Fatalf("a known address answers otherwise: %d %s", status, to)
	}
	if status, body := v.Post("/ky/sign-in", "/ky/sign-in", url.Values{"address": {"<b>"}}); status != http.StatusUnprocessableEntity || strings.Contains(body, "<b>") {
		t.Errorf("no address: %d", status)
	}
	h.Work(t)
	if status, _ := v.Post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {peopletest.Wrong(h.Sent.Codes[0].Code)}}); status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code: %d", status)
	}
	if status, to := v.Post("/ky/sign-in/code", "/ky/sign-in/code", url.Values{"code": {h.Sent.Codes[0].Code}}); status != http.StatusSeeOther || to != "/ky/me" {
		t.Fatalf("the right code: %d %s", status, to)
	}
	bad := url.Values{"name": {""}, "address_as": {strings.Repeat("а", 300)}, "birth_year": {"abc"}, "lang": {"de"}, "sex": {"x"}, "village": {strings.Repeat("а", 300)}}
	if status, body := v.Post("/ky/me/edit", "/ky/me/edit", bad); status != http.StatusUnprocessableEntity || !strings.Contains(body, "abc") || strings.Count(body, "aria-invalid") < 4 {
		t.Errorf("bad input: %d, what was typed must stay", status)
	}
	if status, _ := v.Post("/ky/me/edit", "/ky/me/edit", url.Values{"name": {"Асан Үсөнов"}, "email": {"thief@mail.kg"}, "lang": {"ky"}, "neutral": {"on"}}); status != http.StatusSeeOther {
		t.Errorf("good input: %d", status)
	}
	if status, _ := v.Post("/ky/me", "/ky/me/consents", url.Values{"purpose": {"photo", "email"}, "shown": shownConsents(second(v.Get("/ky/me")))}); status != http.StatusSeeOther {
		t.Errorf("consents: %d", status)
	}
	_, page := v.Get("/ky/me")
	if !strings.Contains(page, "Асан Үсөнов") || strings.Contains(page, "thief") || strings.Count(page, "checked") != 2 {
		t.Error("the page does not show what was saved")
	}
	status, archive := v.Post("/ky/me", "/ky/me/export", url.Values{"format": {"zip"}})
	z, err := zip.NewReader(strings.NewReader(archive), int64(len(archive)))
	if status != http.StatusOK || err != nil || len(z.File) != 1 {
		t.Fatalf("archive: %d, %v", status, err)
	}
	if status, body := v.Post("/ky/me", "/ky/me/export", url.Values{"format": {"json"}}); status != http.StatusOK || !strings.Contains(body, "Асан Үсөнов") || !strings.Contains(body, `"photo"`) || !strings.Contains(body, `"state": "proven"`) {
		t.Errorf("JSON: %d", status)
	}
	if status, _ := v.Post("/ky/me/erase", "/ky/me/erase", url.Values{"word": {"жок"}}); status != http.StatusUnprocessableEntity {
		t.Errorf("erased without the word: %d", status)
	}
	if status, to := v.Post("/ky/me/erase", "/ky/me/erase", url.Values{"word": {"өчүрүү"}}); status != http.StatusSeeOther || to != "/ky" {
		t.Errorf("erase: %d %s", status, to)
	}
	if status, _ := v.Get("/ky/me"); status == http.StatusOK {
		t.Error("still signed in after the erasure")
	}
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		if got, err := h.People.ByID(ctx, tx, p.ID); err == nil {
			return fmt.Errorf("%s is still there", got.ID)
		}
		return nil
	})
}

func TestStaffImportAFileAfterALook(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	v := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Координатор", Email: "c@mail.kg"}), access.Grant{Role: access.Coordinator})
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "people.csv")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(part, "ФИО;Почта;Пол\nАсан Үсөнов;asan@mail.kg;м\nБез почты;не-почта;ж\n")
	w.Close()
	res, err := v.HTTP.Post(v.URL+"/ru/import/people", w.FormDataContentType(), &body)
	status, to := v.Read(res, err)
	if status != http.StatusSeeOther || !strings.HasPrefix(to, "/ru/import/people/") {
		t.Fatalf("upload: %d %s", status, to)
	}
	_, preview := v.Get(to)
	for _, want := range []string{"Почта (2)", "Добавить 1 человека", "<td data-label=\"Строка\">3</td>"} {
		if !strings.Contains(preview, want) {
			t.Errorf("the preview lacks %q", want)
		}
	}
	if _, list := v.Get("/ru/people?q=Асан"); strings.Contains(list, "Үсөнов") {
		t.Error("the preview wrote")
	}
	if status, _ := v.Post(to, to, url.Values{}); status != http.StatusSeeOther {
		t.Errorf("confirm: %d", status)
	}
	if _, list := v.Get("/ru/people?q=Асан"); !strings.Contains(list, "Үсөнов") {
		t.Error("the import did not write")
	}
	if status, result := v.Get(to); status != http.StatusOK || !strings.Contains(result, "Без почты") {
		t.Errorf("what became of the file: %d", status)
	}
}

// shownConsents are what the form of the consents says of itself.
func shownConsents(page string) (out []string) {
	for _, m := range regexp.MustCompile(`name="shown" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		out = append(out, m[1])
	}
	return out
}

// A page that stood open while the words changed says so, and saves the rest.
func TestAYesToWordsThatHaveChangedIsAskedForAnew(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	v := h.As(t, peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "asan@mail.kg"}))
	shown := shownConsents(second(v.Get("/ru/me")))
	for i, one := range shown {
		if strings.HasPrefix(one, "photo ") {
			shown[i] = "photo 0000000000000000"
		}
	}
	v.Post("/ru/me", "/ru/me/consents", url.Values{"purpose": {"photo", "list"}, "shown": shown})
	_, page := v.Get("/ru/me")
	if !strings.Contains(page, "слова согласия изменились") || strings.Count(page, "checked") != 1 {
		t.Errorf("it says nothing of it, or %d are ticked", strings.Count(page, "checked"))
	}
	v.Post("/ru/me", "/ru/me/consents", url.Values{"purpose": {"photo", "list"}, "shown": shownConsents(page)})
	if _, page = v.Get("/ru/me"); strings.Contains(page, "слова согласия изменились") || strings.Count(page, "checked") != 2 {
		t.Errorf("read again, %d are ticked", strings.Count(page, "checked"))
	}
}

// Who helps is no staff: a look of hers is told as what she was then.
func TestALookIsToldAsOfWhatSheWasWhoLooked(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	her := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	reader := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Бермет", Email: "bermet@mail.kg"})
	now := h.Store.Now()
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		if err := h.People.GiveHelpAwake(ctx, tx, people.Help{Person: reader.ID, Activity: storage.ID{9}, Role: access.Reviewer, Begins: now, Ends: now.Add(48 * time.Hour)}); err != nil {
			return err
		}
		// One that sleeps is none.
		if _, err := h.People.GrantBy(ctx, tx, her.ID, reader.ID, access.Grant{Role: access.Admin}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{At: now.Add(time.Hour), Actor: reader.ID, Person: her.ID, Action: "people.audit.viewed"})
	})
	h.Clock.Pass(72 * time.Hour) // and it is over when she reads
	_, page := h.As(t, her).Get("/en/me")
	if _, looks, _ := strings.Cut(page, `id="looks"`); !strings.Contains(looks, "reviewer") || strings.Contains(looks, "administrator") {
		t.Errorf("the looks are told as %s", looks[:min(len(looks), 1500)])
	}
}
