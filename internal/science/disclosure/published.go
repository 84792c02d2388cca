package disclosure

import (
	"fmt"
	"slices"
	"strings"
)

// freeze takes over what was published: those counts stay shown or hidden.
func (g *guard) freeze(r *Result, names []string) error {
	for i, t := range r.Tables {
		period := slices.Index(g.periods, t.Period)
		if period < 0 {
			return fmt.Errorf("published table %d is of the period %q, which the data do not have", i+1, t.Period)
		}
		dims := make([]int, len(t.By))
		for j, name := range t.By {
			dims[j] = slices.IndexFunc(g.dims, func(d int) bool { return names[d] == name })
			if dims[j] < 0 {
				return fmt.Errorf("published table %d has the dimension %q, which the plan does not have", i+1, name)
			}
		}
		for j, c := range t.Cells {
			if len(c.At) != len(dims) {
				return fmt.Errorf("published table %d, cell %d has %d values, expected %d", i+1, j+1, len(c.At), len(dims))
			}
			cell, ok, err := g.find(c, dims, period)
			if err != nil {
				return fmt.Errorf("published table %d: %w", i+1, err)
			}
			class, n := int32(-1), 0
			if ok {
				if class = g.class[cell]; class >= 0 {
					n = g.rows[class].n
				}
			}
			if ok && class < 0 && n == c.N {
				g.empty[cell] = c.Hidden
			}
			switch {
			case c.Hidden && class >= 0:
				if !g.frozen[class] {
					g.frozen[class], g.hidden[class] = true, true
				}
			case !c.Hidden && n != c.N:
				return fmt.Errorf("published table %d says %d for %s, the data say %d: what is published cannot be taken back; give the plan a period, and leave past periods as they were", i+1, c.N, where(t.By, c.At), n)
			case !c.Hidden && class >= 0:
				g.frozen[class], g.hidden[class] = true, false
			}
		}
	}
	return nil
}

// find gives the place of a published cell; ok is false when the data do not know
// its values.
func (g *guard) find(c Cell, dims []int, period int) (cell int, ok bool, err error) {
	var set uint64
	place := make([]int, len(g.dims))
	for j, v := range c.At {
		if v.All {
			continue
		}
		at, known := slices.BinarySearch(g.values[dims[j]], v.Text)
		if !known {
			return 0, false, nil
		}
		set |= 1 << dims[j]
		place[dims[j]] = at
	}
	i, known := g.index[set]
	if !known {
		return 0, false, fmt.Errorf("the plan does not show these dimensions together any more; keep its old tables")
	}
	m := &g.margins[i]
	at := 0
	for j, dim := range m.dims {
		at += place[dim] * m.stride[j]
	}
	return m.first + at*len(g.periods) + period, true, nil
}

func where(by []string, at []Value) string {
	var words []string
	for i, v := range at {
		if !v.All {
			words = append(words, by[i]+" "+v.Text)
		}
	}
	if len(words) == 0 {
		return "all people"
	}
	return strings.Join(words, ", ")
}
