// Package telegramtest is a stand-in of the Bot API for tests: it keeps what
// bots send, hands out what people write, and misbehaves on demand.
package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Token is the one the stand-in knows.
const Token = "12345:stand-in"

// Sent is a message of the bot.
type Sent struct {
	Method string
	Chat   int64
	// Channel is the name of the channel, where it is no chat.
	Channel string
	Number  int64  // of the message, given by the stand-in; of one that is amended, given by the bot
	Text    string // or the caption
	Label   string // of the button
	URL     string
	Share   string // label of the button by which a person shares her own number
	Photo   []byte
}

// Answer is what the API says instead of taking a message.
type Answer struct {
	Code       int
	RetryAfter int
	Words      string // why, as the API describes it; empty: what the code says
	Break      bool   // the connection breaks; the message is kept when Keep is set
	Keep       bool
}

// API is a running stand-in.
type API struct {
	URL     string
	mu      sync.Mutex
	sent    []Sent
	calls   int
	updates []json.RawMessage
	next    int64
	fresh   chan struct{}
	called  chan struct{}
	answer  func(chat int64, call int) *Answer
}

// Start runs a stand-in until the test ends. answer may be nil; call counts
// the messages from 1, the refused ones too.
func Start(t testing.TB, answer func(chat int64, call int) *Answer) *API {
	t.Helper()
	a := &API{answer: answer, fresh: make(chan struct{}, 1), called: make(chan struct{}, 1)}
	srv := httptest.NewServer(a)
	a.URL = srv.URL
	t.Cleanup(srv.Close)
	return a
}

// Sent gives what was taken so far.
func (a *API) Sent() []Sent {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]Sent(nil), a.sent...)
}

// Wait ends when a message came since the last Wait, or with the context.
func (a *API) Wait(ctx context.Context) {
	select {
	case <-a.called:
	case <-ctx.Done():
	}
}

// Write lets a person write to the bot.
func (a *API) Write(chat int64, text string) {
	a.add(map[string]any{"message": map[string]any{"text": text, "chat": map[string]any{"id": chat, "type": "private"}, "from": map[string]any{"language_code": "ky"}}})
}

// ShareNumber lets a person send a card with a number: her own, or that of another owner,
// 0 for a card whose owner Telegram does not know.
func (a *API) ShareNumber(chat, owner int64, number string) {
	a.add(map[string]any{"message": map[string]any{
		"chat": map[string]any{"id": chat, "type": "private"}, "from": map[string]any{"id": chat, "language_code": "ky"},
		"contact": map[string]any{"phone_number": number, "user_id": owner},
	}})
}

// Block lets a person stop the bot.
func (a *API) Block(chat int64) {
	a.add(map[string]any{"my_chat_member": map[string]any{"chat": map[string]any{"id": chat}, "new_chat_member": map[string]any{"status": "kicked"}}})
}

func (a *API) add(u map[string]any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next++
	u["update_id"] = a.next
	raw, _ := json.Marshal(u)
	a.updates = append(a.updates, raw)
	select {
	case a.fresh <- struct{}{}:
	default:
	}
}

// ServeHTTP answers a bot.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method, known := strings.CutPrefix(r.URL.Path, "/bot"+Token+"/")
	if !known {
		say(w, http.StatusUnauthorized, 0, nil)
		return
	}
	switch method {
	case "getMe":
		say(w, 0, 0, map[string]any{"id": 12345, "is_bot": true, "username": "ashar_test_bot"})
	case "getUpdates":
		a.getUpdates(w, r)
	case "sendMessage", "sendPhoto", "editMessageText", "editMessageCaption":
		a.take(w, r, method)
	default:
		say(w, http.StatusNotFound, 0, nil)
	}
}

func (a *API) getUpdates(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Offset int64 `json:"offset"`
	}
	json.NewDecoder(r.Body).Decode(&q)
	for {
		a.mu.Lock()
		out := []json.RawMessage{}
		for i, u := range a.updates {
			if int64(i+1) >= q.Offset {
				out = append(out, u)
			}
		}
		a.mu.Unlock()
		if len(out) > 0 {
			say(w, 0, 0, out)
			return
		}
		select {
		case <-a.fresh:
		case <-r.Context().Done():
			return
		}
	}
}

func (a *API) take(w http.ResponseWriter, r *http.Request, method string) {
	s := Sent{Method: method}
	markup := ""
	if method == "sendPhoto" {
		if err := r.ParseMultipartForm(10 << 20); err != nil {
			say(w, http.StatusBadRequest, 0, nil)
			return
		}
		s.to(r.FormValue("chat_id"))
		s.Text, markup = r.FormValue("caption"), r.FormValue("reply_markup")
		if f, _, err := r.FormFile("photo"); err == nil {
			s.Photo, _ = io.ReadAll(f)
		}
	} else {
		var q struct {
			Chat    any             `json:"chat_id"`
			Number  int64           `json:"message_id"`
			Text    string          `json:"text"`
			Caption string          `json:"caption"`
			Markup  json.RawMessage `json:"reply_markup"`
		}
		body := json.NewDecoder(r.Body)
		body.UseNumber()
		if err := body.Decode(&q); err != nil {
			say(w, http.StatusBadRequest, 0, nil)
			return
		}
		s.to(fmt.Sprint(q.Chat))
		s.Number, s.Text, markup = q.Number, q.Text+q.Caption, string(q.Markup)
	}
	var m struct {
		Keyboard [][]struct{ Text, URL string } `json:"inline_keyboard"`
		Share    [][]struct {
			Text    string
			Contact bool `json:"request_contact"`
		} `json:"keyboard"`
	}
	if json.Unmarshal([]byte(markup), &m) == nil {
		if len(m.Keyboard) > 0 && len(m.Keyboard[0]) > 0 {
			s.Label, s.URL = m.Keyboard[0][0].Text, m.Keyboard[0][0].URL
		}
		if len(m.Share) > 0 && len(m.Share[0]) > 0 && m.Share[0][0].Contact {
			s.Share = m.Share[0][0].Text
		}
	}
	a.mu.Lock()
	a.calls++
	var answer *Answer
	if a.answer != nil {
		answer = a.answer(s.Chat, a.calls)
	}
	if s.Number == 0 {
		s.Number = int64(a.calls)
	}
	if answer == nil || answer.Keep {
		a.sent = append(a.sent, s)
	}
	a.mu.Unlock()
	select {
	case a.called <- struct{}{}:
	default:
	}
	switch {
	case answer == nil:
		say(w, 0, 0, map[string]any{"message_id": s.Number})
	case answer.Break:
		panic(http.ErrAbortHandler)
	default:
		sayWhy(w, answer.Code, answer.RetryAfter, answer.Words, nil)
	}
}

// to notes where a message goes: the number of a chat, or the name of a channel.
func (s *Sent) to(chat string) {
	number, err := strconv.ParseInt(chat, 10, 64)
	if err != nil {
		s.Channel = chat
	}
	s.Chat = number
}

func say(w http.ResponseWriter, code, retryAfter int, result any) {
	sayWhy(w, code, retryAfter, http.StatusText(code), result)
}

func sayWhy(w http.ResponseWriter, code, retryAfter int, words string, result any) {
	if words == "" {
		words = http.StatusText(code)
	}
	out := map[string]any{"ok": code == 0}
	if code != 0 {
		out["error_code"], out["description"] = code, words
		if retryAfter > 0 {
			out["parameters"] = map[string]int{"retry_after": retryAfter}
		}
		w.WriteHeader(code)
	} else {
		out["result"] = result
	}
	json.NewEncoder(w).Encode(out)
}
