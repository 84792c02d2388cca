package document_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/document/documenttest"
)

// badge is a label with all that a label may have.
func badge(name string) document.Label {
	art, err := document.QR("K7M4-P2XD")
	if err != nil {
		panic(err)
	}
	return document.Label{
		Name: name, Double: true,
		Head: document.Furniture{Left: strings.Repeat("Узун аталыш ", 12), Right: "7"},
		Foot: document.Furniture{Left: "Алып баруучу", Right: "Нарын · 28.11.2026"},
		Block: []document.Block{
			document.Paragraph{Text: document.Strong(name), Size: document.Huge, Fit: true},
			document.Paragraph{Text: document.Strong("Кожогатова"), Size: document.Large, Fit: true},
		},
		Side: &document.Figure{Alt: "Код: K7M4-P2XD", Art: art, Width: 25},
	}
}

// TestPapersThatAreBoundKeepTheirOwnSheets binds a paper that lies, badges, and one with
// links and notes into one file.
func TestPapersThatAreBoundKeepTheirOwnSheets(t *testing.T) {
	t.Parallel()
	page := func(page, pages int) string { return fmt.Sprintf("барак %d / %d", page, pages) }
	lies := one(document.Heading{Level: 1, Text: document.Plain("Жатат")}, document.Paragraph{Text: document.Runs{{Text: "эскертүү", Note: document.Plain("биринчи")}}}, document.Break{}, document.Paragraph{Text: document.Plain("аягы")})
	lies.Paper, lies.Foot = document.A4Landscape, document.Furniture{Left: strings.Repeat("өтө узун эскертүү ", 40), Page: page}
	stands := one(document.Heading{Level: 1, Text: document.Plain("Турат"), ID: "stands", Size: document.Huge}, document.Paragraph{Text: document.Runs{{Text: "мында", To: "#stands", Note: document.Plain("экинчи")}}})
	stands.Foot = document.Furniture{Page: page}
	lies.Behind = []document.Document{one(document.Labels{Columns: 2, Height: 67, Items: []document.Label{badge("Нурайым"), badge("Ы"), badge("Абдылдамашбектурганкызы")}}), stands}
	pdf := write(t, lies)
	documenttest.Judge(t, map[string][]byte{"bound": pdf})
	if again := write(t, lies); !bytes.Equal(pdf, again) {
		t.Error("the same papers give other bytes")
	}
	for _, size := range []string{"841.89 595.28", "595.28 841.89"} {
		if !bytes.Contains(pdf, []byte(size)) {
			t.Errorf("no page of %s", size)
		}
	}
	text := documenttest.Text(t, pdf)
	at := 0
	for _, want := range []string{"Жатат", "барак 1 / 2", "барак 2 / 2", "Нурайым", "Кожогатова", "Алып баруучу", "Нарын · 28.11.2026", "Абдылдамашбектурганкызы", "Турат", "барак 1 / 1"} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("%q is not behind what stands before it:\n%s", want, text)
		}
		at += i
	}
	if structure := documenttest.Structure(t, pdf); strings.Count(structure, "Part") < 3 || !strings.Contains(structure, "Figure") {
		t.Errorf("the structure:\n%s", structure)
	}
	var html bytes.Buffer
	if err := lies.WriteHTMLUnder(&html, 2); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<article class="paper lies" lang="ky">`, "<h3>Жатат</h3>", `<h3 class="huge" id="stands">`, `<ol class="notes" start="2"><li id="note-2">`, `class="beside under double"`, `fit-9`, `fit-long`, `<div class="front">`} {
		if !strings.Contains(html.String(), want) {
			t.Errorf("no %s in\n%s", want, html.String())
		}
	}
	for what, change := range map[string]func(d *document.Document){
		"another language":       func(d *document.Document) { d.Behind[0].Lang = "ru" },
		"papers behind a second": func(d *document.Document) { d.Behind[0].Behind = []document.Document{stands} },
		"no title":               func(d *document.Document) { d.Behind[1].Title = "" },
		"one id twice":           func(d *document.Document) { d.Behind[0] = stands },
	} {
		wrong := lies
		wrong.Behind = append([]document.Document{}, lies.Behind...)
		change(&wrong)
		if _, err := wrong.PDF(); err == nil {
			t.Errorf("%s: it is bound", what)
		}
	}
}

// TestAFittingWordIsNotBroken sets a long name on a label and beside a label of one letter.
func TestAFittingWordIsNotBroken(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Ы", "Айгүл", "Гүлкайырмагүл", "Абдылдамашбектурганкызы", "Асан уулу Токтогулмашбек"} {
		text := documenttest.Text(t, write(t, one(document.Labels{Columns: 2, Height: 67, Items: []document.Label{badge(name)}})))
		for _, word := range strings.Fields(name) {
			if !strings.Contains(text, word) {
				t.Errorf("%s is broken:\n%s", name, text)
			}
		}
	}
	long := strings.Repeat("Узун ", 25)
	if _, err := one(document.Labels{Columns: 2, Height: 67, Items: []document.Label{badge(long)}}).PDF(); err != nil {
		t.Errorf("a name of 125 letters: %v", err)
	}
	wide := badge("Айгүл")
	wide.Side.Width = 80
	if _, err := one(document.Labels{Columns: 2, Height: 67, Items: []document.Label{wide}}).PDF(); err == nil {
		t.Error("a figure wider than its label is drawn")
	}
}
