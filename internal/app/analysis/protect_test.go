package analysis

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/disclosure"
)

func place(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTablesAreWrittenWithTheirMargins(t *testing.T) {
	t.Parallel()
	text := "id;Город;sex\n" + strings.Repeat("a;Ош;f\n", 3)
	for _, p := range "bcdefg" {
		text += string(p) + ";Ош;f\n"
	}
	text += "x;Нарын;\ny;Нарын;f\n"
	file := place(t, "people.csv", text)
	plan := place(t, "plan.json", `{"person":"id","tables":[["Город","sex"],[]]}`)
	var out bytes.Buffer
	shown, all, err := Protect(file, ProtectOptions{Plan: plan, K: 1}, &out, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"k":1,"tables":[
{"by":["Город","sex"],"cells":[
{"Город":"Нарын","sex":"","n":1},
{"Город":"Нарын","sex":"f","n":1},
{"Город":"Нарын","sex":null,"n":2},
{"Город":"Ош","sex":"","n":0},
{"Город":"Ош","sex":"f","n":7},
{"Город":"Ош","sex":null,"n":7},
{"Город":null,"sex":"","n":1},
{"Город":null,"sex":"f","n":8},
{"Город":null,"sex":null,"n":9}]},
{"by":[],"cells":[
{"n":9}]}]}
`
	if out.String() != want || shown != 10 || all != 10 {
		t.Errorf("%d of %d\n%s", shown, all, out.String())
	}
	out.Reset()
	if _, _, err := Protect(file, ProtectOptions{Plan: plan, K: 5}, &out, nil); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), `"n":1}`) || strings.Contains(out.String(), `"n":2}`) || !json.Valid(out.Bytes()) {
		t.Error(out.String())
	}
}

func TestWhatWasPublishedIsReadAgain(t *testing.T) {
	t.Parallel()
	march, april := "id,city,month\n", ""
	for _, p := range "abcdefgh" {
		march += string(p) + ",osh,2026-03\n"
	}
	april = march + "x,osh,2026-04\ny,osh,2026-04\n"
	plan := place(t, "plan.json", `{"person":"id","tables":[["city"]],"period":"month"}`)
	var first, second bytes.Buffer
	if _, _, err := Protect(place(t, "march.csv", march), ProtectOptions{Plan: plan, K: 5}, &first, nil); err != nil {
		t.Fatal(err)
	}
	earlier := place(t, "march.json", first.String())
	if _, _, err := Protect(place(t, "april.csv", april), ProtectOptions{Plan: plan, K: 5, Published: []string{earlier}}, &second, nil); err != nil {
		t.Fatal(err)
	}
	if s := second.String(); strings.Count(s, `"city":"osh","n":8`) != 1 || strings.Contains(s, `"n":10`) {
		t.Errorf("published:\n%s\nthen:\n%s", first.String(), s)
	}
	changed := place(t, "changed.json", strings.ReplaceAll(first.String(), `"n":8`, `"n":9`))
	_, _, err := Protect(place(t, "april.csv", april), ProtectOptions{Plan: plan, K: 5, Published: []string{changed}}, &second, nil)
	if err == nil || !strings.Contains(err.Error(), "published table 1 says 9 for city osh, the data say 8") {
		t.Error(err)
	}
}

func TestWhatIsWrongWithAPlanOrAFileIsNamed(t *testing.T) {
	t.Parallel()
	good := `{"person":"id","tables":[["city"]]}`
	for _, c := range []struct{ file, plan, want string }{
		{"id,city\n1,osh\n", "{\n \"person\": \"id\",\n \"tables\": [[\"city\"]", "plan.json, line 3, column 21: the file ends in the middle"},
		{"id,city\n1,osh\n", "", "plan.json, line 1, column 1: the file is empty"},
		{"id,city\n1,osh\n", `{"person":"id","tables":["city"]}`, `plan.json, line 1`},
		{"id,city\n1,osh\n", `{"person":"id","tabels":[["city"]]}`, `unknown field "tabels"`},
		{"id,city\n1,osh\n", `{"tables":[["city"]]}`, `expected "person"`},
		{"id,city\n1,osh\n", `{"person":"id"}`, `expected "tables"`},
		{"id,city\n1,osh\n", `{"person":"id","tables":[[""]]}`, "table 1, column 1 has no name"},
		{"id,city\n1,osh\n", good + "x", "plan.json, line 1, column 36"},
		{"id,city\n1,osh\n", `{"person":"id","tables":[["city","city"]]}`, `plan.json: table 1 names the dimension "city" twice`},
		{"id,city\n1,osh\n", `{"person":"id","tables":[["city"],null]}`, "plan.json: table 2 is null"},
		{"id,city\n1,osh\n", `[]`, "plan.json, line 1, column 1: found an array, expected an object"},
		{"id,city\n1,osh\n", "{\"person\":\"id\",\n\"tables\":[[\"city\",3]]}", `plan.json, line 2, column 19: "tables": found a number, expected a text`},
		{"id,city,city\n1,osh,a\n", good, "people.csv, line 1, column 3 (city): two columns have this name"},
		{"id,city\n1,osh\n2," + strings.Repeat("ш", 501) + "\n", good, "people.csv, line 3, column 2 (city): expected at most 1000 bytes, found 1002"},
		{"id,city\n1,\"osh\n", good, "people.csv, line 2"},
		{"\xff\xfei\x00d\x00,\x00c\x00i\x00t\x00y\x00\n\x00,\x00x\x00\n\x00", good, "people.csv, line 2, column 1 (id): expected who took part"},
		{"\xe3\xee\xf0\xee\xe4;id\n\xce\xf8;1\n", good, `no column "city"; the columns are: город, id`},
		{"id,town\n1,osh\n", good, `people.csv, line 1: no column "city"; the columns are: id, town`},
		{"id,city\n1,osh\n,osh\n", good, "people.csv, line 3, column 1 (id): expected who took part"},
		{"id,city\n1,osh\n2\n", good, "people.csv, line 3"},
		{"", good, "people.csv: the file is empty"},
		{"id,city,when\n1,osh,\n", `{"person":"id","tables":[["city"]],"period":"when"}`, "people.csv, line 2, column 3 (when): expected the period"},
	} {
		var out bytes.Buffer
		_, _, err := Protect(place(t, "people.csv", c.file), ProtectOptions{Plan: place(t, "plan.json", c.plan), K: 5}, &out, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || out.Len() > 0 {
			t.Errorf("%q with %q: %v, expected %q", c.file, c.plan, err, c.want)
		}
	}
}

func FuzzProtectPlan(f *testing.F) {
	f.Add([]byte(`{"person":"id","tables":[["city","sex"],["age"],[]],"period":"month"}`))
	f.Add([]byte("\xff\xfe{\x00}\x00"))
	f.Add([]byte(`{"person":"id","tables":[["a","a"]]} {`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := parsePlan("plan.json", raw)
		if err == nil && (p.Person == "" || len(p.Tables) == 0) {
			t.Errorf("%+v was taken", p)
		}
	})
}

func FuzzProtectPublished(f *testing.F) {
	f.Add([]byte(`{"k":5,"tables":[{"by":["a"],"period":"1","cells":[{"a":"x","n":7},{"a":null,"n":null}]}]}`))
	f.Fuzz(func(_ *testing.T, raw []byte) { _, _ = parsePublished("earlier.json", raw) })
}

func FuzzProtectMicrodata(f *testing.F) {
	f.Add([]byte("id,a,b\n1,x,y\n2,x,z\n1,x,z\n"), 2)
	f.Add([]byte("id;a;b\n1;Ош;\n2;\"Нарын\n\";z\n"), 5)
	f.Add([]byte("\xef\xbb\xbfID,A,B\r\n1,x,y\r\n"), 3)
	plan := protectPlan{Person: "id", Tables: [][]string{{"a", "b"}, {"b"}, {}}, file: "plan.json"}
	f.Fuzz(func(t *testing.T, raw []byte, k int) {
		s, err := sheet.Read("people.csv", raw)
		if err != nil {
			return
		}
		r, _, err := protect(s, plan, disclosure.Options{K: k})
		if err != nil {
			return
		}
		for _, table := range r.Tables {
			for _, c := range table.Cells {
				if !c.Hidden && c.N > 0 && c.N < k {
					t.Errorf("%d is shown with k %d", c.N, k)
				}
			}
		}
		var out bytes.Buffer
		if err := writeResult(&out, r); err != nil || !json.Valid(out.Bytes()) {
			t.Error(err, out.String())
		}
	})
}
