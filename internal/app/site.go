package app

import (
	"context"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// siteKept is how long the name of the programme is remembered: it stands on
// every page and changes once in years.
const siteKept = 5 * time.Second

// siteCache remembers what surrounds every page.
type siteCache struct {
	app                *App
	nav, footer, strip []web.NavItem

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
	site := &web.Site{
		PublicURL: c.app.config.Base(), Demo: c.app.options.Demo, Nav: c.nav, SignIn: "/sign-in",
		Account: web.NavItem{Key: "my.title", Path: "/my", Needs: access.SignedIn},
		Applied: web.NavItem{Key: "web.applied", Path: "/my/applications", Needs: access.Applied}, SignOut: "/sign-out", Footer: c.footer, Strip: c.strip,
		More: web.NavItem{Key: "web.nav.more", Path: "/staff/menu", Needs: "find.use", Icon: web.MoreIcon},
	}
	err := c.app.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if fault.Is(err, fault.NotFound) {
			return nil // an empty installation has no programme yet
		}
		site.Programme = p.Name
		site.Support = c.support(p)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.site, c.at = site, now
	return site, nil
}

// support says who pays for the programme.
func (c *siteCache) support(p programme.Programme) i18n.Text {
	if p.Donor.Name.In(i18n.English) == "" {
		return i18n.Text{}
	}
	in := func(l i18n.Language) string {
		return c.app.catalogue.Printer(l).T("programme.support", "donor", p.Donor.Name.In(l))
	}
	return i18n.Text{Ky: in(i18n.Kyrgyz), Ru: in(i18n.Russian), En: in(i18n.English)}
}
