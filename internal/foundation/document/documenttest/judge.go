package documenttest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Judge fails the test for each PDF that breaks a rule of PDF/UA-1 or PDF/A-2a, or of which
// qpdf or poppler complain. The names are for the messages; many files at once cost little
// more than one.
func Judge(t *testing.T, files map[string][]byte) {
	t.Helper()
	if testing.Short() {
		t.Skip("make check asks no other program; make test does")
	}
	if len(files) == 0 {
		t.Fatal("no file to judge")
	}
	dir := t.TempDir()
	names := map[string]string{}
	var list strings.Builder
	for name, content := range files {
		file := filepath.Join(dir, strings.NewReplacer("/", "_", " ", "_").Replace(name)+".pdf")
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
		names[file] = name
		list.WriteString(file + "\n")
		silent(t, name, "qpdf", "--check", file)
		silent(t, name, "pdfinfo", "-struct-text", file)
	}
	root := top(t)
	class := filepath.Join(root, "bin", "verapdf")
	if _, err := os.Stat(filepath.Join(class, "Judge.class")); err != nil {
		t.Fatal("veraPDF is not there: scripts/need verapdf gets it")
	}
	judge := exec.CommandContext(t.Context(), "java", "-XX:TieredStopAtLevel=1", "-cp", filepath.Join(class, "lib", "*")+string(os.PathListSeparator)+class, "Judge")
	judge.Stdin = strings.NewReader(list.String())
	var complaint bytes.Buffer
	judge.Stderr = &complaint
	said, err := judge.Output()
	if err != nil {
		t.Fatalf("veraPDF: %v\n%s", err, complaint.String())
	}
	kept := 0
	name := ""
	for line := range strings.Lines(string(said)) {
		line = strings.TrimRight(line, "\n")
		if rule, is := strings.CutPrefix(line, "\t"); is {
			t.Errorf("%s: %s", name, rule)
			continue
		}
		flavour, rest, _ := strings.Cut(line, " ")
		verdict, file, _ := strings.Cut(rest, " ")
		name = names[file]
		if verdict == "kept" {
			kept++
		} else {
			t.Errorf("%s breaks %s", name, flavour)
		}
	}
	if want := 2 * len(files); kept != want && !t.Failed() {
		t.Errorf("veraPDF judged %d times, expected %d", kept, want)
	}
}

// silent fails the test when a program ends with an error or complains of a file.
func silent(t *testing.T, name, program string, args ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, args...)
	var complaint bytes.Buffer
	command.Stderr = &complaint
	if err := command.Run(); err != nil || complaint.Len() > 0 {
		t.Errorf("%s: %s: %v\n%s", name, program, err, complaint.String())
	}
}

// Text gives what pdftotext reads in a PDF, from the first of its pages to the last.
func Text(t *testing.T, pdf []byte, args ...string) string {
	t.Helper()
	return read(t, pdf, "pdftotext", append(append([]string{"-enc", "UTF-8"}, args...), "FILE", "-"))
}

// Structure gives the tree of a PDF with its texts in the order of reading.
func Structure(t *testing.T, pdf []byte) string {
	t.Helper()
	return read(t, pdf, "pdfinfo", []string{"-struct-text", "FILE"})
}

func read(t *testing.T, pdf []byte, program string, args []string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("make check asks no other program; make test does")
	}
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.CommandContext(t.Context(), program, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return string(out)
}

// top finds the folder of the module.
func top(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, miss := os.Stat(filepath.Join(dir, "go.mod")); miss == nil {
			return dir
		}
		above := filepath.Dir(dir)
		if above == dir {
			break
		}
		dir = above
	}
	t.Fatal("no module above the test")
	return ""
}
