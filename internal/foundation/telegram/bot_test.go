package telegram_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/foundation/telegram/telegramtest"
)

func yes(context.Context) error { return nil }

func bot(url string) *telegram.Bot {
	return telegram.New(telegram.Options{Token: telegramtest.Token, URL: url, Pace: telegram.NewPace(1_000_000, time.Microsecond)})
}

func TestAMessageCarriesOneButton(t *testing.T) {
	t.Parallel()
	api := telegramtest.Start(t, nil)
	m := telegram.Message{Chat: 7, Text: "<b>Өзгөн</b> _ *", Button: telegram.Button{Label: "Ачуу", URL: "https://example.org/ky/i/x"}}
	if err := bot(api.URL).Send(t.Context(), m, yes); err != nil {
		t.Fatal(err)
	}
	want := telegramtest.Sent{Method: "sendMessage", Chat: 7, Text: m.Text, Label: "Ачуу", URL: m.Button.URL}
	if got := api.Sent(); len(got) != 1 || got[0].Text != want.Text || got[0].Label != want.Label || got[0].URL != want.URL || got[0].Chat != 7 {
		t.Errorf("%+v", got)
	}
}

func TestAPictureCarriesTheTextAsItsCaption(t *testing.T) {
	t.Parallel()
	api := telegramtest.Start(t, nil)
	if err := bot(api.URL).Send(t.Context(), telegram.Message{Chat: 7, Text: "Билет", Photo: []byte("png")}, yes); err != nil {
		t.Fatal(err)
	}
	if got := api.Sent()[0]; got.Method != "sendPhoto" || got.Text != "Билет" || string(got.Photo) != "png" || got.Chat != 7 {
		t.Errorf("%+v", got)
	}
}

func TestAnswersOfTheAPI(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer telegramtest.Answer
		want   telegram.Error
	}{
		"a person who blocked the bot":  {telegramtest.Answer{Code: 403}, telegram.Error{Code: 403, Blocked: true}},
		"too many tells when to return": {telegramtest.Answer{Code: 429, RetryAfter: 7}, telegram.Error{Code: 429, Again: true, After: 7 * time.Second}},
		"a failure of the API":          {telegramtest.Answer{Code: 502}, telegram.Error{Code: 502, Again: true}},
		"a message it does not like":    {telegramtest.Answer{Code: 400}, telegram.Error{Code: 400}},
		"an answer that was lost":       {telegramtest.Answer{Break: true, Keep: true}, telegram.Error{Unsure: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := telegramtest.Start(t, func(int64, int) *telegramtest.Answer { return &c.answer })
			err := bot(api.URL).Send(t.Context(), telegram.Message{Chat: 987654321, Text: "x"}, yes)
			var e *telegram.Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			if e.Code != c.want.Code || e.Blocked != c.want.Blocked || e.Again != c.want.Again || e.After != c.want.After || e.Unsure != c.want.Unsure {
				t.Errorf("%+v", e)
			}
			if strings.Contains(err.Error(), telegramtest.Token) || strings.Contains(err.Error(), "987654321") {
				t.Error("the error shows a secret")
			}
			if n := len(api.Sent()); c.answer.Keep && n != 1 {
				t.Errorf("sent %d times", n)
			}
		})
	}
}

func TestNoAPIIsTriedAgain(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(nil)
	srv.Close()
	var e *telegram.Error
	if err := bot(srv.URL).Send(t.Context(), telegram.Message{Chat: 7}, yes); !errors.As(err, &e) || !e.Again || e.Unsure {
		t.Errorf("%+v", e)
	}
}

func TestAMessageThatIsNotReleasedIsNotSent(t *testing.T) {
	t.Parallel()
	api := telegramtest.Start(t, nil)
	no := errors.New("no")
	if err := bot(api.URL).Send(t.Context(), telegram.Message{Chat: 7}, func(context.Context) error { return no }); !errors.Is(err, no) {
		t.Error(err)
	}
	if len(api.Sent()) != 0 {
		t.Error("it was sent")
	}
}

func TestThePaceKeepsTheLimits(t *testing.T) {
	t.Parallel()
	p := telegram.NewPace(30, time.Second)
	start := time.Now()
	last := map[int64]time.Time{}
	var all []time.Time
	for i := range 200 {
		chat := int64(i % 50)
		at := p.Reserve(start, chat)
		if before, ok := last[chat]; ok && at.Sub(before) < time.Second {
			t.Fatalf("chat %d after %v", chat, at.Sub(before))
		}
		last[chat] = at
		all = append(all, at)
	}
	inAnySecond := 0
	for _, a := range all {
		n := 0
		for _, b := range all {
			if d := b.Sub(a); d >= 0 && d < time.Second {
				n++
			}
		}
		inAnySecond = max(inAnySecond, n)
	}
	if inAnySecond > 31 {
		t.Errorf("%d messages in one second", inAnySecond)
	}
}

func TestAMessageMayAskForTheNumberOfItsPerson(t *testing.T) {
	t.Parallel()
	api := telegramtest.Start(t, nil)
	err := bot(api.URL).Send(t.Context(), telegram.Message{Chat: 7, Text: "салам", ShareNumber: "Номеримди бөлүшүү"}, func(context.Context) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if got := api.Sent(); len(got) != 1 || got[0].Share != "Номеримди бөлүшүү" || got[0].URL != "" {
		t.Errorf("%+v", got)
	}
}

func TestTheBotHearsStartStopAndHerOwnNumber(t *testing.T) {
	t.Parallel()
	api := telegramtest.Start(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan telegram.Command)
	done := make(chan struct{})
	go func() {
		defer close(done)
		bot(api.URL).Listen(ctx, func(ctx context.Context, u telegram.Update) error {
			select {
			case got <- u.Command():
			case <-ctx.Done():
			}
			return nil
		}, func(err error) { t.Error(err) })
	}()
	api.Write(7, "/start aB_-9")
	api.Write(7, "/start a'; DROP")
	api.Write(7, "салам")
	api.Write(7, "/stop@ashar_test_bot")
	api.Block(8)
	api.ShareNumber(7, 7, "996555111222")
	api.ShareNumber(7, 8, "996555111222") // somebody else's card
	api.ShareNumber(7, 0, "996555111222")
	for _, want := range []telegram.Command{
		{Name: "start", Payload: "aB_-9", Chat: 7, Language: "ky"},
		{Name: "start", Chat: 7, Language: "ky"},
		{Chat: 7, Language: "ky"},
		{Name: "stop", Chat: 7, Language: "ky"},
		{Name: "stop", Chat: 8},
		{Name: "number", Payload: "+996555111222", Chat: 7, Language: "ky"},
		{},
		{},
	} {
		if c := <-got; c != want {
			t.Errorf("got %+v, want %+v", c, want)
		}
	}
	cancel()
	<-done
}

func TestAWebhookNeedsTheSecret(t *testing.T) {
	t.Parallel()
	body := `{"update_id":5,"message":{"text":"/start abc","chat":{"id":7,"type":"private"}}}`
	for secret, want := range map[string]bool{"right": true, "wrong": false, "": false} {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		u, ok := telegram.ReadWebhook(r, "right")
		if ok != want || ok && u.Command().Payload != "abc" {
			t.Errorf("%q: %v %+v", secret, ok, u)
		}
	}
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	if _, ok := telegram.ReadWebhook(r, ""); ok {
		t.Error("no secret lets everybody in")
	}
}

func TestAnUpdateHasABound(t *testing.T) {
	t.Parallel()
	const most = 1 << 20
	for extra, want := range map[int]bool{0: true, 1: false} {
		body := `{"update_id":5}`
		body += strings.Repeat(" ", most-len(body)+extra)
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "right")
		if _, ok := telegram.ReadWebhook(r, "right"); ok != want {
			t.Errorf("%d bytes beyond the bound: %v", extra, ok)
		}
	}
}

func TestAPostGoesToAChannelAndCanBeAmended(t *testing.T) {
	api := telegramtest.Start(t, nil)
	b := bot(api.URL)
	post := telegram.Post{Channel: "@ashar_news", Text: "Жаңылык", Button: telegram.Button{Label: "Окуу", URL: "https://ashar.example/ky/news/one"}, Photo: []byte("png")}
	number, err := b.Post(t.Context(), post, yes)
	if err != nil {
		t.Fatal(err)
	}
	if got := api.Sent()[0]; got.Method != "sendPhoto" || got.Channel != "@ashar_news" || got.Number != number || got.Text != "Жаңылык" || got.URL != post.Button.URL {
		t.Errorf("the post: %+v", got)
	}
	post.Text = "Кайтарып алынды"
	if err := b.Amend(t.Context(), number, post); err != nil {
		t.Fatal(err)
	}
	if got := api.Sent()[1]; got.Method != "editMessageCaption" || got.Channel != "@ashar_news" || got.Number != number || got.Text != "Кайтарып алынды" {
		t.Errorf("the post as it was amended: %+v", got)
	}
	if _, err := b.Post(t.Context(), telegram.Post{Channel: "@ashar_news", Text: "Экинчи"}, yes); err != nil {
		t.Fatal(err)
	}
	if got := api.Sent()[2]; got.Method != "sendMessage" || got.Number == number {
		t.Errorf("a post without a picture: %+v", got)
	}
}

// A post that says so already, or is gone, needs no amendment; of one that the bot may not
// amend its sender hears, since it says what it said.
func TestAnAmendmentThatIsRefusedIsNoSuccess(t *testing.T) {
	t.Parallel()
	for words, fine := range map[string]bool{
		"Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message": true,
		"Bad Request: message to edit not found":                         true,
		"Bad Request: MESSAGE_ID_INVALID":                                true,
		"Bad Request: message can't be edited":                           false,
		"Bad Request: chat not found":                                    false,
		"Bad Request: need administrator rights in the channel chat":     false,
		"Bad Request: not enough rights to edit messages in the channel": false,
		"Bad Request: message caption is too long":                       false,
		"": false,
	} {
		api := telegramtest.Start(t, func(int64, int) *telegramtest.Answer {
			return &telegramtest.Answer{Code: http.StatusBadRequest, Words: words}
		})
		err := bot(api.URL).Amend(t.Context(), 7, telegram.Post{Channel: "@ashar_news", Text: "Кайтарып алынды"})
		var e *telegram.Error
		if fine != (err == nil) || !fine && (!errors.As(err, &e) || e.Code != http.StatusBadRequest || e.Again) {
			t.Errorf("%q: %v", words, err)
		}
	}
}
