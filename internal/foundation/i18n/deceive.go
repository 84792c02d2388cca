package i18n

import "unicode"

// Deceives reports whether a character is invisible or turns the direction of
// writing, so that a text reads other than it is.
func Deceives(r rune) bool {
	switch {
	case r == 0x00ad, r == 0xfeff, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r >= 0xfff9 && r <= 0xfffb, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return unicode.Is(unicode.Cs, r) || unicode.Is(unicode.Co, r)
}
