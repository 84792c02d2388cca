package pages

import (
	"context"
	"encoding/csv"
	"net/url"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// answers hands an application in with one more answer, and gives its name in the list.
func (s stage) answers(name, key, value string) {
	s.t.Helper()
	if _, err := handIn(s.t.Context(), s.m, s.a, "", "name", name, "email", namesake(name).String()+"@example.kg", key, value); err != nil {
		s.t.Fatal(err)
	}
}

// table is the list as the export gives it: a row by the name of its person.
func (s stage) table() (head []string, rows map[string]map[string]string) {
	s.t.Helper()
	staff := &browser{t: s.t, base: s.url, staff: true}
	_, page, _ := staff.do("GET", "/en/staff/seminars/osh/applicants", nil)
	_, body, _ := staff.do("POST", "/en/staff/seminars/osh/export", url.Values{"format": {"csv"}, "form_token": {tokenOf(page)}})
	list, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(list) == 0 {
		s.t.Fatalf("%v %s", err, body)
	}
	rows = map[string]map[string]string{}
	for _, cells := range list[1:] {
		row := map[string]string{}
		for i, c := range cells {
			if _, twice := row[list[0][i]]; twice {
				s.t.Errorf("two columns are named %q", list[0][i])
			}
			row[list[0][i]] = c
		}
		rows[row["Name"]] = row
	}
	return list[0], rows
}

func (s stage) says(name, column, want string) {
	s.t.Helper()
	head, rows := s.table()
	if !slices.Contains(head, column) {
		s.t.Errorf("there is no column %q: %q", column, head)
	} else if got := rows[name][column]; got != want {
		s.t.Errorf("of %s the table says under %q: %q, not %q", name, column, got, want)
	}
}

func (s stage) optionOf(key, words string) string {
	s.t.Helper()
	q, _ := s.formNow().Question(key)
	for _, c := range q.Choices {
		if c.Label.En == words {
			return c.Value
		}
	}
	s.t.Fatalf("no option %q", words)
	return ""
}

func TestAnAnswerIsShownWithTheWordsThatWereAnswered(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		day := s.asks(forms.Written{Kind: forms.AskChoice, Label: inThree("Which day?"), Choices: options("Alpha", "Beta", "Gamma")})
		s.answers("Тандоева Ая", day, s.optionOf(day, "Alpha"))
		must := func(err error) {
			s.t.Helper()
			if err != nil {
				s.t.Fatal(err)
			}
		}
		must(s.edit(day, func(w *forms.Written) { w.Choices = options("Earlier", "Alpha", "Beta", "Gamma") }))
		s.says("Тандоева Ая", "Which day?", "Alpha")
		must(s.edit(day, func(w *forms.Written) { w.Choices = options("4: Earlier", "1: Morning", "2: Beta") }))
		s.says("Тандоева Ая", "Which day?", "Alpha")
		s.answers("Асанова Жибек", day, "1")
		s.says("Асанова Жибек", "Which day?", "Morning")
		// Another wording is another column; each answer stands under its own.
		must(s.edit(day, func(w *forms.Written) { w.Label = inThree("Which date?") }))
		s.answers("Бекова Нур", day, "2")
		s.says("Тандоева Ая", "Which day?", "Alpha")
		s.says("Тандоева Ая", "Which date?", "")
		s.says("Бекова Нур", "Which date?", "Beta")
		// Gone and asked anew with the same words: it is another question.
		must(s.change(forms.DropQuestion, day, forms.Written{}))
		s.says("Бекова Нур", "Which date?", "Beta")
		again := s.asks(forms.Written{Kind: forms.AskChoice, Label: inThree("Which date?"), Choices: options("Alpha", "Beta")})
		if again == day {
			s.t.Error("the id of a question is given again")
		}
		s.says("Бекова Нур", "Which date?", "")
		s.says("Бекова Нур", "Which date? — earlier question", "Beta")
		s.answers("Кадырова Сай", again, "2")
		s.says("Кадырова Сай", "Which date?", "Beta")
		s.says("Кадырова Сай", "Which date? — earlier question", "")
		// Two questions with the same words have two columns.
		twin := s.asks(forms.Written{Kind: forms.AskText, Label: inThree("Which date?")})
		s.answers("Эсенова Зиб", twin, "the 5th")
		s.says("Эсенова Зиб", "Which date? 2", "the 5th")
		s.says("Эсенова Зиб", "Which date?", "")
		// Her own page among the staff's says the same.
		var id storage.ID
		write(t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			list, err := s.m.Applicants(ctx, tx, s.coordinator("osh"), s.a)
			for _, a := range list {
				if a.Details.FullName == "Тандоева Ая" {
					id = a.ID
				}
			}
			return err
		})
		staff := &browser{t: s.t, base: s.url, staff: true}
		if _, page, _ := staff.do("GET", "/en/staff/seminars/osh/applicants/"+id.String(), nil); !strings.Contains(page, "Which day?") || !strings.Contains(page, "Alpha") || strings.Contains(page, "Morning") {
			s.t.Error("the page of the applicant has other words")
		}
	})
}

func TestWhatAnotherQuestionHangsOnIsNotTakenAway(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		car := s.asks(forms.Written{Kind: forms.AskChoice, Label: inThree("Transport?"), Choices: options("Bus", "Own car", "Taxi")})
		ride := s.asks(forms.Written{Kind: forms.AskChoice, Label: inThree("May others ride?"), When: car + "=2", Choices: options("Yes", "No")})
		plate := s.asks(forms.Written{Kind: forms.AskText, Label: inThree("Plate number"), Required: true, When: ride + "=1"})
		refused := func(name string, err error, names ...string) {
			s.t.Helper()
			f := fault.Of(err)
			if f == nil || f.Code != fault.Invalid {
				s.t.Errorf("%s: %v", name, err)
				return
			}
			for _, e := range f.Fields {
				for _, want := range names {
					found := false
					for _, arg := range e.Args {
						text, ok := arg.(i18n.Text)
						found = found || ok && strings.Contains(text.En, want)
					}
					if !found {
						s.t.Errorf("%s: %q is not named: %v", name, want, e.Args)
					}
				}
			}
		}
		refused("an option", s.edit(car, func(w *forms.Written) { w.Choices = options("Bus", "Taxi") }), "Own car", "May others ride?")
		refused("an option replaced", s.edit(car, func(w *forms.Written) { w.Choices = options("1: Bus", "Bicycle", "3: Taxi") }), "Own car")
		refused("a question", s.change(forms.DropQuestion, car, forms.Written{}), "Transport?", "May others ride?")
		refused("a question in the middle", s.change(forms.DropQuestion, ride, forms.Written{}), "Plate number")
		refused("its place", s.change(forms.MoveUp, ride, forms.Written{}), "Transport?")
		refused("a field of the person", s.change(forms.DropQuestion, "place", forms.Written{}))
		refused("a condition on what is not", s.edit(plate, func(w *forms.Written) { w.When = ride + "=9" }))
		refused("a condition on itself", s.edit(plate, func(w *forms.Written) { w.When = plate + "=1" }))
		refused("a city that is not", s.edit(plate, func(w *forms.Written) { w.When = "place=atlantis" }))
		refused("the consent", s.change(forms.DropQuestion, "processing", forms.Written{}))
		refused("a consent that may be left out", s.edit("processing", func(w *forms.Written) { w.Required = false }))
		refused("a consent of some", s.edit("processing", func(w *forms.Written) { w.When = "sex=female" }))
		// Reworded and moved it is the same option, and its question is asked still.
		if err := s.edit(car, func(w *forms.Written) { w.Choices = options("2: My own car", "1: Bus", "3: Taxi") }); err != nil {
			s.t.Fatal(err)
		}
		form := s.formNow()
		answers := answersOf(1)
		answers.Values[car], answers.Values[ride] = []string{"2"}, []string{"1"}
		if _, err := form.Validate(answers, forms.Sources{Cities: []string{"osh"}}); fault.Of(err) == nil || !slices.Equal(fault.Of(err).FieldNames(), []string{"q_" + plate}) {
			s.t.Errorf("the plate is not asked: %v", err)
		}
		// From the end on it can be taken apart.
		for _, key := range []string{plate, ride, car} {
			if err := s.change(forms.DropQuestion, key, forms.Written{}); err != nil {
				s.t.Errorf("drop %s: %v", key, err)
			}
		}
	})
}

func TestADeadConditionOfAnOldFormIsToldAndCanBeMended(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		form := seats.UsualForm(s.a.Group)
		form.Questions = slices.Insert(form.Questions, 1,
			forms.Question{Key: "q9", Kind: forms.AskChoice, Label: inThree("Transport?"), Choices: []forms.Choice{{Value: "1", Label: inThree("Bus")}, {Value: "3", Label: inThree("Taxi")}}},
			forms.Question{Key: "q10", Kind: forms.AskText, Label: inThree("Plate number"), When: &forms.Condition{Question: "q9", Value: "2"}},
			forms.Question{Key: "q11", Kind: forms.AskText, Label: inThree("Colour"), When: &forms.Condition{Question: "q0", Value: "2"}})
		write(t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			return seats.ApplicationForms.Save(ctx, tx, seats.FormOwner(s.a), false, form)
		})
		staff := &browser{t: s.t, base: s.url, staff: true}
		if _, page, _ := staff.do("GET", "/en/staff/seminars/osh/form", nil); strings.Count(page, "Never asked") != 2 {
			s.t.Errorf("the editor does not tell")
		}
		// Another change is possible, and so is the mend of one after the other.
		for _, err := range []error{
			s.edit("why", func(w *forms.Written) { w.Required = true }),
			s.edit("q10", func(w *forms.Written) { w.When = "q9=3" }),
			s.edit("q11", func(w *forms.Written) { w.When = "" }),
		} {
			if err != nil {
				s.t.Error(err)
			}
		}
		if _, page, _ := staff.do("GET", "/en/staff/seminars/osh/form", nil); strings.Contains(page, "Never asked") {
			s.t.Errorf("it is not mended")
		}
	})
}

func TestAFormOfATemplateAndItsCopyMixNoQuestionsAndNoAnswers(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Template = namesake("template") }, func(s stage) {
		shared := func(q forms.Written) {
			write(t, s.m, func(ctx context.Context, tx *storage.Tx) error {
				form, err := seats.ApplicationForms.ToChange(ctx, tx, seats.FormOwner(s.a), true)
				if err != nil {
					return err
				}
				all := s.coordinator("osh")
				all.Grants[0].Scope.City = ""
				return s.m.ChangeForm(ctx, tx, seats.ChangeForm{Activity: s.a.ID, Actor: all, Shared: true, Change: forms.Change{Version: form.Version, Do: forms.PutQuestion, Question: q}})
			})
		}
		shared(forms.Written{Kind: forms.AskChoice, Label: inThree("Which day?"), Choices: options("Alpha", "Beta")})
		day := s.formNow().Questions[len(s.formNow().Questions)-1].Key
		s.answers("Тандоева Ая", day, "2")
		own := s.asks(forms.Written{Kind: forms.AskText, Label: inThree("Own question")}) // the form is copied now
		shared(forms.Written{Kind: forms.AskText, Label: inThree("Shared question")})
		if err := s.edit(day, func(w *forms.Written) { w.Choices = options("Early", "Alpha", "Beta") }); err != nil {
			t.Fatal(err)
		}
		s.answers("Асанова Жибек", own, "mine")
		s.says("Тандоева Ая", "Which day?", "Beta")
		s.says("Тандоева Ая", "Own question", "")
		s.says("Асанова Жибек", "Own question", "mine")
		if head, _ := s.table(); slices.Contains(head, "Shared question") {
			t.Error("what was asked of others has a column here")
		}
	})
}
