package web_test

import (
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n/i18ntest"
	"platforma.kg/ashar/internal/foundation/web"
)

func TestTheSharedTextsAreSound(t *testing.T) {
	t.Parallel()
	i18ntest.Sound(t, web.Texts())
}
