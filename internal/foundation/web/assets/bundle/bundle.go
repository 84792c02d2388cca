// Package bundle makes the files that a browser gets from the sources in
// web/css and web/ts. It is used by the builder and by the test that the
// committed files are fresh; the program itself holds only what it made.
package bundle

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
)

// Build bundles every web/css/*.css and web/ts/*.ts of the repository at root;
// folders below them hold the parts. The result maps file names to contents:
// "main-K3J2….css" and so on, "static" files of web/static under their own
// names, and "manifest.json", from a source's name to its file.
func Build(root string) (map[string][]byte, error) {
	absolute, entries, err := sources(root)
	if err != nil {
		return nil, err
	}
	entries, files, manifest, err := keep(absolute, entries)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		EntryPoints:       entries,
		AbsWorkingDir:     absolute,
		Outdir:            filepath.Join(absolute, "out"),
		Outbase:           filepath.Join(absolute, "web"),
		EntryNames:        "[name]-[hash]",
		Bundle:            true,
		Format:            api.FormatESModule,
		Target:            api.ES2020,
		Loader:            map[string]api.Loader{".svg": api.LoaderDataURL},
		Charset:           api.CharsetUTF8,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LegalComments:     api.LegalCommentsNone,
		// The browsers that hold most of Kyrgyzstan's phones, three years back.
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "105"},
			{Name: api.EngineSafari, Version: "15.4"},
			{Name: api.EngineFirefox, Version: "110"},
		},
	})
	if err := refused(result); err != nil {
		return nil, err
	}
	for _, f := range result.OutputFiles {
		name := filepath.Base(f.Path)
		ext := filepath.Ext(name)
		source, _, _ := cutLast(strings.TrimSuffix(name, ext), "-")
		if other, twice := manifest[source+ext]; twice {
			return nil, fmt.Errorf("bundle: %s and %s have one name", other, name)
		}
		manifest[source+ext] = name
		files[name] = f.Contents
	}
	text, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	files["manifest.json"] = append(text, '\n')
	return files, nil
}

// Packages are the packages of npm whose code the sources in web/css and web/ts
// import, in order of their names, without those that these need in turn. It looks
// at the sources alone; the packages need not be installed.
func Packages(root string) ([]string, error) {
	absolute, entries, err := sources(root)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var names []string
	result := api.Build(api.BuildOptions{
		EntryPoints:   entries,
		AbsWorkingDir: absolute,
		Outdir:        filepath.Join(absolute, "out"),
		Bundle:        true,
		Loader:        map[string]api.Loader{".svg": api.LoaderDataURL},
		Plugins: []api.Plugin{{Name: "packages", Setup: func(build api.PluginBuild) {
			build.OnResolve(api.OnResolveOptions{Filter: `^[^./]`}, func(of api.OnResolveArgs) (api.OnResolveResult, error) {
				if of.Kind == api.ResolveEntryPoint || strings.Contains(of.Path, ":") || filepath.IsAbs(of.Path) {
					return api.OnResolveResult{}, nil
				}
				mu.Lock()
				defer mu.Unlock()
				names = append(names, packageOf(of.Path))
				return api.OnResolveResult{Path: of.Path, External: true}, nil
			})
		}}},
	})
	if err := refused(result); err != nil {
		return nil, err
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// packageOf is the package of what is imported: "a/b" is of a, "@a/b/c" of @a/b.
func packageOf(path string) string {
	parts := strings.SplitN(path, "/", 3)
	if strings.HasPrefix(path, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

// sources are the files that are bundled, each on its own.
func sources(root string) (absolute string, entries []string, err error) {
	if absolute, err = filepath.Abs(root); err != nil {
		return "", nil, err
	}
	for _, pattern := range []string{"web/css/*.css", "web/ts/*.ts"} {
		found, err := filepath.Glob(filepath.Join(absolute, pattern))
		if err != nil {
			return "", nil, err
		}
		for _, f := range found {
			if !strings.HasSuffix(f, ".d.ts") && !strings.HasSuffix(f, ".test.ts") {
				entries = append(entries, f)
			}
		}
	}
	slices.Sort(entries)
	if len(entries) == 0 {
		return "", nil, fmt.Errorf("bundle: no sources under %s", filepath.Join(absolute, "web"))
	}
	return absolute, entries, nil
}

// refused says what the bundler found wrong, nil when nothing.
func refused(result api.BuildResult) error {
	if len(result.Errors) == 0 {
		return nil
	}
	lines := api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage})
	return fmt.Errorf("bundle: %s", strings.Join(lines, ""))
}

// packaged are the sources that bundle a package of npm.
var packaged = map[string]string{"qr.ts": "jsqr", "qr_draw.ts": "uqr"}

// keep takes out of the entries those whose package is not installed, and gives
// the committed files in their place: building needs Go alone.
func keep(root string, entries []string) (build []string, files map[string][]byte, manifest map[string]string, err error) {
	files, manifest = map[string][]byte{}, map[string]string{}
	folder := filepath.Join(root, "internal", "foundation", "web", "assets", "dist")
	for _, entry := range entries {
		name, needed := packaged[filepath.Base(entry)]
		if !needed {
			build = append(build, entry)
			continue
		}
		if _, err := os.Stat(filepath.Join(root, "node_modules", name, "package.json")); err == nil {
			build = append(build, entry)
			continue
		}
		raw, err := os.ReadFile(filepath.Join(folder, "manifest.json"))
		if err != nil {
			return nil, nil, nil, fmt.Errorf("bundle: %w", err)
		}
		committed := map[string]string{}
		if err := json.Unmarshal(raw, &committed); err != nil {
			return nil, nil, nil, fmt.Errorf("bundle: %w", err)
		}
		source := strings.TrimSuffix(filepath.Base(entry), ".ts") + ".js"
		made := committed[source]
		if made == "" {
			return nil, nil, nil, fmt.Errorf("bundle: %s needs the package %s: run npm ci", filepath.Base(entry), name)
		}
		if files[made], err = os.ReadFile(filepath.Join(folder, made)); err != nil {
			return nil, nil, nil, fmt.Errorf("bundle: %w", err)
		}
		manifest[source] = made
	}
	return build, files, manifest, nil
}

// Write puts the built files into a folder, and removes there what is no longer built.
func Write(folder string, files map[string][]byte) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	old, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, f := range old {
		if _, stays := files[f.Name()]; !stays {
			if err := os.Remove(filepath.Join(folder, f.Name())); err != nil {
				return err
			}
		}
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
