package telegram

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// Update is what a person did in her chat with the bot.
type Update struct {
	ID   int64 `json:"update_id"`
	Text struct {
		Text string `json:"text"`
		Chat struct {
			ID   int64  `json:"id"`
			Type string `json:"type"`
		} `json:"chat"`
		From struct {
			ID       int64  `json:"id"`
			Language string `json:"language_code"`
		} `json:"from"`
		Contact struct {
			Number string `json:"phone_number"`
			User   int64  `json:"user_id"`
		} `json:"contact"`
	} `json:"message"`
	Member struct {
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
		New struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

// Command is an update in words: "start" with its payload, "stop" (also when
// the bot was blocked), "number" with the phone number that a person shared of herself,
// or "" for anything else.
type Command struct {
	Name, Payload string
	Chat          int64
	Language      string // of the person's telephone, "ky", "ru-RU"; may be empty
}

// Command reads the update. Groups are not listened to.
func (u Update) Command() Command {
	if s := u.Member.New.Status; s == "kicked" {
		return Command{Name: "stop", Chat: u.Member.Chat.ID}
	}
	c := Command{Chat: u.Text.Chat.ID, Language: u.Text.From.Language}
	if u.Text.Chat.Type != "private" {
		return Command{}
	}
	if n := u.Text.Contact; n.Number != "" {
		if n.User == 0 || n.User != u.Text.From.ID { // somebody else's card says nothing of her
			return Command{}
		}
		c.Name, c.Payload = "number", "+"+strings.TrimPrefix(n.Number, "+")
		return c
	}
	word, rest, _ := strings.Cut(strings.TrimSpace(u.Text.Text), " ")
	word, _, _ = strings.Cut(word, "@")
	switch word {
	case "/start":
		c.Name, c.Payload = "start", strings.TrimSpace(rest)
		if !payload(c.Payload) {
			c.Payload = ""
		}
	case "/stop":
		c.Name = "stop"
	}
	return c
}

func payload(s string) bool {
	return len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
	})
}

// Listen asks for updates until the context ends. An update counts as taken
// when do returns nil; a failing one is tried again, three times at most, and
// then left, so that it cannot stop the others.
func (b *Bot) Listen(ctx context.Context, do func(context.Context, Update) error, failed func(error)) {
	var offset int64
	wait, tries := time.Second, 0
	for ctx.Err() == nil {
		var list []Update
		err := b.call(ctx, "getUpdates", map[string]any{"offset": offset, "timeout": 50, "allowed_updates": []string{"message", "my_chat_member"}}, &list)
		if err == nil {
			for _, u := range list {
				if err = do(ctx, u); err != nil && tries < 2 {
					tries++
					break
				}
				offset, tries, err = u.ID+1, 0, nil
			}
		}
		if err == nil {
			wait = time.Second
			continue
		}
		if ctx.Err() != nil {
			return
		}
		failed(err)
		var e *Error
		pause := wait
		if errors.As(err, &e) && e.After > pause {
			pause = e.After
		}
		wait = min(2*wait, time.Minute)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// ReadWebhook reads an update that Telegram posts. ok is false when the secret
// header is not ours or the body is no update.
func ReadWebhook(r *http.Request, secret string) (u Update, ok bool) {
	given := r.Header.Get("X-Telegram-Bot-Api-Secret-Token")
	if secret == "" || subtle.ConstantTimeCompare([]byte(given), []byte(secret)) != 1 {
		return u, false
	}
	const most = 1 << 20
	raw, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	if err != nil || len(raw) > most {
		return u, false
	}
	return u, json.Unmarshal(raw, &u) == nil && u.ID != 0
}
