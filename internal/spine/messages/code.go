package messages

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// SendCode brings a sign-in code: at once, in neutral words, over the channel
// it was asked for, and never after it has expired. The code is sealed until
// it leaves and kept nowhere afterwards. It makes the service a people.Courier.
func (s *Service) SendCode(ctx context.Context, tx *storage.Tx, c people.SignInCode) error {
	channel := byMail
	if c.Channel == people.ByTelegram {
		channel = byTelegram
	}
	return s.Send(ctx, tx, Notice{
		To: c.Person, Kind: "messages.code", Args: map[string]any{"code": c.Code, "until": Clock(c.Until)},
		Path: c.Path, Until: c.Until, secret: true, channel: channel,
	})
}

// SendChange tells a person that how she is reached, gets in or what she may do has
// changed: on her channel, and by mail to the address before when that changed.
func (s *Service) SendChange(ctx context.Context, tx *storage.Tx, c people.Change) error {
	n := Notice{To: c.Person, Kind: "messages.access_changed", Args: map[string]any{"what": Term(c.What)}, Path: "/me#sessions"}
	if err := s.Send(ctx, tx, n); err != nil || c.Email == "" {
		return err
	}
	n.email = c.Email
	return s.Send(ctx, tx, n)
}
