package pages

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/assets"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

const (
	// shellPath is the page that opens with no network. It stands beside the doors, whose names
	// it so never takes.
	shellPath    = "/door-page.html"
	manifestPath = "/door-app.webmanifest"
	doorStyle    = "door"
)

var doorScripts = []string{"door", "door_desk"}

func (m *Module) doorOfflineRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: door.WorkerPath, Needs: access.Public, Handler: m.sendDoorWorker},
		{Method: "GET", Pattern: shellPath, Needs: access.Public, Handler: m.showDoorShell},
		{Method: "GET", Pattern: manifestPath, Needs: access.Public, Handler: m.sendDoorManifest},
	}
}

// tellTime gives the clock of the house, by which a phone measures its own.
func tellTime(r *web.Request, now time.Time) {
	r.W.Header().Set(door.TimeHeader, now.UTC().Format(door.TimeFormat))
}

// shells are the pages that a phone keeps: that of the door, and those of other rooms.
func (m *Module) shells() []door.Shell {
	return append([]door.Shell{{Path: shellPath, Page: doorShell}, m.giveShell()}, m.Shells...)
}

func (m *Module) showDoorShell(r *web.Request) error {
	web.AllowCamera(r.W.Header())
	return m.shells()[0].Send(r)
}

var assetShape = regexp.MustCompile(assets.Prefix + `[\w.-]+`)

// sendDoorWorker gives the worker, with the names of the files that it keeps: those of the
// pages, whose names change with what they say.
func (m *Module) sendDoorWorker(r *web.Request) error {
	var files []string
	pages := map[string]string{}
	sum := sha256.New()
	for _, s := range m.shells() {
		page, err := s.Draw(r)
		if err != nil {
			return err
		}
		pages[s.Part] = r.Path(s.Path)
		sum.Write(page)
		for _, f := range assetShape.FindAll(page, -1) {
			if !slices.Contains(files, string(f)) {
				files = append(files, string(f))
			}
		}
	}
	script, err := assets.Content("door_worker.js")
	if err != nil {
		return err
	}
	kept, err := json.Marshal(map[string]any{
		"cache": "door " + string(r.Lang) + " " + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:9]), "lang": string(r.Lang),
		"pages": pages, "files": files,
	})
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Service-Worker-Allowed", r.Path("/door/"))
	_, err = r.W.Write(slices.Concat([]byte("const kept = "), kept, []byte(";\n"), script))
	return err
}

// manifestOf is the address of what a browser needs to put the door on the first screen of a phone.
func manifestOf(r *web.Request, a seats.Activity) string {
	return r.Path(manifestPath) + "?door=" + url.QueryEscape(a.Slug)
}

func (m *Module) sendDoorManifest(r *web.Request) error {
	start := r.Path("/door/" + url.PathEscape(r.URL.Query().Get("door")))
	h := r.W.Header()
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", "application/manifest+json")
	return json.NewEncoder(r.W).Encode(map[string]any{
		"id": start, "start_url": start, "scope": r.Path("/door/"), "lang": string(r.Lang), "display": "standalone",
		"name": r.Say.T("seminars.desk.title") + " · " + r.Say.T("web.site"), "short_name": r.Say.T("seminars.desk.title"),
		"background_color": "#FBF8F2", "theme_color": "#FBF8F2",
		"icons": []map[string]string{{"src": "/icon.svg", "sizes": "any", "type": "image/svg+xml"}},
	})
}
