package disclosure

import (
	"fmt"
	"slices"
)

// Data is microdata: one row a participation, several rows a person if she took
// part several times. The order of the rows has no influence on any result.
type Data struct {
	names   []string
	values  []map[string]int32 // of each dimension, in the order of first sight
	people  map[string]int32
	persons []int32   // of each row
	codes   [][]int32 // of each dimension: the value of each row
}

// Bounds of what is taken.
const (
	maxDimensions = 62
	maxRows       = 50_000_000
)

// NewData makes empty microdata with dimensions of these names, which must differ.
func NewData(dimensions ...string) (*Data, error) {
	if len(dimensions) > maxDimensions {
		return nil, fmt.Errorf("%d dimensions, at most %d are taken", len(dimensions), maxDimensions)
	}
	d := &Data{names: slices.Clone(dimensions), people: map[string]int32{}}
	for i, name := range dimensions {
		if slices.Contains(dimensions[:i], name) {
			return nil, fmt.Errorf("two dimensions have the name %q", name)
		}
		d.values = append(d.values, map[string]int32{})
	}
	d.codes = make([][]int32, len(dimensions))
	return d, nil
}

// Add takes one participation: who, and her value in each dimension, in the order
// of the dimensions. An empty value is a value of its own: it means not known.
func (d *Data) Add(person string, values ...string) error {
	if person == "" {
		return fmt.Errorf("the person is not named: nobody can be counted once without being told apart")
	}
	if len(values) != len(d.names) {
		return fmt.Errorf("expected %d values, one a dimension, found %d", len(d.names), len(values))
	}
	if len(d.persons) >= maxRows {
		return fmt.Errorf("more than %d participations", maxRows)
	}
	d.persons = append(d.persons, number(d.people, person))
	for i, v := range values {
		d.codes[i] = append(d.codes[i], number(d.values[i], v))
	}
	return nil
}

// number gives the number of a name in the order of first sight.
func number(known map[string]int32, name string) int32 {
	if n, ok := known[name]; ok {
		return n
	}
	n := int32(len(known))
	known[name] = n
	return n
}

// sorted gives the values of a dimension in byte order, and for each number of
// first sight its place in it.
func (d *Data) sorted(dimension int) (values []string, place []int32) {
	known := d.values[dimension]
	for v := range known {
		values = append(values, v)
	}
	slices.Sort(values)
	place = make([]int32, len(values))
	for i, v := range values {
		place[known[v]] = int32(i)
	}
	return values, place
}
