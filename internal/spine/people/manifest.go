package people

import (
	"embed"
	"io/fs"
	"net/http"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var files embed.FS

// Manifest tells the house what this room offers.
func (s *Service) Manifest() module.Manifest {
	texts, err := fs.Sub(files, "text")
	if err != nil {
		panic("people: " + err.Error()) // the folder is embedded above
	}
	return module.Manifest{
		Name:  "people",
		Texts: texts,
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/demo/in/{token}", Needs: access.Public, Handler: s.demoIn},
		},
	}
}
