package i18n_test

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"testing/fstest"
	"time"
	_ "time/tzdata" // the table to compare with, also where the machine has none

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
)

var morning = time.Date(2026, 11, 28, 3, 30, 0, 0, time.UTC) // 09:30 in Bishkek

func TestDatesFollowTheRulesOfEachLanguage(t *testing.T) {
	t.Parallel()
	evening := morning.Add(7*time.Hour + 30*time.Minute)
	midnight := time.Date(2026, 11, 27, 18, 0, 0, 0, time.UTC) // that begins the 28th in Bishkek
	late := time.Date(2026, 11, 28, 19, 0, 0, 0, time.UTC)     // the 29th in Bishkek
	for _, c := range []struct {
		name       string
		f          func(i18n.Language) string
		ky, ru, en string
	}{
		{"Date", func(l i18n.Language) string { return i18n.Date(l, morning) }, "2026-жылдын 28-ноябры", "28 ноября 2026 г.", "28 November 2026"},
		{"Date after midnight", func(l i18n.Language) string { return i18n.Date(l, late) }, "2026-жылдын 29-ноябры", "29 ноября 2026 г.", "29 November 2026"},
		{"DateLong", func(l i18n.Language) string { return i18n.DateLong(l, morning) }, "2026-жылдын 28-ноябры, ишемби", "суббота, 28 ноября 2026 г.", "Saturday, 28 November 2026"},
		{"DateShort", func(l i18n.Language) string { return i18n.DateShort(l, morning) }, "28.11.2026", "28.11.2026", "28 Nov 2026"},
		{"DayMonth", func(l i18n.Language) string { return i18n.DayMonth(l, morning) }, "28-ноябрь", "28 ноября", "28 November"},
		{"DateTime", func(l i18n.Language) string { return i18n.DateTime(l, morning) }, "2026-жылдын 28-ноябры, 09:30", "28 ноября 2026 г., 09:30", "28 November 2026, 09:30"},
		{"TimeRange", func(l i18n.Language) string { return i18n.TimeRange(l, morning, evening) }, "09:30–17:00", "09:30–17:00", "09:30–17:00"},
		{"TimeRange over days", func(l i18n.Language) string { return i18n.TimeRange(l, morning, late) }, "28-ноябрь, 09:30 – 29-ноябрь, 01:00", "28 ноября, 09:30 – 29 ноября, 01:00", "28 November, 09:30 – 29 November, 01:00"},
		{"TimeRange of a day", func(l i18n.Language) string { return i18n.TimeRange(l, midnight, midnight.AddDate(0, 0, 1)) }, "күнү бою", "весь день", "all day"},
		{"TimeRange of a day and a minute", func(l i18n.Language) string {
			return i18n.TimeRange(l, midnight, midnight.Add(24*time.Hour+time.Minute))
		}, "28-ноябрь, 00:00 – 29-ноябрь, 00:01", "28 ноября, 00:00 – 29 ноября, 00:01", "28 November, 00:00 – 29 November, 00:01"},
		{"DateTimeRange of a day", func(l i18n.Language) string { return i18n.DateTimeRange(l, midnight, midnight.AddDate(0, 0, 1)) }, "2026-жылдын 28-ноябры, күнү бою", "28 ноября 2026 г., весь день", "28 November 2026, all day"},
		{"DateTimeRange", func(l i18n.Language) string { return i18n.DateTimeRange(l, morning, evening) }, "2026-жылдын 28-ноябры, 09:30–17:00", "28 ноября 2026 г., 09:30–17:00", "28 November 2026, 09:30–17:00"},
		{"Month", func(l i18n.Language) string { return i18n.Month(l, morning) }, "2026-жыл, ноябрь", "ноябрь 2026", "November 2026"},
		{"MonthShort", func(l i18n.Language) string { return i18n.MonthShort(l, morning) }, "ноя", "ноя", "Nov"},
		{"WeekdayShort", func(l i18n.Language) string { return i18n.WeekdayShort(l, morning) }, "ишм", "сб", "Sat"},
	} {
		for l, want := range map[i18n.Language]string{i18n.Kyrgyz: c.ky, i18n.Russian: c.ru, i18n.English: c.en} {
			if got := c.f(l); got != want {
				t.Errorf("%s in %s: %q, want %q", c.name, l, got, want)
			}
		}
	}
}

func TestBishkekNeedsNoZoneFile(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Bishkek")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{morning, time.Date(2006, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2030, 7, 1, 0, 0, 0, 0, time.UTC)} {
		if got, want := at.In(i18n.Bishkek()).Format(time.DateTime), at.In(zone).Format(time.DateTime); got != want {
			t.Errorf("%v: %s, the zone file says %s", at, got, want)
		}
	}
}

func TestNumbersAreWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{i18n.Number(i18n.Kyrgyz, 1234567), "1\u00a0234\u00a0567"},
		{i18n.Number(i18n.Russian, 1234), "1\u00a0234"},
		{i18n.Number(i18n.English, int64(-1234567)), "−1,234,567"},
		{i18n.Number(i18n.Kyrgyz, 999), "999"},
		{i18n.Decimal(i18n.Russian, 1234567.5, 2), "1\u00a0234\u00a0567,5"},
		{i18n.Decimal(i18n.English, 2.70, 2), "2.7"},
		{i18n.Decimal(i18n.English, -0.001, 2), "0"},
		{i18n.Percent(i18n.Kyrgyz, 0.264), "26%"},
		{i18n.Percent(i18n.Russian, 0.264), "26\u00a0%"},
		{i18n.Percent(i18n.English, 1), "100%"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestPluralFormsAgreeWithUnicodeFrom0To200(t *testing.T) {
	t.Parallel()
	names := map[plural.Form]string{plural.Other: "other", plural.One: "one", plural.Few: "few", plural.Many: "many"}
	for _, l := range i18n.Languages {
		for n := range 201 {
			want := names[plural.Cardinal.MatchPlural(language.Make(string(l)), n, 0, 0, 0, 0)]
			if got := i18n.PluralForm(l, n); got != want {
				t.Errorf("%s %d: %q, want %q", l, n, got, want)
			}
		}
	}
}

func TestNamesAreFoundHoweverTheyAreTyped(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Өмүркан", "Омуркан", "ОМУРКАН", "Omurkan"},
		{"Жылдыз", "Jyldyz", "Zhyldyz"},
		{"Айгүл", "Айгул", "Aigul", "Aygul"},
		{"Алёна", "Алена", "Alena"},
		{"Асанова Өмүркан Үсөн кызы", "асанова  омуркан усон-кызы", "Asanova Omurkan Uson kyzy"},
		{"Токтогул уулу", "Toktogul uulu"},
		{"Хасанов", "Khasanov", "Hasanov"},
		{"Щербакова", "Shcherbakova"},
		{"Юлия", "Yuliya"},
		{"Бактыгүл", "Бактыгу\u0308л", "Baktygul"},
		{"G‘ulomjon", "Ғуломжон", "Gulomjon"},
	} {
		want := i18n.FoldKey(same[0])
		for _, s := range same[1:] {
			if got := i18n.FoldKey(s); got != want {
				t.Errorf("%q folds to %q, but %q to %q", s, got, same[0], want)
			}
		}
	}
	if i18n.FoldKey("Асанова") == i18n.FoldKey("Осмонова") {
		t.Error("two names have one key")
	}
}

// TestAPhoneFindsByTheSameKeys holds FoldKey to the file by which web/ts/offline/fold.ts is
// tested too.
func TestAPhoneFindsByTheSameKeys(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/folds.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct{ Text, Key string }
	if err := json.Unmarshal(raw, &list); err != nil || len(list) < 100 {
		t.Fatalf("%d spellings, %v", len(list), err)
	}
	for _, c := range list {
		if got := i18n.FoldKey(c.Text); got != c.Key {
			t.Errorf("%q folds to %q, want %q", c.Text, got, c.Key)
		}
	}
}

func TestFoldingTwiceIsFoldingOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюяabcdehjkpstwyz ’-é"))).Draw(t, "name")
		if once, twice := i18n.FoldKey(s), i18n.FoldKey(i18n.FoldKey(s)); once != twice {
			t.Fatalf("%q folds to %q, and that to %q", s, once, twice)
		}
	})
}

func TestTheKyrgyzAlphabetIsInItsOrder(t *testing.T) {
	t.Parallel()
	letters := []string{}
	for _, c := range "АБВГДЕЁЖЗИЙКЛМНҢОӨПРСТУҮФХЦЧШЩЪЫЬЭЮЯ" {
		letters = append(letters, string(c)+"а")
	}
	sorted := slices.Clone(letters)
	slices.SortFunc(sorted, func(a, b string) int { return bytes.Compare(i18n.CollationKey(a), i18n.CollationKey(b)) })
	if !slices.Equal(letters, sorted) {
		t.Errorf("sorted: %v", sorted)
	}
	if bytes.Compare(i18n.CollationKey("өмүр"), i18n.CollationKey("Өмүркан")) >= 0 {
		t.Error("a capital letter outweighs the next letter")
	}
}

func TestEachBrowserGetsALanguageItsOwnerReads(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]i18n.Language{
		"":                        i18n.Kyrgyz,
		"*":                       i18n.Kyrgyz,
		"ky-KG":                   i18n.Kyrgyz,
		"ky-Latn-KG":              i18n.Kyrgyz,
		"ru-RU,ru;q=0.9,en;q=0.8": i18n.Russian,
		"en-US,en;q=0.5":          i18n.English,
		"kk-KZ":                   i18n.Kyrgyz,
		"uz":                      i18n.Russian,
		"tg-TJ":                   i18n.Russian,
		"tr-TR":                   i18n.English,
		"de,ru;q=0.5":             i18n.Russian,
		"en;q=0.2, ky;q=0.9":      i18n.Kyrgyz,
		"zz;;;q=":                 i18n.Kyrgyz,
	} {
		if got := i18n.Match(header); got != want {
			t.Errorf("Match(%q) = %s, want %s", header, got, want)
		}
	}
}

func texts(ky, ru, en string) fstest.MapFS {
	return fstest.MapFS{"ky.json": {Data: []byte(ky)}, "ru.json": {Data: []byte(ru)}, "en.json": {Data: []byte(en)}}
}

func TestArgumentsAreWrittenAsTheLanguageDoes(t *testing.T) {
	t.Parallel()
	c, err := i18n.Load(texts(
		`{"x.left":"{count} орун калды"}`,
		`{"x.left":{"one":"{count} место","few":"{count} места","many":"{count} мест","other":"{count} места"}}`,
		`{"x.left":{"one":"{count} seat","other":"{count} seats"}}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []struct {
		l    i18n.Language
		n    int
		want string
	}{
		{i18n.Kyrgyz, 1, "1 орун калды"},
		{i18n.Russian, 1021, "1\u00a0021 место"},
		{i18n.Russian, 12, "12 мест"},
		{i18n.Russian, 22, "22 места"},
		{i18n.English, 1, "1 seat"},
		{i18n.English, 2000, "2,000 seats"},
	} {
		if got := c.Printer(w.l).T("x.left", "count", w.n); got != w.want {
			t.Errorf("%s: %q, want %q", w.l, got, w.want)
		}
	}
}
