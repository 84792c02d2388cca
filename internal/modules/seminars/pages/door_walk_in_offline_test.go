package pages

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// TestAWalkInWhoWasTakenInWithNoNetworkIsRegisteredOnce sends what a phone has kept closed: she
// is registered and in once, by the time of her record, whatever is repeated; what cannot be
// taken is answered for itself, keeps nobody else out and leaves no name.
func TestAWalkInWhoWasTakenInWithNoNetworkIsRegisteredOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		key, _ := g.enrol(t, "osh")
		phone := &device{g: g, who: asker{cookie: key}}
		phone.ask("osh")
		other := &device{g: g, who: asker{staff: "coordinator"}}
		other.ask("naryn")
		came := g.osh.Starts.Add(10 * time.Minute)
		c.Set(g.osh.Starts.Add(2 * time.Hour))
		told := func(change ...string) string {
			answers := map[string][]string{"name": {"Мамбетова Бегимай"}, "phone": {"+996 555 010203"}, "sex": {"female"}, "processing": {"on"}}
			for i := 0; i+1 < len(change); i += 2 {
				answers[change[i]] = []string{change[i+1]}
			}
			raw, err := json.Marshal(map[string]any{"lang": "ky", "answers": answers})
			if err != nil {
				t.Fatal(err)
			}
			return string(raw)
		}
		walk := func(nonce, text string) wire {
			return wire{"nonce": nonce, "code": "", "event": "osh", "at": came.Format(time.RFC3339), "kind": "in", "walk_in": closed(t, phone.boxes(), nonce, text)}
		}
		good := walk("walked-0001", told())
		for _, v := range []struct {
			is, want      string
			scan          wire
			people, scans int
		}{
			{"of another door", "refused closed_box", good.with("walk_in", closed(t, other.boxes(), "walked-0001", told())), 0, 0},
			{"of another record", "refused closed_box", good.with("nonce", "walked-0009"), 0, 0},
			{"no form", "refused closed_box", walk("walked-0002", "no form"), 0, 0},
			{"with a code beside it", "refused malformed", good.with("code", g.codes[0]), 0, 0},
			{"of a door that is not there", "refused wrong_event", good.with("event", "atlantis"), 0, 0},
			{"the day before", "refused too_early", walk("walked-0003", told()).with("at", g.osh.Starts.Add(-25*time.Hour).Format(time.RFC3339)), 0, 1},
			{"without her consent", "refused malformed", walk("walked-0004", told("processing", "")), 0, 1},
			{"whole", "accepted ", good, 1, 1},
			{"once more", "duplicate accepted", good, 0, 0},
			// The last seat is taken: her application stays, as where there is a network.
			{"with a number that can be none", "refused full", walk("walked-0005", told("name", "Жумабаева Нур", "phone", "12")), 1, 1},
			// Her record must not be lost by the clock of a phone: it is dated by when it arrives.
			{"later than now", "refused full", walk("walked-0007", told("name", "Асанова Гүлнур")).with("at", c.Now().Add(time.Hour).Format(time.RFC3339)), 1, 1},
		} {
			persons, scans := count(t, g.m, `SELECT COUNT(*) FROM person`), count(t, g.m, `SELECT COUNT(*) FROM scan`)
			status, _, raw := g.upload(phone.who, batchOf(t, v.scan, g.scan("beside-"+strings.ReplaceAll(v.is, " ", "-"), 0).with("kind", "out", "at", came.Format(time.RFC3339))))
			var answer struct{ Results []map[string]string }
			if err := json.Unmarshal(raw, &answer); err != nil || status != http.StatusOK || len(answer.Results) != 2 {
				t.Fatalf("%s: %d %s", v.is, status, raw)
			}
			r := answer.Results[0]
			if got := r["result"] + " " + r["reason"]; got != v.want {
				t.Errorf("%s: %q, want %q", v.is, got, v.want)
			}
			if (r["row"] != "") != (strings.Contains(v.want, "accepted") || v.want == "refused full") {
				t.Errorf("%s: the row is %q", v.is, r["row"])
			}
			if answer.Results[1]["result"] != "accepted" {
				t.Errorf("%s: the scan behind it is %v", v.is, answer.Results[1])
			}
			if n := count(t, g.m, `SELECT COUNT(*) FROM person`) - persons; n != v.people {
				t.Errorf("%s: %d people are made, want %d", v.is, n, v.people)
			}
			if n := count(t, g.m, `SELECT COUNT(*) FROM scan`) - scans - 1; n != v.scans {
				t.Errorf("%s: %d scans are kept, want %d", v.is, n, v.scans)
			}
		}
		if n := count(t, g.m, `SELECT COUNT(*) FROM attendance WHERE first_in = $1`, storage.Micros(came)); n != 1 {
			t.Errorf("%d came at the time of the record, want 1", n)
		}
		// In one moment from two sides it is one person.
		persons := count(t, g.m, `SELECT COUNT(*) FROM person`)
		twice := batchOf(t, walk("walked-0006", told("name", "Токтосунова Айсалкын")))
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { g.upload(phone.who, twice) })
		}
		both.Wait()
		if n := count(t, g.m, `SELECT COUNT(*) FROM person`) - persons; n != 1 {
			t.Errorf("%d people of one record", n)
		}
	})
}
