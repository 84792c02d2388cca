package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// most is how many lines a room has at most, without its tests and what is generated,
// unless its doc.go says why it is one thing all the same.
const most = 3000

// reason begins the paragraph of a doc.go that says so.
const reason = "// It is large because "

func TestNoRoomIsLargeWithoutAReason(t *testing.T) {
	t.Parallel()
	seen := 0
	for room, lines := range roomLines(t, "..") {
		if lines == 0 {
			continue
		}
		seen++
		doc, err := os.ReadFile(filepath.Join("..", room, "doc.go"))
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		says := strings.Contains(string(doc), reason)
		if lines > most && !says {
			t.Errorf("internal/%s has %d lines, over %d: is it one thing? Divide it, or say in its doc.go %q…", room, lines, most, reason)
		}
		if lines <= most && says {
			t.Errorf("internal/%s has %d lines and excuses itself in its doc.go", room, lines)
		}
	}
	if seen < 40 {
		t.Errorf("%d rooms were looked at", seen)
	}
}
