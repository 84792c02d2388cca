package public

import (
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// Where an activity is names house, street and city, and the city once.
func TestWhereItIsNamesTheCityOnce(t *testing.T) {
	t.Parallel()
	catalogue, err := i18n.Load(programme.Texts(), web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	r := &web.Request{Lang: i18n.Russian, Say: catalogue.Printer(i18n.Russian)}
	city := (*profile.Lists)(nil).CityName(i18n.Russian, "osh")
	if city == "" {
		t.Fatal("the city has no name")
	}
	for _, c := range []struct{ venue, address, want string }{
		{"Медиацентр", "", "Медиацентр, " + city},
		{"Медиацентр", "ул. Ленина, 4", "Медиацентр, ул. Ленина, 4, " + city},
		{"Медиацентр", "г. " + city + ", центр", "Медиацентр, г. " + city + ", центр"},
		{"Дом культуры г. ОШ", "", "Дом культуры г. ОШ"},
		{"", "", city},
	} {
		a := programme.Activity{City: "osh", Venue: i18n.Text{Ru: c.venue}, Address: i18n.Text{Ru: c.address}}
		if got := whereOf(r, a); got != c.want {
			t.Errorf("%q, %q: %q, not %q", c.venue, c.address, got, c.want)
		}
	}
	if got := whereOf(r, programme.Activity{Venue: i18n.Text{Ru: "Зал"}}); got != "Зал" {
		t.Errorf("without a city: %q", got)
	}
}
