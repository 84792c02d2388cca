package pages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// inThree is the same text in three languages.
func inThree(s string) i18n.Text { return i18n.Text{Ky: s, Ru: s, En: s} }

// options are lines of an editor, the same in three languages.
func options(lines ...string) i18n.Text { return inThree(strings.Join(lines, "\r\n")) }

// change changes the form of the stage as its coordinator does.
func (s stage) change(do forms.Step, key string, q forms.Written) error {
	s.t.Helper()
	return s.m.Store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		form, err := seats.ApplicationForms.ToChange(ctx, tx, seats.FormOwner(s.a), false)
		if err != nil {
			return err
		}
		return s.m.ChangeForm(ctx, tx, seats.ChangeForm{
			Activity: s.a.ID, Actor: s.coordinator(s.a.City), Change: forms.Change{Version: form.Version, Do: do, Key: key, Question: q},
		})
	})
}

// asks adds a question to the form and gives its id.
func (s stage) asks(q forms.Written) string {
	s.t.Helper()
	if err := s.change(forms.PutQuestion, "", q); err != nil {
		s.t.Fatal(err)
	}
	questions := s.formNow().Questions
	return questions[len(questions)-1].Key
}

// edit changes a question, beginning with how it stands.
func (s stage) edit(key string, change func(*forms.Written)) error {
	s.t.Helper()
	q, _ := s.formNow().Question(key)
	w := q.Written()
	change(&w)
	return s.change(forms.PutQuestion, key, w)
}

func (s stage) formNow() (f forms.Form) {
	s.t.Helper()
	if err := s.m.Store.Read(s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		f, err = s.m.FormOf(ctx, tx, s.a)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return f
}

// becomes changes the activity behind everybody's back, as another coordinator does.
func (s *stage) becomes(change func(*seats.Activity)) {
	change(&s.a)
	s.m.Calendar = diary{s.a}
}

// threePages makes a form of three pages and gives the ids of what stands on the later two.
func (s stage) threePages() (second, third string) {
	car := s.asks(forms.Written{Kind: forms.AskChoice, Label: inThree("How do you come?"), Choices: options("Bus", "Own car")})
	second = s.asks(forms.Written{Kind: forms.AskChoice, Label: inThree("May others ride with you?"), Required: true, When: car + "=2", Choices: options("Yes", "No")})
	third = s.asks(forms.Written{Kind: forms.AskText, Label: inThree("Plate number"), Required: true, When: second + "=1"})
	if n := len(s.formNow().Steps()); n != 3 {
		s.t.Fatalf("%d pages", n)
	}
	return second, third
}

func TestAFormOfThreePagesPostedOnlyAtItsEndIsRefusedByNameAndStoresNothing(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		second, third := s.threePages()
		before := s.rows()
		b := s.browser()
		status, page, _ := b.do("POST", "/en/events/osh/apply", url.Values{"step": {"2"}, "do": {"next"}, "q_" + third: {"01 KG 777 ABC"}})
		if status != http.StatusUnprocessableEntity {
			t.Errorf("posted at its end: %d", status)
		}
		for _, name := range []string{"Your full name", "Sex", "Age", "We need your consent"} {
			if !strings.Contains(page, name) {
				t.Errorf("the page does not name %q", name)
			}
		}
		// The use case is asked without any page before it.
		for name, answers := range map[string]map[string][]string{
			"the last page":          {third: {"01 KG 777 ABC"}},
			"no page":                {},
			"all but the consent":    without(answersOf(1), "processing").Values,
			"a consent of no":        with(answersOf(1), "processing", "off").Values,
			"all but the name":       without(answersOf(1), "name").Values,
			"a value that is not":    with(answersOf(1), "sex", "robot").Values,
			"a city that is not":     with(answersOf(1), "place", "atlantis").Values,
			"an option that is not":  with(answersOf(1), second, "7").Values,
			"a way that is required": with(answersOf(1), s.formNow().Questions[len(s.formNow().Questions)-3].Key, "2").Values,
		} {
			err := s.m.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.m.Apply(ctx, tx, seats.Apply{Activity: s.a.ID, Answers: forms.Answers{Values: answers}, Lang: i18n.Kyrgyz})
				return err
			})
			if name == "an option that is not" { // its question is not asked of who comes by bus
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if name == "the last page" {
				want := []string{"q_age", "q_name", "q_phone", "q_place", "q_processing", "q_sex"}
				if got := fault.Of(err).FieldNames(); !slices.Equal(got, want) {
					t.Errorf("missing are %v, not %v", want, got)
				}
			}
		}
		if n := s.count(`SELECT COUNT(*) FROM application`); n != 1 {
			t.Errorf("%d applications", n)
		}
		after := s.rows()
		for _, table := range []string{"person", "consent", "contact", "application_draft"} {
			if d := len(after[table]) - len(before[table]); d > 2 {
				t.Errorf("%d rows of %s", d, table)
			}
		}
	})
}

func without(a forms.Answers, key string) forms.Answers { delete(a.Values, key); return a }

func with(a forms.Answers, key, value string) forms.Answers {
	a.Values[key] = []string{value}
	return a
}

func TestWhatIsRefusedAtTheEndTravelsWithThePageThatIsShown(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		_, third := s.threePages()
		before := s.rows()
		b := s.browser()
		_, page, _ := b.do("POST", "/en/events/osh/apply", url.Values{"step": {"2"}, "do": {"next"}, "q_" + third: {"01 KG 777 ABC"}})
		if !strings.Contains(page, `name="step" value="0"`) || !strings.Contains(page, `value="01 KG 777 ABC"`) {
			t.Errorf("the first page is not shown, or what was written is lost")
		}
		if added := s.added(before); len(added) != 0 {
			t.Errorf("stored: %v", added)
		}
	})
}

func TestAnswersToQuestionsThatDoNotApplyAreNotKept(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		second, third := s.threePages()
		for name, c := range map[string]struct {
			change []string
			kept   []string
		}{
			"by bus":               {[]string{second, "1", third, "01 KG 777 ABC"}, nil},
			"by car, with nobody":  {[]string{"car", "2", second, "2", third, "01 KG 777 ABC"}, []string{second}},
			"by car, with others":  {[]string{"car", "2", second, "1", third, "01 KG 777 ABC"}, []string{second, third}},
			"a question of nobody": {[]string{"nothing", "1", "village", "Кара-Суу"}, nil},
		} {
			car := s.formNow().Questions[len(s.formNow().Questions)-3].Key
			answers := answersOf(len(name))
			for i := 0; i < len(c.change); i += 2 {
				key := c.change[i]
				if key == "car" {
					key = car
				}
				answers.Values[key] = []string{c.change[i+1]}
			}
			var kept forms.Answers
			write(t, s.m, func(ctx context.Context, tx *storage.Tx) error {
				h, err := s.m.Apply(ctx, tx, seats.Apply{Activity: s.a.ID, Answers: answers, Lang: i18n.Kyrgyz})
				if err != nil {
					return err
				}
				kept, err = s.m.AnswersOf(ctx, tx, h.Application)
				return err
			})
			for _, key := range []string{second, third, "nothing", "village"} {
				if got, want := kept.Has(key), slices.Contains(c.kept, key); got != want {
					t.Errorf("%s: %s is kept: %v", name, key, got)
				}
			}
		}
	})
}

func TestWhatHappensBetweenReadingTheFormAndHandingItInIsSeen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		says   string
		do     func(s *stage)
	}{
		"cancelled":          {http.StatusGone, "cancelled", func(s *stage) { s.becomes(func(a *seats.Activity) { a.State = "cancelled" }) }},
		"taken back":         {http.StatusNotFound, "", func(s *stage) { s.becomes(func(a *seats.Activity) { a.State = "draft" }) }},
		"begun":              {http.StatusGone, "", func(s *stage) { s.becomes(func(a *seats.Activity) { a.Starts = start.Add(-time.Hour) }) }},
		"opens later":        {http.StatusConflict, "", func(s *stage) { s.becomes(func(a *seats.Activity) { a.Opens = start.Add(time.Hour) }) }},
		"only by invitation": {http.StatusNotFound, "", func(s *stage) { s.becomes(func(a *seats.Activity) { a.InvitationOnly = true }) }},
		"a question was added": {http.StatusUnprocessableEntity, "Do you bring a child?", func(s *stage) {
			s.asks(forms.Written{Kind: forms.AskText, Label: inThree("Do you bring a child?"), Required: true})
		}},
		"a question is required by now": {http.StatusUnprocessableEntity, "Why would you like to take part?", func(s *stage) {
			if err := s.edit("why", func(w *forms.Written) { w.Required = true }); err != nil {
				s.t.Fatal(err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, nil, func(s stage) {
				b := s.browser()
				form := s.form(b)
				c.do(&s)
				before := s.rows()
				status, page, _ := s.send(b, form)
				if status != c.status || !strings.Contains(page, c.says) {
					s.t.Errorf("handed in: %d, %q is said: %v", status, c.says, strings.Contains(page, c.says))
				}
				if added := s.added(before); len(added) != 0 {
					s.t.Errorf("stored: %v", added)
				}
				// The same without the page: its handler is no judge.
				if _, err := handIn(s.t.Context(), s.m, s.a, ""); err == nil {
					s.t.Errorf("the use case takes it")
				}
			})
		})
	}
}

func TestAQuestionThatWasRewordedMeanwhileIsAskedAgain(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		day := s.asks(forms.Written{Kind: forms.AskChoice, Label: inThree("Which day?"), Choices: options("Alpha", "Beta", "Gamma")})
		drawn := func(b *browser) string {
			_, page, _ := b.do("GET", "/en/events/osh/apply", nil)
			_, ref, _ := strings.Cut(page, `name="form" value="`)
			ref, _, _ = strings.Cut(ref, `"`)
			return ref
		}
		her, other := s.browser(), s.browser()
		hers := s.form(her, "form", drawn(her), "q_"+day, "1")
		others := s.form(other, "form", drawn(other), "q_"+day, "2", "q_email", "other@example.kg")
		if err := s.edit(day, func(w *forms.Written) { w.Choices = options("1: Never", "2: Beta", "3: Gamma") }); err != nil {
			t.Fatal(err)
		}
		// What she chose has other words by now; what the other chose has the same.
		status, page, _ := s.send(her, hers)
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, "was changed while you were filling in") || !strings.Contains(page, "Never") {
			t.Errorf("reworded: %d", status)
		}
		if status, _, _ := s.send(other, others); status != http.StatusSeeOther {
			t.Errorf("not reworded: %d", status)
		}
		hers.Set("form", drawn(her))
		if status, _, _ := s.send(her, hers); status != http.StatusSeeOther {
			t.Errorf("read again: %d", status)
		}
		hers.Set("form", "00000000-0000-0000-0000-000000000001")
		hers.Set("q_name", "Башка Адам")
		if status, _, _ := s.send(her, hers); status != http.StatusUnprocessableEntity {
			t.Errorf("drawn of a form that never was: %d", status)
		}
	})
}

func TestNobodyWalksInToWhatDoesNotTakePlaceNow(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		do     func(s *stage)
	}{
		"cancelled": {http.StatusGone, func(s *stage) { s.becomes(func(a *seats.Activity) { a.State = "cancelled" }) }},
		"a draft":   {http.StatusNotFound, func(s *stage) { s.becomes(func(a *seats.Activity) { a.State = "draft" }) }},
		"another day": {http.StatusConflict, func(s *stage) {
			s.becomes(func(a *seats.Activity) { a.Starts, a.Ends = a.Starts.AddDate(0, 0, 2), a.Ends.AddDate(0, 0, 2) })
		}},
		"over":         {http.StatusGone, func(s *stage) { s.c.Set(s.a.Ends.Add(time.Minute)) }},
		"days ago":     {http.StatusGone, func(s *stage) { s.c.Set(s.a.Ends.AddDate(0, 0, 3)) }},
		"without name": {http.StatusUnprocessableEntity, func(*stage) {}},
	} {
		t.Run(name, func(t *testing.T) {
			onStage(t, nil, func(s stage) {
				s.c.Set(s.a.Starts)
				desk := &browser{t: s.t, base: s.url, staff: true}
				form := url.Values{"nonce": {"walk-in-nonce-1"}, "q_name": {"Асанова Өмүркан"}, "q_sex": {"female"}, "q_processing": {"on"}}
				if name == "without name" {
					form.Set("q_name", " ")
				}
				c.do(&s)
				before := s.rows()
				if status, _, _ := desk.do("POST", "/en/door/osh/walk-in", form); status != c.status {
					s.t.Errorf("%d, not %s", status, strconv.Itoa(c.status))
				}
				if added := s.added(before); len(added) != 0 {
					s.t.Errorf("stored: %v", added)
				}
			})
		})
	}
}

func TestAWalkInThatIsSentTwiceIsOneAlsoAfterTheEnd(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		s.c.Set(s.a.Ends.Add(-time.Minute))
		desk := &browser{t: s.t, base: s.url, staff: true}
		form := url.Values{"nonce": {"walk-in-nonce-1"}, "q_name": {"Асанова Өмүркан"}, "q_sex": {"female"}, "q_processing": {"on"}}
		for range 2 {
			if status, page, _ := desk.do("POST", "/en/door/osh/walk-in", form); status != http.StatusSeeOther {
				s.t.Errorf("%d %s", status, page)
			}
			s.pass(2 * time.Minute)
		}
		if n := s.count(`SELECT COUNT(*) FROM application WHERE state = 'attended'`); n != 1 {
			s.t.Errorf("%d came", n)
		}
	})
}
