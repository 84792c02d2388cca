package results

import (
	"context"
	"io/fs"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

const file = `
programme:
  slug: test
  starts: 2026-01-01
  name: {en: Test, ru: Проверка, ky: Сынак}
cities: [osh, naryn]
activities:
  - {slug: osh-day, kind: seminar, city: osh, day: 2026-03-01, hours: "09:30-17:00", title: {en: Osh day}}
  - {slug: naryn-day, kind: seminar, city: naryn, day: 2026-04-01, hours: "09:30-17:00", title: {en: Naryn day}}
  - {slug: evening, kind: discussion, online: true, day: 2026-05-01, hours: "09:30-17:00", title: {en: Evening}}
`

var now = time.Date(2026, 6, 1, 6, 0, 0, 0, time.UTC)

// hall serves the pages over a ledger with known facts. The header City limits who asks.
func hall(t *testing.T, store *storage.Store) string {
	t.Helper()
	house := &module.House{}
	house.Furnish(module.Manifest{Counts: []module.Count{{Kind: "applied", Text: "results.nav"}, {Kind: "attended", Text: "results.nav"}}})
	m := &Module{Store: store, House: house}
	loaded, err := plan.Load([]byte(file), now)
	if err != nil {
		t.Fatal(err)
	}
	err = store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if _, err := plan.Import(ctx, tx, loaded, false); err != nil {
			return err
		}
		at := map[string]storage.ID{}
		for _, slug := range []string{"osh-day", "naryn-day", "evening"} {
			a, err := programme.BySlug(ctx, tx, slug)
			if err != nil {
				return err
			}
			at[slug] = a.ID
		}
		woman := ledger.Profile{Sex: "female", AgeBand: "25-34", City: "osh", Group: "activists"}
		man := ledger.Profile{Sex: "male", AgeBand: "45-59", City: "naryn", Group: "media"}
		silent := ledger.Profile{}
		w, d, s := storage.RandomID(now), storage.RandomID(now), storage.RandomID(now)
		for _, f := range []ledger.Fact{
			{Kind: "applied", Activity: at["osh-day"], Subject: w, Profile: woman, Day: "2026-02-01"},
			{Kind: "attended", Activity: at["osh-day"], Subject: w, Profile: woman, Day: "2026-02-28"},
			{Kind: "attended", Activity: at["naryn-day"], Subject: w, Profile: woman, Day: "2026-04-01"},
			{Kind: "attended", Activity: at["naryn-day"], Subject: d, Profile: man, Day: "2026-04-01"},
			{Kind: "attended", Activity: at["evening"], Subject: s, Profile: silent, Day: "2026-05-01"},
			{Kind: "attended", Activity: at["evening"], Subject: d, Profile: man, Day: "2026-05-01"},
			{Kind: "attended", Activity: at["evening"], Subject: d, Profile: man, Value: -1, Day: "2026-05-01"},
		} {
			if err := ledger.Record(ctx, tx, f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.Sub(texts, "text")
	if err != nil {
		t.Fatal(err)
	}
	manifest := m.Manifest()
	return webtest.Serve(t, web.Options{
		Routes: manifest.Routes,
		Identify: func(r *http.Request) (access.Actor, error) {
			return access.Actor{
				Person: storage.RandomID(now), Table: manifest.Permissions,
				Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: r.Header.Get("City")}}},
			}, nil
		},
	}, text, profile.Texts())
}

func ask(t *testing.T, srv string, path, city string) (int, string) {
	t.Helper()
	a := (&webtest.Browser{URL: srv, Header: http.Header{"City": {city}}}).Get(t, path)
	return a.Status, a.Body
}

// link finds the address of the number that leads to the given facts.
func link(t *testing.T, page string, want url.Values) (path, text string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?s)<a[^>]*href="([^"]*numbers/facts[^"]*)"[^>]*>(.*?)</a>`).FindAllStringSubmatch(page, -1) {
		u, err := url.Parse(strings.ReplaceAll(m[1], "&amp;", "&"))
		if err != nil {
			t.Fatal(err)
		}
		same := true
		for name := range want {
			same = same && u.Query().Get(name) == want.Get(name)
		}
		if same && u.Query().Has("by") == want.Has("by") {
			return u.RequestURI(), strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(m[2], " ")), " ")
		}
	}
	t.Errorf("no number leads to %v", want)
	return "", ""
}

func TestEachNumberIsCountedFromFactsAndOpensToThem(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		srv := hall(t, store)
		status, page := ask(t, srv, "/en/numbers", "")
		if status != http.StatusOK {
			t.Fatalf("%d", status)
		}
		for _, c := range []struct {
			about url.Values
			text  string // people and times
			facts int
		}{
			{url.Values{"count": {"attended"}}, "3", 6},
			{url.Values{"count": {"applied"}}, "1", 1},
			{url.Values{"count": {"attended"}, "by": {"sex"}, "value": {"female"}}, "1", 2},
			{url.Values{"count": {"attended"}, "by": {"sex"}, "value": {""}}, "1", 1},
			{url.Values{"count": {"attended"}, "by": {"city"}, "value": {"naryn"}}, "1", 3},
			{url.Values{"count": {"attended"}, "by": {"age"}, "value": {"45-59"}}, "1", 3},
			{url.Values{"count": {"attended"}, "by": {"group"}, "value": {"media"}}, "1", 3},
		} {
			path, text := link(t, page, c.about)
			if path == "" {
				continue
			}
			if _, after, ok := strings.Cut(text, ": "); ok {
				text = after // the label that a screen reader hears
			}
			if !strings.HasPrefix(text, c.text) {
				t.Errorf("%v: the page shows %q, want %s", c.about, text, c.text)
			}
			status, facts := ask(t, srv, path, "")
			if n := strings.Count(facts, `class="code"`); status != http.StatusOK || n != c.facts {
				t.Errorf("%v: %d with %d facts, want %d", c.about, status, n, c.facts)
			}
		}
	})
}

func TestNumbersAreLimitedToThePeriodTheActivityAndWhatOneMaySee(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		srv := hall(t, store)
		for _, c := range []struct {
			query, city string
			people      string
		}{
			{"?to=2026-02-28", "", "1"},                   // the last minute of a day in Bishkek belongs to it
			{"?from=2026-03-01", "", "3"},                 // and not to the next
			{"?from=2026-03-01&to=2026-04-30", "", "2"},   //
			{"?activity=evening", "", "1"},                // who was taken back is not counted
			{"?kind=seminar", "", "2"},                    //
			{"", "naryn", "2"},                            // only what lies in her city
			{"?activity=naryn-day", "naryn", "2"},         //
			{"?from=2026-04-01&to=2026-04-01", "osh", ""}, // nothing of hers in that time
		} {
			status, page := ask(t, srv, "/en/numbers"+c.query, c.city)
			if status != http.StatusOK {
				t.Errorf("%s: %d", c.query, status)
				continue
			}
			if c.people == "" {
				if strings.Contains(page, "count=attended") {
					t.Errorf("%s: there is a number", c.query)
				}
				continue
			}
			if _, text := link(t, page, url.Values{"count": {"attended"}}); !strings.HasPrefix(text, c.people) {
				t.Errorf("%s as %q: %q, want %s", c.query, c.city, text, c.people)
			}
		}
		for query, want := range map[string]int{
			"?activity=nowhere": http.StatusUnprocessableEntity, "?from=yesterday": http.StatusUnprocessableEntity,
			"?from=2026-05-01&to=2026-04-01": http.StatusUnprocessableEntity,
		} {
			if status, page := ask(t, srv, "/ky/numbers"+query, ""); status != want || !strings.Contains(page, `role="alert"`) {
				t.Errorf("%s: %d", query, status)
			}
		}
		for _, query := range []string{"?count=nothing", "?count=attended&by=shoe-size&value=43"} {
			if status, _ := ask(t, srv, "/en/numbers/facts"+query, ""); status != http.StatusNotFound {
				t.Errorf("facts %s: %d", query, status)
			}
		}
		// A number of another city does not open by its address.
		if _, page := ask(t, srv, "/en/numbers/facts?count=attended&by=city&value=naryn", "osh"); strings.Contains(page, "Naryn day") {
			t.Error("facts of another city are shown")
		}
		if status, _ := ask(t, srv, "/en/numbers?activity=naryn-day", "osh"); status != http.StatusUnprocessableEntity {
			t.Errorf("the activity of another city: %d", status)
		}
	})
}
