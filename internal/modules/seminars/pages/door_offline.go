package pages

import (
	"bytes"
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
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

const (
	// workerPath is the script that opens the door's pages with no network, and shellPath the
	// page that it opens. They stand beside the doors, whose names they so never take.
	workerPath   = "/door-worker.js"
	shellPath    = "/door-page.html"
	manifestPath = "/door-app.webmanifest"
	doorStyle    = "door"
)

var doorScripts = []string{"door", "door_desk"}

func (m *Module) doorOfflineRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: workerPath, Needs: access.Public, Handler: m.sendDoorWorker},
		{Method: "GET", Pattern: shellPath, Needs: access.Public, Handler: m.showDoorShell},
		{Method: "GET", Pattern: manifestPath, Needs: access.Public, Handler: m.sendDoorManifest},
	}
}

// tellTime gives the clock of the house, by which a phone measures its own.
func tellTime(r *web.Request, now time.Time) {
	r.W.Header().Set(timeHeader, now.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// drawShell draws the page that a phone keeps, for a stranger: nothing on it is of who asks.
func (m *Module) drawShell(r *web.Request) ([]byte, error) {
	stranger := *r
	stranger.Actor = access.Actor{}
	var b bytes.Buffer
	err := doorShell(&stranger).Render(r.Context(), &b)
	return b.Bytes(), err
}

func (m *Module) showDoorShell(r *web.Request) error {
	page, err := m.drawShell(r)
	if err != nil {
		return err
	}
	web.AllowCamera(r.W.Header())
	r.W.Header().Set("Cache-Control", "no-cache")
	r.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = r.W.Write(page)
	return err
}

var assetShape = regexp.MustCompile(assets.Prefix + `[\w.-]+`)

// sendDoorWorker gives the worker, with the names of the files that it keeps: those of the
// page, whose names change with what they say.
func (m *Module) sendDoorWorker(r *web.Request) error {
	page, err := m.drawShell(r)
	if err != nil {
		return err
	}
	script, err := assets.Content("door_worker.js")
	if err != nil {
		return err
	}
	var files []string
	for _, f := range assetShape.FindAll(page, -1) {
		if !slices.Contains(files, string(f)) {
			files = append(files, string(f))
		}
	}
	sum := sha256.Sum256(page)
	kept, err := json.Marshal(map[string]any{
		"cache": "door " + string(r.Lang) + " " + base64.RawURLEncoding.EncodeToString(sum[:9]), "lang": string(r.Lang),
		"page": r.Path(shellPath), "files": files,
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
