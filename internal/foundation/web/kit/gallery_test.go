package kit_test

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/assets"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

func printers(t *testing.T) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load(web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func request(c *i18n.Catalogue, l i18n.Language) *web.Request {
	return &web.Request{
		Request: httptest.NewRequest("GET", "/gallery?a=1&b=2", nil), Lang: l, Say: c.Printer(l), Token: "token",
		Actor: access.Actor{Person: storage.ID{1}},
		Site: &web.Site{
			Programme: i18n.Text{Ky: "Жарандык лидерлик программасы", Ru: "Программа гражданского лидерства", En: "Civic leadership programme"},
			Support:   i18n.Text{Ky: "Долбоор Канаданын жергиликтүү демилгелер фондунун (CFLI) колдоосу менен ишке ашат.", Ru: "Проект поддержан Канадским фондом местных инициатив (CFLI).", En: "Supported by the Canada Fund for Local Initiatives (CFLI)."},
			PublicURL: "https://ashar.example", Demo: true,
			Nav:    []web.NavItem{{Key: "web.pages", Path: "/gallery"}, {Key: "web.steps", Path: "/steps"}, {Key: "web.language", Path: "/language", Needs: "nobody.may"}},
			SignIn: "/sign-in", Account: web.NavItem{Key: "web.error.home", Path: "/me"},
		},
	}
}

// awkward holds components, with awkward content.
func awkward(r *web.Request) templ.Component {
	var form fault.Form
	form.Add("name", "fault.required")
	form.Add("phone", "fault.phone_eight", fault.Args{"example": "0555 12 34 56"})
	form.Add("group", "fault.required")
	form.Add("", "fault.conflict")
	wrong := fault.Of(form.Err())
	at := time.Date(2026, 11, 28, 3, 30, 0, 0, time.UTC)
	say := func(s string) templ.Component {
		return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { _, err := io.WriteString(w, s); return err })
	}
	all := templ.Join(
		say("<h1>"+templ.EscapeString(r.Say.T("web.site"))+"</h1>"),
		say(`<div class="pair"><form method="post" action="#">`),
		kit.ErrorSummary(r, wrong),
		kit.Stepper(r, []kit.Step{{Label: "Ким", Path: "/gallery?step=0"}, {Label: "Байланыш"}, {Label: "Макулдук"}}, 1),
		kit.TextField(r, kit.Field{Name: "name", Label: "Толук аты-жөнүңүз", Help: "Өзүңүз жазгандай. \"<b>\"", Value: "Асанова <Өмүркан> \"Үсөн\" кызы", Autocomplete: "name", Required: true, MaxLength: 200, Fault: wrong}),
		kit.TextField(r, kit.Field{Name: "phone", Label: "Телефон", Type: "tel", Value: "8 555 12 34 56", Autocomplete: "tel", InputMode: "tel", Fault: wrong}),
		kit.TextArea(r, kit.Field{Name: "why", Label: "Эмне үчүн?", Value: "\nбир\nэки", Lang: i18n.Kyrgyz, Fault: wrong}),
		kit.Choice(r, kit.Options{Field: kit.Field{Name: "group", Label: "Сиз кимсиз?", Help: "Бирин", Required: true, Fault: wrong}, Items: []kit.Item{{Value: "a", Label: "Жарандык активист"}, {Value: "d", Label: "Депутат", Help: "кайсы деңгээлде болбосун"}, {Value: "m", Label: "Журналист же блогер"}}, Chosen: []string{"d"}}),
		kit.Choice(r, kit.Options{Field: kit.Field{Name: "languages", Label: "Тилдер", Fault: wrong}, Items: []kit.Item{{Value: "ky", Label: "кыргызча"}, {Value: "ru", Label: "русский"}}, Chosen: []string{"ky", "ru"}, Many: true}),
		kit.Select(r, kit.Options{Field: kit.Field{Name: "city", Label: "Шаар", Fault: wrong}, Items: []kit.Item{{Value: "", Label: r.Say.T("web.form.optional")}, {Value: "osh", Label: "Ош"}}, Chosen: []string{"osh"}}),
		kit.Check(r, kit.Field{Name: "agree", Label: "Макулмун", Help: "Каалаган убакта кайтарып алсаңыз болот", Value: "on", Required: true}),
		kit.TextField(r, kit.Field{Name: "day", Label: "Күнү", Type: "date", Value: "2026-11-28"}),
		kit.Token(r),
		say(`<p class="actions">`), kit.Submit("Улантуу"), say(`<a class="button second" href="#">Кийин</a><button class="button danger" type="button">Өчүрүү</button></p></form><div class="stack">`),
		templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			for _, kind := range []string{"", "good", "wait", "bad"} {
				c := templ.WithChildren(ctx, templ.Join(say("<p>"), kit.Tag(kind, "9 орун калды"), say(" Нарында 7 адам тастыктаган жок</p>")))
				if err := kit.Notice(kind).Render(c, w); err != nil {
					return err
				}
			}
			return kit.Dialog("Арызды кайтарып алуу", "danger").Render(templ.WithChildren(ctx, say("<p>Орун башка адамга берилет.</p>")), w)
		}),
		say(`<article class="card"><div class="when">`), kit.DateBadge(r, at), say(`<div><h2><a href="#">Нарын: жарандык коом үчүн семинар</a></h2><p class="quiet">`), kit.When(r, at), say(`</p></div></div>`), kit.SeatBar(r, kit.Seats{Women: 11, Men: 5, Undisclosed: 1, Waiting: 5, Capacity: 25}), say(`</article>`),
		kit.SeatBar(r, kit.Seats{}), kit.SeatBar(r, kit.Seats{Women: 30, Men: 10, Waiting: 3, Capacity: 25}),
		say(`<dl class="stats">`), kit.Stat("1 024", "катышуучу"), kit.Stat("63%", "аялдар"), kit.Stat("8", "шаар"), say(`</dl>`),
		kit.Bars(r, kit.Chart{ID: "by-city", Title: "Шаарлар боюнча", Description: "Оштон эң көп.", Label: "Шаар", Series: []kit.Series{{Label: "адам"}}, Points: []kit.Point{{Label: "Ош", Values: []kit.Value{kit.Count(124)}, Paths: []string{"/numbers"}}, {Label: "Нарын", Values: []kit.Value{kit.Count(1)}}, {Label: "Баткен", Values: []kit.Value{kit.Hidden()}}, {Label: "Талас <\"", Values: []kit.Value{kit.Count(0)}}}}),
		kit.Bars(r, kit.Chart{ID: "none", Title: "Бош", Label: "Шаар", Series: []kit.Series{{Label: "адам"}}}),
		say(`</div></div><table class="cards"><caption>Семинарлар</caption><thead><tr><th scope="col">Шаар</th><th scope="col">Күнү</th><th scope="col">Орундар</th><th scope="col" class="n">Аялдар</th><th scope="col">Абалы</th></tr></thead><tbody><tr><th scope="row">Нарын</th><td data-label="Күнү">28-ноябрь</td><td data-label="Орундар">`), kit.SeatBar(r, kit.Seats{Women: 11, Men: 5, Waiting: 5, Capacity: 25}), say(`</td><td data-label="Аялдар" class="n">69%</td><td data-label="Абалы">`), kit.Tag("", "Тандоо"), say(`</td></tr><tr><th scope="row">Ош</th><td data-label="Күнү">21-ноябрь</td><td data-label="Орундар">24 / 25</td><td data-label="Аялдар" class="n">63%</td><td data-label="Абалы">`), kit.Tag("good", "Өттү"), say(`</td></tr></tbody></table>`),
		kit.Pager(r, kit.Pages{Page: 2, Of: 12, Path: func(n int) string { return "/gallery?page=" + string(rune('0'+n)) }}),
		people(r, kit.ReadView(r, peopleOf)),
		kit.UndoNotice(r, kit.Undo{Path: "/people/undo", ID: "7", Says: "Тобу: 3 жазуу өзгөртүлдү", Until: at}),
		templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			for _, c := range []kit.Confirmation{
				{Path: "/people/change", Yes: "3 жазууну өзгөртүү", Back: "/people?a=1&b=2", Kept: []kit.Item{{Label: "pick", Value: "\"1\""}}, Undo: 15 * time.Minute},
				{Path: "/people/erase", Yes: "Өчүрүү", Back: "/people", Danger: true},
			} {
				if err := kit.Confirm(r, c).Render(templ.WithChildren(ctx, say("<p>Нарын, 3 адам</p>")), w); err != nil {
					return err
				}
			}
			return nil
		}),
		kit.Empty(r, "Азырынча эч нерсе жок", "Биринчи семинарды кошуңуз.", kit.Link{Path: "/new", Label: "Кошуу"}),
		say(`<div class="ticket"><svg viewBox="0 0 10 10" aria-hidden="true"><rect width="10" height="10"></rect></svg><div class="stack"><h2>Нарын, 28-ноябрь</h2><p class="code">K7M4-P2XD</p></div></div><div class="door"><b>Кош келиңиз, Өмүркан!</b>17 / 25</div><div class="door ask"><b>Сураңыз</b></div><div class="door stop"><b>Токтоңуз</b></div>`),
	)
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return kit.Page(r, kit.Meta{Title: "Галерея", Description: "Бардык бөлүктөр \"<>\"", Current: "/gallery"}).Render(templ.WithChildren(ctx, all), w)
	})
}

// TestEveryComponentIsSoundMarkupInThreeLanguages renders all components and
// reads what a browser would read. With ASHAR_GALLERY=folder the pages are left
// there to be looked at.
func TestEveryComponentIsSoundMarkupInThreeLanguages(t *testing.T) {
	t.Parallel()
	c := printers(t)
	for _, l := range i18n.Languages {
		t.Run(string(l), func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if err := awkward(request(c, l)).Render(t.Context(), &b); err != nil {
				t.Fatal(err)
			}
			page := b.String()
			for _, wrong := range Audit(page) {
				t.Error(wrong)
			}
			if strings.Contains(page, "[web.") || strings.Contains(page, "[fault.") {
				t.Error("a text is missing")
			}
			if folder := os.Getenv("ASHAR_GALLERY"); folder != "" {
				leave(t, folder, string(l), page)
			}
		})
	}
}

func TestTheErrorSummaryLeadsToEachWrongField(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := awkward(request(printers(t), i18n.English)).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, part := range []string{
		`href="#f-phone"`, `id="f-phone"`, `aria-describedby="f-phone-error"`, `id="f-phone-error"`, `aria-invalid="true"`,
		`aria-describedby="f-name-help f-name-error"`, "Fix 4 errors", `value="Асанова &lt;Өмүркан&gt; &#34;Үсөн&#34; кызы"`,
		`href="/ru/gallery?a=1&amp;b=2"`, `hreflang="ky"`, `aria-current="page"`,
	} {
		if !strings.Contains(page, part) {
			t.Errorf("%s is missing", part)
		}
	}
	if strings.Contains(page, "/en/language") {
		t.Error("a word of the navigation is shown to who may not go there")
	}
}

func leave(t *testing.T, folder, name, page string) {
	t.Helper()
	files, err := assets.Files()
	if err == nil {
		err = os.MkdirAll(filepath.Join(folder, "assets"), 0o755)
	}
	for file, content := range files {
		err = errors.Join(err, os.WriteFile(filepath.Join(folder, "assets", file), content, 0o644))
	}
	if err = errors.Join(err, os.WriteFile(filepath.Join(folder, name+".html"), []byte(page), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// Audit reads a page and names what is unsound: unclosed or crossed tags,
// repeated ids, references to no id, controls without a label, inline style or script.
func Audit(page string) (wrong []string) {
	z := html.NewTokenizer(strings.NewReader(page))
	empty := map[string]bool{"meta": true, "link": true, "input": true, "br": true, "hr": true, "img": true, "source": true}
	var open []string
	ids, labels := map[string]bool{}, map[string]bool{}
	var refs, controls []string
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			var id, typ string
			named := false
			seen := map[string]bool{}
			for _, a := range token.Attr {
				if seen[a.Key] {
					wrong = append(wrong, token.String()+" has "+a.Key+" twice")
				}
				seen[a.Key] = true
				switch {
				case a.Key == "id":
					id = a.Val
					if ids[id] {
						wrong = append(wrong, "the id "+id+" is there twice")
					}
					ids[id] = true
				case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
					wrong = append(wrong, token.String()+" has inline "+a.Key)
				case a.Key == "type":
					typ = a.Val
				case a.Key == "for":
					labels[a.Val] = true
				case a.Key == "aria-describedby" || a.Key == "aria-labelledby":
					refs = append(refs, strings.Fields(a.Val)...)
				case a.Key == "aria-label" && a.Val != "":
					named = true
				case a.Key == "href" && strings.HasPrefix(a.Val, "#") && len(a.Val) > 1:
					refs = append(refs, a.Val[1:])
				}
			}
			switch token.Data {
			case "style":
				wrong = append(wrong, "there is a <style>")
			case "script":
				if !seen["src"] {
					wrong = append(wrong, "there is an inline <script>")
				}
			case "input", "select", "textarea":
				if typ != "hidden" && !named && !slices.Contains(open, "label") {
					controls = append(controls, id)
				}
			}
			if kind == html.StartTagToken && !empty[token.Data] {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				wrong = append(wrong, "</"+token.Data+"> closes "+strings.Join(open, " > "))
				return wrong
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		wrong = append(wrong, "never closed: "+strings.Join(open, " > "))
	}
	for _, id := range refs {
		if !ids[id] {
			wrong = append(wrong, "nothing has the id "+id)
		}
	}
	for _, id := range controls {
		if !labels[id] {
			wrong = append(wrong, "the control "+id+" has no label")
		}
	}
	return wrong
}
