package profile

import (
	"testing"
	"time"
)

func TestACityIsFoundByWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"Ош": "osh", "г. Ош": "osh", "г.Ош": "osh", "ош шаары": "osh", "OSH": "osh", "Город Нарын": "naryn", "Naryn city": "naryn",
		"Джалал-Абад": "jalal-abad", "Жалал Абад": "jalal-abad", "Манас": "jalal-abad", "jalal-abad": "jalal-abad", "Токмок": "tokmok",
		"": "", "город": "", "Ошский район": "", "Кара-Суу": "", "Оштук": "",
	} {
		if got, ok := begin.FindCity(words); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v, want %q", words, got, ok, want)
		}
	}
}

func TestTheCityKeepsItsFormerNameInThePast(t *testing.T) {
	t.Parallel()
	c, ok := begin.City("jalal-abad")
	if !ok {
		t.Fatal("the city is gone")
	}
	if got := c.On(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).Name.Ru; got != "Джалал-Абад" {
		t.Errorf("in 2024 it was %q", got)
	}
	if got := c.On(time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)).Name.Ru; got != "Манас" {
		t.Errorf("in 2026 it is %q", got)
	}
}
