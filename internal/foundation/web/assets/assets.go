// Package assets holds the style sheet and the scripts as the browser gets
// them, built from web/css and web/ts by the command in the folder build. Their
// names carry a hash of their content, so that a browser keeps them for good.
package assets

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

//go:embed dist
var dist embed.FS

// Prefix is the address under which the files are served.
const Prefix = "/assets/"

var manifest = sync.OnceValues(func() (map[string]string, error) {
	raw, err := fs.ReadFile(dist, "dist/manifest.json")
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	return names, json.Unmarshal(raw, &names)
})

// Path gives the address of a built file by the name of its source, "main.css",
// "find.js" for web/ts/find.ts.
func Path(name string) (string, error) {
	names, err := manifest()
	if err != nil {
		return "", fmt.Errorf("assets: %w", err)
	}
	file, ok := names[name]
	if !ok {
		return "", fmt.Errorf("assets: there is no %s", name)
	}
	return Prefix + file, nil
}

// Content gives a built file by the name of its source.
func Content(name string) ([]byte, error) {
	path, err := Path(name)
	if err != nil {
		return nil, err
	}
	raw, err := fs.ReadFile(dist, "dist/"+strings.TrimPrefix(path, Prefix))
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	return raw, nil
}

// Files lists the built files by name with their content.
func Files() (map[string][]byte, error) {
	names, err := manifest()
	if err != nil {
		return nil, fmt.Errorf("assets: %w", err)
	}
	out := make(map[string][]byte, len(names))
	for _, file := range names {
		raw, err := fs.ReadFile(dist, "dist/"+file)
		if err != nil {
			return nil, fmt.Errorf("assets: %w", err)
		}
		out[file] = raw
	}
	return out, nil
}
