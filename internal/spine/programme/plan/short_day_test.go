package plan_test

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// A day that is shorter than the agenda of its template is made all the same, with as much
// of the agenda as lies within; nothing of it begins or goes on after the day's end.
func TestACopyWithAShorterDayHasOfTheAgendaWhatLiesWithin(t *testing.T) {
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		for _, hours := range [][2]string{{"10:00", "16:00"}, {"13:00", "13:30"}, {"09:30", "17:00"}, {"20:00", "23:59"}} {
			var made []programme.Activity
			var of programme.Template
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				p, err := programme.Current(ctx, tx)
				if err != nil {
					return err
				}
				if of, err = programme.TemplateByKey(ctx, tx, p.ID, "activists"); err != nil {
					return err
				}
				rows := programmetest.Eight()
				for i := range rows {
					rows[i].From, rows[i].To = hours[0], hours[1]
				}
				made, err = plan.New(plan.Options{Programme: svc}).MakeCopies(ctx, tx, plan.MakeCopies{Actor: programmetest.Coordinator, Key: "activists", Rows: rows})
				return err
			})
			whole := hours[0] == "09:30"
			if short := of.ShortOf(made); len(made) != 8 || whole && short != 0 || !whole && short != 8 {
				t.Errorf("%v: %d made, %d shorter than the agenda of %v", hours, len(made), short, of.Hours)
			}
			for _, a := range made {
				if len(a.Agenda) == 0 {
					t.Errorf("%v: nothing is left of the agenda", hours)
				}
				for _, e := range a.Agenda {
					at, err := time.ParseInLocation("2006-01-02 15:04", a.Starts.In(programme.Bishkek).Format("2006-01-02 ")+e.At, programme.Bishkek)
					if err != nil || at.Before(a.Starts) || e.Minutes < 1 || at.Add(time.Duration(e.Minutes)*time.Minute).After(a.Ends) {
						t.Errorf("%v: a session at %s of %d minutes (%v)", hours, e.At, e.Minutes, err)
					}
				}
			}
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM activity WHERE template_id = $1`, of.ID)
				return err
			})
		}
	})
}
