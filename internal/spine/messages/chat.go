package messages

import (
	"context"
	"errors"
	"sync"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/spine/people"
)

// bindLife is how long the link works.
const bindLife = 15 * time.Minute

// botName is the bot's own name, asked once.
type botName struct {
	mu   sync.Mutex
	name string
}

func (s *Service) botName(ctx context.Context) (string, error) {
	s.bot.mu.Lock()
	defer s.bot.mu.Unlock()
	if s.bot.name != "" {
		return s.bot.name, nil
	}
	name, err := s.Telegram.Name(ctx)
	s.bot.name = name
	return name, err
}

// Listen hears what people write to the bot until the context ends: /start
// with a one-time link connects, /stop disconnects. It returns at once when
// there is no bot, or when Telegram posts to the webhook instead.
func (s *Service) Listen(ctx context.Context) {
	if s.Telegram == nil || s.WebhookSecret != "" {
		return
	}
	s.Telegram.Listen(ctx, s.hear, func(err error) {
		s.Log.WarnContext(ctx, "telegram does not answer", "err", err)
	})
}

// hear does what a person asked the bot for, and answers in the chat.
func (s *Service) hear(ctx context.Context, u telegram.Update) error {
	c := u.Command()
	if c.Name == "" {
		return nil
	}
	lang, key, share := spoken(c.Language), "messages.bot.stopped", false
	var answer storage.ID // in hand, for somebody we know
	quiet := false        // she is being erased
	hold := func(ctx context.Context, tx *storage.Tx, person storage.ID) error {
		answer = tx.NewID()
		there, leaving, err := s.hold(ctx, tx, answer, person)
		quiet = !there || !leaving.IsZero()
		return err
	}
	err := s.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		answer, quiet = storage.ID{}, false
		if c.Name == "stop" {
			who, err := s.People.ByChat(ctx, tx, c.Chat)
			if err != nil {
				return err
			}
			for i, p := range who {
				lang = p.Lang
				if i == 0 { // one answer goes to all who share the chat
					if err := hold(ctx, tx, p.ID); err != nil {
						return err
					}
				}
				if err := s.People.DropChat(ctx, tx, p.ID, c.Chat); err != nil {
					return err
				}
			}
			return nil
		}
		if c.Name == "number" {
			key = "messages.bot.number_other"
			who, err := s.People.ByChat(ctx, tx, c.Chat)
			if err != nil {
				return err
			}
			if len(who) > 0 {
				lang = who[0].Lang
				if err := hold(ctx, tx, who[0].ID); err != nil || quiet {
					return err
				}
			}
			n, err := s.People.ProvePhone(ctx, tx, c.Chat, c.Payload)
			if err != nil || n == 0 {
				return err
			}
			key = "messages.bot.number"
			return nil
		}
		key = "messages.bot.hello"
		if c.Payload == "" {
			return nil
		}
		key = "messages.bot.expired"
		p, err := s.People.ConnectChat(ctx, tx, c.Payload, c.Chat)
		if fault.Is(err, fault.Forbidden) {
			key = "messages.bot.proven"
			return nil
		}
		if fault.Of(err) != nil {
			return nil
		}
		if err != nil {
			return err
		}
		lang, key = p.Lang, "messages.bot.connected"
		if share = p.Phone != ""; share {
			key = "messages.bot.connected_number"
		}
		return hold(ctx, tx, p.ID)
	})
	if err != nil {
		return err
	}
	if quiet {
		return nil
	}
	if !answer.IsZero() {
		defer s.letGo(ctx, s.Store, answer)
	}
	if _, ok := i18n.Parse(string(lang)); !ok {
		lang = i18n.Kyrgyz
	}
	// An answer that is lost is no reason to do it again.
	words := telegram.Message{Chat: c.Chat, Text: s.say.Printer(lang).T(key)}
	if share {
		words.ShareNumber = s.say.Printer(lang).T("messages.bot.share")
	}
	err = s.Telegram.Send(ctx, words, func(context.Context) error { return nil })
	var refused *telegram.Error
	if errors.As(err, &refused) {
		s.Log.InfoContext(ctx, "the bot could not answer", "err", refused)
		return nil
	}
	return err
}

// spoken is our language for the language of a telephone.
func spoken(code string) i18n.Language {
	if len(code) >= 2 {
		switch code[:2] {
		case "ru", "uz", "tg":
			return i18n.Russian
		case "en":
			return i18n.English
		}
	}
	return i18n.Kyrgyz
}

// ChatLink makes the address that connects a chat with the record of an application,
// as its first proof; empty when there is no bot.
func (s *Service) ChatLink(ctx context.Context, person storage.ID) (string, error) {
	if s.Telegram == nil {
		return "", nil
	}
	return s.bindLink(ctx, people.Link{Person: person, Purpose: people.LinkChatApplication})
}

// HasChat reports whether there is a bot to connect with.
func (s *Service) HasChat() bool { return s.Telegram != nil }

// bindLink makes the address that connects the person's Telegram.
func (s *Service) bindLink(ctx context.Context, l people.Link) (string, error) {
	name, err := s.botName(ctx)
	if err != nil {
		s.Log.WarnContext(ctx, "telegram does not answer", "err", err)
		return "", fault.New(fault.Unavailable, "messages.fault.telegram")
	}
	var token string
	err = s.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		l.Until, l.Once = tx.Now.Add(bindLife), true
		token, err = s.People.NewLink(ctx, tx, l)
		return err
	})
	return telegram.Link(name, token), err
}
