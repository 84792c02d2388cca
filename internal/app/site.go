package app

import (
	"context"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// siteKept is how long the name of the programme is remembered: it stands on
// every page and changes once in years.
const siteKept = 5 * time.Second

// siteCache remembers what surrounds every page.
type siteCache struct {
	app *App
	nav []web.NavItem

	mu   sync.Mutex
	site *web.Site
	at   time.Time
}

func (c *siteCache) get(ctx context.Context) (*web.Site, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.app.options.Clock()
	if c.site != nil && now.Sub(c.at) < siteKept && !now.Before(c.at) {
		return c.site, nil
	}
	site := &web.Site{PublicURL: c.app.config.Base(), Demo: c.app.options.Demo, Nav: c.nav}
	err := c.app.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if fault.Is(err, fault.NotFound) {
			return nil // an empty installation has no programme yet
		}
		site.Programme = p.Name
		return err
	})
	if err != nil {
		return nil, err
	}
	c.site, c.at = site, now
	return site, nil
}
