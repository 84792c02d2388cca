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

// bindPurpose is the link that connects a chat with a person.
const bindPurpose = "telegram.bind"

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
	lang, key := spoken(c.Language), "messages.bot.stopped"
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
			p, err := s.People.ByTelegram(ctx, tx, c.Chat)
			if fault.Is(err, fault.NotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			lang = p.Lang
			if err := hold(ctx, tx, p.ID); err != nil {
				return err
			}
			return s.People.SetTelegram(ctx, tx, p.ID, 0)
		}
		key = "messages.bot.hello"
		if c.Payload == "" {
			return nil
		}
		key = "messages.bot.expired"
		l, err := s.People.OpenLink(ctx, tx, c.Payload, bindPurpose)
		if fault.Of(err) != nil {
			return nil
		}
		if err != nil {
			return err
		}
		p, err := s.recipient(ctx, tx, l.Person)
		if err != nil {
			return err
		}
		lang, key = p.Lang, "messages.bot.connected"
		if err := hold(ctx, tx, p.ID); err != nil {
			return err
		}
		return s.People.SetTelegram(ctx, tx, p.ID, c.Chat)
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
	err = s.Telegram.Send(ctx, telegram.Message{Chat: c.Chat, Text: s.say.Printer(lang).T(key)}, func(context.Context) error { return nil })
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

// bindLink makes the address that connects the person's Telegram.
func (s *Service) bindLink(ctx context.Context, person storage.ID) (string, error) {
	name, err := s.botName(ctx)
	if err != nil {
		s.Log.WarnContext(ctx, "telegram does not answer", "err", err)
		return "", fault.New(fault.Unavailable, "messages.fault.telegram")
	}
	var token string
	err = s.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		token, err = s.People.NewLink(ctx, tx, people.Link{Person: person, Purpose: bindPurpose, Until: tx.Now.Add(bindLife), Once: true})
		return err
	})
	return telegram.Link(name, token), err
}
