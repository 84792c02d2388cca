package messages_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/mail/mailtest"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram/telegramtest"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

func TestAMessageComesInThePersonsLanguage(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(aigul, 0)
		h.send(invitation(id, ""))
		h.work()
		h.want(id, status{messages.Sent, "", "mail"})
		m := box.List()[0]
		for _, want := range []string{"Здравствуйте, Айгүл эже!", "Семинар, 28 ноября 2026 г., 09:30.", "Places: 3", "Answer:\nhttps://ashar.example/ru/i/TOKEN\n", "Школа гражданского лидерства"} {
			if !strings.Contains(m.Text, want) {
				t.Errorf("%q is missing in\n%s", want, m.Text)
			}
		}
		if m.Subject != "ru: seminar in Naryn" || m.To != aigul.Email {
			t.Errorf("%q to %q", m.Subject, m.To)
		}
		if !strings.Contains(m.HTML, `href="https://ashar.example/ru/i/TOKEN"`) || strings.Contains(m.HTML, "<script") {
			t.Errorf("html: %s", m.HTML)
		}
	})
}

func TestTheSameKeyIsSentOnce(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(aigul, 0)
		h.send(invitation(id, "invite/1"))
		h.send(invitation(id, "invite/1"))
		h.work()
		h.send(invitation(id, "invite/1"))
		h.work()
		if n := len(box.List()); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestAMessageOfAFailedChangeIsNotSent(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(aigul, 0)
		no := errors.New("no")
		err := h.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if err := h.svc.Send(ctx, tx, invitation(id, "")); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) {
			t.Fatal(err)
		}
		h.work()
		if n := len(box.List()); n != 0 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestAReminderWaitsAndCanBeCancelled(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(aigul, 0)
		for _, key := range []string{"a", "b", "c"} {
			n := invitation(id, key)
			n.After = h.clock.Now().Add(time.Hour)
			if key == "c" {
				n.Until = h.clock.Now().Add(30 * time.Minute)
			}
			h.send(n)
		}
		h.work()
		if n := len(box.List()); n != 0 {
			t.Fatalf("%d messages too early", n)
		}
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			n, err := h.svc.Cancel(ctx, tx, "a")
			if n != 1 {
				t.Errorf("%d cancelled", n)
			}
			return err
		})
		h.clock.Move(61 * time.Minute)
		h.work()
		if n := len(box.List()); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestTelegramThatWasBlockedFallsBackToMail(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		api := telegramtest.Start(h.t, func(chat int64, _ int) *telegramtest.Answer {
			if chat == 13 {
				return &telegramtest.Answer{Code: 403}
			}
			return nil
		})
		h.svc.Mail, h.svc.Box, h.svc.Telegram = box, box, fastBot(api.URL)
		reached := h.person(aigul, 7)
		blocked := h.person(people.Details{FullName: "Бакыт уулу Асан", Email: "asan@mail.example"}, 13)
		alone := h.person(people.Details{FullName: "Жалгыз Эл"}, 0)
		for _, id := range []storage.ID{reached, blocked, alone} {
			h.send(invitation(id, ""))
		}
		h.work()
		h.want(reached, status{messages.Sent, "", "telegram"})
		h.want(blocked, status{messages.Sent, "", "mail"})
		h.want(alone, status{messages.Skipped, "no_address", ""})
		if got := api.Sent(); len(got) != 1 || got[0].URL != "https://ashar.example/ru/i/TOKEN" || got[0].Label != "Answer" {
			t.Errorf("%+v", got)
		}
		if got := box.List(); len(got) != 1 || got[0].To != "asan@mail.example" {
			t.Errorf("%+v", got)
		}
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			p, err := h.people.ByID(ctx, tx, blocked)
			if p.TelegramChat != 0 {
				t.Error("the blocked chat is still connected")
			}
			return err
		})
	})
}

func TestTelegramIsAskedAgainWhenItSaysSo(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		api := telegramtest.Start(h.t, func(_ int64, call int) *telegramtest.Answer {
			if call == 1 {
				return &telegramtest.Answer{Code: 429, RetryAfter: 1}
			}
			return nil
		})
		h.svc.Telegram = fastBot(api.URL)
		id := h.person(people.Details{FullName: "Асан"}, 7)
		h.send(invitation(id, ""))
		h.work()
		h.want(id, status{messages.Waiting, "429", "telegram"})
		h.clock.Move(2 * time.Minute)
		h.work()
		h.want(id, status{messages.Sent, "", "telegram"})
		if n := len(api.Sent()); n != 1 {
			t.Errorf("sent %d times", n)
		}
	})
}

func TestAServerThatIsAwayIsTriedForHoursThenStaffSeeIt(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		srv := mailtest.Start(h.t, mailtest.Options{Answer: func(cmd string) string {
			if strings.HasPrefix(cmd, "RCPT") {
				return "451 4.7.1 canary.aigul@mail.example later"
			}
			return ""
		}})
		h.svc.Mail = smtp(h.t, srv)
		id := h.person(aigul, 0)
		h.send(invitation(id, ""))
		for range 8 {
			h.work()
			h.clock.Move(7 * time.Hour)
		}
		h.want(id, status{messages.Failed, "451 4.7.1", "mail"})
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			n, err := h.svc.Failed(ctx, tx, tx.Now.Add(-24*time.Hour))
			if n != 1 {
				t.Errorf("%d failed", n)
			}
			return err
		})
	})
}

func TestANeutralMessageTellsNothing(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		srv := mailtest.Start(h.t, mailtest.Options{})
		h.svc.Mail = smtp(h.t, srv)
		d := aigul
		d.Neutral, d.Lang = true, "en"
		id := h.person(d, 0)
		n := invitation(id, "")
		n.Path = "/events/gender-seminar-naryn"
		h.send(n)
		h.work()
		h.want(id, status{messages.Sent, "", "mail"})
		m := srv.Mails()[0]
		raw := strings.ToLower(strings.ReplaceAll(m.Raw, "=\r\n", ""))
		raw = strings.ReplaceAll(strings.ReplaceAll(raw, "=\n", ""), "ashar.example", "")
		for _, word := range []string{"ashar", "ашар", "seminar", "gender", "naryn", "programme", "civic", "leadership", "invited", "семинар"} {
			if strings.Contains(raw, word) {
				t.Errorf("%q is in the message:\n%s", word, m.Raw)
			}
		}
		if m.Header("Subject") != "A message for you" {
			t.Errorf("subject %q", m.Header("Subject"))
		}
		if !strings.Contains(raw, "https:///en/m/") {
			t.Errorf("no neutral link in\n%s", raw)
		}
	})
}

func TestASignInCodeLeavesNoCopy(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(aigul, 0)
		code := people.SignInCode{Person: id, Channel: people.ByEmail, Code: "135790", Path: "/sign-in/link/x", Until: h.clock.Now().Add(10 * time.Minute)}
		h.write(func(ctx context.Context, tx *storage.Tx) error { return h.svc.SendCode(ctx, tx, code) })
		h.work()
		h.want(id, status{messages.Sent, "", "mail"})
		m := box.List()[0]
		if !strings.Contains(m.Text, "135790") || !strings.Contains(m.Text, "15:10") || strings.Contains(m.Text, "Школа") || !m.Plain {
			t.Errorf("%+v", m)
		}
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			var kept int
			err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM message WHERE sealed IS NOT NULL`).Scan(&kept)
			if kept != 0 {
				t.Error("the code is still kept")
			}
			return err
		})
		h.write(func(ctx context.Context, tx *storage.Tx) error { return h.svc.SendCode(ctx, tx, code) })
		h.clock.Move(11 * time.Minute)
		h.work()
		if n := len(box.List()); n != 1 {
			t.Errorf("an expired code was sent")
		}
	})
}

func TestAnErasedPersonGetsNothing(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(aigul, 0)
		h.send(invitation(id, ""))
		h.write(func(ctx context.Context, tx *storage.Tx) error { return messages.Erase(ctx, tx, id) })
		h.work()
		if n := len(box.List()); n != 0 {
			t.Errorf("%d messages", n)
		}
	})
}

func TestASenderCannotLeadOutOfTheSite(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		id := h.person(aigul, 0)
		for _, path := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "/a\r\nBcc: x", "i/x", "/a b"} {
			n := invitation(id, "")
			n.Path = path
			if err := h.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return h.svc.Send(ctx, tx, n) }); err == nil {
				t.Errorf("%q is taken", path)
			}
		}
		n := invitation(id, "")
		n.Kind = "seminars.unheard"
		if err := h.store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return h.svc.Send(ctx, tx, n) }); err == nil {
			t.Error("a kind without a text is taken")
		}
	})
}

func TestANameCannotAddAHeader(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		srv := mailtest.Start(h.t, mailtest.Options{})
		h.svc.Mail = smtp(h.t, srv)
		id := h.person(aigul, 0)
		n := invitation(id, "")
		n.Args["city"] = "Naryn\r\nBcc: x@evil.example\r\n\r\n<script>alert(1)</script>"
		h.send(n)
		h.work()
		m := srv.Mails()[0]
		if m.Header("Bcc") != "" || strings.Contains(m.Raw[strings.Index(m.Raw, "text/html"):], "<script") {
			t.Errorf("%s", m.Raw)
		}
	})
}

func smtp(t *testing.T, srv *mailtest.Server) *mail.SMTP {
	t.Helper()
	s, err := mail.NewSMTP("smtp://"+srv.Addr, "Ashar <post@ashar.example>")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestWithoutAMailServerStaffHearOfIt(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		id := h.person(aigul, 0)
		h.send(invitation(id, ""))
		h.work()
		h.want(id, status{messages.Failed, "off", ""})
	})
}

func TestInventedPeopleGetNoRealMail(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		srv := mailtest.Start(h.t, mailtest.Options{})
		h.svc.Mail = smtp(h.t, srv)
		d := aigul
		d.Demo = true
		id := h.person(d, 0)
		h.send(invitation(id, ""))
		h.work()
		h.want(id, status{messages.Skipped, "demo", ""})
		if n := len(srv.Mails()); n != 0 {
			h.t.Errorf("%d mails to an invented address", n)
		}
	})
}

func TestAChangeOfAddressIsToldAtTheOldOneToo(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(aigul, 0)
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			return h.svc.SendChange(ctx, tx, people.Change{Person: id, What: "people.change.email", Email: "before@mail.kg"})
		})
		h.work()
		got := map[string]bool{}
		for _, m := range box.List() {
			got[m.To] = true
			if !strings.Contains(m.Text, "/me#sessions") {
				t.Errorf("no way to the devices in\n%s", m.Text)
			}
		}
		if len(box.List()) != 2 || !got["before@mail.kg"] {
			t.Errorf("sent to %v", got)
		}
	})
}
