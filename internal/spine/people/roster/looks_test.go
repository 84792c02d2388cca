package roster_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
)

var earlier = regexp.MustCompile(`href="/en(/me\?looks=[0-9a-f-]+)#looks"`)

// Whoever looked at her stands on her page, by days, fifty at a time: none is lost between
// two pages and none stands twice, and a cursor of somebody else shows her own.
func TestHerLooksGoInPortionsAndNoneIsLost(t *testing.T) {
	t.Parallel()
	h := peopletest.Open(t)
	her := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Асан", Email: "asan@mail.kg"})
	other := peopletest.Register(t, h.Store, h.People, people.Details{FullName: "Үсөн", Email: "uson@mail.kg"})
	v := h.As(t, her)
	const looks = 120
	var foreign storage.ID
	peopletest.Write(t, h.Store, func(ctx context.Context, tx *storage.Tx) error {
		for i := range looks {
			at := tx.Now.AddDate(0, 0, i-looks)
			if err := audit.Record(ctx, tx, audit.Entry{At: at, Person: her.ID, Action: "people.audit.viewed"}); err != nil {
				return err
			}
		}
		foreign = storage.RandomID(tx.Now.Add(time.Second)) // after all of hers: ids of one moment are in no order
		return audit.Record(ctx, tx, audit.Entry{ID: foreign, Person: other.ID, Action: "people.audit.viewed"})
	})
	seen, pages := map[string]int{}, 0
	path := "/me"
	for path != "" {
		status, body := v.Get("/en" + path)
		if status != 200 {
			t.Fatalf("%s: %d", path, status)
		}
		_, part, _ := strings.Cut(body, `id="looks"`)
		part, _, _ = strings.Cut(part, "</section>")
		here := 0
		for _, m := range lookMark.FindAllStringSubmatch(part, -1) {
			seen[m[1]]++
			here++
		}
		if pages++; here > 50 || pages > 5 {
			t.Fatalf("page %d has %d looks", pages, here)
		}
		path = ""
		if m := earlier.FindStringSubmatch(part); m != nil {
			path = m[1]
		}
	}
	today, before := h.Store.Now().In(i18n.Bishkek()).Format(time.DateOnly), 0
	for at, n := range seen {
		if strings.HasPrefix(at, today) {
			continue // her record was made, and she signed in
		}
		if before++; n > 1 {
			t.Errorf("%s stands %d times", at, n)
		}
	}
	if before != looks || pages != 3 {
		t.Errorf("%d of %d looks in %d pages", before, looks, pages)
	}
	if _, body := v.Get("/en/me?looks=" + foreign.String()); strings.Count(body, `<li class="">`) == 0 {
		t.Error("a cursor of somebody else's shows nothing")
	}
	if _, body := v.Get("/en/me?looks=x"); strings.Count(body, `<li class="">`) == 0 {
		t.Error("a cursor that is none shows nothing")
	}
}

// lookMark is the moment of one look.
var lookMark = regexp.MustCompile(`<li class=""><time datetime="([^"]+)">`)
