package bank

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/legible"
)

// Anything is the accepted value that every number fits.
const Anything = "*"

// A number is written with a comma or a point, perhaps with spaces between thousands, and
// with a power of ten as programs write it.
var decimal = regexp.MustCompile(`^[+-]?(?:[0-9]{1,30}(?:[.][0-9]{0,30})?|[.][0-9]{1,30})(?:[eE]([+-]?[0-9]{1,2}))?$`)

// number reads a decimal exactly. Beyond 30 digits on a side, or a power of ten beyond 30,
// it is none.
func number(text string) (*big.Rat, bool) {
	text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "−", "-", ",", ".").Replace(strings.TrimSpace(legible.Seen(text)))
	found := decimal.FindStringSubmatch(text)
	if found == nil {
		return nil, false
	}
	if found[1] != "" {
		if power, err := strconv.Atoi(found[1]); err != nil || power < -30 || power > 30 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(text)
}

// Decimal gives a number as it is kept in Accepted: "-0.5", "1000".
func Decimal(text string) (kept string, ok bool) {
	x, ok := number(text)
	if !ok {
		return "", false
	}
	return plainly(x), true
}

// Between gives the value and the tolerance of all numbers from low to high, both of which
// may stand in either order.
func Between(low, high string) (value, tolerance string, ok bool) {
	a, okA := number(low)
	b, okB := number(high)
	if !okA || !okB {
		return "", "", false
	}
	half := big.NewRat(1, 2)
	middle := new(big.Rat).Add(a, b)
	off := new(big.Rat).Sub(b, a)
	return plainly(middle.Mul(middle, half)), plainly(off.Abs(off.Mul(off, half))), true
}

// plainly writes a number whose decimals end.
func plainly(x *big.Rat) string {
	text := x.FloatString(62) // 30 decimals, a power of -30, and one half
	text = strings.TrimRight(text, "0")
	return strings.TrimSuffix(text, ".")
}

// holds reports whether a number is accepted.
func (a Accepted) holds(x *big.Rat) bool {
	if a.Value == Anything {
		return true
	}
	value, ok := stored(a.Value)
	if !ok {
		return false
	}
	tolerance := new(big.Rat)
	if a.Tolerance != "" {
		if tolerance, ok = stored(a.Tolerance); !ok {
			return false
		}
	}
	off := value.Sub(x, value)
	return off.Abs(off).Cmp(tolerance) <= 0
}

var kept = regexp.MustCompile(`^-?[0-9]{1,61}(?:\.[0-9]{1,62})?$`)

// stored reads a number as Decimal gives it.
func stored(text string) (*big.Rat, bool) {
	if !kept.MatchString(text) {
		return nil, false
	}
	x, ok := new(big.Rat).SetString(text)
	return x, ok && plainly(x) == text
}
