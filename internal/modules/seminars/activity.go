package seminars

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Activity is anything in the calendar of the programme, as the calendar gives it.
type Activity struct {
	ID, Programme, Template                                 storage.ID
	Slug, Kind                                              string
	Title, Summary, Description, Venue, Address, Directions i18n.Text
	City                                                    string
	Lat, Lon                                                float64
	Online                                                  bool
	Starts, Ends, Opens, Deadline                           time.Time
	Capacity                                                int
	Group                                                   string // whom it is for
	InvitationOnly                                          bool
	State                                                   string // draft, published, cancelled
	Languages                                               []string
	Facilitator                                             storage.ID
}

// Calendar is what the module asks of the calendar.
type Calendar interface {
	BySlug(ctx context.Context, tx *storage.Tx, slug string) (Activity, error)
	ByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error)
	List(ctx context.Context, tx *storage.Tx) ([]Activity, error)
	Cities(ctx context.Context, tx *storage.Tx) ([]string, error) // keys
}

// cities are the cities of the programme by name.
var cities = map[string]i18n.Text{
	"bishkek":    {Ky: "Бишкек", Ru: "Бишкек", En: "Bishkek"},
	"osh":        {Ky: "Ош", Ru: "Ош", En: "Osh"},
	"karakol":    {Ky: "Каракол", Ru: "Каракол", En: "Karakol"},
	"jalal-abad": {Ky: "Жалал-Абад", Ru: "Джалал-Абад", En: "Jalal-Abad"},
	"naryn":      {Ky: "Нарын", Ru: "Нарын", En: "Naryn"},
	"batken":     {Ky: "Баткен", Ru: "Баткен", En: "Batken"},
	"talas":      {Ky: "Талас", Ru: "Талас", En: "Talas"},
	"tokmok":     {Ky: "Токмок", Ru: "Токмок", En: "Tokmok"},
}

func cityName(l i18n.Language, key string) string {
	if t, ok := cities[key]; ok {
		return t.In(l)
	}
	return key
}
