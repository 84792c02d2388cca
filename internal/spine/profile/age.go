package profile

import (
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Youngest is the age in years below which nobody is of an age band.
func Youngest() int { return begin.All(AgeBand)[0].From }

// Oldest is the age in years from which on everybody is of the last age band.
func Oldest() int {
	bands := begin.All(AgeBand)
	return bands[len(bands)-1].From
}

// BandOfAge gives the band of an age in years; who is younger than the youngest band
// is counted with it.
func BandOfAge(age int) string {
	bands := begin.All(AgeBand)
	at := bands[0].Code
	for _, b := range bands {
		if age >= b.From {
			at = b.Code
		}
	}
	return at
}

// BandOfYear gives the band at a time of who was born in a year, the year being that of
// a calendar in Bishkek.
func BandOfYear(year int, at time.Time) string {
	return BandOfAge(at.In(i18n.Bishkek()).Year() - year)
}
