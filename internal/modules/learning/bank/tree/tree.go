// Package tree reads XML from strangers as trees: bounded in depth and size, without
// document types and the entities that these declare, each element with its line and column.
package tree

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/modules/learning/bank"
)

// Bounds of what is read.
const (
	Deepest   = 60
	MostNodes = 50_000 // of one tree
)

// Node is an element, or a text when it has no name. Names are without their namespaces.
type Node struct {
	Name         string
	Attr         map[string]string
	Text         string // of a text
	Children     []*Node
	Line, Column int
}

// Child gives the first child of a name, nil when there is none.
func (n *Node) Child(name string) *Node {
	if n != nil {
		for _, c := range n.Children {
			if c.Name == name {
				return c
			}
		}
	}
	return nil
}

// All gives the children of a name.
func (n *Node) All(name string) (out []*Node) {
	if n != nil {
		for _, c := range n.Children {
			if c.Name == name {
				out = append(out, c)
			}
		}
	}
	return out
}

// Words gives all text in an element, that of its children too; nothing for nil.
func (n *Node) Words() string {
	if n == nil {
		return ""
	}
	if n.Name == "" {
		return n.Text
	}
	var b strings.Builder
	for _, c := range n.Children {
		b.WriteString(c.Words())
	}
	return b.String()
}

// Get gives an attribute, empty when it is not there.
func (n *Node) Get(name string) string {
	if n == nil {
		return ""
	}
	return n.Attr[name]
}

// Each reads a file and gives its root, empty of children and with a child that is nil, and
// then with it each element in the root when that is whole. The error is a bank.Finding: what is not well-formed, has a document type, is
// too deep or too large. What was given before it stands.
func Each(raw []byte, yield func(root, child *Node)) error { return each(raw, MostNodes, yield) }

func each(raw []byte, most int, yield func(root, child *Node)) error {
	text, err := bank.Decode(raw)
	if err != nil {
		return err
	}
	s := scanner{text: text, line: 1, column: 1, most: most}
	s.xml = xml.NewDecoder(strings.NewReader(text))
	s.xml.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		return nil, s.wrong(fault.New(fault.Invalid, "learning.file.encoding", fault.Args{"encoding": bank.Brief(charset)}))
	}
	return s.read(yield)
}

// Whole reads a file as one tree of so many nodes at most.
func Whole(raw []byte, most int) (*Node, error) {
	var root *Node
	count := 0
	var large error
	err := each(raw, most, func(top, child *Node) {
		if root = top; child == nil {
			return
		}
		if count += child.size(); count > most {
			large = bank.Finding{Line: child.Line, Column: child.Column, Fault: fault.New(fault.TooLarge, "learning.file.too_deep")}
			return
		}
		top.Children = append(top.Children, child)
	})
	if err == nil {
		err = large
	}
	return root, err
}

func (n *Node) size() int {
	all := 1
	for _, c := range n.Children {
		all += c.size()
	}
	return all
}

type scanner struct {
	text         string
	xml          *xml.Decoder
	offset       int
	line, column int // of offset
	most         int // nodes of one tree
}

// wrong gives a fault at the place that was reached.
func (s *scanner) wrong(why *fault.Error) bank.Finding {
	return bank.Finding{Line: s.line, Column: s.column, Fault: why}
}

// reach moves the place to where the next token begins.
func (s *scanner) reach() {
	to := min(int(s.xml.InputOffset()), len(s.text))
	passed := s.text[s.offset:to]
	if n := strings.Count(passed, "\n"); n > 0 {
		s.line += n
		s.column = 1
		passed = passed[strings.LastIndexByte(passed, '\n')+1:]
	}
	s.column += utf8.RuneCountInString(passed)
	s.offset = to
}

func (s *scanner) read(yield func(root, child *Node)) error {
	var open []*Node
	var root *Node
	nodes := 0
	for {
		s.reach()
		token, err := s.xml.Token()
		var found bank.Finding
		switch {
		case errors.Is(err, io.EOF) && root != nil && len(open) == 0:
			return nil
		case errors.As(err, &found):
			return found
		case err != nil:
			s.reach()
			return s.wrong(fault.New(fault.Invalid, "learning.file.not_well_formed"))
		}
		switch token := token.(type) {
		case xml.Directive:
			return s.wrong(fault.New(fault.Invalid, "learning.file.document_type"))
		case xml.StartElement:
			if root != nil && len(open) == 0 {
				return s.wrong(fault.New(fault.Invalid, "learning.file.not_well_formed"))
			}
			n := &Node{Name: token.Name.Local, Line: s.line, Column: s.column}
			for _, a := range token.Attr {
				if n.Attr == nil {
					n.Attr = map[string]string{}
				}
				n.Attr[a.Name.Local] = a.Value
			}
			switch len(open) {
			case 0:
				root = n
				yield(root, nil)
			case 1:
				nodes = 0
			default:
				top := open[len(open)-1]
				top.Children = append(top.Children, n)
			}
			open = append(open, n)
			if nodes++; len(open) > Deepest || nodes > s.most {
				return s.wrong(fault.New(fault.TooLarge, "learning.file.too_deep"))
			}
		case xml.CharData:
			if len(open) > 1 {
				top := open[len(open)-1]
				top.Children = append(top.Children, &Node{Text: string(token), Line: s.line, Column: s.column})
				nodes++
			}
		case xml.EndElement:
			n := open[len(open)-1]
			if open = open[:len(open)-1]; len(open) == 1 {
				yield(root, n)
			}
		}
	}
}
