package messages_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/mail/mailtest"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram/telegramtest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// ask calls the route of the manifest that answers the path.
func (h *house) ask(l i18n.Language, actor access.Actor, method, path string) (*httptest.ResponseRecorder, error) {
	h.t.Helper()
	return h.post(l, actor, method, path, nil)
}

// post is ask with a form.
func (h *house) post(l i18n.Language, actor access.Actor, method, path string, form url.Values) (*httptest.ResponseRecorder, error) {
	h.t.Helper()
	actor.Table = access.Table{}
	for _, m := range []module.Manifest{h.svc.Manifest(), h.people.Manifest()} {
		maps.Copy(actor.Table, m.Permissions)
	}
	rec := httptest.NewRecorder()
	mux := http.NewServeMux()
	var failed error
	for _, route := range h.svc.Manifest().Routes {
		mux.HandleFunc(route.Method+" "+route.Pattern, func(w http.ResponseWriter, hr *http.Request) {
			if !actor.MaySomewhere(route.Needs) {
				failed = fault.New(fault.Forbidden, "fault.forbidden")
				return
			}
			failed = route.Handler(&web.Request{
				Request: hr, W: w, Actor: actor, Lang: l, Say: catalogue(h.t, h.svc).Printer(l), Site: &web.Site{PublicURL: "https://ashar.example"},
			})
		})
	}
	req := httptest.NewRequestWithContext(h.t.Context(), method, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	mux.ServeHTTP(rec, req)
	return rec, failed
}

func (h *house) page(l i18n.Language, actor access.Actor, path string) string {
	h.t.Helper()
	rec, err := h.ask(l, actor, http.MethodGet, path)
	if err != nil || rec.Code != http.StatusOK {
		h.t.Fatalf("%s: %d %v", path, rec.Code, err)
	}
	body := rec.Body.String()
	if missing := regexp.MustCompile(`\[(messages|notice|web)\.[a-z._]+\]`).FindString(body); missing != "" {
		h.t.Errorf("%s in %s lacks the text %s", path, l, missing)
	}
	return body
}

func coordinator(person storage.ID) access.Actor {
	return access.Actor{Person: person, Grants: []access.Grant{{Role: access.Coordinator}}}
}

func TestAPersonSeesHerMessagesAndNobodyElses(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id := h.person(aigul, 0)
		other := h.person(people.Details{FullName: "Асан", Email: "asan@mail.example"}, 0)
		for _, l := range i18n.Languages {
			if body := h.page(l, access.Actor{Person: id}, "/my/messages"); !strings.Contains(body, "class=\"empty\"") {
				h.t.Error("no word for an empty list")
			}
		}
		h.send(invitation(id, ""))
		secret := invitation(other, "")
		secret.Args["city"] = "OTHERCITY"
		h.send(secret)
		h.work()
		for l, want := range map[i18n.Language]string{"ky": "Жөнөтүлдү", "ru": "Отправлено", "en": "Sent"} {
			body := h.page(l, access.Actor{Person: id}, "/my/messages")
			for _, w := range []string{want, string(l) + ": seminar in Naryn", "/" + string(l) + "/i/TOKEN"} {
				if !strings.Contains(body, w) {
					h.t.Errorf("%q is missing", w)
				}
			}
			if strings.Contains(body, "OTHERCITY") {
				h.t.Error("another person's message is shown")
			}
		}
	})
}

func TestStaffSeeWhatDidNotArriveAndSendItAgain(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		full := true
		srv := mailtest.Start(h.t, mailtest.Options{Answer: func(cmd string) string {
			if full && strings.HasPrefix(cmd, "RCPT") {
				return "552 5.2.2 mailbox full"
			}
			return ""
		}})
		h.svc.Mail = smtp(h.t, srv)
		id := h.person(aigul, 0)
		staff := h.person(people.Details{FullName: "Координатор"}, 0)
		h.send(invitation(id, ""))
		h.work()
		h.want(id, status{messages.Failed, "552 5.2.2", "mail"})
		body := ""
		for _, l := range i18n.Languages {
			body = h.page(l, coordinator(staff), "/staff/messages?state=failed")
		}
		for _, w := range []string{"Канарейка Айгүл", "552 5.2.2", "Send again"} {
			if !strings.Contains(body, w) {
				h.t.Errorf("%q is missing", w)
			}
		}
		for _, w := range []string{"canary.aigul@", "996555", "TOKEN", "Naryn"} {
			if strings.Contains(body, w) {
				h.t.Errorf("%q is shown to staff", w)
			}
		}
		h.page(i18n.English, coordinator(staff), "/staff/messages?state=nonsense&page=-3&activity=x")
		h.page(i18n.English, access.Actor{Person: id}, "/my/messages")
		action := regexp.MustCompile(`action="/en(/staff/messages/[^"]+/again)"`).FindStringSubmatch(body)
		if action == nil {
			h.t.Fatal("no button to send again")
		}
		full = false
		if rec, err := h.ask(i18n.English, coordinator(staff), http.MethodPost, action[1]); err != nil || rec.Code != http.StatusSeeOther {
			h.t.Fatalf("%d %v", rec.Code, err)
		}
		h.work()
		h.want(id, status{messages.Sent, "", "mail"})
		if n := len(srv.Mails()); n != 1 {
			h.t.Errorf("%d mails", n)
		}
		if _, err := h.ask(i18n.English, coordinator(staff), http.MethodPost, action[1]); !fault.Is(err, fault.Conflict) {
			h.t.Errorf("a message that was sent can be sent again: %v", err)
		}
		if n := audits(h, id); n < 2 {
			h.t.Errorf("%d looks are noted", n)
		}
	})
}

func audits(h *house, person storage.ID) (n int) {
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND action LIKE 'messages.%'`, person).Scan(&n)
	})
	return n
}

func TestOnlyStaffWatchMessagesAndOnlyTheirOwn(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		id, mine, foreign := h.person(people.Details{FullName: "Жалгыз Эл"}, 0), storage.RandomID(h.clock.Now()), storage.RandomID(h.clock.Now())
		n := invitation(id, "")
		n.Activity = foreign
		h.send(n)
		h.work()
		var message storage.ID
		h.write(func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT id FROM message`).Scan(&message)
		})
		local := access.Actor{Person: id, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{Activity: mine}}}}
		if body := h.page(i18n.English, local, "/staff/messages"); strings.Contains(body, "Жалгыз") {
			h.t.Error("a message of another activity is shown")
		}
		if _, err := h.ask(i18n.English, local, http.MethodGet, "/staff/messages?activity="+foreign.String()); !fault.Is(err, fault.Forbidden) {
			h.t.Errorf("the list of another activity: %v", err)
		}
		if _, err := h.ask(i18n.English, local, http.MethodPost, "/staff/messages/"+message.String()+"/again"); !fault.Is(err, fault.NotFound) {
			h.t.Errorf("a message of another activity: %v", err)
		}
		for _, a := range []access.Actor{{}, {Person: id}, {Person: id, Grants: []access.Grant{{Role: access.Donor}, {Role: access.Facilitator}}}} {
			if _, err := h.ask(i18n.English, a, http.MethodGet, "/staff/messages"); !fault.Is(err, fault.Forbidden) {
				h.t.Errorf("%+v: %v", a, err)
			}
		}
	})
}

// signedIn begins a session of a person who has proven who she is.
func (h *house) signedIn(person storage.ID) access.Actor {
	h.t.Helper()
	var token string
	h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		token, err = h.people.StartSession(ctx, tx, person, access.OfProof)
		return err
	})
	r := httptest.NewRequestWithContext(h.t.Context(), http.MethodGet, "/", nil)
	r.AddCookie(h.people.Cookie(token))
	a, err := h.people.Identify(r)
	if err != nil || a.Person != person {
		h.t.Fatalf("%+v, %v", a, err)
	}
	return a
}

func TestTelegramIsConnectedByALinkThatWorksOnce(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		api := telegramtest.Start(h.t, nil)
		h.svc.Telegram = fastBot(api.URL)
		id := h.person(aigul, 0)
		h.prove(id, aigul.Email)
		aged := h.signedIn(id)
		h.clock.Pass(web.FreshFor + time.Second)
		for _, path := range []string{"/my/messages/telegram", "/my/messages/telegram/stop"} {
			if _, err := h.ask(i18n.Kyrgyz, aged, http.MethodPost, path); !fault.Is(err, fault.Forbidden) {
				h.t.Errorf("a session that was left open, %s: %v", path, err)
			}
		}
		for _, r := range h.svc.Manifest().Routes {
			if strings.HasPrefix(r.Pattern, "/my/messages/telegram") && r.Fresh != "/my/messages" {
				h.t.Errorf("%s does not ask for a fresh sign-in", r.Pattern)
			}
		}
		actor := h.signedIn(id)
		rec, err := h.ask(i18n.Kyrgyz, actor, http.MethodPost, "/my/messages/telegram")
		if err != nil {
			h.t.Fatal(err)
		}
		link := regexp.MustCompile(`https://t\.me/ashar_test_bot\?start=([A-Za-z0-9_-]{1,64})"`).FindStringSubmatch(rec.Body.String())
		if link == nil {
			h.t.Fatalf("no link in\n%s", rec.Body)
		}
		// One from the session of an application: she has another proof already.
		var applied string
		h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
			applied, err = h.people.NewLink(ctx, tx, people.Link{Person: id, Purpose: people.LinkChatApplication, Once: true})
			return err
		})
		ctx, cancel := context.WithCancel(h.t.Context())
		done := make(chan struct{})
		go func() { defer close(done); h.svc.Listen(ctx) }()
		defer func() { cancel(); <-done }()
		chat := func() (chat int64) {
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				p, err := h.people.ByID(ctx, tx, id)
				chat = p.TelegramChat
				return err
			})
			return chat
		}
		states := func() map[string]people.ContactState {
			out := map[string]people.ContactState{}
			h.write(func(ctx context.Context, tx *storage.Tx) error {
				list, err := h.people.Contacts(ctx, tx, id)
				for _, c := range list {
					out[c.Value] = c.State
				}
				return err
			})
			return out
		}
		hear := func(do func()) telegramtest.Sent {
			before := len(api.Sent())
			do()
			for len(api.Sent()) == before {
				api.Wait(h.t.Context())
			}
			return api.Sent()[before]
		}
		say := func(from int64, text string) telegramtest.Sent {
			return hear(func() { api.Write(from, text) })
		}
		if got := say(6, "/start "+applied); chat() != 0 || len(states()) != 2 || !strings.Contains(got.Text, "ырасталган") {
			h.t.Errorf("a chat beside a proven address: %q, %v", got.Text, states())
		}
		if got := say(7, "/start "+link[1]); !strings.Contains(got.Text, "/stop") || got.Share == "" || chat() != 7 {
			h.t.Errorf("%+v, chat %d", got, chat())
		}
		if say(8, "/start "+link[1]); chat() != 7 {
			h.t.Error("the link works twice")
		}
		if say(8, "/start nonsense"); chat() != 7 {
			h.t.Error("nonsense connects")
		}
		if hear(func() { api.ShareNumber(8, 8, "996555123456") }); states()[aigul.Phone] != people.Typed {
			h.t.Error("a stranger's chat proves her number")
		}
		if hear(func() { api.ShareNumber(7, 7, "996777000000") }); states()[aigul.Phone] != people.Typed {
			h.t.Error("another number proves hers")
		}
		api.ShareNumber(7, 9, "996555123456") // a card that somebody sent her: nothing is answered
		if got := say(7, "/start"); states()[aigul.Phone] != people.Typed || got.Text == "" {
			h.t.Error("somebody else's card proves her number")
		}
		if hear(func() { api.ShareNumber(7, 7, "996555123456") }); states()[aigul.Phone] != people.Proven {
			h.t.Error("her own number is not proven")
		}
		if say(8, "/stop"); chat() != 7 {
			h.t.Error("a stranger disconnects")
		}
		if say(7, "/stop"); chat() != 0 {
			h.t.Error("still connected")
		}
	})
}

func TestANeutralLinkLeadsOn(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		d := aigul
		d.Neutral = true
		id := h.person(d, 0)
		n := invitation(id, "")
		n.Path = "/events/osh"
		h.send(n)
		h.work()
		link := regexp.MustCompile(`https://ashar\.example/ru(/m/\S+)`).FindStringSubmatch(box.List()[0].Text)
		if link == nil {
			h.t.Fatal(box.List()[0].Text)
		}
		rec, err := h.ask(i18n.Russian, access.Actor{}, http.MethodGet, link[1])
		if err != nil || rec.Code != http.StatusSeeOther || rec.Header().Get("Location") != "/ru/events/osh" {
			h.t.Errorf("%d %q %v", rec.Code, rec.Header().Get("Location"), err)
		}
		if _, err := h.ask(i18n.Russian, access.Actor{}, http.MethodGet, "/m/unknown"); !fault.Is(err, fault.NotFound) {
			h.t.Errorf("a foreign token: %v", err)
		}
	})
}

func TestTheMailboxOfTheDemoShowsWhatWasSent(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		for _, r := range h.svc.Manifest().Routes {
			if strings.HasPrefix(r.Pattern, "/demo") {
				h.t.Error("the mailbox is open outside the demo")
			}
		}
		box := newBox()
		h.svc.Mail, h.svc.Box = box, box
		for _, l := range i18n.Languages {
			h.page(l, access.Actor{}, "/demo/mailbox")
		}
		id := h.person(aigul, 0)
		n := invitation(id, "")
		n.Args["city"] = `<img src=x onerror=alert(1)>`
		h.send(n)
		h.work()
		list := h.page(i18n.English, access.Actor{}, "/demo/mailbox?page=9")
		if !strings.Contains(list, aigul.Email) || strings.Contains(list, "<img src=x") {
			h.t.Errorf("%s", list)
		}
		body := h.page(i18n.English, access.Actor{}, "/demo/mailbox/"+url.PathEscape(box.List()[0].ID))
		if !strings.Contains(body, `href="https://ashar.example/ru/i/TOKEN"`) {
			h.t.Errorf("no link in\n%s", body)
		}
	})
}

func TestTheWebhookNeedsItsSecret(t *testing.T) {
	each(t, messages.Options{WebhookSecret: "s3cret"}, func(h *house) {
		h.svc.Telegram = fastBot("http://127.0.0.1:1")
		if _, err := h.ask(i18n.English, access.Actor{}, http.MethodPost, "/telegram/webhook"); !fault.Is(err, fault.Forbidden) {
			h.t.Error(err)
		}
	})
}

var _ mail.Sender = failing{}

type failing struct{}

func (failing) Send(context.Context, mail.Message, func(context.Context) error) error {
	return errors.New("unheard of")
}

func TestAnUnknownErrorLeavesTheMessageToTheRunner(t *testing.T) {
	each(t, messages.Options{}, func(h *house) {
		h.svc.Mail = failing{}
		id := h.person(aigul, 0)
		h.send(invitation(id, ""))
		if _, err := work(h.t.Context(), h.store, h.svc, h.clock.Now()); err == nil {
			h.t.Error("the error is swallowed")
		}
		h.want(id, status{messages.Waiting, "", ""})
	})
}
