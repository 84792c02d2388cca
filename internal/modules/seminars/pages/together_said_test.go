package pages

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// The page of an event tells of coming as two exactly where who applies now may do so.
func TestComingAsTwoIsOfferedBeforeOneApplies(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		m, a := fixture(t, store, nil)
		now := time.Date(2026, 11, 1, 12, 0, 0, 0, i18n.Bishkek())
		a.Starts, a.Ends = now.AddDate(0, 0, 20), now.AddDate(0, 0, 20).Add(8*time.Hour)
		a.Opens, a.Deadline = now.AddDate(0, 0, -5), now.AddDate(0, 0, 5)
		for _, lang := range i18n.Languages {
			r := m.asked(t, lang, coordinatorOf("osh"))
			offer := r.Say.T("seminars.panel.together")
			for _, companions := range []bool{false, true} {
				for _, first := range []bool{false, true} {
					for _, days := range []int{-1, 6} { // before and after the deadline
						s := seats.Seminar{Capacity: 20, Companions: companions, FirstCome: first, LateWaiting: true}
						when := now.AddDate(0, 0, days)
						d := panelData{Activity: a, Seats: s, Admission: seats.AdmissionOf(a, s, when), Together: mayPair(a, s, when)}
						var out bytes.Buffer
						if err := panel(r, d).Render(context.Background(), &out); err != nil {
							t.Fatal(err)
						}
						if want := companions && !first && days < 0; strings.Contains(out.String(), offer) != want {
							t.Errorf("companions %t, first come %t, %d days: offered is not %t", companions, first, days, want)
						}
					}
				}
			}
		}
	})
}

// What withdrawing gives away is said by what one has: a seat, a place in line, or neither.
func TestWithdrawingNamesOnlyWhatOneHas(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		m, _ := fixture(t, store, nil)
		say := m.asked(t, i18n.English, coordinatorOf("osh")).Say
		for state, has := range map[seats.State]string{
			seats.Applied: "", seats.Shortlisted: "", seats.Waitlisted: "place on the waiting list", seats.Invited: "seat", seats.Confirmed: "seat",
		} {
			words := say.T(withdrawKey(state))
			if strings.Contains(words, "seat") != (has == "seat") || strings.Contains(words, "waiting list") != (has != "" && has != "seat") {
				t.Errorf("%s: %q", state, words)
			}
		}
	})
}
