package seminars

import (
	"crypto/rand"
	"errors"
	"math/big"
	"strings"
)

// Serial is the number of a ticket, random below serials.
type Serial uint64

const (
	// codeAlphabet has no 0 O 1 I L. Its 31 characters are a prime number, so
	// that the check character finds every wrong character and every swap.
	codeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
	codeBase     = uint64(len(codeAlphabet))
	codeLength   = 8

	serials Serial = 31 * 31 * 31 * 31 * 31 * 31 * 31 // 2.8e10, seven characters
)

var errCode = errors.New("seminars: not a ticket's code")

func newSerial() (Serial, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(serials)))
	if err != nil {
		return 0, err
	}
	return Serial(n.Uint64()), nil
}

// Code writes the serial for people, "K7M4-P2XD": seven digits to the base 31
// and one that makes the sum of place times digit divisible by 31.
func (s Serial) Code() string {
	var digits [codeLength]uint64
	n, sum := uint64(s), uint64(0)
	for i := codeLength - 2; i >= 0; i-- {
		digits[i] = n % codeBase
		n /= codeBase
		sum += uint64(i+1) * digits[i]
	}
	// 8 · 4 = 32 ≡ 1, so 4 is what divides by the place of the last digit.
	digits[codeLength-1] = (codeBase - sum%codeBase) * 4 % codeBase
	var b strings.Builder
	for i, d := range digits {
		if i == codeLength/2 {
			b.WriteByte('-')
		}
		b.WriteByte(codeAlphabet[d])
	}
	return b.String()
}

// cyrillic is what a hand finds on a Kyrgyz or Russian keyboard for a Latin letter that looks the same.
var cyrillic = strings.NewReplacer("А", "A", "В", "B", "С", "C", "Е", "E", "Н", "H", "К", "K", "М", "M", "Р", "P", "Т", "T", "Х", "X", "У", "Y", "Ү", "Y")

// parseCode reads a typed code, in either case, with or without separators and
// with Cyrillic letters of the same shape.
func parseCode(text string) (Serial, error) {
	if len(text) > 64 {
		return 0, errCode
	}
	text = cyrillic.Replace(strings.ToUpper(text))
	var sum, n uint64
	place := 0
	for _, c := range text {
		if c == '-' || c == ' ' || c == '–' {
			continue
		}
		d := strings.IndexRune(codeAlphabet, c)
		if d < 0 || place == codeLength {
			return 0, errCode
		}
		place++
		sum += uint64(place) * uint64(d)
		if place < codeLength {
			n = n*codeBase + uint64(d)
		}
	}
	if place != codeLength || sum%codeBase != 0 {
		return 0, errCode
	}
	return Serial(n), nil
}
