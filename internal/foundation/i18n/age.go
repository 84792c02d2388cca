package i18n

import (
	"strconv"
	"strings"
)

// AgeBand writes a band of ages, kept as "25-34" or "60+", as the language does:
// 25–34 жаш, 25–34 года, 25–34 years. In Russian the last number decides, as the
// plural ranges of CLDR say (few and few are few, many and few are few); a band
// without an end is of the ages above, «60 лет и старше». What is no band is given
// as it is.
func AgeBand(l Language, band string) string {
	from, to, two := strings.Cut(strings.ReplaceAll(band, "–", "-"), "-")
	first, open := strings.CutSuffix(from, "+")
	a, err := strconv.Atoi(first)
	if err != nil || two == open || a < 0 {
		return band
	}
	last, shown := a, first
	if two {
		if last, err = strconv.Atoi(to); err != nil || last < a {
			return band
		}
		shown = first + "–" + to
	}
	switch {
	case l == Kyrgyz && open:
		return shown + " жаш жана андан улуу"
	case l == Kyrgyz:
		return shown + " жаш"
	case l == Russian && open:
		return shown + " " + yearsOf(last) + " и старше"
	case l == Russian:
		return shown + " " + yearsOf(last)
	case open:
		return shown + " years and over"
	case last == 1 && a == 1:
		return shown + " year"
	}
	return shown + " years"
}

// yearsOf is the Russian word for years behind a number.
func yearsOf(n int) string {
	switch PluralForm(Russian, n) {
	case "one":
		return "год"
	case "few":
		return "года"
	}
	return "лет"
}
