package demopeople

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/people"
)

const seed = 2022

func TestTheSameSeedGivesTheSamePeople(t *testing.T) {
	t.Parallel()
	a, b := Generate(300, seed, 2026), Generate(300, seed, 2026)
	if !reflect.DeepEqual(a, b) {
		t.Error("two runs differ")
	}
	if reflect.DeepEqual(a, Generate(300, seed+1, 2026)) {
		t.Error("another seed gives the same people")
	}
}

func TestEveryPersonPassesTheChecksOfThePeopleRoom(t *testing.T) {
	t.Parallel()
	for _, d := range append(Generate(1000, seed, 2026), Members(40, seed, 2026)...) {
		if got, err := people.Tidy(nil, d, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)); err != nil || got.FullName != d.FullName {
			t.Errorf("%q becomes %q: %v", d.FullName, got.FullName, err)
		}
	}
}

func TestEveryPersonIsMarkedAndReachesNobody(t *testing.T) {
	t.Parallel()
	mails := map[string]bool{}
	for _, d := range append(Generate(1000, seed, 2026), Members(40, seed, 2026)...) {
		if !d.Demo || !strings.HasPrefix(d.Phone, "+99654300") {
			t.Errorf("%q could be taken for somebody: %q", d.FullName, d.Phone)
		}
		if d.Email != "" && (!strings.HasSuffix(d.Email, "@example.org") || mails[d.Email]) {
			t.Errorf("%q: mail %q is foreign or there twice", d.FullName, d.Email)
		}
		mails[d.Email] = true
		if strings.ContainsAny(d.FullName, "0123456789") {
			t.Errorf("%q is not a name", d.FullName)
		}
	}
}

func TestTheCrowdLooksLikeTheCountry(t *testing.T) {
	t.Parallel()
	const n = 1000
	count := map[string]int{}
	for _, d := range Generate(n, seed, 2026) {
		count["city "+d.City]++
		count["sex "+d.Sex]++
		count["group "+d.Group]++
		count["lang "+string(d.Lang)]++
		for _, form := range []string{" уулу", " кызы", "тегин", "ова ", "ов ", "вна", "вич", "ө", "ү", "ң"} {
			if strings.Contains(d.FullName+" ", form) {
				count["form "+form]++
			}
		}
		if !strings.Contains(d.FullName, " ") {
			count["form single"]++
		}
		if d.FullName[0] < 0x80 {
			count["form latin"]++
		}
		if d.Village != "" {
			count["village"]++
		}
		if d.AccessNeeds != "" {
			count["needs"]++
		}
		if age := 2026 - d.BirthYear; d.BirthYear != 0 && (age < 18 || age > 70) {
			t.Errorf("%q is %d", d.FullName, age)
		}
	}
	for what, want := range map[string][2]int{
		"city bishkek": {240, 360}, "city osh": {130, 230}, "city batken": {30, 90}, "city jalal-abad": {90, 190},
		"sex female": {560, 680}, "sex undisclosed": {5, 40},
		"group deputies": {100, 200}, "group media": {200, 320}, "group activists": {470, 610},
		"lang " + string(i18n.Kyrgyz): {420, 760}, "lang " + string(i18n.English): {2, 30},
		"form  уулу": {30, 130}, "form  кызы": {70, 220}, "form тегин": {15, 90}, "form ова ": {100, 500}, "form single": {5, 40}, "form latin": {10, 60},
		"form ө": {10, 300}, "form ү": {10, 300}, "form ң": {1, 100},
		"village": {300, 600}, "needs": {10, 60},
	} {
		if got := count[what]; got < want[0] || got > want[1] {
			t.Errorf("%s: %d of %d, want %d to %d", what, got, n, want[0], want[1])
		}
	}
}

func TestNamesFollowTheRulesOfTheLanguages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		father   string
		she, his string
	}{
		{"Асан", "Асановна", "Асанович"},
		{"Асанбай", "Асанбаевна", "Асанбаевич"},
		{"Муса", "Мусаевна", "Мусаевич"},
		{"Дүйшө", "Дүйшөевна", "Дүйшөевич"},
		{"Василий", "Васильевна", "Васильевич"},
		{"Пётр", "Петровна", "Петрович"},
		{"Павел", "Павловна", "Павлович"},
		{"Игорь", "Игоревна", "Игоревич"},
	} {
		if got := patronymic(c.father, true); got != c.she {
			t.Errorf("%s: %s, want %s", c.father, got, c.she)
		}
		if got := patronymic(c.father, false); got != c.his {
			t.Errorf("%s: %s, want %s", c.father, got, c.his)
		}
	}
	if got := latin("Өмүрова Чынаркүл"); got != "Omurova Chynarkul" {
		t.Errorf("got %s", got)
	}
	if familyOf("Машанло", true) != "Машанло" || familyOf("Соловьёв", true) != "Соловьёва" {
		t.Error("a family name has the wrong form")
	}
}
