package i18n

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// kyrgyzAlphabet is the alphabet as it is taught, from its first letter to its last.
const kyrgyzAlphabet = "АБВГДЕЁЖЗИЙКЛМНҢОӨПРСТУҮФХЦЧШЩЪЫЬЭЮЯ"

// Names stand as in a Kyrgyz list: Ң after Н, Ө after О, Ү after У, shorter words before
// longer ones that begin alike, and names in Latin letters after all in Cyrillic.
func TestNamesStandAsInAKyrgyzList(t *testing.T) {
	t.Parallel()
	want := []string{
		"9-кабинет", "Абдыкадырова Айгүл", "Асан Үсөнов", "Асанова Айгүл", "Асанова Элнура", "Ёлкина Мария", "Еркин уулу Бакыт", "Ёрматов Тимур", "Жаныш уулу Таалай", "Жаңыбаева Гүлнара", "Жаңыл Мырза",
		"Заир", "Нурбекова", "Ңандай", "Омурова Жылдыз", "Ормонова", "Өмүрканова", "Пирматов", "Тургунов", "Туура", "Түмөнбаев", "Уметов", "Урматова", "Үмүтова", "Үсөнов", "Фатима", "Эсенова", "Ясинская",
		"Abdykadyrova Aigul", "Jumabekova", "Öztürk", "Smith", "Γεωργίου", "გელა",
	}
	for range 20 {
		got := slices.Clone(want)
		slices.Reverse(got)
		slices.SortFunc(got, CompareNames)
		if !slices.Equal(got, want) {
			t.Fatalf("sorted\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// Two names that differ first in one letter stand as that letter stands in the alphabet,
// whatever is before it and behind it; Ё alone stands with Е until the rest is the same.
func TestTheFirstLetterThatDiffersOrdersTwoNames(t *testing.T) {
	t.Parallel()
	letters := []rune(strings.ToLower(kyrgyzAlphabet))
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom(letters), 0, 8, -1)
		head, left, right := word.Draw(t, "head"), word.Draw(t, "left"), word.Draw(t, "right")
		a, b := rapid.IntRange(0, len(letters)-1).Draw(t, "a"), rapid.IntRange(0, len(letters)-1).Draw(t, "b")
		if a == b || letters[a] == 'ё' && letters[b] == 'е' || letters[a] == 'е' && letters[b] == 'ё' {
			right, b = left, (a+1)%len(letters)
		}
		one, other := head+string(letters[a])+left, head+string(letters[b])+right
		if got := CompareNames(one, other); got < 0 != (a < b) {
			t.Fatalf("%q and %q: %d", one, other, got)
		}
	})
}

// Whatever begins in Cyrillic stands before whatever begins in another script, and within
// another script nothing changes its place.
func TestOtherScriptsComeAfterCyrillic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tail := rapid.StringMatching(`[а-яА-Яa-zA-ZңөүҢӨҮ .'-]{0,10}`)
		ours := rapid.StringMatching(`[а-яА-ЯңөүҢӨҮёЁ]`).Draw(t, "ours") + tail.Draw(t, "behind")
		theirs := rapid.StringMatching(`[a-zA-ZéöüßñΑ-Ωა-ჰ]`).Draw(t, "theirs") + tail.Draw(t, "behind theirs")
		if CompareNames(ours, theirs) >= 0 {
			t.Fatalf("%q stands behind %q", ours, theirs)
		}
		plain := rapid.StringMatching(`[a-zA-Zéöüñ .'-]{0,12}`)
		a, b := plain.Draw(t, "one"), plain.Draw(t, "other")
		if got, root := bytes.Compare(CollationKey(a), CollationKey(b)), bytes.Compare(rootKey(a), rootKey(b)); got != root {
			t.Fatalf("%q and %q: %d, by the root collation %d", a, b, got, root)
		}
	})
}
