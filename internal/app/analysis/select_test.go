package analysis

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"

	"platforma.kg/ashar/internal/foundation/sheet"
)

// call runs Select on files with the given contents.
func call(t *testing.T, people, quotas, selected string, o SelectOptions) (map[string]any, []string, error) {
	t.Helper()
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if quotas != "" {
		o.Quotas = file("quotas.csv", quotas)
	}
	if selected != "" {
		o.Selected = file("selected.csv", selected)
	}
	if o.Seed == "" {
		o.Seed = "seed"
	}
	o.AtMost = max(o.AtMost, 1)
	var out bytes.Buffer
	warnings, err := Select(file("people.csv", people), o, &out, nil)
	result := map[string]any{}
	if out.Len() > 0 {
		if err := json.Unmarshal(out.Bytes(), &result); err != nil {
			t.Fatalf("%v in %s", err, out.String())
		}
	}
	return result, warnings, err
}

const people = "id,sex,city\n1,f,Osh\n2,f,Osh\n3,f,Naryn\n4,m,Osh\n5,m,Osh\n6,m,Naryn\n7,m,Naryn\n8,m,Osh\n"

func TestSelectionMeetsTheContract(t *testing.T) {
	t.Parallel()
	r, warnings, err := call(t, people, "category,value,min,max\nsex,f,2,2\nsex,m,2,\ncity,Naryn,1,2\n", "", SelectOptions{Seats: 4, Seed: "публично"})
	if err != nil || len(warnings) != 0 {
		t.Fatal(err, warnings)
	}
	if r["seed"] != "публично" || r["feasible"] != true || len(r["selected"].([]any)) != 4 || r["reached"] != "leximin" {
		t.Errorf("%v", r)
	}
	chances := r["chances"].(map[string]any)
	low, sum := 1.0, 0.0
	for _, c := range chances {
		low = min(low, c.(float64))
		sum += c.(float64)
	}
	if len(chances) != 8 || low != r["min_chance"] || math.Abs(sum-4) > 1e-9 || low != 0.4 {
		t.Errorf("chances %v, sum %v", chances, sum)
	}
}

func TestTheSameTablesInOtherClothesGiveTheSamePanel(t *testing.T) {
	t.Parallel()
	const text = "id;пол;район\nайжан;жен;Өзгөн\nнурлан;муж;Өзгөн\nгүлзат;жен;Кадамжай\nэмил;муж;Кадамжай\nасель;жен;Кадамжай\n"
	const quotas = "category;value;min;max\nпол;жен;1;1\nрайон;Кадамжай;1;\n"
	first, _, err := call(t, text, quotas, "", SelectOptions{Seats: 2})
	if err != nil {
		t.Fatal(err)
	}
	windows := func(s string) string {
		s, err := charmap.Windows1251.NewEncoder().String(strings.NewReplacer("Ө", "О", "ө", "о", "ү", "у").Replace(s))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	slices.Reverse(lines[1:])
	for name, in := range map[string][2]string{
		"comma, BOM, CRLF": {"\ufeff" + strings.NewReplacer(";", ",", "\n", "\r\n").Replace(text), quotas},
		"decomposed":       {norm.NFD.String(text), quotas},
		"spaces":           {strings.ReplaceAll(text, ";", " ; "), strings.ReplaceAll(quotas, ";", "; ")},
		"reversed":         {strings.Join(lines, "\n"), "category;value;min;max\nрайон;Кадамжай;1;\nпол;жен;1;1\n"},
		"Windows-1251":     {windows(text), windows(quotas)},
	} {
		r, _, err := call(t, in[0], in[1], "", SelectOptions{Seats: 2})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := first
		if name == "Windows-1251" { // the letters that it has not are others
			if len(r["selected"].([]any)) != 2 {
				t.Errorf("%s: %v", name, r)
			}
			continue
		}
		if fmt.Sprint(r) != fmt.Sprint(want) {
			t.Errorf("%s: %v\nwant %v", name, r, want)
		}
	}
}

func TestWhoIsSelectedAlreadyStays(t *testing.T) {
	t.Parallel()
	const quotas = "category,value,min,max\nsex,f,2,2\n"
	r, _, err := call(t, people, quotas, "id\n3\n8\n", SelectOptions{Seats: 4})
	if err != nil {
		t.Fatal(err)
	}
	selected := fmt.Sprint(r["selected"])
	if !strings.Contains(selected, "3") || !strings.Contains(selected, "8") || r["chances"].(map[string]any)["3"] != 1.0 {
		t.Errorf("%v", r)
	}
	marked := "id,sex,chosen\na,f,да\nb,f,\nc,m,yes\n"
	r, _, err = call(t, marked, "", "", SelectOptions{Seats: 2, Selected: "chosen"})
	if err != nil || fmt.Sprint(r["selected"]) != "[a c]" || r["min_chance"] != 0.0 {
		t.Errorf("%v %v", r, err)
	}
	r, _, err = call(t, "id\na\nb\n", "", "id\nb\na\n", SelectOptions{Seats: 2})
	if err != nil || fmt.Sprint(r["selected"]) != "[a b]" || r["min_chance"] != 1.0 {
		t.Errorf("everybody selected already: %v %v", r, err)
	}
}

func TestOneOfAHousehold(t *testing.T) {
	t.Parallel()
	const homes = "id,home\n1,a\n2,a\n3,a\n4,b\n5,\n6,\n"
	for seed := range 50 {
		r, _, err := call(t, homes, "", "", SelectOptions{Seats: 4, Household: "home", Seed: fmt.Sprint(seed)})
		if err != nil {
			t.Fatal(err)
		}
		if s := fmt.Sprint(r["selected"]); strings.Count(s, "1")+strings.Count(s, "2")+strings.Count(s, "3") != 1 {
			t.Fatalf("%s", s)
		}
	}
	_, _, err := call(t, homes, "", "", SelectOptions{Seats: 5, Household: "home"})
	if err == nil || !strings.Contains(err.Error(), "at most 1 with the same home") {
		t.Error(err)
	}
}

func TestConflictsNameTheirQuotas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, quotas string
		seats        int
		lines        []int
		words        string
	}{
		{"nobody has the value", "category,value,min,max\nsex,m,1,\nsex,x,1,2\n", 4, []int{3}, "line 3: sex = x: 1 to 2 (0 applied)"},
		{"min above max", "category;value;min;max\nsex;f;3;1\n", 4, []int{2}, "min is greater than max"},
		{"too many together", "category,value,min,max\nsex,f,3,\ncity,Osh,0,3\nsex,m,2,\n", 4, []int{2, 4}, "4 seats"},
		{"more seats than people", "category,value,min,max\nsex,f,1,\n", 9, nil, "9 seats, but only 8 applicants"},
		{"a huge number", "category,value,min,max\nsex,f,4000000000000000000,\n", 4, []int{2}, "at least 4000000000000000000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, _, err := call(t, people, c.quotas, "", SelectOptions{Seats: c.seats})
			if err == nil || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("error %v", err)
			}
			var lines []int
			for _, q := range r["conflict"].(map[string]any)["quotas"].([]any) {
				lines = append(lines, int(q.(map[string]any)["line"].(float64)))
			}
			if !slices.Equal(lines, c.lines) || r["feasible"] != false {
				t.Errorf("%v", r)
			}
		})
	}
}

func TestWhatIsWrongIsNamedWithItsPlace(t *testing.T) {
	t.Parallel()
	const quotas = "category,value,min,max\nsex,f,1,2\n"
	for _, c := range []struct{ people, quotas, selected, want string }{
		{"sex\nf\n", quotas, "", "people.csv, line 1"},
		{"id,sex\n", quotas, "", "no applicants"},
		{"id,sex\n1,f\n2,m\n1,m\n", quotas, "", `people.csv, line 4, column 1 (id): the id "1" is on line 2 already`},
		{"id,sex\n1,f\n,m\n", quotas, "", "people.csv, line 3, column 1 (id): expected an id"},
		{people, "category,value,min\nsex,f,1\n", "", "quotas.csv, line 1"},
		{people, "category,value,min,max\nage,18,1,2\n", "", "quotas.csv, line 2, column 1 (category)"},
		{people, "category,value,min,max\nsex,,1,2\n", "", "quotas.csv, line 2, column 2 (value)"},
		{people, "category,value,min,max\nsex,f,one,2\n", "", `quotas.csv, line 2, column 3 (min): expected a whole number from 0, found "one"`},
		{people, "category,value,min,max\nsex,f,1,-2\n", "", "quotas.csv, line 2, column 4 (max)"},
		{people, "category,value,min,max\nsex,f,1,2.5\n", "", "quotas.csv, line 2, column 4 (max)"},
		{people, "category,value,min,max\nsex,f,1,2\nSex,f,2,2\n", "", "quotas.csv, line 3, column 2 (value): sex = f has a quota already, on line 2"},
		{people, quotas, "id\n99\n", `selected.csv, line 2, column 1 (id): people.csv has no applicant "99"`},
	} {
		_, _, err := call(t, c.people, c.quotas, c.selected, SelectOptions{Seats: 2})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q, %q: %v, want %s", c.people, c.quotas, err, c.want)
		}
	}
}

func TestWhatMayBeAMistakeIsNoted(t *testing.T) {
	t.Parallel()
	_, warnings, err := call(t, "id,sex\n1,f\n2,\n3,m\n", "category,value,min,max\nsex,х,0,1\n", "", SelectOptions{Seats: 2})
	if err != nil || len(warnings) != 2 || !strings.Contains(warnings[0], "line 2: nobody has sex = х; there are: f, m") || !strings.Contains(warnings[1], "1 applicants have no value") {
		t.Error(err, warnings)
	}
}

// The readers of select, on any bytes: a problem that makes sense, or an error.
func FuzzSelectQuotas(f *testing.F) {
	for _, s := range []string{
		"category,value,min,max\nsex,f,1,2\n", "category;value;min;max\r\nsex;f;;\r\n", "\ufeffcategory\tvalue\tmin\tmax\nsex\tm\t0\t9\n",
		"category,value,min,max\n\"sex\",\"f\n\",1,\n", "category,value,min,max\nsex,f,9999999999999999999,1\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		quotas, err := sheet.Read("quotas.csv", raw)
		if err != nil {
			return
		}
		table, err := sheet.Read("people.csv", []byte(people))
		if err != nil {
			t.Fatal(err)
		}
		solveFuzzed(t, table, quotas, SelectOptions{Seats: 3, Seed: "x"})
	})
}

func FuzzSelectApplicants(f *testing.F) {
	for _, s := range []string{people, "id;sex;city\n1;f;Osh\n", "id,sex,city,home,in\na,f,x,h,1\nb,m,x,h,0\nc,f,,,\n", "id,sex,city\n\"a\nb\",f,\"\"\"\"\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		table, err := sheet.Read("people.csv", raw)
		if err != nil {
			return
		}
		quotas, err := sheet.Read("quotas.csv", []byte("category,value,min,max\nsex,f,1,2\ncity,Osh,,1\n"))
		if err != nil {
			t.Fatal(err)
		}
		o := SelectOptions{Seats: 2, Seed: "x", AtMost: 1}
		if _, ok := table.Column("home"); ok {
			o.Household = "home"
		}
		if _, ok := table.Column("in"); ok {
			o.Selected = "in"
		}
		solveFuzzed(t, table, quotas, o)
	})
}

func solveFuzzed(t *testing.T, table, quotas *sheet.Sheet, o SelectOptions) {
	t.Helper()
	s, err := join(table, quotas, nil, o)
	if err != nil || len(s.problem.Applicants) > 30 {
		return
	}
	var out bytes.Buffer
	if _, err := s.solve(o, &out, nil); out.Len() == 0 || !json.Valid(out.Bytes()) {
		t.Fatalf("%v, output %q", err, out.String())
	}
}

// The effort that is asked for bounds the lottery: a draw cut short is repeated with its own.
func TestTheEffortBoundsTheLottery(t *testing.T) {
	var people strings.Builder
	people.WriteString("id,sex,city,age\n")
	for i := range 300 {
		fmt.Fprintf(&people, "%d,%s,%s,%s\n", i, []string{"f", "m"}[i%2], []string{"a", "b", "c", "d", "e"}[i*7%5], []string{"x", "y", "z"}[i*i%3])
	}
	quotas := "category,value,min,max\nsex,f,9,11\ncity,a,3,5\ncity,b,3,4\nage,x,5,9\n"
	full, _, err := call(t, people.String(), quotas, "", SelectOptions{Seats: 20, Seed: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for _, effort := range []int64{1000} {
		short, _, err := call(t, people.String(), quotas, "", SelectOptions{Seats: 20, Seed: "x", Effort: effort})
		if err == nil && short["reached"] == "leximin" && short["panels"] == full["panels"] {
			t.Errorf("effort %d bounds nothing", effort)
		}
	}
}
