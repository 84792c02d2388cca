package disclosure

import (
	"fmt"
	"math/bits"
	"slices"
)

// Plan is the list of all tables that are ever shown. What is not in it must not
// be shown anywhere else: each further number helps to compute those hidden here.
type Plan struct {
	// Tables are given by the names of their dimensions. Every margin of a table
	// is shown with it; a table without dimensions is the number of all people.
	Tables [][]string
	// Period names a dimension that orders the participations in time by its
	// values in byte order, such as 2026-03. Each table is then shown once for
	// each period and counts all people up to its end. Empty: one table, of all.
	Period string
}

// Bounds of a plan.
const (
	maxTables      = 1000
	maxTableDims   = 16
	maxCells       = 500_000   // of all tables and margins, in all periods
	maxWritten     = 2_000_000 // cells of all tables as they are written, each with its own margins
	maxMargins     = 100_000
	maxPlaces      = 1_000_000_000 // profiles of kinds of people times margins: what has to be counted
	notADimension  = "n"           // the name of the count in what is written
	maxPlanPeriods = 1000
)

// layout is a plan that has met its data: which margins there are, and where the
// count of each of their cells stands in one long list.
type layout struct {
	dims    []int      // of the data, those that are used
	values  [][]string // of each used dimension, sorted
	places  [][]int32  // of each used dimension: first sight -> sorted
	tables  []uint64   // the used dimensions of each table, as bits
	orders  [][]int    // the used dimensions of each table, as the plan has them
	margins []margin   // each once, those with fewer dimensions first
	index   map[uint64]int
	periods []string
	period  int     // dimension of the data, -1 if none
	when    []int32 // first sight of the period -> its place
	cells   int
}

// margin is one set of dimensions that some table shows.
type margin struct {
	set    uint64
	dims   []int // used dimensions, ascending
	stride []int // of each
	size   int   // cells in one period
	first  int   // place of the first cell
}

func newLayout(d *Data, plan Plan) (*layout, error) {
	l := &layout{index: map[uint64]int{}, period: -1, periods: []string{""}}
	if len(plan.Tables) == 0 {
		return nil, fmt.Errorf("the plan has no tables")
	}
	if len(plan.Tables) > maxTables {
		return nil, fmt.Errorf("%d tables, at most %d are made", len(plan.Tables), maxTables)
	}
	if plan.Period != "" {
		if l.period = slices.Index(d.names, plan.Period); l.period < 0 {
			return nil, fmt.Errorf("the period %q is not a dimension of the data", plan.Period)
		}
		l.periods, l.when = d.sorted(l.period)
		if len(l.periods) == 0 {
			l.periods = []string{""}
		}
		if len(l.periods) > maxPlanPeriods {
			return nil, fmt.Errorf("%d periods, at most %d are made", len(l.periods), maxPlanPeriods)
		}
	}
	used := map[int]int{}
	for i, names := range plan.Tables {
		if len(names) > maxTableDims {
			return nil, fmt.Errorf("table %d has %d dimensions, at most %d are made", i+1, len(names), maxTableDims)
		}
		var set uint64
		order := make([]int, 0, len(names))
		for _, name := range names {
			dim := slices.Index(d.names, name)
			switch {
			case dim < 0:
				return nil, fmt.Errorf("table %d: %q is not a dimension of the data", i+1, name)
			case name == notADimension:
				return nil, fmt.Errorf("table %d: a dimension cannot have the name %q, which is that of the counts", i+1, name)
			case dim == l.period:
				return nil, fmt.Errorf("table %d: %q is the period, each table is shown for each of them already", i+1, name)
			}
			at, ok := used[dim]
			if !ok {
				at = len(l.dims)
				used[dim] = at
				l.dims = append(l.dims, dim)
			}
			if set>>at&1 == 1 {
				return nil, fmt.Errorf("table %d names the dimension %q twice", i+1, name)
			}
			set |= 1 << at
			order = append(order, at)
		}
		l.tables = append(l.tables, set)
		l.orders = append(l.orders, order)
	}
	l.sortDimensions(d)
	return l, l.place()
}

// sortDimensions numbers the used dimensions by their names, so that the order in
// which a file or a plan happens to name them decides nothing.
func (l *layout) sortDimensions(d *Data) {
	sorted := slices.Clone(l.dims)
	slices.SortFunc(sorted, func(a, b int) int {
		if d.names[a] < d.names[b] {
			return -1
		}
		return 1
	})
	to := make([]int, len(l.dims))
	for i, dim := range l.dims {
		to[i] = slices.Index(sorted, dim)
	}
	for t, order := range l.orders {
		l.tables[t] = 0
		for i := range order {
			order[i] = to[order[i]]
			l.tables[t] |= 1 << order[i]
		}
	}
	l.dims = sorted
	for _, dim := range l.dims {
		values, places := d.sorted(dim)
		l.values = append(l.values, values)
		l.places = append(l.places, places)
	}
}

// place finds the margins and gives each its place.
func (l *layout) place() error {
	sets := map[uint64]bool{}
	written := 0
	for i, table := range l.tables {
		// A table's own cells and those of all its margins: the product of (values + 1).
		whole := len(l.periods)
		for _, dim := range l.orders[i] {
			if whole *= len(l.values[dim]) + 1; whole > maxCells {
				return fmt.Errorf("table %d has more than %d cells", i+1, maxCells)
			}
		}
		if written += whole; written > maxWritten {
			return fmt.Errorf("the first %d tables have more than %d cells together", i+1, maxWritten)
		}
		for sub := table; ; sub = (sub - 1) & table {
			sets[sub] = true
			if len(sets) > maxMargins {
				return fmt.Errorf("the tables have more than %d margins", maxMargins)
			}
			if sub == 0 {
				break
			}
		}
	}
	order := make([]uint64, 0, len(sets))
	for s := range sets {
		order = append(order, s)
	}
	slices.SortFunc(order, func(a, b uint64) int {
		if c := bits.OnesCount64(a) - bits.OnesCount64(b); c != 0 {
			return c
		}
		if a < b {
			return -1
		}
		return 1
	})
	for _, set := range order {
		m := margin{set: set, size: 1, first: l.cells}
		for dim := range l.dims {
			if set>>dim&1 == 1 {
				m.dims = append(m.dims, dim)
			}
		}
		m.stride = make([]int, len(m.dims))
		for i := len(m.dims) - 1; i >= 0; i-- {
			m.stride[i] = m.size
			m.size *= len(l.values[m.dims[i]])
		}
		l.index[set] = len(l.margins)
		l.margins = append(l.margins, m)
		if l.cells += m.size * len(l.periods); l.cells > maxCells {
			return fmt.Errorf("the tables and their margins have more than %d cells", maxCells)
		}
	}
	return nil
}

// cell gives the place of the cell of a margin that holds a profile, in the first period.
func (m *margin) cell(profile []int32, periods int) int {
	at := 0
	for i, dim := range m.dims {
		at += int(profile[dim]) * m.stride[i]
	}
	return m.first + at*periods
}
