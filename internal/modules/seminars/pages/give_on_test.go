package pages

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// lost is a phone at the door of Osh that keeps what it reads and cannot send it.
type lost struct {
	*device
	t    *testing.T
	mark string
	kept []wire
}

// openLost lets a phone in and gives it its pack.
func openLost(t *testing.T, g gate) (l *lost, id string) {
	t.Helper()
	key, id := g.enrol(t, "osh")
	l = &lost{device: &device{g: g, who: asker{cookie: key}}, t: t}
	l.ask("osh")
	l.mark = l.key().Name("device", nil)
	return l, id
}

// reads keeps that the ticket of a guest was read.
func (l *lost) reads(nonce string, guest int, at time.Time) {
	l.t.Helper()
	row, _ := l.row(l.g.codes[guest])
	if row == nil {
		l.t.Fatalf("the ticket of guest %d is not in the pack", guest)
	}
	l.keeps(nonce, "in", "ticket", fmt.Sprint(row[0]), at)
}

func (l *lost) keeps(nonce, kind, field, says string, at time.Time) {
	l.kept = append(l.kept, wire{"nonce": nonce, "kind": kind, "event": "osh", "code": "", "at": at.UTC().Format(time.RFC3339Nano), "field": field, field: says, "ms": at.UnixMilli()})
}

// sent are scans as the phone itself would send them.
func (l *lost) sent(scans ...wire) (out []wire) {
	for _, s := range scans {
		s = maps.Clone(s)
		if s["field"] == "undo" {
			s["code"] = s["undo"]
		}
		delete(s, "field")
		delete(s, "undo")
		delete(s, "ms")
		out = append(out, s)
	}
	return out
}

// box closes scans as a box of a parcel.
func (l *lost) box(scans ...wire) string {
	l.t.Helper()
	list := [][]any{}
	for _, s := range scans {
		list = append(list, []any{s["nonce"], s["kind"], s["field"], s[fmt.Sprint(s["field"])], s["ms"]})
	}
	raw, err := json.Marshal(map[string]any{"by": l.mark, "scans": list})
	if err != nil {
		l.t.Fatal(err)
	}
	return closed(l.t, l.boxes(), "parcel 1", string(raw))
}

// parcel is what a phone writes into a file.
func parcel(event string, boxes ...string) []byte {
	p := door.Parcel{Version: door.ParcelVersion, Event: event, Boxes: boxes}
	p.Sum = door.SumOf(p)
	raw, _ := json.Marshal(p)
	return raw
}

// brings posts a file at the page of giving on and gives its lines.
func (b *browser) brings(raw []byte, lang string) (status int, lines string) {
	b.t.Helper()
	status, page, _ := b.send("/"+lang+"/door/osh/give", nil, "file", "ashar.json", bytes.NewReader(raw))
	_, page, _ = strings.Cut(page, "data-given")
	page, _, _ = strings.Cut(page, "</ul>")
	for line := range strings.SplitSeq(page, "<li>") {
		if text, _, ok := strings.Cut(line, "</li>"); ok {
			lines += text + "\n"
		}
	}
	return status, lines
}

// A phone finds no network all day. Another brings what it has kept; what it sends itself later is
// there already, and so is what is brought once more.
func TestWhatALostPhoneHasKeptIsTakenInOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 6)
		phone, _ := openLost(t, g)
		other, _ := g.enrol(t, "osh")
		when := g.osh.Starts.Add(10 * time.Minute)
		for i := range 4 {
			phone.reads(fmt.Sprintf("lost-phone-%04d", i), i, when.Add(time.Duration(i)*time.Minute))
		}
		phone.keeps("lost-undo-0001", "undo", "undo", "lost-phone-0003", when.Add(5*time.Minute))
		phone.keeps("lost-boxed-001", "in", "box", closed(t, phone.boxes(), "lost-boxed-001", g.codes[4]), when.Add(6*time.Minute))
		phone.keeps("lost-nobody-01", "in", "box", closed(t, phone.boxes(), "lost-nobody-01", "https://example.org/"), when.Add(6*time.Minute))
		walk, _ := json.Marshal(map[string]any{"lang": "ky", "answers": map[string][]string{"name": {"Мамбетова Бегимай"}, "sex": {"female"}, "processing": {"on"}}})
		phone.keeps("lost-walk-0001", "in", "walk_in", closed(t, phone.boxes(), "lost-walk-0001", string(walk)), when.Add(7*time.Minute))
		c.Set(g.osh.Starts.Add(3 * time.Hour))

		bring := &browser{t: t, base: g.url, jar: map[string]string{doorCookie: other}}
		raw := parcel("osh", phone.box(phone.kept[:5]...), phone.box(phone.kept[5:]...))
		status, said := bring.brings(raw, "en")
		if want := "Taken in: 7.\nRefused: 1. Why: There is no such ticket.\n"; status != http.StatusOK || said != want {
			t.Fatalf("%d %q, want %q", status, said, want)
		}
		check := func(where string) {
			t.Helper()
			for i, came := range []bool{true, true, true, false, true, false} {
				if got := count(t, g.m, `SELECT COUNT(*) FROM application WHERE id = $1 AND state = 'attended'`, g.apps[i].ID) == 1; got != came {
					t.Errorf("%s: guest %d came: %v", where, i, got)
				}
			}
			if n := count(t, g.m, `SELECT COUNT(*) FROM scan`); n != 8 {
				t.Errorf("%s: %d scans, want 8", where, n)
			}
			if n := count(t, g.m, `SELECT COUNT(*) FROM scan WHERE given = TRUE`); n != 8 {
				t.Errorf("%s: %d scans were brought, want 8", where, n)
			}
			if n := count(t, g.m, `SELECT COUNT(*) FROM attendance WHERE first_in = $1`, storage.Micros(when)); n != 1 {
				t.Errorf("%s: nobody came at the time of the record", where)
			}
		}
		check("brought")
		if status, said = bring.brings(raw, "en"); status != http.StatusOK || said != "Taken in: 0.\nThere already: 8.\n" {
			t.Errorf("once more: %d %q", status, said)
		}
		// By file, of the staff, in the other languages.
		staff := &browser{t: t, base: g.url, staff: true}
		if _, said = staff.brings(raw, "ru"); said != "Принято: 0.\nУже были в системе: 8.\n" {
			t.Errorf("in Russian: %q", said)
		}
		if _, said = staff.brings(raw, "ky"); said != "Кабыл алынды: 0.\nМурун эле бар болчу: 8.\n" {
			t.Errorf("in Kyrgyz: %q", said)
		}
		for i, s := range g.said(phone.who, phone.sent(phone.kept...)...) {
			if !strings.HasPrefix(s, "duplicate") {
				t.Errorf("record %d, sent by the phone itself: %s", i, s)
			}
		}
		check("sent by itself as well")
		if n := count(t, g.m, `SELECT COUNT(*) FROM audit_entry WHERE action = 'seminars.audit.given'`); n == 0 {
			t.Error("no log says that a parcel was brought")
		}
		// In one moment from two sides.
		phone.reads("lost-race-0001", 5, when)
		raw = parcel("osh", phone.box(phone.kept[8:]...))
		var both sync.WaitGroup
		for _, b := range []*browser{bring, staff} {
			both.Go(func() { b.brings(raw, "en") })
		}
		both.Wait()
		if n := count(t, g.m, `SELECT COUNT(*) FROM scan WHERE nonce = 'lost-race-0001'`); n != 1 {
			t.Errorf("%d scans of one record", n)
		}
	})
}

// What a phone read after its right was taken back is taken from who may take rights back alone.
func TestWhatAPhoneReadAfterItsRightWasTakenBackIsForTheStaff(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 4)
		phone, id := openLost(t, g)
		other, _ := g.enrol(t, "osh")
		phone.reads("before-0001", 0, c.Now().Add(-time.Minute))
		staff := &browser{t: t, base: g.url, staff: true}
		staff.do("POST", "/en/door/osh/phones", url.Values{"revoke": {id}})
		phone.reads("after-00001", 1, c.Now().Add(time.Minute))
		c.Pass(time.Hour)
		raw := parcel("osh", phone.box(phone.kept...))
		stranger := &browser{t: t, base: g.url}
		for who, b := range map[string]*browser{
			"a stranger": stranger, "the phone itself": {t: t, base: g.url, jar: map[string]string{doorCookie: phone.who.cookie}},
			"the desk of another city": {t: t, base: g.url, as: "frontdesk naryn"}, "the donor": {t: t, base: g.url, as: "donor"},
		} {
			if status, said := b.brings(raw, "en"); status != http.StatusUnauthorized && status != http.StatusForbidden && status != http.StatusSeeOther || said != "" {
				t.Errorf("%s: %d %q", who, status, said)
			}
		}
		if n := count(t, g.m, `SELECT COUNT(*) FROM scan`); n != 0 {
			t.Fatalf("%d scans of who may bring none", n)
		}
		bring := &browser{t: t, base: g.url, jar: map[string]string{doorCookie: other}}
		want := "Taken in: 1.\nRefused: 1. Why: read after that phone&#39;s right was taken back. Bring the file to the organiser.\n"
		if _, said := bring.brings(raw, "en"); said != want {
			t.Errorf("another phone: %q", said)
		}
		if _, said := (&browser{t: t, base: g.url, as: "frontdesk osh"}).brings(raw, "en"); !strings.Contains(said, "Bring the file") {
			t.Errorf("the desk: %q", said)
		}
		if _, said := staff.brings(raw, "en"); said != "Taken in: 1.\nThere already: 1.\n" {
			t.Errorf("who may take rights back: %q", said)
		}
		// The page of the phone itself still gives on, and takes nothing in.
		own := &browser{t: t, base: g.url, jar: map[string]string{doorCookie: phone.who.cookie}}
		if status, page, _ := own.do("GET", "/en/door/osh/give", nil); status != http.StatusOK || !strings.Contains(page, phone.boxes()) || strings.Contains(page, "data-bring") {
			t.Errorf("its own page: %d", status)
		}
		if status, _, _ := stranger.do("GET", "/en/door/osh/give", nil); status == http.StatusOK {
			t.Error("a stranger reads the page of a door")
		}
	})
}

func TestAParcelThatIsNotWholeChangesNothing(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 2)
		phone, _ := openLost(t, g)
		phone.reads("whole-00001", 0, c.Now())
		whole := phone.box(phone.kept...)
		good := parcel("osh", whole)
		naryn := &device{g: g, who: asker{staff: "coordinator"}}
		naryn.ask("naryn")
		inner := func(text string) []byte { return parcel("osh", closed(t, phone.boxes(), "parcel 1", text)) }
		scans := func(n int) []byte {
			var boxes []string
			for from := 0; from < n; from += 50 {
				list := make([]wire, min(50, n-from))
				for i := range list {
					list[i] = wire{"nonce": fmt.Sprintf("many-%08d", from+i), "kind": "in", "field": "ticket", "ticket": "AAAAAAAAAAAAAAAA", "ms": c.Now().UnixMilli()}
				}
				boxes = append(boxes, phone.box(list...))
			}
			return parcel("osh", boxes...)
		}
		staff := &browser{t: t, base: g.url, staff: true}
		for _, v := range []struct {
			is, fault string
			raw       []byte
			status    int
		}{
			{"nothing", "parcel", nil, 422},
			{"no JSON", "parcel", []byte("PK\x03\x04 no file of ours"), 422},
			{"JSON of something else", "parcel", []byte(`{"scans":[]}`), 422},
			{"null", "parcel", []byte(`null`), 422},
			{"cut", "parcel", good[:len(good)/2], 422},
			{"something behind it", "parcel", append(bytes.Clone(good), "{}"...), 422},
			{"no box", "parcel", parcel("osh"), 422},
			{"a later version", "parcel_version", bytes.Replace(good, []byte(`"version":1`), []byte(`"version":2`), 1), 422},
			{"of another activity", "parcel_event", parcel("naryn", whole), 422},
			{"of another activity, under this name", "parcel_damaged", parcel("osh", closed(t, naryn.boxes(), "parcel 1", `{"by":"`+phone.mark+`","scans":[]}`)), 422},
			{"another sum", "parcel_damaged", bytes.Replace(good, []byte(`"sum":"`), []byte(`"sum":"A`), 1), 422},
			{"a box changed", "parcel_damaged", parcel("osh", whole[:len(whole)-4]+"AAAA"), 422},
			{"a box of a scan", "parcel_damaged", parcel("osh", closed(t, phone.boxes(), "whole-00001", `{"by":"`+phone.mark+`","scans":[]}`)), 422},
			{"a good box and one that is none", "parcel_damaged", parcel("osh", whole, "AAAA"), 422},
			{"a box that says nothing", "parcel_damaged", inner(`{}`), 422},
			{"a scan that is none", "parcel_damaged", inner(`{"by":"` + phone.mark + `","scans":[["whole-00002","in"]]}`), 422},
			{"a field that there is not", "parcel_damaged", inner(`{"by":"` + phone.mark + `","scans":[["whole-00002","in","application","x",1]]}`), 422},
			{"too many boxes", "parcel_large", parcel("osh", slices.Repeat([]string{whole}, 61)...), 413},
			{"too many scans", "parcel_large", scans(2001), 413},
			{"ten times too large", "", append(bytes.Clone(good), bytes.Repeat([]byte(" "), 5<<20)...), 422},
		} {
			for _, lang := range i18n.Languages {
				status, said := staff.brings(v.raw, string(lang))
				if status != v.status || strings.TrimSpace(said) == "" || v.fault != "" && strings.TrimSpace(said) != saidIn(t, lang, "seminars.fault."+v.fault) {
					t.Errorf("%s, in %s: %d %q", v.is, lang, status, said)
				}
			}
			if n := count(t, g.m, `SELECT COUNT(*) FROM scan`); n != 0 {
				t.Fatalf("%s: %d scans are kept", v.is, n)
			}
		}
		if status, page, _ := staff.do("POST", "/en/door/osh/give", url.Values{}); status != 422 || !strings.Contains(page, "Choose a file") {
			t.Errorf("without a file: %d", status)
		}
		// Of a phone that is not of this door nothing is kept either.
		phone.mark = "AAAAAAAAAAAAAAAA"
		if _, said := staff.brings(parcel("osh", phone.box(phone.kept...)), "en"); !strings.Contains(said, "that phone did not work at this activity") || count(t, g.m, `SELECT COUNT(*) FROM scan`) != 0 {
			t.Errorf("of an unknown phone: %q", said)
		}
		// At the bounds all is taken.
		phone.mark = phone.key().Name("device", nil)
		if status, said := staff.brings(scans(2000), "en"); status != http.StatusOK || !strings.Contains(said, "Refused: 2,000. Why: There is no such ticket.") {
			t.Errorf("as many scans as a parcel holds: %d %q", status, said)
		}
		if status, said := staff.brings(parcel("osh", slices.Repeat([]string{whole}, 60)...), "en"); status != http.StatusOK || said != "Taken in: 1.\nThere already: 59.\n" {
			t.Errorf("as many boxes as a parcel has: %d %q", status, said)
		}
	})
}

// Two phones have kept scans. However they are split over boxes and parcels, in whatever order and
// how often these come, by whomever, and whatever the phones send themselves beside: each scan is
// there once, and the same people came.
func TestHoweverWhatPhonesHaveKeptComesItIsTheSame(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		const guests = 6
		g := openGate(t, store, c, guests)
		one, _ := openLost(t, g)
		two, _ := openLost(t, g)
		begins := c.Now()
		c.Pass(2 * time.Hour)
		desk := deskOf(g)
		turn := 0
		rapid.Check(t, func(rt *rapid.T) {
			turn++
			write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
				for _, query := range []string{`DELETE FROM scan`, `DELETE FROM attendance`} {
					if _, err := tx.Exec(ctx, query); err != nil {
						return err
					}
				}
				return nil
			})
			wants := map[string]bool{} // by device and nonce
			var pieces []func() error
			for _, phone := range []*lost{one, two} {
				phone.kept = nil
				for i := range rapid.IntRange(0, 6).Draw(rt, "scans") {
					nonce := fmt.Sprintf("turn-%d-scan-%d", turn, i)
					at := begins.Add(time.Duration(rapid.IntRange(0, 60).Draw(rt, "minute")) * time.Minute)
					if i > 0 && rapid.IntRange(0, 3).Draw(rt, "undo") == 0 {
						phone.keeps(nonce, "undo", "undo", fmt.Sprintf("turn-%d-scan-%d", turn, rapid.IntRange(0, i-1).Draw(rt, "undone")), at)
					} else {
						phone.reads(nonce, rapid.IntRange(0, guests-1).Draw(rt, "guest"), at)
					}
					wants[phone.mark+nonce] = true
				}
				bring := func(scans []wire) func() error {
					return func() error {
						p, err := door.ReadParcel(parcel("osh", phone.box(scans...)))
						if err != nil {
							return err
						}
						list, err := g.m.OpenParcel(g.osh, p)
						if err != nil {
							return err
						}
						return g.m.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
							_, err := g.m.TakeGiven(ctx, tx, door.TakeGiven{Keeper: desk.Keeper, Actor: desk.Actor, Activity: g.osh.ID, By: list[0].By, Scans: list[0].Scans})
							return err
						})
					}
				}
				for range rapid.IntRange(1, 3).Draw(rt, "repeated") {
					for rest := rapid.Permutation(phone.kept).Draw(rt, "order"); len(rest) > 0; {
						n := rapid.IntRange(1, len(rest)).Draw(rt, "split")
						some := rest[:n]
						rest = rest[n:]
						if rapid.IntRange(0, 3).Draw(rt, "itself") == 0 {
							pieces = append(pieces, func() error { g.said(phone.who, phone.sent(some...)...); return nil })
						} else {
							pieces = append(pieces, bring(some))
						}
					}
				}
			}
			for _, come := range rapid.Permutation(pieces).Draw(rt, "arrive") {
				if err := come(); err != nil {
					rt.Fatal(err)
				}
			}
			if n := count(t, g.m, `SELECT COUNT(*) FROM scan`); n != len(wants) {
				rt.Fatalf("%d scans, want %d", n, len(wants))
			}
			// Worked out of the records alone, as of phones that have sent all in order.
			came := map[storage.ID]bool{}
			for _, phone := range []*lost{one, two} {
				for _, s := range phone.kept {
					if s["kind"] != "in" {
						continue
					}
					undone := slices.ContainsFunc(phone.kept, func(u wire) bool {
						after := u["ms"].(int64) - s["ms"].(int64)
						return u["undo"] == s["nonce"] && after >= 0 && after <= seats.UndoWithin.Milliseconds()
					})
					if undone {
						continue
					}
					for i, pass := range g.codes {
						if row, _ := phone.row(pass); row[0] == s["ticket"] {
							came[g.apps[i].ID] = true
						}
					}
				}
			}
			if n := count(t, g.m, `SELECT COUNT(*) FROM attendance WHERE first_in > 0`); n != len(came) {
				rt.Fatalf("%d came, want %d", n, len(came))
			}
		})
	})
}

// saidIn is a text of the room in a language, as a page writes it.
func saidIn(t *testing.T, lang i18n.Language, key string) string {
	t.Helper()
	raw, err := os.ReadFile("text/" + string(lang) + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(all[key])
}
