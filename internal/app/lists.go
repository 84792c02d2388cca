package app

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// withLists renews the lists of the house before a request, at most once a second, so
// that what another process has changed is seen here. When the database does not answer,
// those of before stay; the request finds out by itself.
func (a *App) withLists(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.renewLists(r.Context())
		next.ServeHTTP(w, r)
	})
}

// jobsWithLists does the same before each run of a job.
func (a *App) jobsWithLists(kinds []jobs.Kind) []jobs.Kind {
	kinds = slices.Clone(kinds)
	for i := range kinds {
		do := kinds[i].Do
		kinds[i].Do = func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
			a.renewLists(ctx)
			return do(ctx, store, payload)
		}
	}
	return kinds
}

func (a *App) renewLists(ctx context.Context) {
	if err := a.book.Renew(ctx); err != nil && ctx.Err() == nil {
		a.options.Log.Warn("the lists of the house could not be read anew", "error", err)
	}
}
