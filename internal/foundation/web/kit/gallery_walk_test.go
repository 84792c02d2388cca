package kit_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit/gallery"
)

// sources reads the Go files of a folder, without tests.
func sources(t *testing.T, folder string) (out []*ast.File) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no sources in %s: %v", folder, err)
	}
	set := token.NewFileSet()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, file)
	}
	return out
}

// components are the functions of the kit that give something to draw.
func components(t *testing.T) (out []string) {
	t.Helper()
	for _, file := range sources(t, ".") {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !f.Name.IsExported() || f.Type.Results == nil || len(f.Type.Results.List) != 1 {
				continue
			}
			if s, ok := f.Type.Results.List[0].Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Component" {
				out = append(out, f.Name.Name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// calls tells of each function of the gallery which parts of the kit it reaches.
type calls map[string]ast.Node

func (c calls) reach(n ast.Node, seen map[string]bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "kit" {
				seen["kit."+n.Sel.Name] = true
			}
		case *ast.Ident:
			if body, own := c[n.Name]; own && !seen[n.Name] {
				seen[n.Name] = true
				c.reach(body, seen)
			}
		}
		return true
	})
}

// Whole pages are shown by a part of the gallery as a whole, and a flash by the page that
// comes after its button.
var whole = map[string]string{"Page": "page", "ErrorPage": "trouble", "Flash": ""}

// Every part of the kit is in the gallery, under its own name. Who adds a part to the kit
// adds it there.
func TestTheGalleryShowsEveryPartOfTheKit(t *testing.T) {
	t.Parallel()
	c := calls{}
	files := sources(t, "gallery")
	for _, file := range files {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
				c[f.Name.Name] = f.Body
			}
		}
	}
	shown := map[string]bool{}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if f, ok := call.Fun.(*ast.Ident); !ok || f.Name != "of" || len(call.Args) != 3 {
				return true
			}
			name, err := strconv.Unquote(call.Args[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			reached := map[string]bool{}
			c.reach(call.Args[2], reached)
			if _, other := whole[name]; !other && !reached["kit."+name] {
				t.Errorf("what the gallery calls %s draws no kit.%[1]s", name)
			}
			shown[name] = true
			return true
		})
	}
	for name, by := range whole {
		reached := map[string]bool{}
		if body := c[by]; body != nil {
			c.reach(body, reached)
		}
		if by != "" && !reached["kit."+name] {
			t.Errorf("%s does not show kit.%s", by, name)
		}
		shown[name] = true
	}
	// What is on a page is what the page says.
	said := map[string]bool{}
	for _, part := range gallery.Parts() {
		for _, m := range componentMark.FindAllStringSubmatch(galleryPage(t, i18n.English, part), -1) {
			said[m[1]] = true
			shown[m[1]] = true
		}
	}
	all := components(t)
	if len(all) < 30 {
		t.Fatalf("only %d parts were found: %v", len(all), all)
	}
	for _, name := range all {
		if _, other := whole[name]; !other && !said[name] {
			t.Errorf("kit.%s is not in the gallery", name)
		}
	}
	for name := range shown {
		if !slices.Contains(all, name) {
			t.Errorf("the gallery shows %s, which the kit does not have", name)
		}
	}
}

var componentMark = regexp.MustCompile(`data-component="([A-Za-z]+)"`)

func galleryPage(t *testing.T, l i18n.Language, part string) string {
	t.Helper()
	c, err := i18n.Load(web.Texts(), gallery.Texts())
	if err != nil {
		t.Fatal(err)
	}
	page := gallery.Page(request(c, l), part)
	if page == nil {
		t.Fatalf("there is no part %q", part)
	}
	return drawn(t, page)
}

// Each page of the gallery is sound markup, whose words are all there. With
// ASHAR_GALLERY=folder the pages are left there to be looked at.
func TestEveryPageOfTheGalleryIsSoundInThreeLanguages(t *testing.T) {
	t.Parallel()
	for _, l := range i18n.Languages {
		for _, part := range append([]string{""}, gallery.Parts()...) {
			page := galleryPage(t, l, part)
			for _, wrong := range Audit(page) {
				t.Errorf("%s, %s: %s", l, part, wrong)
			}
			for _, prefix := range []string{"[web.", "[fault.", "[style."} {
				if i := strings.Index(page, prefix); i >= 0 {
					t.Errorf("%s, %s: a text is missing: %s", l, part, page[i:min(len(page), i+40)])
				}
			}
			if folder := os.Getenv("ASHAR_GALLERY"); folder != "" {
				leave(t, folder, string(l)+"-"+part, page)
			}
		}
	}
}
