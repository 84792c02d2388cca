package kit_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web/assets"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

func compressed(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

func TestTheLayoutKeepsItsBudget(t *testing.T) {
	t.Parallel()
	files, err := assets.Files()
	if err != nil {
		t.Fatal(err)
	}
	whole := 0
	for name, raw := range files {
		if !strings.HasPrefix(name, "main-") {
			// An island of its own: 8 kB each. The QR decoder is a library that
			// comes when the door's camera starts, where the browser has none.
			most := 8
			if strings.HasPrefix(name, "qr-") {
				most = 48
			}
			if n := compressed(t, raw); n > most<<10 {
				t.Errorf("%s: %d bytes compressed, more than %d kB", name, n, most)
			}
			continue
		}
		n := compressed(t, raw)
		t.Logf("%s: %d bytes, %d compressed", name, len(raw), n)
		if strings.HasSuffix(name, ".css") && n > 8<<10 {
			t.Errorf("the style sheet has %d bytes compressed, more than 8 kB", n)
		}
		whole += n
	}
	var b bytes.Buffer
	if err := kit.Page(request(printers(t), i18n.Kyrgyz), kit.Meta{Title: "Башкы бет"}).Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	n := compressed(t, b.Bytes())
	t.Logf("an empty page: %d bytes, %d compressed; first flight %d", b.Len(), n, whole+n)
	// Half of the first flight of 14 kB is left to what the page says.
	if whole+n > 9<<10 {
		t.Errorf("style, script and an empty page are %d bytes compressed, more than 9 kB", whole+n)
	}
}
