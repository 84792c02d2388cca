package review

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatSomebodyWroteIsReadWithoutHerNameAndContacts(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"Мен Айгүлмүн, Айгүлдүн эжеси":              "Мен ▒▒▒, ▒▒▒ эжеси",
		"Asanova Aigul, АСАНОВА":                    "▒▒▒ ▒▒▒, ▒▒▒",
		"Пишите Асановой":                           "Пишите ▒▒▒",
		"a.b@example.kg; +996 (555) 12-34-56, 2024": "▒▒▒; ▒▒▒, 2024",
		"t.me/aika менен @aika_kg":                  "▒▒▒ менен ▒▒▒",
		"Жаштар менен 12 жыл иштейм":                "Жаштар менен 12 жыл иштейм",
	} {
		if got := masked(words, "Асанова Айгүл"); got != want {
			t.Errorf("%q is read as %q, not %q", words, got, want)
		}
	}
}

func TestNoSpellingOfANameIsLeft(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.SampledFrom([]string{"Бектур", "Чынара", "Нурбек", "Гүлнара", "Эркин"}).Draw(r, "name")
		spelt := rapid.SampledFrom([]func(string) string{strings.ToUpper, strings.ToLower, func(s string) string { return s }}).Draw(r, "spelt")(name)
		ending := rapid.SampledFrom([]string{"", "дын", "га", "дан", "мын", "ом", "у"}).Draw(r, "ending")
		before := rapid.StringMatching(`[а-яё]{0,6}[ ,.«(-]`).Draw(r, "before")
		after := rapid.StringMatching(`[ ,.»)-][а-яё]{0,6}`).Draw(r, "after")
		if got := masked(before+spelt+ending+after, "Асанова "+name); strings.Contains(strings.ToLower(got), strings.ToLower(name)) {
			r.Fatalf("%q", got)
		}
	})
}
