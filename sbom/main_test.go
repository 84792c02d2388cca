package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestTheBillOfMaterialsNamesAllThatIsShippedAndIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if err := write(out, "..", "1.2.3"); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two bills of the same sources differ")
	}
	var b bill
	if err := json.Unmarshal(first.Bytes(), &b); err != nil {
		t.Fatal(err)
	}
	there := map[string]component{}
	for _, c := range b.Components {
		there[c.Name] = c
		if c.Name != "std" && len(c.Hashes) == 0 {
			t.Errorf("%s has no checksum", c.Name)
		}
		if len(c.Licences) == 0 {
			t.Errorf("the licence of %s is not known", c.Name)
		}
	}
	// What the compiler wrote into the binary is the other witness.
	binary := filepath.Join(t.TempDir(), "ashar")
	build := exec.Command("go", "build", "-o", binary, "./cmd/ashar")
	build.Dir, build.Env = "..", append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range info.Deps {
		if c, ok := there[m.Path]; !ok || c.Version != m.Version {
			t.Errorf("the binary has %s %s, the bill %q", m.Path, m.Version, c.Version)
		}
	}
	if want := len(info.Deps) + 3; len(b.Components) != want || there["std"].Version == "" || there["jsqr"].Version == "" || there["uqr"].Version == "" {
		t.Errorf("the bill has %d parts, the binary %d modules, with the standard library, jsqr and uqr %d", len(b.Components), len(info.Deps), want)
	}
	if !slices.IsSortedFunc(b.Components, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) }) {
		t.Error("the parts are not in order")
	}
}

func TestTheBillKeepsToTheSchema(t *testing.T) {
	t.Parallel()
	schema := schemaOf(t)
	var out bytes.Buffer
	if err := write(&out, "..", "1.2.3"); err != nil {
		t.Fatal(err)
	}
	check := func(text string) error {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(value)
	}
	if err := check(out.String()); err != nil {
		t.Error(err)
	}
	// The test can fail.
	for old, changed := range map[string]string{
		`"bomFormat": "CycloneDX"`: `"bomFormat": "Cyclone"`, `"alg": "SHA-256"`: `"alg": "SHA-255"`, `"id": "MIT"`: `"id": "no licence"`, `"urn:uuid:`: `"urn:`,
		`"type": "library"`: `"type": "book"`,
	} {
		wrong := strings.ReplaceAll(out.String(), old, changed)
		if wrong == out.String() || check(wrong) == nil {
			t.Errorf("%s instead of %s is not noticed", changed, old)
		}
	}
}

func schemaOf(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	for _, name := range []string{"bom-1.5", "spdx", "jsf-0.82"} {
		file, err := os.Open(filepath.Join("testdata", name+".SNAPSHOT.schema.json"))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		value, err := jsonschema.UnmarshalJSON(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource("http://cyclonedx.org/schema/"+name+".SNAPSHOT.schema.json", value); err != nil {
			t.Fatal(err)
		}
	}
	compiler.AssertFormat()
	schema, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.5.SNAPSHOT.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestALicenceIsKnownByItsText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Permission is hereby granted, free of charge,\n to any person obtaining a copy":                        "MIT",
		"                                 Apache License\n                           Version 2.0, January 2004": "Apache-2.0",
		"Redistributions in binary form must reproduce the above copyright\n * notice":                          "BSD-2-Clause",
		"All rights reserved": "",
	} {
		if got := licenceOf(text); got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
}
