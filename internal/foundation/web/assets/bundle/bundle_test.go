package bundle_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"platforma.kg/ashar/internal/foundation/web/assets/bundle"
)

func TestTheCommittedFilesAreFresh(t *testing.T) {
	t.Parallel()
	files, err := bundle.Build(filepath.Join("..", "..", "..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join("..", "dist")
	const mend = "run: go run ./internal/foundation/web/assets/build"
	for name, want := range files {
		if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is stale; %s", name, mend)
		}
	}
	kept, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range kept {
		if _, built := files[f.Name()]; !built {
			t.Errorf("%s is not built from anything; %s", f.Name(), mend)
		}
	}
}

func TestABuildIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..", "..", "..")
	one, err := bundle.Build(root)
	if err != nil {
		t.Fatal(err)
	}
	two, err := bundle.Build(root)
	if err != nil {
		t.Fatal(err)
	}
	for name := range one {
		if !bytes.Equal(one[name], two[name]) {
			t.Errorf("%s differs", name)
		}
	}
}
