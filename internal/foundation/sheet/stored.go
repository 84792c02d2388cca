package sheet

import (
	"encoding/json"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// stored is a value as it is kept until a table is written. One of its fields is set.
type stored struct {
	Text   string   `json:"t,omitempty"`
	Number *float64 `json:"n,omitempty"`
	Moment int64    `json:"m,omitempty"` // microseconds in UTC
}

// MarshalJSON keeps a cell for a table that is written later.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case 'n':
		return json.Marshal(stored{Number: &v.number})
	case 'm':
		return json.Marshal(stored{Moment: v.moment.UnixMicro()})
	}
	return json.Marshal(stored{Text: v.text})
}

// UnmarshalJSON reads a cell that was kept.
func (v *Value) UnmarshalJSON(raw []byte) error {
	var s stored
	if err := json.Unmarshal(raw, &s); err != nil {
		return fmt.Errorf("a cell of a table: %w", err)
	}
	switch {
	case s.Number != nil:
		*v = Figure(*s.Number)
	case s.Moment != 0:
		*v = Moment(time.UnixMicro(s.Moment).In(i18n.Bishkek()))
	default:
		*v = Text(s.Text)
	}
	return nil
}
