// Package pictures draws the pictures of docs/ from the files in docs/examples.
package pictures

import (
	"bytes"
	"flag"
	"fmt"
	"html"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write docs/pictures again")

const docs = "../../../../docs/"

// The colours of the house, on white.
const (
	ink   = "#1E1B18"
	quiet = "#6B645C"
	line  = "#D9D2C6"
	blue  = "#14537A"
	red   = "#A32B22"
	green = "#2E6B3A"
	sand  = "#F3EDE2"
)

// drawing is an SVG in the making.
type drawing struct{ bytes.Buffer }

func draw(width, height int, title, description string) *drawing {
	d := &drawing{}
	fmt.Fprintf(d, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="title text" font-family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif" font-size="14">`+"\n", width, height, width, height)
	fmt.Fprintf(d, "<title id=\"title\">%s</title>\n<desc id=\"text\">%s</desc>\n", html.EscapeString(title), html.EscapeString(description))
	fmt.Fprintf(d, `<rect width="%d" height="%d" fill="#FFFFFF"/>`+"\n", width, height)
	return d
}

func (d *drawing) line(x1, y1, x2, y2 float64, colour string, width float64, dashes string) {
	fmt.Fprintf(d, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s" stroke-width="%g"`, x1, y1, x2, y2, colour, width)
	if dashes != "" {
		fmt.Fprintf(d, ` stroke-dasharray="%s"`, dashes)
	}
	d.WriteString("/>\n")
}

func (d *drawing) box(x, y, width, height float64, fill, stroke string) {
	fmt.Fprintf(d, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="3" fill="%s" stroke="%s"/>`+"\n", x, y, width, height, fill, stroke)
}

func (d *drawing) dot(x, y, radius float64, fill, stroke string) {
	fmt.Fprintf(d, `<circle cx="%.1f" cy="%.1f" r="%g" fill="%s" stroke="%s" stroke-width="2"/>`+"\n", x, y, radius, fill, stroke)
}

// text is placed by anchor: start, middle or end.
func (d *drawing) text(x, y float64, anchor, colour, words string) {
	fmt.Fprintf(d, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>`+"\n", x, y, anchor, colour, html.EscapeString(words))
}

// heading is text in bold.
func (d *drawing) heading(x, y float64, words string) {
	fmt.Fprintf(d, `<text x="%.1f" y="%.1f" fill="%s" font-size="17" font-weight="600">%s</text>`+"\n", x, y, ink, html.EscapeString(words))
}

// fresh compares the picture with the committed one, or writes it.
func (d *drawing) fresh(t *testing.T, name string) {
	t.Helper()
	d.WriteString("</svg>\n")
	path := docs + "pictures/" + name
	if *update {
		if err := os.WriteFile(path, d.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, d.Bytes()) {
		t.Errorf("%s is stale: go test ./internal/app/analysis/pictures -update", name)
	}
}
