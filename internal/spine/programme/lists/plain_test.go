package lists

import "testing"

func TestANameThatOnlyLooksLikeAnotherIsRefused(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"Ош", "Osh", "Кара-Балта", "Чүй өрөөнү", "18–24 жаш", "Jogorku Kenesh (parliament)", "60+", "Ёлкино", "Île"} {
		if !plain(good) {
			t.Errorf("%q is refused", good)
		}
	}
	for _, bad := range []string{"Ｏsh", "Оѕһ", "Oш", "Кaра-Балта", "Οsh", "Os\u0301h\u0332", "ﬁn", "العربية"} {
		if plain(bad) {
			t.Errorf("%q is taken", bad)
		}
	}
}
