package public

import (
	"context"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// inCities stands in the sentence of a programme for the cities that there are, "in 9 cities".
const inCities = "{in_cities}"

// sentence is the sentence of a programme with the number of its cities filled in; of none it
// says nothing.
func sentence(r *web.Request, p programme.Programme, cities int) string {
	words := p.Sentence.In(r.Lang)
	if !strings.Contains(words, inCities) {
		return words
	}
	in := ""
	if cities > 0 {
		in = r.Say.T("programme.in_cities", "count", cities)
	}
	return i18n.Capital(strings.TrimSpace(strings.ReplaceAll(words, inCities, in)))
}

// citiesOf counts the cities of pins in which something was, is or will be.
func citiesOf(pins []pin) (n int) {
	for _, p := range pins {
		if p.Now+p.Coming+p.Past > 0 {
			n++
		}
	}
	return n
}

// cities counts them as the map shows them.
func cities(ctx context.Context, tx *storage.Tx, r *web.Request, now time.Time) (int, error) {
	all, err := ForStrangers(ctx, tx, programme.Filter{})
	return citiesOf(pins(profile.Said(r.Say), r.Lang, all, now)), err
}
