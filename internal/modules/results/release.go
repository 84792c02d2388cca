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

// The dimensions of what is told.
const (
	atKind  = "kind"
	atSex   = string(ledger.Sex)
	atAge   = string(ledger.AgeBand)
	atCity  = string(ledger.City)
	atGroup = string(ledger.Group)
)

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
	Month string        `json:"month"` // "2026-10"; people are counted until its end
	Made  time.Time     `json:"made"`
	K     int           `json:"k"`
	Kinds []ledger.Kind `json:"kinds"`
	Apart ledger.Kind   `json:"apart"` // what is told by traits; of the other kinds, only how many and of which sex
	// Together says that the tables count all sexes together, since one of them is too small.
	Together bool `json:"together,omitempty"`
	// Tabled is the month at which the tables were told last: who has no row was not there then.
	Tabled string          `json:"tabled,omitempty"`
	Tables []ReleasedTable `json:"tables"`
}

// ReleasedTable is one table with all its margins.
type ReleasedTable struct {
	By    []string       `json:"by"`
	Cells []ReleasedCell `json:"cells"`
}

// ReleasedCell is one number: At has the value of each dimension of its table, nil where
// all values are counted together; N is nil when it was never told. It counts people until
// the end of the month Until, which is before that of the release where few were added
// since then. A number of both sexes is the sum of theirs, and Until both months where they
// differ: "2026-08/2026-10".
type ReleasedCell struct {
	By    []string
	At    []*string
	N     *int
	Until string
}

// MarshalJSON writes a cell as ashar protect does, and until when it counts:
// {"city":"osh","sex":null,"n":20,"until":"2026-10"}.
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
	if err != nil {
		return nil, err
	}
	out = append(append(out, `"n":`...), n...)
	if c.N != nil {
		until, err := json.Marshal(c.Until)
		if err != nil {
			return nil, err
		}
		out = append(append(out, `,"until":`...), until...)
	}
	return append(out, '}'), nil
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
		if until := cell["until"]; until != nil {
			if err := json.Unmarshal(until, &c.Until); err != nil {
				return fmt.Errorf("cell %d, until: %w", i+1, err)
			}
		}
	}
	return nil
}

// Where is a place in the tables: a value for some dimensions, all values of the others.
type Where map[string]string

// Number gives the number of a place. A value that nobody has is nought; a place of
// which no table tells is hidden.
func (r Release) Number(at Where) disclosure.Number {
	n, _ := r.Until(at)
	return n
}

// Until gives the number of a place and the month until which it counts, empty for none.
func (r Release) Until(at Where) (n disclosure.Number, month string) {
	if cell, there := r.cell(at); there {
		if cell.N == nil {
			return disclosure.Number{Hidden: true}, ""
		}
		return disclosure.Number{N: *cell.N}, cell.Until
	}
	for _, by := range traits {
		if _, asked := at[by]; asked && r.Apart != "" && at[atKind] == string(r.Apart) && r.Tabled == r.Month && r.covers(at) {
			return disclosure.Number{}, r.Month
		}
	}
	return disclosure.Number{Hidden: true}, ""
}

// covers says whether a table has all dimensions of a place.
func (r Release) covers(at Where) bool {
	return slices.ContainsFunc(r.Tables, func(t ReleasedTable) bool {
		for name := range at {
			if !slices.Contains(t.By, name) {
				return false
			}
		}
		return true
	})
}

// cell finds the cell of a place.
func (r Release) cell(at Where) (ReleasedCell, bool) {
	for _, t := range r.Tables {
		if !(Release{Tables: []ReleasedTable{t}}).covers(at) {
			continue
		}
		for _, c := range t.Cells {
			if c.is(at) {
				return c, true
			}
		}
	}
	return ReleasedCell{}, false
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

// Shown gives how many numbers are told, and how many there are: each once, also where
// several tables have it.
func (r Release) Shown() (shown, all int) {
	for i, t := range r.Tables {
		for _, c := range t.Cells {
			if i > 0 && c.At[1] == nil {
				continue
			}
			all++
			if c.N != nil {
				shown++
			}
		}
	}
	return shown, all
}
