package programme_test

import (
	"context"
	"errors"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

func TestChosenCopiesFollowTheirTemplateAndKeepWhatWasChangedByHand(t *testing.T) {
	t.Parallel()
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, told *[]string) {
		if _, err := programmetest.MakeCopies(t, s, svc, programmetest.Eight()); err != nil {
			t.Fatal(err)
		}
		tpl := programmetest.Template(t, s)
		tpl.Summary, tpl.Hours, tpl.Capacity = i18n.Text{Ky: "Мурдагы", Ru: "Прежнее", En: "Before"}, "09:30-17:00", 25
		change := func(follow []storage.ID) (n int) {
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				n, err = svc.ChangeTemplate(ctx, tx, programmetest.WrittenTemplate(tpl, follow...))
				return err
			})
			return n
		}
		var all []storage.ID
		for _, a := range programmetest.Copies(t, s) {
			all = append(all, a.ID)
		}
		if n := change(all); n != 8 {
			t.Fatalf("%d of 8 followed", n)
		}
		// One is changed by hand; one does not follow.
		hand := programmetest.Copies(t, s)[2]
		hand.Summary.Ru = "Особое"
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Change(ctx, tx, programmetest.Written(hand))
			return err
		})
		tpl = programmetest.Template(t, s)
		if d := tpl.Differs(nil, programmetest.Copies(t, s)[2]); len(d) != 1 || d[0] != "summary" {
			t.Errorf("the changed copy differs in %v", d)
		}
		tpl.Summary.Ru, tpl.Capacity, tpl.Hours = "Новое", 30, "10:00-16:00"
		*told = nil
		if n := change(all[1:]); n != 7 {
			t.Errorf("%d followed, want 7", n)
		}
		got := programmetest.Copies(t, s)
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
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		if _, err := programmetest.MakeCopies(t, s, svc, programmetest.Eight()); err != nil {
			t.Fatal(err)
		}
		first := programmetest.Copies(t, s)[0]
		second := first
		first.Title.En, second.Title.En = "First", "Second"
		change := func(a programme.Activity) error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.Change(ctx, tx, programmetest.Written(a))
				return err
			})
		}
		if err := change(first); err != nil {
			t.Fatal(err)
		}
		if err := change(second); !fault.Is(err, fault.Conflict) {
			t.Errorf("the second got %v", err)
		}
		now := programmetest.Copies(t, s)[0]
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
		if now := programmetest.Copies(t, s)[0]; len(now.Stale) != 0 {
			t.Errorf("still stale: %v", now.Stale)
		}
		tpl := programmetest.Template(t, s)
		for i, want := range []bool{false, true} {
			tpl.Title.En = "Template " + string(rune('a'+i))
			err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.ChangeTemplate(ctx, tx, programmetest.WrittenTemplate(tpl))
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
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, told *[]string) {
		if _, err := programmetest.MakeCopies(t, s, svc, programmetest.Eight()); err != nil {
			t.Fatal(err)
		}
		slug := programmetest.Copies(t, s)[0].Slug
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Publish(ctx, tx, programme.Publish{Actor: programmetest.Coordinator, Slug: slug, Public: true})
			return err
		})
		*told = nil
		cancel := func(actor access.Actor, why string) error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.Cancel(ctx, tx, actor, slug, i18n.Text{Ru: why})
				return err
			})
		}
		if err := cancel(programmetest.Coordinator, ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		stranger := programmetest.Coordinator
		stranger.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "naryn"}}}
		if err := cancel(stranger, "Снег"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a coordinator of another city: %v", err)
		}
		for range 2 {
			if err := cancel(programmetest.Coordinator, "Снег"); err != nil {
				t.Fatal(err)
			}
		}
		if err := cancel(programmetest.Coordinator, "Болезнь"); !fault.Is(err, fault.Conflict) {
			t.Errorf("another reason, which nobody will read: %v", err)
		}
		if err := cancel(stranger, "Снег"); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a coordinator of another city, once it is cancelled: %v", err)
		}
		if len(*told) != 1 {
			t.Errorf("told %v", *told)
		}
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Publish(ctx, tx, programme.Publish{Actor: programmetest.Coordinator, Slug: slug, Public: true})
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("published again: %v", err)
		}
	})
}

// Somebody takes it back into a draft while another has its page open and cancels it.
func TestADraftIsNotCancelledSinceThatWouldShowIt(t *testing.T) {
	t.Parallel()
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, told *[]string) {
		a, _ := programmetest.Seen(t, s)
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Publish(ctx, tx, programme.Publish{Actor: programmetest.Coordinator, Slug: a.Slug})
			return err
		})
		*told = nil
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Cancel(ctx, tx, programmetest.Coordinator, a.Slug, i18n.Text{Ru: "Снег"})
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("cancelled: %v", err)
		}
		if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			now, err := programme.ByID(ctx, tx, a.ID)
			if err == nil && (now.State != programme.Draft || now.OpenToStrangers() || len(*told) != 0) {
				t.Errorf("it is %s, the modules were told of %v", now.State, *told)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}

// Who has read an activity before its facilitator is erased, or becomes one with another
// record, does not write her back.
func TestWhoWasErasedIsNotWrittenBackByWhoHasReadBefore(t *testing.T) {
	t.Parallel()
	her, other := storage.ID{77}, storage.ID{78}
	for name, goes := range map[string]func(ctx context.Context, tx *storage.Tx) error{
		"erased": func(ctx context.Context, tx *storage.Tx) error { return programme.Erase(ctx, tx, her) },
		"merged": func(ctx context.Context, tx *storage.Tx) error { return programme.Merge(ctx, tx, her, other) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			programmetest.Planned(t, func(t *testing.T, s *storage.Store, _ *programme.Service, _ *[]string) {
				a, _ := programmetest.Seen(t, s)
				a.Facilitator = her
				programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
					a, err = programme.Update(ctx, tx, a)
					return err
				})
				programmetest.Write(t, s, goes)
				err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					_, err := programme.Update(ctx, tx, a)
					return err
				})
				if !fault.Is(err, fault.Conflict) {
					t.Errorf("written: %v", err)
				}
				programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
					now, err := programme.ByID(ctx, tx, a.ID)
					if err == nil && now.Facilitator == her {
						t.Error("she leads it again")
					}
					return err
				})
			})
		})
	}
}

func TestAModuleCanStopAChange(t *testing.T) {
	t.Parallel()
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		if _, err := programmetest.MakeCopies(t, s, svc, programmetest.Eight()); err != nil {
			t.Fatal(err)
		}
		stop := errors.New("no")
		svc = programme.New(programme.Options{Changed: func(context.Context, *storage.Tx, programme.Activity, programme.Activity) error { return stop }})
		a := programmetest.Copies(t, s)[0]
		a.Capacity = 3
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Change(ctx, tx, programmetest.Written(a))
			return err
		}); !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if got := programmetest.Copies(t, s)[0].Capacity; got != 25 {
			t.Errorf("the capacity is %d all the same", got)
		}
	})
}
