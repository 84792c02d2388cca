package results

import (
	"context"
	"encoding/json"
	"strconv"

	"platforma.kg/ashar/internal/foundation/gate"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
)

// fileKind is a file with what was told, for who wants to compute with it or to print it.
type fileKind struct {
	Ending string // of its address: results.csv
	Kind   string // Content-Type
	Text   string // key of what it is for
	make   func(view) ([]byte, error)
}

// allFiles are the files, in the order in which they are offered.
var allFiles = [...]fileKind{
	{"xlsx", sheet.TypeXLSX, "results.release.file.xlsx", func(v view) ([]byte, error) {
		return sheet.XLSX(v.say.T("results.release.title"), v.rows())
	}},
	{"csv", sheet.TypeCSV, "results.release.file.csv", func(v view) ([]byte, error) { return sheet.CSV(v.say.Lang, v.rows()) }},
	{"pdf", "application/pdf", "results.release.file.pdf", func(v view) ([]byte, error) { return v.paper().PDF() }},
}

// path is the address of a file in a language.
func (f fileKind) path(l i18n.Language) string {
	return resultsPath + "." + f.Ending + "?lang=" + string(l)
}

// newKept keeps the files of the last months; they are made one at a time.
func newKept() *gate.Once { return gate.NewOnce(gate.New(1, 8), 4<<20) }

// of gives a file of the last month, made now when nobody has asked for it.
func (m *Module) of(ctx context.Context, f fileKind, v view) ([]byte, error) {
	return m.kept.Get(ctx, gate.Name(f.Ending, string(v.say.Lang), v.Release.Month, v.Release.Made.String(), v.Programme.Name.In(v.say.Lang), strconv.FormatInt(profile.Said(v.say).Mark(), 10)), func() ([]byte, error) { return f.make(v) })
}

// send answers the address of a file.
func (m *Module) send(f fileKind) web.Handler {
	return func(r *web.Request) error {
		v, err := m.readIn(r, languageOf(r))
		if err != nil {
			return err
		}
		body, err := m.of(r.Context(), f, v)
		if err != nil {
			return err
		}
		h := r.W.Header()
		h.Set("Content-Type", f.Kind)
		h.Set("Cache-Control", "public, max-age=300")
		h.Set("Content-Disposition", `attachment; filename="results-`+v.Release.Month+`.`+f.Ending+`"`)
		h.Set("Content-Length", strconv.Itoa(len(body)))
		_, err = r.W.Write(body)
		return err
	}
}

// rows are all numbers of all months, each once.
func (v view) rows() [][]sheet.Value {
	traits := []string{atCity, atSex, atGroup, atAge}
	head := []string{v.say.T("results.release.month"), v.say.T("results.release.did")}
	for _, by := range traits {
		head = append(head, v.say.T("results.facts."+by))
	}
	out := [][]sheet.Value{sheet.Texts(append(head, v.say.T("results.release.counted_until"), v.say.T("results.release.people"))...)}
	for _, r := range v.Months {
		met := map[string]bool{}
		for _, t := range r.Tables {
			for _, c := range t.Cells {
				at := Where{}
				for i, name := range c.By {
					if c.At[i] != nil {
						at[name] = *c.At[i]
					}
				}
				line := []string{r.Month, ""}
				for _, count := range v.Counts {
					if at[atKind] == string(count.Kind) {
						line[1] = v.say.T(count.Text)
					}
				}
				for _, by := range traits {
					word := v.say.T("results.release.every")
					if value, one := at[by]; one {
						word = v.word(by, value)
					}
					line = append(line, word)
				}
				key := gate.Name(line...)
				if met[key] {
					continue
				}
				met[key] = true
				n := sheet.Text(v.say.T("web.hidden.short"))
				if c.N != nil {
					n = sheet.Figure(float64(*c.N))
				}
				out = append(out, append(sheet.Texts(append(line, c.Until)...), n))
			}
		}
	}
	return out
}

// api answers programs with what was told, as it is stored.
func (m *Module) api(r *web.Request) error {
	var t Told
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		t, err = Published(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	body, err := json.Marshal(struct {
		Programme string    `json:"programme"`
		Months    []Release `json:"months"`
	}{t.Programme.Slug, append([]Release{}, t.Months...)})
	if err != nil {
		return err
	}
	r.W.Header().Set("Content-Type", "application/json")
	r.W.Header().Set("Cache-Control", "public, max-age=300")
	_, err = r.W.Write(body)
	return err
}

// card answers what messengers show beside a link to the results.
func (m *Module) card(r *web.Request) error {
	v, err := m.readIn(r, languageOf(r))
	if err != nil {
		return err
	}
	var lines []string
	if n, share, told := v.women(); told {
		lines = append(lines, v.say.T("results.release.women", "count", n, "share", i18n.Percent(v.say.Lang, share)))
	}
	lines = append(lines, v.say.T("results.release.until", "month", monthName(v.say.Lang, v.Release.Month)))
	title := v.say.T("results.release.title")
	if whole := v.whole(); !whole.Hidden {
		title = v.say.T("results.release.came", "count", whole.N)
	}
	picture, err := m.Cards.Of(r.Context(), v.Programme.Name.In(v.say.Lang), title, lines)
	if err != nil {
		return err
	}
	return r.Picture("image/png", 300, picture)
}

// languageOf is the language of a file without one in its path: ?lang=ru, else that of the request.
func languageOf(r *web.Request) i18n.Language {
	if l, ok := i18n.Parse(r.URL.Query().Get("lang")); ok {
		return l
	}
	return r.Lang
}
