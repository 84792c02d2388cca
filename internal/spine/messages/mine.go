package messages

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/telegram"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

const perPage = 20

// view is a message as its person sees it.
type view struct {
	message
	Subject    string
	Paragraphs []string
	Action     string
	Path       string
}

func (v view) text() string { return strings.Join(v.Paragraphs, "\n\n") }

// view writes a message again from what is sealed. A secret one has no text any more.
func (s *Service) view(ctx context.Context, tx *storage.Tx, p people.Person, m message, say *i18n.Printer) (view, error) {
	v := view{message: m, Subject: say.T("messages.untitled")}
	if m.Secret {
		v.Subject = say.T("messages.secret")
		return v, nil
	}
	if m.Sealed == nil {
		return v, nil
	}
	c, err := s.open(ctx, tx, m)
	if err != nil {
		return v, err
	}
	p.Lang, p.Neutral = say.Lang, false // she is signed in and reads the page's language
	l, err := s.compose(p, m.Kind, c, c.Path, false, true, i18n.Text{})
	if err != nil {
		return v, nil // a kind of long ago: its row stays, its words are gone
	}
	v.Subject, v.Paragraphs, v.Action, v.Path = l.Subject, l.Paragraphs, l.Action, c.Path
	return v, nil
}

// minePage is the page "My messages".
type minePage struct {
	List      []view
	Page, Of  int
	Telegram  bool // there is a bot
	Connected bool
	BindURL   string // once asked for
}

// mine answers GET /my/messages.
func (s *Service) mine(r *web.Request) error { return s.showMine(r, "") }

func (s *Service) showMine(r *web.Request, bind string) error {
	page := minePage{Page: max(1, number(r.URL.Query().Get("page"))), Telegram: s.Telegram != nil, BindURL: bind}
	err := s.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		page.List = nil
		p, err := s.recipient(ctx, tx, r.Actor.Person)
		if err != nil {
			return err
		}
		page.Connected = p.TelegramChat != 0
		var count int
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM message WHERE person_id = $1 AND state <> 'cancelled'`, p.ID).Scan(&count); err != nil {
			return err
		}
		page.Of = max(1, (count+perPage-1)/perPage)
		page.Page = min(page.Page, page.Of)
		rows, err := storage.All(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM message
			WHERE person_id = $1 AND state <> 'cancelled'
			ORDER BY made_at DESC, id DESC LIMIT $2 OFFSET $3`, p.ID, perPage, (page.Page-1)*perPage)
		if err != nil {
			return err
		}
		for _, m := range rows {
			v, err := s.view(ctx, tx, p, m, r.Say)
			if err != nil {
				return err
			}
			page.List = append(page.List, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, mineView(r, page))
}

// connect answers POST /my/messages/telegram: the page comes back with the link.
func (s *Service) connect(r *web.Request) error {
	if s.Telegram == nil {
		return fault.New(fault.NotFound, "messages.fault.unknown")
	}
	if err := people.MustBeFresh(s.Store.Now(), r.Actor); err != nil { // it adds a way in
		return err
	}
	link, err := s.bindLink(r.Context(), people.Link{Person: r.Actor.Person, Purpose: people.LinkChat, Ref: r.Actor.Session})
	if err != nil {
		return err
	}
	return s.showMine(r, link)
}

// disconnect answers POST /my/messages/telegram/stop.
func (s *Service) disconnect(r *web.Request) error {
	err := s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return s.People.DisconnectOwnChat(ctx, tx, r.Actor)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "messages.telegram.stopped")
	return r.Redirect("/my/messages")
}

// follow answers GET /m/{token}: the neutral link of a message leads on.
func (s *Service) follow(r *web.Request) error {
	var path string
	err := s.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		l, err := s.People.PeekLink(ctx, tx, r.PathValue("token"), linkPurpose)
		if err != nil {
			return err
		}
		m, err := messageByID(ctx, tx, l.Ref)
		if err != nil {
			return fault.New(fault.Gone, "messages.fault.unknown")
		}
		c, err := s.open(ctx, tx, m)
		path = c.Path
		return err
	})
	if err != nil {
		return err
	}
	if path == "" {
		path = "/my/messages"
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Redirect(path)
}

// hook answers POST /telegram/webhook.
func (s *Service) hook(r *web.Request) error {
	u, ok := telegram.ReadWebhook(r.Request, s.WebhookSecret)
	if !ok {
		return fault.New(fault.Forbidden, "messages.fault.unknown")
	}
	if err := s.hear(r.Context(), u); err != nil {
		return err
	}
	r.W.WriteHeader(http.StatusNoContent)
	return nil
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n > 1_000_000 {
		return 0
	}
	return n
}
