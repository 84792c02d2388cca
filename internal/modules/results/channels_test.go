package results

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/document/documenttest"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/share"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// channels serves all that tells numbers of people to strangers and donors.
type channels struct {
	school
	url   string
	mu    sync.Mutex
	cards []string // the words of pictures
}

func openChannels(t *testing.T, s school) *channels {
	t.Helper()
	c := &channels{school: s}
	text, err := fs.Sub(texts, "text")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load(text, profile.Texts(), programme.Texts(), web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	c.Words = catalogue.Printer
	c.Cards = share.NewCards(func(over, title string, under []string) ([]byte, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.cards = append(c.cards, strings.Join(append([]string{over, title}, under...), "\n"))
		return onePixel, nil
	})
	manifest := c.Manifest()
	parts := func(draw func(context.Context, *storage.Tx, *web.Request) (templ.Component, error)) web.Handler {
		return func(r *web.Request) error {
			var part templ.Component
			err := c.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				part, err = draw(ctx, tx, r)
				return err
			})
			if err != nil || part == nil {
				return err
			}
			return r.Page(200, part)
		}
	}
	routes := append(manifest.Routes,
		web.Route{Method: "GET", Pattern: "/home", Needs: access.Public, Handler: parts(manifest.Home)},
		web.Route{Method: "GET", Pattern: "/press", Needs: access.Public, Handler: parts(manifest.PressFacts)})
	c.url = webtest.Serve(t, web.Options{
		Routes: routes,
		Identify: func(*http.Request) (access.Actor, error) {
			return access.Actor{Person: storage.RandomID(now), Table: manifest.Permissions, Grants: []access.Grant{{Role: access.Donor}}}, nil
		},
	}, text, profile.Texts(), programme.Texts())
	return c
}

// onePixel is a picture.
var onePixel = []byte("\x89PNG\r\n\x1a\n")

func (c *channels) get(t testing.TB, path string) string {
	t.Helper()
	res, err := http.Get(c.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", path, res.StatusCode, err)
	}
	return b.String()
}

var (
	tags    = regexp.MustCompile(`(?s)<(style|script)[^>]*>.*?</(style|script)>|<[^>]*>`)
	labels  = regexp.MustCompile(`(?:aria-label|content|title)="([^"]*)"`)
	numbers = regexp.MustCompile(`\d+`)
)

// words are what a person reads in a page, also with her ears; each part by itself.
func words(page string) []string {
	var out []string
	for _, m := range labels.FindAllStringSubmatch(page, -1) {
		out = append(out, m[1])
	}
	return append(out, tags.Split(page, -1)...)
}

// unzipped gives the sheet of a workbook.
func unzipped(t testing.TB, book string) string {
	t.Helper()
	z, err := zip.NewReader(strings.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestNoChannelTellsANumberThatIsHidden makes worlds whose numbers can be told from all that
// is no count (they are above 100 and unlike each other), hides some, and walks every
// channel in three languages: whatever is hidden, or not told yet, stands nowhere.
func TestNoChannelTellsANumberThatIsHidden(t *testing.T) {
	t.Parallel()
	hiddenAll, shownAll := 0, 0
	proves := func() bool { return hiddenAll >= 100 && shownAll >= 100 }
	check(t, proves, func(rt *rapid.T) {
		clock := storagetest.NewClock(dayAt(t, "2026-01-02"))
		s := openSchool(t, storagetest.Open(t, clock.Option()), clock)
		c := openChannels(t, s)
		// Each month half of the crowds are too few to be told, so that no world hides little.
		few, some := rapid.IntRange(1, 4), rapid.IntRange(101, 160)
		sizes := slices.Concat(slices.Repeat([]*rapid.Generator[int]{few, few, few, some, some}, 2), []*rapid.Generator[int]{rapid.Just(0), rapid.Just(0)})
		for m := range 2 {
			size := rapid.Permutation(sizes).Draw(rt, "sizes")
			for c, city := range []string{"osh", "naryn", "bishkek", "talas"} {
				for w, who := range [][2]string{{"female", "activists"}, {"male", "media"}, {"undisclosed", "media"}} {
					n := size[3*c+w].Draw(rt, city+who[0])
					kind := rapid.SampledFrom([]string{"applied", "attended"}).Draw(rt, "kind")
					p := oshWoman
					p.Sex, p.Group, p.City = who[0], who[1], city
					s.record(t, many(n, ledger.Kind(kind), ledger.Day(fmt.Sprintf("2026-%02d-14", m+1)), p)...)
				}
			}
		}
		clock.Set(dayAt(t, "2026-03-10")) // January and February are told, March is not
		told := s.make(t)
		var hidden []int
		shown := map[int]bool{}
		var counted []crowd
		if err := s.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
			counted, err = countedUntil(ctx, tx, told.Programme.ID, "2026-02")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for _, r := range told.Months {
			for _, table := range r.Tables {
				for _, cell := range table.Cells {
					if cell.N != nil {
						shown[*cell.N] = true
						shownAll++
					}
					if n := counts(counted, cell.where(), r.Month); cell.N == nil || *cell.N != n {
						hidden = append(hidden, n)
						hiddenAll++
					}
				}
			}
		}
		// What all have more than those who are told apart follows from what is told.
		rests := map[int]bool{}
		for _, r := range told.Months {
			for _, table := range r.Tables {
				for _, sex := range []string{women, othersOf, ""} {
					rest := 0
					for _, cell := range table.Cells {
						if at := cell.where(); at[atKind] == string(r.Apart) && at[atSex] == sex && cell.N != nil {
							if cell.At[1] == nil {
								rest += *cell.N
							} else {
								rest -= *cell.N
							}
						}
					}
					rests[rest] = true
				}
			}
		}
		// What is not told yet: all of March.
		march := 1700 + rapid.IntRange(0, 90).Draw(rt, "march")
		s.record(t, many(march, "attended", "2026-03-05", oshMan)...)
		hidden = append(hidden, march)
		if err := s.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
			facts, err := ledger.Facts(ctx, tx, ledger.Filter{})
			for _, exact := range ledger.Count(facts) {
				hidden = append(hidden, exact.People) // what staff see today
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		// Round numbers are those of axes and of the classes of the map.
		may := func(n int) bool { return shown[n] || rests[n] || n == 2026 || n%5 == 0 }
		class := regexp.MustCompile(`^\s*[\d\x{a0},]+–[\d\x{a0},]+\s*$`)
		judge := func(where, text string) {
			if class.MatchString(text) { // one less than a round number
				return
			}
			for _, one := range numbers.FindAllString(strings.NewReplacer("\u00a0", "", ",", "").Replace(text), -1) {
				n, err := strconv.Atoi(one)
				if err == nil && n > 100 && slices.Contains(hidden, n) && !may(n) {
					rt.Errorf("%s tells %d: %q", where, n, text)
				}
			}
		}
		// Where only counts stand, nothing may stand that is not told.
		strict := func(where, text string) {
			if text = strings.TrimSpace(text); numbers.MatchString(text) {
				n, err := strconv.Atoi(numbers.FindString(strings.NewReplacer("\u00a0", "", ",", "").Replace(text)))
				if err != nil || !shown[n] {
					rt.Errorf("%s tells %s, which was not told", where, text)
				}
			}
		}
		cell := regexp.MustCompile(`(?s)<td class="n"[^>]*>(.*?)</td>`)
		for _, lang := range i18n.Languages {
			l := "/" + string(lang)
			for _, path := range []string{"/home", "/press", "/results", "/results?of=applied", "/results?month=2026-01", "/results?month=2026-01&of=applied", "/results?month=2026-03&of=confirmed"} {
				page := c.get(t, l+path)
				for _, text := range words(page) {
					judge(l+path, text)
				}
				for _, m := range cell.FindAllStringSubmatch(page, -1) {
					strict(l+path, tags.ReplaceAllString(m[1], ""))
				}
			}
			q := "?lang=" + string(lang)
			for line := range strings.Lines(c.get(t, "/results.csv"+q)) {
				parts := strings.FieldsFunc(strings.TrimSpace(line), func(r rune) bool { return r == ',' || r == ';' })
				strict("/results.csv"+q, parts[len(parts)-1])
			}
			for _, value := range regexp.MustCompile(`<v>([^<]*)</v>`).FindAllStringSubmatch(unzipped(t, c.get(t, "/results.xlsx"+q)), -1) {
				strict("/results.xlsx"+q, value[1])
			}
			judge("/results.pdf"+q, documenttest.Text(t, []byte(c.get(t, "/results.pdf"+q))))
			c.get(t, "/results/share.png"+q)
		}
		for _, card := range c.cards {
			judge("a picture", card)
		}
		var api struct {
			Months []Release `json:"months"`
		}
		if err := json.Unmarshal([]byte(c.get(t, "/api/v1/results")), &api); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(len(api.Months)) != fmt.Sprint(len(told.Months)) || !slices.Equal(texted(rt, api.Months), texted(rt, told.Months)) {
			rt.Error("the API tells something else")
		}
	})
	if !proves() {
		t.Errorf("%d hidden and %d shown numbers prove little", hiddenAll, shownAll)
	}
	t.Logf("%d hidden and %d shown numbers", hiddenAll, shownAll)
}

// TestTheFirstSentenceIsOfWhoCameWhateverIsLookedAt looks at those who applied, who are more.
func TestTheFirstSentenceIsOfWhoCameWhateverIsLookedAt(t *testing.T) {
	t.Parallel()
	clock := storagetest.NewClock(dayAt(t, "2026-02-10"))
	s := openSchool(t, storagetest.Open(t, clock.Option()), clock)
	s.record(t, many(20, "attended", "2026-01-14", oshWoman)...)
	s.record(t, many(30, "applied", "2026-01-14", oshMan)...)
	s.make(t)
	c := openChannels(t, s)
	want := c.Words(i18n.English).T("results.release.truth", "count", 20, "month", "January 2026")
	for _, path := range []string{"/en/results", "/en/results?of=applied"} {
		if page := c.get(t, path); !strings.Contains(page, want) {
			t.Errorf("%s does not say %q", path, want)
		}
	}
}

// TestThePaperOfTheResultsIsForEverybody lets veraPDF, qpdf and poppler judge it.
func TestThePaperOfTheResultsIsForEverybody(t *testing.T) {
	t.Parallel()
	clock := storagetest.NewClock(dayAt(t, "2026-02-10"))
	s := openSchool(t, storagetest.Open(t, clock.Option()), clock)
	s.record(t, many(20, "attended", "2026-01-14", oshWoman)...)
	s.record(t, many(3, "attended", "2026-01-14", narynWoman)...)
	s.record(t, many(30, "applied", "2026-01-14", oshMan)...)
	s.make(t)
	c := openChannels(t, s)
	papers := map[string][]byte{}
	for _, lang := range i18n.Languages {
		pdf := []byte(c.get(t, "/results.pdf?lang="+string(lang)))
		papers[string(lang)] = pdf
		say := c.Words(lang)
		text := documenttest.Text(t, pdf)
		for _, want := range []string{say.T("results.release.title"), say.T("web.hidden.short"), say.T("results.release.hidden")} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the paper does not say %q", lang, want)
			}
		}
	}
	documenttest.Judge(t, papers)
}
