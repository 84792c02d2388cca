package results

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"platforma.kg/ashar/internal/science/disclosure"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/profile"
)

// k is the smallest number of people that is told, and how wide the guess of a reader about
// a number that is not told must stay.
const k = 5

// The dimensions of what is told. What people did is one of them, so that those who
// applied and those who came are guarded as one system.
const (
	atKind  = "kind"
	atMonth = "month"
	atSex   = string(ledger.Sex)
	atAge   = string(ledger.AgeBand)
	atCity  = string(ledger.City)
	atGroup = string(ledger.Group)
)

// tables are the list of all tables that are ever told, in all channels, with all their
// margins; each counts all people until the end of its month. What is not in it is not
// told: each further number would help to compute those that are hidden.
func tables() disclosure.Plan {
	return disclosure.Plan{Tables: [][]string{{atKind, atCity, atSex}, {atKind, atGroup, atSex}, {atKind, atAge, atSex}}, Period: atMonth}
}

// The values that are told of sex and age. Who did not say her sex is told together with
// men: so few do not that either number would have to be hidden, and the other with it.
// Of age is told who is young as programmes count it.
const (
	women    = profile.Female
	othersOf = "male-or-undisclosed"
	young    = "under-35"
	older    = "35-and-over"
	youngTo  = 34
)

func toldSex(sex string) string {
	if sex == profile.Female {
		return women
	}
	return othersOf
}

// toldAge is empty when nobody knows, and for a band on both sides.
func toldAge(band string) string {
	ages, known := profile.AgesOf(band)
	switch {
	case !known:
	case ages.From > youngTo:
		return older
	case ages.To > 0 && ages.To <= youngTo:
		return young
	}
	return ""
}

// Release is what is told of a month: one object that every channel reads. It is stored as
// it is told.
type Release struct {
	Month  string          `json:"month"` // "2026-10"; people are counted until its end
	Made   time.Time       `json:"made"`
	K      int             `json:"k"`
	Kinds  []ledger.Kind   `json:"kinds"`
	Tables []ReleasedTable `json:"tables"`
}

// ReleasedTable is one table with all its margins.
type ReleasedTable struct {
	By    []string       `json:"by"`
	Cells []ReleasedCell `json:"cells"`
}

// ReleasedCell is one number: At has the value of each dimension of its table, nil where
// all values are counted together; N is nil when it is hidden.
type ReleasedCell struct {
	By []string
	At []*string
	N  *int
}

// MarshalJSON writes a cell as ashar protect does: {"city":"osh","sex":null,"n":20}.
func (c ReleasedCell) MarshalJSON() ([]byte, error) {
	out := []byte("{")
	for i, name := range c.By {
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(c.At[i])
		if err != nil {
			return nil, err
		}
		out = append(append(append(append(out, key...), ':'), value...), ',')
	}
	n, err := json.Marshal(c.N)
	return append(append(append(out, `"n":`...), n...), '}'), err
}

// UnmarshalJSON reads a table and tells its cells what their values are of.
func (t *ReleasedTable) UnmarshalJSON(raw []byte) error {
	var table struct {
		By    []string                     `json:"by"`
		Cells []map[string]json.RawMessage `json:"cells"`
	}
	if err := json.Unmarshal(raw, &table); err != nil {
		return err
	}
	t.By = table.By
	t.Cells = make([]ReleasedCell, len(table.Cells))
	for i, cell := range table.Cells {
		c := &t.Cells[i]
		c.By, c.At = t.By, make([]*string, len(t.By))
		for j, name := range t.By {
			if err := json.Unmarshal(cell[name], &c.At[j]); err != nil {
				return fmt.Errorf("cell %d, %s: %w", i+1, name, err)
			}
		}
		if err := json.Unmarshal(cell["n"], &c.N); err != nil {
			return fmt.Errorf("cell %d: %w", i+1, err)
		}
	}
	return nil
}

// releaseOf takes the tables of one month out of what may be shown.
func releaseOf(r *disclosure.Result, month string, kinds []ledger.Kind, made time.Time) Release {
	out := Release{Month: month, Made: made, K: r.K, Kinds: kinds}
	for _, t := range r.Tables {
		if t.Period != month {
			continue
		}
		table := ReleasedTable{By: t.By}
		for _, c := range t.Cells {
			cell := ReleasedCell{By: t.By, At: make([]*string, len(c.At))}
			for i, v := range c.At {
				if !v.All {
					cell.At[i] = &v.Text
				}
			}
			if !c.Hidden {
				cell.N = &c.N
			}
			table.Cells = append(table.Cells, cell)
		}
		out.Tables = append(out.Tables, table)
	}
	return out
}

// result is the release as the science reads it.
func (r Release) result() *disclosure.Result {
	out := &disclosure.Result{K: r.K}
	for _, t := range r.Tables {
		table := disclosure.Table{By: t.By, Period: r.Month}
		for _, c := range t.Cells {
			cell := disclosure.Cell{At: make([]disclosure.Value, len(c.At))}
			for i, v := range c.At {
				if v == nil {
					cell.At[i].All = true
				} else {
					cell.At[i].Text = *v
				}
			}
			if c.N == nil {
				cell.Hidden = true
			} else {
				cell.N = *c.N
			}
			table.Cells = append(table.Cells, cell)
		}
		out.Tables = append(out.Tables, table)
	}
	return out
}

// Where is a place in the tables: a value for some dimensions, all values of the others.
type Where map[string]string

// Number gives the number of a place. A value that nobody has is nought; a place of
// which no table tells is hidden.
func (r Release) Number(at Where) disclosure.Number {
	for _, t := range r.Tables {
		covers := true
		for name := range at {
			covers = covers && slices.Contains(t.By, name)
		}
		if !covers {
			continue
		}
		for _, c := range t.Cells {
			if c.is(at) {
				if c.N == nil {
					return disclosure.Number{Hidden: true}
				}
				return disclosure.Number{N: *c.N}
			}
		}
		return disclosure.Number{}
	}
	return disclosure.Number{Hidden: true}
}

func (c ReleasedCell) is(at Where) bool {
	for i, name := range c.By {
		value, asked := at[name]
		if asked != (c.At[i] != nil) || asked && *c.At[i] != value {
			return false
		}
	}
	return true
}

// Values are the values of a dimension that somebody has, in byte order.
func (r Release) Values(by string) (out []string) {
	for _, t := range r.Tables {
		if i := slices.Index(t.By, by); i >= 0 {
			for _, c := range t.Cells {
				if c.At[i] != nil && !slices.Contains(out, *c.At[i]) {
					out = append(out, *c.At[i])
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// Shown gives how many numbers are told, and how many there are.
func (r Release) Shown() (shown, all int) { return r.result().Shown() }
