package messages_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
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
		h.prove(id, aigul.Email)
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

// Whom staff have added by hand gets no letter by it, and the first that she gets greets
// nobody by the name that was typed in.
func TestALetterToWhomStaffHaveAddedGreetsNobodyByName(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		boss := h.person(people.Details{FullName: "Координатор"}, 0)
		by := access.Actor{Person: boss, Grants: []access.Grant{{Role: access.Coordinator}}}
		var added people.Person
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			out, err := h.people.Add(ctx, tx, people.Add{
				By: by, Form: tx.NewID(), Source: people.SaidByPhone, Day: tx.Now.In(i18n.Bishkek()).Format(time.DateOnly),
				Details: people.Details{FullName: "Выиграли Тысячу", Email: "typed@mail.example", Lang: "ru"},
			})
			added = out.Person
			return err
		})
		h.work()
		if n := len(box.List()); n != 0 {
			h.t.Fatalf("%d letters left when she was added", n)
		}
		h.send(invitation(added.ID, ""))
		h.work()
		list := box.List()
		if len(list) != 1 || strings.Contains(list[0].Text+list[0].HTML+list[0].Subject, "Выиграли") || !strings.HasPrefix(list[0].Text, "Здравствуйте!\n") {
			h.t.Errorf("her invitation: %+v", list)
		}
	})
}

// Whoever fills in a form chooses the name: what he wrote as one comes to no address of
// others as words of ours.
func TestALetterToATypedAddressGreetsNobodyByName(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(people.Details{FullName: "Выиграли Тысячу", Email: "typed@mail.example", Lang: "ru"}, 0)
		reply := invitation(id, "")
		reply.Reply, reply.Activity = true, storage.ID{}
		form := invitation(id, "")
		form.Typed, form.Activity = "typed@mail.example", storage.ID{}
		for _, n := range []messages.Notice{invitation(id, ""), reply, form} {
			h.send(n)
		}
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			return h.svc.SendProof(ctx, tx, id, "typed@mail.example", "/prove/x")
		})
		h.work()
		if n := len(box.List()); n != 4 {
			h.t.Fatalf("%d letters: the test proves nothing", n)
		}
		for _, m := range box.List() {
			if strings.Contains(m.Text+m.HTML+m.Subject, "Выиграли") || !strings.HasPrefix(m.Text, "Здравствуйте!\n") {
				h.t.Errorf("a letter to an address that nobody has proven:\n%s", m.Text)
			}
		}
		h.prove(id, "typed@mail.example")
		h.send(invitation(id, ""))
		h.work()
		if m := box.List()[0]; !strings.HasPrefix(m.Text, "Здравствуйте, Выиграли Тысячу!") {
			h.t.Errorf("once she has proven it:\n%s", m.Text)
		}
	})
}

// The letter that asks an address is neutral where she chose so.
func TestALetterThatAsksAnAddressIsNeutralWhereSheChoseSo(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(people.Details{FullName: "Асан", Email: "typed@mail.example", Lang: "ru", Neutral: true}, 0)
		n := invitation(id, "")
		n.Typed, n.Activity = "typed@mail.example", storage.ID{}
		h.send(n)
		h.work()
		m := box.List()[0]
		if strings.Contains(m.Text+m.Subject+m.HTML, "seminar") || strings.Contains(m.Text, "Семинар") || !strings.Contains(m.Text, "/i/TOKEN") || m.Subject != "Вам сообщение" {
			h.t.Errorf("%q\n%s", m.Subject, m.Text)
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
		h.clock.Pass(61 * time.Minute)
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
		h.clock.Pass(2 * time.Minute)
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
			h.clock.Pass(7 * time.Hour)
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

// TestAParagraphBesideTheTextIsReadInItsLanguagesAlone sends one message to readers of each
// language, and to one who wants neutral ones.
func TestAParagraphBesideTheTextIsReadInItsLanguagesAlone(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		for i, one := range []struct {
			lang    i18n.Language
			neutral bool
			want    string
		}{
			{i18n.Russian, false, "Автобус для: Айгүл эже\n\nhttps://ashar.example/ru/i/TOKEN"},
			{i18n.English, false, "The bus, Айгүл эже\n"},
			{i18n.Kyrgyz, false, ""}, // not written
			{i18n.Russian, true, ""},
		} {
			d := aigul
			d.Lang, d.Neutral, d.Email = one.lang, one.neutral, fmt.Sprintf("reader%d@mail.example", i)
			id := h.person(d, 0)
			h.prove(id, d.Email)
			n := invitation(id, "")
			n.Beside = i18n.Text{Ru: "Автобус для: {name}\n\n{link}", En: "The bus, {name}"}
			h.send(n)
			h.work()
			list := box.List()
			var text string
			for _, m := range list {
				if m.To == d.Email {
					text = m.Text
				}
			}
			if text == "" || !strings.Contains(text, one.want) || one.want == "" && (strings.Contains(text, "Автобус") || strings.Contains(text, "bus")) || strings.ContainsAny(text, "{}") {
				t.Errorf("reader %d reads %q", i, text)
			}
		}
	})
}

// TestWordsOfStaffStandInPlaceOfTheHousesInTheirLanguagesAlone sends one message to readers of
// each language, and to one who wants neutral ones; what stands in an argument is no place.
func TestWordsOfStaffStandInPlaceOfTheHousesInTheirLanguagesAlone(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		for i, one := range []struct {
			lang    i18n.Language
			neutral bool
			own     bool
		}{{i18n.Russian, false, true}, {i18n.English, false, false}, {i18n.Kyrgyz, false, true}, {i18n.Russian, true, false}} {
			d := aigul
			d.Lang, d.Neutral, d.Email = one.lang, one.neutral, fmt.Sprintf("words%d@mail.example", i)
			id := h.person(d, 0)
			h.prove(id, d.Email)
			n := invitation(id, "")
			n.Args["title"] = "Жер {name} {link}"
			n.Instead = messages.Instead{
				Subject: i18n.Text{Ky: "Тема: {title}", Ru: "Тема: {title}"},
				Body:    i18n.Text{Ky: "{name}, келиңиз: {title}, {day}", Ru: "{name}, приходите: {title}, {day}"},
			}
			h.send(n)
			h.work()
			for _, m := range box.List() {
				if m.To != d.Email {
					continue
				}
				if got := strings.Contains(m.Subject, "Тема: Жер {name} {link}"); got != one.own {
					t.Errorf("reader %d: subject %q", i, m.Subject)
				}
				if got := strings.Contains(m.Text, "Жер {name} {link}, ") && strings.Contains(m.Text, "Айгүл эже, "); got != one.own && one.lang != i18n.English {
					t.Errorf("reader %d reads %q", i, m.Text)
				}
				if !strings.Contains(m.Text, "\n-- \n") || one.neutral && strings.Contains(m.Text, "приходите") {
					t.Errorf("reader %d reads %q", i, m.Text)
				}
			}
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
		h.clock.Pass(11 * time.Minute)
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
		h.prove(id, aigul.Email)
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

// outcome sends a notice to a person and tells how it ended.
func (h *house) outcome(n messages.Notice) status {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM message WHERE person_id = $1`, n.To)
		return err
	})
	h.send(n)
	h.work()
	return h.status(n.To)
}

func TestWhoIsNotProvenHearsOfHerApplicationAndOfNothingElse(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		api := telegramtest.Start(h.t, nil)
		h.svc.Mail, h.svc.Box, h.svc.Telegram = box, box, fastBot(api.URL)
		general := func(to storage.ID) messages.Notice {
			n := invitation(to, "")
			n.Activity = storage.ID{}
			return n
		}
		id := h.person(aigul, 0)
		if got := h.outcome(invitation(id, "")); got != (status{messages.Sent, "", "mail"}) {
			h.t.Errorf("about her application: %+v", got)
		}
		if got := h.outcome(general(id)); got != (status{messages.Skipped, "unproven", ""}) {
			h.t.Errorf("anything else: %+v", got)
		}
		reply := general(id)
		if reply.Reply = true; h.outcome(reply) != (status{messages.Sent, "", "mail"}) {
			h.t.Errorf("an answer to what she asked: %+v", h.status(id))
		}
		h.prove(id, aigul.Email)
		if got := h.outcome(general(id)); got != (status{messages.Sent, "", "mail"}) {
			h.t.Errorf("once she is proven: %+v", got)
		}
		// The chat is proven, the address is typed: what is not about her application never goes there.
		chatting := h.person(people.Details{FullName: "Асан", Email: "asan@mail.example"}, 7)
		if got := h.outcome(general(chatting)); got != (status{messages.Sent, "", "telegram"}) {
			h.t.Errorf("to her chat: %+v", got)
		}
		h.write(func(ctx context.Context, tx *storage.Tx) error { return h.people.DropChat(ctx, tx, chatting, 7) })
		if got := h.outcome(general(chatting)); got != (status{messages.Skipped, "unproven", ""}) {
			h.t.Errorf("to a typed address of who has proven a chat: %+v", got)
		}
		if got := h.outcome(invitation(chatting, "")); got != (status{messages.Sent, "", "mail"}) {
			h.t.Errorf("about her application: %+v", got)
		}
		// Codes, and letters that prove, go to what is typed.
		typed := h.person(people.Details{FullName: "Бакыт", Email: "bakyt@mail.example"}, 0)
		before := len(box.List())
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			if err := h.svc.SendCode(ctx, tx, people.SignInCode{Person: typed, Channel: people.ByEmail, Email: "bakyt@mail.example", Code: "135790", Path: "/sign-in/link/x", Until: tx.Now.Add(time.Minute)}); err != nil {
				return err
			}
			if err := h.svc.SendInvitation(ctx, tx, people.RoleLetter{Person: typed, Path: "/invitation/x"}); err != nil {
				return err
			}
			return h.svc.SendProof(ctx, tx, typed, "other@mail.example", "/prove/x")
		})
		h.work()
		to := map[string]int{}
		for _, m := range box.List()[:len(box.List())-before] {
			to[m.To]++
		}
		if to["bakyt@mail.example"] != 2 || to["other@mail.example"] != 1 {
			h.t.Errorf("letters went to %v", to)
		}
	})
}

func TestACodeForAChatNeverComesByMail(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		api := telegramtest.Start(h.t, func(chat int64, _ int) *telegramtest.Answer {
			if chat == 13 {
				return &telegramtest.Answer{Code: 403}
			}
			return nil
		})
		h.svc.Mail, h.svc.Box, h.svc.Telegram = box, box, fastBot(api.URL)
		code := func(to storage.ID, chat string) {
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				return h.svc.SendCode(ctx, tx, people.SignInCode{Person: to, Channel: people.ByTelegram, Chat: chat, Code: "135790", Path: "/sign-in/link/x", Until: tx.Now.Add(10 * time.Minute)})
			})
			h.work()
		}
		d := people.Details{FullName: "Асан", Email: "typed@mail.example"}
		for chat, person := range map[string]storage.ID{"7": h.person(d, 7), "13": h.person(d, 13), "8": h.person(d, 0)} {
			code(person, chat)
		}
		if n := len(box.List()); n != 0 {
			h.t.Errorf("%d codes by mail", n)
		}
		got := map[int64]bool{}
		for _, m := range api.Sent() {
			got[m.Chat] = strings.Contains(m.Text, "135790")
		}
		if !got[7] || !got[8] || got[13] {
			h.t.Errorf("sent %v", got)
		}
		// Without a bot it goes nowhere.
		h.svc.Telegram = nil
		code(h.person(d, 0), "9")
		if n := len(box.List()); n != 0 {
			h.t.Errorf("%d codes by mail without a bot", n)
		}
	})
}

func TestWhatWasReplacedIsToldThereAlone(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		api := telegramtest.Start(h.t, nil)
		h.svc.Mail, h.svc.Box, h.svc.Telegram = box, box, fastBot(api.URL)
		id := h.person(aigul, 7)
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			for _, c := range []people.Change{{Email: "before@mail.kg"}, {Chat: "8"}} {
				c.Person, c.What, c.Only, c.Path = id, "people.change.contact", true, "/contact/undo/TOKEN"
				if err := h.svc.SendChange(ctx, tx, c); err != nil {
					return err
				}
			}
			return nil
		})
		h.work()
		if list := box.List(); len(list) != 1 || list[0].To != "before@mail.kg" || !strings.Contains(list[0].Text, "/contact/undo/TOKEN") {
			h.t.Errorf("mail %+v", list)
		}
		if list := api.Sent(); len(list) != 1 || list[0].Chat != 8 || !strings.HasSuffix(list[0].URL, "/contact/undo/TOKEN") {
			h.t.Errorf("chats %+v", list)
		}
	})
}
