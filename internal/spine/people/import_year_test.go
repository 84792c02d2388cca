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
