package plan_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

const movingFile = `
programme: {slug: x, starts: 2026-01-01, name: {en: X}}
cities: [osh]
templates:
  - key: a
    kind: seminar
    title: {en: A}
    hours: 09:30-17:00
    apply: {opens: 30, deadline: 6}
    capacity: 20
    agenda:
      - {at: "09:30", minutes: 30, title: {en: Tea}}
      - {at: "16:00", minutes: 60, title: {en: End}}
    copies:
      - {city: osh, day: DAY}
`

// A file moves an activity whose agenda and deadline were changed on screen: they stay
// as they were changed, on the new day and at the new hour. What a room refuses is said
// with its line, in words.
func TestAFileThatMovesADayTakesAlongWhatWasChangedOnScreen(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		refuse := error(nil)
		svc := programme.New(programme.Options{
			Changed: func(context.Context, *storage.Tx, programme.Activity, programme.Activity) error { return refuse },
		})
		importer := plan.New(plan.Options{Programme: svc, Say: func(f *fault.Error) string { return "words of " + f.Key }})
		bring := func(day string) error {
			loaded, err := plan.Load([]byte(strings.Replace(movingFile, "DAY", day, 1)), time.Now())
			if err != nil {
				t.Fatal(err)
			}
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := importer.Import(ctx, tx, loaded, false)
				return err
			})
		}
		read := func() (a programme.Activity) {
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				a, err = programme.BySlug(ctx, tx, "a-osh")
				return err
			})
			return a
		}
		if err := bring("2027-05-20"); err != nil {
			t.Fatal(err)
		}
		a := read()
		a.Agenda[1].At, a.Deadline = "15:00", time.Date(2027, 5, 18, 12, 0, 0, 0, programme.Bishkek)
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Change(ctx, tx, programmetest.Written(a))
			return err
		})
		if err := bring("2027-06-01, hours: 13:00-20:30"); err != nil {
			t.Fatal(err)
		}
		a = read()
		if got := a.Deadline.In(programme.Bishkek).Format("01-02 15:04") + " " + a.Opens.In(programme.Bishkek).Format("01-02 15:04") + " " + a.Agenda[0].At + " " + a.Agenda[1].At; got != "05-30 12:00 05-02 00:00 13:00 18:30" {
			t.Errorf("after the move: %s", got)
		}
		refuse = fault.At("capacity", "seminars.fault.capacity")
		if err := bring("2027-06-02"); err == nil || !strings.Contains(err.Error(), "line 15: seminar a-osh: capacity: words of seminars.fault.capacity") {
			t.Errorf("refused: %v", err)
		}
		if got := read(); !got.Starts.Equal(a.Starts) {
			t.Error("half of a refused file is here")
		}
	})
}
