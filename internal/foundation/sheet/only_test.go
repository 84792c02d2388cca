package sheet_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is safe for a spreadsheet is decided in one place.
func TestNobodyElseWritesTables(t *testing.T) {
	t.Parallel()
	const here = "internal/foundation/sheet"
	root, files := os.DirFS("../../.."), 0
	for _, top := range []string{"internal", "cmd"} {
		err := fs.WalkDir(root, top, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || filepath.Dir(path) == here {
				return err
			}
			raw, err := fs.ReadFile(root, path)
			files++
			for _, own := range []string{"csv.NewWriter", "xuri/excelize", `"text/csv`} {
				if strings.Contains(string(raw), own) {
					t.Errorf("%s holds %s: tables are written by %s", path, own, here)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 300 {
		t.Errorf("only %d files were read", files)
	}
}
