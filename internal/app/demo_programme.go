package app

import (
	"context"
	"os"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

// demoProgramme brings the programme into an empty house.
func (a *App) demoProgramme(ctx context.Context) error {
	loaded, err := plan.Load(plan.DemoFile(), a.options.Clock())
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := programme.Current(ctx, tx); !fault.Is(err, fault.NotFound) {
			return err
		}
		_, err := plan.Import(ctx, tx, loaded, false)
		return err
	})
}

// ImportProgramme brings a programme file into the house; with dryRun it only
// says what would change.
func (a *App) ImportProgramme(ctx context.Context, path string, dryRun bool) (r plan.Report, err error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return r, err
	}
	if err := a.book.Renew(ctx); err != nil {
		return plan.Report{}, err
	}
	loaded, err := plan.LoadIn(a.book.Now(), file, a.options.Clock())
	if err != nil {
		return r, err
	}
	err = a.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		r, err = a.rooms.plan.Import(ctx, tx, loaded, dryRun)
		return err
	})
	return r, err
}
