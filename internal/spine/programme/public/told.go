package public

import (
	"net/http"
	"strings"

	"platforma.kg/ashar/internal/foundation/web"
)

// The pages about the site itself.
const (
	privacy       = "privacy"
	accessibility = "accessibility"
)

// toldOf is what a page about the site speaks of, in order. Whoever changes what the house
// keeps, shows or needs changes these texts too.
var toldOf = map[string][]string{
	privacy: {
		"privacy.keep", "privacy.why", "privacy.who", "privacy.safe", "privacy.cookies", "privacy.others", "privacy.long", "privacy.rights",
		"privacy.after",
	},
	accessibility: {"accessibility.how", "accessibility.script", "accessibility.gaps", "accessibility.place"},
}

// toldParts are the names of the pages and of their parts that hold a text.
func toldParts(holding string) (out []string) {
	for page, parts := range toldOf {
		for _, name := range append([]string{page}, parts...) {
			if strings.Contains(name, holding) {
				out = append(out, name)
			}
		}
	}
	return out
}

// told shows a page of texts about the site itself, by its name.
func (s *Service) told(page string) web.Handler {
	return func(r *web.Request) error { return r.Page(http.StatusOK, toldPage(r, page)) }
}
