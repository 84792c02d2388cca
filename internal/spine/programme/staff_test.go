package programme_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/programme"
)

// coordinator may plan everything.
var coordinator = access.Actor{
	Person: storage.ID{1}, Grants: []access.Grant{{Role: access.Coordinator}},
	Table: access.Table{programme.MayPlan: {access.Coordinator}},
}

const key = "seminar-youth"

// planned opens both engines with the demo programme and an own template.
func planned(t *testing.T, f func(t *testing.T, s *storage.Store, svc *programme.Service, told *[]string)) {
	t.Helper()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		var told []string
		svc := programme.New(programme.Options{Store: s, Changed: func(_ context.Context, tx *storage.Tx, before, after programme.Activity) error {
			tx.AfterCommit(func() { told = append(told, after.Slug+" "+before.State+" "+after.State) })
			return nil
		}})
		plan := load(t)
		write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			if _, err := programme.Import(ctx, tx, plan, false); err != nil {
				return err
			}
			_, err := svc.NewTemplate(ctx, tx, programme.NewTemplate{Actor: coordinator, Key: key, Kind: programme.Seminar, Title: i18n.Text{En: "Youth {in_city}", Ru: "Молодёжь {in_city}", Ky: "Жаштар {in_city}"}})
			return err
		})
		f(t, s, svc, &told)
	})
}

func write(t *testing.T, s *storage.Store, f func(ctx context.Context, tx *storage.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func eight() (rows []programme.Row) {
	for i, c := range programme.AllCities() {
		rows = append(rows, programme.Row{
			Key: c.Key, City: c.Key, Date: time.Now().AddDate(0, 1, i).Format(time.DateOnly), From: "09:30", To: "17:00",
			Venue: i18n.Text{Ru: "Дом культуры"}, Capacity: "25",
		})
	}
	return rows
}

func makeCopies(t *testing.T, s *storage.Store, svc *programme.Service, rows []programme.Row) (made []programme.Activity, err error) {
	t.Helper()
	err = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		made, err = svc.MakeCopies(ctx, tx, programme.MakeCopies{Actor: coordinator, Key: key, Rows: rows, Publish: true})
		return err
	})
	return made, err
}

func template(t *testing.T, s *storage.Store) (out programme.Template) {
	t.Helper()
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		out, err = programme.TemplateByKey(ctx, tx, p.ID, key)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func copies(t *testing.T, s *storage.Store) (out []programme.Activity) {
	t.Helper()
	id := template(t, s).ID
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = programme.All(ctx, tx, programme.Filter{Template: id})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestOneTableMakesEightSeminars(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		rows := eight()
		made, err := makeCopies(t, s, svc, append(rows, programme.Row{Key: "empty", From: "09:30", To: "17:00", Capacity: "25"}))
		if err != nil {
			t.Fatal(err)
		}
		if len(made) != 8 {
			t.Fatalf("%d were made", len(made))
		}
		if a := made[1]; a.Slug != key+"-osh" || a.Title.Ru != "Молодёжь в Оше" || a.Venue.In(i18n.Kyrgyz) != "Дом культуры" || a.Capacity != 25 ||
			a.Starts.In(programme.Bishkek).Format("15:04") != "09:30" || a.State != programme.Published {
			t.Errorf("the second is %+v", a)
		}
		if _, err := makeCopies(t, s, svc, rows); fault.Of(err) == nil || len(fault.Of(err).Fields) != 8 {
			t.Errorf("the same table sent twice: %v", err)
		}
		rows[0].Date = time.Now().AddDate(0, 3, 0).Format(time.DateOnly)
		made, err = makeCopies(t, s, svc, rows[:1])
		if err != nil || made[0].Slug != key+"-bishkek-"+rows[0].Date {
			t.Errorf("a second seminar in the same city: %v, %v", made, err)
		}
	})
}

func TestAWrongRowIsNamedAndNothingIsMade(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		rows := eight()
		rows[0].Date = ""
		rows[1].From = "half past nine"
		rows[2].Venue = i18n.Text{}
		rows[3].Capacity = "many"
		rows[4].Date = "2020-01-01"
		rows[5].To = "25:00"
		rows[6].Facilitator = "nobody"
		rows[7].Venue.Ru = strings.Repeat("о", 301)
		_, err := makeCopies(t, s, svc, rows)
		f := fault.Of(err)
		if f == nil || f.Code != fault.Invalid {
			t.Fatalf("bad rows give %v", err)
		}
		for i, column := range []string{"date", "from", "venue", "capacity", "date", "to", "facilitator", "venue"} {
			if len(f.At(rows[i].Field(column))) != 1 {
				t.Errorf("row %d, column %s is not named: %v", i, column, f)
			}
		}
		if n := len(copies(t, s)); n != 0 {
			t.Errorf("%d were made all the same", n)
		}
		if _, err := makeCopies(t, s, svc, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("an empty table gives %v", err)
		}
	})
}

func TestChosenCopiesFollowTheirTemplateAndKeepWhatWasChangedByHand(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, told *[]string) {
		if _, err := makeCopies(t, s, svc, eight()); err != nil {
			t.Fatal(err)
		}
		tpl := template(t, s)
		tpl.Summary, tpl.Hours, tpl.Capacity = i18n.Text{Ky: "Мурдагы", Ru: "Прежнее", En: "Before"}, "09:30-17:00", 25
		change := func(follow []storage.ID) (n int) {
			write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				n, err = svc.ChangeTemplate(ctx, tx, writtenTemplate(tpl, follow...))
				return err
			})
			return n
		}
		var all []storage.ID
		for _, a := range copies(t, s) {
			all = append(all, a.ID)
		}
		if n := change(all); n != 8 {
			t.Fatalf("%d of 8 followed", n)
		}
		// One is changed by hand; one does not follow.
		hand := copies(t, s)[2]
		hand.Summary.Ru = "Особое"
		write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Change(ctx, tx, written(hand))
			return err
		})
		tpl = template(t, s)
		if d := tpl.Differs(copies(t, s)[2]); len(d) != 1 || d[0] != "summary" {
			t.Errorf("the changed copy differs in %v", d)
		}
		tpl.Summary.Ru, tpl.Capacity, tpl.Hours = "Новое", 30, "10:00-16:00"
		*told = nil
		if n := change(all[1:]); n != 7 {
			t.Errorf("%d followed, want 7", n)
		}
		got := copies(t, s)
		if a := got[0]; a.Summary.Ru != "Прежнее" || a.Capacity != 25 {
			t.Errorf("the one that was not chosen changed: %+v", a)
		}
		if a := got[1]; a.Summary.Ru != "Новое" || a.Capacity != 30 || a.Starts.In(programme.Bishkek).Hour() != 10 {
			t.Errorf("a chosen one did not follow: %+v", a)
		} else if a.Stale.Since("summary", i18n.Kyrgyz).IsZero() || !a.Stale.Since("summary", i18n.Russian).IsZero() {
			t.Errorf("stale languages: %v", a.Stale)
		}
		if a := got[2]; a.Summary.Ru != "Особое" || a.Capacity != 30 {
			t.Errorf("what was changed by hand was not kept: %+v", a)
		}
		if len(*told) != 7 {
			t.Errorf("the modules were told of %v", *told)
		}
	})
}

func TestOfTwoCoordinatorsTheSecondIsToldThatTheFirstWasFaster(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		if _, err := makeCopies(t, s, svc, eight()); err != nil {
			t.Fatal(err)
		}
		first := copies(t, s)[0]
		second := first
		first.Title.En, second.Title.En = "First", "Second"
		change := func(a programme.Activity) error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.Change(ctx, tx, written(a))
				return err
			})
		}
		if err := change(first); err != nil {
			t.Fatal(err)
		}
		if err := change(second); !fault.Is(err, fault.Conflict) {
			t.Errorf("the second got %v", err)
		}
		now := copies(t, s)[0]
		if now.Title.En != "First" {
			t.Errorf("the title is %q", now.Title.En)
		}
		if since := now.Stale.Since("title", i18n.Kyrgyz); since.IsZero() {
			t.Error("the Kyrgyz title is not marked as stale")
		}
		now.Title.Ky, now.Title.Ru = "Биринчи", "Первый"
		if err := change(now); err != nil {
			t.Fatal(err)
		}
		if now := copies(t, s)[0]; len(now.Stale) != 0 {
			t.Errorf("still stale: %v", now.Stale)
		}
		tpl := template(t, s)
		for i, want := range []bool{false, true} {
			tpl.Title.En = "Template " + string(rune('a'+i))
			err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.ChangeTemplate(ctx, tx, writtenTemplate(tpl))
				return err
			})
			if fault.Is(err, fault.Conflict) != want {
				t.Errorf("change %d of the template: %v", i+1, err)
			}
		}
	})
}

func TestACancelledActivityHasAReasonAndStaysCancelled(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, told *[]string) {
		if _, err := makeCopies(t, s, svc, eight()); err != nil {
			t.Fatal(err)
		}
		slug := copies(t, s)[0].Slug
		cancel := func(actor access.Actor, why string) error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.Cancel(ctx, tx, actor, slug, i18n.Text{Ru: why})
				return err
			})
		}
		if err := cancel(coordinator, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		stranger := coordinator
		stranger.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "naryn"}}}
		if err := cancel(stranger, "Снег"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a coordinator of another city: %v", err)
		}
		for range 2 {
			if err := cancel(coordinator, "Снег"); err != nil {
				t.Fatal(err)
			}
		}
		if len(*told) != 1 {
			t.Errorf("told %v", *told)
		}
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Publish(ctx, tx, coordinator, slug, true)
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("published again: %v", err)
		}
	})
}

func TestAModuleCanStopAChange(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		if _, err := makeCopies(t, s, svc, eight()); err != nil {
			t.Fatal(err)
		}
		stop := errors.New("no")
		svc = programme.New(programme.Options{Store: s, Changed: func(context.Context, *storage.Tx, programme.Activity, programme.Activity) error { return stop }})
		a := copies(t, s)[0]
		a.Capacity = 3
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Change(ctx, tx, written(a))
			return err
		}); !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if got := copies(t, s)[0].Capacity; got != 25 {
			t.Errorf("the capacity is %d all the same", got)
		}
	})
}
