package messages

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// Watch lets staff see how messages fare, and send them again.
const Watch access.Permission = "messages.watch"

// states are the filters of the staff page, what needs somebody first.
var states = []string{Failed, Unsure, Skipped, Waiting, Sending, Sent, Cancelled}

// staffRow is a message as staff see it: to whom, about what kind of thing, how
// far; never its text.
type staffRow struct {
	message
	Name, Title, Activity string
	Late, Again           bool
}

// staffPage is the page "Messages".
type staffPage struct {
	State      string
	Activity   storage.ID
	All        bool // every activity may be watched
	Activities []activityChoice
	Counts     map[string]int
	List       []staffRow
	Page, Of   int
}

type activityChoice struct {
	ID    storage.ID
	Title string
}

func (p staffPage) path(state string, activity storage.ID, page int) string {
	q := url.Values{}
	if state != "" {
		q.Set("state", state)
	}
	if !activity.IsZero() {
		q.Set("activity", activity.String())
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return "/staff/messages"
	}
	return "/staff/messages?" + q.Encode()
}

// watch answers GET /staff/messages. Whoever has the permission for single
// activities only, sees those, one at a time.
func (s *Service) watch(r *web.Request) error {
	q := r.URL.Query()
	page := staffPage{State: q.Get("state"), Page: max(1, number(q.Get("page")))}
	if page.State != "" && !slices.Contains(states, page.State) {
		page.State = ""
	}
	if id, err := storage.ParseID(q.Get("activity")); err == nil {
		page.Activity = id
	}
	var shown staffPage
	err := s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		shown = page
		return s.fill(ctx, tx, r, &shown)
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, staffView(r, shown))
}

func (s *Service) fill(ctx context.Context, tx *storage.Tx, r *web.Request, page *staffPage) error {
	all, err := s.may(ctx, tx, r.Actor, storage.ID{})
	if err != nil {
		return err
	}
	if err := s.offer(ctx, tx, r, page, all); err != nil {
		return err
	}
	page.Counts, page.List = map[string]int{}, nil
	everywhere := page.Activity.IsZero()
	type count struct {
		state string
		n     int
	}
	counts, err := storage.All(ctx, tx, func(row storage.Scanner) (c count, err error) {
		err = row.Scan(&c.state, &c.n)
		return c, err
	}, `SELECT state, COUNT(*) FROM message WHERE ($1 OR activity_id = $2) GROUP BY state`, everywhere, page.Activity)
	if err != nil {
		return err
	}
	total := 0
	for _, c := range counts {
		page.Counts[c.state] = c.n
		if page.State == "" || page.State == c.state {
			total += c.n
		}
	}
	page.Of = max(1, (total+perPage-1)/perPage)
	page.Page = min(page.Page, page.Of)
	rows, err := storage.All(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM message
		WHERE ($1 OR activity_id = $2) AND ($3 = '' OR state = $3)
		ORDER BY CASE WHEN state IN ('failed', 'unsure') THEN 0 ELSE 1 END, moved_at DESC, id DESC
		LIMIT $4 OFFSET $5`, everywhere, page.Activity, page.State, perPage, (page.Page-1)*perPage)
	if err != nil {
		return err
	}
	for _, m := range rows {
		row := staffRow{message: m, Late: m.State == Waiting && m.Due.Before(tx.Now.Add(-lateAfter))}
		row.Again = m.Sealed != nil && (m.State == Failed || m.State == Unsure || m.State == Skipped)
		if !m.Activity.IsZero() {
			row.Activity = s.title(ctx, tx, m.Activity, r.Lang)
		}
		row.Title = kindTitle(r.Say, m)
		// Names only where somebody has to be called, and each look is noted.
		if row.Again {
			p, err := s.recipient(ctx, tx, m.Person)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			row.Name = p.FullName
			if err := audit.Looked(ctx, tx, audit.Looks{Reader: r.Actor.Person, Persons: []storage.ID{m.Person}, Object: m.Activity, Action: "messages.audit.seen"}); err != nil {
				return err
			}
		}
		page.List = append(page.List, row)
	}
	return nil
}

// offer lists the activities that have messages and that this person may
// watch, and settles which one is shown: any, all of them, or, for whoever
// watches single ones, the first. Forbidden when it is none of hers.
func (s *Service) offer(ctx context.Context, tx *storage.Tx, r *web.Request, page *staffPage, all bool) error {
	page.Activities = nil
	ids, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
		err = row.Scan(&id)
		return id, err
	}, `SELECT DISTINCT activity_id FROM message WHERE activity_id IS NOT NULL ORDER BY activity_id`)
	if err != nil {
		return err
	}
	for _, id := range ids {
		ok, err := s.may(ctx, tx, r.Actor, id)
		if err != nil {
			return err
		}
		if ok && s.Activity != nil {
			page.Activities = append(page.Activities, activityChoice{id, s.title(ctx, tx, id, r.Lang)})
		}
		if ok && !all && page.Activity.IsZero() {
			page.Activity = id
		}
	}
	page.All = all
	if all {
		return nil
	}
	if page.Activity.IsZero() { // nothing has been sent for hers yet
		page.Activity = tx.NewID()
		return nil
	}
	if ok, err := s.may(ctx, tx, r.Actor, page.Activity); err != nil || ok {
		return err
	}
	return fault.New(fault.Forbidden, "fault.forbidden")
}

// kindTitle names the kind of a message: by its .name, else by what its subject
// says without arguments, "You are invited". The arguments stay sealed.
func kindTitle(say *i18n.Printer, m message) string {
	if m.Secret {
		return say.T("messages.secret")
	}
	if key := "notice." + m.Kind + ".name"; say.Has(key) {
		return say.T(key)
	}
	if key := "notice." + m.Kind + ".subject"; say.Has(key) {
		return i18n.Capital(strings.Trim(say.T(key), " :.,–—«»“”"))
	}
	return say.T("messages.untitled")
}

func (s *Service) title(ctx context.Context, tx *storage.Tx, id storage.ID, l i18n.Language) string {
	if s.Activity == nil {
		return ""
	}
	t, err := s.Activity(ctx, tx, id)
	if err != nil {
		return ""
	}
	return t.In(l)
}

// again answers POST /staff/messages/{id}/again.
func (s *Service) again(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "messages.fault.unknown")
	}
	err = s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return s.SendAgain(ctx, tx, r.Actor, id)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "messages.again.done")
	return r.Redirect("/staff/messages")
}
