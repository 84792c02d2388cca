package legible

import "unicode"

const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
	blackFlag = '\U0001f3f4'
	endOfTags = '\U000e007f'
	keycap    = '\u20e3'
)

// needJoiners are the scripts in which a joiner changes how letters look: those
// written in one stroke, and those of India and its neighbours.
var needJoiners = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mandaic, unicode.Mongolian, unicode.Nko, unicode.Phags_Pa, unicode.Adlam, unicode.Hanifi_Rohingya,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
	unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Javanese, unicode.Balinese,
}

// joins tells whether a joiner has something to join: two pictures, or letters of
// a script that needs it. The non-joiner needs a letter on both sides, the joiner
// also ends a word.
func joins(before []rune, r rune, behind []rune) bool {
	if len(before) == 0 {
		return false
	}
	last := before[len(before)-1]
	if unicode.In(last, needJoiners...) {
		return r == joiner || len(behind) > 0 && unicode.In(behind[0], needJoiners...)
	}
	if r == nonJoiner || len(behind) == 0 || !unicode.Is(pictures, behind[0]) {
		return false
	}
	const longest = 10 // signs that say how one picture looks
	for i := len(before) - 1; i >= max(0, len(before)-longest); i-- {
		switch c := before[i]; {
		case unicode.Is(pictures, c):
			return true
		case c == '\ufe0f', c >= 0x1f3fb && c <= 0x1f3ff, c >= 0xe0020 && c <= endOfTags: // how the picture looks
		default:
			return false
		}
	}
	return false
}

// selects tells whether a variation selector stands behind what has variations: a
// picture or keycap, a sign of China, of mathematics or of Mongolian writing.
func selects(before []rune, r rune, behind []rune) bool {
	if len(before) == 0 {
		return false
	}
	last := before[len(before)-1]
	switch {
	case r == '\ufe0e' || r == '\ufe0f':
		digit := last >= '0' && last <= '9' || last == '#' || last == '*'
		return unicode.Is(pictures, last) || digit && len(behind) > 0 && behind[0] == keycap
	case r >= 0xfe00 && r < 0xfe0e:
		return unicode.In(last, unicode.Han, unicode.Sm, unicode.Phags_Pa, unicode.Myanmar)
	case r >= 0xe0100:
		return unicode.Is(unicode.Han, last)
	}
	return unicode.Is(unicode.Mongolian, last)
}

// flagTags gives the tags behind a black flag that make it the flag of a region.
func flagTags(behind []rune) []rune {
	for i, c := range behind {
		switch {
		case c == endOfTags && i > 0:
			return behind[:i+1]
		case c < 0xe0030 || c > 0xe007a || i > 6:
			return nil
		}
	}
	return nil
}

// pictures is Extended_Pictographic of emoji-data.txt, Unicode 16.
var pictures = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0xa9, 0xa9, 1},
		{0xae, 0xae, 1},
		{0x203c, 0x203c, 1},
		{0x2049, 0x2049, 1},
		{0x2122, 0x2122, 1},
		{0x2139, 0x2139, 1},
		{0x2194, 0x2199, 1},
		{0x21a9, 0x21aa, 1},
		{0x231a, 0x231b, 1},
		{0x2328, 0x2328, 1},
		{0x2388, 0x2388, 1},
		{0x23cf, 0x23cf, 1},
		{0x23e9, 0x23f3, 1},
		{0x23f8, 0x23fa, 1},
		{0x24c2, 0x24c2, 1},
		{0x25aa, 0x25ab, 1},
		{0x25b6, 0x25b6, 1},
		{0x25c0, 0x25c0, 1},
		{0x25fb, 0x25fe, 1},
		{0x2600, 0x2605, 1},
		{0x2607, 0x2612, 1},
		{0x2614, 0x2685, 1},
		{0x2690, 0x2705, 1},
		{0x2708, 0x2712, 1},
		{0x2714, 0x2714, 1},
		{0x2716, 0x2716, 1},
		{0x271d, 0x271d, 1},
		{0x2721, 0x2721, 1},
		{0x2728, 0x2728, 1},
		{0x2733, 0x2734, 1},
		{0x2744, 0x2744, 1},
		{0x2747, 0x2747, 1},
		{0x274c, 0x274c, 1},
		{0x274e, 0x274e, 1},
		{0x2753, 0x2755, 1},
		{0x2757, 0x2757, 1},
		{0x2763, 0x2767, 1},
		{0x2795, 0x2797, 1},
		{0x27a1, 0x27a1, 1},
		{0x27b0, 0x27b0, 1},
		{0x27bf, 0x27bf, 1},
		{0x2934, 0x2935, 1},
		{0x2b05, 0x2b07, 1},
		{0x2b1b, 0x2b1c, 1},
		{0x2b50, 0x2b50, 1},
		{0x2b55, 0x2b55, 1},
		{0x3030, 0x3030, 1},
		{0x303d, 0x303d, 1},
		{0x3297, 0x3297, 1},
		{0x3299, 0x3299, 1},
	},
	R32: []unicode.Range32{
		{0x1f000, 0x1f0ff, 1},
		{0x1f10d, 0x1f10f, 1},
		{0x1f12f, 0x1f12f, 1},
		{0x1f16c, 0x1f171, 1},
		{0x1f17e, 0x1f17f, 1},
		{0x1f18e, 0x1f18e, 1},
		{0x1f191, 0x1f19a, 1},
		{0x1f1ad, 0x1f1e5, 1},
		{0x1f201, 0x1f20f, 1},
		{0x1f21a, 0x1f21a, 1},
		{0x1f22f, 0x1f22f, 1},
		{0x1f232, 0x1f23a, 1},
		{0x1f23c, 0x1f23f, 1},
		{0x1f249, 0x1f3fa, 1},
		{0x1f400, 0x1f53d, 1},
		{0x1f546, 0x1f64f, 1},
		{0x1f680, 0x1f6ff, 1},
		{0x1f774, 0x1f77f, 1},
		{0x1f7d5, 0x1f7ff, 1},
		{0x1f80c, 0x1f80f, 1},
		{0x1f848, 0x1f84f, 1},
		{0x1f85a, 0x1f85f, 1},
		{0x1f888, 0x1f88f, 1},
		{0x1f8ae, 0x1f8ff, 1},
		{0x1f90c, 0x1f93a, 1},
		{0x1f93c, 0x1f945, 1},
		{0x1f947, 0x1faff, 1},
		{0x1fc00, 0x1fffd, 1},
	},
	LatinOffset: 2,
}
