package bank

import (
	"math/big"
	"regexp"
	"strings"
)

// Weight is what an option or an accepted answer is worth, in parts of Whole. Below 0 it
// takes away.
type Weight int64

// Whole is what a right answer is worth: the least number that 1 to 20 and ten millions
// divide, so that equal shares and per cents of five decimals are whole parts of it. It is
// below 2^53, so that a browser counts it exactly.
const Whole Weight = 29_099_070_000_000

// Share gives the equal share of each of 1 to 20 parts.
func Share(parts int) Weight { return Whole / Weight(parts) }

var percent = regexp.MustCompile(`^[+-]?[0-9]{1,3}(?:[.,][0-9]{0,12})?$`)

// Percent reads a weight that is written in per cent, from -100 to 100. Files write thirds
// as 33.33333 and sevenths as 14.286: what has two decimals or more and is nearer than one in
// its last to a fraction of 2 to 20 parts is that fraction. ok is false for what is no such
// number, or has more decimals than are kept.
func Percent(text string) (w Weight, ok bool) {
	text = strings.TrimSpace(text)
	if !percent.MatchString(text) {
		return 0, false
	}
	text = strings.Replace(text, ",", ".", 1)
	value, ok := new(big.Rat).SetString(strings.TrimSuffix(text, "."))
	if !ok || new(big.Rat).Abs(value).Cmp(big.NewRat(100, 1)) > 0 {
		return 0, false
	}
	share := value.Quo(value, big.NewRat(100, 1))
	whole := big.NewRat(int64(Whole), 1)
	_, decimals, _ := strings.Cut(text, ".")
	if len(decimals) >= 2 {
		last := new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(decimals)+2)), nil))
		for parts := int64(2); parts <= 20; parts++ {
			near := nearest(share, parts)
			if off := new(big.Rat).Sub(near, share); off.Abs(off).Cmp(last) < 0 {
				return Weight(new(big.Rat).Mul(near, whole).Num().Int64()), true
			}
		}
	}
	exact := share.Mul(share, whole)
	return Weight(exact.Num().Int64()), exact.IsInt()
}

// nearest gives the fraction of so many parts that is nearest to a share.
func nearest(share *big.Rat, parts int64) *big.Rat {
	twice := new(big.Rat).Mul(share, big.NewRat(2*parts, 1))
	half := twice.Add(twice, big.NewRat(1, 1)) // floor((2x+1)/2)
	n := new(big.Int).Div(half.Num(), new(big.Int).Mul(half.Denom(), big.NewInt(2)))
	return new(big.Rat).SetFrac(n, big.NewInt(parts))
}

// Percent writes the weight in per cent with at most five decimals: 100, 12.5, 33.33333.
func (w Weight) Percent() string {
	text := big.NewRat(int64(w), int64(Whole)/100).FloatString(5)
	text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	if text == "-0" {
		return "0"
	}
	return text
}
