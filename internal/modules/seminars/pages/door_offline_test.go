package pages

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/door/doortest"
)

// What a phone keeps of the site for when there is no network is what any stranger gets: no
// name, no number of people, no activity, nothing of who asks.
func TestThePageThatAPhoneKeepsIsOfNobody(t *testing.T) {
	t.Parallel()
	cases, err := doortest.Cases()
	if err != nil {
		t.Fatal(err)
	}
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 5)
		key, _ := g.enrol(t, "osh")
		get := func(who, path string) (string, http.Header) {
			t.Helper()
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.url+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			switch who {
			case "":
			case "phone":
				req.AddCookie(&http.Cookie{Name: doorCookie, Value: key})
			default:
				req.Header.Set("Staff", who)
			}
			status, head, body := answerTo(t, req)
			if status != http.StatusOK {
				t.Fatalf("%s: %d", path, status)
			}
			return body, head
		}
		for _, lang := range []string{"ky", "ru", "en"} {
			page, _ := get("", "/"+lang+shellPath)
			worker, head := get("", "/"+lang+door.WorkerPath)
			for _, who := range []string{"coordinator", "frontdesk osh", "phone"} {
				if other, _ := get(who, "/"+lang+shellPath); other != page {
					t.Errorf("%s gets another page", who)
				}
				if other, _ := get(who, "/"+lang+door.WorkerPath); other != worker {
					t.Errorf("%s gets another worker", who)
				}
			}
			for i := range g.apps {
				if found := holds(page+worker, answersOf(i).Values["name"][0]); len(found) > 0 {
					t.Errorf("a name stands in what is kept, as %q", found)
				}
			}
			if strings.Contains(page, "osh") {
				t.Error("an activity stands in what is kept")
			}
			if scope := head.Get("Service-Worker-Allowed"); scope != "/"+lang+"/door/" {
				t.Errorf("the worker's reach is %q", scope)
			}
			var kept struct {
				Cache, Lang string
				Pages       map[string]string
				Files       []string
			}
			line, _, _ := strings.Cut(strings.TrimPrefix(worker, "const kept = "), ";\n")
			if err := json.Unmarshal([]byte(line), &kept); err != nil || kept.Lang != lang || kept.Pages[""] != "/"+lang+shellPath || len(kept.Files) < 6 {
				t.Fatalf("%v: %+v", err, kept)
			}
			var all strings.Builder // of every page that is kept
			for _, path := range kept.Pages {
				one, _ := get("", path)
				if again, _ := get("coordinator", path); again != one {
					t.Errorf("a coordinator gets another %s", path)
				}
				if strings.Contains(one, "osh") {
					t.Errorf("an activity stands in %s", path)
				}
				all.WriteString(one)
			}
			for i := range g.apps {
				if found := holds(all.String(), answersOf(i).Values["name"][0]); len(found) > 0 {
					t.Errorf("a name stands in what is kept, as %q", found)
				}
			}
			for _, file := range kept.Files {
				if !strings.Contains(all.String(), file) {
					t.Errorf("%s is kept and on no page", file)
				}
				get("", file)
			}
			// A phone answers in the house's words whatever it may decide, each at its own place.
			for _, a := range cases {
				want := strings.Fields(a.Want)
				if words := `data-state="` + want[0] + `" data-reason="` + want[1] + `" data-next="` + want[2] + `"`; !strings.Contains(page, words) {
					t.Errorf("there is no %s", words)
				}
			}
		}
		manifest, head := get("", "/ky"+manifestPath+"?door=osh")
		if !strings.Contains(manifest, `"start_url":"/ky/door/osh"`) || head.Get("Content-Type") != "application/manifest+json" {
			t.Errorf("%s\n%v", manifest, head)
		}
		if away, _ := get("", "/ky"+manifestPath+"?door=//evil.example/../.."); strings.Contains(away, "//evil") || strings.Contains(away, `/..`) {
			t.Errorf("the manifest leads away: %s", away)
		}
	})
}

// A page and a batch tell the time of the house, and the page says which device it is for:
// the same as the pack does.
func TestADoorTellsTheTimeAndTheDevice(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		key, _ := g.enrol(t, "osh")
		d := &device{g: g, who: asker{cookie: key}}
		d.ask("osh")
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.url+"/en/door/osh", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: doorCookie, Value: key})
		_, head, page := answerTo(t, req)
		mark := d.key().Name("device", nil)
		if !strings.Contains(page, `data-mark="`+mark+`"`) {
			t.Errorf("the page is not for %s", mark)
		}
		_, header, _ := g.upload(asker{cookie: key}, batchOf(t, g.scan("nonce-0001", 0)))
		want := c.Now().UTC().Format("2006-01-02T15:04:05.000Z")
		if head.Get(door.TimeHeader) != want || header.Get(door.TimeHeader) != want {
			t.Errorf("%q and %q, want %q", head.Get(door.TimeHeader), header.Get(door.TimeHeader), want)
		}
	})
}

// answerTo gives what the house answers, without following it.
func answerTo(t *testing.T, req *http.Request) (int, http.Header, string) {
	t.Helper()
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, b.String()
}
