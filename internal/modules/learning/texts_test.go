package learning_test

import (
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n/i18ntest"
	"platforma.kg/ashar/internal/modules/learning"
)

// The texts of the sciences are asked for elsewhere (the house looks at all of them
// together); those of the bank are asked for here.
func TestEveryTextOfTheBankIsThereInThreeLanguagesAndIsAskedFor(t *testing.T) {
	t.Parallel()
	i18ntest.Sound(t, learning.Texts())
	wrong, err := i18ntest.Use(i18ntest.Code{Root: ".", Built: learning.Built()}, learning.Texts())
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		if !strings.Contains(w, `"learning.*"`) {
			t.Error(w)
		}
	}
}
