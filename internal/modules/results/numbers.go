package results

import (
	"cmp"
	"context"
	"net/url"
	"sort"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// question is what the address of a page of numbers asks for.
type question struct {
	Activity string // slug, empty for all
	Kind     string // of activities: seminar, discussion…
	From, To string // days, 2006-01-02, both included
	Count    string // index key of a count, for the facts behind it
	By       string // dimension
	Value    string
}

func asked(q url.Values) question {
	return question{Activity: q.Get("activity"), Kind: q.Get("kind"), From: q.Get("from"), To: q.Get("to"), Count: q.Get("count"), By: q.Get("by"), Value: q.Get("value")}
}

// path gives the address that asks the same with some parts replaced.
func (q question) path(page string, pairs ...string) string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("activity", q.Activity)
	set("kind", q.Kind)
	set("from", q.From)
	set("to", q.To)
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Del(pairs[i])
		// An unknown value is a question too: "by=city&value=" asks for no city given.
		if pairs[i+1] != "" || pairs[i] == "value" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return page
	}
	return page + "?" + v.Encode()
}

// Row is one value of a dimension with its numbers, one a count.
type Row struct {
	Value   string
	Label   string
	Numbers []ledger.Number
}

// Table is the numbers by one dimension.
type Table struct {
	By   ledger.Dimension
	Rows []Row
}

// Numbers is the page of numbers.
type Numbers struct {
	Question   question
	Counts     []module.Count
	Whole      []ledger.Number
	Tables     []Table
	Activities []programme.Activity
	Fault      *fault.Error
}

// numbers shows people and attendances, by sex, age band, city and group.
func (m *Module) numbers(r *web.Request) error {
	page, err := m.count(r)
	if err != nil {
		return err
	}
	status := 200
	if page.Fault != nil {
		status = web.Status(page.Fault.Code)
	}
	return r.Page(status, numbersPage(r, page))
}

// count gives the numbers that the address asks for.
func (m *Module) count(r *web.Request) (Numbers, error) {
	page := Numbers{Question: asked(r.URL.Query()), Counts: m.House.Counts()}
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		facts, activities, err := m.chosen(ctx, tx, r.Actor, page.Question)
		page.Activities = activities
		if page.Fault, err = web.Invalid(err); err != nil {
			return err
		}
		tallies := ledger.Count(facts)
		for _, c := range m.House.Counts() {
			page.Whole = append(page.Whole, whole(tallies[c.Kind]))
		}
		for _, d := range ledger.Dimensions {
			page.Tables = append(page.Tables, m.table(r, d, tallies))
		}
		return nil
	})
	return page, err
}

// chosen gives the facts that a question asks for and the actor may see, and
// the activities to choose from.
func (m *Module) chosen(ctx context.Context, tx *storage.Tx, actor access.Actor, q question) ([]ledger.Fact, []programme.Activity, error) {
	all, err := programme.All(ctx, tx, programme.Filter{})
	if err != nil {
		return nil, nil, err
	}
	var seen []programme.Activity
	var f ledger.Filter
	unknown := q.Activity != ""
	for _, a := range all {
		if !actor.May(See, access.Scope{Programme: a.Programme, City: a.City, Activity: a.ID}) {
			continue
		}
		seen = append(seen, a)
		if q.Activity != "" && a.Slug != q.Activity || q.Kind != "" && a.Kind != q.Kind {
			continue
		}
		unknown = false
		f.Activities = append(f.Activities, a.ID)
	}
	if unknown {
		return nil, seen, fault.At("activity", "results.fault.activity")
	}
	if f.From, err = day(q.From, "from"); err != nil {
		return nil, seen, err
	}
	if f.To, err = day(q.To, "to"); err != nil {
		return nil, seen, err
	}
	if f.To != "" && f.To < f.From {
		return nil, seen, fault.At("to", "results.fault.order")
	}
	if len(f.Activities) == 0 {
		return nil, seen, nil
	}
	for _, c := range m.House.Counts() {
		f.Kinds = append(f.Kinds, c.Kind)
	}
	facts, err := ledger.Facts(ctx, tx, f)
	return facts, seen, err
}

func day(s, field string) (ledger.Day, error) {
	if s == "" {
		return "", nil
	}
	d, err := ledger.ParseDay(s)
	if err != nil {
		return "", fault.At(field, "results.fault.day")
	}
	return d, nil
}

func whole(t *ledger.Tally) ledger.Number {
	if t == nil {
		return ledger.Number{}
	}
	return t.Number
}

func (m *Module) table(r *web.Request, d ledger.Dimension, tallies map[ledger.Kind]*ledger.Tally) Table {
	values := map[string]bool{}
	for _, c := range m.House.Counts() {
		if t := tallies[c.Kind]; t != nil {
			for v := range t.By[d] {
				values[v] = true
			}
		}
	}
	t := Table{By: d}
	for v := range values {
		row := Row{Value: v, Label: label(r, d, v)}
		for _, c := range m.House.Counts() {
			var n ledger.Number
			if tally := tallies[c.Kind]; tally != nil {
				n = tally.By[d][v]
			}
			row.Numbers = append(row.Numbers, n)
		}
		t.Rows = append(t.Rows, row)
	}
	sort.Slice(t.Rows, func(i, j int) bool {
		a, b := t.Rows[i], t.Rows[j]
		if (a.Value == "") != (b.Value == "") {
			return b.Value == "" // the unknown come last
		}
		if d == ledger.AgeBand {
			f, _ := profile.Counted(string(d))
			return cmp.Or(f.Compare(profile.Said(r.Say), a.Value, b.Value), cmp.Compare(a.Value, b.Value)) < 0
		}
		return a.Numbers[len(a.Numbers)-1].People > b.Numbers[len(b.Numbers)-1].People ||
			a.Numbers[len(a.Numbers)-1].People == b.Numbers[len(b.Numbers)-1].People && a.Value < b.Value
	})
	return t
}

// label names a value of a dimension in the reader's language.
func label(r *web.Request, d ledger.Dimension, value string) string {
	if value == "" {
		return r.Say.T("results.unknown")
	}
	f, _ := profile.Counted(string(d))
	return f.Many(r.Say, value)
}
