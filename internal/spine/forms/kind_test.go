package forms

import (
	"bytes"
	"io/fs"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
)

// printers are the texts that the component draws with.
func printers(t testing.TB) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load([]fs.FS{web.Texts(), profile.Texts(), Texts()}...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func request(t testing.TB, l i18n.Language) *web.Request {
	t.Helper()
	return &web.Request{Request: httptest.NewRequest("GET", "/", nil), Lang: l, Say: printers(t).Printer(l)}
}

// sample is what somebody answers to a question of a kind.
type sample struct {
	takes   string // a good value
	keeps   string // what is kept of it, empty for the same
	refuses string // a bad value, empty where every value of one line is good
	draws   string // a piece of its input
}

var samples = map[QuestionKind]sample{
	AskText:         {takes: "Бир сап", draws: `type="text"`},
	AskLong:         {takes: "бир\nэки", draws: "<textarea"},
	AskChoice:       {takes: "2", refuses: "9", draws: `type="radio"`},
	AskMany:         {takes: "2", refuses: "9", draws: `type="checkbox"`},
	AskNumber:       {takes: "1 200", keeps: "1200", refuses: "many", draws: `inputmode="numeric"`},
	AskDate:         {takes: "31.12.2026", keeps: "2026-12-31", refuses: "31.02.2026", draws: `type="date"`},
	AskFile:         {draws: `type="file"`},
	AskConsent:      {takes: "on", refuses: "off", draws: `type="checkbox"`},
	AskCity:         {takes: "osh", refuses: "atlantis", draws: "<select"},
	AskName:         {takes: "Асанова Айгүл", draws: `autocomplete="name"`},
	AskPhone:        {takes: "0555 12 34 56", draws: `type="tel"`},
	AskEmail:        {takes: "a@example.kg", draws: `type="email"`},
	AskSex:          {takes: profile.Female, refuses: "robot", draws: `type="radio"`},
	AskAge:          {takes: profile.Of(profile.AgeBand).Values(nil)[2], refuses: "200", draws: "<select"},
	AskPlace:        {takes: "naryn", refuses: "atlantis", draws: "<select"},
	AskVillage:      {takes: "Кара-Суу", draws: `autocomplete="address-level2"`},
	AskGroup:        {takes: profile.Deputies, refuses: "kings", draws: `type="radio"`},
	AskLevel:        {takes: profile.CityKenesh, refuses: "moon", draws: `type="radio"`},
	AskOrganisation: {takes: "Азаттык үнү", draws: `autocomplete="organization"`},
	AskLanguages:    {takes: profile.Dungan, refuses: "elvish", draws: `type="checkbox"`},
	AskAccess:       {takes: "пандус", draws: "<textarea"},
}

func TestEveryKindIsDescribedNamedDrawnAndJudged(t *testing.T) {
	t.Parallel()
	all := slices.Concat(QuestionKinds[:], OwnKinds)
	if len(samples) != len(all) || len(natures) != len(all) {
		t.Errorf("%d kinds, %d have a nature, %d a sample", len(all), len(natures), len(samples))
	}
	from := Sources{Cities: []string{"osh", "naryn"}}
	for _, kind := range all {
		s, there := samples[kind]
		if _, known := natures[kind]; !there || !known {
			t.Errorf("%s has no sample or no nature", kind)
			continue
		}
		q := Question{Key: "q1", Kind: kind, Label: inThree("Суроо"), Required: true}
		if kind.Own() {
			q.Key, q.Label = string(kind), i18n.Text{}
		}
		if natures[kind].options {
			q.Choices = []Choice{{"1", inThree("Бир")}, {"2", inThree("Эки")}}
		}
		for _, l := range i18n.Languages {
			r := request(t, l)
			if name := kindWord(r, kind); name == "" || strings.Contains(name, "forms.kind") {
				t.Errorf("%s: %s has no name", l, kind)
			}
			var page bytes.Buffer
			if err := Draw(r, Asked{Question: q, Answers: Answers{}.Clone(), Sources: from}).Render(t.Context(), &page); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(page.String(), s.draws) || !strings.Contains(page.String(), `name="`+q.Field()+`"`) {
				t.Errorf("%s is drawn without %s: %s", kind, s.draws, page.String())
			}
		}
		if kind == AskFile {
			continue // its answer is no value
		}
		form := Form{Questions: []Question{q}}
		judge := func(v string) (string, error) {
			a, err := form.Validate(Answers{Values: map[string][]string{q.Key: {v}}}, from)
			return a.First(q.Key), err
		}
		keeps := s.takes
		if s.keeps != "" {
			keeps = s.keeps
		}
		if kept, err := judge(s.takes); err != nil || kept != keeps {
			t.Errorf("%s keeps %q of %q, %v", kind, kept, s.takes, err)
		}
		bad := []string{"ab\u202ecd ef", ""}
		if s.refuses != "" {
			bad = append(bad, s.refuses)
		}
		if !kind.Chosen() {
			bad = append(bad, strings.Repeat("1", 5000))
		}
		for _, v := range bad {
			if _, err := judge(v); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s takes %.20q: %v", kind, v, err)
			}
		}
	}
}

func TestANumberOutOfBoundsIsToldTheBoundsThatThereAre(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		min, max int64
		given    string
		want     string
	}{
		{5, 0, "3", "Допустимо от 5 и больше"},
		{0, 0, "-1", "Допустимо от 0 и больше"},
		{5, 9, "3", "Допустимо от 5 до 9"},
		{5, 9, "10", "Допустимо от 5 до 9"},
		{5, 0, "1000", ""},
	} {
		q := Question{Key: "q1", Kind: AskNumber, Label: inThree("Суроо"), Min: c.min, Max: c.max}
		_, err := Form{Questions: []Question{q}}.Validate(Answers{Values: map[string][]string{"q1": {c.given}}}, Sources{})
		said := ""
		if f := fault.Of(err); f != nil {
			said = printers(t).Printer(i18n.Russian).With(f.Fields[0].Key, f.Fields[0].Args)
		}
		if said != c.want {
			t.Errorf("%s of %d to %d: %q, %v", c.given, c.min, c.max, said, err)
		}
	}
}

func TestAnAnswerIsNamedForPeopleAndKeptForMachines(t *testing.T) {
	t.Parallel()
	say := printers(t).Printer(i18n.Russian)
	form := Form{Questions: []Question{
		{Key: "day", Kind: AskDate, Label: inThree("День")},
		{Key: "n", Kind: AskNumber, Label: inThree("Сколько")},
		{Key: "how", Kind: AskMany, Label: inThree("Как"), Choices: []Choice{{"1", inThree("Автобус")}, {"2", inThree("Пешком")}}},
		{Key: "agree", Kind: AskConsent, Label: inThree("Согласие")},
		{Key: "from", Kind: AskCity, Label: inThree("Откуда")},
	}}
	a := Answers{Values: map[string][]string{"day": {"2026-12-31"}, "n": {"12"}, "how": {"2", "1"}, "agree": {"on"}, "from": {"osh"}, "gone": {"x"}}, Files: map[string]Upload{}}
	var words []string
	for _, one := range form.Shown(say, a) {
		words = append(words, one.Words)
	}
	if want := []string{"31 декабря 2026", "12", "Пешком, Автобус", "Да", "Ош", "x"}; len(words) != len(want) || !strings.HasPrefix(words[0], want[0]) || !slices.Equal(words[1:], want[1:]) {
		t.Errorf("shown: %q", words)
	}
	heads, rows := Columns(say, form, []Answered{{form, a}, {Form{}, Answers{}}})
	if !slices.Equal(heads, []string{"День", "Сколько", "Как", "Согласие", "Откуда"}) || len(rows) != 2 || len(rows[1]) != 5 {
		t.Errorf("columns %q, %d rows", heads, len(rows))
	}
	all := form.InWords(a)
	if len(all) != 6 || all[2].Given[0].Label.En != "Пешком" || all[3].Given[0].Label.En != "Yes" || all[4].Given[0].Label.Ky != "Ош" || all[5].Key != "gone" {
		t.Errorf("in words: %+v", all)
	}
}
