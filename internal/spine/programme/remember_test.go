package programme

import (
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"platforma.kg/ashar/internal/foundation/i18n"
)

func TestARememberedDocumentIsTheCallersOwn(t *testing.T) {
	t.Parallel()
	var r remembered
	raw, err := json.Marshal(words{
		Title:     i18n.Text{Ru: "Тренинг"},
		Languages: []string{"ky", "ru"},
		Agenda:    []Session{{At: "10:00", Minutes: 30}},
		Stale:     Stale{"title": {i18n.Russian: time.Unix(0, 0).UTC()}},
	})
	if err != nil {
		t.Fatal(err)
	}
	first, err := r.decode(string(raw))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := r.decode(string(raw))
	first.Languages[0], first.Agenda[0].Minutes = "en", 45
	first.Stale["title"][i18n.English] = time.Now()
	first.Stale["summary"] = nil
	again, _ := r.decode(string(raw))
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("what one caller changed, the next one got: %s", diff)
	}
	if _, err := r.decode("{"); err == nil {
		t.Error("a broken document was taken")
	}
	for i := range 3 * mostRemembered {
		if _, err := r.decode(`{"facilitator_number":` + strconv.Itoa(i) + `}`); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.docs) > mostRemembered {
		t.Errorf("%d documents are remembered", len(r.docs))
	}
}
