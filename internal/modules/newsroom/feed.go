package newsroom

import (
	"context"
	"encoding/xml"
	"io"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/prose"
	"platforma.kg/ashar/internal/spine/programme"
)

// feedPath is the address of the feed in a language.
func feedPath(l i18n.Language) string { return "/news/feed.atom?lang=" + string(l) }

// inFeed is how many releases a feed holds.
const inFeed = 50

// atom is a feed of RFC 4287.
type atom struct {
	XMLName xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string     `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Author  atomPerson `xml:"author"`
	Links   []atomLink `xml:"link"`
	Entries []atomEntry
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	XMLName   xml.Name `xml:"entry"`
	ID        string   `xml:"id"`
	Title     string   `xml:"title"`
	Published string   `xml:"published"`
	Updated   string   `xml:"updated"`
	Summary   string   `xml:"summary,omitempty"`
	Link      atomLink `xml:"link"`
	Content   atomText `xml:"content"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Lang string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	Text string `xml:",chardata"`
}

// feed answers /news/feed.atom?lang=ky: the public releases that can be read in the
// language, the newest first.
func (m *Module) feed(r *web.Request) error {
	l := languageOf(r)
	var list []Release
	var name, organiser string
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		name, organiser = p.Name.In(l), p.Organiser.In(l)
		list = nil
		for skip := 0; len(list) < inFeed && skip < mostListed; skip += inFeed {
			some, err := listOpen(ctx, tx, inFeed, skip)
			if err != nil {
				return err
			}
			for _, one := range some {
				if one.In(l) == l && len(list) < inFeed {
					list = append(list, one)
				}
			}
			if len(some) < inFeed {
				break
			}
		}
		return nil
	}); err != nil {
		return err
	}
	base := ""
	if r.Site != nil {
		base = r.Site.PublicURL
	}
	address := base + feedPath(l)
	out := atom{
		Lang: string(l), ID: address, Title: name, Author: atomPerson{organiser},
		Links: []atomLink{{"self", "application/atom+xml", address}, {"alternate", "text/html", base + web.PathIn(l, "/news")}},
	}
	updated := time.Time{}
	for _, one := range list {
		entry, err := one.entry(base, l)
		if err != nil {
			return err
		}
		out.Entries = append(out.Entries, entry)
		if one.Changed.After(updated) {
			updated = one.Changed
		}
	}
	out.Updated = updated.UTC().Format(time.RFC3339)
	r.W.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	r.W.Header().Set("Cache-Control", "public, max-age=60")
	if _, err := io.WriteString(r.W, xml.Header); err != nil {
		return err
	}
	return xml.NewEncoder(r.W).Encode(out)
}

func (r Release) entry(base string, l i18n.Language) (atomEntry, error) {
	body, err := prose.HTML(r.Texts.Body.Exactly(l))
	if err != nil {
		return atomEntry{}, err
	}
	return atomEntry{
		// The id stays when the address of the site or the title changes.
		ID: "urn:uuid:" + r.ID.String(), Title: r.Texts.Title.Exactly(l), Summary: r.Texts.Lead.Exactly(l),
		Published: r.Public.UTC().Format(time.RFC3339), Updated: r.Changed.UTC().Format(time.RFC3339),
		Link: atomLink{"alternate", "text/html", base + web.PathIn(l, r.path())}, Content: atomText{"html", string(l), body},
	}, nil
}
