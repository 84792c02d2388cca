package app

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// demoProgramme brings the programme with its activities.
func (a *App) demoProgramme(ctx context.Context) error {
	return a.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := programme.Current(ctx, tx); !fault.Is(err, fault.NotFound) {
			return err
		}
		p, err := programme.InsertProgramme(ctx, tx, programme.Programme{Slug: "civic-leadership", Name: i18n.Text{
			Ky: "Жарандык лидерлик мектеби", Ru: "Школа гражданского лидерства", En: "School of Civic Leadership",
		}})
		if err != nil {
			return err
		}
		day := tx.Now.Truncate(24 * time.Hour)
		for i, c := range programme.AllCities() {
			starts := day.AddDate(0, 0, 7*i-14).Add(4 * time.Hour)
			if _, err := programme.Insert(ctx, tx, programme.Activity{
				Programme: p.ID, Slug: "activists-" + c.Key, Kind: programme.Seminar, State: programme.Published, City: c.Key,
				Title: i18n.Text{
					Ky: c.Name.Ky + ": жарандык коом үчүн семинар", Ru: c.Name.Ru + ": семинар для гражданского общества", En: c.Name.En + ": seminar for civil society",
				},
				Venue:  i18n.Text{Ky: "Шаардык китепкана", Ru: "Городская библиотека", En: "City library"},
				Starts: starts, Ends: starts.Add(8 * time.Hour), Opens: starts.AddDate(0, 0, -40), Deadline: starts.AddDate(0, 0, -3),
				Capacity: 25, Group: "activists", Lat: c.Lat, Lon: c.Lon, Languages: []string{"ky", "ru"},
			}); err != nil {
				return err
			}
		}
		return nil
	})
}
