package i18n_test

import (
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
)

func TestWhatIsWrongWithTextsIsNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ ky, ru, en, want string }{
		"sound": {
			`{"x.a":"{count} орун","x.b":"QRды {name}"}`,
			`{"x.a":{"one":"{count} место","few":"{count} места","many":"{count} мест"},"x.b":"{name}"}`,
			`{"x.a":{"one":"One seat","other":"{count} seats"},"x.b":"{name}"}`, "",
		},
		"missing":       {`{"x.a":"а"}`, `{}`, `{"x.a":"a"}`, "x.a: there is no ru text"},
		"empty":         {`{"x.a":" "}`, `{"x.a":"а"}`, `{"x.a":"a"}`, "x.a: the ky text is empty"},
		"plural":        {`{"x.a":"а"}`, `{"x.a":{"one":"а","other":"а"}}`, `{"x.a":"a"}`, "x.a: ru has the plural forms [one], it needs [few many one]"},
		"strange form":  {`{"x.a":"а"}`, `{"x.a":"а"}`, `{"x.a":{"one":"a","two":"a","other":"a"}}`, "x.a: en has the plural forms [one other two], it needs [one other]"},
		"arguments":     {`{"x.a":"{city}"}`, `{"x.a":"{town}"}`, `{"x.a":"{city}"}`, "x.a: ky has the arguments (city), ru (town)"},
		"brace":         {`{"x.a":"{ city }"}`, `{"x.a":"а"}`, `{"x.a":"a"}`, "x.a: the ky text has a brace that holds no argument"},
		"two genders":   {`{"x.a":"а"}`, `{"x.a":"Она согласен(на)"}`, `{"x.a":"a"}`, `x.a: the ru text has an ending in brackets, "н(на)"`},
		"mixed letters": {`{"x.a":"Cеминар"}`, `{"x.a":"а"}`, `{"x.a":"a"}`, `x.a: the ky text has "Cеминар", Latin and Cyrillic letters in one word`},
	} {
		got := i18n.Check(texts(c.ky, c.ru, c.en))
		if c.want == "" && len(got) > 0 || c.want != "" && !slices.Contains(got, c.want) {
			t.Errorf("%s: %s", name, strings.Join(got, "; "))
		}
	}
}
