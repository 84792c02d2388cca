package people

import (
	"testing"
	"time"
)

// TestANumberThatIsNoYearIsNotCutToOne reads cells that a table writes as numbers.
func TestANumberThatIsNoYearIsNotCutToOne(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]int{
		"1987": 1987, " 1987 ": 1987, "1987.0": 1987, "1987,00": 1987, "1987.05": 1987, "12.05.1990": 1990, "1990-05-12": 1990, "1990-жылдын 12-майы": 1990,
		"1987.5": 0, "1987,5": 0, "1987.25": 0, "1987.13": 0, "-1990": 0, "−1990": 0, "– 1990": 0, "-1990.0": 0,
	} {
		if got := birthYear(cell, time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)); got != want {
			t.Errorf("%q: %d, want %d", cell, got, want)
		}
	}
}

// TestAnAgeIsReadAsItIsWrittenHere reads what lists from the regions hold.
func TestAnAgeIsReadAsItIsWrittenHere(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"60 жаштан жогору": "60+", "60 жаштан өйдө": "60+", "60 жаш жана андан улуу": "60+", "25 ж.": "25-34", "25 ж": "25-34", "25 л.": "25-34", "25 yrs": "25-34", "25 лет": "25-34",
		"60 жашка чейин": "", "25 м": "", "25 лагерь": "",
	} {
		if got := ageBand(nil, time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC), cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}
