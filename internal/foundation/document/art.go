package document

// Art is what a figure shows: a Drawing or a Picture.
type Art interface {
	ratio() float64 // height by width
}

// Drawing is made of shapes on a field of its own units, from the upper left corner.
type Drawing struct {
	Width, Height float64
	Shapes        []Shape
}

func (d Drawing) ratio() float64 { return d.Height / d.Width }

// Shape is a part of a drawing: Bar, Line or Word.
type Shape interface{ shape() }

// Bar is a filled rectangle.
type Bar struct {
	X, Y, Width, Height float64
	Color               Color
	Pattern             Pattern
}

// Line is a straight line.
type Line struct {
	X1, Y1, X2, Y2 float64
	Thick          float64 // in units of the drawing
	Color          Color
}

// Word is text whose baseline begins, has its middle or ends at a point.
type Word struct {
	X, Y   float64
	Text   string
	Points float64 // its size on paper
	Align  Align
	Strong bool
}

func (Bar) shape()  {}
func (Line) shape() {}
func (Word) shape() {}

// Color is a color of sRGB, black when zero.
type Color struct{ Red, Green, Blue uint8 }

// Pattern is how a bar is filled, so that it differs without color.
type Pattern int

// The patterns.
const (
	Solid   Pattern = iota
	Stripes         // lines that rise
	Grid            // lines across and down
)

// Picture is a photograph or a plan.
type Picture struct {
	Width, Height int    // pixels
	JPEG, PNG     []byte // one of them
	Address       string // where a page in HTML finds it
}

func (p Picture) ratio() float64 {
	return float64(p.Height) / float64(p.Width)
}
