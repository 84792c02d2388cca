package disclosure_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/science/disclosure"
)

var update = flag.Bool("update", false, "write the example and the picture of docs/protected-numbers.md again")

// example is the people of the page: how many women and men of each city.
var example = []struct {
	city       string
	women, men int
}{
	{"Бишкек", 31, 17},
	{"Ош", 24, 11},
	{"Нарын", 16, 3},
	{"Талас", 14, 7},
}

func exampleRows() (rows []participation, text string) {
	ages := []string{"18-24", "25-35", "25-35", "36-50", "18-24", "25-35", "51+"}
	text = "id,city,sex,age\n"
	for _, c := range example {
		for i := range c.women + c.men {
			sex := "female"
			if i >= c.women {
				sex = "male"
			}
			person := fmt.Sprintf("p%03d", len(rows)+1)
			who := []string{c.city, sex, ages[(len(rows)*5+i)%len(ages)]}
			rows = append(rows, participation{person, who})
		}
	}
	for i, r := range rows {
		line := r.person + "," + strings.Join(r.values, ",") + "\n"
		if text += line; i%3 == 0 { // every third came to two events
			text += line
		}
	}
	return rows, text
}

func TestTheExampleAndThePictureOfThePageAreFresh(t *testing.T) {
	t.Parallel()
	rows, text := exampleRows()
	result := protect(t, []string{"city", "sex", "age"}, rows, 5, []string{"city", "sex"}, []string{"age"})
	for path, got := range map[string]string{
		"../../../docs/examples/people.csv":            text,
		"../../../docs/examples/people-plan.json":      `{"person": "id", "tables": [["city", "sex"], ["age"]]}` + "\n",
		"../../../docs/pictures/protected-numbers.svg": picture(t, result),
	} {
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is stale: go test ./internal/science/disclosure -run Picture -update", path)
		}
	}
}

// picture draws the table of city and sex as it is, and as it is shown.
func picture(t *testing.T, r *disclosure.Result) string {
	t.Helper()
	const width, height, row, column, left = 720, 292, 36, 72, 78
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="15" role="img" aria-labelledby="t">`+"\n", width, height)
	b.WriteString(`<title id="t">People by city and sex: on the left as counted, on the right as shown. Three men of Naryn are hidden, and three more counts with them.</title>` + "\n")
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	women, men := 0, 0
	for _, e := range example {
		women, men = women+e.women, men+e.men
	}
	for side, title := range []string{"As counted", "As shown, k = 5"} {
		x0 := 16 + side*360
		fmt.Fprintf(&b, `<text x="%d" y="28" font-weight="600">%s</text>`+"\n", x0, title)
		for i, head := range []string{"women", "men", "all"} {
			fmt.Fprintf(&b, `<text x="%d" y="58" text-anchor="middle" fill="#555">%s</text>`+"\n", x0+left+i*column+column/2, head)
		}
		for i := range len(example) + 1 {
			y := 68 + i*row
			city, key, n := "all", "*", []int{women, men, women + men}
			if i < len(example) {
				e := example[i]
				city, key, n = e.city, e.city, []int{e.women, e.men, e.women + e.men}
			}
			fmt.Fprintf(&b, `<text x="%d" y="%d" fill="#555">%s</text>`+"\n", x0, y+24, city)
			for j, sex := range []string{"female", "male", "*"} {
				number := at(t, r.Tables[0], key, sex)
				x := x0 + left + j*column
				fill, ink, words := "#eef3f8", "#12324d", fmt.Sprint(n[j])
				switch {
				case side == 0 && n[j] < 5:
					fill, ink = "#b3261e", "#fff"
				case side == 1 && number.Hidden:
					fill, ink, words = "#dcdcdc", "#333", "–"
				case side == 0 && number.Hidden:
					fill, ink = "#f6d9b8", "#4a2d00"
				case side == 1 && number.N != n[j]:
					t.Errorf("%s %s: shown %d, counted %d", key, sex, number.N, n[j])
				}
				fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" rx="4" fill="%s"/><text x="%d" y="%d" text-anchor="middle" fill="%s">%s</text>`+"\n",
					x+2, y+2, column-4, row-4, fill, x+column/2, y+24, ink, words)
			}
		}
	}
	y := 68 + 5*row + 30
	fmt.Fprintf(&b, `<rect x="16" y="%d" width="14" height="14" rx="3" fill="#b3261e"/><text x="38" y="%d" font-size="13" fill="#333">too few people</text>`+"\n", y-12, y)
	fmt.Fprintf(&b, `<rect x="160" y="%d" width="14" height="14" rx="3" fill="#f6d9b8"/><text x="182" y="%d" font-size="13" fill="#333">would give them away</text>`+"\n", y-12, y)
	fmt.Fprintf(&b, `<rect x="376" y="%d" width="14" height="14" rx="3" fill="#dcdcdc"/><text x="398" y="%d" font-size="13" fill="#333">hidden, all with the same mark</text>`+"\n", y-12, y)
	b.WriteString("</svg>\n")
	return b.String()
}
