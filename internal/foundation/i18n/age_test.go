package i18n_test

import (
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
)

func TestABandOfAgesIsWrittenAsItsLastNumberAsks(t *testing.T) {
	t.Parallel()
	for band, want := range map[string][3]string{
		"14-17":  {"14–17 жаш", "14–17 лет", "14–17 years"},
		"18-24":  {"18–24 жаш", "18–24 года", "18–24 years"},
		"25-34":  {"25–34 жаш", "25–34 года", "25–34 years"},
		"35-44":  {"35–44 жаш", "35–44 года", "35–44 years"},
		"45-59":  {"45–59 жаш", "45–59 лет", "45–59 years"},
		"60+":    {"60 жаш жана андан улуу", "60 лет и старше", "60 years and over"},
		"18–21":  {"18–21 жаш", "18–21 год", "18–21 years"},
		"19-31":  {"19–31 жаш", "19–31 год", "19–31 years"},
		"5-11":   {"5–11 жаш", "5–11 лет", "5–11 years"},
		"99-112": {"99–112 жаш", "99–112 лет", "99–112 years"},
		"":       {"", "", ""},
		"young":  {"young", "young", "young"},
		"34-25":  {"34-25", "34-25", "34-25"},
		"60+-70": {"60+-70", "60+-70", "60+-70"},
		"60":     {"60", "60", "60"},
	} {
		for i, l := range []i18n.Language{i18n.Kyrgyz, i18n.Russian, i18n.English} {
			if got := i18n.AgeBand(l, band); got != want[i] {
				t.Errorf("%s in %s: %s, want %s", band, l, got, want[i])
			}
		}
	}
}
