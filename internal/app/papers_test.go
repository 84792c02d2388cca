package app

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/document/documenttest"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// TestEveryPDFThatTheHouseMakesIsReadableByEverybody asks each route that gives a PDF for a
// real object, in three languages: a new route is asked without being named here.
func TestEveryPDFThatTheHouseMakesIsReadableByEverybody(t *testing.T) {
	t.Parallel()
	eachStage(t, func(t *testing.T, s *stage) {
		files := map[string][]byte{}
		for _, route := range s.Routes() {
			if !strings.HasSuffix(route.Pattern, ".pdf") {
				continue
			}
			for _, l := range i18n.Languages {
				objects := s.set(s.guest(access.Admin, access.Coordinator, access.Donor), false)
				objects.self = objects.person.ID
				r := recipes[route.Method+" "+route.Pattern]
				var form url.Values
				if r.form != nil {
					form = r.form(objects)
				}
				path := strings.Replace(objects.path(route, route.Pattern), "/ky/", "/"+string(l)+"/", 1) + r.query
				if route.Raw { // an address without a language in front
					path += "?lang=" + string(l)
				}
				status, body, header := objects.who.do(route.Method, path, form)
				name := route.Method + " " + route.Pattern + " in " + string(l)
				if status != http.StatusOK || header.Get("Content-Type") != "application/pdf" {
					t.Errorf("%s: %d %s %s", name, status, header.Get("Content-Type"), faultOf(body))
					continue
				}
				files[name] = []byte(body)
				if lang := "/Lang (" + string(l) + ")"; !strings.Contains(body, lang) {
					t.Errorf("%s: no %s", name, lang)
				}
			}
		}
		documenttest.Judge(t, files)
	})
}
