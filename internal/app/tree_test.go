package app

import (
	"bufio"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// drawn reads a tree of folders, two spaces for each level: "name/ what it is".
func drawn(text string) (folders []string) {
	var at []string
	for line := range strings.Lines(text) {
		name := strings.TrimLeft(line, " ")
		level := (len(line) - len(name)) / 2
		name, _, is := strings.Cut(name, "/")
		if !is || level > len(at) {
			continue
		}
		at = append(at[:level:level], name)
		folders = append(folders, path.Join(at...))
	}
	return folders
}

// roomLines lists the folders with Go in them and those above them, and the lines of each.
func roomLines(t *testing.T, root string) map[string]int {
	t.Helper()
	lines := map[string]int{}
	err := fs.WalkDir(os.DirFS(root), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "testdata" {
			return fs.SkipDir
		}
		goes := strings.HasSuffix(file, ".go")
		if d.IsDir() || !goes && !strings.HasSuffix(file, ".templ") {
			return nil
		}
		for dir := path.Dir(file); dir != "."; dir = path.Dir(dir) {
			lines[dir] += 0
		}
		if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
			return nil
		}
		in, err := os.Open(filepath.Join(root, file))
		if err != nil {
			return err
		}
		defer in.Close()
		scan := bufio.NewScanner(in)
		for scan.Scan() {
			lines[path.Dir(file)]++
		}
		return scan.Err() // a line that is too long to be read is not the end of the file
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestTheTreeThatIsDrawnIsTheTreeThatStands(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tree, _ := strings.Cut(string(raw), "\n## The tree\n")
	tree, _, _ = strings.Cut(strings.TrimPrefix(tree, "```\n"), "\n```\n")
	paper := drawn(tree)
	stands := slices.Sorted(maps.Keys(roomLines(t, "..")))
	for i := range stands {
		stands[i] = path.Join("internal", stands[i])
	}
	stands = append(stands, "internal", "cmd", "cmd/ashar")
	for _, folder := range stands {
		if !slices.Contains(paper, folder) {
			t.Errorf("%s stands and is not drawn in docs/architecture.md", folder)
		}
	}
	for i, folder := range paper {
		if !slices.Contains(stands, folder) {
			t.Errorf("%s is drawn in docs/architecture.md and does not stand", folder)
		}
		if slices.Contains(paper[:i], folder) {
			t.Errorf("%s is drawn twice", folder)
		}
	}
	if got := drawn("a/ one\n  b/ two\n    c/\nd/ three\nno folder\n"); !slices.Equal(got, []string{"a", "a/b", "a/b/c", "d"}) {
		t.Errorf("a tree is read as %v", got)
	}
}
