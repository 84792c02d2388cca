package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

func TestTheDoorFindsByNameOnlyWhoMayComeInToday(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		const guests = 9
		g := openGate(t, store, c, guests)
		states := map[seats.State]seats.Application{}
		for i, s := range seats.States {
			states[s] = g.apps[i]
			write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE application SET state = $2 WHERE id = $1`, g.apps[i].ID, string(s))
				return err
			})
		}
		found := func(as, query string) (out []seats.State) {
			t.Helper()
			b := &browser{t: t, base: g.url, as: as}
			status, page, to := b.do("POST", "/ky/door/osh", url.Values{"q": {query}})
			if status == http.StatusSeeOther {
				// What is concealed is written in ASCII, where two letters may stand by chance.
				telling := strings.ContainsFunc(query, func(r rune) bool { return r > unicode.MaxASCII })
				if plain, _ := url.QueryUnescape(to); telling && strings.Contains(plain, query) {
					t.Errorf("the address holds what was searched for: %s", plain)
				}
				_, page, _ = b.do("GET", to, nil)
			} else if as != "facilitator naryn" || status != http.StatusForbidden {
				t.Errorf("the %s searches for %q: %d", as, query, status)
			}
			for _, s := range seats.States {
				if strings.Contains(page, states[s].ID.String()) {
					out = append(out, s)
				}
			}
			return out
		}
		expect := func(what, as, query string, want ...seats.State) {
			t.Helper()
			if got := found(as, query); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s: the %s finds %v, want %v", what, as, got, want)
			}
		}
		held := []seats.State{seats.Invited, seats.Confirmed, seats.Attended, seats.NoShow}
		may := []seats.State{seats.Applied, seats.Shortlisted, seats.Invited, seats.Confirmed, seats.Attended, seats.NoShow, seats.Waitlisted}
		expect("a seat is free", "frontdesk osh", "асанова", may...)
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE seminar SET capacity = taken WHERE activity_id = $1`, g.osh.ID)
			return err
		})
		expect("no seat is free", "frontdesk osh", "асанова", held...)
		expect("no seat is free, but she may add one", "facilitator osh", "асанова", may...)
		expect("the city of another", "facilitator naryn", "асанова")
		for _, query := range []string{"", "а", " а ", "а а", "а1", "..", "77", "ъъ", "ьь", "aa", "АА", "ю", "ъщ", "zh", "a-a", "a.á", "ъаъ", "a a", "á", "%_", strings.Repeat("a", 5000), strings.Repeat("ас ", 2000)} {
			expect("no name but "+query, "facilitator osh", query)
		}
		expect("two letters", "facilitator osh", "ас", may...)

		// All day long on the day, and while it goes on; not before and not after.
		midnight := time.Date(2026, 11, 21, 0, 0, 0, 0, time.FixedZone("", 6*60*60))
		for now, open := range map[time.Time]bool{
			midnight.Add(-time.Second): false, midnight: true, g.osh.Ends.Add(-time.Second): true, midnight.AddDate(0, 0, 1): false,
		} {
			c.Set(now)
			if got := len(found("facilitator osh", "асанова")) > 0; got != open {
				t.Errorf("at %s the door finds somebody: %v", now, got)
			}
		}
		c.Set(g.osh.Starts)
		off := g.osh
		off.State = "cancelled"
		g.m.Calendar = towns{list: []seats.Activity{off, g.naryn}}
		expect("it was called off", "facilitator osh", "асанова")
	})
}

func TestTheAnswerToAScanElsewhereNamesNobodyHere(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 1)
		b := &browser{t: t, base: g.url, as: "facilitator"}
		form := url.Values{"nonce": {"scan-nonce-1"}, "kind": {"in"}, "code": {g.codes[0]}}
		if _, _, to := b.do("POST", "/ky/door/osh", form); to == "" {
			t.Fatal("the scan was not taken")
		}
		if _, page, _ := b.do("GET", "/ky/door/osh?done=scan-nonce-1", nil); !strings.Contains(page, "Айгүл Асанова 0") {
			t.Error("the door does not name whom it let in")
		}
		if _, page, _ := b.do("GET", "/ky/door/naryn?done=scan-nonce-1", nil); strings.Contains(page, "Асанова") {
			t.Error("the door of Naryn names somebody of Osh")
		}
	})
}
