package webtest

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Form gives what a browser sends of a form of a page when nothing was typed into it: its fields
// wherever they stand, without any button. The test fails when there is no such form.
func Form(t testing.TB, page, id string) url.Values {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	out, found := url.Values{}, false
	var walk func(n *html.Node, form string)
	walk = func(n *html.Node, form string) {
		if n.Type == html.ElementNode {
			if n.Data == "form" {
				form = attr(n, "id")
				found = found || form == id
			}
			owner := form
			if has(n, "form") {
				owner = attr(n, "form")
			}
			if name := attr(n, "name"); owner == id && name != "" && !has(n, "disabled") {
				if value, sends := sent(n); sends {
					out.Add(name, value)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, form)
		}
	}
	walk(doc, "")
	if !found {
		t.Fatalf("the page has no form %q", id)
	}
	return out
}

// sent is the value that a field sends; a button and what is not ticked send nothing.
func sent(n *html.Node) (string, bool) {
	switch n.Data {
	case "input":
		switch attr(n, "type") {
		case "submit", "button", "file":
			return "", false
		case "checkbox", "radio":
			if !has(n, "value") {
				return "on", has(n, "checked")
			}
			return attr(n, "value"), has(n, "checked")
		}
		return attr(n, "value"), true
	case "textarea":
		return text(n), true
	case "select":
		return selected(n)
	}
	return "", false
}

// selected is the option of a select that is chosen, else its first.
func selected(n *html.Node) (value string, some bool) {
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && n.Data == "option" {
			v := text(n)
			if has(n, "value") {
				v = attr(n, "value")
			}
			if !some || has(n, "selected") {
				value, some = v, true
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return value, some
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func text(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
