package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// command runs one command line and gives what it says.
func command(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, console{&o, &e})
	return code, o.String(), e.String()
}

func TestAFileIsImportedOnceAndABadOneNamesTheLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := write("good.yaml", "programme:\n  slug: p\n  name: {en: P}\nactivities:\n  - {slug: a, kind: publication, title: {en: A}}\n")
	bad := write("bad.yaml", "programme:\n  slug: p\n  name: {en: P}\nactivities:\n  - {slug: a, kind: party, title: {en: A}}\n")
	persons := write("people.csv", "full name;phone\nАсанова Өмүркан Үсөн кызы;0555 12 34 56\nBad Phone;8 555 12 34 56\n")
	questions := write("kenesh.gift", "::Кеңеш::Кеңешти ким шайлайт? {=Калк ~Президент}\n\n::Мөөнөт::Канча жылга? {#5}\n")
	half := write("half.gift", "::Кеңеш::Кеңешти ким шайлайт? {=Калк ~Президент}\n\n::Жарым::Бул суроо {=бүткөн эмес\n")
	other := write("other.gift", "\xd1\xf3\xf0\xee\xee {T}\n")
	for _, c := range []struct {
		args      []string
		code      int
		out, errs string
	}{
		{[]string{"import", "questions", questions, "--data", data, "--dry-run"}, 0, "GIFT, read as ky: new 2, changed 0, same 0, kept 0, left out 0 (dry run: nothing was written)", ""},
		{[]string{"import", "questions", questions, "--data", data}, 0, "new 2, changed 0, same 0", ""},
		{[]string{"import", "questions", questions, "--data", data}, 0, "new 0, changed 0, same 2", ""},
		{[]string{"import", "questions", half, "--data", data}, 1, "new 0, changed 0, same 1, kept 0, left out 1", "half.gift: line 3, column "},
		{[]string{"import", "questions", other, "--data", data}, 1, "", "other.gift: line 1, column 1: The file is not in UTF-8"},
		{[]string{"import", "questions", questions, "--language", "kz", "--data", data}, 2, "", "--language"},
		{[]string{"import", "programme", good, "--data", data, "--dry-run"}, 0, "new 2, changed 0, same 0 (dry run: nothing was written)", ""},
		{[]string{"import", "programme", good, "--data", data}, 0, "new 2, changed 0, same 0", ""},
		{[]string{"import", "programme", good, "--data", data}, 0, "new 0, changed 0, same 2", ""},
		{[]string{"import", "programme", bad, "--data", data}, 1, "", "bad.yaml: line 5: activity a: kind"},
		{[]string{"import", "programme", filepath.Join(dir, "none.yaml"), "--data", data}, 1, "", "none.yaml"},
		{[]string{"import", "people", persons, "--data", data}, 1, "rows 2, new 1, known 0, bad 1", "people.csv: row 3, column 2 (phone): "},
		{[]string{"import", "people", persons, "--data", data}, 1, "rows 2, new 0, known 1, bad 1", ""},
		{[]string{"person", "export", "nobody", "--data", data}, 1, "", "is not an id"},
		{[]string{"person", "erase", "01a2045a-6bb2-7989-b26d-9e80efcdd31c", "--data", data}, 1, "", "--yes"},
		{[]string{"person", "erase", "01a2045a-6bb2-7989-b26d-9e80efcdd31c", "--yes", "--data", data}, 1, "", "ashar: "},
		{[]string{"import"}, 2, "", "ashar --help"},
	} {
		code, out, errs := command(t, c.args...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(errs, c.errs) {
			t.Errorf("%v: exit %d, want %d\nstdout: %s\nstderr: %s", c.args, code, c.code, out, errs)
		}
	}
}

func TestABackupFillsAnEmptyInstallationAndNoOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	plan := filepath.Join(dir, "plan.yaml")
	if err := os.WriteFile(plan, []byte("programme:\n  slug: p\n  name: {en: P}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	archive := filepath.Join(dir, "backup.ashar")
	step := func(want int, args ...string) {
		t.Helper()
		if code, out, errs := command(t, args...); code != want {
			t.Fatalf("%v: exit %d, want %d\n%s%s", args, code, want, out, errs)
		}
	}
	step(0, "import", "programme", plan, "--data", first)
	kept := filepath.Join("files", "materials", "agenda.pdf")
	agenda := bytes.Repeat([]byte("%PDF a page of the agenda\n"), 40_000) // more than one piece
	if err := os.MkdirAll(filepath.Dir(filepath.Join(first, kept)), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(first, kept), agenda, 0o600); err != nil {
		t.Fatal(err)
	}
	step(0, "backup", archive, "--data", first, "--backup-key", "correct horse")
	if err := os.MkdirAll(second, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"secret.key", "erased"} {
		step(1, "restore", archive, "--data", second, "--backup-key", "correct horse") // not without both
		body, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(second, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	step(1, "restore", archive, "--data", second, "--backup-key", "wrong")
	step(0, "restore", archive, "--data", second, "--backup-key", "correct horse")
	step(1, "restore", archive, "--data", second, "--backup-key", "correct horse")
	code, out, _ := command(t, "import", "programme", plan, "--data", second)
	if code != 0 || !strings.Contains(out, "same 1") {
		t.Errorf("the restored installation does not hold the programme: %d %s", code, out)
	}
	if back, err := os.ReadFile(filepath.Join(second, kept)); err != nil || !bytes.Equal(back, agenda) {
		t.Errorf("the uploaded file came back with %d bytes of %d: %v", len(back), len(agenda), err)
	}
}
