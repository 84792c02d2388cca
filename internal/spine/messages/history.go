package messages

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
)

// history is what was sent to a person, with what became of it: of activities that the asker
// may watch, and of none for who watches all. Its words stay sealed.
func (s *Service) history() module.History {
	return module.History{
		Kind: "messages", Order: 200, Text: "messages.past",
		Count: func(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) (int, error) {
			w, err := s.watchedOf(ctx, tx, r.Actor, person)
			return w.count, err
		},
		Tell: s.tell,
	}
}

// watching is of which activities somebody may watch the messages of a person.
type watching struct {
	all        bool // every message of hers
	none       bool // those of no activity
	activities []storage.ID
	count      int
}

// places gives where activities lie. What is there no more lies in itself alone.
func (s *Service) places(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]Place, error) {
	out := make(map[storage.ID]Place, len(ids))
	for _, id := range ids {
		out[id] = Place{Scope: access.Scope{Activity: id}}
	}
	if s.Places == nil {
		return out, nil
	}
	found, err := s.Places(ctx, tx, ids)
	for id, p := range found {
		out[id] = p
	}
	return out, err
}

func (s *Service) watchedOf(ctx context.Context, tx *storage.Tx, actor access.Actor, person storage.ID) (w watching, err error) {
	type group struct {
		activity storage.ID
		n        int
	}
	groups, err := storage.All(ctx, tx, func(row storage.Scanner) (g group, err error) {
		err = row.Scan(&g.activity, &g.n)
		return g, err
	}, `SELECT activity_id, COUNT(*)
		FROM message
		WHERE person_id = $1
		GROUP BY activity_id`, person)
	if err != nil {
		return w, err
	}
	var ids []storage.ID
	for _, g := range groups {
		if !g.activity.IsZero() {
			ids = append(ids, g.activity)
		}
	}
	places, err := s.places(ctx, tx, ids)
	if err != nil {
		return w, err
	}
	w.all = true
	for _, g := range groups {
		may := false
		if g.activity.IsZero() {
			if may, err = s.may(ctx, tx, actor, g.activity); err != nil {
				return w, err
			}
			w.none = may
		} else if may = actor.May(Watch, places[g.activity].Scope); may {
			w.activities = append(w.activities, g.activity)
		}
		w.all = w.all && may
		if may {
			w.count += g.n
		}
	}
	return w, nil
}

func (s *Service) tell(ctx context.Context, tx *storage.Tx, r *web.Request, p module.Past) ([]module.Happening, error) {
	w, err := s.watchedOf(ctx, tx, r.Actor, p.Person)
	if err != nil {
		return nil, err
	}
	var rows []message
	read := func(condition string, more ...any) error {
		args := append([]any{p.Person, p.At, p.Below[:], p.Most}, more...)
		list, err := storage.All(ctx, tx, scanMessage, `SELECT `+messageColumns+`
			FROM message
			WHERE person_id = $1 AND (made_at < $2 OR made_at = $2 AND id < $3)`+condition+`
			ORDER BY made_at DESC, id DESC
			LIMIT $4`, args...)
		rows = append(rows, list...)
		return err
	}
	if w.all {
		err = read("")
	} else if w.none {
		err = read(" AND activity_id IS NULL")
	}
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(w.activities, 200) {
		if w.all {
			break
		}
		marks, args := make([]string, len(part)), make([]any, len(part))
		for i, id := range part {
			marks[i], args[i] = "$"+strconv.Itoa(i+5), id
		}
		if err := read(" AND activity_id IN ("+strings.Join(marks, ", ")+")", args...); err != nil {
			return nil, err
		}
	}
	var ids []storage.ID
	for _, m := range rows {
		if !m.Activity.IsZero() && !slices.Contains(ids, m.Activity) {
			ids = append(ids, m.Activity)
		}
	}
	places, err := s.places(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []module.Happening
	for _, m := range rows {
		out = append(out, module.Happening{ID: m.ID, Event: s.event(r, m, places[m.Activity].Title)})
	}
	return p.Newest(out), nil
}

// event tells a message with what became of it.
func (s *Service) event(r *web.Request, m message, title i18n.Text) kit.Event {
	e := kit.Event{At: m.Made, What: kindTitle(r.Say, m), Kind: tone(m.State), Why: delivery(r, m)}
	if t := title.In(r.Lang); t != "" {
		e.What = r.Say.T("messages.past.about", "kind", e.What, "activity", t)
	}
	if mayGoAgain(m) && !m.Activity.IsZero() {
		e.More = kit.Link{Path: staffOf().Path + "?" + byState + "=" + m.State + "&" + byActivity + "=" + m.Activity.String(), Label: r.Say.T("messages.past.go")}
	}
	return e
}

// delivery says in words what became of a message: how, when, by which try and why not.
func delivery(r *web.Request, m message) string {
	words := []string{r.Say.T("messages.state." + m.State)}
	if m.Channel != "" {
		words = append(words, r.Say.T("messages.channel."+m.Channel))
	}
	words = append(words, i18n.DateTime(r.Lang, shownAt(m)))
	if m.Attempts > 1 {
		words = append(words, r.Say.T("messages.past.try", "number", m.Attempts))
	}
	said := strings.Join(words, ", ")
	if why := explain(r, m, false); why != "" {
		said += ". " + why
	}
	return said
}

// mostFailed bounds how many messages of one person are looked at for what did not arrive.
const mostFailed = 100

// attention tells that messages of the last week did not reach a person.
func (s *Service) attention(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) ([]module.Attention, error) {
	rows, err := storage.All(ctx, tx, scanMessage, `SELECT `+messageColumns+`
		FROM message
		WHERE person_id = $1 AND state IN ('failed', 'unsure') AND moved_at >= $2
		ORDER BY made_at DESC, id DESC
		LIMIT $3`, person, storage.Micros(tx.Now.Add(-failedFor)), mostFailed)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var ids []storage.ID
	for _, m := range rows {
		if !m.Activity.IsZero() {
			ids = append(ids, m.Activity)
		}
	}
	places, err := s.places(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	all, err := s.may(ctx, tx, r.Actor, storage.ID{})
	if err != nil {
		return nil, err
	}
	var last kit.Event
	count := 0
	for _, m := range rows {
		if m.Activity.IsZero() && !all || !m.Activity.IsZero() && !r.Actor.May(Watch, places[m.Activity].Scope) {
			continue
		}
		if count++; count == 1 {
			last = s.event(r, m, places[m.Activity].Title)
		}
	}
	if count == 0 {
		return nil, nil
	}
	return []module.Attention{{Words: r.Say.T("messages.attention", "count", count, "last", last.What, "how", last.Why), Bad: true, More: last.More}}, nil
}
