package door_test

import (
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/door/doortest"
)

// Whatever a device answers by the table, and whatever the house answers, is in the one list
// of what the door says, and nothing is there twice.
func TestEachAnswerOfTheDoorHasItsWords(t *testing.T) {
	t.Parallel()
	cases, err := doortest.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		w := strings.Fields(c.Want)
		if !slices.Contains(door.Answers, door.Said{State: w[0], Reason: w[1], Next: w[2]}) {
			t.Errorf("%s: the door has no words for %q", c.Is, c.Want)
		}
	}
	seen := map[[2]string]bool{}
	for _, a := range door.Answers {
		if key := [2]string{a.Reason, a.Next}; seen[key] {
			t.Errorf("%v is said twice", key)
		} else {
			seen[key] = true
		}
		if a.State != "come_in" && door.SaidOf("in", map[string]string{"look": a.Reason, "stop": "refused"}[a.State], a.Reason) != a {
			t.Errorf("the house does not say %+v", a)
		}
	}
	for kind, next := range map[string]string{"in": "welcome", "out": "goodbye", "undo": "undone"} {
		if got := door.SaidOf(kind, "accepted", ""); got != (door.Said{State: "come_in", Reason: "accepted", Next: next}) {
			t.Errorf("%s: %+v", kind, got)
		}
	}
}
