package public

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Outside this room the type itself forbids it: its only field has a name that
// no other room can write.
func TestOnlyForStrangersMakesWhatStrangersMaySee(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set, found := token.NewFileSet(), 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if makesPublic(n) {
				found++
				if name != "strangers.go" {
					t.Errorf("%s makes something public past ForStrangers", set.Position(n.Pos()))
				}
			}
			return true
		})
	}
	if found != 1 {
		t.Errorf("Activity is made in %d places", found)
	}
}

// makesPublic reports whether a piece of code makes an Activity, or puts an activity into one.
func makesPublic(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CompositeLit: // Activity{a}, []Activity{{a}}
		if list, ok := n.Type.(*ast.ArrayType); ok {
			of, ok := list.Elt.(*ast.Ident)
			return ok && of.Name == "Activity" && slices.ContainsFunc(n.Elts, func(e ast.Expr) bool { _, bare := e.(*ast.CompositeLit); return bare })
		}
		of, ok := n.Type.(*ast.Ident)
		return ok && of.Name == "Activity"
	case *ast.AssignStmt: // p.activity = a
		return slices.ContainsFunc(n.Lhs, func(to ast.Expr) bool {
			s, ok := to.(*ast.SelectorExpr)
			return ok && s.Sel.Name == "activity"
		})
	case *ast.UnaryExpr: // &p.activity
		s, ok := n.X.(*ast.SelectorExpr)
		return ok && n.Op == token.AND && s.Sel.Name == "activity"
	}
	return false
}
