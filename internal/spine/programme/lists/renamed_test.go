package lists_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/lists"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// Another name of a city makes no copy differ from its template; when the template is
// saved, the copies that follow get the name of their day.
func TestACopyOfARenamedCityFollowsItsTemplate(t *testing.T) {
	t.Parallel()
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, _ *programme.Service, _ *[]string) {
		r := open(t, s)
		core := programme.New(programme.Options{Book: r.book})
		if _, err := programmetest.MakeCopies(t, s, core, programmetest.Eight()); err != nil {
			t.Fatal(err)
		}
		naryn := r.entry(profile.City, "naryn")
		naryn.Names = append(naryn.Names, profile.Named{From: profile.Day(time.Now()), Name: text("Ала-Тоо", "Ала-Тоо", "Ala-Too"), In: text("Ала-Тоодо", "в Ала-Тоо", "in Ala-Too")})
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			_, err := r.ChangeEntry(ctx, tx, lists.ChangeEntry{Actor: programmetest.Coordinator, Version: naryn.Version, Entry: naryn})
			return err
		})
		tpl := programmetest.Template(t, s)
		var all []storage.ID
		copyIn := func(city string) (a programme.Activity) {
			for _, one := range programmetest.Copies(t, s) {
				if one.City == city {
					a = one
				}
			}
			return a
		}
		for _, a := range programmetest.Copies(t, s) {
			all = append(all, a.ID)
			if d := tpl.Differs(r.book.Now(), a); slices.Contains(d, "title") {
				t.Errorf("%s differs in %q", a.City, d)
			}
		}
		if a := copyIn("naryn"); a.Title.En != "Youth in Naryn" || a.CityName(r.book.Now(), "en") != "Ala-Too" {
			t.Errorf("before: %q in %q", a.Title.En, a.CityName(r.book.Now(), "en"))
		}
		tpl.Summary.Ru = "Для молодых"
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			_, err := core.ChangeTemplate(ctx, tx, programme.ChangeTemplate{
				Actor: programmetest.Coordinator, Template: tpl.ID, Version: tpl.Version, Follow: all,
				Write: func(programme.Template) (programme.Template, error) { return tpl, nil },
			})
			return err
		})
		if a := copyIn("naryn"); a.Title.En != "Youth in Ala-Too" || a.Summary.Ru != "Для молодых" {
			t.Errorf("after: %q, %q", a.Title.En, a.Summary.Ru)
		}
		if a := copyIn("osh"); a.Title.En != "Youth in Osh" {
			t.Errorf("another: %q", a.Title.En)
		}
	})
}
