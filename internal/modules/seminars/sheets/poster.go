package sheets

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/document"
)

// poster leads to the page of the activity by a large code. It names nobody.
func (d *drawing) poster() (document.Document, error) {
	size := document.A4
	size.Margin = 20
	address := strings.TrimSuffix(d.base, "/") + "/" + string(d.Lang) + "/events/" + d.Activity.Slug
	art, err := document.QR(address)
	if err != nil {
		return document.Document{}, err
	}
	paper := document.Document{
		Lang: string(d.Lang), Title: d.title(), Author: d.word(d.Programme.Organiser.In(d.Lang)), Made: d.At, Paper: size,
		Head: document.Furniture{Left: d.word(d.Programme.Name.In(d.Lang))},
		Foot: document.Furniture{Left: d.word(d.Programme.Organiser.In(d.Lang))},
		Body: []document.Block{
			document.Gap{Height: 8},
			document.Heading{Level: 1, Text: document.Plain(d.title()), Size: document.Huge},
			document.Gap{Height: 6},
		},
	}
	for _, line := range []string{d.when(), d.place()} {
		if line != "" {
			paper.Body = append(paper.Body, document.Paragraph{Text: document.Plain(line), Size: document.Larger})
		}
	}
	if text := d.word(d.Activity.Summary.In(d.Lang)); text != "" && len(text) < 400 {
		paper.Body = append(paper.Body, document.Gap{Height: 2}, document.Paragraph{Text: document.Plain(text), Size: document.Large})
	}
	paper.Body = append(paper.Body, document.Together{Parts: []document.Block{
		document.Figure{Alt: d.t("sheets.poster.code", "address", address), Art: art, Width: 110, Align: document.Center},
		document.Paragraph{Text: document.Strong(d.t("sheets.poster.text")), Size: document.Large, Align: document.Center},
		document.Paragraph{Text: document.Runs{{Text: address, To: address, Says: d.t("sheets.poster.link", "address", address)}}, Align: document.Center},
	}})
	return paper, nil
}
