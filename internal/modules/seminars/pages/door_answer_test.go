package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// part is what of a page stands between two texts.
func part(page, from, to string) string {
	_, page, _ = strings.Cut(page, from)
	page, _, _ = strings.Cut(page, to)
	return page
}

func TestTheDoorsAnswerNamesTheActAndListsWhatMayBeUndone(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 3)
		desk := &browser{t: t, base: g.url, as: "frontdesk osh"}
		other := &browser{t: t, base: g.url, as: "facilitator osh"}
		send := func(form url.Values) (page string) {
			t.Helper()
			status, page, to := desk.do("POST", "/ru/door/osh", form)
			if status != http.StatusSeeOther {
				t.Fatalf("%v: %d %s", form, status, page)
			}
			_, page, _ = desk.do("GET", to, nil)
			return page
		}
		answer := func(page string) string { return part(page, "data-answer role", "door-bar") }
		recent := func(page string) int {
			return strings.Count(part(page, `data-live="recent"`, "</div>"), `value="undo"`)
		}

		page := send(url.Values{"nonce": {"first-0001"}, "kind": {"in"}, "code": {g.codes[0]}})
		if a := answer(page); !strings.Contains(a, `data-state="come_in"`) || !strings.Contains(a, "Поздоровайтесь и пропустите") || strings.Count(a, `value="undo"`) != 1 {
			t.Errorf("come in: %s", a)
		}
		page = send(url.Values{"nonce": {"again-0001"}, "kind": {"in"}, "code": {g.codes[0]}})
		a := answer(page)
		if !strings.Contains(a, `data-state="look"`) || !strings.Contains(a, "То же, что в билете — впустите") || strings.Count(a, `class="button second"`) != 2 || strings.Contains(a, `class="button"`) {
			t.Errorf("look: %s", a)
		}
		page = send(url.Values{"nonce": {"wrong-0001"}, "kind": {"in"}, "code": {"2222-2222"}})
		if a := answer(page); !strings.Contains(a, `data-state="stop"`) || !strings.Contains(a, "найдите ниже") || strings.Contains(a, `value="undo"`) {
			t.Errorf("stop: %s", a)
		}
		for i := range 2 {
			page = send(url.Values{"nonce": {fmt.Sprint("byname-000", i)}, "kind": {"in"}, "application": {g.apps[1+i].ID.String()}})
		}
		if n := recent(page); n != 3 {
			t.Errorf("%d entries are listed, 3 were made", n)
		}
		if _, page, _ := other.do("GET", "/ru/door/osh", nil); recent(page) != 0 {
			t.Error("another phone lists them")
		}
		// Somebody else stands there: the second reading goes, and the first stands.
		_, _, to := desk.do("POST", "/ru/door/osh", url.Values{"nonce": {"other-0001"}, "kind": {"undo"}, "code": {"again-0001"}, "then": {"by_name"}})
		if !strings.HasSuffix(to, "#by-name") || stateOf(t, g.m, g.apps[0].ID).State != seats.Attended {
			t.Errorf("somebody else: to %s, she is %s", to, stateOf(t, g.m, g.apps[0].ID).State)
		}
		page = send(url.Values{"nonce": {"undo-00001"}, "kind": {"undo"}, "code": {"byname-0001"}})
		if a := answer(page); !strings.Contains(a, "Теперь снова: ") || recent(page) != 2 {
			t.Errorf("undone: %d entries, %s", recent(page), a)
		}
		if !strings.Contains(page, "<b>Пришли: 2</b>") {
			t.Error("the door does not count two")
		}
		c.Set(c.Now().Add(seats.UndoWithin + time.Second))
		if _, page, _ := desk.do("GET", "/ru/door/osh", nil); recent(page) != 0 {
			t.Error("after a quarter of an hour it is offered still")
		}
	})
}

func TestThePageOfTheDoorHasEachAnswerForAPhoneWithoutANetwork(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		desk := &browser{t: t, base: g.url, as: "frontdesk osh"}
		for _, lang := range i18n.Languages {
			_, page, _ := desk.do("GET", "/"+string(lang)+"/door/osh", nil)
			kept := part(page, "<template data-answers>", "</template>")
			for _, a := range door.Answers {
				one := part(kept, fmt.Sprintf(`data-state="%s" data-reason="%s" data-next="%s"`, a.State, a.Reason, a.Next), "</section>")
				words, act := part(one, `class="door-words">`, "<"), part(one, `</span>`, "<")
				if strings.TrimSpace(words) == "" || strings.TrimSpace(act) == "" || strings.Contains(one, "[seminars.") {
					t.Errorf("%s: %+v is said as %q, %q", lang, a, words, act)
				}
			}
		}
	})
}

// Who waits is told apart, with her place, and needs a press of another kind.
func TestTheDoorTellsApartWhoWaits(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 3)
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			for i, place := range map[int]int{1: 20, 2: 10} {
				if _, err := tx.Exec(ctx, `UPDATE application SET state = 'waitlisted', place = $2 WHERE id = $1`, g.apps[i].ID, place); err != nil {
					return err
				}
			}
			return nil
		})
		desk := &browser{t: t, base: g.url, as: "facilitator osh"}
		_, _, to := desk.do("POST", "/ru/door/osh", url.Values{"q": {"асанова"}})
		_, page, _ := desk.do("GET", to, nil)
		seated, unseated, _ := strings.Cut(page, "Без места")
		if !strings.Contains(seated, g.apps[0].ID.String()) || strings.Contains(seated, g.apps[1].ID.String()) {
			t.Error("who waits stands among those with a seat")
		}
		for i, n := range map[int]string{1: "номер в очереди: 2", 2: "номер в очереди: 1"} {
			if one := part(unseated, g.apps[i].ID.String(), "</form>"); !strings.Contains(one, n) || !strings.Contains(one, "Впустить из очереди") {
				t.Errorf("%s: %s", n, one)
			}
		}
	})
}

// The word of a desk is for who may enrol phones, the same at each look, and another when it
// was made anew; packs open by the new one alone.
func TestTheWordOfTheDeskIsShownToWhoEnrolsPhonesAndMadeAnew(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		staff, desk := &browser{t: t, base: g.url, as: "facilitator osh"}, &browser{t: t, base: g.url, as: "frontdesk osh"}
		word := func() string {
			t.Helper()
			status, page, _ := staff.do("GET", "/en/door/osh/phones", nil)
			if status != http.StatusOK {
				t.Fatal(status)
			}
			return part(page, `class="doorkey">`, "<")
		}
		lock := func() (box string) {
			t.Helper()
			if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				p, err := g.m.Pack(ctx, tx, door.Keeper{Device: "a"}, g.osh)
				box = p.Lock.Box
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return box
		}
		first, box := word(), lock()
		if len(first) != 11 || word() != first {
			t.Fatalf("the word is %q, then %q", first, word())
		}
		for _, who := range []*browser{desk, {t: t, base: g.url, as: "facilitator naryn"}, {t: t, base: g.url}} {
			status, page, _ := who.do("GET", "/en/door/osh/phones", nil)
			if post, _, _ := who.do("POST", "/en/door/osh/phones", url.Values{"word": {"new"}}); status == http.StatusOK || post < 400 || strings.Contains(page, first) {
				t.Errorf("%q sees it or makes it anew: %d %d", who.as, status, post)
			}
		}
		if word() != first {
			t.Fatal("who may not has made it anew")
		}
		if status, _, _ := staff.do("POST", "/en/door/osh/phones", url.Values{"word": {"new"}}); status != http.StatusSeeOther {
			t.Fatal(status)
		}
		if second := word(); second == first || len(second) != 11 || lock() == box {
			t.Errorf("made anew it is %q, and was %q", second, first)
		}
		status, page, _ := staff.do("POST", "/en/door/osh/phones", url.Values{"name": {"Aizada's phone"}})
		if qr := part(page, `class="door-link"`, "</div>"); status != http.StatusOK || !strings.Contains(qr, `<svg class="qr"`) || !strings.Contains(qr, "/en/phone/") {
			t.Errorf("the link is no picture: %d %s", status, qr)
		}
	})
}
