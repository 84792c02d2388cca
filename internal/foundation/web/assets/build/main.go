// Command build makes internal/foundation/web/assets/dist from web/css and
// web/ts. Run it in the root of the repository:
//
//	go run ./internal/foundation/web/assets/build
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"platforma.kg/ashar/internal/foundation/web/assets/bundle"
)

func main() {
	files, err := bundle.Build(".")
	if err == nil {
		err = bundle.Write(filepath.Join("internal", "foundation", "web", "assets", "dist"), files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		fmt.Fprintf(os.Stderr, "%7d %s\n", len(files[name]), name)
	}
}
