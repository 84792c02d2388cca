package kit

import (
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Confirmation is a question before something is done.
type Confirmation struct {
	Path   string        // answers the POST, and does it
	Yes    string        // the button, which names what it does: "Change 3 records"
	Back   string        // path that leads away without doing it
	Kept   []Item        // sent along: Label is the name, Value the value
	Danger bool          // what cannot be made good easily
	Until  time.Time     // until when, where that is said rather than how long; zero for Undo alone
	Undo   time.Duration // how long it can be taken back; 0: not at all, and the page says so
}

// Undo is something that was done and can be taken back for a while.
type Undo struct {
	Path  string // takes the POST with the id
	ID    string
	Says  string // what was done, "The group of 3 people was changed"
	Until time.Time
}

func minutes(d time.Duration) int { return int(d.Minutes()) }

// clock is the time of day in Bishkek, "15:42".
func clock(t time.Time) string { return t.In(i18n.Bishkek()).Format("15:04") }
