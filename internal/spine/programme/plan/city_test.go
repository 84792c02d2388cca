package plan_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/lists"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// ninth is a file whose cities are those of a line.
func ninth(cities string) []byte {
	return []byte(`programme:
  slug: ninth
  name: {en: Ninth}
cities: ` + cities + `
templates:
  - key: talk
    kind: seminar
    title: {ky: "{in_city} семинар", ru: "Семинар {in_city}", en: "A seminar {in_city}"}
    hours: 09:30-17:00
    copies:
      - {city: kara-balta, day: 2026-12-20, venue: {en: Library}}
      - {city: jalal-abad, day: 2024-12-20, venue: {en: Library}}
`)
}

const declared = `[osh, {key: kara-balta, region: KG-C, at: [42.8142, 73.8481], name: {ky: Карабалта, ru: Кара-Балта, en: Kara-Balta}, in: {ky: Карабалтада, ru: в Кара-Балте, en: in Kara-Balta}}]`

func TestAFileDeclaresACityThatTheHouseDoesNotHave(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		book := profile.NewBook(s)
		if err := book.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		core := programme.New(programme.Options{Book: book})
		tables := plan.New(plan.Options{Programme: core})
		bring := func(file []byte, dry bool) (r plan.Report, err error) {
			loaded, err := plan.LoadIn(book.Now(), file, programmetest.Noon)
			if err != nil {
				return r, err
			}
			err = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				r, err = tables.Import(ctx, tx, loaded, dry)
				return err
			})
			return r, err
		}
		if r, err := bring(ninth(declared), true); err != nil || !slices.Contains(r.Lines, "new      city kara-balta") || len(book.Now().All(profile.City)) != 8 {
			t.Errorf("a dry run: %q, %v", r.Lines, err)
		}
		if r, err := bring(ninth(declared), false); err != nil || !slices.Contains(r.Lines, "new      city kara-balta") {
			t.Fatalf("%q, %v", r.Lines, err)
		}
		city, ok := book.Now().City("kara-balta")
		if !ok || city.Lat != 42.8142 || city.Now.In.Ru != "в Кара-Балте" || city.ISO != "KG-C" {
			t.Fatalf("%+v", city)
		}
		title := func(slug string) (a programme.Activity) {
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				a, err = programme.BySlug(ctx, tx, slug)
				return err
			})
			return a
		}
		if a := title("talk-kara-balta"); a.Title.Ru != "Семинар в Кара-Балте" || a.Lon != 73.8481 {
			t.Errorf("it is called %q, at %v", a.Title.Ru, a.Lon)
		}
		// What was before its city got another name keeps the former one.
		if a := title("talk-jalal-abad"); a.Title.Ru != "Семинар в Джалал-Абаде" || a.CityName(book.Now(), i18n.English) != "Jalal-Abad" {
			t.Errorf("it is called %q in %q", a.Title.Ru, a.CityName(book.Now(), i18n.English))
		}
		if r, err := bring(ninth(declared), false); err != nil || r.Made != 0 || r.Changed != 0 {
			t.Errorf("a second import: %q, %v", r.Lines, err)
		}
		if r, err := bring(ninth(`[osh, kara-balta]`), false); err != nil || r.Made != 0 || r.Changed != 0 {
			t.Errorf("named by its key alone: %q, %v", r.Lines, err)
		}

		// Renamed on the page: the file does not set the name back, and the titles follow.
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			city.Names = append(city.Names, profile.Named{From: "2026-12-01", Name: i18n.Text{Ky: "Жаңышаар", Ru: "Джанышар", En: "Janyshaar"}, In: i18n.Text{Ky: "Жаңышаарда", Ru: "в Джанышаре", En: "in Janyshaar"}})
			_, err := lists.New(core).ChangeEntry(ctx, tx, lists.ChangeEntry{Actor: programmetest.Coordinator, Version: city.Version, Entry: city})
			return err
		})
		if r, err := bring(ninth(declared), false); err != nil || r.Kept != 0 || r.Changed != 1 {
			t.Errorf("after another name: %q, %v", r.Lines, err)
		}
		if a := title("talk-kara-balta"); a.Title.Ru != "Семинар в Джанышаре" {
			t.Errorf("it is called %q", a.Title.Ru)
		}
		if e, _ := book.Now().City("kara-balta"); len(e.Names) != 2 {
			t.Errorf("the file has set the name back: %+v", e.Names)
		}
	})
}

func TestAFileSaysWithItsLineWhatCannotBeOfACity(t *testing.T) {
	t.Parallel()
	with := func(old, now string) string { return strings.Replace(declared, old, now, 1) }
	for cities, want := range map[string]string{
		`[osh]`:                    `"kara-balta" is not a city of the list`,
		`[osh, kara-balta]`:        `cities: "kara-balta" is not a city of the list`,
		with("KG-C", "KG-X"):       "line 4: cities: kara-balta: region: one of KG-GB",
		with("42.8142", "52.8142"): "line 4: cities: kara-balta: at: degrees north from 39.15 to 43.3 are expected",
		with("ru: Кара-Балта", `ru: ""`):                               "line 4: cities: kara-balta: name.ru: ky, ru and en are expected",
		with("in: {ky: Карабалтада, ", "in: {"):                        "line 4: cities: kara-balta: in.ky: ky, ru and en are expected",
		with("name: {ky: Карабалта", "name: {ky: Манас"):               "line 4: cities: kara-balta: name.ky: the city Manas has this name",
		with("key: kara-balta", "key: Kara"):                           "line 4: cities: Kara: key: small Latin letters",
		with("en: Kara-Balta", "en: Kаra-Balta"):                       "line 4: cities: kara-balta: name.en: letters of Kyrgyz, Russian or Latin are expected", // a Cyrillic а
		with("en: Kara-Balta", `en: "--"`):                             "line 4: cities: kara-balta: name.en: a letter or a digit is expected",
		with("name: {ky: Карабалта", "name: {ky: Башка"):               "line 4: cities: kara-balta: name.ky: this word stands for places that are not in the list",
		with("en: Kara-Balta", "en: "+strings.Repeat("Kara", 16)):      "line 4: cities: kara-balta: name.en: longer than 60 letters",
		with("region:", "oblast:"):                                     "line 4: field oblast not found in a city",
		with("[osh, ", "[osh, "+strings.Trim(declared, "[]")[5:]+", "): `line 4: cities: "kara-balta" is there twice`,
	} {
		_, err := plan.Load(ninth(cities), programmetest.Noon)
		var problems plan.Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n  gives %v\n  want  %s", cities, err, want)
		}
	}
}
