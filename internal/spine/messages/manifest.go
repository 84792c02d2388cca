package messages

import (
	"context"
	"embed"
	"io/fs"
	"math"
	"net/http"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var files embed.FS

// Manifest tells the house what this room offers.
func (s *Service) Manifest() module.Manifest {
	texts, err := fs.Sub(files, "text")
	if err != nil {
		panic("messages: " + err.Error()) // the folder is embedded above
	}
	m := module.Manifest{
		Name:  "messages",
		Texts: texts,
		Built: built(),
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/my/messages", Needs: access.SignedIn, Handler: s.mine},
			{Method: http.MethodPost, Pattern: "/my/messages/telegram", Needs: access.SignedIn, Handler: s.connect, Fresh: "/my/messages"},
			{Method: http.MethodPost, Pattern: "/my/messages/telegram/stop", Needs: access.SignedIn, Handler: s.disconnect, Fresh: "/my/messages"},
			{Method: http.MethodGet, Pattern: "/m/{token}", Needs: access.Public, Handler: s.follow},
			{Method: http.MethodGet, Pattern: "/staff/messages", Needs: Watch, Handler: s.watch},
			{Method: http.MethodPost, Pattern: "/staff/messages", Needs: Watch, Handler: s.seek},
			{Method: http.MethodPost, Pattern: "/staff/messages/again", Needs: Watch, Handler: s.againMany, Danger: true},
			{Method: http.MethodPost, Pattern: "/staff/messages/undo", Needs: Watch, Handler: s.takeBack, Danger: true},
			{Method: http.MethodPost, Pattern: "/staff/messages/{id}/again", Needs: Watch, Handler: s.again},
		},
		Permissions: map[access.Permission][]access.Role{Watch: {access.Coordinator, access.Admin}},
		Nav:         []web.NavItem{{Key: "messages.staff", Path: "/staff/messages", Needs: Watch, Order: 450, Group: web.Persons}},
		Waits:       []module.Wait{{Path: "/staff/messages", Needs: Watch, Count: s.countFailed}},
		Yours:       []web.NavItem{{Key: "messages.yours", Path: "/my/messages", Needs: access.SignedIn, Order: 200}},
		Find:        []module.Finder{{Kind: "messages", Order: 700, Text: "messages.staff", Needs: Watch, Find: s.find}},
		Jobs:        []jobs.Kind{s.deliverJob()},
		Today:       s.today,
		History:     []module.History{s.history()},
		Attention:   s.attention,
		Erase:       s.erase,
		UnderWay:    s.underWay,
		Merge:       Merge,
		Export:      s.export,
		Reads:       map[string]string{"messages:": "messages.kept.messages", "messages.state": "messages.state.", "messages.channel": "messages.channel."},
	}
	if s.Box != nil {
		m.Footer = append(m.Footer, web.NavItem{Key: "messages.mailbox", Path: "/demo/mailbox", Needs: access.Public, Order: 900})
		m.Routes = append(m.Routes,
			web.Route{Method: http.MethodGet, Pattern: "/demo/mailbox", Needs: access.Public, Handler: s.mailbox},
			web.Route{Method: http.MethodGet, Pattern: "/demo/mailbox/{id}", Needs: access.Public, Handler: s.mailboxLetter})
	}
	if s.WebhookSecret != "" && s.Telegram != nil {
		m.Routes = append(m.Routes,
			web.Route{Method: http.MethodPost, Pattern: "/telegram/webhook", Needs: access.Public, Handler: s.hook, Raw: true})
	}
	return m
}

// failedFor is how long staff are told of messages that did not arrive.
const failedFor = 7 * 24 * time.Hour

// countFailed counts the messages that did not arrive in the last week, of activities that
// the actor may watch: at most so many.
func (s *Service) countFailed(ctx context.Context, tx *storage.Tx, actor access.Actor, most int) (count int, err error) {
	all, err := s.may(ctx, tx, actor, storage.ID{})
	if err != nil {
		return 0, err
	}
	const query = ` FROM message WHERE state IN ('failed', 'unsure') AND moved_at >= $1`
	since := storage.Micros(tx.Now.Add(-failedFor))
	if all {
		err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1`+query+` LIMIT $2) AS few`, since, most).Scan(&count)
		return count, err
	}
	type sum struct {
		activity storage.ID
		n        int
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (c sum, err error) {
		err = row.Scan(&c.activity, &c.n)
		return c, err
	}, `SELECT activity_id, COUNT(*)`+query+` AND activity_id IS NOT NULL GROUP BY activity_id`, since)
	if err != nil {
		return 0, err
	}
	for _, c := range list {
		may, err := s.may(ctx, tx, actor, c.activity)
		if err != nil {
			return 0, err
		}
		if may {
			count += c.n
		}
	}
	return min(count, most), nil
}

// today tells staff of messages that did not arrive in the last week, as many as stand beside
// the word of the navigation, and those who see all of such as should have left long ago.
func (s *Service) today(ctx context.Context, tx *storage.Tx, r *web.Request) (out []module.Task, err error) {
	if !r.Actor.MaySomewhere(Watch) {
		return nil, nil
	}
	n, err := s.countFailed(ctx, tx, r.Actor, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	if n > 0 {
		out = append(out, module.Task{Urgency: module.Soon, Key: "messages.today.failed", Do: "messages.today.look", Args: map[string]any{"count": n}, Path: "/staff/messages"})
	}
	all, err := s.may(ctx, tx, r.Actor, storage.ID{})
	if err != nil || !all {
		return out, err
	}
	if n, err = s.late(ctx, tx); err == nil && n > 0 {
		out = append(out, module.Task{Urgency: module.Soon, Key: "messages.today.late", Do: "messages.today.look", Args: map[string]any{"count": n}, Path: "/staff/messages?state=" + Waiting})
	}
	return out, err
}
