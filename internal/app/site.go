package app

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// siteKept is how long the name of the programme is remembered: it stands on
// every page and changes once in years.
const siteKept = 5 * time.Second

// siteCache remembers what surrounds every page.
type siteCache struct {
	app                    *App
	nav, footer, strip     []web.NavItem
	account, applied, more web.NavItem

	mu   sync.Mutex
	site *web.Site
	at   time.Time
}

// claim takes the links that a module says for places in which there is one alone.
func (c *siteCache) claim(m module.Manifest) error {
	for _, link := range []struct {
		of *web.NavItem
		is web.NavItem
	}{{&c.account, m.Account}, {&c.applied, m.Applied}, {&c.more, m.More}} {
		if link.is.Path == "" {
			continue
		}
		if link.of.Path != "" {
			return fmt.Errorf("%s leads where %s does", link.is.Path, link.of.Path)
		}
		*link.of = link.is
	}
	return nil
}

func (c *siteCache) get(ctx context.Context) (*web.Site, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.app.options.Clock()
	if c.site != nil && now.Sub(c.at) < siteKept && !now.Before(c.at) {
		return c.site, nil
	}
	site := &web.Site{
		PublicURL: c.app.config.Base(), Demo: c.app.options.Demo, Nav: c.nav, Footer: c.footer, Strip: c.strip,
		SignIn: "/sign-in", SignOut: "/sign-out", Account: c.account, Applied: c.applied, More: c.more,
	}
	err := c.app.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if fault.Is(err, fault.NotFound) {
			return nil // an empty installation has no programme yet
		}
		site.Programme = p.Name
		site.Support = c.support(p)
		if err != nil {
			return err
		}
		site.Nav, err = c.there(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	c.site, c.at = site, now
	return site, nil
}

// there gives the links of the navigation that lead to something.
func (c *siteCache) there(ctx context.Context, tx *storage.Tx) (out []web.NavItem, err error) {
	appears := map[string]module.Appears{}
	for _, m := range c.app.house.Manifests() {
		maps.Copy(appears, m.Appears)
	}
	for _, item := range c.nav {
		is := true
		if ask := appears[item.Path]; ask != nil {
			if is, err = ask(ctx, tx); err != nil {
				return nil, err
			}
		}
		if is {
			out = append(out, item)
		}
	}
	return out, nil
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
