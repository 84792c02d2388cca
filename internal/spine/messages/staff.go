package messages

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
)

// Watch lets staff see how messages fare, and send them again.
const Watch access.Permission = "messages.watch"

// states are the filters of the staff page, what needs somebody first.
var states = []string{Failed, Unsure, Skipped, Waiting, Sending, Sent, Cancelled}

// Names of filters and columns in addresses.
const (
	byState, byActivity, byKind = "state", "activity", "kind"

	sortNeed, sortMoved = "need", "moved"

	colPerson, colState, colWhen, colTries = "person", "state", "moved", "tries"
)

// mostSought is how many people a search of messages may fit: more are no answer.
const mostSought = 500

// staffOf is what the address of the list may ask for.
func staffOf() kit.ViewOf {
	return kit.ViewOf{
		Path: "/staff/messages", Filters: []string{byState, byActivity, byKind},
		Sorts:   []string{sortNeed, sortMoved},
		Columns: []string{colPerson, colState, colWhen, colTries}, Off: []string{colTries},
	}
}

// staffRow is a message as staff see it: to whom, about what kind of thing, how
// far; never its text.
type staffRow struct {
	message
	Name, Title, Activity string
	Late, Again           bool
}

// staffPage is the page "Messages".
type staffPage struct {
	View       kit.View
	Search     bool   // the asker may look for people
	Unread     string // why what was typed is not looked for, a key; empty when it is
	Activity   storage.ID
	All        bool // every activity may be watched
	Activities []activityChoice
	Counts     map[string]map[string]int // of each filter, by its value
	List       []staffRow
	Count, Of  int
	From       int
	Prev, Next bool
	Undo       []Undoable
	sought     sought
}

type activityChoice struct {
	ID    storage.ID
	Title string
}

// watch answers GET /staff/messages. Whoever has the permission for single
// activities only, sees those, one at a time.
func (s *Service) watch(r *web.Request) error {
	page := staffPage{View: kit.ReadView(r, staffOf()), Search: r.Actor.MaySomewhere("people.view")}
	if state := page.View.Filter(byState); state != "" && !slices.Contains(states, state) {
		page.View = page.View.Without(byState)
	}
	if text := page.View.Text; text != "" {
		// Whom messages are to is looked for as on the list of people: in memory, and only
		// among those whom the asker may see there.
		q := people.ListQuery{Actor: r.Actor, Text: text}
		switch {
		case !page.Search || !q.Searches():
			page.Unread = "messages.staff.unread"
		default:
			found, err := s.People.List(r.Context(), q)
			if err != nil {
				return err
			}
			if len(found.IDs) > mostSought {
				page.Unread = "messages.staff.too_many"
			} else {
				page.sought.persons, page.sought.named = found.IDs, true
			}
		}
	}
	if page.Unread != "" {
		page.View = page.View.WithoutText()
	}
	if id, err := storage.ParseID(page.View.Filter(byActivity)); err == nil {
		page.Activity = id
	} else {
		page.View = page.View.Without(byActivity)
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
	return r.Page(http.StatusOK, staffView(r, shown, shown.list(r)))
}

// seek is the form of the search: it may be a name, so that no address holds it.
func (s *Service) seek(r *web.Request) error { return kit.Find(r, staffOf()) }

func (s *Service) fill(ctx context.Context, tx *storage.Tx, r *web.Request, page *staffPage) error {
	all, err := s.may(ctx, tx, r.Actor, storage.ID{})
	if err != nil {
		return err
	}
	if err := s.offer(ctx, tx, r, page, all); err != nil {
		return err
	}
	page.sought.activity, page.sought.state, page.sought.kind = page.Activity, page.View.Filter(byState), page.View.Filter(byKind)
	found, err := page.sought.page(ctx, tx, page.View)
	if err != nil {
		return err
	}
	page.Counts, page.Count, page.Of, page.From, page.Prev, page.Next = found.counts, found.count, found.of, found.from, found.prev, found.next
	page.List = nil
	for _, m := range found.rows {
		row := staffRow{message: m, Late: m.State == Waiting && m.Due.Before(tx.Now.Add(-lateAfter)), Again: mayGoAgain(m)}
		if !m.Activity.IsZero() {
			row.Activity = s.title(ctx, tx, m.Activity, r.Lang)
		}
		row.Title = kindTitle(r.Say, m)
		// Names only where somebody has to be called or was looked for, and each look is noted.
		if row.Again || page.sought.named {
			if row.Name, err = s.named(ctx, tx, r.Actor.Person, m); err != nil {
				return err
			}
		}
		page.List = append(page.List, row)
	}
	page.Undo, err = s.Undoables(ctx, tx, r.Actor.Person)
	return err
}

// named gives the name of who a message is to, and notes that it was seen.
func (s *Service) named(ctx context.Context, tx *storage.Tx, reader storage.ID, m message) (string, error) {
	p, err := s.recipient(ctx, tx, m.Person)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	return p.FullName, audit.Looked(ctx, tx, audit.Looks{Reader: reader, Persons: []storage.ID{m.Person}, Object: m.Activity, Action: "messages.audit.seen"})
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
