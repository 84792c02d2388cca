package seats

import (
	"crypto/rand"
	"errors"
	"math/big"
	"strings"

	"platforma.kg/ashar/internal/foundation/offline"
)

// Serial is the number of a ticket, random below serials.
type Serial uint64

const (
	// CodeAlphabet has no 0 O 1 I L. Its 31 characters are a prime number, so
	// that the check character finds every wrong character and every swap.
	CodeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
	codeBase     = uint64(len(CodeAlphabet))
	CodeLength   = 8

	Serials Serial = 31 * 31 * 31 * 31 * 31 * 31 * 31 // 2.8e10, seven characters
)

var errCode = errors.New("seminars: not a ticket's code")

func newSerial() (Serial, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(Serials)))
	if err != nil {
		return 0, err
	}
	return Serial(n.Uint64()), nil
}

// Code writes the serial for people, "K7M4-P2XD": seven digits to the base 31
// and one that makes the sum of place times digit divisible by 31.
func (s Serial) Code() string {
	var digits [CodeLength]uint64
	n, sum := uint64(s), uint64(0)
	for i := CodeLength - 2; i >= 0; i-- {
		digits[i] = n % codeBase
		n /= codeBase
		sum += uint64(i+1) * digits[i]
	}
	// 8 · 4 = 32 ≡ 1, so 4 is what divides by the place of the last digit.
	digits[CodeLength-1] = (codeBase - sum%codeBase) * 4 % codeBase
	var b strings.Builder
	for i, d := range digits {
		if i == CodeLength/2 {
			b.WriteByte('-')
		}
		b.WriteByte(CodeAlphabet[d])
	}
	return b.String()
}

// ParseCode reads a typed code, in either case, with or without separators and
// with Cyrillic letters of the same shape.
func ParseCode(text string) (Serial, error) {
	if len(text) > 64 {
		return 0, errCode
	}
	var sum, n uint64
	place := 0
	for _, c := range offline.Typed(text) {
		d := strings.IndexRune(CodeAlphabet, c)
		if d < 0 || place == CodeLength {
			return 0, errCode
		}
		place++
		sum += uint64(place) * uint64(d)
		if place < CodeLength {
			n = n*codeBase + uint64(d)
		}
	}
	if place != CodeLength || sum%codeBase != 0 {
		return 0, errCode
	}
	return Serial(n), nil
}
