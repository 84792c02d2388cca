package sheets

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/document/documenttest"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

func pdfOf(t *testing.T, d *drawing) []byte {
	t.Helper()
	paper, err := d.sheet()
	if err != nil {
		t.Fatalf("%s: %v", d.Kind, err)
	}
	b, err := paper.PDF()
	if err != nil {
		t.Fatalf("%s: %v", d.Kind, err)
	}
	return b
}

// TestEverySheetIsAPaperThatEverybodyCanRead lets veraPDF judge each sheet in each language,
// and all of them in one file, with names that no printer expects among the people.
func TestEverySheetIsAPaperThatEverybodyCanRead(t *testing.T) {
	t.Parallel()
	say, files := words(t), map[string][]byte{}
	for _, l := range i18n.Languages {
		for _, k := range append(kinds[:], all) {
			for _, came := range []bool{false, true} {
				if came && k != Costs {
					continue
				}
				d := drawingOf(say, invented(2, 2, hostile...), Ask{Kind: k, Lang: l, Rows: usualRows, Came: came})
				files[fmt.Sprintf("%s-%s-%v", k, l, came)] = pdfOf(t, d)
				if again := pdfOf(t, drawingOf(say, invented(2, 2, hostile...), d.Ask)); !bytes.Equal(files[fmt.Sprintf("%s-%s-%v", k, l, came)], again) {
					t.Errorf("%s in %s: the same people give other bytes", k, l)
				}
			}
		}
		files["nobody-"+string(l)] = pdfOf(t, drawingOf(say, func() roll { v := invented(0, 1); v.Hosts = nil; return v }(), Ask{Kind: all, Lang: l}))
	}
	documenttest.Judge(t, files)
}

// TestNoLetterKeepsAListFromBeingPrinted looks at what became of hostile names.
func TestNoLetterKeepsAListFromBeingPrinted(t *testing.T) {
	t.Parallel()
	say := words(t)
	for _, k := range []Kind{SignIn, Badges, List, Costs, Photo} {
		d := drawingOf(say, invented(1, 1, hostile...), Ask{Kind: k, Lang: i18n.Kyrgyz})
		text := documenttest.Text(t, pdfOf(t, d))
		if d.replaced < 3 || !strings.Contains(text, "□") {
			t.Errorf("%s: %d texts with letters replaced:\n%s", k, d.replaced, text)
		}
		if !strings.Contains(text, "Ы") || !strings.Contains(text, "<b>Бекова</b>") {
			t.Errorf("%s: a name is not there:\n%s", k, text)
		}
	}
	d := drawingOf(say, invented(20, 1), Ask{Kind: all, Lang: i18n.Kyrgyz})
	if pdfOf(t, d); d.replaced != 0 {
		t.Errorf("%d letters of Kyrgyz are replaced", d.replaced)
	}
	var html bytes.Buffer
	paper, err := drawingOf(say, invented(1, 1, hostile...), Ask{Kind: List, Lang: i18n.Russian}).sheet()
	if err == nil {
		err = paper.WriteHTMLUnder(&html, 2)
	}
	if err != nil || strings.Contains(html.String(), "<b>Бекова") {
		t.Errorf("a name is markup, or %v", err)
	}
}

// TestAFullHallIsPrinted draws all sheets of as many people and days as there may be.
func TestAFullHallIsPrinted(t *testing.T) {
	t.Parallel()
	say := words(t)
	d := drawingOf(say, invented(MostGuests, MostDays), Ask{Kind: all, Lang: i18n.Kyrgyz, Rows: MostRows, Came: true})
	text := documenttest.Text(t, pdfOf(t, d))
	for _, want := range []string{"Алчаева Нурзада 0", "Үсөнова Ырыс 499"} {
		if n := strings.Count(text, want); n < 4 {
			t.Errorf("%s stands %d times in all sheets", want, n)
		}
	}
	for _, secret := range []string{"canary", "996555987123", "@"} {
		if strings.Contains(strings.ReplaceAll(text, "https://ashar.example", ""), secret) {
			t.Errorf("%q stands on a sheet", secret)
		}
	}
}

// TestATableThatGoesOnRepeatsItsHeads reads the later pages of a list.
func TestATableThatGoesOnRepeatsItsHeads(t *testing.T) {
	t.Parallel()
	say := words(t)
	for _, k := range []Kind{SignIn, List, Costs} {
		pdf := pdfOf(t, drawingOf(say, invented(60, 1), Ask{Kind: k, Lang: i18n.Kyrgyz, Rows: 5}))
		for _, page := range []string{"1", "2"} {
			text := documenttest.Text(t, pdf, "-f", page, "-l", page)
			if !strings.Contains(text, "Аты-жөнү") || !strings.Contains(text, "Барак "+page+" / ") {
				t.Errorf("%s, page %s has no heads or no number:\n%s", k, page, text)
			}
		}
		if n := strings.Count(documenttest.Structure(t, pdf), "TH:"); k == List && n != 6+60 {
			t.Errorf("%s: readers are told of %d heads", k, n)
		}
	}
}

// TestTheOrderOfReadingIsThatOfTheList reads the sheet as programs that read aloud do.
func TestTheOrderOfReadingIsThatOfTheList(t *testing.T) {
	t.Parallel()
	structure := documenttest.Structure(t, pdfOf(t, drawingOf(words(t), invented(12, 1), Ask{Kind: SignIn, Lang: i18n.Russian, Rows: 2})))
	at := 0
	for _, want := range []string{"Лист подписей", "Нарын: семинар", "12 человек", "Фамилия и имя", "Подпись", "Алчаева Нурзада 0", "«Айыл үнү»", "да", "Өмүралиева Гүлкайыр 1", "Пришли", "подпись ведущего"} {
		i := strings.Index(structure[at:], want)
		if i < 0 {
			t.Fatalf("%q is not behind what stands before it:\n%s", want, structure)
		}
		at += i
	}
}

func TestTheSheetToSignHasAColumnForEachDay(t *testing.T) {
	t.Parallel()
	for days, tables := range map[int][]int{1: {6}, 3: {8}, 4: {9}, 5: {9, 5}, 9: {9, 8, 5}} {
		d := drawingOf(words(t), invented(3, days), Ask{Kind: SignIn, Lang: i18n.English, Rows: 7})
		var got []int
		for _, b := range d.signIn().Body {
			if table, is := b.(document.Table); is {
				got = append(got, len(table.Columns))
				if len(table.Rows) != 10 || table.Row != 10 {
					t.Errorf("%d days: %d rows of %v mm", days, len(table.Rows), table.Row)
				}
			}
		}
		if !slices.Equal(got, tables) {
			t.Errorf("%d days: tables of %v columns", days, got)
		}
	}
}

func TestABadgeNamesAnOrganisationOnlyIfItsOwnerWishes(t *testing.T) {
	t.Parallel()
	v := invented(0, 1, people.Details{FullName: "Алчаева Нурзада", Organisation: "Купуя уюм"}, people.Details{FullName: "Долонотова Мээрим", Organisation: "Ачык уюм"})
	v.Guests[0].OnBadge, v.Guests[1].OnBadge = false, true
	text := documenttest.Text(t, pdfOf(t, drawingOf(words(t), v, Ask{Kind: Badges, Lang: i18n.Kyrgyz})))
	if strings.Contains(text, "Купуя") || !strings.Contains(text, "Ачык уюм") {
		t.Errorf("the badges:\n%s", text)
	}
	for _, want := range []string{"Нурзада", "Алчаева", "Катышуучу", "Алып баруучу", "Бакыт", "Асан уулу", "Нарын · 28.11.2026"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s on the badges:\n%s", want, text)
		}
	}
	paper, err := drawingOf(words(t), v, Ask{Kind: Badges, Lang: i18n.Kyrgyz}).sheet()
	if err != nil {
		t.Fatal(err)
	}
	labels, is := paper.Body[0].(document.Labels)
	if !is || len(labels.Items) != 4 || !labels.Items[0].Double || labels.Items[2].Double {
		t.Errorf("the badges: %+v", labels)
	}
	if labels.Items[0].Side != nil || labels.Items[2].Side == nil || labels.Items[3].Side != nil { // no ticket, confirmed, invited
		t.Error("who has a ticket has no code, or who has none has one")
	}
	if alt := labels.Items[2].Side.Alt; !strings.Contains(alt, v.Guests[0].Serial.Code()) {
		t.Errorf("the code is described as %q", alt)
	}
}

func TestABadgeCallsPeopleAsTheyAreCalled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		full, called, large, small string
	}{
		{"Алчаева Нурзада", "", "Нурзада", "Алчаева"},
		{"Нурзада Алчаева", "", "Нурзада", "Алчаева"},
		{"Асанова  Айгүл Токтогуловна", "", "Айгүл", "Асанова Токтогуловна"},
		{"Айгүл Токтогуловна Асанова", "", "Айгүл", "Токтогуловна Асанова"},
		{"Бакыт Асан уулу", "", "Бакыт", "Асан уулу"},
		{"Асан уулу Бакыт", "", "Бакыт", "Асан уулу"},
		{"Асан кызы", "", "Асан кызы", ""},
		{"Марина Асан", "", "Марина Асан", ""},
		{"Иванова Петрова", "", "Иванова Петрова", ""},
		{"Нурзада", "", "Нурзада", ""},
		{"Jane Doe", "", "Jane Doe", ""},
		{"Алчаева Нурзада", "Нурзада", "Нурзада", "Алчаева"},
		{"Алчаева Нурзада", "Нуша", "Нуша", "Алчаева Нурзада"},
		{"Алчаева Нурзада", "алчаева нурзада", "Алчаева Нурзада", ""},
		{"Алчаева Нурзада", "Нурзада Алчаева", "Нурзада Алчаева", "Алчаева Нурзада"},
	} {
		if large, small := onBadge(people.Details{FullName: c.full, AddressAs: c.called}); large != c.large || small != c.small {
			t.Errorf("%q who is called %q: %q and %q", c.full, c.called, large, small)
		}
	}
}

func TestWhoMustNotBeShownStandsFirst(t *testing.T) {
	t.Parallel()
	text := documenttest.Structure(t, pdfOf(t, drawingOf(words(t), invented(6, 1), Ask{Kind: Photo, Lang: i18n.English})))
	at := 0
	for _, want := range []string{"Must not be shown: 4", "Алчаева Нурзада 0", "no answer", "Бүлдүркөнов Эмил 2", "8 Nov 2026", "Agreed to be shown: 2", "Өмүралиева Гүлкайыр 1", "yes", "The words that were answered", "1.", "Photos of me are published", "2.", "Мои фото публикуются"} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("%q is not behind what stands before it:\n%s", want, text)
		}
		at += i
	}
}

func TestSumsArePlannedDaysOrDaysAttended(t *testing.T) {
	t.Parallel()
	v := invented(5, 3) // confirmed, invited, attended on 3 days, confirmed, invited; of Osh, Naryn, elsewhere, nowhere, Osh
	v.Amounts.Own[v.Guests[1].Person] = 700
	v.Guests = append(v.Guests, guest{Applicant: seats.Applicant{Application: seats.Application{State: seats.NoShow}, Details: people.Details{FullName: "Келбеген"}}})
	planned, sum := drawingOf(words(t), v, Ask{Kind: Costs, Lang: i18n.English}).payments()
	if len(planned) != 5 || sum.Days != 15 || sum.For != 15*1500 || sum.Fare != 2400+700+2400 || sum.Total != sum.For+sum.Fare {
		t.Errorf("planned: %d people, %+v", len(planned), sum)
	}
	if one := planned[1]; one.For != 4500 || one.Fare != 700 || one.Total != 5200 {
		t.Errorf("her own fare: %+v", one)
	}
	came, sum := drawingOf(words(t), v, Ask{Kind: Costs, Lang: i18n.English, Came: true}).payments()
	if len(came) != 1 || came[0].Days != 3 || sum.Total != 4500 {
		t.Errorf("attended: %+v", came)
	}
	text := documenttest.Text(t, pdfOf(t, drawingOf(words(t), v, Ask{Kind: Costs, Lang: i18n.Russian})))
	text = strings.Map(func(r rune) rune { // whichever space stands between thousands
		if unicode.IsSpace(r) && r != '\n' {
			return ' '
		}
		return r
	}, text)
	for _, want := range []string{"Итого", "22 500", "28 000", "Деньги выдал", "По запланированным дням", "Бүлдүркөнов Эмил 2"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Келбеген") {
		t.Error("who did not come is paid")
	}
}

func TestOnlyWhatStrangersMayKnowHasAPoster(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		change func(a *programme.Activity)
		has    bool
	}{
		"published":     {func(*programme.Activity) {}, true},
		"by invitation": {func(a *programme.Activity) { a.InvitationOnly = true }, false},
		"a draft":       {func(a *programme.Activity) { a.State = programme.Draft }, false},
		"cancelled":     {func(a *programme.Activity) { a.State = programme.Cancelled }, false},
	} {
		v := invented(3, 1)
		c.change(&v.Activity)
		_, err := drawingOf(words(t), v, Ask{Kind: Poster, Lang: i18n.Kyrgyz}).sheet()
		if c.has != (err == nil) || err != nil && !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
		whole, err := drawingOf(words(t), v, Ask{Kind: all, Lang: i18n.Kyrgyz}).sheet()
		if want := 4; err != nil || c.has != (len(whole.Behind) == want+1) || !c.has && len(whole.Behind) != want {
			t.Errorf("%s: all are %d sheets, %v", what, len(whole.Behind)+1, err)
		}
	}
	text := documenttest.Text(t, pdfOf(t, drawingOf(words(t), invented(3, 1), Ask{Kind: Poster, Lang: i18n.Russian})))
	if !strings.Contains(text, "https://ashar.example/ru/events/naryn-activists") || !strings.Contains(text, "Молодёжный центр") || strings.Contains(text, "Алчаева") {
		t.Errorf("the poster:\n%s", text)
	}
}
