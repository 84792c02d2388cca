package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

var beside = regexp.MustCompile(`<a href="/en([^"]+)"[^>]*>\s*[^<]*<span class="count" aria-hidden="true">([^<]+)</span>\s*<span class="visually-hidden">([^<]+)</span>`)

// besideWords are the counts beside the words of the list of a page, by their paths, as they
// are seen and as they are heard.
func besideWords(t *testing.T, who *browser) map[string]string {
	t.Helper()
	status, page, _ := who.do(http.MethodGet, "/en/today", nil)
	if status != http.StatusOK {
		t.Fatalf("the page of today: %d", status)
	}
	_, page, _ = strings.Cut(page, `class="side"`)
	page, _, _ = strings.Cut(page, "</nav>")
	out := map[string]string{}
	for _, m := range beside.FindAllStringSubmatch(page, -1) {
		out[m[1]] = m[2] + ", " + m[3]
	}
	return out
}

// Beside the words of the navigation stands how much waits for who asks, within her reach;
// nothing stands where nothing waits.
func TestBesideTheWordsStandsWhatWaitsForWhoAsks(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		osh, naryn := h.upcoming("osh"), h.upcoming("naryn")
		at := func(role access.Role, city string) *browser {
			return h.signIn(h.person("Кызматкер "+string(role)+city, "", access.Grant{Role: role, Scope: access.Scope{Programme: osh.Programme, City: city}}))
		}
		everywhere, inOsh, desk := at(access.Coordinator, ""), at(access.Coordinator, "osh"), at(access.FrontDesk, "")
		admin := h.signIn(h.person("Админ", "", access.Grant{Role: access.Admin}))
		if got := besideWords(t, everywhere); len(got) != 0 {
			t.Fatalf("nothing waits, and the words say %v", got)
		}
		who := h.person("Асан", "")
		letter := func(activity storage.ID) {
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO message (id, person_id, kind, activity_id, state, made_at, due_at, moved_at) VALUES ($1, $2, 'seminars.invited', $3, 'failed', $4, $4, $4)`,
					tx.NewID(), who, activity, storage.Micros(tx.Now))
				return err
			})
		}
		apply := func(activity storage.ID, state string) {
			person := h.person(fmt.Sprintf("Асанова %s %d", state, h.now.UnixNano()), "")
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, expires_at, reconfirm, form_version_id, facts, version, made_at, changed_at, proven_at, held_until)
					SELECT $1, $2, $3, $4, 0, 0, '', NULL, 0, 1, $5, $5, 0, 0`, tx.NewID(), activity, person, state, storage.Micros(tx.Now))
				return err
			})
		}
		letter(osh.ID)
		letter(naryn.ID)
		letter(naryn.ID)
		apply(osh.ID, "applied")
		apply(naryn.ID, "shortlisted")
		apply(naryn.ID, "declined")
		h.write(func(ctx context.Context, tx *storage.Tx) error { // older than a week: nobody is told any more
			_, err := tx.Exec(ctx, `INSERT INTO message (id, person_id, kind, activity_id, state, made_at, due_at, moved_at) VALUES ($1, $2, 'seminars.invited', $3, 'failed', $4, $4, $4)`,
				tx.NewID(), who, osh.ID, storage.Micros(tx.Now.Add(-8*24*time.Hour)))
			return err
		})
		for name, c := range map[string]struct {
			who  *browser
			want map[string]string
		}{
			"of all cities":     {everywhere, map[string]string{"/staff/seminars": "2, 2 waiting", "/staff/messages": "3, 3 waiting"}},
			"of Osh":            {inOsh, map[string]string{"/staff/seminars": "1, 1 waiting", "/staff/messages": "1, 1 waiting"}},
			"at the front desk": {desk, map[string]string{}},
		} {
			if got := besideWords(t, c.who); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("staff %s read %v, want %v", name, got, c.want)
			}
		}
		for range web.MostWaits + 2 {
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO job (id, kind, payload, state, run_at, attempts, made_at, done_at) VALUES ($1, 'messages.deliver', '{}', 'failed', $2, 10, $2, $2)`, tx.NewID(), storage.Micros(tx.Now))
				return err
			})
		}
		if got := besideWords(t, admin)["/staff/jobs"]; got != "99+, More than 99 waiting" {
			t.Errorf("of many jobs the administrator reads %q", got)
		}
		if got := besideWords(t, everywhere)["/staff/jobs"]; got != "" {
			t.Errorf("who does not see jobs reads %q", got)
		}
	})
}

// A page is shown also where it cannot be counted what waits.
func TestAPageIsShownWithoutCountsThatCannotBeHad(t *testing.T) {
	t.Parallel()
	h := bare{t: t, now: time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC)}
	asked := 0
	var err error
	h.App, err = Open(t.Context(), config.Config{Addr: "127.0.0.1:8080", Data: t.TempDir()}, Options{
		Clock: func() time.Time { return h.now }, Demo: true,
		modules: func(*App) []module.Manifest {
			return []module.Manifest{{Name: "broken", Waits: []module.Wait{{Path: "/staff/seminars", Needs: "seminars.select", Count: func(context.Context, *storage.Tx, access.Actor, int) (int, error) {
				asked++
				return 7, errors.New("no")
			}}}}}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	chief := h.signIn(h.person("Башкаруучу", "", access.Grant{Role: access.Coordinator}))
	asked = 0 // signing in shows a page too
	if got := besideWords(t, chief); len(got) != 0 || asked != 1 {
		t.Errorf("the words say %v, asked %d times", got, asked)
	}
	if status, _, _ := h.signIn(storage.ID{}).do(http.MethodGet, "/en/", nil); status != http.StatusOK || asked != 1 {
		t.Errorf("of a stranger %d, asked %d times", status, asked)
	}
}
