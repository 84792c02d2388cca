package runsheet

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/document/documenttest"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/followup"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// paperOf makes a paper of steps, printed at a moment, in one language.
func paperOf(t *testing.T, l i18n.Language, list []Step) paper {
	t.Helper()
	c, err := i18n.Load(os.DirFS("text"), os.DirFS("../sheets/text"), os.DirFS("../pages/text"))
	if err != nil {
		t.Fatal(err)
	}
	starts := time.Date(2022, 10, 13, 9, 0, 0, 0, i18n.Bishkek())
	p := paper{r: &web.Request{Lang: l, Say: c.Printer(l)}, team: map[storage.ID]string{{1}: "Жылдыз Асанова 🦅"}}
	p.Activity = seats.Activity{
		Slug: "osh", Kind: programme.Seminar, Starts: starts, Ends: starts.Add(8 * time.Hour), Capacity: 40,
		Title: i18n.Text{Ky: "Оштогу семинар", Ru: "Семинар в Оше", En: "Seminar in Osh"},
		Venue: i18n.Text{Ky: "Маданият үйү", Ru: "Дом культуры", En: "House of culture"},
	}
	p.Now, p.Plan = starts.Add(-14*time.Hour), Plan{Version: 3, Steps: list}
	p.files = []materials.Material{{ID: storage.ID{2}, Title: i18n.Text{Ky: "Слайддар", Ru: "Слайды", En: "Slides"}}}
	p.Speaks, p.Needs = []count{{"Кыргызча", 31}}, 2
	p.Lines = followup.Lines{Seats: 40, Answered: 33}
	return p
}

// usualDay is a day as it is planned: twelve steps, of which some have all that a step may say.
func usualDay() (out []Step) {
	for i := range 12 {
		s := Step{ID: storage.ID{byte(i + 1)}, Begins: i*40 - 30, Minutes: 40, Least: 40, Title: i18n.Text{
			Ky: fmt.Sprintf("Кадам %d: жергиликтүү кеңеште сөз сүйлөө", i+1), Ru: fmt.Sprintf("Шаг %d: выступление в местном кенеше", i+1), En: fmt.Sprintf("Step %d: to speak in a local council", i+1),
		}}
		if i%4 == 0 {
			s.Least, s.Room, s.Lead, s.Materials = 25, "Чоң зал", storage.ID{1}, []storage.ID{{2}}
			s.Note = "Столдорду бириктирүү.\nКагаз жана калем таратуу."
		}
		out = append(out, s)
	}
	return out
}

func TestThePlanIsAPaperThatEverybodyCanRead(t *testing.T) {
	t.Parallel()
	most := usualDay()
	for len(most) < MostSteps {
		s := most[len(most)-12]
		s.Begins += 24 * 60
		s.Title.Ky, s.Note = strings.Repeat("Ө", longestTitle), strings.Repeat("сөз ", longestNote/4)
		most = append(most, s)
	}
	files := map[string][]byte{}
	for _, l := range i18n.Languages {
		for name, list := range map[string][]Step{"day": usualDay(), "most": most, "none": nil} {
			p := paperOf(t, l, list)
			if name == "most" {
				p.Activity.Ends = p.Activity.Starts.AddDate(0, 0, 9)
			}
			if name == "none" {
				p.Activity.Starts, p.Activity.Ends, p.Lines = time.Time{}, time.Time{}, followup.Lines{}
			}
			pdf, err := p.document().PDF()
			if err != nil {
				t.Fatalf("%s in %s: %v", name, l, err)
			}
			if again, err := p.document().PDF(); err != nil || !bytes.Equal(pdf, again) {
				t.Errorf("%s in %s: the same plan gives other bytes (%v)", name, l, err)
			}
			files[name+"-"+string(l)] = pdf
		}
	}
	documenttest.Judge(t, files)
}

func TestAUsualDayStandsOnOnePageWithAllThatAStepSays(t *testing.T) {
	t.Parallel()
	for l, want := range map[i18n.Language][]string{
		i18n.Kyrgyz:  {"Күндүн планы", "Оштогу семинар", "Маданият үйү", "08:30–09:10", "Кадам 12", "кечиксе, эң азы 25 мүн", "Чоң зал", "Жылдыз Асанова □", "Столдорду бириктирүү.", "Кагаз жана калем таратуу.", "Слайддар", "Кыргызча: 31", "версиясы: 3", "33 / 40", "Барак 1 / 1"},
		i18n.Russian: {"План дня", "Семинар в Оше", "Дом культуры", "08:30–09:10", "Шаг 12", "не меньше 25 мин", "Чоң зал", "Слайды", "33 из 40", "версия 3", "12.10.2022, 19:00"},
		i18n.English: {"Plan of the day", "Seminar in Osh", "House of culture", "08:30–09:10", "Step 12", "no less than 25 min", "Slides", "33 of 40", "version 3"},
	} {
		pdf, err := paperOf(t, l, usualDay()).document().PDF()
		if err != nil {
			t.Fatal(err)
		}
		text := documenttest.Text(t, pdf)
		pages := strings.Count(text, "\f")
		text = strings.Join(strings.Fields(text), " ") // wherever a line breaks
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is not on the paper:\n%s", l, w, text)
			}
		}
		if pages != 1 {
			t.Errorf("%s: a usual day has %d pages", l, pages)
		}
	}
}

func TestAPlanOfSeveralDaysHasATableForEach(t *testing.T) {
	t.Parallel()
	list := usualDay()
	for i := range list[6:] {
		list[6+i].Begins += 24*60 - 4*60
	}
	p := paperOf(t, i18n.Russian, list)
	p.Activity.Ends = p.Activity.Starts.AddDate(0, 0, 1)
	p.Plan.Version = 0
	pdf, err := p.document().PDF()
	if err != nil {
		t.Fatal(err)
	}
	text := documenttest.Text(t, pdf)
	first, second := strings.Index(text, "13 октября 2022"), strings.LastIndex(text, "14 октября 2022")
	if first < 0 || second < first || strings.Count(text, "Начали в") != 2 || !strings.Contains(text, "План не сохранён") {
		t.Errorf("the days are not told apart:\n%s", text)
	}
}

// Who leads a step stands on the paper by name, so she reads in her log that it was made; who
// may not plan the day gets none.
func TestThePaperIsForWhoPlansTheDayAndStandsInTheLogOfWhoLeads(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		v.quiet()
		list := steps(2)
		list[0].Lead = v.leader()
		if err := v.set(v.lead, 0, list); err != nil {
			t.Fatal(err)
		}
		reader := v.staff(access.Coordinator)
		r, w := v.asked(reader, http.MethodGet, "")
		if err := v.m.sendPaper(r); err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(documenttest.Text(t, w.Body.Bytes())), " ")
		if w.Header().Get("Content-Type") != "application/pdf" || !strings.Contains(w.Header().Get("Content-Disposition"), `"plan-`+v.osh.Slug+`-en.pdf"`) ||
			!strings.Contains(text, "Кадам 0") || !strings.Contains(text, "Who leads: Кызматкер facilitator") {
			t.Errorf("%v\n%s", w.Header(), text)
		}
		looks := func() (n int) {
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				return tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND actor_id = $2 AND action = 'runsheet.audit.leads'`, v.lead.Person, reader.Person).Scan(&n)
			})
			return n
		}
		if n := looks(); n != 1 {
			t.Errorf("she reads of %d looks", n)
		}
		for _, other := range []access.Actor{v.staff(access.FrontDesk), {Table: v.table}} {
			r, w := v.asked(other, http.MethodGet, "")
			if err := v.m.sendPaper(r); !fault.Is(err, fault.Forbidden) || w.Body.Len() > 0 {
				t.Errorf("%v gets %d bytes: %v", other.Grants, w.Body.Len(), err)
			}
		}
	})
}
