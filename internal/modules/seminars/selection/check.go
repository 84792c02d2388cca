package selection

import (
	"context"
	"errors"
	"slices"
	"sort"
	"strconv"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/science/lottery"
)

// Way is one change, alone enough, by which rules can be met.
type Way struct {
	Quota    int // its place in the rules, -1: the limit of those who belong together
	Min, Max int // of the quota then
	AtMost   int // the limit then, 0 for none
}

// Verdict says whether rules can be met by those who take part now.
type Verdict struct {
	Possible bool
	Nobody   bool // there is nobody to choose from
	Kept     int  // more have a seat than shall be chosen; 0: no
	Unknown  bool // it could not be decided within the effort

	Quotas                    []int // a smallest set that contradicts itself, places in the rules
	Smallest                  bool
	Seats, Together, Selected bool // what stands against them besides
	Ways                      []Way
}

// mostWays is of how many quotas of a conflict ways out are looked for.
const mostWays = 6

// Check tells of rules, saved or not, whether they can be met, and when not, which are in
// each other's way and by which single changes the rest can be kept. It changes nothing.
//
// Faults: Forbidden; those of the rules.
func (m *Service) Check(ctx context.Context, actor may, activity storage.ID, rules Rules) (t *Table, v Verdict, err error) {
	err = m.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.ActivityByID(ctx, tx, activity)
		if err != nil {
			return err
		}
		if t, err = m.Table(ctx, tx, actor, a); err != nil {
			return err
		}
		if err := rules.check(t.Form); err != nil {
			return err
		}
		t.Rules = rules
		return m.read(ctx, tx, t, true)
	})
	if err != nil {
		return t, v, err
	}
	v, err = t.Verdict()
	return t, v, err
}

// Verdict judges the rules of a table.
func (t *Table) Verdict() (v Verdict, err error) {
	lots := t.frozen()
	if len(lots) == 0 {
		return Verdict{Nobody: true}, nil
	}
	p := problem(t.Rules, lots)
	if _, kept, _ := t.Numbers(); kept > t.Rules.Seats {
		return Verdict{Kept: kept}, nil
	}
	c, err := lottery.Explain(p)
	if errors.Is(err, lottery.ErrUndecided{}) {
		return Verdict{Unknown: true}, nil
	}
	if err != nil {
		return v, err
	}
	if c == nil {
		return Verdict{Possible: true}, nil
	}
	v = Verdict{Quotas: c.Quotas, Smallest: c.Smallest, Seats: c.Seats, Together: c.Household, Selected: c.Selected}
	for _, i := range c.Quotas {
		if len(v.Ways) == mostWays {
			break
		}
		q := p.Quotas[i]
		if n, ok := least(q.Min, func(less int) bool { return t.meets(p, i, q.Min-less, q.Max) }); ok {
			v.Ways = append(v.Ways, Way{Quota: i, Min: q.Min - n, Max: q.Max})
			continue
		}
		if q.Max == lottery.NoLimit || q.Max >= p.Seats {
			continue
		}
		if n, ok := least(p.Seats-q.Max, func(more int) bool { return t.meets(p, i, q.Min, q.Max+more) }); ok {
			v.Ways = append(v.Ways, Way{Quota: i, Min: q.Min, Max: q.Max + n})
		}
	}
	if c.Household {
		if n, ok := least(mostAtMost-p.AtMost, func(more int) bool {
			other := p
			other.AtMost += more
			yes, err := lottery.Possible(other)
			return yes && err == nil
		}); ok {
			v.Ways = append(v.Ways, Way{Quota: -1, AtMost: p.AtMost + n})
		}
	}
	return v, nil
}

// meets reports whether a problem can be met when one quota is another.
func (t *Table) meets(p lottery.Problem, i, least, most int) bool {
	p.Quotas = slices.Clone(p.Quotas)
	p.Quotas[i].Min, p.Quotas[i].Max = least, most
	yes, err := lottery.Possible(p)
	return yes && err == nil
}

// least finds the smallest n from 1 to most that is enough; what is enough stays enough
// when there is more of it. False when nothing is.
func least(most int, enough func(n int) bool) (int, bool) {
	if most < 1 || !enough(most) {
		return 0, false
	}
	return 1 + sort.Search(most-1, func(i int) bool { return enough(i + 1) }), true
}

// lotID is the id of a lot in a draw and in its file.
func lotID(number int) string {
	s := strconv.Itoa(number)
	for len(s) < 5 {
		s = "0" + s
	}
	return s
}

// problem is what the lottery is asked. With fewer people than seats all are taken.
func problem(r Rules, lots []lot) lottery.Problem {
	p := lottery.Problem{Seats: min(r.Seats, len(lots)), AtMost: r.AtMost}
	for _, q := range r.Quotas {
		p.Categories = append(p.Categories, q.name())
		p.Quotas = append(p.Quotas, lottery.Quota{Category: q.name(), Value: yes, Min: q.Min, Max: q.Max})
	}
	for i, l := range lots {
		a := lottery.Applicant{ID: lotID(i + 1), Values: make([]string, len(r.Quotas)), Selected: l.Kept}
		for _, q := range l.Quotas {
			a.Values[q] = yes
		}
		if l.Home > 0 {
			a.Household = strconv.Itoa(l.Home)
		}
		if l.Party > 0 {
			a.Party = strconv.Itoa(l.Party)
		}
		p.Applicants = append(p.Applicants, a)
	}
	return p
}

// yes is the value of who counts for a quota.
const yes = "yes"

// refusal gives the fault of rules by which nothing can be drawn; nil when something can.
func (v Verdict) refusal() error {
	switch {
	case v.Possible:
		return nil
	case v.Nobody:
		return fault.New(fault.Conflict, "seminars.selection.fault.nobody")
	case v.Kept > 0:
		return fault.New(fault.Conflict, "seminars.selection.fault.kept")
	case v.Unknown:
		return fault.New(fault.Conflict, "seminars.selection.fault.undecided")
	}
	return fault.New(fault.Conflict, "seminars.selection.fault.conflict")
}
