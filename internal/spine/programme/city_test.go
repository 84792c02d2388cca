package programme_test

import (
	"testing"

	"platforma.kg/ashar/internal/spine/programme"
)

func TestACityIsFoundByWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"Ош": "osh", "г. Ош": "osh", "г.Ош": "osh", "ош шаары": "osh", "OSH": "osh", "Город Нарын": "naryn", "Naryn city": "naryn",
		"Джалал-Абад": "jalal-abad", "Жалал Абад": "jalal-abad", "Манас": "jalal-abad", "jalal-abad": "jalal-abad", "Токмок": "tokmok",
		"": "", "город": "", "Ошский район": "", "Кара-Суу": "", "Оштук": "",
	} {
		if got, ok := programme.FindCity(words); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v, want %q", words, got, ok, want)
		}
	}
}
