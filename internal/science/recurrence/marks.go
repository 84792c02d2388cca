package recurrence

import "slices"

// marks remember how much of COUNT is left at some readings, so that the parts of
// a set do not each count from its start.
type marks []mark

type mark struct{ at, left int }

// mark makes the marks of rules that count, where the parts of a set begin.
func (w *walk) mark(spans []span) {
	if len(spans) == 1 {
		return
	}
	var from []int // ascending
	for _, s := range spans {
		from = append(from, s.from)
	}
	slices.Sort(from)
	for i, r := range w.ruleset {
		if r.Count == 0 {
			continue
		}
		e := r.expand(w.set.Start, from[0], never)
		rest := from
		take := func(until int) {
			for len(rest) > 0 && e.plan.from <= until {
				w.marks[i] = append(w.marks[i], mark{e.plan.from, e.plan.left})
				if rest = rest[1:]; len(rest) > 0 {
					e.skip(rest[0])
				}
			}
		}
		e.plan.run(e.low, func(reading int) bool {
			take(reading)
			return len(rest) > 0
		})
		take(never)
	}
}

// use begins a walk at the last mark before it.
func (m marks) use(e *expansion) {
	n, ok := slices.BinarySearchFunc(m, e.plan.from, func(a mark, from int) int { return a.at - from })
	if !ok {
		n--
	}
	if n >= 0 {
		e.low, e.plan.left = max(e.low, m[n].at), m[n].left
	}
}
