package programme

import (
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// City is one of the eight cities of the programme. Coordinates are WGS84
// degrees: GeoNames, CC BY 4.0.
type City struct {
	Key      string
	ISO      string // ISO 3166-2 subdivision
	Name     i18n.Text
	Locative i18n.Text // "in the city", whole: no suffix is ever put to a name
	Lat, Lon float64
	Formerly []FormerName
}

// FormerName is a name that a city had until a day. What happened before that
// day keeps it in documents of the time.
type FormerName struct {
	Until time.Time
	Name  i18n.Text
}

var cities = []City{
	{"bishkek", "KG-GB", i18n.Text{Ky: "Бишкек", Ru: "Бишкек", En: "Bishkek"}, i18n.Text{Ky: "Бишкекте", Ru: "в Бишкеке", En: "in Bishkek"}, 42.87, 74.59, nil},
	{"osh", "KG-GO", i18n.Text{Ky: "Ош", Ru: "Ош", En: "Osh"}, i18n.Text{Ky: "Ошто", Ru: "в Оше", En: "in Osh"}, 40.52828, 72.7985, nil},
	{"karakol", "KG-Y", i18n.Text{Ky: "Каракол", Ru: "Каракол", En: "Karakol"}, i18n.Text{Ky: "Караколдо", Ru: "в Караколе", En: "in Karakol"}, 42.49068, 78.39362, nil},
	{"jalal-abad", "KG-J", i18n.Text{Ky: "Манас", Ru: "Манас", En: "Manas"}, i18n.Text{Ky: "Манаста", Ru: "в Манасе", En: "in Manas"}, 40.93333, 73.0, []FormerName{
		// The law of 17 September 2025 renamed the city; it came into force ten days after its publication.
		{time.Date(2025, 9, 27, 0, 0, 0, 0, Bishkek), i18n.Text{Ky: "Жалал-Абад", Ru: "Джалал-Абад", En: "Jalal-Abad"}},
	}},
	{"naryn", "KG-N", i18n.Text{Ky: "Нарын", Ru: "Нарын", En: "Naryn"}, i18n.Text{Ky: "Нарында", Ru: "в Нарыне", En: "in Naryn"}, 41.42866, 75.99111, nil},
	{"batken", "KG-B", i18n.Text{Ky: "Баткен", Ru: "Баткен", En: "Batken"}, i18n.Text{Ky: "Баткенде", Ru: "в Баткене", En: "in Batken"}, 40.0667, 70.8333, nil},
	{"talas", "KG-T", i18n.Text{Ky: "Талас", Ru: "Талас", En: "Talas"}, i18n.Text{Ky: "Таласта", Ru: "в Таласе", En: "in Talas"}, 42.52277, 72.24274, nil},
	{"tokmok", "KG-C", i18n.Text{Ky: "Токмок", Ru: "Токмок", En: "Tokmok"}, i18n.Text{Ky: "Токмокто", Ru: "в Токмоке", En: "in Tokmok"}, 42.84194, 75.30149, nil},
}

// CityName names a city in a language; an unknown key is given back.
func CityName(l i18n.Language, key string) string {
	for _, c := range cities {
		if c.Key == key {
			return c.Name.In(l)
		}
	}
	return key
}

// CityAt says "in the city" in a language, empty for an unknown key.
func CityAt(l i18n.Language, key string) string {
	for _, c := range cities {
		if c.Key == key {
			return c.Locative.In(l)
		}
	}
	return ""
}

// AllCities lists the cities of the programme.
func AllCities() []City { return cities }

// CityOf finds a city by its key.
func CityOf(key string) (City, bool) {
	for _, c := range cities {
		if c.Key == key {
			return c, true
		}
	}
	return City{}, false
}

// FindCity finds the key of a city by what people write: its name of now or of
// before in any of the languages, its key, with or without the word for city.
func FindCity(words string) (key string, ok bool) {
	var kept []string
	for _, w := range strings.Fields(strings.ReplaceAll(words, ".", ". ")) {
		switch strings.ToLower(strings.Trim(w, ".,")) {
		case "г", "гор", "город", "ш", "шаар", "шаары", "city":
		default:
			kept = append(kept, w)
		}
	}
	asked := i18n.FoldKey(strings.Join(kept, " "))
	if asked == "" {
		return "", false
	}
	for _, c := range cities {
		names := []i18n.Text{{En: c.Key}, c.Name}
		for _, f := range c.Formerly {
			names = append(names, f.Name)
		}
		for _, n := range names {
			for _, name := range []string{n.Ky, n.Ru, n.En} {
				if name != "" && i18n.FoldKey(name) == asked {
					return c.Key, true
				}
			}
		}
	}
	return "", false
}

// NameOn gives the name that the city had on a day.
func (c City) NameOn(day time.Time) i18n.Text {
	for _, f := range c.Formerly {
		if day.Before(f.Until) {
			return f.Name
		}
	}
	return c.Name
}
