package people_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// A generated list: what stands in its rows, and below which lines.
type generated struct {
	above   int // rows of a title
	columns []string
	rows    [][]string // nil: an empty line
}

var drawnCells = map[string][]string{
	"ФИО":     {"Асанова Ая", "Бекова Бая", "Ая Асанова", "\"Чая\" Чокоева", "Донова, Дая", "", "1", "Аса\u00adнова Ая", "Ева\nЕвова", "Фая\u202eФатова"},
	"Фамилия": {"Асанова", "Бекова", "Асанова", ""}, "Имя": {"Ая", "Бая", ""}, "Отчество": {"Бековна", ""},
	"Телефон": {"0555200211", "+996 555 200 212", "996555200213", "8 555 20 02 14", "12", "", "#N/A"},
	"Почта":   {"a@mail.kg", "b@mail.kg", "A@MAIL.KG", "нет", "", "a;b@mail.kg"},
	"Возраст": {"34", "25-34", "старая", ""},
	"Кофе":    {"ооба", "=1+1", "a,b;c\td", ""},
}

func draw(t *rapid.T) generated {
	g := generated{above: rapid.IntRange(0, 3).Draw(t, "above")}
	names := []string{"ФИО"}
	if rapid.Bool().Draw(t, "in parts") {
		names = []string{"Фамилия", "Имя", "Отчество"}
	}
	g.columns = rapid.Permutation(append(names, "Телефон", "Почта", "Возраст", "Кофе")).Draw(t, "columns")
	for range rapid.IntRange(0, 12).Draw(t, "rows") {
		if rapid.IntRange(0, 5).Draw(t, "empty") == 0 {
			g.rows = append(g.rows, nil)
			continue
		}
		row := make([]string, len(g.columns))
		for i, c := range g.columns {
			row[i] = rapid.SampledFrom(drawnCells[c]).Draw(t, c)
		}
		g.rows = append(g.rows, row)
	}
	return g
}

// line is where a row stands in a file in which each row is one line.
func (g generated) line(row int) int { return g.above + 2 + row }

func (g generated) xlsx(t *rapid.T) []byte {
	f := excelize.NewFile()
	defer f.Close()
	put := func(line int, cells []string) {
		for i, c := range cells {
			place, err := excelize.CoordinatesToCellName(i+1, line)
			if err == nil && c != "" {
				err = f.SetCellStr("Sheet1", place, c)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range g.above {
		put(i+1, []string{"Тизме", "", fmt.Sprint(i)})
	}
	put(g.above+1, g.columns)
	for i, row := range g.rows {
		put(g.line(i), row)
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (g generated) csv(t *rapid.T) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Comma = rapid.SampledFrom([]rune{',', ';', '\t'}).Draw(t, "separator")
	if rapid.Bool().Draw(t, "named") {
		fmt.Fprintf(&b, "sep=%c\n", w.Comma)
	}
	for i := range g.above {
		fmt.Fprintf(&b, "Тизме%c%c%d\n", w.Comma, w.Comma, i)
	}
	write := func(cells []string) {
		if err := w.Write(cells); err != nil {
			t.Fatal(err)
		}
		w.Flush()
	}
	write(g.columns)
	for _, row := range g.rows {
		if row == nil {
			b.WriteString(strings.Repeat(string(w.Comma), len(g.columns)-1) + "\n")
			continue
		}
		write(row)
	}
	return b.Bytes()
}

func TestEveryRowOfAFileIsAddedOrKnownOrBadAndNamed(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		svc := room(t, store)
		rapid.Check(t, func(t *rapid.T) { everyRowIsNamed(t, svc, store, draw(t)) })
	})
}

func everyRowIsNamed(t *rapid.T, svc *people.Service, store *storage.Store, g generated) {
	inBook := rapid.Bool().Draw(t, "XLSX")
	raw := g.xlsx(t)
	if !inBook {
		raw = g.csv(t)
	}
	rep, err := svc.ImportFile(t.Context(), store, bytes.NewReader(raw), "list", rapid.Bool().Draw(t, "dry"))
	if err != nil {
		t.Fatalf("%v\n%s", err, raw)
	}
	want := 0
	var lines []int
	for i, row := range g.rows {
		if row != nil && slices.ContainsFunc(row, func(c string) bool { return c != "" }) {
			want++
			lines = append(lines, g.line(i))
		}
	}
	named := map[int]bool{}
	for _, p := range rep.Problems {
		named[p.Row] = true
	}
	bad := len(named)
	for _, p := range rep.There {
		if named[p.Row] {
			t.Fatalf("row %d is known and bad", p.Row)
		}
		named[p.Row] = true
	}
	if rep.Rows != want || rep.Rows != rep.Added+rep.Known+rep.Bad || bad != rep.Bad || len(named) != rep.Known+rep.Bad {
		t.Fatalf("%d rows in the file; %+v\n%s", want, rep, raw)
	}
	notAdded(t, g, rep, inBook)
	if !inBook {
		return // a cell of several lines moves the lines
	}
	for line := range named {
		if !slices.Contains(lines, line) {
			t.Fatalf("row %d is named, the rows are %v", line, lines)
		}
	}
}

// notAdded holds the rows that were not added to be those known and bad, each once, in
// the order of the file, with the name that stands there and the reason.
func notAdded(t *rapid.T, g generated, rep people.Report, inBook bool) {
	if len(rep.NotAdded) != rep.Known+rep.Bad {
		t.Fatalf("%d rows are told of, %d known and %d bad", len(rep.NotAdded), rep.Known, rep.Bad)
	}
	before := 0
	for _, n := range rep.NotAdded {
		if n.Row <= before {
			t.Fatalf("row %d stands behind row %d", n.Row, before)
		}
		if before = n.Row; n.Known == (len(n.Problems) > 0) {
			t.Fatalf("row %d has no reason, or two: %+v", n.Row, n)
		}
		if inBook && n.Name != g.nameAt(n.Row-g.line(0)) {
			t.Fatalf("row %d is called %q, in the file it is %q", n.Row, n.Name, g.nameAt(n.Row-g.line(0)))
		}
	}
	for i, s := range rep.Shared {
		if len(s.Rows) != len(rep.Sharers[i]) || slices.Contains(rep.Sharers[i], "") {
			t.Fatalf("who shares a contact is not named: %+v %q", s, rep.Sharers[i])
		}
	}
}

// nameAt is the name in a row, as a person sees it.
func (g generated) nameAt(row int) string {
	var parts []string
	for _, heading := range []string{"ФИО", "Фамилия", "Имя", "Отчество"} {
		if i := slices.Index(g.columns, heading); i >= 0 && g.rows[row][i] != "" {
			parts = append(parts, g.rows[row][i])
		}
	}
	seen := strings.NewReplacer("\u00ad", "", "\u202e", "").Replace(strings.Join(parts, " "))
	return strings.Join(strings.Fields(seen), " ")
}
