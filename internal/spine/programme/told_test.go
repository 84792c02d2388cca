package programme_test

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// A page that was read before another change is told, whatever else is wrong with what was
// written, and what stands there stays.
func TestALostUpdateIsToldBeforeAllElse(t *testing.T) {
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		a, tpl := programmetest.Seen(t, s)
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			b := a
			b.Capacity++
			if _, err := svc.Change(ctx, tx, programmetest.Written(b)); err != nil {
				return err
			}
			u := tpl
			u.Capacity++
			_, err := svc.ChangeTemplate(ctx, tx, programmetest.WrittenTemplate(u))
			return err
		})
		late, lateTemplate := a, tpl
		late.Title, lateTemplate.Title = i18n.Text{}, i18n.Text{} // and the title is missing
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Change(ctx, tx, programmetest.Written(late))
			return err
		}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the activity: %v", err)
		}
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.ChangeTemplate(ctx, tx, programmetest.WrittenTemplate(lateTemplate))
			return err
		}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the template: %v", err)
		}
	})
}

// What a page does not write is what the database holds, whatever a command brings along.
func TestAChangeBringsNothingAlongThatThePageDoesNotWrite(t *testing.T) {
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		a, tpl := programmetest.Seen(t, s)
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			forged := a
			forged.Programme, forged.Template, forged.Slug, forged.Kind, forged.State = storage.RandomID(time.Now()), storage.RandomID(time.Now()), "other", programme.Coworking, programme.Cancelled
			got, err := svc.Change(ctx, tx, programmetest.Written(forgedAs(forged, a)))
			if err == nil && (got.Programme != a.Programme || got.Template != a.Template || got.Slug != a.Slug || got.Kind != a.Kind || got.State != a.State) {
				t.Errorf("the activity became %+v", got)
			}
			if err != nil {
				return err
			}
			other := tpl
			other.Programme, other.Key, other.Kind = storage.RandomID(time.Now()), "other", programme.Coworking
			if _, err := svc.ChangeTemplate(ctx, tx, programmetest.WrittenTemplate(other)); err != nil {
				return err
			}
			kept, err := programme.TemplateByKey(ctx, tx, tpl.Programme, tpl.Key)
			if err == nil && (kept.ID != tpl.ID || kept.Kind != tpl.Kind) {
				t.Errorf("the template became %+v", kept)
			}
			return err
		})
	})
}

// forgedAs is a, which claims to be another.
func forgedAs(forged, a programme.Activity) programme.Activity {
	forged.ID, forged.Version = a.ID, a.Version
	return forged
}
