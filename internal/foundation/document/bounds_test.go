package document_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/fault"
)

func one(blocks ...document.Block) document.Document {
	return document.Document{Lang: "ky", Title: "Ө", Made: made, Body: blocks}
}

// TestAPaperAtItsBoundIsWrittenAndOneAboveIsRefused writes the largest papers; the memory
// that they take is kept to a multiple of what is written.
func TestAPaperAtItsBoundIsWrittenAndOneAboveIsRefused(t *testing.T) {
	const columns = 10
	row := document.Row{Cells: make([]document.Cell, columns)}
	for i := range row.Cells {
		row.Cells[i] = document.Text("сөз")
	}
	table := document.Table{Columns: make([]document.Column, columns), Head: []document.Row{row}, Size: document.Small}
	for range document.MostParts/(2*columns) - 2 {
		table.Rows = append(table.Rows, row)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b, err := one(table).PDF()
	if err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	t.Logf("%d cells: %d MB of PDF, %d MB allocated", columns*len(table.Rows), len(b)>>20, (after.TotalAlloc-before.TotalAlloc)>>20)
	if got := (after.TotalAlloc - before.TotalAlloc) >> 20; got > 1500 {
		t.Errorf("%d MB were allocated", got)
	}
	table.Rows = append(table.Rows, row, row, row)
	if _, err := one(table).PDF(); !fault.Is(err, fault.TooLarge) {
		t.Errorf("too many cells: %v", err)
	}
	text := strings.Repeat("жазуу. ", (document.MostLetters-10)/len("жазуу. "))
	if _, err := one(document.Paragraph{Text: document.Plain(text)}).PDF(); err != nil {
		t.Errorf("a text at the bound: %v", err)
	}
	if _, err := one(document.Paragraph{Text: document.Plain(text)}, document.Paragraph{Text: document.Plain("жазуу. жазуу. жазуу")}).PDF(); !fault.Is(err, fault.TooLarge) {
		t.Errorf("too long a text: %v", err)
	}
	var many []document.Block
	for range document.MostPages + 1 {
		many = append(many, document.Paragraph{Text: document.Plain("а")}, document.Break{})
	}
	if _, err := one(many...).PDF(); !fault.Is(err, fault.TooLarge) {
		t.Errorf("too many pages: %v", err)
	}
	if _, err := one(many[:2*document.MostPages]...).PDF(); err != nil {
		t.Errorf("as many pages as may be: %v", err)
	}
}

func TestAWordAndALabelThatAreTooLargeAreMadeToFitOrRefused(t *testing.T) {
	t.Parallel()
	word := strings.Repeat("Ы", 3000)
	if _, err := one(document.Paragraph{Text: document.Plain(word), Size: document.Huge}).PDF(); err != nil {
		t.Errorf("a word of 3,000 letters: %v", err)
	}
	label := func(text string) document.Labels {
		return document.Labels{Columns: 2, Height: 60, Items: []document.Label{{Name: "Айгүл", Block: []document.Block{document.Paragraph{Text: document.Plain(text), Size: document.Larger}}}}}
	}
	if _, err := one(label(word[:300])).PDF(); err != nil {
		t.Errorf("a label of 150 letters: %v", err)
	}
	if f := fault.Of(func() error { _, err := one(label(word)).PDF(); return err }()); f == nil || f.Key != "fault.paper_label" || f.Args["name"] != "Айгүл" {
		t.Errorf("a label of 3,000 letters: %v", f)
	}
}

func TestAPaperThatIsBuiltWronglyIsAnErrorOfTheProgram(t *testing.T) {
	t.Parallel()
	para := document.Paragraph{Text: document.Plain("а")}
	table := document.Table{Columns: make([]document.Column, 2), Head: []document.Row{document.Cells("а", "б")}}
	narrow, headless := table, table
	narrow.Rows, headless.Head = []document.Row{document.Cells("а")}, nil
	lang, title, tight, day := one(), one(), one(), document.Document{Lang: "ky", Title: "Ө"}
	lang.Lang, title.Title, tight.Paper = "русский язык", " ", document.Paper{Width: 40, Height: 40}
	for name, d := range map[string]document.Document{
		"language": lang, "title": title, "moment": day, "margins": tight,
		"a level is skipped":   one(document.Heading{Level: 1, Text: para.Text}, document.Heading{Level: 3, Text: para.Text}),
		"the first level is 2": one(document.Heading{Level: 2, Text: para.Text}), "an empty heading": one(document.Heading{Level: 1, Text: document.Plain(" ")}),
		"an id twice":   one(document.Heading{Level: 1, Text: para.Text, ID: "a"}, document.Heading{Level: 1, Text: para.Text, ID: "a"}),
		"an empty list": one(document.List{}), "an empty item": one(document.List{Items: [][]document.Block{{}}}),
		"a table in a list": one(document.List{Items: [][]document.Block{{table}}}),
		"a narrow row":      one(narrow), "no heads": one(headless),
		"no words for a figure": one(document.Figure{Width: 9, Art: document.Drawing{Width: 1, Height: 1}}),
		"no width of a figure":  one(document.Figure{Alt: "а", Art: document.Drawing{Width: 1, Height: 1}}),
		"a flat drawing":        one(document.Figure{Alt: "а", Width: 9, Art: document.Drawing{Width: 1}}),
		"no picture":            one(document.Figure{Alt: "а", Width: 9, Art: document.Picture{PNG: []byte("PNG"), Width: 1, Height: 1}}),
		"a script in a link":    one(document.Paragraph{Text: document.Runs{{Text: "а", To: "javascript:alert(1)"}}}),
		"a link without text":   one(document.Paragraph{Text: document.Runs{{To: "https://example.org"}}}),
		"a link to nowhere":     one(document.Paragraph{Text: document.Runs{{Text: "а", To: "#b"}}}),
		"a note in a note":      one(document.Paragraph{Text: document.Runs{{Text: "а", Note: document.Runs{{Text: "б", Note: para.Text}}}}}),
		"a list on a label":     one(document.Labels{Columns: 1, Height: 50, Items: []document.Label{{Name: "а", Block: []document.Block{document.List{}}}}}),
		"a nameless label":      one(document.Labels{Columns: 1, Height: 50, Items: []document.Label{{Block: []document.Block{para}}}}),
		"a label of two pages":  one(document.Labels{Columns: 1, Height: 500, Items: []document.Label{{Name: "а", Block: []document.Block{para}}}}),
		"no part":               one(nil),
	} {
		if b, err := d.PDF(); err == nil || fault.Of(err) != nil || b != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPageHasWhatThePaperHasAndNoMarkupOfPeople(t *testing.T) {
	t.Parallel()
	d := sample(t, "ky")
	d.Body = append(d.Body, document.Paragraph{Text: document.Runs{{Text: "<script>alert(1)</script> & 😀", To: `https://example.org/"><script>`, Says: `"><b>`}}})
	var b bytes.Buffer
	if err := d.WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		`<article class="paper" lang="ky">`, `<h1 id="begin">`, `<span lang="en">`, `<th scope="row">`, `scope="col"`, `colspan="2"`, `<caption>`, `role="img"`,
		`<ol class="notes"><li id="note-1">`, `href="#note-1"`, `<ul class="boxes">`, `<ul class="labels across-2">`, `href="#begin"`, `<tfoot>`, `src="/plan.png"`, "&lt;script&gt;", "😀",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "<b>") || strings.Contains(page, "style=") {
		t.Errorf("markup of people or styles in the page:\n%s", page)
	}
}

func BenchmarkThousandPapers(b *testing.B) {
	for b.Loop() {
		for i := range 1000 {
			d := document.Document{Lang: "ky", Title: "Сертификат", Made: made, Paper: document.A4Landscape, Body: []document.Block{
				document.Heading{Level: 1, Text: document.Plain("Сертификат")},
				document.Paragraph{Text: document.Runs{{Text: fmt.Sprintf("Асанова Айгүл Кадыровна %d", i), Strong: true}}, Size: document.Larger, Align: document.Center},
				document.Paragraph{Text: document.Plain(sentence("ky", 60))},
				document.Table{Columns: make([]document.Column, 3), Head: []document.Row{document.Cells("Күн", "Тема", "Сааттар")}, Rows: []document.Row{document.Cells("1", "Өнүгүү", "6"), document.Cells("2", "Сүйлөшүү", "6")}},
				document.Paragraph{Text: document.Runs{{Text: "Текшерүү: "}, {Text: "platforma.kg/c", To: "https://example.org/c"}}},
			}}
			if _, err := d.PDF(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/1000-papers")
}
