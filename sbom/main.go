// Command sbom prints the bill of materials of bin/ashar as CycloneDX 1.5: the Go
// modules whose code is in the binary, the standard library, and the npm packages
// whose code is in the front end, each with its licence where that is known.
//
//	go run ./sbom > bin/ashar.cdx.json
//
// It prints the same bytes for the same sources: no time, no random number.
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/web/assets/bundle"
)

func main() {
	root := flag.String("root", ".", "the folder of the sources")
	version := flag.String("version", "source", "the version of ashar")
	flag.Parse()
	if err := write(os.Stdout, *root, *version); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// bill is a CycloneDX document, as far as we fill it.
type bill struct {
	Schema       string       `json:"$schema"`
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Serial       string       `json:"serialNumber"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type     string    `json:"type"`
	Ref      string    `json:"bom-ref"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	Purl     string    `json:"purl,omitempty"`
	Hashes   []hash    `json:"hashes,omitempty"`
	Licences []licence `json:"licenses,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type licence struct {
	Licence struct {
		ID string `json:"id"`
	} `json:"license"`
}

type dependency struct {
	Ref  string   `json:"ref"`
	Deps []string `json:"dependsOn,omitempty"`
}

func write(out io.Writer, root, version string) error {
	b := bill{Schema: "http://cyclonedx.org/schema/bom-1.5.schema.json", Format: "CycloneDX", Spec: "1.5", Version: 1}
	b.Metadata.Component = component{Type: "application", Ref: "ashar", Name: "ashar", Version: version}
	modules, err := goModules(root)
	if err != nil {
		return err
	}
	packages, err := frontEnd(root)
	if err != nil {
		return err
	}
	b.Components = append(modules, packages...)
	slices.SortFunc(b.Components, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })
	all := dependency{Ref: "ashar"}
	for _, c := range b.Components {
		all.Deps = append(all.Deps, c.Ref)
	}
	b.Dependencies = []dependency{all}
	// The number of the document is made of what it says.
	text, err := json.Marshal(b)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // a UUID of version 8, of the RFC's kind
	b.Serial = fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(b)
}

// goModules lists the modules of which the binary has code.
func goModules(root string) ([]component, error) {
	list := exec.Command("go", "list", "-deps", "-json=Module", "./cmd/ashar")
	list.Dir, list.Stderr = root, os.Stderr
	// What is in the binary for Linux is what is shipped, wherever the list is made.
	list.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	raw, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("list the modules: %w", err)
	}
	type module struct {
		Path, Version, Dir, Sum string
		Main                    bool
		Replace                 *module
	}
	sums, err := sumsOf(filepath.Join(root, "go.sum"))
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	var out []component
	for decoder := json.NewDecoder(strings.NewReader(string(raw))); ; {
		var of struct{ Module *module }
		if err := decoder.Decode(&of); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		m := of.Module
		if m == nil || m.Main || seen[m.Path] {
			continue
		}
		seen[m.Path] = true
		if m.Replace != nil {
			m = m.Replace
		}
		c := component{Type: "library", Name: m.Path, Version: m.Version, Purl: "pkg:golang/" + m.Path + "@" + m.Version, Licences: licencesIn(m.Dir)}
		c.Ref = c.Purl
		if sum := sums[m.Path+" "+m.Version]; sum != "" {
			c.Hashes = []hash{{"SHA-256", sum}}
		}
		out = append(out, c)
	}
	version, err := goVersion(root)
	if err != nil {
		return nil, err
	}
	std := component{Type: "library", Name: "std", Version: version, Purl: "pkg:golang/std@" + version, Licences: known("BSD-3-Clause")}
	std.Ref = std.Purl
	return append(out, std), nil
}

// goVersion is that of go.mod, with which the binary is built.
func goVersion(root string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", err
	}
	found := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(raw)
	if found == nil {
		return "", fmt.Errorf("go.mod names no version of Go")
	}
	return string(found[1]), nil
}

// sumsOf reads the checksums of modules, as hexadecimal digits.
func sumsOf(path string) (map[string]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		f := strings.Fields(line)
		if len(f) != 3 || strings.HasSuffix(f[1], "/go.mod") || !strings.HasPrefix(f[2], "h1:") {
			continue
		}
		sum, err := base64.StdEncoding.DecodeString(f[2][3:])
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, f[0], err)
		}
		out[f[0]+" "+f[1]] = hex.EncodeToString(sum)
	}
	return out, nil
}

// frontEnd lists the npm packages that the front end imports.
func frontEnd(root string) ([]component, error) {
	raw, err := os.ReadFile(filepath.Join(root, "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version, License, Integrity string
			Dependencies                map[string]string
		}
	}
	if err := json.Unmarshal(raw, &lock); err != nil {
		return nil, fmt.Errorf("package-lock.json: %w", err)
	}
	queue, err := bundle.Packages(root)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for _, name := range queue {
		wanted[name] = true
	}
	var out []component
	for ; len(queue) > 0; queue = queue[1:] {
		p, ok := lock.Packages["node_modules/"+queue[0]]
		if !ok {
			return nil, fmt.Errorf("package-lock.json has no %s, which the front end imports", queue[0])
		}
		for name := range p.Dependencies {
			if !wanted[name] {
				wanted[name] = true
				queue = append(queue, name)
			}
		}
		c := component{Type: "library", Name: queue[0], Version: p.Version, Purl: "pkg:npm/" + strings.Replace(queue[0], "@", "%40", 1) + "@" + p.Version, Licences: known(p.License)}
		c.Ref = c.Purl
		if sum, ok := strings.CutPrefix(p.Integrity, "sha512-"); ok {
			raw, err := base64.StdEncoding.DecodeString(sum)
			if err != nil {
				return nil, fmt.Errorf("package-lock.json: %s: %w", queue[0], err)
			}
			c.Hashes = []hash{{"SHA-512", hex.EncodeToString(raw)}}
		}
		out = append(out, c)
	}
	return out, nil
}

func known(ids ...string) (out []licence) {
	for _, id := range ids {
		if id == "" {
			continue
		}
		var l licence
		l.Licence.ID = id
		out = append(out, l)
	}
	return out
}
