package door

import (
	"encoding/json"
	"os"
	"testing"
)

// TestAPhoneLooksForWhatTheHouseLooksFor holds Searchable to the file by which
// web/ts/offline/fold.ts is tested too.
func TestAPhoneLooksForWhatTheHouseLooksFor(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../../foundation/i18n/testdata/folds.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Text     string
		Searched bool
	}
	if err := json.Unmarshal(raw, &list); err != nil || len(list) < 100 {
		t.Fatalf("%d spellings, %v", len(list), err)
	}
	for _, c := range list {
		if got := Searchable(c.Text); got != c.Searched {
			t.Errorf("%q is searched: %v, want %v", c.Text, got, c.Searched)
		}
	}
}
