package messages_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/mail/mailtest"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/telegram/telegramtest"
	"platforma.kg/ashar/internal/spine/messages"
)

// Nothing that tells who got which message is in clear in the database or the log.
func TestCanariesStaySealed(t *testing.T) {
	t.Parallel()
	dir := ""
	c := storagetest.NewClock(start)
	s := storagetest.Open(t, storagetest.With(func(o *storage.Options) { o.Clock = c.Now; dir = filepath.Dir(o.Path) }))
	h := newHouse(t, s, c, messages.Options{})
	refuse := mailtest.Start(t, mailtest.Options{Answer: func(cmd string) string {
		if strings.HasPrefix(cmd, "RCPT") {
			return "550 5.1.1 no canary.aigul@mail.example here"
		}
		return ""
	}})
	api := telegramtest.Start(t, func(int64, int) *telegramtest.Answer { return &telegramtest.Answer{Code: 403} })
	h.svc.Mail, h.svc.Telegram = smtp(t, refuse), fastBot(api.URL)
	id := h.person(aigul, 777888999)
	n := invitation(id, "")
	n.Activity = storage.RandomID(c.Now()) // her mail is typed: only what is about her application goes there
	n.Path, n.Args["name"], n.Args["phone"] = "/i/CANARYTOKEN", "Канарейка Айгүл", "+996555123456"
	h.send(n)
	h.work()
	h.want(id, status{messages.Failed, "550 5.1.1", "mail"})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	reopened, err := storage.Open(context.Background(), storage.Options{Path: filepath.Join(dir, "ashar.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer reopened.Close()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	seen := h.log.Bytes()
	for _, f := range files {
		body, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, body...)
	}
	if !bytes.Contains(seen, []byte("seminars.invited")) {
		t.Fatal("this test looks at the wrong files")
	}
	for _, canary := range []string{"Канарейка", "Айгүл", "canary.aigul", "996555123456", "CANARYTOKEN", "777888999", "Naryn"} {
		if bytes.Contains(seen, []byte(canary)) {
			t.Errorf("%q is in clear", canary)
		}
	}
}
