package results

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme/public"
)

// resultsPath is the page of the results, for everybody.
const resultsPath = "/results"

// download is a file that is offered.
type download struct {
	Path, Text, Kind string
	Bytes            int
}

// resultsPage is the data of the page.
type resultsPage struct {
	view
	Some      bool // something was told
	Next      time.Time
	Downloads []download
}

// results shows what was told.
func (m *Module) results(r *web.Request) error {
	var p resultsPage
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		t, err := Published(ctx, tx)
		if err != nil {
			return err
		}
		p = resultsPage{}
		var first ledger.Day
		if p.view, p.Some = m.look(t, r.Say, r.URL.Query().Get("month")); !p.Some {
			facts, some, err := m.tellable(ctx, tx, t.Programme)
			if err != nil {
				return err
			}
			if some {
				if first, err = ledger.FirstDay(ctx, tx, facts); err != nil {
					return err
				}
			}
		}
		p.Next = next(t, first, tx.Now)
		return nil
	})
	if err != nil {
		return err
	}
	if p.Some {
		last, _ := m.look(p.Told, r.Say, "")
		for _, f := range allFiles {
			body, err := m.of(r.Context(), f, last)
			if err != nil {
				return err
			}
			p.Downloads = append(p.Downloads, download{f.path(r.Lang), r.Say.T(f.Text), f.Ending, len(body)})
		}
	}
	return r.Page(200, results(r, p))
}

// readIn reads what was told, in a language; nothing told yet is not found.
func (m *Module) readIn(r *web.Request, l i18n.Language) (v view, err error) {
	say := r.Say
	if m.Words != nil {
		say = m.Words(l)
	}
	some := false
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		t, err := Published(ctx, tx)
		v, some = m.look(t, say, "")
		return err
	})
	if err == nil && !some {
		err = fault.New(fault.NotFound, "results.release.none")
	}
	return v, err
}

// part draws what the results say on a page of another room; nil before anything was told.
func (m *Module) part(draw func(*web.Request, view) templ.Component) module.Part {
	return func(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
		t, err := Published(ctx, tx)
		if err != nil {
			return nil, err
		}
		v, some := m.look(t, r.Say, "")
		if !some {
			return nil, nil
		}
		return draw(r, v), nil
	}
}

// any reports whether something was told: then the word stands in the navigation.
func (m *Module) any(ctx context.Context, tx *storage.Tx) (bool, error) {
	t, err := Published(ctx, tx)
	return len(t.Months) > 0, err
}

// open tells search engines of the page.
func (m *Module) open(ctx context.Context, tx *storage.Tx) ([]module.OpenPage, error) {
	t, err := Published(ctx, tx)
	last, some := t.Latest()
	if err != nil || !some {
		return nil, err
	}
	return []module.OpenPage{{Path: resultsPath, Changed: last.Made}}, nil
}

// cities draws the map.
func (v view) cities(r *web.Request, g grid) templ.Component {
	numbers := map[string]kit.Value{}
	for _, row := range g.Rows {
		numbers[row.Value] = value(row.all().Number)
	}
	for _, city := range profile.Said(r.Say).All(profile.City) {
		if _, there := numbers[city.Code]; !there {
			numbers[city.Code] = value(v.people(atCity, city.Code).Number)
		}
	}
	return public.CitiesChart(r, "by-city", v.say.T("results.numbers.by.city"), v.say.T(v.Of.Text), numbers)
}

func (p resultsPage) description() string {
	if !p.Some {
		return ""
	}
	return p.truth()
}

func (p resultsPage) image(r *web.Request) string {
	if !p.Some {
		return ""
	}
	return resultsPath + "/share.png?lang=" + string(r.Lang)
}

func upper(ending string) string { return strings.ToUpper(ending) }

// kilobytes is the size of a file in words.
func kilobytes(r *web.Request, bytes int) string {
	return r.Say.T("results.release.size", "size", i18n.Number(r.Lang, max(1, (bytes+512)/1024)))
}
