package pages

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"platforma.kg/ashar/internal/foundation/offline"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// device is a phone that holds a pack as web/ts/offline does.
type device struct {
	g      gate
	who    asker
	tag    string
	bytes  int // up and down, with headers
	status int
	head   http.Header
	raw    string // the last body
	pack   offline.Pack
}

// ask brings the pack up to date.
func (d *device) ask(event string) {
	t := d.g.t
	t.Helper()
	have := []string{}
	for _, s := range d.pack.Shelves {
		have = append(have, s.Tag)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.g.url+"/api/v1/door/"+event+"/pack?have="+url.QueryEscape(strings.Join(have, ".")), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "gzip, deflate, br")
	req.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36")
	req.Header.Set("Accept-Language", "ky,ru;q=0.9,en;q=0.8")
	if d.tag != "" {
		req.Header.Set("If-None-Match", d.tag)
	}
	if d.who.staff != "" {
		req.Header.Set("Staff", d.who.staff)
	}
	if d.who.cookie != "" {
		req.AddCookie(&http.Cookie{Name: doorCookie, Value: d.who.cookie})
	}
	up, err := httputil.DumpRequestOut(req, true)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	down, err := httputil.DumpResponse(res, false)
	if err != nil {
		t.Fatal(err)
	}
	d.bytes += len(up) + len(down) + len(body)
	if res.Header.Get("Content-Encoding") == "gzip" {
		unzip, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body, err = io.ReadAll(unzip); err != nil {
			t.Fatal(err)
		}
	}
	d.status, d.head, d.raw = res.StatusCode, res.Header, string(body)
	if d.status != http.StatusOK {
		return
	}
	d.tag = res.Header.Get("ETag")
	var got offline.Pack
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatal(err)
	}
	for i, s := range got.Shelves {
		if s.Rows == nil {
			if i >= len(d.pack.Shelves) || d.pack.Shelves[i].Tag != s.Tag {
				t.Fatalf("shelf %d is not sent, and the device has another one", i)
			}
			got.Shelves[i].Rows = d.pack.Shelves[i].Rows
		}
	}
	d.pack = got
}

// row finds the row of a pass, and where it stands.
func (d *device) row(pass string) (row []any, stands []any) {
	key := d.key()
	half := len(d.pack.Shelves) / 2
	for i, s := range d.pack.Shelves[:half] {
		for n, r := range *s.Rows {
			if r, _ := r.([]any); r[1] == key.Name("pass", []byte(pass)) {
				stands, _ := (*d.pack.Shelves[half+i].Rows)[n].([]any)
				return r, stands
			}
		}
	}
	return nil, nil
}

func (d *device) rows() (n int) {
	for _, s := range d.pack.Shelves[:len(d.pack.Shelves)/2] {
		n += len(*s.Rows)
	}
	return n
}

func (d *device) key() (k offline.Key) {
	raw, err := base64.RawURLEncoding.DecodeString(d.pack.Key)
	if err != nil {
		d.g.t.Fatal(err)
	}
	copy(k[:], raw)
	return k
}

// enrol lets a phone in at a door and gives its secret and its id.
func (g gate) enrol(t *testing.T, event string) (key, id string) {
	t.Helper()
	staff, phone := &browser{t: t, base: g.url, staff: true}, &browser{t: t, base: g.url}
	_, page, _ := staff.do("POST", "/en/door/"+event+"/phones", url.Values{"name": {"Aizada's phone"}})
	_, link, _ := strings.Cut(page, "/en/phone/")
	link = link[:strings.IndexAny(link, `"<`)]
	phone.do("POST", "/en/phone/"+link, url.Values{})
	_, page, _ = staff.do("GET", "/en/door/"+event+"/phones", nil)
	_, id, _ = strings.Cut(page, `name="revoke" value="`)
	id, _, _ = strings.Cut(id, `"`)
	return phone.jar[doorCookie], id
}

// spelt are ways in which a text may lie in a dump.
func spelt(text string) (out []string) {
	forms := [][]byte{[]byte(text), []byte(strings.ToLower(text)), []byte(strings.ToUpper(text))}
	var low, big []byte
	for _, u := range utf16.Encode([]rune(text)) {
		low, big = append(low, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	forms = append(forms, low, big)
	for _, f := range forms {
		out = append(out, string(f), hex.EncodeToString(f), strings.ToUpper(hex.EncodeToString(f)), url.QueryEscape(string(f)))
		for shift := range 3 { // in base64 a text lies in one of three ways
			for _, enc := range []*base64.Encoding{base64.RawURLEncoding, base64.RawStdEncoding} {
				whole := enc.EncodeToString(append(make([]byte, shift), f...))
				out = append(out, whole[(shift*4+2)/3:len(whole)-2])
			}
		}
	}
	quoted, _ := json.Marshal(text)
	ascii := strings.Builder{}
	for _, u := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&ascii, `\u%04x`, u)
	}
	return append(out, strings.Trim(string(quoted), `"`), ascii.String())
}

// holds gives the spellings of a text that stand in a dump.
func holds(dump, text string) (out []string) {
	for _, s := range spelt(text) {
		if strings.Contains(dump, s) {
			out = append(out, s)
		}
	}
	return out
}

func TestAPackOpensNoNameWithoutTheTicketOrTheWord(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 5)
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			// One waits and one has withdrawn.
			for i, state := range map[int]seats.State{3: seats.Waitlisted, 4: seats.Withdrawn} {
				app, err := seats.ApplicationByID(ctx, tx, g.apps[i].ID)
				if err != nil {
					return err
				}
				if _, err := g.m.Move(ctx, tx, app, state, app.Person, "test"); err != nil {
					return err
				}
			}
			return nil
		})
		key, _ := g.enrol(t, "osh")
		d := &device{g: g, who: asker{cookie: key}}
		d.ask("osh")
		if d.status != http.StatusOK || d.head.Get("Ashar-Pack") != "stands" || d.head.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d %v %s", d.status, d.head, d.raw)
		}
		if d.rows() != 6 { // of whom withdrew and of whom waits the tickets that were taken back
			t.Errorf("%d rows of a pack", d.rows())
		}
		dump := d.raw + fmt.Sprint(d.head)
		for i := range g.apps {
			name := answersOf(i).Values["name"][0]
			for _, secret := range []string{name, answersOf(i).Values["email"][0], g.codes[i], g.apps[i].ID.String(), g.apps[i].Person.String()} {
				if found := holds(dump, secret); len(found) > 0 {
					t.Errorf("guest %d: %q stands in the pack as %q", i, secret, found)
				}
			}
		}
		if found := holds(dump, "Айгүл"); len(found) > 0 {
			t.Errorf("a first name stands in the pack as %q", found)
		}
		// The control: in a dump that holds a name the spellings find it.
		for _, hidden := range []string{
			base64.StdEncoding.EncodeToString([]byte("x" + answersOf(1).Values["name"][0] + "yy")), url.QueryEscape(answersOf(1).Values["name"][0]),
			hex.EncodeToString([]byte("--" + answersOf(1).Values["name"][0])),
		} {
			if len(holds(hidden, answersOf(1).Values["name"][0])) == 0 {
				t.Errorf("a name is not found in %q", hidden)
			}
		}

		pack := d.key()
		open := func(use string, secret []byte, box any) string {
			plain, err := pack.Open(use, secret, fmt.Sprint(box))
			if err != nil {
				return ""
			}
			return string(plain)
		}
		var word string
		err := g.m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			word, err = g.m.Word(ctx, tx, g.osh.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		desk, err := d.pack.Lock.Open(strings.ToLower(word) + " ")
		if err != nil {
			t.Fatal(err)
		}
		names := 0
		for i, pass := range g.codes {
			row, stands := d.row(pass)
			name := answersOf(i).Values["name"][0]
			switch {
			case row == nil:
				t.Errorf("the ticket of guest %d is not in the pack", i)
			case i < 3:
				if got := open("pass", []byte(pass), row[4]); !strings.Contains(got, name) || strings.Contains(got, "@") || stands[0] != "h" {
					t.Errorf("guest %d: %q %v", i, got, stands)
				}
				if got := open("pass", []byte(g.codes[(i+1)%3]), row[4]) + open("pass", pack[:], row[4]) + open("desk", pack[:], row[5]); got != "" {
					t.Errorf("guest %d is opened by another ticket, or by the pack alone: %q", i, got)
				}
			case row[3] == float64(0) || row[4] != "" || row[5] != "":
				t.Errorf("a ticket that was taken back has a name, or holds: %v", row)
			}
		}
		var all strings.Builder
		for _, s := range d.pack.Shelves[:len(d.pack.Shelves)/2] {
			for _, r := range *s.Rows {
				row, _ := r.([]any)
				all.WriteString(open("desk", desk, row[5]))
				if row[5] != "" {
					names++
				}
			}
		}
		if names != 4 || !strings.Contains(all.String(), answersOf(3).Values["name"][0]) || strings.Contains(all.String(), answersOf(4).Values["name"][0]) {
			t.Errorf("the word opens %d names: %s", names, all.String())
		}
		// Another phone's pack says nothing of this one's.
		other, _ := g.enrol(t, "osh")
		e := &device{g: g, who: asker{cookie: other}}
		e.ask("osh")
		if row, _ := d.row(g.codes[0]); strings.Contains(e.raw, fmt.Sprint(row[0])) || strings.Contains(e.raw, fmt.Sprint(row[1])) || e.pack.Key == d.pack.Key {
			t.Error("two phones hold the same hashes")
		}
	})
}

// moved keeps that the activity was moved to its day from others, the last of them in this moment,
// and gives the texts that the QR of the first guest had on each.
func (g gate) moved(c *storagetest.Clock, ends ...time.Time) (passes []string) {
	g.t.Helper()
	write(g.t, g.m, func(ctx context.Context, tx *storage.Tx) error {
		programmeID := tx.NewID()
		if _, err := tx.Exec(ctx, `INSERT INTO programme (id, slug, document, made_at, changed_at) VALUES ($1, 'p', '{}', 0, 0)`, programmeID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO activity (id, programme_id, slug, kind, state, texts, made_at, changed_at)
			VALUES ($1, $2, 'osh', 'seminar', 'published', '{}', 0, 0)`, g.osh.ID, programmeID); err != nil {
			return err
		}
		ticket, err := seats.TicketOf(ctx, tx, g.apps[0].ID)
		if err != nil {
			return err
		}
		for i, end := range ends {
			was, _ := json.Marshal(programme.Meeting{Starts: end.Add(-time.Hour), Ends: end})
			at := storage.Micros(tx.Now) - int64(len(ends)-1-i)*time.Hour.Microseconds()
			if _, err := tx.Exec(ctx, `INSERT INTO activity_move (id, activity_id, was, became, began_at, moved_at, tell_at, told_at)
				VALUES ($1, $2, $3, '{}', $4, $4, $4, $4)`, tx.NewID(), g.osh.ID, string(was), at); err != nil {
				return err
			}
			before := g.osh
			before.Ends = end
			passes = append(passes, g.m.Pass(ticket, before))
		}
		return nil
	})
	return passes
}

// The QR that she printed has another day in it, and so another signature.
func TestAQRFromBeforeAMoveIsFoundInThePack(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 3)
		day := 24 * time.Hour
		ends := g.osh.Ends
		// Of four moves one was of the hour alone, and the first is older than a pack goes back.
		passes := g.moved(c, ends.Add(-60*day), ends.Add(-30*day), ends, ends.Add(-7*day))
		key, _ := g.enrol(t, "osh")
		d := &device{g: g, who: asker{cookie: key}}
		d.ask("osh")
		now, stands := d.row(g.codes[0])
		if d.rows() != 9 || len(stands) != 1 || stands[0] != "h" {
			t.Fatalf("%d rows, stands %v", d.rows(), stands)
		}
		name := answersOf(0).Values["name"][0]
		for i, found := range []bool{false, true, true, true} {
			row, _ := d.row(passes[i])
			if (row != nil) != found || found && row[0] != now[0] {
				t.Errorf("QR %d: row %v", i, row)
				continue
			}
			if row == nil {
				continue
			}
			plain, err := d.key().Open("pass", []byte(passes[i]), fmt.Sprint(row[4]))
			if err != nil || !strings.Contains(string(plain), name) {
				t.Errorf("QR %d opens %q, %v", i, plain, err)
			}
		}
		// What the phone reads by it the house takes, once the network is back.
		s := g.scan("nonce-0001", 0)
		delete(s, "code")
		if status, _, answer := g.upload(asker{cookie: key}, batchOf(t, s.with("ticket", fmt.Sprint(now[0])))); status != 200 || !bytes.Contains(answer, []byte("accepted")) {
			t.Errorf("%d %s", status, answer)
		}
		// A ticket that was taken back is so by each QR of it.
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			app, err := seats.ApplicationByID(ctx, tx, g.apps[1].ID)
			if err == nil {
				_, err = g.m.Move(ctx, tx, app, seats.Withdrawn, app.Person, "test")
			}
			return err
		})
		d.ask("osh")
		back, boxed := 0, 0
		for _, s := range d.pack.Shelves[:len(d.pack.Shelves)/2] {
			for _, r := range *s.Rows {
				if row, _ := r.([]any); row[3] != float64(0) {
					back++
					if row[4] != "" {
						boxed++
					}
				}
			}
		}
		if back != 3 || boxed != 0 {
			t.Errorf("%d QR codes of a ticket that was taken back, %d with a name", back, boxed)
		}
		// Who got her ticket after the moves has no earlier QR.
		c.Pass(time.Minute)
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE ticket SET made_at = $2 WHERE application_id = $1`, g.apps[2].ID, storage.Micros(tx.Now))
			return err
		})
		d.ask("osh")
		if d.rows() != 7 {
			t.Errorf("%d rows, of whom one got her ticket after the move", d.rows())
		}
	})
}

func TestAPackGoesToWhoStandsAtTheDoorAndIsTakenBackFromEverybodyElse(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 2)
		key, id := g.enrol(t, "osh")
		ask := func(who asker, event string) *device {
			d := &device{g: g, who: who}
			d.ask(event)
			return d
		}
		for _, v := range []struct {
			name, event string
			who         asker
			status      int
		}{
			{"nobody", "osh", asker{}, 401},
			{"a made-up cookie", "osh", asker{cookie: "nonsense"}, 401},
			{"a participant", "osh", asker{staff: "participant"}, 403},
			{"the donor", "osh", asker{staff: "donor"}, 403},
			{"the desk of another city", "osh", asker{staff: "frontdesk naryn"}, 403},
			{"the phone, of another door", "naryn", asker{cookie: key}, 403},
			{"an event that is not there", "atlantis", asker{staff: "coordinator"}, 404},
			{"the phone", "osh", asker{cookie: key}, 200},
			{"the desk of the city", "osh", asker{staff: "frontdesk osh"}, 200},
			{"the coordinator", "osh", asker{staff: "coordinator"}, 200},
		} {
			d := ask(v.who, v.event)
			want := map[bool]string{true: "stands", false: "wipe"}[v.status == 200]
			if d.status != v.status || d.head.Get("Ashar-Pack") != want || d.head.Get("Ashar-Time") == "" {
				t.Errorf("%s: %d %q %q, want %d %s", v.name, d.status, d.head.Get("Ashar-Pack"), d.head.Get("Ashar-Time"), v.status, want)
			}
		}
		// Her log tells it, once a day for a device.
		looks := func() int {
			return count(t, g.m, `SELECT COUNT(*) FROM audit_entry WHERE action = 'seminars.audit.packed'`)
		}
		if n := looks(); n != 3*2 {
			t.Errorf("%d looks for 3 devices and 2 people", n)
		}
		ask(asker{cookie: key}, "osh")
		if n := looks(); n != 3*2 {
			t.Errorf("asked again: %d looks", n)
		}
		staff := &browser{t: t, base: g.url, staff: true}
		staff.do("POST", "/en/door/osh/phones", url.Values{"revoke": {id}})
		if d := ask(asker{cookie: key}, "osh"); d.status != 401 || d.head.Get("Ashar-Pack") != "wipe" || strings.Contains(d.raw, "shelves") {
			t.Errorf("a phone whose right was taken back: %d %v", d.status, d.head)
		}
	})
}

// Too early there is none, and none to wipe; from two days before until a day after there is one.
func TestAPackIsGivenAboutTheDay(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		for _, v := range []struct {
			at     time.Time
			status int
			says   string
		}{
			{g.osh.Starts.Add(-48*time.Hour - time.Second), 403, ""},
			{g.osh.Starts.Add(-48 * time.Hour), 200, "stands"},
			{g.osh.Ends.Add(seats.TicketGrace), 200, "stands"},
			{g.osh.Ends.Add(seats.TicketGrace + time.Second), 410, "wipe"},
		} {
			c.Set(v.at)
			d := &device{g: g, who: asker{staff: "coordinator"}}
			d.ask("osh")
			if d.status == 200 != (v.status == 200) || d.head.Get("Ashar-Pack") != v.says {
				t.Errorf("at %s: %d %q", v.at, d.status, d.head.Get("Ashar-Pack"))
			}
		}
	})
}

func TestAPackIsSentInDifferences(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 20)
		d := &device{g: g, who: desk}
		d.ask("osh")
		whole := len(d.raw)
		c.Pass(time.Minute)
		d.ask("osh")
		if d.status != http.StatusNotModified || d.raw != "" {
			t.Errorf("nothing has changed: %d, %d bytes", d.status, len(d.raw))
		}
		// Somebody comes in by another phone: where she stands is sent, and no name.
		if _, err := checkIn(t.Context(), g.m, g.osh, "another", door.Scan{Nonce: "nonce-0001", Code: g.codes[7], Event: "osh", At: c.Now(), Kind: "in"}); err != nil {
			t.Fatal(err)
		}
		d.ask("osh")
		_, stands := d.row(g.codes[7])
		if d.status != 200 || len(d.raw) > whole/3 || stands[0] != "hi" || stands[1] != float64(c.Now().Sub(g.osh.Starts).Milliseconds()) {
			t.Errorf("%d, %d of %d bytes, %v", d.status, len(d.raw), whole, stands)
		}
		if n := strings.Count(d.raw, `"rows":[`); n != 1 {
			t.Errorf("%d shelves for one that changed", n)
		}
		// It is undone: where she stands is what it was.
		if _, err := checkIn(t.Context(), g.m, g.osh, "another", door.Scan{Nonce: "nonce-0002", Code: "nonce-0001", Event: "osh", At: c.Now(), Kind: "undo"}); err != nil {
			t.Fatal(err)
		}
		d.ask("osh")
		if _, stands := d.row(g.codes[7]); stands[0] != "h" {
			t.Errorf("after an undo %v", stands)
		}
		// A ticket is taken back: the row stays without its name.
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			app, err := seats.ApplicationByID(ctx, tx, g.apps[3].ID)
			if err == nil {
				_, err = g.m.Move(ctx, tx, app, seats.Withdrawn, app.Person, "test")
			}
			return err
		})
		d.ask("osh")
		if row, _ := d.row(g.codes[3]); row == nil || row[3] == float64(0) || row[4] != "" || d.rows() != 20 {
			t.Errorf("%v, %d rows", row, d.rows())
		}
		// A device whose form is another is sent all.
		d.pack, d.tag = offline.Pack{Shelves: d.pack.Shelves[1:]}, ""
		d.ask("osh")
		if n := strings.Count(d.raw, `"rows":[`); n != len(d.pack.Shelves) {
			t.Errorf("%d of %d shelves", n, len(d.pack.Shelves))
		}
	})
}

// A day of two hundred people: one phone looks every ten minutes from two hours before the
// start until an hour after the end, and after each batch that it sends, of the scans of half
// of them every five minutes; the other half comes by another phone. The activity was moved, so
// that each ticket lies in the pack by as many QR codes as there may be. The bound is that of the plan, 300 kB.
func TestADayOfTwoHundredPeopleIsSmall(t *testing.T) {
	t.Parallel()
	const people, most = 200, 300_000
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, people)
		g.moved(c, g.osh.Ends.AddDate(0, 0, -21), g.osh.Ends.AddDate(0, 0, -14), g.osh.Ends.AddDate(0, 0, -7))
		key, _ := g.enrol(t, "osh")
		d := &device{g: g, who: asker{cookie: key}}
		c.Set(g.osh.Starts.Add(-2 * time.Hour))
		came, sent := 0, 0
		for n := 0; c.Now().Before(g.osh.Ends.Add(time.Hour)); n++ {
			var scans []wire
			for range 10 {
				if came < people && c.Now().After(g.osh.Starts.Add(-time.Hour)) {
					s := g.scan(fmt.Sprintf("nonce-%04d-abcdefghijklmnopqrst", came), came).with("at", c.Now().Format(time.RFC3339))
					if came%2 == 0 {
						scans = append(scans, s)
					} else if _, err := checkIn(t.Context(), g.m, g.osh, "another", door.Scan{Nonce: fmt.Sprintf("nonce-%04d", came), Code: g.codes[came], Event: "osh", At: c.Now(), Kind: "in"}); err != nil {
						t.Fatal(err)
					}
					came++
				}
			}
			if len(scans) > 0 {
				body := batchOf(t, scans...)
				status, header, answer := g.upload(asker{cookie: key}, body)
				if status != 200 || bytes.Contains(answer, []byte("refused")) {
					t.Fatal(status, string(answer))
				}
				var head bytes.Buffer
				if err := header.Write(&head); err != nil {
					t.Fatal(err)
				}
				d.bytes += len(body) + len(answer) + head.Len() + 500 // what a browser writes above a batch
				sent += len(scans)
			}
			if len(scans) > 0 || n%2 == 0 {
				d.ask("osh")
				if d.status != 200 && d.status != 304 {
					t.Fatal(d.status, d.raw)
				}
			}
			c.Pass(5 * time.Minute)
		}
		if sent != people/2 || d.rows() != 3*people {
			t.Errorf("%d scans were sent, %d rows", sent, d.rows())
		}
		t.Logf("a day costs %d bytes", d.bytes)
		if d.bytes > most {
			t.Errorf("a day costs %d bytes, more than %d", d.bytes, most)
		}
	})
}
