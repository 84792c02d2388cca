package document

// element is a part of the structure tree: what a reader is told the content is.
type element struct {
	tag      string // of ISO 32000-1, 14.8.4: "P", "TH"
	lang     string // when it is another than that of what it stands in
	alt      string // words instead of what is drawn
	title    string
	scope    string // of a head of a table: "Column" or "Row"
	span     int    // columns of a cell, when more than one
	numbered string // of a list: "Decimal", "Disc"
	id       string // of a footnote
	box      []float64
	kids     []kid
	parent   *element
	attached bool
	object   int // its number in the file
}

// kid is what an element holds: an element, marked content of a page, or a link's field.
type kid struct {
	element *element
	page    int // from 1; 0 when it is an element
	mark    int
	field   *field
}

// under gives a new element that will stand under another. It is attached when something
// of it is drawn, since the order of drawing is the order of reading.
func (e *element) under(tag string) *element { return &element{tag: tag, parent: e} }

// attach puts an element, and what it stands in, into the tree.
func (e *element) attach() {
	if e.attached || e.parent == nil {
		return
	}
	e.attached = true
	e.parent.attach()
	e.parent.kids = append(e.parent.kids, kid{element: e})
}

// field is where a link can be pressed.
type field struct {
	page int
	box  [4]float64 // in points, from the lower left corner
	to   string
	says string
	in   *element

	object int // its number in the file
}
