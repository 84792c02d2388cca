package files

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
)

func TestOfAPDFTheAuthorGoesAndTheRestStaysInItsPlace(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`<</Author (Aigul \(A.\) Asanova)/Title (Agenda)>>`:                  `<</Author (                    )/Title (Agenda)>>`,
		`<</Author(Aigul (A.) Asanova)/Title(A)>>`:                           `<</Author(                  )/Title(A)>>`,
		`<</Author <FEFF0410> /Company (NGO)>>`:                              `<</Author <        > /Company (   )>>`,
		`<dc:creator><rdf:Seq><rdf:li>A</rdf:li></rdf:Seq></dc:creator><b/>`: `<dc:creator>                                     </dc:creator><b/>`,
		`/Author 5 0 R`: `/Author 5 0 R`,
		`nothing`:       `nothing`,
	} {
		if got := string(anonymous([]byte(raw))); got != want {
			t.Errorf("%s\n gives %q\n want  %q", raw, got, want)
		}
	}
}

func TestAPDFWithoutItsAuthorIsStillRead(t *testing.T) {
	t.Parallel()
	pdf := fpdf.New("P", "mm", "A5", "")
	pdf.SetAuthor("Aigul Asanova", false)
	pdf.SetTitle("Agenda", false)
	pdf.AddPage()
	pdf.SetFont("Helvetica", "", 12)
	pdf.Cell(40, 10, "Hello")
	var b bytes.Buffer
	if err := pdf.Output(&b); err != nil {
		t.Fatal(err)
	}
	c, err := Clean(t.Context(), bytes.NewReader(b.Bytes()), Answer)
	if err != nil || len(c.Data) != b.Len() || !bytes.Contains(b.Bytes(), []byte("Aigul")) || bytes.Contains(c.Data, []byte("Aigul")) {
		t.Fatalf("%d bytes of %d: %v", len(c.Data), b.Len(), err)
	}
	if testing.Short() {
		return // make check asks for no other program
	}
	reader, err := exec.LookPath("pdfinfo")
	if err != nil {
		t.Fatal("pdfinfo reads what was blanked: install poppler-utils, as make test does")
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, c.Data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), reader, path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Agenda") || strings.Contains(string(out), "Syntax") {
		t.Errorf("%v: %s", err, out)
	}
}

func FuzzAnonymous(f *testing.F) {
	f.Add([]byte("/Author (a)"))
	f.Add([]byte("<dc:creator>a</dc:creator>/Company <AB>"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := bytes.Clone(raw)
		if got := anonymous(raw); len(got) != len(raw) || !bytes.Equal(before, raw) {
			t.Errorf("%d bytes became %d", len(raw), len(got))
		}
	})
}
