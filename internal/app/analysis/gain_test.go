package analysis

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"platforma.kg/ashar/internal/foundation/sheet"
)

// gainText runs the gain of a table given as text.
func gainText(text string, o GainOptions) (string, error) {
	s, err := sheet.Read("course.csv", []byte(text))
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = gainOf(s, o, &out, nil)
	return out.String(), err
}

const course = `person,pre,post
a,5,12
b,7,9
c,8,13
d,12,8
e,14,14
f,9,
g,,17
`

func TestGainPrintsThePromisedObject(t *testing.T) {
	t.Parallel()
	out, err := gainText(course, GainOptions{Max: 20, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Pre      int     `json:"n_pre"`
		Post     int     `json:"n_post"`
		Matched  int     `json:"n_matched"`
		MeanPre  float64 `json:"mean_pre"`
		MeanPost float64 `json:"mean_post"`
		Max      float64
		Hake     float64 `json:"hake_class"`
		Mean     float64 `json:"hake_individual_mean"`
		Change   float64 `json:"normalised_change"`
		T        struct {
			T, DF, P float64
			CI       [2]float64
		}
		DZ struct {
			Value float64
			CI    [2]float64
		}
		Wilcoxon struct {
			Plus  float64 `json:"w_plus"`
			Exact float64 `json:"p_exact"`
			HL    float64 `json:"hodges_lehmann"`
		}
		Bootstrap struct {
			Seed, Resamples int
			BCa             [2]float64 `json:"mean_gain_bca"`
			Hake            [2]float64 `json:"hake_percentile"`
		}
		Warnings []string
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Pre != 6 || got.Post != 6 || got.Matched != 5 || got.Max != 20 || got.MeanPre != 9.2 || got.MeanPost != 11.2 || got.T.DF != 4 {
		t.Errorf("%+v", got)
	}
	if got.Wilcoxon.Plus != 8 || got.Bootstrap.Seed != 1 || got.Bootstrap.Resamples != 10_000 || got.DZ.CI[0] >= got.DZ.Value {
		t.Errorf("%+v", got)
	}
	if want := []string{"unmatched_left_out", "practice_effect_unknown", "few_pairs"}; !slices.Equal(got.Warnings, want) {
		t.Errorf("warnings %v", got.Warnings)
	}
}

func TestGainDoesNotDependOnOrderEncodingOrSeparator(t *testing.T) {
	t.Parallel()
	rows := []string{"Айгүл,5,12", "Бек,7.5,9", "Чынар,8,13", "Дамира,12,8", "Эрмек,14,14", "Фатима,9,"}
	text := func(rows []string) string { return "person,pre,post\n" + strings.Join(rows, "\n") + "\n" }
	want, err := gainText(text(rows), GainOptions{Max: 20, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	turned := slices.Clone(rows)
	slices.Reverse(turned)
	semicolons := strings.ReplaceAll(strings.ReplaceAll(text(rows), ",", ";"), "7.5", "7,5")
	cyrillic, err := charmap.Windows1251.NewEncoder().String(strings.ReplaceAll(text(rows), "ү", "у"))
	if err != nil {
		t.Fatal(err)
	}
	utf := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text(rows))) {
		utf = append(utf, byte(u), byte(u>>8))
	}
	for name, other := range map[string]string{
		"other order":            text(turned),
		"semicolons, comma":      semicolons,
		"tabs, CRLF":             strings.ReplaceAll(strings.ReplaceAll(text(rows), ",", "\t"), "\n", "\r\n"),
		"byte order mark":        "\ufeff" + text(rows),
		"Windows-1251":           cyrillic,
		"UTF-16":                 string(utf),
		"columns of other names": "city,Post,PRE,Person\n" + swapped(rows),
		"quoted names":           "person,pre,post\n\"Ай\nгүл\",5,12\n" + strings.Join(rows[1:], "\n"),
	} {
		got, err := gainText(other, GainOptions{Max: 20, Seed: 3})
		if err != nil || got != want {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func swapped(rows []string) string {
	var b strings.Builder
	for _, r := range rows {
		c := strings.Split(r, ",")
		fmt.Fprintf(&b, "Ош,%s,%s,%s\n", c[2], c[1], c[0])
	}
	return b.String()
}

func TestBadScoresAreNamedByLineAndColumn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "course.csv: the file is empty"},
		{"no post", "person,pre\na,1\n", `line 1`},
		{"words", "person,pre,post\na,1,good\n", `course.csv, line 2, column 3 (post): expected a number, found "good"`},
		{"above max", "person,pre,post\na,1,2\nb,3,25\n", `course.csv, line 3, column 3 (post): expected a score from 0 to 20, found "25"`},
		{"below zero", "person,pre,post\na,-1,2\n", `line 2, column 2 (pre): expected a score from 0 to 20`},
		{"not finite", "person,pre,post\na,NaN,1e999\n", `line 2, column 2 (pre): expected a number`},
		{"contradiction", "person,pre,post\na,1,2\nb,2,3\na,1,4\n", `line 4, column 3 (post): the same person has another score, 2, in line 2`},
		{"too many cells", "person,pre,post\na,1,2,3\n", `line 2`},
		{"two columns of one name", "person,pre,post,pre\na,1,2,3\n", `line 1, column 4 (pre)`},
		{"open quote", "person,pre,post\n\"a,1,2\n", `line`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, err := gainText(c.text, GainOptions{Max: 20})
			var bad *sheet.Error
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) || out != "" {
				t.Errorf("%v, printed %q", err, out)
			}
		})
	}
}

func TestRowsOfOnePersonAreJoinedAndRowsOfNobodyOnlyCounted(t *testing.T) {
	t.Parallel()
	out, err := gainText("person,pre,post\na,5,\nb,7,9\nc,8,13\nd,12,8\ne,14,14\na,,12\na,5,12\n,3,4\n ,,5\n", GainOptions{Max: 20})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"n_pre":6`, `"n_post":7`, `"n_matched":5`, `"mean_pre":9.2`, `"mean_post":11.2`, `"without_person"`, `"person_twice"`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

func TestWhatIsNotDefinedIsNullInTheJSON(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no rows":         "person,pre,post\n",
		"four pairs":      "person,pre,post\na,1,2\nb,2,3\nc,3,4\nd,4,9\n",
		"nobody changed":  "person,pre,post\na,1,1\nb,2,2\nc,3,3\nd,4,4\ne,5,5\n",
		"one gain":        "person,pre,post\na,1,2\nb,2,3\nc,3,4\nd,4,5\ne,5,6\n",
		"all at the top":  "person,pre,post\na,20,20\nb,20,20\nc,20,20\nd,20,20\ne,20,20\n",
		"all at zero":     "person,pre,post\na,0,0\nb,0,0\nc,0,0\nd,0,0\ne,0,0\n",
		"nearly one gain": "person,pre,post\na,1,2\nb,2,3\nc,3,4\nd,4,5\ne,5,6.000000001\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := gainText(text, GainOptions{Max: 20})
			if err != nil {
				t.Fatal(err)
			}
			if !json.Valid([]byte(out)) {
				t.Fatal(out)
			}
			var figures struct {
				T  struct{ T *float64 }
				DZ struct{ CI *[2]float64 }
			}
			if err := json.Unmarshal([]byte(out), &figures); err != nil {
				t.Fatal(err)
			}
			if defined := name == "nearly one gain"; defined != (figures.T.T != nil) || defined != (figures.DZ.CI != nil) {
				t.Error(out)
			}
			if _, err := gainText(text, GainOptions{Max: 20, Explain: "ky"}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestGainReadsAFileOnDisk(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "course.csv")
	if err := os.WriteFile(path, []byte(course), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	told := 0
	if err := Gain(path, GainOptions{Max: 20, Seed: 1}, &out, func(done, total int) { told = done }); err != nil || out.Len() == 0 || told != 10_000 {
		t.Errorf("%v, %d bytes, %d told", err, out.Len(), told)
	}
	if err := Gain(path+".no", GainOptions{Max: 20}, &out, nil); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}
