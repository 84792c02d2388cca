// Package programmetest gives the tests of the programme and its rooms what they begin
// with: the demo programme on both engines, a table of copies, and a desk that serves
// all pages.
package programmetest

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

// Noon is the moment for which the demo programme is worked out.
var Noon = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)

// Load reads the demo programme.
func Load(t *testing.T) plan.Plan {
	t.Helper()
	file, err := plan.Load(plan.DemoFile(), Noon)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// Coordinator may plan everything.
var Coordinator = access.Actor{
	Person: storage.ID{1}, Grants: []access.Grant{{Role: access.Coordinator}},
	Table: access.Table{programme.MayPlan: {access.Coordinator}},
}

// Key is that of the own template of Planned.
const Key = "seminar-youth"

// Planned opens both engines with the demo programme and an own template.
func Planned(t *testing.T, f func(t *testing.T, s *storage.Store, svc *programme.Service, told *[]string)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		var told []string
		svc := programme.New(programme.Options{Changed: func(_ context.Context, tx *storage.Tx, before, after programme.Activity) error {
			tx.AfterCommit(func() { told = append(told, after.Slug+" "+before.State+" "+after.State) })
			return nil
		}})
		demo := Load(t)
		Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := plan.Import(ctx, tx, demo, false); err != nil {
				return err
			}
			_, err := svc.NewTemplate(ctx, tx, programme.NewTemplate{Actor: Coordinator, Key: Key, Kind: programme.Seminar, Title: i18n.Text{En: "Youth {in_city}", Ru: "Молодёжь {in_city}", Ky: "Жаштар {in_city}"}})
			return err
		})
		f(t, s, svc, &told)
	})
}

// Write does f in a transaction that must succeed.
func Write(t *testing.T, s *storage.Store, f func(ctx context.Context, tx *storage.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// Eight is a table with a seminar in each city, in a hundred days: later than all that the
// demo plans, so that on no day of the year two of one template fall together.
func Eight() (rows []plan.Row) {
	for i, c := range (*profile.Lists)(nil).Cities() {
		rows = append(rows, plan.Row{
			Key: c.Code, City: c.Code, Date: time.Now().AddDate(0, 0, 100+i).Format(time.DateOnly), From: "09:30", To: "17:00",
			Venue: i18n.Text{Ru: "Дом культуры"}, Capacity: "25",
		})
	}
	return rows
}

// MakeCopies makes activities of the own template of Planned, published at once.
func MakeCopies(t *testing.T, s *storage.Store, svc *programme.Service, rows []plan.Row) (made []programme.Activity, err error) {
	t.Helper()
	err = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		made, err = plan.New(plan.Options{Programme: svc}).MakeCopies(ctx, tx, plan.MakeCopies{Actor: Coordinator, Key: Key, Rows: rows, Publish: true})
		return err
	})
	return made, err
}

// Template is the own template of Planned.
func Template(t *testing.T, s *storage.Store) (out programme.Template) {
	t.Helper()
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		out, err = programme.TemplateByKey(ctx, tx, p.ID, Key)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// Copies are the activities of the own template of Planned.
func Copies(t *testing.T, s *storage.Store) (out []programme.Activity) {
	t.Helper()
	id := Template(t, s).ID
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = programme.All(ctx, tx, programme.Filter{Template: id})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}
