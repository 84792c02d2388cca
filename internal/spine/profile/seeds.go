package profile

import (
	"platforma.kg/ashar/internal/foundation/i18n"
)

// begin are the lists with which a house begins.
var begin = newLists(0, seeds(), nil)

// seedBands are the age bands with which a house begins.
func seedBands() BandSet {
	return BandSet{Bands: []string{"14-17", "18-24", "25-34", "35-44", "45-59", "60+"}}
}

// lastPlace keeps Other at the end of its list, whatever is added.
const lastPlace = 1_000_000

// seeds are the entries with which a house begins. They are written into a database
// once, when it is opened for the first time; from then on the database is right, and a
// change here reaches new databases alone. Coordinates: GeoNames, CC BY 4.0.
func seeds() (out []Entry) {
	places := map[Name]int64{}
	add := func(list Name, code string, e Entry) {
		e.List, e.Code, e.Version = list, code, 1
		places[list] += 10
		if e.Place = places[list]; code == Other {
			e.Place = lastPlace
		}
		out = append(out, e)
	}
	city := func(code, iso string, lat, lon float64, names ...Named) {
		add(City, code, Entry{ISO: iso, Lat: lat, Lon: lon, Names: names})
	}
	one := func(ky, ru, en, inKy, inRu, inEn string) Named {
		return Named{Name: i18n.Text{Ky: ky, Ru: ru, En: en}, In: i18n.Text{Ky: inKy, Ru: inRu, En: inEn}}
	}
	city("bishkek", "KG-GB", 42.87, 74.59, one("Бишкек", "Бишкек", "Bishkek", "Бишкекте", "в Бишкеке", "in Bishkek"))
	city("osh", "KG-GO", 40.52828, 72.7985, one("Ош", "Ош", "Osh", "Ошто", "в Оше", "in Osh"))
	city("karakol", "KG-Y", 42.49068, 78.39362, one("Каракол", "Каракол", "Karakol", "Караколдо", "в Караколе", "in Karakol"))
	// The law of 17 September 2025 renamed the city; it came into force ten days after its publication.
	manas := one("Манас", "Манас", "Manas", "Манаста", "в Манасе", "in Manas")
	manas.From = "2025-09-27"
	city("jalal-abad", "KG-J", 40.93333, 73.0, one("Жалал-Абад", "Джалал-Абад", "Jalal-Abad", "Жалал-Абадда", "в Джалал-Абаде", "in Jalal-Abad"), manas)
	city("naryn", "KG-N", 41.42866, 75.99111, one("Нарын", "Нарын", "Naryn", "Нарында", "в Нарыне", "in Naryn"))
	city("batken", "KG-B", 40.0667, 70.8333, one("Баткен", "Баткен", "Batken", "Баткенде", "в Баткене", "in Batken"))
	city("talas", "KG-T", 42.52277, 72.24274, one("Талас", "Талас", "Talas", "Таласта", "в Таласе", "in Talas"))
	city("tokmok", "KG-C", 42.84194, 75.30149, one("Токмок", "Токмок", "Tokmok", "Токмокто", "в Токмоке", "in Tokmok"))

	add(Group, Deputies, Entry{
		Names: []Named{{Name: i18n.Text{Ky: "Депутат", Ru: "Депутат", En: "Deputy"}, Many: i18n.Text{Ky: "Депутаттар", Ru: "Депутаты", En: "Deputies"}}},
		Words: []string{"deputies", "deputy", "депутат", "депутаты", "депутаттар"},
	})
	add(Group, Activists, Entry{
		Names: []Named{{Name: i18n.Text{Ky: "Жарандык активист", Ru: "Гражданский активист / активистка", En: "Civil-society activist"}, Many: i18n.Text{Ky: "Жарандык активисттер", Ru: "Гражданские активисты", En: "Civil-society activists"}}},
		Words: []string{"activists", "activist", "civil-society activist", "civil-society activists", "активист", "активистка", "активисты", "гражданское общество", "гражданский активист", "гражданская активистка", "гражданский активист / активистка", "гражданские активисты", "активисттер", "жарандык активист", "жарандык активисттер"},
	})
	add(Group, Media, Entry{
		Names: []Named{{Name: i18n.Text{Ky: "Медиа өкүлү", Ru: "Представитель медиа", En: "Media"}, Many: i18n.Text{Ky: "Медиа өкүлдөрү", Ru: "Представители медиа", En: "Media people"}}},
		Words: []string{"media", "media people", "journalist", "СМИ", "медиа", "журналист", "журналистка", "журналисты", "представитель медиа", "представители медиа", "работники медиа", "журналисттер", "медиа өкүлү", "медиа өкүлдөрү", "медиа кызматкерлери"},
	})
	add(Group, Other, Entry{
		Names: []Named{{Name: i18n.Text{Ky: "Башка", Ru: "Другое", En: "Other"}, Many: i18n.Text{Ky: "Башкалар", Ru: "Другие", En: "Others"}}},
		Words: []string{"other", "others", "другое", "другие", "башка", "башкалар"},
	})

	add(Level, Parliament, Entry{
		Names: []Named{{Name: i18n.Text{Ky: "Жогорку Кеңеш", Ru: "Жогорку Кенеш", En: "Jogorku Kenesh (parliament)"}}},
		Words: []string{"jogorku", "jogorku kenesh", "jogorku kenesh (parliament)", "parliament", "Жогорку Кеңеш", "парламент"},
	})
	add(Level, CityKenesh, Entry{
		Names: []Named{{Name: i18n.Text{Ky: "Шаардык кеңеш", Ru: "Городской кенеш", En: "City kenesh"}}},
		Words: []string{"city", "city kenesh", "город", "городской", "городской кенеш", "шаардык", "шаардык кеңеш"},
	})
	add(Level, VillageKenesh, Entry{
		Names: []Named{{Name: i18n.Text{Ky: "Айылдык кеңеш", Ru: "Айылный кенеш", En: "Village kenesh"}}},
		Words: []string{"village", "village kenesh", "село", "сельский", "айылный", "айылный кенеш", "айылдык", "айылдык кеңеш", "айыл"},
	})

	for _, band := range seedBands().Bands {
		add(AgeBand, band, Entry{Names: []Named{BandName(band)}})
	}
	return out
}

// BandName is what an age band is called until somebody calls it otherwise.
func BandName(code string) Named {
	return Named{Name: i18n.Text{Ky: i18n.AgeBand(i18n.Kyrgyz, code), Ru: i18n.AgeBand(i18n.Russian, code), En: i18n.AgeBand(i18n.English, code)}}
}
