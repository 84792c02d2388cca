package analysis

import (
	"encoding/json"
	"math"
	"strconv"
)

// figure is a number of a result; JSON has null where it is not defined.
type figure float64

// MarshalJSON writes all digits that tell the number from its neighbours.
func (f figure) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(f))
}

// limits is an interval, null where it is not defined.
type limits [2]float64

// MarshalJSON writes [low, high].
func (l limits) MarshalJSON() ([]byte, error) {
	if math.IsNaN(l[0]) || math.IsNaN(l[1]) || math.IsInf(l[0], 0) || math.IsInf(l[1], 0) {
		return []byte("null"), nil
	}
	return json.Marshal([2]float64(l))
}

// warnings gives them as they stand in JSON: a list, never null.
func warnings[W ~string](list []W, more ...string) []string {
	out := make([]string, 0, len(list)+len(more))
	for _, w := range list {
		out = append(out, string(w))
	}
	return append(out, more...)
}

// plain writes a number as a person writes it: 20, 12.5.
func plain(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
