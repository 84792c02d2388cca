package today

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/module"
)

func TestTasksComeByUrgencyThenByTheirEnd(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	tasks := []module.Task{
		{Key: "no hurry", Urgency: module.When},
		{Key: "soon, no end", Urgency: module.Soon},
		{Key: "soon, tomorrow", Urgency: module.Soon, Due: noon.AddDate(0, 0, 1)},
		{Key: "now", Urgency: module.Now, Due: noon},
		{Key: "soon, today", Urgency: module.Soon, Due: noon},
	}
	inOrder(tasks)
	for i, want := range []string{"now", "soon, today", "soon, tomorrow", "soon, no end", "no hurry"} {
		if tasks[i].Key != want {
			t.Errorf("place %d holds %q, want %q", i, tasks[i].Key, want)
		}
	}
}
