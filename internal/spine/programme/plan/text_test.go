package plan_test

import (
	"strings"
	"testing"

	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

func TestAPlanIsReadWithoutWhatNobodySees(t *testing.T) {
	t.Parallel()
	const file = "\ufeffprogramme: {slug: x, starts: 2026-01-01, name: {en: \"X\u200e \\u200ey\"}}\n" +
		"activities:\n" +
		"  - slug: osh\n    kind: seminar\n    ti\u00adtle: {en: \"Osh\u2028day\u00a0one\\nand\x07 two\", ru: О\u00adш}\n" +
		"    description:\n      en: |\n        One\u2028two\n        three\u200b\n" +
		"    agenda:\n      - {at: \"09:30\", minutes: 30, title: {en: \"Op\\u00adening\\u2029tea\"}}\n"
	loaded, err := plan.Load([]byte(file), programmetest.Noon)
	if err != nil {
		t.Fatal(err)
	}
	a := loaded.Activities[0]
	for got, want := range map[string]string{
		loaded.Programme.Name.En: "X y", a.Title.En: "Osh day one and two", a.Title.Ru: "Ош", a.Description.En: "One\ntwo\nthree\n",
		a.Agenda[0].Title.En: "Opening tea",
	} {
		if got != want {
			t.Errorf("%+q, want %+q", got, want)
		}
	}
	for wrong, want := range map[string]string{
		strings.Replace(file, "О\u00adш", "О\u202eш", 1):                 `line 5: the word "Ош" holds the character U+202E`,
		strings.Replace(file, "Op\\u00adening", "Op\\u2067ening", 1):     `line 11: the word "Opening" holds the character U+2067`,
		strings.Replace(file, "kind: seminar", "kind: se\xffminar", 1):   "line 4: this is not UTF-8",
		strings.Replace(file, "kind: seminar", "kind: se\ue00aminar", 1): "line 4: the character U+E00A",
	} {
		if _, err := plan.Load([]byte(wrong), programmetest.Noon); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
