package public

import (
	"context"
	"encoding/xml"
	"io"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// robots answers /robots.txt: pages of one person are not for search engines.
func robots(r *web.Request) error {
	r.W.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(r.W, "User-agent: *\nDisallow: /demo/\nSitemap: "+publicURL(r)+"/sitemap.xml\n")
	return err
}

// sitemapEntry is one page in one language, see sitemaps.org.
type sitemapEntry struct {
	Address string `xml:"loc"`
	Changed string `xml:"lastmod,omitempty"` // 2006-01-02
}

// sitemap answers /sitemap.xml: every public page in each language.
func (s *Service) sitemap(r *web.Request) error {
	out := struct {
		XMLName xml.Name       `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		Entries []sitemapEntry `xml:"url"`
	}{}
	var all []Activity
	var others []module.OpenPage
	if err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = ForStrangers(ctx, tx, programme.Filter{State: programme.Published})
		if err == nil && s.open != nil {
			others, err = s.open(ctx, tx)
		}
		return err
	}); err != nil {
		return err
	}
	for _, l := range i18n.Languages {
		for _, path := range []string{"/", "/events", "/about", "/contact", "/privacy", "/accessibility"} {
			out.Entries = append(out.Entries, sitemapEntry{Address: publicURL(r) + web.PathIn(l, path)})
		}
		for _, a := range all {
			out.Entries = append(out.Entries, sitemapEntry{publicURL(r) + web.PathIn(l, "/events/"+a.Slug), programme.Stamp(a.Changed, "2006-01-02")})
		}
		for _, p := range others {
			out.Entries = append(out.Entries, sitemapEntry{publicURL(r) + web.PathIn(l, p.Path), programme.Stamp(p.Changed, "2006-01-02")})
		}
	}
	r.W.Header().Set("Content-Type", "application/xml; charset=utf-8")
	if _, err := io.WriteString(r.W, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(r.W).Encode(out)
}

func publicURL(r *web.Request) string {
	if r.Site == nil {
		return ""
	}
	return r.Site.PublicURL
}
