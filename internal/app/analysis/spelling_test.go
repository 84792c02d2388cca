package analysis

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/science/agreement"
)

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWordsThatDifferInCapitalsAreOneInAllSciencesAndItIsSaid(t *testing.T) {
	t.Parallel()
	var said []string
	say := func(line string) { said = append(said, line) }
	var out bytes.Buffer

	ratings := "Баалоо, 2026\nunit;rater;value\n1;а;Да\n1;Б;д\u00adа\n2;А;нет\n2;б; Нет\u00a0\n3;а;ДА\n3;б;Да\n4;а;нёт\n4;б;нет\n"
	if err := Agreement(file(t, "ratings.csv", ratings), AgreementOptions{Level: agreement.Nominal, Resamples: 100, Say: say}, &out, nil); err != nil {
		t.Fatal(err)
	}
	var alpha struct {
		Alpha  float64 `json:"alpha"`
		Raters int     `json:"raters"`
	}
	if err := json.Unmarshal(out.Bytes(), &alpha); err != nil || alpha.Alpha != 1 || alpha.Raters != 2 {
		t.Errorf("agreement: %s, %v", out.String(), err)
	}
	want := []string{
		`ratings.csv, column 2 (rater): "А" and "а" are taken for one word, "а"`, `ratings.csv, column 2 (rater): "Б" and "б" are taken for one word, "б"`,
		`ratings.csv, column 3 (value): "ДА" and "Да" and "да" are taken for one word, "Да"`, `ratings.csv, column 3 (value): "Нет" and "нет" and "нёт" are taken for one word, "нет"`,
	}
	if !slices.Equal(said, want) {
		t.Errorf("agreement says\n%s", strings.Join(said, "\n"))
	}

	said, out = nil, bytes.Buffer{}
	var people strings.Builder
	people.WriteString("id,city\n")
	for _, id := range []string{"xB7", "Xb7", "Ая", "ая", "c3", "d4", "e5", "f6"} {
		people.WriteString(id + "," + []string{"Ош", "ош "}[people.Len()%2] + "\n")
	}
	plan := file(t, "plan.json", `{"person":"id","tables":[["city"]]}`)
	if _, _, err := Protect(file(t, "people.csv", people.String()), ProtectOptions{Plan: plan, K: 5, Say: say}, &out, nil); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, `"n":7`) || strings.Contains(text, "ош") == strings.Contains(text, "Ош") || len(said) != 2 {
		t.Errorf("protect: %s says %q", text, said)
	}

	said, out = nil, bytes.Buffer{}
	scores := "person,pre,post\nАсанова Ая,1,\nасанова  ая,,4\nБ,2,3\nВ,1,2\n"
	if err := Gain(file(t, "scores.csv", scores), GainOptions{Max: 5, Resamples: 100, Say: say}, &out, nil); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"n_matched":3`) || len(said) != 1 {
		t.Errorf("gain: %s says %q", out.String(), said)
	}

	said, out = nil, bytes.Buffer{}
	applicants := "id,city,home\n1,ош,Ак үй\n2,Ош,ак үй\n3,ош,\n4,Нарын,\n"
	quotas := "category,value,min,max\ncity,ОШ,2,2\ncity,нарын,1,1\n"
	if _, err := Select(file(t, "applicants.csv", applicants), SelectOptions{
		Seats: 3, Quotas: file(t, "quotas.csv", quotas), Seed: "x", Household: "home", AtMost: 1, Say: say,
	}, &out, nil); err != nil {
		t.Fatal(err)
	}
	var panel struct {
		Selected []string `json:"selected"`
		Warnings []string `json:"warnings"`
	}
	if err := json.Unmarshal(out.Bytes(), &panel); err != nil || len(panel.Selected) != 3 || !slices.Contains(panel.Selected, "3") || !slices.Contains(panel.Selected, "4") || len(panel.Warnings) != 0 || len(said) != 1 {
		t.Errorf("select: %s says %q", out.String(), said)
	}
}

func TestTheSpellingOfAWordDoesNotDependOnTheOrderOfRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.SampledFrom([]string{"Ёлка", "елка", "ЕЛКА ", " ёлка", "x1", "X1", "ё\u200bлка"}), 1, 10).Draw(t, "words")
		other := rapid.Permutation(list).Draw(t, "in another order")
		a, b := spellings{}, spellings{}
		for i := range list {
			a.add(list[i])
			b.add(other[i])
		}
		for _, w := range list {
			if got, want := a.word(wordKey(w)), b.word(wordKey(w)); got != want || wordKey(got) != wordKey(w) {
				t.Fatalf("%q is %q or %q", w, got, want)
			}
		}
		if len(a) > 3 {
			t.Fatalf("%d words: %v", len(a), a)
		}
	})
}
