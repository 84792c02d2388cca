package analysis

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/sheet"
)

func itemsText(text string, o ItemsOptions) (string, error) {
	s, err := sheet.Read("answers.csv", []byte(text))
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = itemsOf(s, o, &out)
	return out.String(), err
}

func TestItemsPrintThePromisedObject(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../science/gain/testdata/items_lsat6.csv")
	if err != nil {
		t.Fatal(err)
	}
	out, err := itemsText(string(raw), ItemsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		People, Items    int
		Alpha, KR20, SEM float64
		CI               [2]float64 `json:"alpha_ci"`
		PerItem          []struct {
			Name    string
			P       float64 `json:"difficulty"`
			R       float64 `json:"item_rest_r"`
			D       float64 `json:"upper_lower_27"`
			Dropped float64 `json:"alpha_if_dropped"`
		} `json:"per_item"`
		Warnings []string
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.People != 1000 || got.Items != 5 || got.Alpha-.294997 > 5e-7 || got.Alpha-.294997 < -5e-7 || got.KR20 != got.Alpha {
		t.Errorf("%+v", got)
	}
	if len(got.PerItem) != 5 || got.PerItem[0].Name != "i1" || got.PerItem[0].P != .924 || len(got.Warnings) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestItemsKnowPersonsBlanksAndPoints(t *testing.T) {
	t.Parallel()
	out, err := itemsText("ID;суроо 1;тапшырма [2,5];q3\na;1;2,5;1\nb;0;;1\nc;1;1;\nd;;0;0\ne;;;\n", ItemsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"people":5`, `"items":3`, `"blanks":6`, `"name":"суроо 1"`, `"name":"тапшырма"`, `"max":2.5`, `"kr20":null`, `"blank_counted_wrong"`, `"difficulty":0.28`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

func TestBadAnswersAreNamedByLineAndColumn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"words", "q1,q2\n1,yes\n", `answers.csv, line 2, column 2 (q2): expected a number, found "yes"`},
		{"above the highest", "person,q1,q2[3]\na,1,4\n", `line 2, column 3 (q2[3]): expected points from 0 to 3, found "4"`},
		{"below zero", "q1,q2\n-1,1\n", `line 2, column 1 (q1): expected points from 0`},
		{"no highest", "q1,q2[x]\n1,1\n", `line 1, column 2 (q2[x])`},
		{"no highest, below the first line", "sep=;\n\nq1;q2[x]\n1;1\n", `line 3, column 2 (q2[x])`},
		{"highest zero", "q1,q2[0]\n1,1\n", `line 1, column 2 (q2[0])`},
		{"persons alone", "person\na\n", `expected a column for each item`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, err := itemsText(c.text, ItemsOptions{})
			var bad *sheet.Error
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) || out != "" {
				t.Errorf("%v, printed %q", err, out)
			}
		})
	}
}

func TestItemsWithoutFiguresAreNull(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"q1,q2\n", "q1,q2\n1,1\n", "q1\n1\n0\n", "q1,q2\n1,1\n1,1\n", "q1,q2\n1,0\n0,1\n"} {
		out, err := itemsText(text, ItemsOptions{})
		if err != nil || !json.Valid([]byte(out)) || !strings.Contains(out, `"alpha":null`) {
			t.Errorf("%q: %v\n%s", text, err, out)
		}
		if _, err := itemsText(text, ItemsOptions{Explain: "ru"}); err != nil {
			t.Error(err)
		}
	}
}
