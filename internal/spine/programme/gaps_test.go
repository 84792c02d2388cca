package programme_test

import (
	"slices"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/programme"
)

// TestWhatIsAboutAnEventStandsInEveryLanguageOrIsAskedFor names the gaps of texts that are
// written in some languages, and of no others.
func TestWhatIsAboutAnEventStandsInEveryLanguageOrIsAskedFor(t *testing.T) {
	t.Parallel()
	whole := i18n.Text{Ky: "Бир", Ru: "Один", En: "One"}
	a := programme.Activity{Title: whole, Summary: i18n.Text{Ru: "Коротко"}, Gain: i18n.Text{Ky: "Көндүм", En: "A skill"}, Venue: i18n.Text{Ru: "Зал"}, Address: i18n.Text{Ky: "Көчө"}}
	got := a.Gaps()
	if len(got) != 2 || got[0].Field != "summary" || !slices.Equal(got[0].Missing, []i18n.Language{i18n.Kyrgyz, i18n.English}) ||
		got[1].Field != "gain" || !slices.Equal(got[1].Missing, []i18n.Language{i18n.Russian}) {
		t.Errorf("the gaps are %v", got)
	}
	if err := programme.AskGaps(a, false); len(fault.Of(err).At(programme.GapsField)) != 1 {
		t.Errorf("it is not asked for: %v", err)
	}
	if programme.AskGaps(a, true) != nil || programme.AskGaps(programme.Activity{Title: whole, Venue: a.Venue}, false) != nil {
		t.Error("it is asked for what is known, or what has no gap")
	}
}
