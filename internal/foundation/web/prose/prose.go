// Package prose turns what people write in Markdown (CommonMark) into HTML: paragraphs,
// headings, lists, quotes, emphasis and links. What would be HTML of the writer's own, a
// picture, or a link that is no web page, mail or number, does not come through.
package prose

import (
	"bytes"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// MostBytes bounds what is turned at once.
const MostBytes = 400_000

// first is the level of the highest heading: the page has its own above it. Whatever signs
// the writer takes, a heading below another is one level lower, so that none is missing.
const first = 2

// schemes are those of links that come through, empty for a page of this site.
var schemes = []string{"", "http", "https", "mailto", "tel"}

var markdown = goldmark.New(goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(tame{}, 100))))

// mostSigns bounds how often each sign of signs stands in a text. What it costs to find the
// pairs of a sign grows with the square of how many there are.
const mostSigns = 1_000

// signs are those that open something.
const signs = "*_[]()`<>~!#\\"

// Heavy reports whether a text has so many of one sign that it is no text of people: it is
// not turned, and HTML shows it as it is written.
func Heavy(source string) bool {
	for _, sign := range signs {
		if strings.Count(source, string(sign)) > mostSigns {
			return true
		}
	}
	return false
}

// HTML gives the HTML of a text. An error for what is longer than MostBytes.
func HTML(source string) (string, error) {
	if len(source) > MostBytes {
		return "", errLong
	}
	if Heavy(source) {
		return "<p>" + html.EscapeString(source) + "</p>\n", nil
	}
	var out bytes.Buffer
	err := markdown.Convert([]byte(source), &out)
	return out.String(), err
}

type proseError string

func (e proseError) Error() string { return string(e) }

const errLong proseError = "prose: the text is too long"

// tame takes out what people may not write, and lowers headings.
type tame struct{}

// Transform is called by the parser once for each text.
func (tame) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var gone []ast.Node
	open := []int{}                                                             // the levels, as written, of the headings that this one stands below
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it never fails: no step does
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			for len(open) > 0 && open[len(open)-1] >= n.Level {
				open = open[:len(open)-1]
			}
			open = append(open, n.Level)
			n.Level = min(first+len(open)-1, 6)
		case *ast.Image:
			gone = append(gone, n)
		case *ast.RawHTML, *ast.HTMLBlock:
			gone = append(gone, n)
		case *ast.Link:
			if !allowed(n.Destination) {
				gone = append(gone, n)
			}
		case *ast.AutoLink:
			if n.AutoLinkType == ast.AutoLinkURL && !allowed(n.URL(reader.Source())) {
				n.Parent().InsertBefore(n.Parent(), n, ast.NewString(n.Label(reader.Source())))
				gone = append(gone, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range gone {
		parent := n.Parent()
		if parent == nil {
			continue
		}
		for child := n.FirstChild(); child != nil; { // its words stay
			next := child.NextSibling()
			parent.InsertBefore(parent, n, child)
			child = next
		}
		parent.RemoveChild(parent, n)
	}
}

func allowed(destination []byte) bool {
	u, err := url.Parse(string(destination))
	return err == nil && u.User == nil && slices.Contains(schemes, u.Scheme) && (u.Scheme != "" || u.Host == "")
}
