package bundle_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

func TestAPackageIsWhatTheSourcesImportAndNothingThatTheyOnlyWrite(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"web/css/main.css": `@import "fonts-of-css/all.css"; .a { background: url("data:image/png;base64,AAAA") }`,
		"web/ts/main.ts": `import jsQR from "jsqr";
import type { Shape } from "only-types";
import { part } from "./parts/part";
import "@scope/name/deep";
// import x from "in-a-comment";
type Key = Pick<{ from: string; import: string }, "import" | "from" | "minutes">;
const text = 'import y from "in-a-text"';
export default [jsQR, part, text] as (Shape | Key)[];
export const late = () => import("when-needed");`,
		"web/ts/parts/part.ts": `export { part } from "of-a-part";`,
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := bundle.Packages(root)
	want := []string{"@scope/name", "fonts-of-css", "jsqr", "of-a-part", "when-needed"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("the packages are %q (%v), not %q", got, err, want)
	}
	if err := os.WriteFile(filepath.Join(root, "web", "ts", "main.ts"), []byte("import {"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := bundle.Packages(root); err == nil || !strings.Contains(err.Error(), "main.ts:1") {
		t.Errorf("a source that is none is refused with %v", err)
	}
}
