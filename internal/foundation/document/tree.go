package document

import "time"

// Document is one paper.
type Document struct {
	Lang    string    // language of the paper, BCP 47: "ky"
	Title   string    // its name in the window of a reader, one line
	Author  string    // who gives it out; may be empty
	Subject string    // what it is about; may be empty
	Made    time.Time // when it was made; part of the file, so the same moment gives the same bytes
	Paper   Paper     // A4 upright when zero
	Head    Furniture // what stands at the top of each page, outside of the text
	Foot    Furniture // what stands at the bottom of each page
	Body    []Block   // begins with a heading of level 1 when it has headings
	// Behind are papers that are bound behind it in one file, each on sheets of its own, with
	// its own furniture and pages counted anew. They are of the same language.
	Behind []Document
}

// Paper is a sheet in millimetres.
type Paper struct {
	Width, Height float64
	Margin        float64 // on all four sides; 18 when zero
}

// The sheets that are used.
var (
	A4          = Paper{Width: 210, Height: 297}
	A4Landscape = Paper{Width: 297, Height: 210}
	A5          = Paper{Width: 148, Height: 210}
)

// Furniture stands on every page and is not read as text of the paper.
type Furniture struct {
	Left  string
	Right string
	Page  func(page, pages int) string // instead of Right: "2 of 5"
}

// Block is a part of a paper that begins on a line of its own.
type Block interface{ block() }

// Heading begins a part. Levels run from 1 to 6 and are not skipped on the way down.
type Heading struct {
	Level int
	Text  Runs
	ID    string // where links to "#ID" lead; may be empty
	Size  Size   // Normal: as its level has it
}

// Paragraph is text.
type Paragraph struct {
	Text  Runs
	Align Align
	Size  Size
	Fit   bool // set smaller, down to a fifth, until no word is broken
}

// List is a list; items hold paragraphs and lists.
type List struct {
	Mark  Mark
	Items [][]Block
}

// Table is a table with at least one row of heads.
type Table struct {
	Caption Runs // may be empty
	Columns []Column
	Head    []Row // drawn again at the top of each page
	Rows    []Row
	Foot    []Row   // sums
	Row     float64 // the least height of a row in mm, for what is written by hand
	Size    Size
	Joins   bool // its last row stands on the page of what follows
}

// Column is a column of a table.
type Column struct {
	Share float64 // of the width, beside those of the others; 0 counts as 1
	Align Align
}

// Row is a row of cells; with their spans they are as many as there are columns.
type Row struct{ Cells []Cell }

// Cell is a cell of a table.
type Cell struct {
	Text []Runs // a paragraph each
	Head bool   // names its row; cells of Table.Head are heads anyway
	Span int    // how many columns it takes; 0 counts as 1
}

// Figure is a picture or a drawing with the words that stand for it.
type Figure struct {
	Alt     string // what it shows, for who does not see it
	Art     Art
	Width   float64 // mm; the height follows
	Align   Align
	Caption Runs // may be empty
}

// Labels are equal fields to be cut apart, such as name badges.
type Labels struct {
	Columns int
	Height  float64 // of each, mm
	Items   []Label
}

// Label is one field. What is too large for it is set smaller.
type Label struct {
	Name   string // what it is, for who does not see it: whose badge
	Block  []Block
	Head   Furniture // in small letters above, Page not used
	Foot   Furniture // in small letters below, under a line, Page not used
	Double bool      // two lines above the foot
	Side   *Figure   // at the right of the blocks
}

// Blank is a line to write on by hand, after its label.
type Blank struct{ Label string }

// Together keeps its parts on one page where they fit on one.
type Together struct{ Parts []Block }

// Gap is room of a height in mm.
type Gap struct{ Height float64 }

// Break begins a new page.
type Break struct{}

func (Heading) block()   {}
func (Paragraph) block() {}
func (List) block()      {}
func (Table) block()     {}
func (Figure) block()    {}
func (Labels) block()    {}
func (Blank) block()     {}
func (Together) block()  {}
func (Gap) block()       {}
func (Break) block()     {}

// Runs are text in parts.
type Runs []Run

// Run is text of one kind. A line break in it begins a new line.
type Run struct {
	Text   string
	Lang   string // when it is another than that of the paper: "en"
	Strong bool
	To     string // the address that it leads to, or "#ID" of a heading
	Says   string // what the link is, for who does not see it; Text when empty
	Note   Runs   // a footnote that is marked after Text
}

// Plain is text without parts.
func Plain(text string) Runs { return Runs{{Text: text}} }

// Strong is text that is bold.
func Strong(text string) Runs { return Runs{{Text: text, Strong: true}} }

// Text is a cell of plain text.
func Text(text string) Cell { return Cell{Text: []Runs{Plain(text)}} }

// RowHead is a cell that names its row.
func RowHead(text string) Cell { return Cell{Text: []Runs{Plain(text)}, Head: true} }

// Cells is a row of plain texts.
func Cells(texts ...string) (r Row) {
	for _, t := range texts {
		r.Cells = append(r.Cells, Text(t))
	}
	return r
}

// Align is where text stands between left and right.
type Align int

// The sides.
const (
	Left Align = iota
	Center
	Right
)

// Size is how large text is.
type Size int

// The sizes: 10, 8, 13, 20 and 34 points.
const (
	Normal Size = iota
	Small
	Large
	Larger
	Huge
)

func (s Size) points() float64 {
	return [...]float64{Normal: 10, Small: 8, Large: 13, Larger: 20, Huge: 34}[s]
}

// Mark is what stands before the items of a list.
type Mark int

// The marks.
const (
	Dot    Mark = iota // •
	Number             // 1.
	Box                // ☐, to be ticked
)
