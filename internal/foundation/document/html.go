package document

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// WriteHTML writes the paper as part of a page, an element "article" of the class "paper".
// Headings stand as deep as in the paper, footnotes at its end. Letters are not judged: a
// browser has more fonts.
func (d Document) WriteHTML(w io.Writer) error { return d.WriteHTMLUnder(w, 0) }

// WriteHTMLUnder is WriteHTML for a page that has headings of its own: those of the paper
// stand so many levels deeper. What stands on every page stands once, at the beginning and
// the end; an article that is wider than high has the class "lies".
func (d Document) WriteHTMLUnder(w io.Writer, levels int) error {
	if _, err := d.check(false); err != nil {
		return err
	}
	h := &hypertext{out: bufio.NewWriter(w), lang: d.Lang, under: levels}
	for _, one := range d.bound() {
		lies := ""
		if p := one.paper(); p.Width > p.Height {
			lies = " lies"
		}
		h.put(`<article class="paper%s" lang="%s">`, lies, one.Lang)
		h.beside("over", one.Head)
		h.blocks(one.Body)
		h.footnotes()
		h.beside("under", one.Foot)
		h.put("</article>")
	}
	return h.out.Flush()
}

// beside writes two texts at the ends of a line.
func (h *hypertext) beside(class string, f Furniture) {
	if f.Left == "" && f.Right == "" {
		return
	}
	h.put(`<p class="beside %s"><span>%s</span> <span>%s</span></p>`, class, clean(f.Left), clean(f.Right))
}

// hypertext writes the parts of a paper.
type hypertext struct {
	out   *bufio.Writer
	lang  string
	under int // levels above those of the paper
	notes []Runs
	said  int // how many of the notes stand at the end of an article already
}

// put writes a pattern whose texts are escaped. What cannot be written is told by Flush.
func (h *hypertext) put(pattern string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = html.EscapeString(s)
		}
	}
	fmt.Fprintf(h.out, pattern, args...)
}

func (h *hypertext) blocks(list []Block) {
	for _, b := range list {
		switch b := b.(type) {
		case Heading:
			level := min(b.Level+h.under, 6)
			h.put("<h%d%s", level, mark{classes(Left, b.Size)})
			if b.ID != "" {
				h.put(` id="%s"`, b.ID)
			}
			h.put(">")
			h.runs(b.Text)
			h.put("</h%d>", level)
		case Paragraph:
			h.put("<p%s>", mark{classes(b.Align, b.Size, fitting(b))})
			h.runs(b.Text)
			h.put("</p>")
		case List:
			h.list(b)
		case Table:
			h.table(b)
		case Figure:
			h.figure(b)
		case Labels:
			h.put(`<ul class="labels across-%d">`, b.Columns)
			for _, item := range b.Items {
				h.label(item)
			}
			h.put("</ul>")
		case Blank:
			h.put(`<p class="blank">%s</p>`, clean(b.Label))
		case Together:
			h.put(`<div class="together">`)
			h.blocks(b.Parts)
			h.put("</div>")
		case Break:
			h.put(`<div class="break"></div>`)
		case Gap: // pages have their own rhythm
		}
	}
}

// mark is text that is HTML already.
type mark struct{ text string }

// String gives it to a pattern.
func (m mark) String() string { return m.text }

// label writes one field.
func (h *hypertext) label(item Label) {
	h.put(`<li aria-label="%s">`, clean(item.Name))
	h.beside("over", item.Head)
	if item.Side != nil {
		h.put(`<div class="front"><div>`)
	}
	h.blocks(item.Block)
	if item.Side != nil {
		h.put("</div>")
		h.figure(*item.Side)
		h.put("</div>")
	}
	class := "under"
	if item.Double {
		class += " double"
	}
	h.beside(class, item.Foot)
	h.put("</li>")
}

// fitting names how long the longest word is of a text that should not be broken, for style
// sheets.
func fitting(p Paragraph) string {
	if !p.Fit {
		return ""
	}
	n := 0
	for _, word := range strings.Fields(p.Text.plain()) {
		n = max(n, utf8.RuneCountInString(word))
	}
	for _, most := range []int{9, 13, 20} {
		if n <= most {
			return "fit fit-" + strconv.Itoa(most)
		}
	}
	return "fit fit-long"
}

func classes(align Align, size Size, more ...string) string {
	var names []string
	if n := [...]string{Left: "", Center: "center", Right: "right"}[align]; n != "" {
		names = append(names, n)
	}
	if n := [...]string{Normal: "", Small: "small", Large: "large", Larger: "larger", Huge: "huge"}[size]; n != "" {
		names = append(names, n)
	}
	for _, n := range more {
		if n != "" {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ` class="` + strings.Join(names, " ") + `"`
}

func (h *hypertext) runs(rs Runs) {
	for _, r := range rs {
		closing := ""
		open := func(tag, more string) {
			h.put("<%s%s>", mark{tag}, mark{more})
			closing = "</" + tag + ">" + closing
		}
		lang := ""
		if r.Lang != "" && r.Lang != h.lang {
			lang = ` lang="` + html.EscapeString(r.Lang) + `"`
		}
		switch {
		case r.To != "":
			more := ` href="` + html.EscapeString(r.To) + `"` + lang
			if r.Says != "" && r.Says != r.Text {
				more += ` aria-label="` + html.EscapeString(clean(r.Says)) + `"`
			}
			open("a", more)
		case lang != "":
			open("span", lang)
		}
		if r.Strong {
			open("strong", "")
		}
		h.put("%s", mark{strings.ReplaceAll(html.EscapeString(clean(r.Text)), "\n", "<br>")})
		h.put("%s", mark{closing})
		if r.Note != nil {
			h.notes = append(h.notes, r.Note)
			n := len(h.notes)
			h.put(`<sup><a id="note-%d-at" href="#note-%d">%d</a></sup>`, n, n, n)
		}
	}
}

func (h *hypertext) footnotes() {
	if len(h.notes) == h.said {
		return
	}
	from := ""
	if h.said > 0 {
		from = ` start="` + strconv.Itoa(h.said+1) + `"`
	}
	h.put(`<ol class="notes"%s>`, mark{from})
	for i := h.said; i < len(h.notes); i++ {
		n := h.notes[i]
		h.put(`<li id="note-%d">`, i+1)
		h.runs(n)
		h.put(` <a href="#note-%d-at" aria-label="%d">↩</a></li>`, i+1, i+1)
	}
	h.said = len(h.notes)
	h.put("</ol>")
}

func (h *hypertext) list(b List) {
	tag := "ul"
	if b.Mark == Number {
		tag = "ol"
	}
	h.put("<%s", mark{tag})
	if b.Mark == Box {
		h.put(` class="boxes"`)
	}
	h.put(">")
	for _, item := range b.Items {
		h.put("<li>")
		h.blocks(item)
		h.put("</li>")
	}
	h.put("</%s>", mark{tag})
}

func (h *hypertext) table(t Table) {
	h.put(`<div class="wide" tabindex="0" role="group"`)
	if len(t.Caption) > 0 {
		h.put(` aria-label="%s"`, t.Caption.plain())
	}
	h.put("><table")
	if t.Row > 0 {
		h.put(` class="by-hand"`)
	}
	h.put(">")
	if len(t.Caption) > 0 {
		h.put("<caption>")
		h.runs(t.Caption)
		h.put("</caption>")
	}
	h.columns(t.Columns)
	for _, part := range []struct {
		tag  string
		rows []Row
	}{{"thead", t.Head}, {"tbody", t.Rows}, {"tfoot", t.Foot}} {
		if len(part.rows) == 0 {
			continue
		}
		h.put("<%s>", mark{part.tag})
		for _, r := range part.rows {
			h.row(r, t.Columns, part.tag == "thead")
		}
		h.put("</%s>", mark{part.tag})
	}
	h.put("</table></div>")
}

// columns says how wide columns are beside each other, where that is said at all.
func (h *hypertext) columns(list []Column) {
	sum, said := 0.0, false
	for _, c := range list {
		sum += max(c.Share, 1)
		said = said || c.Share > 0
	}
	if !said {
		return
	}
	h.put("<colgroup>")
	for _, c := range list {
		h.put(`<col width="%s%%">`, number(max(c.Share, 1)/sum*100))
	}
	h.put("</colgroup>")
}

func (h *hypertext) row(r Row, columns []Column, head bool) {
	h.put("<tr>")
	at := 0
	for _, c := range r.Cells {
		tag, more := "td", classes(columns[at].Align, Normal)
		switch {
		case head:
			tag, more = "th", more+` scope="col"`
		case c.Head:
			tag, more = "th", more+` scope="row"`
		}
		if c.span() > 1 {
			more += ` colspan="` + strconv.Itoa(c.span()) + `"`
		}
		at += c.span()
		h.put("<%s%s>", mark{tag}, mark{more})
		for i, p := range c.Text {
			if i > 0 {
				h.put("<br>")
			}
			h.runs(p)
		}
		h.put("</%s>", mark{tag})
	}
	h.put("</tr>")
}

func (h *hypertext) figure(f Figure) {
	h.put("<figure%s>", mark{classes(f.Align, Normal)})
	switch a := f.Art.(type) {
	case Drawing:
		h.drawing(a, f)
	case Picture:
		h.put(`<img src="%s" alt="%s" width="%d" height="%d">`, a.Address, clean(f.Alt), a.Width, a.Height)
	}
	if len(f.Caption) > 0 {
		h.put("<figcaption>")
		h.runs(f.Caption)
		h.put("</figcaption>")
	}
	h.put("</figure>")
}

// number writes a length as short as it can be.
func number(v float64) mark {
	return mark{strconv.FormatFloat(float64(int(v*100+0.5))/100, 'f', -1, 64)}
}

func (h *hypertext) drawing(d Drawing, f Figure) {
	h.put(`<svg role="img" aria-label="%s" viewBox="0 0 %s %s" width="%smm">`, clean(f.Alt), number(d.Width), number(d.Height), number(f.Width))
	unit := f.Width / d.Width // mm
	for _, s := range d.Shapes {
		switch s := s.(type) {
		case Bar:
			h.put(`<rect x="%s" y="%s" width="%s" height="%s" fill="#%02x%02x%02x"`, number(s.X), number(s.Y), number(s.Width), number(s.Height), s.Color.Red, s.Color.Green, s.Color.Blue)
			if s.Pattern != Solid {
				h.put(` class="pattern-%d"`, int(s.Pattern))
			}
			h.put("/>")
		case Line:
			h.put(`<path d="M%s %sL%s %s" stroke="#%02x%02x%02x" stroke-width="%s"/>`, number(s.X1), number(s.Y1), number(s.X2), number(s.Y2), s.Color.Red, s.Color.Green, s.Color.Blue, number(s.Thick))
		case Word:
			h.put(`<text x="%s" y="%s" font-size="%s" text-anchor="%s">%s</text>`, number(s.X), number(s.Y), number(s.Points*mm/unit),
				mark{[...]string{Left: "start", Center: "middle", Right: "end"}[s.Align]}, clean(s.Text))
		}
	}
	h.put("</svg>")
}
