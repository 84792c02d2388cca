package app

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Every test in a house, and every test of a module on a store of its own, fails
// when SQLite plans a statement anew. This one shows that they would see it.
func TestNoStatementOfTheHouseIsPlannedAnewUntilTheTablesChange(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	walk := func() (pages int) {
		for _, role := range []access.Role{"", access.Admin, access.Coordinator, access.Participant} {
			v := h.as(t, role)
			for _, r := range h.Routes() {
				if r.Method != http.MethodGet || r.Raw || strings.Contains(r.Pattern, "sign-out") || strings.HasPrefix(r.Pattern, "/live/") || strings.HasSuffix(r.Pattern, "/news") {
					continue
				}
				if status, _, _ := v.do(http.MethodGet, "/ru"+fill(r.Pattern), nil); status == http.StatusOK {
					pages++
				}
			}
			v.do(http.MethodPost, "/ru/sign-in", url.Values{"to": {"nobody@example.kg"}})
		}
		return pages
	}
	for range 2 { // the second time all statements are prepared
		if pages := walk(); pages < 60 {
			t.Errorf("only %d pages were seen", pages)
		}
	}
	h.plans.check(t)
	if err := h.Store().Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, "CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	walk()
	if len(h.plans.take()) == 0 {
		t.Error("the tables changed and no statement was planned anew: nobody looks")
	}
}
