package materials

import (
	"slices"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
)

func TestWhatTheReaderCanReadStandsFirst(t *testing.T) {
	t.Parallel()
	list := []Material{{Name: "a", Language: "ru"}, {Name: "b", Language: "ky"}, {Name: "c"}, {Name: "d", Language: "en"}, {Name: "e", Language: "ky"}}
	for l, want := range map[i18n.Language]string{i18n.Kyrgyz: "bcead", i18n.Russian: "acbde", i18n.English: "cdabe"} {
		got := ""
		for _, m := range readableFirst(list, l) {
			got += m.Name
		}
		if got != want {
			t.Errorf("in %s %q, want %q", l, got, want)
		}
	}
	if slices.IndexFunc(list, func(m Material) bool { return m.Name == "a" }) != 0 {
		t.Error("the list itself was put in order")
	}
}
