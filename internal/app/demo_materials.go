package app

import (
	"bytes"
	"context"

	"platforma.kg/ashar/internal/app/demomaterials"
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// demoMaterials puts the handouts on the shelves of the templates, once.
func (a *App) demoMaterials(ctx context.Context, c cast) error {
	if !c.fresh {
		return nil
	}
	var templates []programme.Template
	if err := a.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		templates, err = programme.Templates(ctx, tx, p.ID)
		return err
	}); err != nil {
		return err
	}
	papers, err := demomaterials.All(templates)
	if err != nil {
		return err
	}
	staff := access.Actor{Person: c.staff[access.Coordinator], Grants: []access.Grant{{Role: access.Coordinator}}, Table: a.table}
	for _, p := range papers {
		clean, err := files.Clean(ctx, bytes.NewReader(p.PDF), files.Handout)
		if err != nil {
			return err
		}
		kept, err := a.rooms.materials.Keep(ctx, clean)
		if err != nil {
			return err
		}
		if err := a.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
			for _, t := range templates {
				if t.Key != p.Template {
					continue
				}
				_, err := a.rooms.materials.Add(ctx, tx, materials.Add{
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
