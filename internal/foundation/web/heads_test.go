package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// TestOnlyTheHeadsOfPartsAreCleaned sends values that look like heads and boundaries,
// cut into reads of any length: each arrives as it was sent.
func TestOnlyTheHeadsOfPartsAreCleaned(t *testing.T) {
	t.Parallel()
	d := newDoor(t, uploadRoutes()...)
	rapid.Check(t, func(rt *rapid.T) {
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{"\r\n", "\n", "\r", "--", "between-two-part", "--between-two-partsx", "\x01", "\x7f", "\x00", "x", "a: b", " ", "\t"}), 0, 12)
		content := strings.Join(pieces.Draw(rt, "content"), "")
		name := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"\x01", "\x1f", "\x7f", "\x00", "a", "й", "."}), 0, 6).Draw(rt, "name"), "")
		body := "--between-two-parts\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"p" + name + "\"\r\n\r\n" + content +
			"\r\n--between-two-parts \t\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nАйгүл\r\n--between-two-parts--\r\n"
		req := httptest.NewRequest("POST", "/ky/upload", strings.NewReader(body))
		req.Header.Set("Content-Type", "multipart/form-data; boundary=between-two-parts")
		switch rapid.IntRange(0, 2).Draw(rt, "reads") {
		case 0:
			req.Body = http.NoBody
			req = httptest.NewRequest("POST", "/ky/upload", iotest.OneByteReader(strings.NewReader(body)))
		case 1:
			req = httptest.NewRequest("POST", "/ky/upload", iotest.HalfReader(strings.NewReader(body)))
		}
		req.Header.Set("Content-Type", "multipart/form-data; boundary=between-two-parts")
		w := httptest.NewRecorder()
		d.ServeHTTP(w, req)
		last := content[max(0, len(content)-1):]
		seen := strings.NewReplacer("\x01", "", "\x1f", "", "\x7f", "", "\x00", "").Replace("p" + name)
		if want := fmt.Sprintf("[name Айгүл][photo %s %d %d %q]", seen, len(content), len(content), last); w.Code != http.StatusOK || w.Body.String() != want {
			rt.Errorf("%d %.200s\n want %s", w.Code, w.Body, want)
		}
	})
}
