package sheets

import (
	"slices"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// photo is who agreed to be shown on photos and who did not: the latter first, since a
// photographer must know them.
func (d *drawing) photo() document.Document {
	paper := d.paper(Photo, document.A4)
	paper.Foot.Left = d.printed()
	var no, yes []guest
	for _, g := range d.Guests {
		if g.Answered && g.Photo.Given {
			yes = append(yes, g)
		} else {
			no = append(no, g)
		}
	}
	var words, langs []string // and their languages
	wording := func(g guest) string {
		text := d.word(g.Photo.Wording.In(g.Photo.Lang))
		if text == "" {
			return ""
		}
		at := slices.Index(words, text)
		if at < 0 {
			at, words, langs = len(words), append(words, text), append(langs, string(g.Photo.Wording.Written(g.Photo.Lang)))
		}
		return number(at + 1)
	}
	part := func(key string, list []guest) {
		paper.Body = append(paper.Body, document.Heading{Level: 2, Text: document.Plain(d.t(key, "count", len(list)))})
		if len(list) == 0 {
			paper.Body = append(paper.Body, document.Paragraph{Text: document.Plain(d.t("sheets.photo.nobody"))})
			return
		}
		t := document.Table{
			Size: document.Small, Row: 7,
			Columns: []document.Column{{Share: 10, Align: document.Right}, {Share: 60}, {Share: 30}, {Share: 40}, {Share: 26}, {Share: 18}},
			Head:    d.heads("number", "name", "city", "answer", "day", "wording"),
		}
		for i, g := range list {
			answer, day, of := d.t("sheets.photo.unasked"), "", ""
			if g.Answered {
				day, of = i18n.DateShort(d.Lang, g.Photo.At), wording(g)
				if answer = d.t("sheets.photo.no"); g.Photo.Given {
					answer = d.t("sheets.photo.yes")
				}
			}
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
				document.Text(number(i + 1)),
				{Text: []document.Runs{document.Strong(d.word(g.Details.FullName))}, Head: true},
				document.Text(d.home(g.Details)), document.Text(answer), document.Text(day), document.Text(of),
			}})
		}
		paper.Body = append(paper.Body, t)
	}
	part("sheets.photo.without", no)
	part("sheets.photo.with", yes)
	if len(words) > 0 {
		items := make([][]document.Block, len(words))
		for i, text := range words {
			items[i] = []document.Block{document.Paragraph{Text: document.Runs{{Text: text, Lang: langs[i]}}}}
		}
		paper.Body = append(paper.Body, document.Heading{Level: 2, Text: document.Plain(d.t("sheets.photo.words"))}, document.List{Mark: document.Number, Items: items})
	}
	paper.Body = append(paper.Body, document.Paragraph{Text: document.Strong(d.t("sheets.destroy"))})
	return paper
}
