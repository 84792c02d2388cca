package newsroom

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

func TestEachSpellingOfALinkIsOneLink(t *testing.T) {
	t.Parallel()
	for want, spellings := range map[string][]string{
		"https://kloop.example/2026/09/a": {
			"https://kloop.example/2026/09/a", "HTTPS://Kloop.Example/2026/09/a", "https://kloop.example:443/2026/09/a/", "https://kloop.example/2026/09/a#comments",
			"https://kloop.example/2026/09/a?utm_source=telegram&utm_medium=x", "https://kloop.example/2026/09/a?fbclid=IwAR0&gclid=1", "  https://kloop.example/2026/09/a  ",
			"https://kloop.example/2026/09/a?", "https://kloop.example./2026/09/a//", "https://kloop.example/2026/x/../09/./a", "https://kloop.example/2026/09/a?UTM_Source=x", "https://kloop.example/2026/09/a?utm%5Fsource=x",
		},
		"https://kloop.example":              {"https://kloop.example", "https://kloop.example/", "https://kloop.example/?gclid=2#top"},
		"https://kloop.example/?id=1&page=2": nil,
		"https://kloop.example/a?id=1&lang=ky": {
			"https://kloop.example/a?id=1&lang=ky", "https://kloop.example/a/?lang=ky&id=1", "https://kloop.example/a?utm_campaign=z&lang=ky&&id=1",
		},
		"https://kloop.example:8080/a":                       {"http://kloop.example:8080/a/", "HTTP://KLOOP.example:8080/a"},
		"https://kloop.example/a":                            {"http://kloop.example:80/a", "http://kloop.example/a", "https://kloop.example:443/a"},
		"https://xn--e1aybc.kg/%D0%96%D0%B0%D2%A3%D1%8B":     {"https://тест.kg/Жаңы", "https://xn--e1aybc.kg/%d0%96%d0%b0%d2%a3%d1%8b/", "https://ТЕСТ.kg/%D0%96%D0%B0%D2%A3%D1%8B"},
		"https://t.example/c/1?single":                       {"https://t.example/c/1?single"},
		"https://t.example/watch?v=a;b":                      {"https://t.example/watch?v=a;b"},
		"https://r3---sn.cdn_1.example/a":                    {"https://r3---sn.cdn_1.example/a"},
		"https://kloop.example/a?id=2&id=1":                  {"https://kloop.example/a?id=2&id=1"},
		"https://kloop.example/A%2FB":                        {"https://kloop.example/A%2fB"},
		"https://kloop.example/a?next=%2Fb%3Futm_source%3Dx": {"https://kloop.example/a?next=%2fb%3futm_source%3dx"},
	} {
		for _, typed := range spellings {
			link, key, err := readLink(typed)
			if err != nil || key != want {
				t.Errorf("%q is %q, %v; not %q", typed, key, err, want)
			}
			if lower := strings.ToLower(link); strings.Contains(lower, "fbclid") || strings.Contains(lower, "gclid=") || strings.Contains(lower, "?utm") {
				t.Errorf("%q still tells who clicked: %q", typed, link)
			}
			if _, again, err := readLink(link); err != nil || again != key {
				t.Errorf("%q is kept as %q, which is %q, %v", typed, link, again, err)
			}
		}
	}
	for _, pair := range [][2]string{{"https://a.example/a", "https://a.example/%61"}, {"https://a.example/?x=1", "https://a.example/?x=%31"}, {"https://a.example/%e2%82%ac", "https://a.example/%E2%82%AC"}} {
		_, one, err1 := readLink(pair[0])
		_, other, err2 := readLink(pair[1])
		if err1 != nil || err2 != nil || one != other {
			t.Errorf("%v are %q and %q (%v, %v)", pair, one, other, err1, err2)
		}
	}
	for _, pair := range [][2]string{
		{"https://a.example:80/x", "http://a.example/x"},
		{"https://a.example/x", "https://a.example/X"},
		{"https://a.example/x?id=1", "https://a.example/x?id=2"},
		{"https://a.example/x?id=1&id=2", "https://a.example/x?id=2&id=1"},
		{"https://a.example:8443/x", "https://a.example/x"},
		{"https://a.example/x?v=a;b", "https://a.example/x?v=a;c"},
		{"https://a.example/x?utmost=1", "https://a.example/x"},
		{"https://a.example/A%2FB", "https://a.example/A/B"},
	} {
		_, one, err1 := readLink(pair[0])
		_, other, err2 := readLink(pair[1])
		if err1 != nil || err2 != nil || one == other {
			t.Errorf("%v are both %q (%v, %v)", pair, one, err1, err2)
		}
	}
}

func TestALinkLeadsToAPageOfTheWeb(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{
		"", " ", "javascript:alert(1)", "JaVaScRiPt://a.example/%0aalert(1)", "data:text/html,x", "ftp://a.example/x", "file:///etc/passwd", "//a.example/x", "/x", "a.example/x", "https:a.example",
		"http://127.0.0.1/", "http://2130706433/", "http://localhost/x", "http://a.localhost/", "https://[2001:db8::1]:8443/a", "http://0x7f.0x1/", "https://intranet/x", "https://a.example/%E2%80%AEcod",
		"https://", "https:///x", "https://user@a.example/x", "https://user:secret@a.example/x", "https://@a.example/x", "https://a.example\\@b.example/x", "https://a.example/a b", "https://a.example/\nb", "https://a..example/x", "https://a b.example/",
		"https://a.example/<script>", `https://a.example/"onclick=`, "https://a.example:port/", "https://a.example/%zz", "https://" + strings.Repeat("a", 300) + ".example/", "https://a.example/" + strings.Repeat("a", mostLink), "mailto:a@b.example",
	} {
		if link, _, err := readLink(typed); !fault.Is(err, fault.Invalid) || fault.Of(err).Field != "link" {
			t.Errorf("%q is kept as %q, %v", typed, link, err)
		}
	}
}

// noted writes down a mention as somebody.
func (v room) noted(cmd NoteMention) (n Mention, err error) {
	v.t.Helper()
	err = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		n, err = v.m.NoteMention(ctx, tx, cmd)
		return err
	})
	return n, err
}

func piece(link string, day ledger.Day) func(Mention) (Mention, error) {
	return func(n Mention) (Mention, error) {
		n.Link, n.Outlet, n.Title, n.Language, n.Day, n.Kind = link, "Kloop", "Семинар в Нарыне", i18n.Russian, day, Online
		return n, nil
	}
}

func (v room) mention(n Mention, err error) Mention {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	return n
}

func (v room) drop(actor access.Actor, id storage.ID) error {
	v.t.Helper()
	return v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error { return v.m.RemoveMention(ctx, tx, actor, id) })
}

// months counts mentions by the month of their day.
func (v room) months() map[string]int {
	v.t.Helper()
	out := map[string]int{}
	if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for month := 1; month <= 12; month++ {
			first := time.Date(2024, time.Month(month), 1, 12, 0, 0, 0, programme.Bishkek)
			facts, err := ledger.Facts(ctx, tx, ledger.Filter{Kinds: []ledger.Kind{MentionFact}, From: ledger.DayOf(first), To: ledger.DayOf(first.AddDate(0, 1, -1))})
			if err != nil {
				return err
			}
			if t := ledger.Count(facts)[MentionFact]; t != nil && t.Times != 0 {
				out[first.Format("2006-01")] = t.Times
			}
		}
		return nil
	}); err != nil {
		v.t.Fatal(err)
	}
	return out
}

func TestOneLinkNotedByTwoAtOnceIsNotedOnce(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		spellings := []string{"https://kloop.example/a", "HTTPS://KLOOP.EXAMPLE:443/a/", "https://kloop.example/a?utm_source=x", "https://kloop.example/a#b"}
		var mu sync.Mutex
		var wait sync.WaitGroup
		kept, refused := 0, 0
		for _, link := range spellings {
			wait.Go(func() {
				_, err := v.noted(NoteMention{Actor: chief, Write: piece(link, "2024-03-05")})
				mu.Lock()
				defer mu.Unlock()
				switch f := fault.Of(err); {
				case err == nil:
					kept++
				case f != nil && f.Code == fault.Invalid && f.Field == "link":
					refused++
				default:
					v.t.Error(err)
				}
			})
		}
		wait.Wait()
		if kept != 1 || refused != 3 {
			v.t.Errorf("%d kept, %d refused", kept, refused)
		}
		if got := v.months(); got["2024-03"] != 1 || len(got) != 1 {
			v.t.Errorf("counted %v", got)
		}
		// Nor does a change make two of one.
		other := v.mention(v.noted(NoteMention{Actor: chief, Write: piece("https://kloop.example/b", "2024-04-05")}))
		if _, err := v.noted(NoteMention{Actor: chief, Mention: other.ID, Version: other.Version, Write: piece("https://Kloop.example/a/", "2024-05-05")}); fault.Of(err) == nil || fault.Of(err).Field != "link" {
			v.t.Errorf("changed into another: %v", err)
		}
		if got := v.months(); got["2024-04"] != 1 || got["2024-05"] != 0 {
			v.t.Errorf("a change that was refused is counted: %v", got)
		}
		v.mention(v.noted(NoteMention{Actor: chief, Mention: other.ID, Version: other.Version, Write: piece("https://kloop.example/b?utm_source=y", "2024-04-05")}))
	})
}

// Whatever is noted, moved, given to another event and removed, in any order: each month
// counts what appeared in it.
func TestTheCountFollowsTheDayOnWhichItAppeared(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		a, b := v.activities()
		for round := range 6 {
			random := rand.New(rand.NewPCG(uint64(round), 42))
			there := map[string]Mention{}
			for step := range 25 {
				link := "https://kloop.example/" + string(rune('a'+round)) + "/" + string(rune('a'+random.IntN(5)))
				day := ledger.DayOf(time.Date(2024, time.Month(1+random.IntN(12)), 1+random.IntN(28), 12, 0, 0, 0, programme.Bishkek))
				n, known := there[link]
				if known && random.IntN(4) == 0 {
					if err := v.drop(chief, n.ID); err != nil {
						v.t.Fatal(err)
					}
					delete(there, link)
					continue
				}
				there[link] = v.mention(v.noted(NoteMention{Actor: chief, Mention: n.ID, Version: n.Version, Write: func(n Mention) (Mention, error) {
					n, err := piece(link, day)(n)
					n.Activity = []storage.ID{{}, a, b}[random.IntN(3)]
					if step%5 == 0 && known { // the same day again
						n.Day = there[link].Day
					}
					return n, err
				}}))
			}
			want := map[string]int{}
			for _, n := range there {
				want[string(n.Day[:7])]++
			}
			got := v.months()
			for month := range 12 {
				at := time.Date(2024, time.Month(month+1), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
				if got[at] != want[at] {
					v.t.Errorf("round %d: %s counts %d, not %d", round, at, got[at], want[at])
				}
			}
			for _, n := range there {
				if err := v.drop(chief, n.ID); err != nil {
					v.t.Fatal(err)
				}
			}
			if got := v.months(); len(got) != 0 {
				v.t.Errorf("round %d: when all are removed %v is left", round, got)
			}
		}
	})
}

// activities are two events of the programme in different cities.
func (v room) activities() (osh, naryn storage.ID) {
	v.t.Helper()
	if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := programme.All(ctx, tx, programme.Filter{})
		for _, a := range list {
			switch a.City {
			case "osh":
				osh = a.ID
			case "naryn":
				naryn = a.ID
			}
		}
		return err
	}); err != nil {
		v.t.Fatal(err)
	}
	if osh.IsZero() || naryn.IsZero() {
		v.t.Fatal("there are no two events")
	}
	return osh, naryn
}

func TestNothingAppearsInTheFuture(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		for at, c := range map[string]struct {
			day ledger.Day
			key string
		}{
			"2024-03-05T17:59:59Z": {"2024-03-06", "newsroom.mention.fault.future"}, // still the fifth in Bishkek
			"2024-03-05T18:00:00Z": {"2024-03-06", ""},                              // the sixth has begun there
			"2024-03-05T18:00:01Z": {"2024-03-07", "newsroom.mention.fault.future"},
			"2024-03-06T18:00:02Z": {"2024-02-30", "newsroom.mention.fault.day"},
			"2024-03-06T18:00:03Z": {"1999-12-31", "newsroom.mention.fault.day"},
			"2024-03-06T18:00:04Z": {"", "newsroom.mention.fault.day"},
			"2024-03-06T18:00:05Z": {"06.03.2024", "newsroom.mention.fault.day"},
		} {
			now, err := time.Parse(time.RFC3339, at)
			if err != nil {
				v.t.Fatal(err)
			}
			err = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				tx.Now = now
				_, err := v.m.NoteMention(ctx, tx, NoteMention{Actor: chief, Write: piece("https://kloop.example/"+at[17:19], c.day)})
				return err
			})
			if wrong := fault.Of(err).At("day"); c.key == "" && err != nil || c.key != "" && (len(wrong) != 1 || wrong[0].Key != c.key) {
				v.t.Errorf("at %s what appeared on %q: %v", at, c.day, err)
			}
		}
		if got := v.months(); got["2024-03"] != 1 || len(got) != 1 {
			v.t.Errorf("counted %v", got)
		}
	})
}

func TestAMentionIsOfWhoPublishesWhereItLies(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		osh, naryn := v.activities()
		ofOsh := chief
		ofOsh.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "osh"}}}
		about := func(link string, activity, release storage.ID) func(Mention) (Mention, error) {
			return func(n Mention) (Mention, error) {
				n, err := piece(link, "2024-03-05")(n)
				n.Activity, n.Release = activity, release
				return n, err
			}
		}
		r := v.must(v.move(v.new(chief, time.Time{}), chief, Review, "", i18n.Text{}))
		r = v.must(v.move(r, chief, Published, "", i18n.Text{}))
		for name, c := range map[string]struct {
			actor             access.Actor
			activity, release storage.ID
			may               bool
		}{
			"osh, her city": {ofOsh, osh, storage.ID{}, true}, "osh, another city": {ofOsh, naryn, storage.ID{}, false}, "osh, none": {ofOsh, storage.ID{}, storage.ID{}, false},
			"osh, after a release of all": {ofOsh, osh, r.ID, false}, "who only writes": {author, osh, storage.ID{}, false}, "nobody": {nobody, osh, storage.ID{}, false},
			"chief": {chief, naryn, r.ID, true}, "chief, none": {chief, storage.ID{}, storage.ID{}, true},
		} {
			_, err := v.noted(NoteMention{Actor: c.actor, Write: about("https://kloop.example/"+strings.ReplaceAll(name, " ", "-"), c.activity, c.release)})
			if c.may && err != nil || !c.may && !fault.Is(err, fault.Forbidden) {
				v.t.Errorf("%s: %v", name, err)
			}
		}
		n := v.mention(v.noted(NoteMention{Actor: chief, Write: about("https://kloop.example/n", naryn, storage.ID{})}))
		if _, err := v.noted(NoteMention{Actor: ofOsh, Mention: n.ID, Version: n.Version, Write: about(n.Link, osh, storage.ID{})}); !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("another city's is taken: %v", err)
		}
		if err := v.drop(ofOsh, n.ID); !fault.Is(err, fault.Forbidden) {
			v.t.Errorf("another city's is removed: %v", err)
		}
		if _, err := v.noted(NoteMention{Actor: chief, Mention: n.ID, Version: n.Version + 1, Write: about(n.Link, osh, storage.ID{})}); !fault.Is(err, fault.Conflict) {
			v.t.Errorf("the slower of two: %v", err)
		}
		for _, id := range []storage.ID{{9}, n.ID} { // no such release, no such activity
			if _, err := v.noted(NoteMention{Actor: chief, Write: about("https://kloop.example/z", storage.ID{}, id)}); !fault.Is(err, fault.Invalid) {
				v.t.Errorf("after a release that there is not: %v", err)
			}
			if _, err := v.noted(NoteMention{Actor: chief, Write: about("https://kloop.example/z", id, storage.ID{})}); !fault.Is(err, fault.Invalid) {
				v.t.Errorf("about an event that there is not: %v", err)
			}
		}
		if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			hers, err := v.m.notedBy(ctx, tx, ofOsh)
			if len(hers) != 1 || hers[0].Activity != osh {
				v.t.Errorf("of Osh she finds %d", len(hers))
			}
			return err
		}); err != nil {
			v.t.Fatal(err)
		}
	})
}

func TestWhatOthersPublishedStandsOnThePagesAndTellsThemNothing(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		r := v.must(v.move(v.new(chief, time.Time{}), chief, Review, "", i18n.Text{}))
		r = v.must(v.move(r, chief, Published, "", i18n.Text{}))
		v.mention(v.noted(NoteMention{Actor: chief, Write: func(n Mention) (Mention, error) {
			n, err := piece("https://kloop.example/a?x=<1>"[:26], "2024-03-05")(n)
			n.Title, n.Outlet, n.Release = `Биз "жеңдик" <b>`, "Үлгү ТВ", r.ID
			return n, err
		}}))
		for where, html := range map[string]string{
			"the page for the press": func() string { _, _, html := v.page(nobody, i18n.Russian, "/press", nil, v.m.press); return html }(),
			"the page of the release": func() string {
				_, _, html := v.page(nobody, i18n.Russian, r.path(), map[string]string{"slug": r.Slug}, v.m.show)
				return html
			}(),
		} {
			for _, word := range []string{
				`<a href="https://kloop.example/a?x=" rel="nofollow noopener noreferrer external" lang="ru">Биз &#34;жеңдик&#34; &lt;b&gt;</a>`, "Үлгү ТВ", "5 марта 2024", "Онлайн",
			} {
				if !strings.Contains(html, word) {
					v.t.Errorf("%s lacks %s", where, word)
				}
			}
		}
	})
}

func TestWhatSomebodyNotedStaysWithoutHer(t *testing.T) {
	t.Parallel()
	rooms(t, func(v room) {
		digest := strings.Repeat("ab", 32)
		kept := Kept{File: "newsroom/x.jpg", Type: "image/jpeg", Size: 1, Digest: digest}
		i := v.item(v.keep(KeepKitItem{Actor: chief, Pictures: Pictures{kept, kept}, Write: wholeItem}))
		n := v.mention(v.noted(NoteMention{Actor: chief, Write: piece("https://kloop.example/a", "2024-03-05")}))
		by := func() (item, mention storage.ID) {
			v.t.Helper()
			if err := v.s.Read(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				i, err := kitByID(ctx, tx, i.ID)
				if err != nil {
					return err
				}
				n, err := mentionByID(ctx, tx, n.ID)
				item, mention = i.By, n.By
				return err
			}); err != nil {
				v.t.Fatal(err)
			}
			return item, mention
		}
		into := storage.ID{77}
		programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error { return merge(ctx, tx, chief.Person, into) })
		if a, b := by(); a != into || b != into {
			v.t.Errorf("after a merge it is of %v and %v", a, b)
		}
		programmetest.Write(v.t, v.s, func(ctx context.Context, tx *storage.Tx) error { return erase(ctx, tx, into) })
		if a, b := by(); !a.IsZero() || !b.IsZero() {
			v.t.Errorf("after her erasure it is of %v and %v", a, b)
		}
	})
}
