package programme

import (
	"encoding/json"
	"fmt"
)

// Same compares what is stored, not how: instants in two zones are one instant.
func Same[T Programme | Template | Activity](a, b T) bool {
	if x, ok := any(a).(Activity); ok {
		y := any(b).(Activity)
		for _, one := range []*Activity{&x, &y} {
			one.Starts, one.Ends, one.Opens, one.Deadline = one.Starts.UTC(), one.Ends.UTC(), one.Opens.UTC(), one.Deadline.UTC()
			one.Made, one.Changed = one.Made.UTC(), one.Changed.UTC()
			one.Relative = false
		}
		return encoded(x) == encoded(y)
	}
	return encoded(a) == encoded(b)
}

func encoded(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(raw)
}

// SameAgenda reports whether two agendas say the same.
func SameAgenda(a, b []Session) bool { return encoded(a) == encoded(b) || len(a)+len(b) == 0 }
