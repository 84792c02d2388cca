package plan_test

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// TestNothingIsPublishedInOneLanguageUnasked publishes one draft, several and new copies
// whose short text is in Russian alone: nothing is public before it is ticked.
func TestNothingIsPublishedInOneLanguageUnasked(t *testing.T) {
	t.Parallel()
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		copies := plan.MakeCopies{Actor: programmetest.Coordinator, Key: programmetest.Key, Rows: programmetest.Eight()[:3]}
		made := func() error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := plan.New(plan.Options{Programme: svc}).MakeCopies(ctx, tx, copies)
				return err
			})
		}
		if err := made(); err != nil {
			t.Fatal(err)
		}
		drafts := programmetest.Copies(t, s)
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			for _, a := range drafts[:2] {
				if _, err := svc.Change(ctx, tx, programme.ChangeActivity{Actor: programmetest.Coordinator, Activity: a.ID, Version: a.Version, Shown: true, Write: func(a programme.Activity) (programme.Activity, error) {
					a.Summary = i18n.Text{Ru: "Только по-русски"}
					return a, nil
				}}); err != nil {
					return err
				}
			}
			return nil
		})
		public := func() (n int) {
			for _, a := range programmetest.Copies(t, s) {
				if a.State == programme.Published {
					n++
				}
			}
			return n
		}
		one := programme.Publish{Actor: programmetest.Coordinator, Slug: drafts[0].Slug, Public: true}
		publish := func() error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.Publish(ctx, tx, one)
				return err
			})
		}
		if err := publish(); len(fault.Of(err).At(programme.GapsField)) != 1 || public() != 0 {
			t.Errorf("one: %v, %d public", err, public())
		}
		one.Gaps = true
		if err := publish(); err != nil || public() != 1 {
			t.Errorf("one, ticked: %v, %d public", err, public())
		}
		one.Public, one.Gaps = false, false // back into a draft nothing is asked
		if err := publish(); err != nil || public() != 0 {
			t.Errorf("taken back: %v, %d public", err, public())
		}
		several := programme.PublishDrafts{Actor: programmetest.Coordinator, Template: drafts[0].Template}
		for _, a := range []programme.Activity{drafts[2], drafts[0]} { // one without a gap first: all or none
			several.Chosen = append(several.Chosen, a.ID)
		}
		all := func() error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.PublishDrafts(ctx, tx, several)
				return err
			})
		}
		if err := all(); len(fault.Of(err).At(programme.GapsField)) != 1 || public() != 0 {
			t.Errorf("several: %v, %d public", err, public())
		}
		several.Gaps = true
		if err := all(); err != nil || public() != 2 {
			t.Errorf("several, ticked: %v, %d public", err, public())
		}
		// Copies that are public at once; each has a topic in Russian alone.
		copies.Rows, copies.Publish = programmetest.Eight()[3:5], true
		for i := range copies.Rows {
			copies.Rows[i].Subject = i18n.Text{Ru: "Бюджет"}
		}
		if err := made(); len(fault.Of(err).At(programme.GapsField)) != 1 || public() != 2 || len(programmetest.Copies(t, s)) != 3 {
			t.Errorf("copies: %v, %d public", err, public())
		}
		copies.Gaps = true
		if err := made(); err != nil || public() != 4 {
			t.Errorf("copies, ticked: %v, %d public", err, public())
		}
	})
}
