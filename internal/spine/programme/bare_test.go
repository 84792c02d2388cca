package programme_test

import (
	"context"
	"fmt"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// What every page of staff asks for reads no texts, and else the same.
func TestABareActivityIsTheSameWithoutItsWords(t *testing.T) {
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, _ *programme.Service, _ *[]string) {
		var whole, bare []programme.Activity
		programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
			if whole, err = programme.All(ctx, tx, programme.Filter{}); err == nil {
				bare, err = programme.All(ctx, tx, programme.Filter{Bare: true})
			}
			return err
		})
		if len(whole) < 5 || len(bare) != len(whole) {
			t.Fatalf("%d activities, %d without words", len(whole), len(bare))
		}
		for i, a := range whole {
			if a.Title == (i18n.Text{}) || bare[i].Title != (i18n.Text{}) {
				t.Errorf("%s: titles %v and %v", a.Slug, a.Title, bare[i].Title)
			}
			a.Title, a.Summary, a.Description, a.Venue, a.Address, a.Directions = i18n.Text{}, i18n.Text{}, i18n.Text{}, i18n.Text{}, i18n.Text{}, i18n.Text{}
			a.Languages, a.Gain, a.Subject, a.Agenda, a.FacilitatorNumber, a.Reason, a.Stale = nil, i18n.Text{}, i18n.Text{}, nil, 0, i18n.Text{}, programme.Stale{}
			if want, got := fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", bare[i]); got != want {
				t.Errorf("%s\nis without words\n%s", want, got)
			}
		}
	})
}
