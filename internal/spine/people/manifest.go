package people

import (
	"embed"
	"io/fs"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
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
	var consents []module.Consent
	for _, p := range Purposes {
		consents = append(consents, module.Consent{Purpose: p, Text: "people.consent." + p})
	}
	return module.Manifest{
		Name:        "people",
		Consents:    consents,
		Texts:       texts,
		Built:       built(),
		Permissions: permissions,
		Jobs:        []jobs.Kind{s.signInJob(), s.tidyJob(), s.mergeJob()},
		Today:       s.today,
	}
}

// Tries bounds what may be tried to come in or to prove: thirty tries a browser in ten
// minutes; a network behind one address six hundred.
func (s *Service) Tries() web.Rate {
	return web.Rate{Count: 30, Per: 10 * time.Minute, Cookie: s.CookieName(BrowserCookie), Crowd: 20}
}
