package results

import (
	"context"
	"strconv"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// factsAPage is how many facts one page of the list shows.
const factsAPage = 100

// FactRow is one fact as it is listed.
type FactRow struct {
	Day       ledger.Day
	Activity  programme.Activity
	Subject   int // tells people apart in this list alone, names nobody
	TakenBack bool
	Profile   []string
}

// FactsPage is the list of facts behind one number.
type FactsPage struct {
	Question question
	Count    module.Count
	By       ledger.Dimension
	Label    string
	Number   ledger.Number
	Rows     []FactRow
	Facts    int
	Page     int
	Pages    int
}

// facts lists what stands behind one number.
func (m *Module) facts(r *web.Request) error {
	q := asked(r.URL.Query())
	page := FactsPage{Question: q, By: ledger.Dimension(q.By)}
	found := false
	for _, c := range m.House.Counts() {
		if string(c.Kind) == q.Count {
			page.Count, found = c, true
		}
	}
	if !found || q.By != "" && !known(page.By) {
		return fault.New(fault.NotFound, "results.fault.number")
	}
	if page.By != "" {
		page.Label = label(r, page.By, q.Value)
	}
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		facts, activities, err := m.chosen(ctx, tx, r.Actor, q)
		if err != nil {
			return err
		}
		behind := ledger.Behind(facts, page.Count.Kind, page.By, q.Value)
		page.Number = whole(ledger.Count(behind)[page.Count.Kind])
		page.Facts = len(behind)
		page.Pages = (len(behind) + factsAPage - 1) / factsAPage
		page.Page, _ = strconv.Atoi(r.URL.Query().Get("page"))
		page.Page = max(1, min(page.Page, page.Pages))
		names := map[storage.ID]programme.Activity{}
		for _, a := range activities {
			names[a.ID] = a
		}
		first := (page.Page - 1) * factsAPage
		list := renumber(q, behind)
		for _, f := range list[min(first, len(list)):min(first+factsAPage, len(list))] {
			row := FactRow{Day: f.Day, Activity: names[f.Activity], Subject: f.Number, TakenBack: f.Value < 0}
			for _, d := range ledger.Dimensions {
				row.Profile = append(row.Profile, label(r, d, d.Of(f.Profile)))
			}
			page.Rows = append(page.Rows, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.Page(200, factsPage(r, page))
}

func known(d ledger.Dimension) bool {
	for _, k := range ledger.Dimensions {
		if k == d {
			return true
		}
	}
	return false
}
