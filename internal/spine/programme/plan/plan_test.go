package plan_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

func TestTheDemoHoldsTheWholeProgrammeInThreeLanguages(t *testing.T) {
	t.Parallel()
	loaded := programmetest.Load(t)
	count := map[string]int{}
	var past, now, coming int
	for _, a := range loaded.Activities {
		count[a.Kind+" "+a.Group]++
		for _, l := range i18n.Languages {
			if a.Title.Exactly(l) == "" || a.Summary.Exactly(l) == "" {
				t.Errorf("%s says nothing in %s", a.Slug, l)
			}
			if strings.ContainsAny(a.Title.Exactly(l), "{}") {
				t.Errorf("%s keeps a place to fill: %s", a.Slug, a.Title.Exactly(l))
			}
		}
		if a.Kind == programme.Seminar {
			switch {
			case a.Past(programmetest.Noon):
				past++
			case a.Running(programmetest.Noon):
				now++
			default:
				coming++
			}
		}
	}
	for what, want := range map[string]int{
		"seminar activists": 8, "seminar media": 8, "seminar deputies": 1, "discussion ": 12,
		"coworking ": 1, "brainstorm ": 1, "publication deputies": 1, "publication ": 1,
	} {
		if count[what] != want {
			t.Errorf("%d of %q, want %d", count[what], what, want)
		}
	}
	if past == 0 || now == 0 || coming == 0 {
		t.Errorf("%d seminars past, %d now, %d to come", past, now, coming)
	}
}

func TestASecondImportChangesNothing(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		loaded := programmetest.Load(t)
		run := func(dry bool) (r plan.Report) {
			if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				r, err = plan.Import(ctx, tx, loaded, dry)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return r
		}
		all := 1 + len(loaded.Templates) + len(loaded.Activities)
		if r := run(true); r.Made != all {
			t.Errorf("a dry run would make %d of %d", r.Made, all)
		}
		if r := run(false); r.Made != all || r.Changed != 0 {
			t.Errorf("the first import made %d and changed %d of %d", r.Made, r.Changed, all)
		}
		if r := run(false); r.Made != 0 || r.Changed != 0 || r.Same != all {
			t.Errorf("the second import: %+v", r)
		}
		loaded.Activities[0].Venue.En = "Somewhere else"
		if r := run(true); r.Changed != 1 || len(r.Lines) != 1 {
			t.Errorf("one change gives %+v", r)
		}
		if r := run(false); r.Changed != 1 {
			t.Errorf("one change gives %+v", r)
		}
	})
}

func TestAnotherProgrammeKeepsItsActivitiesAndDaysStayAsFirstWorkedOut(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		run := func(file string, now time.Time) (r plan.Report, err error) {
			loaded, err := plan.Load([]byte(file), now)
			if err != nil {
				t.Fatal(err)
			}
			err = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				r, err = plan.Import(ctx, tx, loaded, false)
				return err
			})
			return r, err
		}
		const activity = "  name: {en: P}\nactivities:\n  - {slug: a, kind: seminar, title: {en: A}, day: \"+3\", hours: 09:00-10:00}\n"
		if _, err := run("programme:\n  slug: one\n"+activity, programmetest.Noon); err != nil {
			t.Fatal(err)
		}
		r, err := run("programme:\n  slug: one\n"+activity, programmetest.Noon.AddDate(0, 0, 5))
		if err != nil || r.Same != 2 {
			t.Errorf("five days later: %+v, %v", r, err)
		}
		_, err = run("programme:\n  slug: two\n"+activity, programmetest.Noon)
		if err == nil || !strings.Contains(err.Error(), "line 5: the address \"a\" belongs to another programme") {
			t.Errorf("an address of another programme: %v", err)
		}
	})
}

func TestABadFileNamesTheLineAndWhatIsExpected(t *testing.T) {
	t.Parallel()
	const head = "programme:\n  slug: p\n  name: {en: P}\n"
	for _, c := range []struct{ name, file, want string }{
		{"not YAML", "programme: [", "line 1"},
		{"a name that the format does not have", head + "colour: red\n", "line 4: field colour not found"},
		{"a wrong address", "programme:\n  slug: Ош\n  name: {en: P}\n", "small Latin letters"},
		{"no name", "programme:\n  slug: p\n", "at least one of ky, ru, en"},
		{"a city that is not there", head + "activities:\n  - {slug: a, kind: seminar, title: {en: A}, city: paris, day: \"1\", hours: 09:00-10:00}\n", "line 5: activity a: city: \"paris\""},
		{"a day that is none", head + "activities:\n  - {slug: a, kind: seminar, title: {en: A}, day: soon, hours: 09:00-10:00}\n", "line 5: activity a: day: a date like"},
		{"hours that are none", head + "activities:\n  - {slug: a, kind: seminar, title: {en: A}, day: \"1\", hours: morning}\n", "line 5: activity a: hours"},
		{"a kind that is not there", head + "activities:\n  - {slug: a, kind: party, title: {en: A}}\n", "line 5: activity a: kind"},
		{"one address twice", head + "activities:\n  - {slug: a, kind: publication, title: {en: A}}\n  - {slug: a, kind: publication, title: {en: B}}\n", "line 6: the address \"a\" is taken by line 5"},
		{"text where a number belongs", head + "activities:\n  - {slug: a, kind: seminar, capacity: many, title: {en: A}}\n", "line 5: cannot unmarshal"},
		{"a copy without a day", head + "templates:\n  - key: t\n    kind: seminar\n    title: {en: T}\n    copies:\n      - {city: osh}\n", "line 9: copies: day"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := plan.Load([]byte(c.file), programmetest.Noon)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte("programme:\n  slug: p\n  name: {en: P}\n"))
	f.Add([]byte("activities: [{slug: a, kind: seminar, day: \"+12\", hours: 09:00-10:00}]"))
	f.Fuzz(func(t *testing.T, file []byte) {
		loaded, err := plan.Load(file, programmetest.Noon)
		if err == nil && loaded.Programme.Slug == "" {
			t.Error("a plan without a programme passed")
		}
	})
}

func TestAnImportKeepsWhatWasChangedOnScreenAndSaysSo(t *testing.T) {
	t.Parallel()
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, told *[]string) {
		loaded := programmetest.Load(t)
		run := func(dry bool) (r plan.Report) {
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				r, err = plan.New(plan.Options{Programme: svc}).Import(ctx, tx, loaded, dry)
				return err
			})
			return r
		}
		read := func(slug string) (a programme.Activity) {
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				a, err = programme.BySlug(ctx, tx, slug)
				return err
			})
			return a
		}
		if r := run(false); r.Made+r.Changed+r.Kept != 0 {
			t.Fatalf("the same file again: %+v", r)
		}
		// On screen: the Russian title, the place and the capacity of one; a text of a template.
		a := read("activists-tokmok")
		a.Title.Ru, a.Venue.Ru, a.Capacity = "Иначе", "Школа", 33
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			c := programmetest.Written(a)
			c.Stays = programme.StaysNames
			_, err := svc.Change(ctx, tx, c)
			return err
		})
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			p, err := programme.Current(ctx, tx)
			if err != nil {
				return err
			}
			tpl, err := programme.TemplateByKey(ctx, tx, p.ID, "media")
			if err != nil {
				return err
			}
			tpl.Gain.En = "Other things"
			_, err = svc.ChangeTemplate(ctx, tx, programmetest.WrittenTemplate(tpl))
			return err
		})
		// In the file: the same place otherwise, the Kyrgyz title, the address.
		for i := range loaded.Activities {
			if b := &loaded.Activities[i]; b.Slug == a.Slug {
				b.Title.Ky, b.Venue.Ru, b.Address.Ru = "Жаңы", "Театр", "ул. Ленина, 1"
			}
		}
		*told = nil
		dry, real := run(true), run(false)
		for _, r := range []plan.Report{dry, real} {
			text := strings.Join(r.Lines, "\n")
			if r.Kept != 4 || r.Changed != 1 || !strings.Contains(text, "kept     seminar activists-tokmok: changed on screen: title (ru); venue (ru), new in the file too; capacity") ||
				!strings.Contains(text, "kept     template media: changed on screen: gain (en)") {
				t.Errorf("report: %+v", r)
			}
		}
		got := read(a.Slug)
		if got.Title.Ru != "Иначе" || got.Title.Ky != "Жаңы" || got.Venue.Ru != "Школа" || got.Address.Ru != "ул. Ленина, 1" || got.Capacity != 33 {
			t.Errorf("merged: %+v", got)
		}
		if len(*told) != 1 {
			t.Errorf("the modules were told of %v", *told)
		}
		if again := run(false); again.Changed != 0 || again.Kept != 4 {
			t.Errorf("once more: %+v", again)
		}
		// What is set back on screen to what the file says follows the file again.
		got.Venue.Ru = "Театр"
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			c := programmetest.Written(got)
			c.Stays = programme.StaysNames
			_, err := svc.Change(ctx, tx, c)
			return err
		})
		if r := run(false); r.Kept != 3 {
			t.Errorf("set back: %+v", r)
		}
	})
}

func TestACopyWithHoursOfItsOwnMovesItsAgenda(t *testing.T) {
	t.Parallel()
	const file = `
programme: {slug: x, starts: 2026-01-01, name: {en: X}}
cities: [osh, naryn]
templates:
  - key: a
    kind: seminar
    title: {en: "{city}"}
    hours: 09:30-17:00
    agenda:
      - {at: "09:30", minutes: 30, title: {en: Tea}}
      - {at: "16:00", minutes: 60, title: {en: End}}
    copies:
      - {city: osh, day: 2026-03-01}
      - {city: naryn, day: 2026-03-02, hours: 11:00-18:30}
      - {city: osh, key: evening, day: 2026-03-03, hours: 16:00-23:30}
      - {city: osh, key: night, day: 2026-03-04, hours: 20:00-03:30+1}
`
	loaded, err := plan.Load([]byte(file), time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][2]string{{"09:30", "16:00"}, {"11:00", "17:30"}, {"16:00", "22:30"}, {"20:00", "02:30"}} {
		a := loaded.Activities[i]
		if len(a.Agenda) != 2 || a.Agenda[0].At != want[0] || a.Agenda[1].At != want[1] {
			t.Errorf("%s: %+v, want %v", a.Slug, a.Agenda, want)
		}
		if differs := loaded.Templates[0].Differs(nil, a); i > 0 && slices.Contains(differs, "agenda") {
			t.Errorf("%s: its agenda counts as changed by hand: %v", a.Slug, differs)
		}
	}
}
