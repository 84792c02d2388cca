package pages

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/offline"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// boxes gives the public key of boxes in the pack of a device.
func (d *device) boxes() string {
	raw, err := json.Marshal(d.pack.Rules)
	if err != nil {
		d.g.t.Fatal(err)
	}
	var rules door.PackRules
	if err := json.Unmarshal(raw, &rules); err != nil || rules.Box == "" {
		d.g.t.Fatalf("no key of boxes in the pack: %v", err)
	}
	return rules.Box
}

func closed(t *testing.T, public, nonce, text string) string {
	t.Helper()
	box, err := offline.CloseBox(public, nonce, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// TestACodeInABoxIsJudgedAsOneThatIsSent sends codes that a phone has kept closed: each gets a
// result of its own, and a box that does not open changes nothing and is not kept.
func TestACodeInABoxIsJudgedAsOneThatIsSent(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 2)
		key, _ := g.enrol(t, "osh")
		phone := &device{g: g, who: asker{cookie: key}}
		phone.ask("osh")
		other := &device{g: g, who: asker{staff: "coordinator"}}
		other.ask("naryn")
		public := phone.boxes()
		if public == other.boxes() {
			t.Fatal("two doors have one key")
		}
		boxed := func(nonce, text string) wire {
			return g.scan(nonce, 0).with("code", "", "box", closed(t, public, nonce, text))
		}
		good := boxed("boxed-0001", g.codes[0])
		whole := good["box"].(string)
		bent := "A" + whole[1:90] + "_" + whole[91:]
		if whole[90] == '_' {
			bent = whole[:90] + "-" + whole[91:]
		}
		long := func(n int) string { return strings.Repeat("x", n) }
		for _, v := range []struct {
			is   string
			scan wire
			want string
			kept int
		}{
			{"cut", good.with("box", whole[:len(whole)-4]), "refused closed_box", 0},
			{"bent", good.with("box", bent), "refused closed_box", 0},
			{"no box at all", good.with("box", "nonsense"), "refused closed_box", 0},
			{"of another record", good.with("nonce", "boxed-0002"), "refused closed_box", 0},
			{"of another door", good.with("box", closed(t, other.boxes(), "boxed-0001", g.codes[0])), "refused closed_box", 0},
			{"with a code beside it", good.with("code", g.codes[0]), "refused malformed", 0},
			{"with a row beside it", good.with("ticket", "AAAAAAAAAAAAAAAA"), "refused malformed", 0},
			{"of an undo", good.with("kind", "undo"), "refused malformed", 0},
			{"longer than a box is", good.with("box", long(offline.LongestBox+1)), "refused malformed", 0},
			{"as long as a box is", good.with("box", long(offline.LongestBox)), "refused closed_box", 0},
			{"a text as long as a code", boxed("boxed-0003", long(door.LongestCode)), "unknown no_ticket", 1},
			{"a longer text", boxed("boxed-0004", long(door.LongestCode+1)), "refused closed_box", 0},
			{"whole, whatever came before", good, "accepted ", 1},
			{"once more", good, "duplicate accepted", 0},
			{"the same person once more", boxed("boxed-0005", g.codes[0]), "already_in already_in", 1},
			{"a code of nobody", boxed("boxed-0006", "2222-2222"), "unknown no_ticket", 1},
			{"nothing", boxed("boxed-0007", ""), "unknown no_ticket", 1},
			{"too early by its own time", boxed("boxed-0008", g.codes[1]).with("at", g.osh.Starts.Add(-seats.TicketGrace-time.Minute).Format(time.RFC3339)), "refused too_early", 1},
		} {
			before := count(t, g.m, `SELECT COUNT(*) FROM scan`)
			status, _, raw := g.upload(phone.who, batchOf(t, v.scan))
			var answer struct{ Results []map[string]string }
			if err := json.Unmarshal(raw, &answer); err != nil || status != http.StatusOK || len(answer.Results) != 1 {
				t.Fatalf("%s: %d %s", v.is, status, raw)
			}
			r := answer.Results[0]
			if got := r["result"] + " " + r["reason"]; got != v.want {
				t.Errorf("%s: %q, want %q", v.is, got, v.want)
			}
			if row := phone.key().Name("row", g.apps[0].ID[:]); (r["row"] == row) != (r["result"] == "accepted" || r["result"] == "already_in" || r["result"] == "duplicate") {
				t.Errorf("%s: the row is %q", v.is, r["row"])
			}
			if n := count(t, g.m, `SELECT COUNT(*) FROM scan`) - before; n != v.kept {
				t.Errorf("%s: %d scans are kept, want %d", v.is, n, v.kept)
			}
		}
		if stateOf(t, g.m, g.apps[0].ID).State != seats.Attended || stateOf(t, g.m, g.apps[1].ID).State == seats.Attended {
			t.Error("not she alone is in whose code was in a box")
		}
	})
}

// TestABatchHoldsSoManyBoxesAndNoMore sends the most that is taken, and one more: then nothing
// is kept, and it is said in the language of who asks.
func TestABatchHoldsSoManyBoxesAndNoMore(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		d := &device{g: g, who: asker{staff: "coordinator"}}
		d.ask("osh")
		batch := func(kind string, n int) string {
			var list []wire
			for i := range n {
				nonce := fmt.Sprintf("%s-%06d", kind, i)
				list = append(list, g.scan(nonce, 0).with("code", "", "box", closed(t, d.boxes(), nonce, "no code")))
			}
			return batchOf(t, list...)
		}
		if status, _, answer := g.upload(d.who, batch("most", 200)); status != http.StatusOK || strings.Count(string(answer), "no_ticket") != 200 {
			t.Errorf("at the bound: %d %.200s", status, answer)
		}
		before := count(t, g.m, `SELECT COUNT(*) FROM scan`)
		for lang, says := range map[i18n.Language]string{i18n.Kyrgyz: "эң көп 200", i18n.Russian: "не больше 200", i18n.English: "At most 200"} {
			status, _, answer := g.upload(asker{staff: "coordinator", lang: string(lang)}, batch("beyond", 201))
			if status != http.StatusUnprocessableEntity || !strings.Contains(string(answer), says) {
				t.Errorf("beyond it, in %s: %d %s", lang, status, answer)
			}
		}
		if n := count(t, g.m, `SELECT COUNT(*) FROM scan`) - before; n != 0 {
			t.Errorf("%d of a batch that was refused are kept", n)
		}
	})
}
