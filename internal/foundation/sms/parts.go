package sms

import "strings"

// The sizes of GSM 03.38 and 03.40: what one part holds when it is alone, and when it carries
// the header that joins it to others. Septets of the default alphabet, or units of UTF-16.
const (
	aloneSeptets, joinedSeptets = 160, 153
	aloneUnits, joinedUnits     = 70, 67
)

// alphabet is the default alphabet of GSM 03.38 but for its escape; extension are the
// characters that stand behind the escape and take two septets.
const (
	alphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extension = "\f^{}\\[~]|€"
)

// Length is how long a text is for those who carry and charge for it.
type Length struct {
	Parts   int  // that are paid; 0 for no text
	Wide    bool // letters outside the default alphabet: a part holds 70 and not 160
	Units   int  // septets, or units of UTF-16 when Wide
	PerPart int  // how many units one part holds, as many parts as there are
}

// Count tells how long a text is. One letter outside the default alphabet of GSM, as all of
// Kyrgyz and Russian are, makes the whole text Wide. What takes two units is never parted.
func Count(text string) Length {
	l := Length{Wide: wide(text)}
	alone, joined := aloneSeptets, joinedSeptets
	if l.Wide {
		alone, joined = aloneUnits, joinedUnits
	}
	inPart, parts := 0, 1
	for _, r := range text {
		n := unitsOf(r, l.Wide)
		l.Units += n
		if inPart += n; inPart > joined {
			parts, inPart = parts+1, n
		}
	}
	switch {
	case l.Units == 0:
		return l
	case l.Units <= alone:
		l.Parts, l.PerPart = 1, alone
	default:
		l.Parts, l.PerPart = parts, joined
	}
	return l
}

func wide(text string) bool {
	for _, r := range text {
		if !strings.ContainsRune(alphabet, r) && !strings.ContainsRune(extension, r) {
			return true
		}
	}
	return false
}

func unitsOf(r rune, wide bool) int {
	if wide && r > 0xFFFF || !wide && strings.ContainsRune(extension, r) {
		return 2
	}
	return 1
}
