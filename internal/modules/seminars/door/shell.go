package door

import (
	"bytes"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/web"
)

const (
	// WorkerPath is the script that opens the pages of a door with no network.
	WorkerPath = "/door-worker.js"
	// TimeHeader is the clock of the house in its answers to a device, which measures its own by
	// it; TimeFormat is how it is written.
	TimeHeader = "Ashar-Time"
	TimeFormat = "2006-01-02T15:04:05.000Z"
)

// Shell is a page that a phone keeps for when there is no network: that of the door, or of a part
// of it. Its address stands beside the doors, whose names it so never takes.
type Shell struct {
	Part string // what stands behind the address of a door, "day"; empty for the door itself
	Path string
	Page func(*web.Request) templ.Component
}

// Draw draws the page for a stranger: nothing on it is of who asks.
func (s Shell) Draw(r *web.Request) ([]byte, error) {
	stranger := *r
	stranger.Actor = access.Actor{}
	var b bytes.Buffer
	err := s.Page(&stranger).Render(r.Context(), &b)
	return b.Bytes(), err
}

// Send answers with the page; anybody gets the same.
func (s Shell) Send(r *web.Request) error {
	page, err := s.Draw(r)
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-cache")
	r.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = r.W.Write(page)
	return err
}
