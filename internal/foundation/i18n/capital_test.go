package i18n

import "testing"

func TestCapitalChangesTheFirstLetterAlone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"срок вышел": "Срок вышел", "өтүнмө": "Өтүнмө", "Already": "Already", "7 seats": "7 seats", "": "", "\xff": "\xff",
	} {
		if got := Capital(text); got != want {
			t.Errorf("%q gives %q", text, got)
		}
	}
}
