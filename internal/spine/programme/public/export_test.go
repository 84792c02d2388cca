package public

import "platforma.kg/ashar/internal/foundation/web/share"

// Draw lets a test draw the pictures to share.
func (s *Service) Draw(draw func(over, title string, under []string) ([]byte, error)) {
	s.cards = share.NewCards(draw)
}
