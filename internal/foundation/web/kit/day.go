package kit

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// localTime is how a box for a day and its time writes both.
const localTime = "2006-01-02T15:04"

// inWords says a day, or a day with its time, as people read it; the boxes of browsers
// follow the language of the device. Empty for what is none.
func inWords(l i18n.Language, value string) string {
	if at, err := time.ParseInLocation(time.DateOnly, value, i18n.Bishkek()); err == nil {
		return i18n.DateLong(l, at)
	}
	if at, err := time.ParseInLocation(localTime, value, i18n.Bishkek()); err == nil {
		return i18n.DateLong(l, at) + ", " + i18n.Time(l, at)
	}
	return ""
}

// hasDay reports whether the box of a field holds a day.
func (f Field) hasDay() bool { return f.Type == "date" || f.Type == "datetime-local" }

// dayForm are the attributes by which the script writes a day as the language does.
func dayForm(l i18n.Language) templ.OrderedAttributes {
	form, months, days := i18n.DateForm(l)
	return templ.OrderedAttributes{
		{Key: "data-form", Value: form},
		{Key: "data-months", Value: strings.Join(months[:], "|")},
		{Key: "data-weekdays", Value: strings.Join(days[:], "|")},
	}
}
