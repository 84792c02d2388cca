package document

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // the kinds of pictures
	_ "image/png"
	"strings"

	"golang.org/x/text/language"

	"platforma.kg/ashar/internal/foundation/fault"
)

// What one paper holds at most, so that none takes all memory.
const (
	MostParts   = 200_000   // blocks, cells and shapes
	MostLetters = 5_000_000 // bytes of text
	MostPages   = 5_000
	MostPixels  = 40_000_000 // of a picture
)

// check says what is wrong with a paper before anything is set. What a person wrote and no
// paper can hold is a fault for people; what was built wrongly is an error of the program.
// drawn says whether its letters are judged, too; then they are gathered.
func (d Document) check(drawn bool) (letters, error) {
	c := checker{ids: map[string]bool{}, drawn: drawn, used: letters{}}
	return c.used, c.paper(d)
}

func (c *checker) paper(d Document) error {
	if _, err := language.Parse(d.Lang); err != nil {
		return fmt.Errorf("document: the language %q: %w", d.Lang, err)
	}
	if d.Made.IsZero() {
		return errors.New("document: no moment of making, so no two files would be the same")
	}
	for _, part := range d.bound() {
		if err := c.sheets(part, d.Lang); err != nil {
			return err
		}
	}
	for _, to := range c.links {
		if !c.ids[to] && c.err == nil {
			c.err = fmt.Errorf("document: a link to %q, which is nowhere", to)
		}
	}
	return c.err
}

// bound gives the papers of a file, the first without those behind it.
func (d Document) bound() []Document {
	first := d
	first.Behind = nil
	return append([]Document{first}, d.Behind...)
}

// sheets checks one of the papers of a file.
func (c *checker) sheets(d Document, lang string) error {
	switch {
	case strings.TrimSpace(d.Title) == "":
		return errors.New("document: no title")
	case d.Lang != lang:
		return errors.New("document: papers of two languages in one file")
	case len(d.Behind) > 0:
		return errors.New("document: papers behind a paper that is behind another")
	}
	for _, text := range []string{d.Title, d.Author, d.Subject} {
		c.letters(text)
	}
	c.level = 0
	for _, f := range []Furniture{d.Head, d.Foot} {
		c.letters(f.Left)
		c.letters(f.Right)
	}
	paper := d.paper()
	if paper.Width-2*paper.Margin < 20 || paper.Height-2*paper.Margin < 40 {
		return errors.New("document: no room between the margins")
	}
	c.blocks(d.Body)
	return c.err
}

// checker walks a paper and keeps the first thing that is wrong.
type checker struct {
	err    error
	level  int // of the last heading
	parts  int
	bytes  int
	ids    map[string]bool
	links  []string
	inNote bool
	drawn  bool
	used   letters
}

// letters are the letters that a paper needs.
type letters map[rune]bool

// take adds those of a text and says which one the typeface has not.
func (l letters) take(text string) error {
	for i, r := range text {
		switch {
		case r == '\n':
		case !able(r):
			return fault.New(fault.Invalid, "fault.paper_letter", fault.Args{"code": fmt.Sprintf("U+%04X", r), "text": around(text, i)})
		default:
			l[r] = true
		}
	}
	return nil
}

func (c *checker) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("document: "+format, args...)
	}
}

func (c *checker) part() {
	if c.parts++; c.parts > MostParts && c.err == nil {
		c.err = fault.New(fault.TooLarge, "fault.paper_long")
	}
}

func (c *checker) letters(text string) {
	if c.bytes += len(text); c.bytes > MostLetters {
		if c.err == nil {
			c.err = fault.New(fault.TooLarge, "fault.paper_long")
		}
		return
	}
	if c.err != nil || !c.drawn {
		return
	}
	c.err = c.used.take(clean(text))
}

// around gives the words beside a place of a text.
func around(text string, at int) string {
	from := strings.LastIndexAny(text[:at], " \n") + 1
	to := len(text)
	if n := strings.IndexAny(text[at:], " \n"); n >= 0 {
		to = at + n
	}
	words := []rune(strings.ToValidUTF8(text[from:to], ""))
	return string(words[:min(len(words), 40)])
}

func (c *checker) runs(rs Runs) {
	for _, r := range rs {
		c.part()
		c.letters(r.Text)
		c.letters(r.Says)
		if r.Lang != "" {
			if _, err := language.Parse(r.Lang); err != nil {
				c.fail("the language %q: %v", r.Lang, err)
			}
		}
		switch id, inside := strings.CutPrefix(r.To, "#"); {
		case inside:
			c.links = append(c.links, id)
		case r.To != "" && !strings.HasPrefix(r.To, "https://") && !strings.HasPrefix(r.To, "http://") && !strings.HasPrefix(r.To, "mailto:") && !strings.HasPrefix(r.To, "tel:"):
			c.fail("a link to %q", r.To)
		}
		if r.To != "" && strings.TrimSpace(r.Text) == "" {
			c.fail("a link without text")
		}
		if r.Note != nil {
			if c.inNote {
				c.fail("a footnote in a footnote")
			}
			c.inNote = true
			c.runs(r.Note)
			c.inNote = false
		}
	}
}

func (c *checker) blocks(list []Block) {
	for _, b := range list {
		c.part()
		if c.err != nil {
			return
		}
		switch b := b.(type) {
		case Heading:
			c.heading(b)
		case Paragraph:
			c.runs(b.Text)
		case List:
			if len(b.Items) == 0 {
				c.fail("a list without items")
			}
			for _, item := range b.Items {
				c.item(item)
			}
		case Table:
			c.table(b)
		case Figure:
			c.figure(b)
		case Labels:
			c.labels(b)
		case Blank:
			c.letters(b.Label)
		case Together:
			c.blocks(b.Parts)
		case Gap, Break:
		default:
			c.fail("a part of an unknown kind %T", b)
		}
	}
}

func (c *checker) heading(h Heading) {
	if h.Level < 1 || h.Level > 6 || h.Level > c.level+1 {
		c.fail("a heading of level %d after one of level %d", h.Level, c.level)
	}
	c.level = h.Level
	if h.ID != "" {
		if c.ids[h.ID] {
			c.fail("two headings with the id %q", h.ID)
		}
		c.ids[h.ID] = true
	}
	if strings.TrimSpace(h.Text.plain()) == "" {
		c.fail("a heading without text")
	}
	c.runs(h.Text)
}

func (c *checker) item(parts []Block) {
	if len(parts) == 0 {
		c.fail("an item without text")
	}
	for _, p := range parts {
		switch p.(type) {
		case Paragraph, List:
		default:
			c.fail("a %T in a list", p)
		}
	}
	c.blocks(parts)
}

func (c *checker) table(t Table) {
	if len(t.Columns) == 0 || len(t.Head) == 0 {
		c.fail("a table without columns or without heads")
	}
	c.runs(t.Caption)
	for _, rows := range [][]Row{t.Head, t.Rows, t.Foot} {
		for _, r := range rows {
			wide := 0
			for _, cell := range r.Cells {
				c.part()
				wide += cell.span()
				for _, p := range cell.Text {
					c.runs(p)
				}
			}
			if wide != len(t.Columns) {
				c.fail("a row of %d cells in a table of %d columns", wide, len(t.Columns))
			}
		}
	}
}

func (c *checker) figure(f Figure) {
	if strings.TrimSpace(f.Alt) == "" {
		c.fail("a figure without the words that stand for it")
	}
	if f.Width <= 0 {
		c.fail("a figure without a width")
	}
	c.letters(f.Alt)
	c.runs(f.Caption)
	switch a := f.Art.(type) {
	case Drawing:
		if a.Width <= 0 || a.Height <= 0 {
			c.fail("a drawing without a size")
		}
		for _, s := range a.Shapes {
			c.part()
			if w, ok := s.(Word); ok {
				c.letters(w.Text)
			}
		}
	case Picture:
		c.picture(a)
	default:
		c.fail("a figure of an unknown kind %T", a)
	}
}

func (c *checker) picture(p Picture) {
	content, kind := p.JPEG, "jpeg"
	if len(p.PNG) > 0 {
		content, kind = p.PNG, "png"
	}
	config, is, err := image.DecodeConfig(bytes.NewReader(content))
	switch {
	case err != nil:
		c.fail("a picture: %v", err)
	case is != kind || config.Width != p.Width || config.Height != p.Height:
		c.fail("a picture that is %s of %d × %d", is, config.Width, config.Height)
	case config.Width*config.Height > MostPixels:
		c.fail("a picture of %d × %d pixels", config.Width, config.Height)
	case config.ColorModel == color.CMYKModel:
		c.fail("a picture in the colors of a press")
	}
}

func (c *checker) labels(l Labels) {
	if l.Columns < 1 || l.Height <= 0 {
		c.fail("labels without a size")
	}
	for _, item := range l.Items {
		if strings.TrimSpace(item.Name) == "" {
			c.fail("a label without a name")
		}
		for _, text := range []string{item.Name, item.Head.Left, item.Head.Right, item.Foot.Left, item.Foot.Right} {
			c.letters(text)
		}
		if item.Side != nil {
			c.part()
			c.figure(*item.Side)
		}
		for _, b := range item.Block {
			switch b.(type) {
			case Paragraph, Figure, Gap:
			default:
				c.fail("a %T on a label", b)
			}
		}
		c.blocks(item.Block)
	}
}

// plain gives the text of runs without their notes.
func (rs Runs) plain() string {
	var b strings.Builder
	for _, r := range rs {
		b.WriteString(clean(r.Text))
	}
	return b.String()
}

func (c Cell) span() int { return max(c.Span, 1) }

// paper gives the sheet with what was left out.
func (d Document) paper() Paper {
	p := d.Paper
	if p.Width == 0 || p.Height == 0 {
		p.Width, p.Height = A4.Width, A4.Height
	}
	if p.Margin == 0 {
		p.Margin = 18
	}
	return p
}
