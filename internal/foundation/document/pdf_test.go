package document_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/document/documenttest"
	"platforma.kg/ashar/internal/foundation/fault"
)

func TestEveryPartIsReadableByEverybody(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{}
	for lang := range words {
		files["every part in "+lang] = write(t, sample(t, lang))
	}
	files["nothing but a word"] = write(t, document.Document{Lang: "ky", Title: "Ө", Made: made, Body: []document.Block{document.Paragraph{Text: document.Plain("Ө")}}})
	files["nothing"] = write(t, document.Document{Lang: "ky-Cyrl", Title: "Ө", Made: made})
	documenttest.Judge(t, files)
}

func TestRandomPapersAreReadableByEverybody(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{}
	papers := rapid.Custom(paper)
	for i := range 24 {
		d := papers.Example(i + 20)
		b, err := d.PDF()
		if err != nil {
			t.Fatalf("paper %d: %v", i, err)
		}
		files[fmt.Sprintf("random paper %d", i)] = b
	}
	documenttest.Judge(t, files)
}

// paper draws a paper of any parts in any order.
func paper(t *rapid.T) document.Document {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("абвгдеёжзӨөҮүҢң ABCabc0123456789 ().,-–—«»№\n'\\<>&%/")), 1, 120, -1)
	seen := rapid.Custom(func(t *rapid.T) string { return "Ы" + text.Draw(t, "text") })
	run := rapid.Custom(func(t *rapid.T) document.Run {
		r := document.Run{Text: seen.Draw(t, "run"), Strong: rapid.Bool().Draw(t, "strong")}
		r.Lang = rapid.SampledFrom([]string{"", "en", "ru", "ky"}).Draw(t, "lang")
		r.To = rapid.SampledFrom([]string{"", "", "https://example.org/(x)", "mailto:a@example.org"}).Draw(t, "to")
		if rapid.IntRange(0, 6).Draw(t, "noted") == 0 {
			r.Note = document.Plain(seen.Draw(t, "note"))
		}
		return r
	})
	runs := rapid.Custom(func(t *rapid.T) document.Runs { return rapid.SliceOfN(run, 0, 5).Draw(t, "runs") })
	align := rapid.SampledFrom([]document.Align{document.Left, document.Center, document.Right})
	level := 0
	block := rapid.Custom(func(t *rapid.T) document.Block {
		kind := rapid.IntRange(0, 8).Draw(t, "kind")
		if level == 0 {
			kind = 0
		}
		switch kind {
		case 0:
			level = rapid.IntRange(1, min(level+1, 6)).Draw(t, "level")
			return document.Heading{Level: level, Text: document.Runs{{Text: seen.Draw(t, "heading")}}}
		case 1:
			var items [][]document.Block
			for range rapid.IntRange(1, 4).Draw(t, "items") {
				items = append(items, []document.Block{document.Paragraph{Text: runs.Draw(t, "item")}})
			}
			return document.List{Mark: rapid.SampledFrom([]document.Mark{document.Dot, document.Number, document.Box}).Draw(t, "mark"), Items: items}
		case 2:
			wide := rapid.IntRange(1, 6).Draw(t, "columns")
			table := document.Table{Columns: make([]document.Column, wide), Caption: runs.Draw(t, "caption"), Row: rapid.Float64Range(0, 20).Draw(t, "row")}
			row := rapid.Custom(func(t *rapid.T) (r document.Row) {
				for left := wide; left > 0; {
					c := document.Cell{Span: rapid.IntRange(1, left).Draw(t, "span"), Head: rapid.Bool().Draw(t, "head")}
					for range rapid.IntRange(0, 3).Draw(t, "paragraphs") {
						c.Text = append(c.Text, document.Plain(seen.Draw(t, "cell")))
					}
					left -= c.Span
					r.Cells = append(r.Cells, c)
				}
				return r
			})
			table.Head = rapid.SliceOfN(row, 1, 2).Draw(t, "heads")
			table.Rows = rapid.SliceOfN(row, 0, 30).Draw(t, "rows")
			table.Foot = rapid.SliceOfN(row, 0, 2).Draw(t, "foot")
			return table
		case 3:
			return document.Figure{
				Alt: seen.Draw(t, "alt"), Width: rapid.Float64Range(5, 400).Draw(t, "width"), Caption: runs.Draw(t, "caption"), Align: align.Draw(t, "align"),
				Art: document.Drawing{Width: 10, Height: rapid.Float64Range(1, 40).Draw(t, "height"), Shapes: []document.Shape{document.Bar{Width: 5, Height: 5, Pattern: document.Stripes}}},
			}
		case 4:
			return document.Blank{Label: seen.Draw(t, "label")}
		case 5:
			return document.Gap{Height: rapid.Float64Range(0, 60).Draw(t, "gap")}
		case 6:
			return document.Break{}
		case 7:
			l := document.Labels{Columns: rapid.IntRange(1, 3).Draw(t, "across"), Height: 70}
			for range rapid.IntRange(0, 7).Draw(t, "labels") {
				l.Items = append(l.Items, document.Label{Name: seen.Draw(t, "name"), Block: []document.Block{document.Paragraph{Text: document.Plain(seen.Draw(t, "words")), Size: document.Larger}}})
			}
			return l
		}
		return document.Paragraph{Text: runs.Draw(t, "paragraph"), Align: align.Draw(t, "align"), Size: document.Size(rapid.IntRange(0, 4).Draw(t, "size"))}
	})
	return document.Document{
		Lang: "ky", Title: "Ө" + text.Draw(t, "title"), Made: made,
		Paper: rapid.SampledFrom([]document.Paper{document.A4, document.A5, document.A4Landscape}).Draw(t, "sheet"),
		Foot:  document.Furniture{Page: func(page, pages int) string { return fmt.Sprint(page) }},
		Body:  rapid.SliceOfN(block, 1, 14).Draw(t, "body"),
	}
}

func TestKyrgyzIsReadBackAsItWasWritten(t *testing.T) {
	t.Parallel()
	for lang := range words {
		d := document.Document{Lang: lang, Title: "Ө", Made: made, Body: []document.Block{document.Paragraph{Text: document.Plain(sentence(lang, 80))}}}
		if got, want := strings.Fields(documenttest.Text(t, write(t, d))), strings.Fields(sentence(lang, 80)); !slices.Equal(got, want) {
			t.Errorf("%s: read back %q\nwritten %q", lang, got, want)
		}
	}
	all := "АаБбВвГгДдЕеЁёЖжЗзИиЙйКкЛлМмНнҢңОоӨөПпРрСсТтУуҮүФфХхЦцЧчШшЩщЪъЫыЬьЭэЮюЯя"
	for _, r := range []document.Runs{document.Plain(all), document.Strong(all)} {
		d := document.Document{Lang: "ky", Title: "Ө", Made: made, Body: []document.Block{document.Paragraph{Text: r, Size: document.Small}}}
		if got := strings.TrimSpace(documenttest.Text(t, write(t, d))); got != all {
			t.Errorf("the alphabet is read back as %q", got)
		}
	}
}

func TestTheOrderOfReadingIsThatOfThePaper(t *testing.T) {
	t.Parallel()
	d := document.Document{Lang: "ky", Title: "Ө", Made: made, Body: []document.Block{
		document.Heading{Level: 1, Text: document.Plain("биринчи")},
		document.Paragraph{Text: document.Runs{{Text: "экинчи "}, {Text: "үчүнчү", To: "https://example.org"}, {Text: ", төртүнчү", Note: document.Plain("алтынчы")}, {Text: " жетинчи"}}},
		document.Table{
			Columns: make([]document.Column, 2), Head: []document.Row{document.Cells("сегиз", "тогуз")},
			Rows: []document.Row{{Cells: []document.Cell{document.RowHead("он"), document.Text("он бир")}}},
		},
		document.Figure{Alt: "он эки", Width: 20, Art: document.Drawing{Width: 1, Height: 1, Shapes: []document.Shape{document.Bar{Width: 1, Height: 1}}}},
	}}
	tree := documenttest.Structure(t, write(t, d))
	at := 0
	for _, want := range []string{
		"H1", "биринчи", "P (block)", "экинчи", "Link", "үчүнчү", "Object", "төртүнчү", "Reference", "\"1\"", "Note", "Lbl", "алтынчы", "жетинчи",
		"Table", "THead", "TR", "TH", "/Scope /Column", "сегиз", "TH", "тогуз", "TBody", "TR", "TH", "/Scope /Row", "он", "TD", "он бир", "Figure", "/BBox",
	} {
		n := strings.Index(tree[at:], want)
		if n < 0 {
			t.Fatalf("%q does not come in its turn:\n%s", want, tree)
		}
		at += n
	}
}

func TestTheSamePaperGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	first := write(t, sample(t, "ky"))
	for range 5 {
		if !bytes.Equal(first, write(t, sample(t, "ky"))) {
			t.Fatal("other bytes")
		}
	}
	other := sample(t, "ky")
	other.Made = made.AddDate(0, 0, 1)
	if bytes.Equal(first, write(t, other)) {
		t.Error("a paper of another day has the same bytes")
	}
}

func TestATableOfThreeHundredRowsHasItsHeadsOnEveryPage(t *testing.T) {
	t.Parallel()
	table := document.Table{Columns: make([]document.Column, 2), Head: []document.Row{document.Cells("Аты-жөнү", "Колу")}, Row: 8}
	for i := range 300 {
		table.Rows = append(table.Rows, document.Cells(fmt.Sprintf("катар%d.", i+1), ""))
	}
	file := write(t, document.Document{Lang: "ky", Title: "Ө", Made: made, Body: []document.Block{
		document.Heading{Level: 1, Text: document.Plain("Тизме")}, table, document.Paragraph{Text: document.Plain("аягы")},
	}})
	pages := strings.Split(strings.TrimSuffix(documenttest.Text(t, file), "\f"), "\f")
	if len(pages) < 9 {
		t.Fatalf("%d pages", len(pages))
	}
	row := 0
	for n, page := range pages {
		if strings.Count(page, "Аты-жөнү") != 1 {
			t.Errorf("page %d has its heads %d times", n+1, strings.Count(page, "Аты-жөнү"))
		}
		for strings.Contains(page, fmt.Sprintf("катар%d.", row+1)) {
			row++
		}
	}
	if row != 300 {
		t.Errorf("%d rows came in their order", row)
	}
	tree := documenttest.Structure(t, file)
	if n := strings.Count(tree, "Аты-жөнү"); n != 1 {
		t.Errorf("a reader is told the heads %d times", n)
	}
	documenttest.Judge(t, map[string][]byte{"300 rows": file})
}

func TestARowThatIsHigherThanAPageIsDividedAndLosesNothing(t *testing.T) {
	t.Parallel()
	long := ""
	for i := range 900 {
		long += fmt.Sprintf("сөз%d ", i)
	}
	table := document.Table{Columns: make([]document.Column, 3), Head: []document.Row{document.Cells("а", "б", "в")}, Rows: []document.Row{document.Cells("кыска", long, "")}}
	file := write(t, document.Document{Lang: "ky", Title: "Ө", Made: made, Body: []document.Block{table}})
	text := documenttest.Text(t, file)
	for i := range 900 {
		if !strings.Contains(text, fmt.Sprintf("сөз%d\n", i)) && !strings.Contains(text, fmt.Sprintf("сөз%d ", i)) {
			t.Fatalf("word %d is lost", i)
		}
	}
	documenttest.Judge(t, map[string][]byte{"a high row": file})
}

func TestALetterThatTheTypefaceHasNotIsRefusedBeforeAnythingIsDrawn(t *testing.T) {
	t.Parallel()
	in := func(d document.Document) document.Document {
		d.Lang, d.Made = "ky", made
		if d.Title == "" {
			d.Title = "Ө"
		}
		return d
	}
	one := func(b document.Block) document.Document { return in(document.Document{Body: []document.Block{b}}) }
	cell := document.Table{Columns: make([]document.Column, 1), Head: []document.Row{document.Cells("а")}}
	note, caption, head, foot := document.Runs{{Text: "а", Note: document.Plain("龍")}}, cell, cell, cell
	caption.Caption, head.Head, foot.Foot = document.Plain("龍"), []document.Row{document.Cells("龍")}, []document.Row{document.Cells("龍")}
	cell.Rows = []document.Row{document.Cells("Айгүл 龍")}
	for name, d := range map[string]document.Document{
		"title": in(document.Document{Title: "龍"}), "author": in(document.Document{Author: "龍"}), "foot": in(document.Document{Foot: document.Furniture{Left: "龍"}}),
		"number of the page": in(document.Document{Foot: document.Furniture{Page: func(int, int) string { return "龍" }}}),
		"heading":            one(document.Heading{Level: 1, Text: document.Plain("龍")}), "paragraph": one(document.Paragraph{Text: document.Plain("Айгүл 龍")}),
		"footnote": one(document.Paragraph{Text: note}), "words of a link": one(document.Paragraph{Text: document.Runs{{Text: "а", To: "https://example.org", Says: "龍"}}}),
		"item": one(document.List{Items: [][]document.Block{{document.Paragraph{Text: document.Plain("龍")}}}}), "cell": one(cell), "caption": one(caption),
		"head": one(head), "sum": one(foot), "blank": one(document.Blank{Label: "龍"}),
		"alt":                  one(document.Figure{Alt: "龍", Width: 9, Art: document.Drawing{Width: 1, Height: 1}}),
		"word":                 one(document.Figure{Alt: "а", Width: 9, Art: document.Drawing{Width: 1, Height: 1, Shapes: []document.Shape{document.Word{Text: "龍"}}}}),
		"label":                one(document.Labels{Columns: 1, Height: 30, Items: []document.Label{{Name: "а", Block: []document.Block{document.Paragraph{Text: document.Plain("龍")}}}}}),
		"a picture of letters": one(document.Paragraph{Text: document.Plain("😀")}), "from right to left": one(document.Paragraph{Text: document.Plain("سلام")}),
		"a control character": one(document.Paragraph{Text: document.Plain("a\x07b")}), "broken text": one(document.Paragraph{Text: document.Plain("a\xffb\xc3")}),
	} {
		b, err := d.PDF()
		f := fault.Of(err)
		if b != nil || f == nil || f.Code != fault.Invalid || f.Key != "fault.paper_letter" {
			if name == "broken text" && err == nil {
				continue // it is read as the sign for what cannot be read
			}
			t.Errorf("%s: %v", name, err)
		}
	}
	if f := fault.Of(func() error {
		_, err := one(document.Paragraph{Text: document.Plain("бул Айгүл😀 дагы")}).PDF()
		return err
	}()); f == nil || f.Args["text"] != "Айгүл😀" || f.Args["code"] != "U+1F600" {
		t.Errorf("the letter is not named: %v", f)
	}
	d := one(document.Paragraph{Text: document.Plain(document.Drawable("Айгүл 😀 龍\u200b سل"))})
	if text := strings.TrimSpace(documenttest.Text(t, write(t, d))); text != "Айгүл □ □ □□" {
		t.Errorf("what can be drawn is %q", text)
	}
}

func TestWhatDrawsNothingIsLeftOutAndMarksJoinTheirLetters(t *testing.T) {
	t.Parallel()
	d := document.Document{Lang: "ky", Title: "Ө", Made: made, Body: []document.Block{document.Paragraph{Text: document.Plain("Ай\u00ADгүл\uFEFF и\u0306\u200Dе\u0308")}}}
	if text := strings.TrimSpace(documenttest.Text(t, write(t, d))); text != "Айгүл йё" {
		t.Errorf("%q", text)
	}
}

func TestAnAddressWithOtherLettersIsWrittenInASCII(t *testing.T) {
	t.Parallel()
	file := write(t, one(document.Paragraph{Text: document.Runs{{Text: "барак", To: "https://example.org/өлкө бет?a=(1)"}}}))
	if want := `/URI (https://example.org/%D3%A9%D0%BB%D0%BA%D3%A9%20%D0%B1%D0%B5%D1%82?a=\(1\))`; !bytes.Contains(file, []byte(want)) {
		t.Errorf("no %s in the file", want)
	}
	documenttest.Judge(t, map[string][]byte{"a link": file})
}

func TestMoreFootnotesThanAPageHoldsAreRefused(t *testing.T) {
	t.Parallel()
	note := document.Runs{{Text: "сөз", Note: document.Plain(sentence("ky", 3000))}}
	if _, err := one(document.Paragraph{Text: note}).PDF(); !fault.Is(err, fault.TooLarge) {
		t.Errorf("a footnote of three pages: %v", err)
	}
}
