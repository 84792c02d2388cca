package plan_test

import (
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

func TestOneTableMakesEightSeminars(t *testing.T) {
	t.Parallel()
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		rows := programmetest.Eight()
		made, err := programmetest.MakeCopies(t, s, svc, append(rows, plan.Row{Key: "empty", From: "09:30", To: "17:00", Capacity: "25"}))
		if err != nil {
			t.Fatal(err)
		}
		if len(made) != 8 {
			t.Fatalf("%d were made", len(made))
		}
		if a := made[1]; a.Slug != programmetest.Key+"-osh" || a.Title.Ru != "Молодёжь в Оше" || a.Venue.In(i18n.Kyrgyz) != "Дом культуры" || a.Capacity != 25 ||
			a.Starts.In(programme.Bishkek).Format("15:04") != "09:30" || a.State != programme.Published {
			t.Errorf("the second is %+v", a)
		}
		if _, err := programmetest.MakeCopies(t, s, svc, rows); fault.Of(err) == nil || len(fault.Of(err).Fields) != 8 {
			t.Errorf("the same table sent twice: %v", err)
		}
		rows[0].Date = time.Now().AddDate(0, 3, 0).Format(time.DateOnly)
		made, err = programmetest.MakeCopies(t, s, svc, rows[:1])
		if err != nil || made[0].Slug != programmetest.Key+"-bishkek-"+rows[0].Date {
			t.Errorf("a second seminar in the same city: %v, %v", made, err)
		}
	})
}

func TestAWrongRowIsNamedAndNothingIsMade(t *testing.T) {
	t.Parallel()
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		rows := programmetest.Eight()
		rows[0].Date = ""
		rows[1].From = "half past nine"
		rows[2].Venue = i18n.Text{}
		rows[3].Capacity = "many"
		rows[4].Date = "2020-01-01"
		rows[5].To = "25:00"
		rows[6].Facilitator = "nobody"
		rows[7].Venue.Ru = strings.Repeat("о", 301)
		_, err := programmetest.MakeCopies(t, s, svc, rows)
		f := fault.Of(err)
		if f == nil || f.Code != fault.Invalid {
			t.Fatalf("bad rows give %v", err)
		}
		for i, column := range []string{"date", "from", "venue", "capacity", "date", "to", "facilitator", "venue"} {
			if len(f.At(rows[i].Field(column))) != 1 {
				t.Errorf("row %d, column %s is not named: %v", i, column, f)
			}
		}
		if n := len(programmetest.Copies(t, s)); n != 0 {
			t.Errorf("%d were made all the same", n)
		}
		if _, err := programmetest.MakeCopies(t, s, svc, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("an empty table gives %v", err)
		}
	})
}
