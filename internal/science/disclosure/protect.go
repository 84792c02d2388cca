package disclosure

import "fmt"

// Options of Protect.
type Options struct {
	// K is the smallest number of people that is shown, and the least width of
	// what can be found out about a hidden one. 1 hides nothing.
	K int
	// Published is what was shown before. It stays as it is, shown or hidden, and
	// what is new must be safe beside it. The plan needs the same period, so that
	// the counts of then can be told from those of now.
	Published []*Result
	// Progress, if there is one, is told how far the work is.
	Progress func(done, total int)
}

// maxK is the largest K that is taken.
const maxK = 1_000_000

// Protect counts people and hides what must not be shown. It fails when the plan
// does not fit the data or is too large; it never shows more because it ran out of
// time, but less.
func Protect(d *Data, plan Plan, o Options) (*Result, error) {
	return protect(d, plan, o, wholeColumns, wholeEntries)
}

// protect takes the bounds up to which the reader knows all combinations.
func protect(d *Data, plan Plan, o Options, columns, entries int) (*Result, error) {
	if o.K < 1 || o.K > maxK {
		return nil, fmt.Errorf("k is %d, expected 1 to %d", o.K, maxK)
	}
	l, err := newLayout(d, plan)
	if err != nil {
		return nil, err
	}
	c, err := count(d, l)
	if err != nil {
		return nil, err
	}
	g := newGuard(newSystem(c, o.K, len(o.Published) > 0, columns, entries), o.K)
	for _, r := range o.Published {
		if err := g.freeze(r, d.names); err != nil {
			return nil, err
		}
	}
	g.budget = workBudget
	if o.Progress != nil {
		g.step = o.Progress
	}
	g.protect()
	return c.result(o.K, d.names, g.hides), nil
}

// workBudget bounds the work by counting it, not by a clock, so that every
// machine stops at the same place: about two seconds on one core of 2020.
const workBudget = 800_000_000
