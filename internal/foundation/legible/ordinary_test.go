package legible

import (
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// What is taken as it is must be what cleaning would give: for every letter alone, and
// for texts of these letters mixed with any others.
func TestOrdinaryTextIsWhatCleaningLeaves(t *testing.T) {
	letters := 0
	for c := range rune(0x3000) {
		s := string(c)
		if !ordinary(s) {
			continue
		}
		if c >= 0x80 {
			letters++
			if !unicode.Is(unicode.Cyrillic, c) || !unicode.IsLetter(c) {
				t.Errorf("%U is taken for a letter of Kyrgyz or Russian", c)
			}
		}
		if got, wrong := clean(s, true); wrong != nil || got != s {
			t.Errorf("%U is ordinary and cleaned to %q, %v", c, got, wrong)
		}
	}
	if letters != 2*36 { // 33 of Russian and Ң, Ө, Ү
		t.Errorf("%d letters, want 72", letters)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.SampledFrom([]rune("аяАЯйёЁңҢөӨүҮ x7\n\t\u0301\u0308\u0306\u200d\u00ad\u202e\u0456ұ\u00a0é"))).Draw(t, "text")
		if !ordinary(s) {
			return
		}
		if got, wrong := clean(s, true); wrong != nil || got != s || !norm.NFC.IsNormalString(s) {
			t.Fatalf("%q is ordinary and cleaned to %q, %v", s, got, wrong)
		}
	})
}
