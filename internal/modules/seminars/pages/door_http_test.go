package pages

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// towns is a calendar of several activities.
type towns struct {
	diary
	list []seats.Activity
}

func (c towns) BySlug(_ context.Context, _ *storage.Tx, slug string) (seats.Activity, error) {
	for _, a := range c.list {
		if a.Slug == slug {
			return a, nil
		}
	}
	return seats.Activity{}, fault.New(fault.NotFound, "seminars.fault.activity")
}

func (c towns) Held(ctx context.Context, tx *storage.Tx, id storage.ID) (seats.Activity, error) {
	return c.ByID(ctx, tx, id)
}

func (c towns) ByID(_ context.Context, _ *storage.Tx, id storage.ID) (seats.Activity, error) {
	for _, a := range c.list {
		if a.ID == id {
			return a, nil
		}
	}
	return seats.Activity{}, fault.New(fault.NotFound, "seminars.fault.activity")
}

// gate is a door over HTTP: in Osh with people who have tickets, and one in Naryn.
type gate struct {
	t          testing.TB
	m          *Module
	osh, naryn seats.Activity
	apps       []seats.Application
	codes      []string
	url        string
}

func openGate(t testing.TB, store *storage.Store, c *storagetest.Clock, guests int) gate {
	t.Helper()
	g := openGateOf(t, store, c, guests)
	g.url = serve(t, g.m, c)
	return g
}

// openGateOf is the door without a server.
func openGateOf(t testing.TB, store *storage.Store, c *storagetest.Clock, guests int) gate {
	t.Helper()
	m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = guests + 1 })
	other := a
	other.ID, other.Slug, other.City = storage.RandomID(start), "naryn", "naryn"
	m.Calendar = towns{list: []seats.Activity{a, other}}
	g := gate{t: t, m: m, osh: a, naryn: other}
	setUp(t, m, a, `first_come = TRUE`)
	setUp(t, m, other, ``)
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		g.apps, g.codes = nil, nil
		for n := range guests {
			h, err := m.Apply(ctx, tx, seats.Apply{Activity: a.ID, Answers: answersOf(n), Lang: i18n.Kyrgyz})
			if err != nil {
				return err
			}
			ticket, err := seats.TicketOf(ctx, tx, h.Application.ID)
			if err != nil {
				return err
			}
			g.apps, g.codes = append(g.apps, h.Application), append(g.codes, m.Pass(ticket, a))
		}
		return nil
	})
	c.Set(a.Starts.Add(time.Hour))
	return g
}

// asker is who uploads, and how.
type asker struct {
	staff, bearer, cookie, lang, origin, kind string
}

// upload posts a body to the API and gives what came back.
func (g gate) upload(who asker, body string) (status int, header http.Header, answer []byte) {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), http.MethodPost, g.url+"/api/v1/checkins", strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	for name, v := range map[string]string{"Staff": who.staff, "Accept-Language": who.lang, "Origin": who.origin, "Content-Type": "application/json"} {
		if v != "" {
			req.Header.Set(name, v)
		}
	}
	if who.kind != "" {
		req.Header.Set("Content-Type", who.kind)
	}
	if who.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+who.bearer)
	}
	if who.cookie != "" {
		req.AddCookie(&http.Cookie{Name: doorCookie, Value: who.cookie})
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer res.Body.Close()
	if answer, err = io.ReadAll(res.Body); err != nil {
		g.t.Fatal(err)
	}
	return res.StatusCode, res.Header, answer
}

// wire is a scan as a phone writes it.
type wire map[string]any

func (g gate) scan(nonce string, guest int) wire {
	return wire{"nonce": nonce, "code": g.codes[guest], "event": g.osh.Slug, "at": g.osh.Starts.Format(time.RFC3339), "kind": "in"}
}

func (w wire) with(change ...any) wire {
	w = maps.Clone(w)
	for i := 0; i+1 < len(change); i += 2 {
		w[fmt.Sprint(change[i])] = change[i+1]
	}
	return w
}

func batchOf(t testing.TB, scans ...wire) string {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"device": "phone-1", "scans": slices.Concat([]wire{}, scans)})
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// said gives result and reason of each scan.
func (g gate) said(who asker, scans ...wire) []string {
	g.t.Helper()
	status, header, answer := g.upload(who, batchOf(g.t, scans...))
	var got struct {
		Results []struct{ Nonce, Result, Reason string }
	}
	if status != http.StatusOK || header.Get("Content-Type") != "application/json" || json.Unmarshal(answer, &got) != nil || len(got.Results) != len(scans) {
		g.t.Fatalf("%d %s", status, answer)
	}
	out := make([]string, len(scans))
	for i, r := range got.Results {
		if nonce, _ := scans[i]["nonce"].(string); r.Nonce != nonce {
			g.t.Errorf("the result of %q stands in the place of %q", r.Nonce, nonce)
		}
		out[i] = strings.TrimSpace(r.Result + " " + r.Reason)
	}
	return out
}

var desk = asker{staff: "frontdesk osh"}

func TestTheAnswerToABatchIsWhatTheContractSays(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		status, header, answer := g.upload(desk, batchOf(t, g.scan("nonce-0001", 0), g.scan("nonce-0001", 0), g.scan("nonce-0002", 0), g.scan("nonce-0003", 0).with("code", "2222-2222")))
		want := `{"results":[{"nonce":"nonce-0001","result":"accepted"},{"nonce":"nonce-0001","result":"duplicate","reason":"accepted"},` +
			`{"nonce":"nonce-0002","result":"already_in","reason":"already_in"},{"nonce":"nonce-0003","result":"unknown","reason":"no_ticket"}]}` + "\n"
		if status != http.StatusOK || string(answer) != want {
			t.Errorf("%d %s, want %s", status, answer, want)
		}
		if got := header.Get("Content-Type"); got != "application/json" {
			t.Errorf("content type %q", got)
		}
		if got := header.Get("Cache-Control"); !strings.Contains(got, "no-") {
			t.Errorf("it may be kept: %q", got)
		}
		if status, _, answer := g.upload(desk, `{"device":"phone-1","scans":[]}`); status != 200 || string(answer) != `{"results":[]}`+"\n" {
			t.Errorf("an empty batch: %d %s", status, answer)
		}
	})
}

// asked is a calendar that counts what is looked up.
type asked struct {
	towns
	count *atomic.Int64
}

func (c asked) BySlug(ctx context.Context, tx *storage.Tx, slug string) (seats.Activity, error) {
	c.count.Add(1)
	return c.towns.BySlug(ctx, tx, slug)
}

// A batch that names many events that there are not costs one look for each, not one for each
// portion of it.
func TestTheEventsOfABatchAreLookedUpOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGateOf(t, store, c, 1)
		var count atomic.Int64
		g.m.Calendar = asked{towns{list: []seats.Activity{g.osh, g.naryn}}, &count}
		g.url = serve(t, g.m, c)
		var scans []wire
		for n := range 3*door.Portion - 1 {
			scans = append(scans, g.scan(fmt.Sprintf("nonce-%04d", n), 0).with("event", fmt.Sprintf("no-event-%d", n)))
		}
		got := g.said(desk, append(scans, g.scan("nonce-last", 0))...)
		if got[len(got)-1] != "accepted" || got[0] != "refused wrong_event" {
			t.Errorf("the first is %q, the last %q", got[0], got[len(got)-1])
		}
		if n, most := count.Load(), int64(len(scans)+1+3); n > most {
			t.Errorf("%d looks for %d events in 3 portions", n, len(scans)+1)
		}
		if status, _, _ := g.upload(desk, batchOf(t, scans...)); status != http.StatusNotFound {
			t.Errorf("of no event that there is: %d", status)
		}
	})
}

func TestOnlyWhoStandsAtTheDoorMayScan(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		staff := &browser{t: t, base: g.url, staff: true}
		phone := &browser{t: t, base: g.url}
		_, page, _ := staff.do("POST", "/en/door/osh/phones", url.Values{"name": {"Aizada's phone"}})
		_, link, _ := strings.Cut(page, "/en/phone/")
		link = link[:strings.IndexAny(link, `"<`)]
		phone.do("POST", "/en/phone/"+link, url.Values{})
		key := phone.jar[doorCookie]
		if key == "" {
			t.Fatal("the phone is not enrolled")
		}
		own := strings.TrimPrefix(g.url, "http://")
		for i, v := range []struct {
			name   string
			who    asker
			event  string
			status int
			kept   int
		}{
			{"nobody", asker{}, "osh", 401, 0},
			{"a made-up token", asker{bearer: "nonsense"}, "osh", 401, 0},
			{"a made-up cookie", asker{cookie: "nonsense"}, "osh", 401, 0},
			{"the secret of the link", asker{bearer: link}, "osh", 401, 0},
			{"a participant", asker{staff: "participant"}, "osh", 403, 0},
			{"the donor", asker{staff: "donor"}, "osh", 403, 0},
			{"the facilitator of another city", asker{staff: "facilitator naryn"}, "osh", 403, 0},
			{"the desk of another city", asker{staff: "frontdesk naryn"}, "osh", 403, 0},
			{"the desk of the city, from another site", asker{staff: "frontdesk osh", origin: "https://evil.example"}, "osh", 403, 0},
			{"the phone, from another site", asker{cookie: key, origin: "https://evil.example"}, "osh", 403, 0},
			{"an event that is not there", asker{staff: "coordinator"}, "atlantis", 404, 0},
			{"an event that is no text", asker{staff: "coordinator"}, "\x00", 404, 0},
			{"the facilitator of the city", asker{staff: "facilitator osh"}, "osh", 200, 1},
			{"the desk of the city, from our site", asker{staff: "frontdesk osh", origin: "http://" + own}, "osh", 200, 1},
			{"the coordinator", asker{staff: "coordinator"}, "osh", 200, 1},
			{"the phone by its cookie", asker{cookie: key}, "osh", 200, 1},
			{"the phone by its token", asker{bearer: key}, "osh", 200, 1},
			{"the phone at another door", asker{bearer: key}, "naryn", 200, 1},
		} {
			before := count(t, g.m, `SELECT COUNT(*) FROM scan`)
			status, header, answer := g.upload(v.who, batchOf(t, g.scan(fmt.Sprintf("nonce-%04d", i), 0).with("event", v.event)))
			if status != v.status {
				t.Errorf("%s: %d %s, want %d", v.name, status, answer, v.status)
			}
			if kept := count(t, g.m, `SELECT COUNT(*) FROM scan`) - before; kept != v.kept {
				t.Errorf("%s: %d scans are kept, want %d", v.name, kept, v.kept)
			}
			if status != 200 && header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: refused by %q", v.name, header.Get("Content-Type"))
			}
			if v.event == "naryn" && !bytes.Contains(answer, []byte(`"reason":"wrong_event"`)) {
				t.Errorf("%s: %s", v.name, answer)
			}
		}
		_, page, _ = staff.do("GET", "/en/door/osh/phones", nil)
		_, id, _ := strings.Cut(page, `name="revoke" value="`)
		id, _, _ = strings.Cut(id, `"`)
		staff.do("POST", "/en/door/osh/phones", url.Values{"revoke": {id}})
		if status, _, _ := g.upload(asker{bearer: key}, batchOf(t, g.scan("nonce-late", 0))); status != 401 {
			t.Errorf("a phone whose right was taken back: %d", status)
		}
	})
}

func TestEachScanOfABatchIsAnsweredForItself(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 3)
		good := func(n int) wire { return g.scan(fmt.Sprintf("nonce-%04d", n), 0) }
		at := func(minutes int) string {
			return g.osh.Starts.Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339)
		}
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			app, err := seats.ApplicationByID(ctx, tx, g.apps[2].ID)
			if err == nil {
				_, err = g.m.Move(ctx, tx, app, seats.Withdrawn, app.Person, "test")
			}
			return err
		})
		cases := []struct {
			scan wire
			want string
		}{
			{good(1).with("at", "yesterday"), "refused malformed"},
			{good(2).with("at", 1767225600), "refused malformed"},
			{good(3).with("at", nil), "refused malformed"},
			{good(4).with("at", "0001-01-01T00:00:00Z"), "refused malformed"},
			{good(5).with("at", "2999-01-01T00:00:00Z"), "refused malformed"},
			{good(6).with("kind", "through"), "refused malformed"},
			{good(7).with("kind", ""), "refused malformed"},
			{good(8).with("kind", 1), "refused malformed"},
			{good(9).with("nonce", ""), "refused malformed"},
			{good(10).with("nonce", "short"), "refused malformed"},
			{good(11).with("nonce", "nonce\x00nonce"), "refused malformed"},
			{good(12).with("code", strings.Repeat("A", 600)), "refused malformed"},
			{wire{"nonce": "nonce-bare"}, "refused malformed"},
			{good(13).with("event", "atlantis"), "refused wrong_event"},
			{good(14).with("event", "\x00"), "refused wrong_event"},
			{good(15).with("event", "naryn"), "refused wrong_event"},
			{good(16).with("code", "\x00\u202e🐎"), "unknown no_ticket"},
			{good(17).with("code", ""), "unknown no_ticket"},
			{good(18).with("code", seats.Pass{Serial: 5}.Sign(testKey)), "refused forged"},
			{good(19).with("at", at(-9*24*60)), "refused too_early"},
			{good(20).with("at", at(9*24*60)), "refused future"},
			{good(21).with("kind", "undo", "code", "nonce-never"), "unknown undo_first"},
			{good(22).with("kind", "undo", "code", "\x00"), "unknown undo_first"},
			{good(23).with("kind", "out"), "accepted"},
			{good(24), "accepted"},
			{good(24), "duplicate accepted"},
			{good(25).with("at", at(1)), "already_in already_in"},
			{good(26).with("at", at(2), "code", g.codes[1], "shoe-size", 41), "accepted"},
			{good(27).with("kind", "undo", "code", "nonce-0026", "at", at(40)), "refused too_late"},
			{good(28).with("kind", "undo", "code", "nonce-0026", "at", at(3)), "accepted"},
			{good(29).with("kind", "undo", "code", "nonce-0028", "at", at(4)), "refused not_undone"},
			{g.scan("nonce-0030", 2).with("at", c.Now().Add(time.Minute).Format(time.RFC3339)), "refused revoked"},
		}
		scans := make([]wire, len(cases))
		for i, v := range cases {
			scans[i] = v.scan
		}
		for i, got := range g.said(desk, scans...) {
			if got != cases[i].want {
				t.Errorf("%v: %q, want %q", cases[i].scan, got, cases[i].want)
			}
		}
		// Sent again from another session of hers, nothing is new.
		before := doorState(t, g.m)
		for i, got := range g.said(desk, scans...) {
			want := "duplicate"
			if strings.HasSuffix(cases[i].want, "malformed") {
				want = "refused malformed"
			}
			if !strings.HasPrefix(got, want) {
				t.Errorf("again %v: %q", cases[i].scan, got)
			}
		}
		if after := doorState(t, g.m); after != before {
			t.Errorf("sent again: %s, before %s", after, before)
		}
		if !strings.HasPrefix(before, "attended 1, facts 1,") {
			t.Error(before)
		}
	})
}

func TestABadEventAtTheHeadOfABatchKeepsNobodyOut(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		both := asker{staff: "coordinator"}
		got := g.said(both, g.scan("nonce-0001", 0).with("event", "atlantis"), g.scan("nonce-0002", 0).with("event", "naryn"), g.scan("nonce-0003", 0))
		if want := []string{"refused wrong_event", "refused wrong_event", "accepted"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if n := count(t, g.m, `SELECT COUNT(*) FROM scan`); n != 3 {
			t.Errorf("%d scans are kept", n)
		}
	})
}

func TestAThousandScansAreOneBatchAndComeTwiceAsOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 40)
		scans := make([]wire, 1000)
		for i := range scans {
			scans[i] = g.scan(fmt.Sprintf("nonce-%04d", i), i%40).with("at", g.osh.Starts.Add(time.Duration(i)*time.Second).Format(time.RFC3339), "kind", []string{"in", "out"}[i/40%2])
		}
		for i, got := range g.said(desk, scans...) {
			if got != "accepted" {
				t.Fatalf("%d: %q", i, got)
			}
		}
		first := doorState(t, g.m)
		if !strings.HasPrefix(first, "attended 40, facts 40,") || !strings.HasSuffix(first, "scans 1000") {
			t.Error(first)
		}
		for i, got := range g.said(desk, scans...) {
			if got != "duplicate accepted" {
				t.Fatalf("again %d: %q", i, got)
			}
		}
		if second := doorState(t, g.m); second != first {
			t.Errorf("%s, then %s", first, second)
		}
	})
}

func TestWhatIsNoBatchIsRefusedInTheLanguageOfWhoAsks(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		many := make([]wire, mostScans+1)
		for i := range many {
			many[i] = wire{"nonce": "n"}
		}
		for _, v := range []struct {
			name   string
			who    asker
			body   string
			status int
			key    string
		}{
			{"nobody", asker{}, batchOf(t, g.scan("nonce-0001", 0)), 401, "seminars.fault.device"},
			{"a participant", asker{staff: "participant"}, batchOf(t, g.scan("nonce-0001", 0)), 403, "seminars.fault.forbidden"},
			{"another site", asker{staff: "coordinator", origin: "https://evil.example"}, batchOf(t, g.scan("nonce-0001", 0)), 403, "fault.other_site"},
			{"no such event", desk, batchOf(t, g.scan("nonce-0001", 0).with("event", "atlantis")), 404, "seminars.fault.activity"},
			{"no JSON", desk, `{"scans":[`, 422, "seminars.fault.json"},
			{"nothing", desk, ``, 422, "seminars.fault.json"},
			{"a list", desk, `[]`, 422, "seminars.fault.json"},
			{"scans that are no list", desk, `{"scans":"all"}`, 422, "seminars.fault.json"},
			{"no scans", desk, `{}`, 422, "seminars.fault.json"},
			{"scans that are null", desk, `{"scans":null}`, 422, "seminars.fault.json"},
			{"null", desk, `null`, 422, "seminars.fault.json"},
			{"two documents", desk, `{"scans":[]}{"scans":[]}`, 422, "seminars.fault.json"},
			{"too many scans", desk, batchOf(t, many...), 422, "seminars.fault.json"},
			{"ten megabytes", desk, `{"scans":["` + strings.Repeat("a", 10<<20) + `"]}`, 413, ""},
			{"a form", asker{staff: desk.staff, kind: "application/x-www-form-urlencoded"}, "scans=all", 415, "fault.wrong_type"},
			{"plain text", asker{staff: desk.staff, kind: "text/plain"}, batchOf(t, g.scan("nonce-0001", 0)), 415, "fault.wrong_type"},
		} {
			said := map[string]bool{}
			for _, lang := range i18n.Languages {
				v.who.lang = string(lang)
				status, header, answer := g.upload(v.who, v.body)
				var p struct {
					Type, Title, Detail, Code string
					Status                    int
				}
				if err := json.Unmarshal(answer, &p); err != nil || status != v.status || p.Status != v.status || p.Type != "about:blank" || p.Title == "" || v.key != "" && p.Code != v.key {
					t.Errorf("%s, %s: %d %s, %v", v.name, lang, status, answer, err)
				}
				if header.Get("Content-Type") != "application/problem+json" || header.Get("Content-Language") != string(lang) {
					t.Errorf("%s, %s: %q in %q", v.name, lang, header.Get("Content-Type"), header.Get("Content-Language"))
				}
				if strings.Contains(p.Detail, "[") || p.Detail == "" {
					t.Errorf("%s, %s: it says %q", v.name, lang, p.Detail)
				}
				said[p.Detail] = true
			}
			if len(said) != len(i18n.Languages) {
				t.Errorf("%s: the three languages say %d things", v.name, len(said))
			}
		}
		if n := count(t, g.m, `SELECT COUNT(*) FROM scan`); n != 0 {
			t.Errorf("%d scans are kept", n)
		}
	})
}

func TestTheDoorsPageDoesByFormWhatTheCameraDoes(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 2)
		for _, lang := range i18n.Languages {
			t.Run(string(lang), func(t *testing.T) {
				c.Set(c.Now().Add(time.Minute)) // a day goes on
				at := &browser{t: t, base: g.url, staff: true}
				path := "/" + string(lang) + "/door/osh"
				scan := func(form url.Values) string {
					t.Helper()
					status, page, to := at.do("POST", path, form)
					if status != http.StatusSeeOther {
						t.Fatalf("%v: %d %s", form, status, page)
					}
					status, page, _ = at.do("GET", to, nil)
					if status != http.StatusOK || strings.Contains(page, "[seminars.") {
						t.Fatalf("the answer: %d %s", status, missing(page))
					}
					_, page, _ = strings.Cut(page, `door-answer `)
					colour, _, _ := strings.Cut(page, `"`)
					return colour
				}
				nonce := "form-" + string(lang) + "-nonce"
				for i, v := range []struct {
					form   url.Values
					colour string
				}{
					{url.Values{"nonce": {nonce + "1"}, "kind": {"in"}, "code": {g.codes[0]}}, "good"},
					{url.Values{"nonce": {nonce + "1"}, "kind": {"in"}, "code": {g.codes[0]}}, "good"}, // an impatient thumb
					{url.Values{"nonce": {nonce + "2"}, "kind": {"in"}, "code": {g.codes[0]}}, "wait"},
					{url.Values{"nonce": {nonce + "3"}, "kind": {"in"}, "code": {"2222-2222"}}, "bad"},
					{url.Values{"nonce": {nonce + "4"}, "kind": {"out"}, "code": {g.codes[0]}}, "good"},
					{url.Values{"nonce": {nonce + "5"}, "kind": {"in"}, "application": {g.apps[1].ID.String()}}, "good"},
					{url.Values{"nonce": {nonce + "6"}, "kind": {"undo"}, "code": {nonce + "5"}}, "good"},
				} {
					if colour := scan(v.form); colour != v.colour {
						t.Errorf("%d: %q, want %q", i, colour, v.colour)
					}
				}
				for status, form := range map[int]url.Values{
					http.StatusUnprocessableEntity: {"nonce": {"x"}, "kind": {"in"}, "code": {g.codes[0]}},
					http.StatusNotFound:            {"nonce": {nonce + "7"}, "kind": {"in"}, "application": {storage.RandomID(start).String()}},
				} {
					if got, page, _ := at.do("POST", path, form); got != status || strings.Contains(page, "[seminars.") {
						t.Errorf("%v: %d %s", form, got, missing(page))
					}
				}
			})
		}
	})
}

// TestThePageTakesWhomThePhoneHasFoundByItsPack posts what a pack calls somebody; of another
// phone's pack, or of nobody, it lets nobody in.
func TestThePageTakesWhomThePhoneHasFoundByItsPack(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		key, _ := g.enrol(t, "osh")
		phone, other := &device{g: g, who: asker{cookie: key}}, &device{g: g, who: asker{staff: "coordinator"}}
		phone.ask("osh")
		other.ask("osh")
		at := &browser{t: t, base: g.url, jar: map[string]string{doorCookie: key}}
		for i, v := range []struct {
			guest  string
			colour string
		}{
			{other.key().Name("row", g.apps[0].ID[:]), "bad"},
			{phone.key().Name("row", []byte("nobody")), "bad"},
			{phone.key().Name("row", g.apps[0].ID[:]), "good"},
		} {
			status, _, to := at.do("POST", "/en/door/osh", url.Values{"nonce": {fmt.Sprintf("found-nonce-%d", i)}, "kind": {"in"}, "guest": {v.guest}})
			if status != http.StatusSeeOther {
				t.Fatalf("%d: %d", i, status)
			}
			if _, page, _ := at.do("GET", to, nil); !strings.Contains(page, `class="door-answer `+v.colour) {
				t.Errorf("%d: not %s", i, v.colour)
			}
		}
		if status, _, _ := at.do("POST", "/en/door/osh", url.Values{"nonce": {"found-nonce-9"}, "kind": {"in"}, "guest": {"nonsense"}}); status != http.StatusUnprocessableEntity {
			t.Errorf("nonsense: %d", status)
		}
	})
}

func TestOnlyTheDoorsPageMayUseTheCamera(t *testing.T) {
	t.Parallel()
	_, a, srv, _ := site(t, nil)
	for path, allowed := range map[string]bool{
		"/en/door/" + a.Slug: true, "/en/door/" + a.Slug + "/walk-in": false, "/en/door/" + a.Slug + "/phones": false,
		"/en/staff/seminars/" + a.Slug: false, "/en/events/" + a.Slug + "/apply": false, "/en/door/atlantis": false,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Staff", "yes")
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		policy := res.Header.Get("Permissions-Policy")
		if strings.Contains(policy, "camera=(self)") != allowed || strings.Contains(policy, "camera=()") == allowed {
			t.Errorf("%s: %s", path, policy)
		}
	}
}
