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
		Path: c.Path, Until: c.Until, secret: true, channel: channel, email: c.Email, chat: c.Chat,
	})
}

// SendChange tells a person that how she is reached, gets in or what she may do has
// changed: on her channel, and by mail to the address before when that changed.
func (s *Service) SendChange(ctx context.Context, tx *storage.Tx, c people.Change) error {
	n := Notice{To: c.Person, Kind: "messages.access_changed", Args: map[string]any{"what": Term(c.What)}, Path: "/me#sessions"}
	if c.Path != "" {
		n.Path = c.Path
	}
	if !c.Only {
		if err := s.Send(ctx, tx, n); err != nil {
			return err
		}
	}
	switch {
	case c.Email != "":
		n.email = c.Email
	case c.Chat != "":
		n.chat = c.Chat
	default:
		return nil
	}
	return s.Send(ctx, tx, n)
}

// SendInvitation brings the one-time link that wakes the roles of a person, to the address
// or chat that it was made for and to no other.
func (s *Service) SendInvitation(ctx context.Context, tx *storage.Tx, i people.RoleLetter) error {
	n := Notice{To: i.Person, Kind: "messages.invitation", Path: i.Path, Activity: i.Activity, secret: true, email: i.Email, chat: i.Chat}
	if i.Role == "" {
		return s.Send(ctx, tx, n)
	}
	p, err := s.People.ByID(ctx, tx, i.Person)
	if err != nil {
		return err
	}
	if p.Neutral { // the page says it
		return s.Send(ctx, tx, n)
	}
	n.Kind, n.Args = "messages.invitation_role", map[string]any{"role": Term("people.role." + string(i.Role)), "by": i.By, "where": Term("people.roles.everywhere")}
	if city, ok := s.People.Lists().City(i.City); ok {
		n.Args["where"] = city.Now.Name
	}
	return s.Send(ctx, tx, n)
}

// SendProof brings the letter whose button proves an e-mail address of a person.
func (s *Service) SendProof(ctx context.Context, tx *storage.Tx, person storage.ID, email, path string) error {
	return s.Send(ctx, tx, Notice{To: person, Kind: "messages.prove", Path: path, secret: true, email: email})
}
