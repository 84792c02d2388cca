package document

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// seal puts the structure tree into a file that fpdf wrote: into the catalog and the pages
// what leads to it, behind the last object its elements, then a new table of objects. It
// reads files of fpdf alone, by their own table of objects.
func seal(file []byte, root *element, p *pen) ([]byte, error) {
	s := &sealer{pen: p}
	var err error
	if s.objects, err = objectsOf(file); err != nil {
		return nil, err
	}
	for i, o := range s.objects {
		switch {
		case bytes.HasPrefix(o, []byte("<</Type /Page\n")):
			s.pages = append(s.pages, i+1)
		case bytes.Contains(o[:min(len(o), 60)], []byte("stream\n/CIDInit")):
			s.objects[i] = toUnicode()
		}
	}
	if len(s.pages) != len(p.marks) {
		return nil, fmt.Errorf("document: %d pages were drawn, %d are in the file", len(p.marks), len(s.pages))
	}
	s.tree = s.add(nil)
	s.number(root)
	parents := s.add(nil)
	for i, f := range p.fields {
		field, err := s.field(f, len(s.pages)+i)
		if err != nil {
			return nil, err
		}
		f.object = s.add(field)
	}
	s.write(root, s.tree)
	s.objects[parents-1] = s.parents()
	s.objects[s.tree-1] = fmt.Appendf(nil, "<</Type /StructTreeRoot /K %d 0 R /ParentTree %d 0 R /ParentTreeNextKey %d%s>>",
		root.object, parents, len(s.pages)+len(p.fields), s.idTree())
	s.openPages()
	if err := s.openCatalog(); err != nil {
		return nil, err
	}
	return s.file(), nil
}

// sealer holds the objects of a file; number n is at n-1.
type sealer struct {
	pen     *pen
	objects [][]byte
	pages   []int // numbers of the pages' objects
	tree    int
	noted   []*element // with ids
}

func (s *sealer) add(object []byte) (number int) {
	s.objects = append(s.objects, object)
	return len(s.objects)
}

// number gives each element of the tree an object.
func (s *sealer) number(e *element) {
	e.object = s.add(nil)
	if e.id != "" {
		s.noted = append(s.noted, e)
	}
	for _, k := range e.kids {
		if k.element != nil {
			s.number(k.element)
		}
	}
}

// write writes an element and what it holds.
func (s *sealer) write(e *element, parent int) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<</Type /StructElem /S /%s /P %d 0 R", e.tag, parent)
	if e.lang != "" {
		b.WriteString(" /Lang " + stringOf(e.lang))
	}
	if e.alt != "" {
		b.WriteString(" /Alt " + stringOf(e.alt))
	}
	if e.title != "" {
		b.WriteString(" /T " + stringOf(e.title))
	}
	if e.id != "" {
		b.WriteString(" /ID " + stringOf(e.id))
	}
	b.WriteString(e.attributes())
	b.WriteString(" /K [")
	for _, k := range e.kids {
		switch {
		case k.element != nil:
			fmt.Fprintf(&b, "%d 0 R ", k.element.object)
		case k.field != nil:
			fmt.Fprintf(&b, "<</Type /OBJR /Obj %d 0 R /Pg %d 0 R>> ", k.field.object, s.pages[k.page-1])
		default:
			fmt.Fprintf(&b, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", s.pages[k.page-1], k.mark)
		}
	}
	b.WriteString("]>>")
	s.objects[e.object-1] = b.Bytes()
	for _, k := range e.kids {
		if k.element != nil {
			s.write(k.element, e.object)
		}
	}
}

// attributes are what a reader is told of tables, lists and figures.
func (e *element) attributes() string {
	switch {
	case e.tag == "TH" && e.span > 1:
		return fmt.Sprintf(" /A <</O /Table /Scope /%s /ColSpan %d>>", e.scope, e.span)
	case e.tag == "TH":
		return fmt.Sprintf(" /A <</O /Table /Scope /%s>>", e.scope)
	case e.tag == "TD" && e.span > 1:
		return fmt.Sprintf(" /A <</O /Table /ColSpan %d>>", e.span)
	case e.numbered != "":
		return fmt.Sprintf(" /A <</O /List /ListNumbering /%s>>", e.numbered)
	case len(e.box) == 4:
		return fmt.Sprintf(" /A <</O /Layout /Placement /Block /BBox [%.2f %.2f %.2f %.2f]>>", e.box[0], e.box[1], e.box[2], e.box[3])
	}
	return ""
}

// field writes where a link can be pressed; key finds its element.
func (s *sealer) field(f *field, key int) ([]byte, error) {
	var goal string
	if id, inside := strings.CutPrefix(f.to, "#"); inside {
		at, ok := s.pen.places[id]
		if !ok {
			return nil, errors.New("document: a link leads to a heading that was not drawn")
		}
		goal = fmt.Sprintf("/Dest [%d 0 R /XYZ 0 %.2f null]", s.pages[at.page-1], at.y/mm)
	} else {
		goal = "/A <</S /URI /URI " + stringOf(addressOf(f.to)) + ">>"
	}
	return fmt.Appendf(nil, "<</Type /Annot /Subtype /Link /Rect [%.2f %.2f %.2f %.2f] /Border [0 0 0] /F 4 /Contents %s /StructParent %d %s>>",
		f.box[0], f.box[1], f.box[2], f.box[3], stringOf(f.says), key, goal), nil
}

// addressOf writes an address in ASCII, as a file must.
func addressOf(to string) string {
	var b strings.Builder
	for i := range len(to) {
		if c := to[i]; c > ' ' && c < 0x7F {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// parents leads from the marks of each page, and from each field, to the element.
func (s *sealer) parents() []byte {
	var b bytes.Buffer
	b.WriteString("<</Nums [")
	for i, marks := range s.pen.marks {
		fmt.Fprintf(&b, "%d [", i)
		for _, e := range marks {
			fmt.Fprintf(&b, "%d 0 R ", e.object)
		}
		b.WriteString("] ")
	}
	for i, f := range s.pen.fields {
		fmt.Fprintf(&b, "%d %d 0 R ", len(s.pages)+i, f.in.object)
	}
	b.WriteString("]>>")
	return b.Bytes()
}

// idTree lists the elements that have ids, in their order.
func (s *sealer) idTree() string {
	if len(s.noted) == 0 {
		return ""
	}
	slices.SortFunc(s.noted, func(a, b *element) int { return strings.Compare(a.id, b.id) })
	var b strings.Builder
	fmt.Fprintf(&b, " /IDTree <</Kids [<</Limits [%s %s] /Names [", stringOf(s.noted[0].id), stringOf(s.noted[len(s.noted)-1].id))
	for _, e := range s.noted {
		fmt.Fprintf(&b, "%s %d 0 R ", stringOf(e.id), e.object)
	}
	b.WriteString("]>>]>>")
	return b.String()
}

func (s *sealer) openPages() {
	fields := make([]string, len(s.pages))
	for _, f := range s.pen.fields {
		fields[f.page-1] += strconv.Itoa(f.object) + " 0 R "
	}
	for i, number := range s.pages {
		var more bytes.Buffer
		fmt.Fprintf(&more, "<</Type /Page /StructParents %d /Tabs /S", i)
		if fields[i] != "" {
			more.WriteString(" /Annots [" + fields[i] + "]")
		}
		more.Write(bytes.TrimPrefix(s.objects[number-1], []byte("<</Type /Page")))
		s.objects[number-1] = more.Bytes()
	}
}

// openCatalog leads from the catalog to the tree, and takes out fpdf's list of files, which
// is always there and empty.
func (s *sealer) openCatalog() error {
	for i, o := range s.objects {
		rest, found := bytes.CutPrefix(o, []byte("<<\n/Type /Catalog\n"))
		if !found {
			continue
		}
		if at := bytes.Index(rest, []byte("/Names <<")); at >= 0 {
			rest = append(slices.Clone(rest[:at]), ">>"...)
		}
		s.objects[i] = append(fmt.Appendf(nil, "<</Type /Catalog /MarkInfo <</Marked true>> /StructTreeRoot %d 0 R /ViewerPreferences <</DisplayDocTitle true>>\n", s.tree), rest...)
		return nil
	}
	return errors.New("document: no catalog in the file")
}

// file writes the objects with their table.
func (s *sealer) file() []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	offsets := make([]int, len(s.objects))
	root, info := 0, 0
	for i, o := range s.objects {
		switch {
		case bytes.HasPrefix(o, []byte("<</Type /Catalog")):
			root = i + 1
		case bytes.HasPrefix(o, []byte("<<\n/Producer")):
			info = i + 1
		}
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n", i+1)
		out.Write(o)
		out.WriteString("\nendobj\n")
	}
	sum := sha256.Sum256(out.Bytes())
	at := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(s.objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%X> <%X>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(s.objects)+1, root, info, sum[:16], sum[:16], at)
	return out.Bytes()
}

// objectsOf takes a file of fpdf apart.
func objectsOf(file []byte) ([][]byte, error) {
	bad := errors.New("document: fpdf wrote a file of another shape")
	tail := bytes.LastIndex(file, []byte("startxref\n"))
	if tail < 0 {
		return nil, bad
	}
	end := bytes.IndexByte(file[tail+10:], '\n')
	if end < 0 {
		return nil, bad
	}
	at, err := strconv.Atoi(string(file[tail+10:][:end]))
	if err != nil || at >= len(file) {
		return nil, bad
	}
	lines := bytes.Split(file[at:tail], []byte("\n"))
	if len(lines) < 3 || string(lines[0]) != "xref" {
		return nil, bad
	}
	var zero, count int
	if _, err := fmt.Sscanf(string(lines[1]), "%d %d", &zero, &count); err != nil || len(lines) < 2+count {
		return nil, bad
	}
	var objects [][]byte
	for i := 1; i < count; i++ {
		from, err := strconv.Atoi(string(lines[2+i][:10]))
		if err != nil {
			return nil, bad
		}
		head := strconv.Itoa(i) + " 0 obj\n"
		if !bytes.HasPrefix(file[from:], []byte(head)) {
			return nil, bad
		}
		body := file[from+len(head):]
		to, err := endOf(body)
		if err != nil {
			return nil, err
		}
		objects = append(objects, body[:to])
	}
	return objects, nil
}

// endOf tells where an object ends: behind its stream, when it has one, whose bytes may
// look like anything.
func endOf(body []byte) (int, error) {
	end := bytes.Index(body, []byte("endobj\n"))
	stream := bytes.Index(body, []byte("stream\n"))
	if stream >= 0 && (end < 0 || stream < end) {
		at := bytes.LastIndex(body[:stream], []byte("/Length "))
		if at < 0 {
			return 0, errors.New("document: a stream without a length")
		}
		var size int
		if _, err := fmt.Sscanf(string(body[at:stream]), "/Length %d", &size); err != nil {
			return 0, fmt.Errorf("document: the length of a stream: %w", err)
		}
		rest := stream + len("stream\n") + size
		if rest > len(body) {
			return 0, errors.New("document: a stream that is cut off")
		}
		next := bytes.Index(body[rest:], []byte("endobj\n"))
		if next < 0 {
			return 0, errors.New("document: an object without an end")
		}
		end = rest + next
	}
	if end < 0 {
		return 0, errors.New("document: an object without an end")
	}
	return len(bytes.TrimRight(body[:end], "\n")), nil
}

// stringOf writes text for a file: as it is when it is ASCII, else in UTF-16.
func stringOf(text string) string {
	var b strings.Builder
	ascii := true
	for _, r := range text {
		ascii = ascii && r >= ' ' && r < 0x7F
	}
	if ascii {
		return "(" + strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(text) + ")"
	}
	b.WriteString("<FEFF")
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	b.WriteString(">")
	return b.String()
}
