package pages

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people/peopletest"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/module"
)

var none = &fstest.MapFile{Data: []byte("{}")}

// panelAt serves the module's part of My programme alone.
func panelAt(m *Module) module.Manifest {
	return module.Manifest{Texts: fstest.MapFS{"ky.json": none, "ru.json": none, "en.json": none}, Routes: []web.Route{{Method: "GET", Pattern: "/my", Needs: access.SignedIn, Handler: func(r *web.Request) error {
		var panel templ.Component
		if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			panel, err = m.myPanel(ctx, tx, r)
			return err
		}); err != nil {
			return err
		}
		return r.Page(http.StatusOK, panel)
	}}}}
}

func TestAPersonReadsWhatSheAnsweredWithTheWordsThatWereAnswered(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		s.url = serve(s.t, s.m, s.c, append(peopletest.Manifests(s.m.People, s.m.Store), panelAt(s.m))...)
		must := func(err error) {
			s.t.Helper()
			if err != nil {
				s.t.Fatal(err)
			}
		}
		day := s.asks(forms.Written{
			Kind: forms.AskChoice, Label: i18n.Text{Ky: "Кайсы күнү?", Ru: "В какой день?", En: "Which day?"},
			Choices: i18n.Text{Ky: "Биринчи күн\nЭкинчи күн", Ru: "Первый день\nВторой день", En: "First day\nSecond day"},
		})
		since := s.asks(forms.Written{Kind: forms.AskDate, Label: inThree("Since when?")})
		// Her form comes with the version that asks; then every word of it changes.
		her, app, path := s.proven("q_"+day, s.optionOf(day, "Second day"), "q_"+since, "2024-03-08")
		must(s.edit(day, func(w *forms.Written) {
			w.Label, w.Choices = inThree("Reworded"), options("1: Something", "2: Something else")
		}))
		must(s.change(forms.DropQuestion, since, forms.Written{}))
		for lang, words := range map[string][]string{
			"ky": {"Кайсы күнү?", "Экинчи күн", "2024-жылдын 8-марты", "Ош", "Аял", "Since when?"},
			"ru": {"В какой день?", "Второй день", "8 марта 2024", "Женский"},
			"en": {"Which day?", "Second day", "8 March 2024", "Female", "25–34"},
		} {
			for _, at := range []string{"/me", "/my", path[len("/en"):]} {
				_, page, _ := her.do("GET", "/"+lang+at, nil)
				_, part, there := strings.Cut(page, "</h1>")
				if at == "/my" {
					part, there = page, true
				}
				for _, w := range words {
					if !there || !strings.Contains(part, w) {
						s.t.Errorf("/%s%s does not say %q", lang, at, w)
					}
				}
				for _, w := range []string{"Reworded", "Something", ">2<", ">female<", ">on<", "2024-03-08"} {
					if strings.Contains(part, w) {
						s.t.Errorf("/%s%s says %q", lang, at, w)
					}
				}
			}
		}
		// Neither a browser that handed an application in nor a letter's link tells who reads.
		first := s.browser()
		_, other := s.apply(first, "q_name", "Бекова Нур", "q_email", "nur@example.kg", "q_"+day, s.optionOf(day, "Something"))
		if status, page, _ := first.do("GET", other, nil); status != http.StatusOK || strings.Contains(page, "Something") || !strings.Contains(page, "only after you sign in") {
			s.t.Errorf("the browser that handed in gets %d, with the answers or without the way to them", status)
		}
		if status, page, _ := her.do("GET", other, nil); status != http.StatusNotFound || strings.Contains(page, "Something") {
			s.t.Errorf("another person's application gives her %d", status)
		}
		s.archive(app, day)
	})
}

// inArchive is a question as programs find it in an archive.
type inArchive struct {
	Key      string    `json:"key"`
	Question i18n.Text `json:"question"`
	Given    []struct {
		Value string    `json:"value"`
		Label i18n.Text `json:"label"`
	} `json:"given"`
}

// archive reads the application in her archive: the values as before, and the words beside.
func (s stage) archive(app seats.Application, day string) {
	s.t.Helper()
	var got map[string]any
	write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) (err error) {
		got, err = s.m.People.Export(ctx, tx, app.Person)
		return err
	})
	raw, err := json.Marshal(got["seminars.applications"])
	if err != nil {
		s.t.Fatal(err)
	}
	var list []struct {
		Answers struct {
			Values map[string][]string `json:"values"`
		}
		Asked []inArchive
	}
	if err := json.Unmarshal(raw, &list); err != nil || len(list) != 1 {
		s.t.Fatalf("%v %s", err, raw)
	}
	for key, values := range list[0].Answers.Values {
		at := slices.IndexFunc(list[0].Asked, func(a inArchive) bool { return a.Key == key })
		if at < 0 || len(list[0].Asked[at].Given) != len(values) || list[0].Asked[at].Question.Ky == "" {
			s.t.Errorf("the answer to %s has no words beside it: %s", key, raw)
			continue
		}
		one := list[0].Asked[at]
		for i, v := range values {
			if one.Given[i].Value != v {
				s.t.Errorf("%s: the words are of %q, the value is %q", key, one.Given[i].Value, v)
			}
		}
		if want := (i18n.Text{Ky: "Экинчи күн", Ru: "Второй день", En: "Second day"}); key == day && one.Given[0].Label != want {
			s.t.Errorf("the option is called %+v", one.Given[0].Label)
		}
		if key == "sex" && (one.Given[0].Label.Ru != "Женский" || one.Question.En == "") {
			s.t.Errorf("sex: %+v", one)
		}
	}
}
