package app

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// TestNobodyOutsideReadsACountThatWasNotTold records as many facts of this month as no other
// number of the house is, and walks every page, file and feed that a stranger or a donor may
// ask for: the number stands nowhere, and staff read it.
func TestNobodyOutsideReadsACountThatWasNotTold(t *testing.T) {
	t.Parallel()
	const canaries = 613
	eachBare(t, func(t *testing.T, h bare) {
		a := h.upcoming("")
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			// All seats are taken, and as many wait.
			if _, err := tx.Exec(ctx, `INSERT INTO seminar (activity_id, capacity, taken, first_come, made_at) VALUES ($1, 1, 1, TRUE, 1)
				ON CONFLICT (activity_id) DO UPDATE SET capacity = 1, taken = 1, first_come = TRUE`, a.ID); err != nil {
				return err
			}
			for range canaries {
				if _, err := tx.Exec(ctx, `INSERT INTO application_shell (id, activity_id, state) VALUES ($1, $2, 'waitlisted')`, storage.RandomID(h.now), a.ID); err != nil {
					return err
				}
			}
			for i := range canaries {
				p := ledger.Profile{Sex: "female", AgeBand: "25-34", City: "osh", Group: "activists"}
				for _, kind := range []ledger.Kind{"seminars.applied", "seminars.invited", "seminars.confirmed", "seminars.attended"} {
					if err := ledger.Record(ctx, tx, ledger.Fact{Kind: kind, Activity: a.ID, Subject: storage.ID{1, byte(i >> 8), byte(i)}, Value: 1, Profile: p}); err != nil {
						return err
					}
				}
			}
			return nil
		})
		donor := h.signIn(h.person("Донор Каржыбек", "bishkek", access.Grant{Role: access.Donor}))
		staff := h.signIn(h.person("Ырыс Текшерова", "bishkek", access.Grant{Role: access.Coordinator}))
		number := regexp.MustCompile(`(^|[^\w.#-])` + fmt.Sprint(canaries) + `($|[^\w.%-])`)
		markup := regexp.MustCompile(`(?s)<(script|style)[^>]*>.*?</(script|style)>|<[^>]*>`)
		asked := 0
		for _, route := range h.routes {
			open := route.Needs == access.Public || route.Needs == access.SignedIn || slices.Contains(h.table[route.Needs], access.Donor)
			if route.Method != http.MethodGet || !open {
				continue
			}
			path := strings.NewReplacer("{slug}", a.Slug).Replace(route.Pattern)
			if strings.Contains(path, "{") {
				continue // of something that is not there
			}
			for _, lang := range []string{"/ky", "/ru", "/en"} {
				if route.Raw {
					lang = ""
				}
				for name, who := range map[string]*browser{"a stranger": h.signIn(storage.ID{}), "the donor": donor} {
					status, body, _ := who.do(http.MethodGet, lang+path, nil)
					asked++
					if status < 500 && number.MatchString(markup.ReplaceAllString(body, " ")) {
						t.Errorf("%s reads in %s%s how many there are: %q", name, lang, path, number.FindString(markup.ReplaceAllString(body, " ")))
					}
				}
			}
		}
		if _, body, _ := donor.do(http.MethodGet, "/en/events/"+a.Slug, nil); !strings.Contains(body, `id="apply"`) {
			t.Error("the page of the seminar says nothing of its seats: the test proves nothing")
		}
		if asked < 100 {
			t.Errorf("only %d answers were read", asked)
		}
		if _, body, _ := staff.do(http.MethodGet, "/en/numbers", nil); !number.MatchString(markup.ReplaceAllString(body, " ")) {
			t.Error("staff do not read it: the test proves nothing")
		}
	})
}

// TestTheDonorBeginsWithTheResults signs in and is led there, before and after something was told.
func TestTheDonorBeginsWithTheResults(t *testing.T) {
	t.Parallel()
	eachBare(t, func(t *testing.T, h bare) {
		for role, want := range map[access.Role]string{access.Donor: "/ky/results", access.Coordinator: "/ky/today", access.Participant: "/ky/my"} {
			var grants []access.Grant
			if role != access.Participant {
				grants = append(grants, access.Grant{Role: role})
			}
			b := h.signIn(h.person("Башталыш "+string(role), "osh", grants...))
			status, _, header := b.do(http.MethodGet, "/ky/start", nil)
			if at := header.Get("Location"); status != http.StatusSeeOther || at != want {
				t.Errorf("%s begins with %d %s", role, status, at)
			}
		}
		donor := h.signIn(h.person("Донор", "osh", access.Grant{Role: access.Donor}))
		if status, body, _ := donor.do(http.MethodGet, "/en/results", nil); status != http.StatusOK || !strings.Contains(body, h.Texts("en").T("results.release.none")) {
			t.Errorf("before anything was told: %d", status)
		}
		if _, body, _ := donor.do(http.MethodGet, "/en/", nil); strings.Contains(body, `href="/en/results"`) {
			t.Error("the word stands in the bar and leads to nothing")
		}
	})
}
