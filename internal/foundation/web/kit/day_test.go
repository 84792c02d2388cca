package kit

import (
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
)

func TestADateStandsInWordsBesideItsBox(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"2026-12-05": "Saturday, 5 December 2026", "2026-12-05T09:30": "Saturday, 5 December 2026, 09:30",
		"": "", "09:30": "", "2026-13-05": "", "tomorrow": "",
	} {
		if got := inWords(i18n.English, value); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}
