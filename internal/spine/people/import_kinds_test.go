package people_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// brought imports a file into an empty register and gives the report and the
// people, each as "name|phone|email|year|band|city|organisation".
func brought(t *testing.T, name, body string) (people.Report, []string, error) {
	t.Helper()
	store := storagetest.Open(t)
	svc := room(t, store)
	rep, err := svc.ImportFile(t.Context(), store, strings.NewReader(body), name, false)
	var list []string
	if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		all, err := svc.Search(ctx, tx, people.Query{})
		for _, p := range all {
			list = append(list, fmt.Sprintf("%s|%s|%s|%d|%s|%s|%s", p.FullName, p.Phone, p.Email, p.BirthYear, p.AgeBand, p.City, p.Organisation))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	if rep.Rows != rep.Added+rep.Known+rep.Bad || len(rep.There) != rep.Known {
		t.Errorf("rows %d, added %d, known %d of which %d named, bad %d", rep.Rows, rep.Added, rep.Known, len(rep.There), rep.Bad)
	}
	return rep, list, err
}

func TestAListIsReadHoweverItBeginsAndIsHeaded(t *testing.T) {
	t.Parallel()
	const aya = "Асанова Ая|+996555200211||0|||"
	whole := "Асанова Айгүл Бековна|+996555200211||0|||"
	in1251, err := charmap.Windows1251.NewEncoder().String("Список участников\r\nФамилия;Имя;Тел.\r\nАсанова;Ая;0555200211\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		"sep=;\nФИО;Телефон\nАсанова Ая;0555200211\n":                                               aya,
		"SEP=,\r\nФИО,Телефон\r\nАсанова Ая,0555200211\r\n":                                         aya,
		"\n\nФИО;Телефон\nАсанова Ая;0555200211\n":                                                  aya,
		";;\n;;\nФИО;Телефон;\nАсанова Ая;0555200211;\n":                                            aya,
		"Катышуучулардын тизмеси;;\nФИО;Телефон;Город\nАсанова Ая;0555200211;\n":                    aya,
		"Список участников, 2026\nОш, 12 мая\n\nФИО;Телефон\nАсанова Ая;0555200211\n":               aya,
		"№;Ф.И.О.;Тел.\n1;Асанова Ая;0555200211\n":                                                  aya,
		"№\tФ. И. О. (полностью)\tТЕЛЕФОН:\n1\tАсанова Ая\t0555200211\n":                            aya,
		"Аты - жөнү;Тел. номери\nАсанова Ая;0555200211\n":                                           aya,
		"АТЫ-ЖОНУ;Телефону\nАсанова Ая;'+996555200211\n":                                            aya,
		"Фамилия;Имя;Отчество;Телефон\nАсанова;Айгүл;Бековна;0555200211\n":                          whole,
		"Отчество;Имя;Фамилия;Телефон\nБековна;Айгүл;Асанова;0555200211\n":                          whole,
		"Фамилиясы;Аты;Атасынын аты;Телефон\nАсанова;Айгүл;Бековна;0555200211\n":                    whole,
		"Фамилия, Аты, Атасынын аты;Телефон\nАсанова Айгүл Бековна;0555200211\n":                    whole,
		"Surname,First name,Patronymic,Phone\nАсанова,Айгүл,Бековна,0555200211\n":                   whole,
		"Last name,Name,Middle name,Phone\nАсанова,Айгүл,Бековна,0555200211\n":                      whole,
		"Имя;Телефон\nАсанова Ая;0555200211\n":                                                      aya,
		"Фамилия;Имя;Телефон\nАсанова Ая;;0555200211\n":                                             aya,
		"ФИО;Телефон\n\"Асанова\nАя\";0555200211\n":                                                 aya,
		"ФИО\u00ad;Теле\u200bфон\n\u2068Аса\u00adнова\u00a0Ая\u2069;\u202a0555\u00a0200211\u202c\n": aya,
		in1251: aya,
	} {
		rep, list, err := brought(t, "list.csv", body)
		if err != nil || rep.Rows != 1 || len(list) != 1 || list[0] != want {
			t.Errorf("%q: %+v, %q, %v", body, rep, list, err)
		}
	}
}

func TestAListThatLosesPeopleIsRefusedWithWhatIsWrong(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"Имя;Телефон\nАйгүл;0555200211\n":                                                          `people.fault.import_surname map[have:«Имя»]`,
		"Аты;Атасынын аты;Тел\nАйгүл;Бековна;0555200211\n":                                         `people.fault.import_surname map[have:«Аты», «Атасынын аты»]`,
		"Surname;Phone\nАсанова;0555200211\n":                                                      `people.fault.import_given map[have:«Surname»]`,
		"Фамилия;Отчество;Тел\nАсанова;Бековна;0555200211\n":                                       `people.fault.import_given map[have:«Фамилия», «Отчество»]`,
		"Отчество;Тел\nБековна;0555200211\n":                                                       `people.fault.import_both map[have:«Отчество»]`,
		"ФИО;Организация;Почта\nАсанова Ая;\"Жаңы доор\" КФ;a@mail.kg\nБекова Бая;нет;b@mail.kg\n": `people.fault.sheet.open_quote map[line:2]`,
		"ФИО;Организация;Почта\nАсанова Ая;КФ \"Жаңы доор\";a@mail.kg\n":                           `people.fault.sheet.lone_quote map[line:2]`,
		"ФИО;Организация;Почта\nАсанова Ая;\"Жаңы доор;a@mail.kg\nБекова Бая;нет;b@mail.kg\n":      `people.fault.sheet.swallowed map[line:2 next:3]`,
		"ФИО;Уюм;Почта\nА Ая;\"Жаңы;a@mail.kg\nБ Бая;нет\";b@mail.kg\nВ Вая;да;v@mail.kg\n":        `people.fault.sheet.swallowed map[line:2 next:3]`,
		"ФИО,Уюм,Почта\nА Ая,\"Жаңы,a@mail.kg\nБ Бая,нет,b@mail.kg\nВ Вая,да\",v@mail.kg\n":        `people.fault.sheet.swallowed map[line:2 next:3]`,
		"a,b\n1,2\n":          `people.fault.import_name map[]`,
		"":                    `people.fault.import_empty map[]`,
		"ФИО;Тел\nА\xd0;1\nЙ": `people.fault.sheet.not_text map[line:2]`,
	} {
		_, list, err := brought(t, "list.csv", body)
		f := fault.Of(err)
		if f == nil || fmt.Sprint(f.Key, " ", f.Args) != want || len(list) != 0 {
			t.Errorf("%q: %v, %q, want %s", body, err, list, want)
		}
	}
}

func TestACellOfSeveralLinesIsNoRowOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"Уюм,ФИО,Почта\n\"Ош шаары,\nЛенин 5, 2-кабат\",А Ая,a@mail.kg\n",
		"Уюм;ФИО;Почта\n\"бир\nэки\";А Ая;a@mail.kg\n",
		"ФИО;Уюм;Почта\nА Ая;\"бир\nэки \"\"үч\"\"\nтөрт\";a@mail.kg\n",
	} {
		if rep, list, err := brought(t, "list.csv", body); err != nil || rep.Added != 1 || !strings.HasPrefix(list[0], "А Ая|") {
			t.Errorf("%q: %+v, %v", body, rep, err)
		}
	}
}

func TestNumbersDatesAndAgesAreReadAsTheyAreShown(t *testing.T) {
	t.Parallel()
	year := map[string]string{
		"1990": "1990", "1990.0": "1990", "1990 г.": "1990", "1990-ж.": "1990", "12.05.1990": "1990", "1990-05-12": "1990", "5/12/1990": "1990", "12 мая 1990 г.": "1990",
		"1990-жылдын 12-майы": "1990", "12-май, 1990-ж": "1990", "May 12, 1990": "1990", "90": "", "12.05.90": "", "1990–1991": "", "не знаю": "", "1905-06-12": "",
	}
	for cell, want := range year {
		rep, list, err := brought(t, "list.csv", "ФИО;Почта;Дата рождения\nА Ая;a@mail.kg;"+cell+"\n")
		switch {
		case err != nil:
			t.Errorf("%q: %v", cell, err)
		case want == "" && (rep.Bad != 1 || rep.Problems[0].Column != 3 || rep.Problems[0].Fault.Key != "fault.not_a_year"):
			t.Errorf("%q: %+v, %q", cell, rep, list)
		case want != "" && (len(list) != 1 || strings.Split(list[0], "|")[3] != want):
			t.Errorf("%q: %q, %+v", cell, list, rep)
		}
	}
	for cell, want := range map[string]string{
		"9.96555123456E+11": "+996555123456", "9,96555123456e+11": "+996555123456", "996555123456.0": "+996555123456", "555123456,00": "+996555123456", "9.96555E+11": "",
	} {
		rep, list, err := brought(t, "list.csv", "ФИО;Телефон\nА Ая;"+cell+"\n")
		if err != nil || want == "" && (rep.Bad != 1 || rep.Problems[0].Fault.Key != "fault.not_a_phone") || want != "" && (len(list) != 1 || strings.Split(list[0], "|")[1] != want) {
			t.Errorf("%q: %q, %+v, %v", cell, list, rep, err)
		}
	}
	for cell, want := range map[string]string{
		"34": "25-34", "34 года": "25-34", "курагы 17": "14-17", "25–34 года": "25-34", "25-34": "25-34", "35 — 44 жаш": "35-44", "60+": "60+", "60 лет и старше": "60+", "60 жана улуу": "60+",
		"60 and older": "60+", "от 60 лет": "60+", "60 +": "60+", "60+ жаш": "60+", "Возраст: 34": "25-34", "34 (лет)": "25-34", "aged 34": "25-34",
		"12": "", "20-30": "", "много": "", "200": "",
		// An end or a beginning is no age: which band it means nobody can know.
		"до 18": "", "18+": "", "under 25": "", "25 жашка чейин": "", "старше 35": "", "35 и старше": "", "около 40": "", "<30": "", "> 30": "", "~30": "", "-30": "", "30+ лет": "", "не 34": "",
	} {
		rep, list, err := brought(t, "list.csv", "ФИО;Почта;Возраст\nА Ая;a@mail.kg;"+cell+"\n")
		if err != nil || want == "" && rep.Bad != 1 || want != "" && (len(list) != 1 || strings.Split(list[0], "|")[4] != want) {
			t.Errorf("%q: %q, %+v, %v", cell, list, rep, err)
		}
	}
}

// workbook makes a book of one or more sheets and lets it be changed.
func workbook(t *testing.T, change func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	change(f)
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func fill(t *testing.T, f *excelize.File, tab string, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		if err := f.SetSheetRow(tab, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAWorkbookIsReadByValueAndFormat(t *testing.T) {
	t.Parallel()
	rep, list, err := brought(t, "list.xlsx", workbook(t, func(f *excelize.File) {
		fill(t, f, "Sheet1", []any{"Тизме"}, []any{"Фамилия", "Имя", "Телефон", "Дата рождения", "Шаар", "Организация"},
			[]any{"Асанова", "Ая", 996555200211, 33005, "Ош", "КФ"},
			[]any{"Бекова", "Бая", 9.96555200212e11, 33005, nil, nil},
			[]any{"Чокоева", "Чая", "0555200213", 1990, nil, "Уюм"},
			[]any{"Донова", "Дая", 555200214, nil, "Нарын", "Уюм"},
		)
		must(t, f.MergeCell("Sheet1", "A1", "F1"))
		must(t, f.MergeCell("Sheet1", "E3", "E5"))
		must(t, f.MergeCell("Sheet1", "F3", "F4"))
		for cell, format := range map[string]excelize.Style{"D3": {NumFmt: 14}, "D4": {CustomNumFmt: ptr(`dd\.mm\.yyyy;@`)}, "A1": {NumFmt: 49}} {
			style, err := f.NewStyle(&format)
			must(t, err)
			must(t, f.SetCellStyle("Sheet1", cell, cell, style))
		}
	}))
	want := []string{
		"Асанова Ая|+996555200211||1990||Ош|КФ", "Бекова Бая|+996555200212||1990||Ош|КФ", "Донова Дая|+996555200214||0||Нарын|Уюм", "Чокоева Чая|+996555200213||1990||Ош|Уюм",
	}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("%q, %+v, %v", list, rep, err)
	}
}

func ptr(s string) *string { return &s }

func TestAllSheetsThatAreShownAreReadAndWhatIsHiddenIsNamed(t *testing.T) {
	t.Parallel()
	rep, list, err := brought(t, "list.xlsx", workbook(t, func(f *excelize.File) {
		for _, tab := range []string{"Ош", "Нарын", "Эскертүү", "Эски", "Бош"} {
			_, err := f.NewSheet(tab)
			must(t, err)
		}
		must(t, f.DeleteSheet("Sheet1"))
		fill(t, f, "Ош", []any{"ФИО", "Почта", "Эскертүү"}, []any{"А Ая", "a@mail.kg"}, []any{"Б Бая", "b@mail.kg", "x", "чалуу керек"})
		fill(t, f, "Нарын", []any{}, []any{"Почта", "ФИО"}, []any{"v@mail.kg", "В Вая"}, []any{"a@mail.kg", "Ая А"})
		fill(t, f, "Эскертүү", []any{"Кофе"}, []any{"Кагаз"})
		fill(t, f, "Эски", []any{"ФИО", "Почта"}, []any{"Г Гая", "g@mail.kg"})
		must(t, f.SetSheetVisible("Эски", false))
		must(t, f.SetRowVisible("Ош", 2, false))
		must(t, f.SetColVisible("Ош", "B", false))
	}))
	if err != nil || fmt.Sprint(list) != "[А Ая||a@mail.kg|0||| Б Бая||b@mail.kg|0||| В Вая||v@mail.kg|0|||]" {
		t.Fatalf("%q, %v", list, err)
	}
	if got := fmt.Sprint(rep.Left, rep.Unseen, rep.There, rep.Ignored); got != "[{Эскертүү false} {Эски true}] [{Ош [2] [Почта]}] [{{Нарын 4} {Ош 2}}] [Эскертүү № 4]" {
		t.Errorf("%s", got)
	}
}

func TestACellThatHoldsAnErrorIsAProblemWithItsPlace(t *testing.T) {
	t.Parallel()
	book := workbook(t, func(f *excelize.File) {
		fill(t, f, "Sheet1", []any{"ФИО", "Почта", "Уюм", "Эскертүү"}, []any{"А Ая", "a@mail.kg"}, []any{"Б Бая", "b@mail.kg", "КФ"})
		must(t, f.SetCellFormula("Sheet1", "C2", "1/0"))
		must(t, f.SetCellFormula("Sheet1", "D3", "1/0"))
	})
	for name, body := range map[string]string{
		"a formula without a result": book,
		"#N/A":                       "ФИО;Почта;Уюм;Эскертүү\nА Ая;a@mail.kg;#N/A;x\nБ Бая;b@mail.kg;КФ;#REF!\n",
		"#Н/Д":                       "ФИО;Почта;Уюм;Эскертүү\nА Ая;a@mail.kg;#Н/Д;x\nБ Бая;b@mail.kg;КФ;x\n",
		"#ДЕЛ/0!":                    "ФИО;Почта;Уюм\nА Ая;a@mail.kg;#ДЕЛ/0!\nБ Бая;b@mail.kg;КФ\n",
		"too narrow":                 "ФИО;Почта;Уюм\nА Ая;a@mail.kg;######\nБ Бая;b@mail.kg;КФ\n",
	} {
		rep, list, err := brought(t, name, body)
		if err != nil || rep.Bad != 1 || rep.Added != 1 || len(rep.Problems) != 1 || rep.Problems[0].Row != 2 || rep.Problems[0].Column != 3 || rep.Problems[0].Name != "Уюм" || len(list) != 1 {
			t.Errorf("%s: %+v, %q, %v", name, rep, list, err)
		}
	}
}

func TestFamiliesThatShareAContactAreNamedAndStayDifferentPeople(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		peopletest.Write(t, store, func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Register(ctx, tx, people.Details{FullName: "Эне", Phone: "+996555200213"})
			return err
		})
		const file = "ФИО;Телефон;Почта\nА Ая;0555200211;a@mail.kg\nБ Бая;0555200211;b@mail.kg\nВ Вая;0555200213;\nАя А;;A@mail.kg\nГ Гая;0555200214;a@mail.kg\n"
		for _, dry := range []bool{true, false} {
			rep, err := svc.ImportFile(t.Context(), store, strings.NewReader(file), "x.csv", dry)
			if err != nil || rep.Rows != 5 || rep.Added != 4 || rep.Known != 1 {
				t.Fatalf("%+v, %v", rep, err)
			}
			want := "[{phone [{ 2} { 3}] false} {email [{ 2} { 6}] false} {phone [{ 4}] true}] [{{ 5} { 2}}]"
			if got := fmt.Sprint(rep.Shared, rep.There); got != want {
				t.Errorf("dry %t: %s", dry, got)
			}
		}
		rep, err := svc.ImportFile(t.Context(), store, strings.NewReader(file), "x.csv", false)
		if err != nil || rep.Added != 0 || rep.Known != 5 || len(rep.There) != 5 {
			t.Errorf("again: %+v, %v", rep, err)
		}
	})
}
