package telegram_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/telegram"
)

// Whatever is posted, a command is one of three words and its payload fit for a link.
func FuzzWebhook(f *testing.F) {
	f.Add(`{"update_id":5,"message":{"text":"/start abc","chat":{"id":7,"type":"private"}}}`)
	f.Add(`{"update_id":5,"my_chat_member":{"chat":{"id":7},"new_chat_member":{"status":"kicked"}}}`)
	f.Add(`{"update_id":1,"message":{"text":"/start@x \u202e` + "`" + `","chat":{"id":-1,"type":"group"}}}`)
	f.Add(`[`)
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "s")
		u, ok := telegram.ReadWebhook(r, "s")
		if !ok {
			return
		}
		c := u.Command()
		if c.Name != "" && c.Name != "start" && c.Name != "stop" {
			t.Errorf("command %q", c.Name)
		}
		if len(c.Payload) > 64 || strings.ContainsAny(c.Payload, " \r\n/?#&<>\"'") {
			t.Errorf("payload %q", c.Payload)
		}
	})
}
