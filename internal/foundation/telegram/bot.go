package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"
)

// Options say which bot this is.
type Options struct {
	Token  string
	URL    string       // of the Bot API, empty for Telegram's own
	Client *http.Client // nil: one with a time-out
	Pace   *Pace        // nil: the API's limits
}

// Bot sends and receives.
type Bot struct {
	url, token string
	client     *http.Client
	pace       *Pace
}

// New makes a bot.
func New(o Options) *Bot {
	b := &Bot{url: strings.TrimRight(o.URL, "/"), token: o.Token, client: o.Client, pace: o.Pace}
	if b.url == "" {
		b.url = "https://api.telegram.org"
	}
	if b.client == nil {
		b.client = &http.Client{Timeout: 75 * time.Second} // longer than a long poll
	}
	if b.pace == nil {
		b.pace = NewPace(30, time.Second)
	}
	return b
}

// Button is a link under a message.
type Button struct{ Label, URL string }

// Message is a plain text for one chat: nothing in it is markup.
type Message struct {
	Chat   int64
	Text   string
	Button Button // none when the URL is empty
	Photo  []byte // a PNG, the text becomes its caption; nil for none
	// ShareNumber labels a button by which the person may share her own number; empty for none.
	ShareNumber string
	// Protect keeps the text from being forwarded or saved.
	Protect bool
}

// Post is a message in a channel, which everybody may read and nobody may answer.
type Post struct {
	Channel string // its public name with the sign before it, "@ashar"; the bot may post there
	Text    string
	Button  Button // none when the URL is empty
	Photo   []byte // a PNG, the text becomes its caption; nil for none
}

// Error tells why a message was not sent. It never holds the token or a chat.
type Error struct {
	Code    int           // of the API, 0 when it did not answer
	Blocked bool          // the person stopped the bot or is gone: use another channel
	Again   bool          // another try may succeed
	After   time.Duration // not before, when the API said so
	Unsure  bool          // the message may have been taken: the answer was lost
	Same    bool          // a post that is amended says so already
	Gone    bool          // a post that is amended is there no more
	err     error
}

// Error is for logs.
func (e *Error) Error() string {
	if e.Code == 0 {
		return "telegram: no answer"
	}
	return fmt.Sprintf("telegram: %d", e.Code)
}

// Send sends a message. ready is called once, right before the request leaves;
// when it fails nothing has been sent and Send returns its error. All other
// errors are *Error.
func (b *Bot) Send(ctx context.Context, m Message, ready func(context.Context) error) error {
	if err := b.pace.Wait(ctx, m.Chat); err != nil {
		return &Error{Again: true, err: err}
	}
	fields := map[string]any{"chat_id": m.Chat}
	if m.Protect {
		fields["protect_content"] = true
	}
	m.Button.into(fields)
	if m.ShareNumber != "" {
		fields["reply_markup"] = map[string]any{
			"keyboard":        [][]map[string]any{{{"text": shorten(m.ShareNumber, 60), "request_contact": true}}},
			"resize_keyboard": true, "one_time_keyboard": true,
		}
	}
	if err := ready(ctx); err != nil {
		return err
	}
	_, err := b.leave(ctx, fields, m.Text, m.Photo)
	return err
}

// channels is the chat under which the pace counts all channels: a channel is slower than
// a chat, and nobody waits for a post.
const channels = 0

// Post posts in a channel and gives the number of the post there. ready is called once,
// right before the request leaves, as by Send.
func (b *Bot) Post(ctx context.Context, p Post, ready func(context.Context) error) (number int64, err error) {
	if err := b.pace.Wait(ctx, channels); err != nil {
		return 0, &Error{Again: true, err: err}
	}
	fields := map[string]any{"chat_id": p.Channel}
	p.Button.into(fields)
	if err := ready(ctx); err != nil {
		return 0, err
	}
	return b.leave(ctx, fields, p.Text, p.Photo)
}

// Amend puts another text and button in the place of those of a post, which keeps its
// picture. A post that says so already, or that is gone, is no error; one that the bot may
// not amend is.
func (b *Bot) Amend(ctx context.Context, number int64, p Post) error {
	if err := b.pace.Wait(ctx, channels); err != nil {
		return &Error{Again: true, err: err}
	}
	fields := map[string]any{"chat_id": p.Channel, "message_id": number}
	p.Button.into(fields)
	method := "editMessageText"
	if p.Photo != nil {
		method, fields["caption"] = "editMessageCaption", shorten(p.Text, mostCaption)
	} else {
		fields["text"] = shorten(p.Text, mostText)
		fields["link_preview_options"] = map[string]bool{"is_disabled": true}
	}
	err := b.call(ctx, method, fields, nil)
	var e *Error
	if errors.As(err, &e) && (e.Same || e.Gone) {
		return nil
	}
	return b.slower(err)
}

// The API's bounds of a text and of what stands below a picture, in characters.
const (
	mostText    = 4096
	mostCaption = 1024
)

// into puts a button under a message.
func (l Button) into(fields map[string]any) {
	if l.URL != "" {
		fields["reply_markup"] = map[string]any{"inline_keyboard": [][]map[string]string{{{"text": shorten(l.Label, 60), "url": l.URL}}}}
	}
}

// leave sends what is written and gives its number in the chat. The answer is waited for
// also when the caller goes: half a request is neither sent nor not sent.
func (b *Bot) leave(ctx context.Context, fields map[string]any, text string, photo []byte) (number int64, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	var sent struct {
		Number int64 `json:"message_id"`
	}
	if photo != nil {
		fields["caption"] = shorten(text, mostCaption)
		err = b.upload(ctx, "sendPhoto", fields, "photo", "code.png", photo, &sent)
	} else {
		fields["text"] = shorten(text, mostText)
		fields["link_preview_options"] = map[string]bool{"is_disabled": true}
		err = b.call(ctx, "sendMessage", fields, &sent)
	}
	return sent.Number, b.slower(err)
}

// slower waits as long as the API asks before the next, and gives the error on.
func (b *Bot) slower(err error) error {
	var e *Error
	if errors.As(err, &e) && e.After > 0 {
		b.pace.Pause(e.After)
	}
	return err
}

// Name asks the bot's own name, the part after t.me/. It also proves the token.
func (b *Bot) Name(ctx context.Context) (string, error) {
	var me struct {
		Username string `json:"username"`
	}
	err := b.call(ctx, "getMe", nil, &me)
	return me.Username, err
}

func (b *Bot) call(ctx context.Context, method string, fields map[string]any, result any) error {
	body, err := json.Marshal(fields)
	if err != nil {
		return fmt.Errorf("telegram: encode %s: %w", method, err)
	}
	return b.post(ctx, method, "application/json", body, result)
}

func (b *Bot) upload(ctx context.Context, method string, fields map[string]any, name, file string, content []byte, result any) error {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key, v := range fields {
		text, ok := v.(string)
		if !ok {
			raw, err := json.Marshal(v)
			if err != nil {
				return fmt.Errorf("telegram: encode %s: %w", method, err)
			}
			text = string(raw)
		}
		if err := w.WriteField(key, text); err != nil {
			return err
		}
	}
	part, err := w.CreateFormFile(name, file)
	if err != nil {
		return err
	}
	if _, err := part.Write(content); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return b.post(ctx, method, w.FormDataContentType(), body.Bytes(), result)
}

func (b *Bot) post(ctx context.Context, method, contentType string, body []byte, result any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url+"/bot"+b.token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return errors.New("telegram: the address of the API cannot be read") // the cause holds the token
	}
	req.Header.Set("Content-Type", contentType)
	res, err := b.client.Do(req)
	if err != nil {
		return &Error{Again: notConnected(err), Unsure: !notConnected(err), err: ctx.Err()}
	}
	defer res.Body.Close()
	var answer struct {
		OK         bool            `json:"ok"`
		Result     json.RawMessage `json:"result"`
		Code       int             `json:"error_code"`
		Words      string          `json:"description"` // the one place where it says why an amendment is refused
		Parameters struct {
			RetryAfter int `json:"retry_after"`
		} `json:"parameters"`
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return &Error{Unsure: true}
	}
	if err := json.Unmarshal(raw, &answer); err != nil || !answer.OK {
		code := answer.Code
		if code == 0 {
			code = res.StatusCode
		}
		e := &Error{Code: code}
		switch {
		case code == http.StatusBadRequest:
			words := strings.ToLower(answer.Words)
			e.Same = strings.Contains(words, "message is not modified")
			e.Gone = strings.Contains(words, "message to edit not found") || strings.Contains(words, "message_id_invalid")
		case code == http.StatusForbidden:
			e.Blocked = true
		case code == http.StatusTooManyRequests:
			e.Again = true
			e.After = time.Duration(max(answer.Parameters.RetryAfter, 1)) * time.Second
		case code == http.StatusUnauthorized:
			e.Again = true // our token, not the person
		case code >= 500:
			e.Again = true
		case code < 300:
			e.Unsure = true // an answer, but not the API's
		}
		return e
	}
	if result != nil {
		if err := json.Unmarshal(answer.Result, result); err != nil {
			return fmt.Errorf("telegram: read the answer to %s: %w", method, err)
		}
	}
	return nil
}

// Link is the address that opens the bot and hands it a payload of at most 64
// letters, digits, "_" and "-".
func Link(bot, payload string) string { return "https://t.me/" + bot + "?start=" + payload }

func shorten(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}
