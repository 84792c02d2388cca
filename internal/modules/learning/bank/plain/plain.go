// Package plain gives what a text in HTML says, without it: questions of other programs are
// written in HTML, those of the bank are plain text. It names what was lost.
package plain

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// lines are the elements that begin and end a line; silent are the others that say nothing
// by themselves. All else is named when it is lost.
var (
	lines = map[atom.Atom]bool{
		atom.P: true, atom.Div: true, atom.Br: true, atom.Li: true, atom.Ul: true, atom.Ol: true, atom.Section: true, atom.Article: true,
		atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Tr: true, atom.Table: true, atom.Blockquote: true, atom.Pre: true, atom.Hr: true,
	}
	silent = map[atom.Atom]bool{
		atom.P: true, atom.Div: true, atom.Br: true, atom.Span: true, atom.Font: true, atom.Section: true, atom.Article: true, atom.Tbody: true, atom.Thead: true,
		atom.Html: true, atom.Body: true, atom.Head: true, atom.Tr: true, atom.Td: true, atom.Th: true,
	}
	unread = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Title: true, atom.Object: true, atom.Iframe: true, atom.Noscript: true, atom.Template: true}
)

// Text gives the words of a text in HTML: a line for each paragraph, item and row, "- "
// before an item, the alternative text of a picture in its place. lost names the elements,
// sorted, whose meaning is gone: emphasis, raised figures, pictures, tables, links.
func Text(source string) (text string, lost []string) {
	names := map[string]bool{}
	var out writer
	skipped := atom.Atom(0)
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if skipped == 0 {
				out.words(string(z.Raw())) // what looked like a tag and has no end
			}
			for name := range names {
				lost = append(lost, name)
			}
			slices.Sort(lost)
			return out.done(), lost
		case html.TextToken:
			if skipped == 0 {
				out.words(z.Token().Data)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if skipped != 0 {
				continue
			}
			if !silent[token.DataAtom] {
				names[strings.ToLower(token.Data)] = true
			}
			out.begins(token)
			if unread[token.DataAtom] && kind == html.StartTagToken {
				skipped = token.DataAtom
			}
		case html.EndTagToken:
			token := z.Token()
			switch {
			case skipped == token.DataAtom:
				skipped = 0
			case skipped == 0 && lines[token.DataAtom] && token.DataAtom != atom.Br:
				out.line()
			}
		}
	}
}

// writer gathers lines. Space in HTML is one space wherever it stands.
type writer struct {
	text   strings.Builder
	space  bool // one is due before the next word
	breaks int  // line breaks that are due before it
	begun  bool
}

// line begins a line, unless one has begun and nothing is on it.
func (w *writer) line() { w.breaks, w.space = max(w.breaks, 1), false }

func (w *writer) begins(token html.Token) {
	if lines[token.DataAtom] && token.DataAtom != atom.Br {
		w.line()
	}
	switch token.DataAtom {
	case atom.Br:
		w.breaks, w.space = w.breaks+1, false
	case atom.Li:
		w.words("- ")
	case atom.Td, atom.Th:
		if w.begun && w.breaks == 0 {
			w.words(" | ")
		}
	case atom.Img:
		for _, a := range token.Attr {
			if a.Key == "alt" {
				w.words(a.Val)
			}
		}
	}
}

func (w *writer) words(text string) {
	for i, word := range strings.FieldsFunc(text, space) {
		switch {
		case w.breaks > 0 && w.begun:
			w.text.WriteString(strings.Repeat("\n", w.breaks))
		case w.begun && (i > 0 || w.space || space(first(text))):
			w.text.WriteByte(' ')
		}
		w.text.WriteString(word)
		w.breaks, w.space, w.begun = 0, false, true
	}
	if text != "" && space(rune(text[len(text)-1])) {
		w.space = true
	}
}

func first(text string) rune { return rune(text[0]) }

// space tells the white space of HTML; a no-break space is a character like others.
func space(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

func (w *writer) done() string {
	return strings.TrimSpace(strings.ReplaceAll(w.text.String(), "\u00a0", " "))
}
