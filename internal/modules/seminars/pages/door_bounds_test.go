package pages

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// TestABatchIsTakenUpToItsBoundsAndRefusedWholeBeyond sends what is just taken and one
// more of it: then nothing is kept, and it is said in the language of who asks.
func TestABatchIsTakenUpToItsBoundsAndRefusedWholeBeyond(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		scans := func(kind string, n int) (list []wire) {
			for i := range n {
				list = append(list, g.scan(fmt.Sprintf("%s-%06d", kind, i), 0).with("kind", "out", "code", "no code"))
			}
			return list
		}
		filled := func(kind string, bytes int) string { // a field that nobody reads fills it up
			body := batchOf(t, scans(kind, 3)...)
			return strings.Replace(body, `{`, `{"note":"`+strings.Repeat("x", bytes-len(body)-len(`"note":"",`))+`",`, 1)
		}
		const most = 4 << 20
		if len(filled("size", most)) != most {
			t.Fatal("the batch has another size")
		}
		for name, v := range map[string]struct {
			at, beyond string
			kept       int
			status     int
			code       string
			says       map[i18n.Language]string
		}{
			"scans": {
				batchOf(t, scans("count", 2000)...), batchOf(t, scans("beyond", 2001)...), 2000, 422, "seminars.fault.json",
				map[i18n.Language]string{i18n.Kyrgyz: "эң көп 2000", i18n.Russian: "не больше 2000", i18n.English: "at most 2000"},
			},
			"bytes": {
				filled("size", most), filled("larger", most+1), 3, 413, "fault.too_large",
				map[i18n.Language]string{i18n.Kyrgyz: "4 МБга чейин", i18n.Russian: "не больше 4 МБ", i18n.English: "at most 4 MB"},
			},
		} {
			before := count(t, g.m, `SELECT COUNT(*) FROM scan`)
			status, _, answer := g.upload(desk, v.at)
			if kept := count(t, g.m, `SELECT COUNT(*) FROM scan`) - before; status != http.StatusOK || kept != v.kept {
				t.Errorf("%s at the bound: %d, %d kept of %d, %.200s", name, status, kept, v.kept, answer)
			}
			before = count(t, g.m, `SELECT COUNT(*) FROM scan`)
			for lang, says := range v.says {
				status, header, answer := g.upload(asker{staff: desk.staff, lang: string(lang)}, v.beyond)
				var p struct{ Code, Detail string }
				if err := json.Unmarshal(answer, &p); err != nil || status != v.status || p.Code != v.code || !strings.Contains(p.Detail, says) || header.Get("Content-Type") != "application/problem+json" {
					t.Errorf("%s beyond the bound, %s: %d %s, %v", name, lang, status, answer, err)
				}
			}
			if kept := count(t, g.m, `SELECT COUNT(*) FROM scan`) - before; kept != 0 {
				t.Errorf("%s beyond the bound: %d are kept", name, kept)
			}
		}
	})
}

// TestEachFieldOfAScanHasABound holds the lengths and the times, at the bound and beyond.
func TestEachFieldOfAScanHasABound(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		nonce := func(n int) string { return strings.Repeat("n", n) }
		dated := func(at time.Time) string { return at.Format(time.RFC3339Nano) }
		ahead := c.Now().Add(10 * time.Minute)
		cases := []struct {
			scan wire
			want string
		}{
			{g.scan(nonce(8), 0), "accepted"},
			{g.scan(nonce(7), 0), "refused malformed"},
			{g.scan(nonce(64), 0), "already_in already_in"},
			{g.scan(nonce(65), 0), "refused malformed"},
			{g.scan("code-at-bound", 0).with("code", strings.Repeat("A", 512)), "unknown no_ticket"},
			{g.scan("code-beyond", 0).with("code", strings.Repeat("A", 513)), "refused malformed"},
			{g.scan("code-of-letters", 0).with("code", strings.Repeat("й", 256)), "unknown no_ticket"},
			{g.scan("code-of-more", 0).with("code", strings.Repeat("й", 256)+"A"), "refused malformed"},
			{g.scan("event-long", 0).with("event", strings.Repeat("o", 100_000)), "refused wrong_event"},
			{g.scan("ahead-at-bound", 0).with("kind", "out", "at", dated(ahead)), "accepted"},
			{g.scan("ahead-beyond", 0).with("at", dated(ahead.Add(time.Microsecond))), "refused future"},
			{g.scan("year-before", 0).with("at", "1999-12-31T23:59:59Z"), "refused malformed"},
			{g.scan("year-first", 0).with("at", "2000-01-01T00:00:00Z"), "refused too_early"},
			{g.scan("year-last", 0).with("at", "2200-12-31T23:59:59Z"), "refused future"},
			{g.scan("year-beyond", 0).with("at", "2201-01-01T00:00:00Z"), "refused malformed"},
		}
		scans, unkept := []wire{}, 0
		for _, v := range cases {
			scans = append(scans, v.scan)
			if v.want == "refused malformed" {
				unkept++
			}
		}
		for i, got := range g.said(desk, scans...) {
			if got != cases[i].want {
				t.Errorf("%.80v: %q, want %q", cases[i].scan, got, cases[i].want)
			}
		}
		if kept := count(t, g.m, `SELECT COUNT(*) FROM scan`); kept != len(cases)-unkept {
			t.Errorf("%d of %d scans are kept, %d are malformed", kept, len(cases), unkept)
		}
	})
}
