package pages

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
)

// Two letters fit everybody. Whoever looks for applications by them opens the records of
// those alone whom the page shows: no other need even be readable, and all are counted.
func TestWhoLooksForApplicationsOpensTheRecordsOfThoseShownAlone(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, clock *storagetest.Clock) {
		g := openRegister(t, store, clock, 12)
		for i := range 12 {
			g.apply(i, i%3, seats.Applied)
		}
		catalogue, err := i18n.Load(g.Manifest().Texts, web.Texts())
		if err != nil {
			t.Fatal(err)
		}
		r := &web.Request{Request: httptest.NewRequest("GET", "/ru/staff/find", nil), Lang: i18n.Russian, Say: catalogue.Printer(i18n.Russian), Actor: coordinatorOf("osh")}
		var finder module.Finder
		for _, f := range g.Manifest().Find {
			if f.Kind == "applications" {
				finder = f
			}
		}
		look := func() (out module.Found) {
			t.Helper()
			sought := module.Seek("ас", 3)
			if finder.Seek != nil {
				out, err = finder.Seek(t.Context(), r, sought)
			} else {
				err = store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
					out, err = finder.Find(ctx, tx, r, sought)
					return err
				})
			}
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		first := look()
		if first.Count != 8 || len(first.Hits) != 3 || !strings.HasPrefix(first.Hits[0].Title, "Асанова Айгүл") || !strings.HasPrefix(first.Hits[0].Path, "/staff/seminars/seminar-") {
			t.Fatalf("%d are found in Osh, of which %v", first.Count, first.Hits)
		}
		write(t, g.Module, first.Note)
		var told []storage.ID
		write(t, g.Module, func(ctx context.Context, tx *storage.Tx) error {
			told = nil
			for _, p := range g.persons {
				list, err := audit.List(ctx, tx, audit.Filter{Person: p.ID, Actor: r.Actor.Person})
				if err != nil {
					return err
				}
				if slices.ContainsFunc(list, func(e audit.Entry) bool { return e.Action == "seminars.audit.listed" }) {
					told = append(told, p.ID)
				} else if _, err := tx.Exec(ctx, `UPDATE person SET sealed = data_key WHERE id = $1`, p.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if len(told) != 3 {
			t.Errorf("three are shown, and %d are told", len(told))
		}
		if again := look(); again.Count != 8 || !slices.Equal(again.Hits, first.Hits) {
			t.Errorf("%d are found, of which %v", again.Count, again.Hits)
		}
	})
}
