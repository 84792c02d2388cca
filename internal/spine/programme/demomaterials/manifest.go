package demomaterials

import (
	"bytes"
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// Options are what the handouts need of the house.
type Options struct {
	Store     *storage.Store
	Materials *materials.Service
}

// Manifest tells the house that materials have a part in the demo.
func Manifest(o Options) module.Manifest {
	return module.Manifest{Name: "demomaterials", Demo: module.Demo{Order: 300, Seed: o.seed}}
}

// seed puts the handouts on the shelves of the templates.
func (o Options) seed(ctx context.Context, stage module.Stage) error {
	var templates []programme.Template
	if err := o.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		templates, err = programme.Templates(ctx, tx, p.ID)
		return err
	}); err != nil {
		return err
	}
	papers, err := All(templates)
	if err != nil {
		return err
	}
	staff := stage.Staff(access.Coordinator)
	for _, p := range papers {
		clean, err := files.Clean(ctx, bytes.NewReader(p.PDF), files.Handout)
		if err != nil {
			return err
		}
		kept, err := o.Materials.Keep(ctx, clean)
		if err != nil {
			return err
		}
		if err := o.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
			for _, t := range templates {
				if t.Key != p.Template {
					continue
				}
				_, err := o.Materials.Add(ctx, tx, materials.Add{
					Actor: staff, Shelf: materials.Shelf{Template: t.ID}, Kept: kept, Name: p.File, Title: p.Title, Audience: p.Audience, Language: string(p.Lang),
				})
				return err
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}
