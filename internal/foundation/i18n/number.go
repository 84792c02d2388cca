package i18n

import (
	"math"
	"strconv"
	"strings"
)

// noBreak is the space that a line does not break at: between thousands, and
// before the per cent sign in Russian.
const noBreak = "\u00a0"

// Whole is any type that counts.
type Whole interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32
}

// Number writes a whole number as the language does: "1 234 567" with
// no-break spaces in Kyrgyz and Russian, "1,234,567" in English.
func Number[N Whole](l Language, n N) string {
	return group(l, strconv.FormatInt(int64(n), 10))
}

// Decimal writes a number with at most so many decimals, without zeros at the
// end: "1 234,5", in English "1,234.5".
func Decimal(l Language, x float64, decimals int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	if s == "-0" {
		s = "0"
	}
	return group(l, s)
}

// Percent writes a share of 1 in whole per cent: "26%", in Russian "26 %".
func Percent(l Language, share float64) string {
	s := Decimal(l, share*100, 0)
	if l == Russian {
		return s + noBreak + "%"
	}
	return s + "%"
}

func group(l Language, s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, fraction, has := strings.Cut(s, ".")
	thousands, point := noBreak, ","
	if l == English {
		thousands, point = ",", "."
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + thousands + whole[i:]
	}
	if has {
		whole += point + fraction
	}
	return sign + whole
}
