package public

import (
	"context"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// shareImage answers /events/{slug}/share.png: what messengers show beside a
// link. They ask as strangers, so that what is by invitation has none.
func (s *Service) shareImage(r *web.Request) error {
	var a programme.Activity
	var p programme.Programme
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = programme.BySlug(ctx, tx, r.PathValue("slug")); err == nil && !a.OpenToStrangers() {
			err = programme.UnknownActivity()
		}
		if err != nil {
			return err
		}
		p, err = programme.Current(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	say := s.say.Printer(feedLanguage(r)) // the page names the language; the messenger may ask in any
	l := say.Lang
	var lines []string
	if !a.Starts.IsZero() {
		lines = append(lines, i18n.DateLongRange(l, a.Starts, a.Ends))
	}
	if a.Online {
		lines = append(lines, say.T("programme.online"))
	} else if place := strings.Trim(a.Venue.In(l)+", "+a.CityName(profile.Said(say), l), ", "); place != "" {
		lines = append(lines, place)
	}
	over, title := p.Name.In(l), a.Title.In(l)
	picture, err := s.cards.Of(r.Context(), over, title, lines)
	if err != nil {
		return err
	}
	return r.Picture("image/png", 3600, picture)
}
