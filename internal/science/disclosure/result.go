package disclosure

// Value is one coordinate of a cell: a value of a dimension, or all of them.
type Value struct {
	Text string
	All  bool // summed over; Text is empty
}

// Number is a count of people as it may be shown.
type Number struct {
	N      int
	Hidden bool // N is 0 then
}

// Cell is one number of a table.
type Cell struct {
	At []Value // one a dimension of the table
	Number
}

// Table is one table of the plan with all its margins, in one period.
type Table struct {
	By     []string
	Period string // empty when the plan has none
	Cells  []Cell // sorted by values; what is summed over comes after them
}

// Result is what may be shown. All that shows numbers must take them from here.
type Result struct {
	K      int
	Tables []Table
}

// Rate gives a part of a whole as a number between 0 and 1; ok is false, and
// nothing may be shown, when either is hidden or the whole is nobody.
func Rate(part, whole Number) (rate float64, ok bool) {
	if part.Hidden || whole.Hidden || whole.N == 0 {
		return 0, false
	}
	return float64(part.N) / float64(whole.N), true
}

// Shown gives how many numbers the tables show, and how many they have.
func (r *Result) Shown() (shown, all int) {
	for _, t := range r.Tables {
		for _, c := range t.Cells {
			all++
			if !c.Hidden {
				shown++
			}
		}
	}
	return shown, all
}

// result writes out the tables.
func (c *census) result(k int, names []string, hidden func(cell int) bool) *Result {
	r := &Result{K: k}
	for t, order := range c.orders {
		for p, period := range c.periods {
			table := Table{By: make([]string, len(order)), Period: period}
			for i, dim := range order {
				table.By[i] = names[c.dims[dim]]
			}
			at := make([]int, len(order)) // place of the value, or their number for all
			for {
				table.Cells = append(table.Cells, c.one(c.tables[t], order, at, p, hidden))
				i := len(order) - 1
				for ; i >= 0; i-- {
					if at[i]++; at[i] <= len(c.values[order[i]]) {
						break
					}
					at[i] = 0
				}
				if i < 0 {
					break
				}
			}
			r.Tables = append(r.Tables, table)
		}
	}
	return r
}

func (c *census) one(set uint64, order, at []int, period int, hidden func(int) bool) Cell {
	cell := Cell{At: make([]Value, len(order))}
	for i, dim := range order {
		if at[i] == len(c.values[dim]) {
			cell.At[i].All = true
			set &^= 1 << dim
		} else {
			cell.At[i].Text = c.values[dim][at[i]]
		}
	}
	m := &c.margins[c.index[set]]
	place := 0
	for i, dim := range order {
		if !cell.At[i].All {
			place += at[i] * m.stride[placeIn(m.dims, dim)]
		}
	}
	place = m.first + place*len(c.periods) + period
	if hidden(place) {
		cell.Hidden = true
	} else {
		cell.N = c.n[place]
	}
	return cell
}
