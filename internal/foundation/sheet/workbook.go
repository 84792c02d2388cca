package sheet

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html/charset"
)

// workbook is an XLSX file: an archive of XML. Only the list of its sheets and
// the texts that cells share are kept; the cells of a sheet pass one row at a
// time (cells.go).
type workbook struct {
	parts   map[string]*zip.File // by their folded paths
	tabs    []tab
	strings []string // shared, as cells name them by number
	styles  styles
	bounds  Bounds

	since1904 bool // days are counted from 1904
	rows      int  // with cells, of all sheets so far
	cells     int
}

// tab is a sheet of a workbook that holds cells.
type tab struct {
	Name   string
	Hidden bool
	part   string // its path in the archive
}

func openWorkbook(raw []byte, bounds Bounds) (*workbook, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, notXLSX()
	}
	if len(z.File) > maxParts {
		return nil, beyond(0, 0, "this XLSX file holds more than %d files", maxParts)
	}
	b := &workbook{parts: make(map[string]*zip.File, len(z.File)), bounds: bounds}
	size := uint64(0) // the archive's own words, to which reading holds it
	for _, f := range z.File {
		if size += f.UncompressedSize64; size > uint64(bounds.Unpacked) || f.UncompressedSize64 > uint64(bounds.Unpacked) {
			return nil, beyond(0, 0, "this XLSX file unfolds to more than %d MB; save it as CSV UTF-8", bounds.Unpacked>>20)
		}
		b.parts[partName(f.Name)] = f
	}
	if err := b.list(); err != nil {
		return nil, err
	}
	return b, nil
}

// partName folds a path of the archive: programs write them in their own ways.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// list finds the sheets and reads the texts that cells share.
func (b *workbook) list() error {
	var book struct {
		Date struct {
			Since1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string `xml:"name,attr"`
			ID    string `xml:"id,attr"`
			State string `xml:"state,attr"`
		} `xml:"sheets>sheet"`
	}
	main := "xl/workbook.xml"
	if _, there := b.parts[main]; !there {
		for _, link := range b.links("") {
			if link.is("officeDocument") {
				main = link.to("")
			}
		}
	}
	if b.unmarshal(main, &book) != nil {
		return notXLSX()
	}
	b.since1904 = isTrue(book.Date.Since1904)
	links, texts, looks := map[string]link{}, "xl/sharedstrings.xml", "xl/styles.xml"
	for _, l := range b.links(main) {
		links[l.ID] = l
		switch {
		case l.is("sharedStrings"):
			texts = l.to(main)
		case l.is("styles"):
			looks = l.to(main)
		}
	}
	taken := map[string]bool{}
	for _, s := range book.Sheets {
		l := links[s.ID]
		if !l.is("worksheet") {
			continue // a chart
		}
		if len(b.tabs) == maxTabs {
			return beyond(0, 0, "this XLSX file holds more than %d sheets", maxTabs)
		}
		part := l.to(main)
		if taken[part] {
			return beyond(0, 0, "this XLSX file names one sheet twice")
		}
		taken[part] = true
		b.tabs = append(b.tabs, tab{Name: s.Name, Hidden: s.State != "" && s.State != "visible", part: part})
	}
	if len(b.tabs) == 0 {
		return notXLSX()
	}
	if err := b.readStyles(looks); err != nil {
		return err
	}
	return b.shared(texts)
}

// link leads from one part of the archive to another.
type link struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

func (l link) is(kind string) bool { return strings.HasSuffix(l.Type, "/"+kind) }

// to is the path that a link of a part leads to.
func (l link) to(from string) string {
	if strings.HasPrefix(l.Target, "/") || strings.HasPrefix(l.Target, `\`) {
		return partName(l.Target)
	}
	return partName(path.Join(path.Dir(from), strings.ReplaceAll(l.Target, `\`, "/")))
}

func (b *workbook) links(of string) []link {
	var list struct {
		List []link `xml:"Relationship"`
	}
	dir, file := path.Split(of)
	if b.unmarshal(dir+"_rels/"+file+".rels", &list) != nil {
		return nil
	}
	return list.List
}

// unmarshal reads a small part whole.
func (b *workbook) unmarshal(name string, into any) error {
	f, there := b.parts[partName(name)]
	if !there || f.UncompressedSize64 > maxBook {
		return notXLSX()
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	return decoder(r).Decode(into)
}

func decoder(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.CharsetReader = charset.NewReaderLabel
	return d
}

// piece bounds the bytes of one piece of XML. The decoder keeps a piece whole; of
// one with millions of attributes it would keep many times their size.
type piece struct {
	*bufio.Reader
	left int
}

func (p *piece) ReadByte() (byte, error) {
	if p.left--; p.left < 0 {
		return 0, ErrBound
	}
	return p.Reader.ReadByte()
}

func (p *piece) Read(to []byte) (int, error) {
	if p.left <= 0 {
		return 0, ErrBound
	}
	n, err := p.Reader.Read(to[:min(len(to), p.left)])
	p.left -= n
	return n, err
}

// tokens passes the XML of a part, piece by piece, and fails where it is damaged.
// There is no part of that name: nothing.
func (b *workbook) tokens(name string, use func(xml.Token) error) error {
	f, there := b.parts[partName(name)]
	if !there {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return notXLSX()
	}
	defer r.Close()
	pieces := &piece{Reader: bufio.NewReader(r)}
	d := decoder(pieces)
	for depth := 0; ; {
		pieces.left = maxPiece
		token, err := d.RawToken()
		if errors.Is(err, ErrBound) {
			return beyond(0, 0, "this XLSX file holds a value of more than %d MB", maxPiece>>20)
		}
		if errors.Is(err, io.EOF) && depth == 0 {
			return nil
		}
		if err != nil {
			return notXLSX()
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if err := use(token); err != nil {
			return err
		}
	}
}

// shared reads the texts that cells share.
func (b *workbook) shared(name string) error {
	var t text
	return b.tokens(name, func(token xml.Token) error {
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "si" {
				if len(b.strings) == b.bounds.Strings {
					return beyond(0, 0, "more than the %d different texts that are read", b.bounds.Strings)
				}
				t.reset()
			}
		case xml.EndElement:
			if e.Name.Local == "si" {
				b.strings = append(b.strings, t.String())
			}
		}
		t.take(token)
		return nil
	})
}

// text gathers what stands in the t elements of a text, in its runs also, but
// not how it is pronounced.
type text struct {
	b         strings.Builder
	inside    bool
	phonetics int
}

func (t *text) reset() { t.b.Reset(); t.inside, t.phonetics = false, 0 }

func (t *text) take(token xml.Token) {
	switch e := token.(type) {
	case xml.StartElement:
		switch e.Name.Local {
		case "rPh":
			t.phonetics++
		case "t":
			t.inside = t.phonetics == 0
		}
	case xml.CharData:
		if t.inside {
			t.b.Write(e)
		}
	case xml.EndElement:
		switch e.Name.Local {
		case "rPh":
			t.phonetics--
		case "t":
			t.inside = false
		}
	}
}

func (t *text) String() string { return unescape(t.b.String()) }

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape gives the characters that XML does not allow and the format writes by
// their numbers, _x000D_.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(code string) string {
		n, _ := strconv.ParseUint(code[2:6], 16, 16)
		return string(rune(n))
	})
}
