package document_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/document"
)

var made = time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)

// words are what people of three languages write.
var words = map[string][]string{
	"ky": {"Өлкөбүздүн", "өнүгүүсү", "үчүн", "катышуучулардын", "тизмеси", "жаңы", "күн", "ачылышы", "Ө", "Ү", "Ң"},
	"ru": {"Список", "участниц", "семинара", "«Подъезд»", "объём", "ещё", "№", "—", "заявки"},
	"en": {"List", "of", "those", "who", "came", "naïve", "façade", "–", "seminar"},
}

func sentence(lang string, n int) (out string) {
	for i := range n {
		out += words[lang][(i*7+n)%len(words[lang])] + " "
	}
	return out
}

func picture(t *testing.T) document.Picture {
	t.Helper()
	image := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for x := range 60 {
		for y := range 40 {
			image.Set(x, y, color.RGBA{uint8(4 * x), uint8(6 * y), 120, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, image); err != nil {
		t.Fatal(err)
	}
	return document.Picture{PNG: b.Bytes(), Address: "/plan.png", Width: 60, Height: 40}
}

// sample is a paper with every kind of part.
func sample(t *testing.T, lang string) document.Document {
	t.Helper()
	s := func(n int) string { return sentence(lang, n) }
	table := document.Table{
		Caption: document.Plain(s(3)), Row: 8,
		Columns: []document.Column{{Share: 1, Align: document.Right}, {Share: 4}, {Share: 3}, {Share: 3}},
		Head:    []document.Row{document.Cells("№", s(1), s(2), s(1))},
		Foot:    []document.Row{{Cells: []document.Cell{{Text: []document.Runs{document.Plain(s(1))}, Span: 2, Head: true}, document.Text("40"), document.Text("")}}},
	}
	for i := range 40 {
		table.Rows = append(table.Rows, document.Row{Cells: []document.Cell{
			document.Text(fmt.Sprint(i + 1)), document.RowHead(s(3)), document.Text(s(2 + i%9)), document.Text(""),
		}})
	}
	return document.Document{
		Lang: lang, Title: s(3), Author: s(2), Subject: s(4), Made: made,
		Head: document.Furniture{Left: s(2), Right: s(1)},
		Foot: document.Furniture{Left: s(2), Page: func(page, pages int) string { return fmt.Sprintf("%d / %d", page, pages) }},
		Body: []document.Block{
			document.Heading{Level: 1, Text: document.Plain(s(4)), ID: "begin"},
			document.Paragraph{Text: document.Runs{
				{Text: s(30)},
				{Text: "in another language ", Lang: "en"},
				{Text: s(2), Strong: true},
				{Text: s(2), To: "https://example.org/a?b=(c)&d", Says: s(3)},
				{Text: "end", Note: document.Plain(s(20))},
				{Text: ". " + s(20)},
			}},
			document.Heading{Level: 2, Text: document.Plain(s(3))},
			document.List{Mark: document.Number, Items: [][]document.Block{
				{document.Paragraph{Text: document.Plain(s(20))}},
				{document.Paragraph{Text: document.Plain(s(2))}, document.List{Mark: document.Box, Items: [][]document.Block{{document.Paragraph{Text: document.Plain(s(3))}}}}},
			}},
			document.List{Items: [][]document.Block{{document.Paragraph{Text: document.Plain(s(3))}}}},
			document.Figure{Alt: s(5), Width: 80, Align: document.Center, Caption: document.Plain(s(3)), Art: document.Drawing{Width: 100, Height: 40, Shapes: []document.Shape{
				document.Bar{Width: 40, Height: 10, Color: document.Color{Green: 80, Blue: 120}},
				document.Bar{Y: 15, Width: 60, Height: 10, Pattern: document.Stripes},
				document.Bar{Y: 28, Width: 80, Height: 10, Pattern: document.Grid},
				document.Word{X: 99, Y: 20, Text: s(1), Points: 9, Align: document.Right, Strong: true},
				document.Line{Y2: 40, Thick: 0.3},
			}}},
			document.Figure{Alt: s(4), Width: 60, Art: picture(t)},
			document.Together{Parts: []document.Block{document.Blank{Label: s(1)}, document.Blank{Label: s(2)}}},
			table,
			document.Paragraph{Text: document.Runs{{Text: s(3)}, {Text: s(1), To: "#begin"}}, Size: document.Large, Align: document.Right},
			document.Break{},
			document.Labels{Columns: 2, Height: 62, Items: []document.Label{
				{Name: s(2), Block: []document.Block{document.Paragraph{Text: document.Strong(s(3)), Size: document.Larger, Align: document.Center}}},
				{Name: s(3), Block: []document.Block{document.Paragraph{Text: document.Strong(s(60)), Size: document.Larger}}},
				{Name: s(1), Block: []document.Block{document.Gap{Height: 4}, document.Paragraph{Text: document.Plain(s(2))}}},
			}},
		},
	}
}

func write(t *testing.T, d document.Document) []byte {
	t.Helper()
	b, err := d.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return b
}
