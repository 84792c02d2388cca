package lists

import "testing"

func TestATypingErrorIsASlipAndNotAnotherName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		was, is string
		typo    bool
	}{
		{"Нарин", "Нарын", true},
		{"Нарын", "Нарынн", true},
		{"Караклоо", "Каракол", true},
		{"Джалал-Абад", "Джалалабад", true},
		{"Джалал-Абад", "джалал-абад", true},
		{"Ош", "Ошш", true},
		{"", "Депутаты", true},
		{"Ош", "Аш-Суу", false},
		{"Нарын", "Ала-Тоо", false},
		{"Нарын", "", false},
		{"Джалал-Абад", "Манас", false},
		{"Талас", "Баткен", false},
		{"Медиа", "Журналист", false},
	} {
		if got := isTypo(c.was, c.is); got != c.typo {
			t.Errorf("%q → %q: %t", c.was, c.is, got)
		}
	}
}
