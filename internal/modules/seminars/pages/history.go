package pages

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

// history is how a person took part: her applications with each of their moves, what she
// asked of them and when she was called; of the events that the asker selects for.
func (m *Module) history() module.History {
	return module.History{Kind: "part", Order: 100, Text: "seminars.past", Count: m.countPast, Tell: m.tellPast}
}

// chosenBy gives the activities to which a person applied and for which an actor selects.
func chosenBy(ctx context.Context, tx *storage.Tx, actor access.Actor, person storage.ID) (map[storage.ID]seats.Activity, error) {
	ids, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
		err = row.Scan(&id)
		return id, err
	}, `SELECT activity_id FROM application WHERE person_id = $1`, person)
	if err != nil {
		return nil, err
	}
	found, err := programme.ByIDs(ctx, tx, ids)
	for id, a := range found {
		if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
			delete(found, id)
		}
	}
	return found, err
}

// pastOf are the tables of what happened to an application: their moments, and the columns
// that a happening of each is read from.
var pastOf = []struct {
	from, id, at string
	columns      string // what it is, and three texts or numbers that say more
}{
	{"application_move p", "p.id", "p.at", "p.to_state, p.why, 0"},
	{"application_why p", "p.application_id", "p.asked_at", "'asked', '', p.answered_at"},
	{"application_call p", "p.id", "p.at", "p.answer, '', p.back_at"},
	{"companion_parted p", "p.pair_id", "p.at", "'parted', '', p.back_at"},
}

// inParts asks a question of activities, so many at a time that the engine takes their ids.
func inParts(found map[storage.ID]seats.Activity, first int, ask func(marks string, ids []any) error) error {
	var ids []any
	for id := range found {
		ids = append(ids, id)
	}
	for part := range slices.Chunk(ids, 200) {
		marks := make([]string, len(part))
		for i := range part {
			marks[i] = "$" + strconv.Itoa(first+i)
		}
		if err := ask(strings.Join(marks, ", "), part); err != nil {
			return err
		}
	}
	return nil
}

func (m *Module) countPast(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) (count int, err error) {
	found, err := chosenBy(ctx, tx, r.Actor, person)
	if err != nil {
		return 0, err
	}
	err = inParts(found, 2, func(marks string, ids []any) error {
		for _, of := range pastOf {
			n := 0
			if err := tx.QueryRow(ctx, `SELECT COUNT(*)
				FROM `+of.from+`
				JOIN application a ON a.id = p.application_id
				WHERE a.person_id = $1 AND a.activity_id IN (`+marks+`)`, append([]any{person}, ids...)...).Scan(&n); err != nil {
				return err
			}
			count += n
		}
		return nil
	})
	return count, err
}

// passed is one row of what happened to an application.
type passed struct {
	id, application, activity storage.ID
	at                        int64
	what, why                 string
	answered                  int64
}

func (m *Module) tellPast(ctx context.Context, tx *storage.Tx, r *web.Request, p module.Past) (out []module.Happening, err error) {
	found, err := chosenBy(ctx, tx, r.Actor, p.Person)
	if err != nil {
		return nil, err
	}
	err = inParts(found, 5, func(marks string, ids []any) error {
		for _, of := range pastOf {
			rows, err := storage.All(ctx, tx, func(row storage.Scanner) (e passed, err error) {
				err = row.Scan(&e.id, &e.application, &e.activity, &e.at, &e.what, &e.why, &e.answered)
				return e, err
			}, `SELECT `+of.id+`, a.id, a.activity_id, `+of.at+`, `+of.columns+`
				FROM `+of.from+`
				JOIN application a ON a.id = p.application_id
				WHERE a.person_id = $1 AND (`+of.at+` < $2 OR `+of.at+` = $2 AND `+of.id+` < $3) AND a.activity_id IN (`+marks+`)
				ORDER BY `+of.at+` DESC, `+of.id+` DESC
				LIMIT $4`, append([]any{p.Person, p.At, p.Below[:], p.Most}, ids...)...)
			if err != nil {
				return err
			}
			for _, e := range rows {
				out = append(out, module.Happening{ID: e.id, Event: passedWords(r, e, found[e.activity])})
			}
		}
		return nil
	})
	return p.Newest(out), err
}

// passedWords tells what happened to an application.
func passedWords(r *web.Request, e passed, a seats.Activity) kit.Event {
	title := a.Title.In(r.Lang)
	out := kit.Event{At: storage.Instant(e.at), More: kit.Link{Path: staffPath(a, "/applicants/"+e.application.String()), Label: r.Say.T("seminars.past.go")}}
	switch seats.CallAnswer(e.what) {
	case "asked":
		out.What, out.Kind = r.Say.T("seminars.past.asked", "activity", title), "wait"
		out.Why = r.Say.T("seminars.past.waits", "until", i18n.Date(r.Lang, seats.WhyDueOf(a, out.At)))
		if e.answered != 0 {
			out.Kind, out.Why = "good", r.Say.T("seminars.past.answered", "when", i18n.DateTime(r.Lang, storage.Instant(e.answered)))
		}
	case "parted":
		out.What = r.Say.T("seminars.past.parted", "activity", title)
		if e.answered != 0 {
			out.Why = r.Say.T("seminars.part.said.back", "when", i18n.DateTime(r.Lang, storage.Instant(e.answered)))
		}
	case seats.Comes, seats.NotComing, seats.Herself, seats.NotReached, seats.WrongNumber:
		out.What, out.Kind = r.Say.T("seminars.past.call."+e.what, "activity", title), callMark(seats.CallAnswer(e.what))
		if e.answered != 0 {
			out.Kind, out.Why = "", r.Say.T("seminars.past.call.back")
		}
	default:
		state := seats.State(e.what)
		if saidAlready[e.why] {
			e.why = ""
		}
		out.What, out.Why, out.Kind = r.Say.T("seminars.past.moved", "state", r.Say.T("seminars.state."+e.what), "activity", title), whyWords(r, e.why), markOf(state)
	}
	return out
}

// saidAlready are reasons that say no more than the state does.
var saidAlready = map[string]bool{
	"seminars.why.applied": true, "seminars.why.said_yes": true, "seminars.why.withdrew": true, "seminars.why.staff_invited": true, "seminars.why.staff_shortlisted": true,
}

// mostAttention bounds how many applications of one person are looked at for what is wrong.
const mostAttention = 50

// attention tells what a person waits for: an answer why, or a call without which nothing
// reaches her.
func (m *Module) attention(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) (out []module.Attention, err error) {
	found, err := chosenBy(ctx, tx, r.Actor, person)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	asked, err := storage.All(ctx, tx, func(row storage.Scanner) (e passed, err error) {
		err = row.Scan(&e.application, &e.activity, &e.at)
		return e, err
	}, `SELECT a.id, a.activity_id, w.asked_at
		FROM application_why w
		JOIN application a ON a.id = w.application_id
		WHERE a.person_id = $1 AND w.answered_at = 0
		ORDER BY w.asked_at, a.id
		LIMIT $2`, person, mostAttention)
	if err != nil {
		return nil, err
	}
	for _, e := range asked {
		if a, may := found[e.activity]; may {
			out = append(out, module.Attention{
				Words: r.Say.T("seminars.attention.why", "activity", a.Title.In(r.Lang), "until", i18n.Date(r.Lang, seats.WhyDueOf(a, storage.Instant(e.at)))),
				More:  kit.Link{Path: staffPath(a, "/applicants/"+e.application.String()+"#why"), Label: r.Say.T("seminars.past.go")},
			})
		}
	}
	return m.toCall(ctx, tx, r, person, found, out)
}

// toCall adds the activities at which nothing but a call reaches a person: those on whose list
// of calls she stands so.
func (m *Module) toCall(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID, found map[storage.ID]seats.Activity, out []module.Attention) ([]module.Attention, error) {
	list := slices.SortedFunc(maps.Values(found), func(a, b seats.Activity) int {
		return cmp.Or(a.Starts.Compare(b.Starts), cmp.Compare(a.Slug, b.Slug))
	})
	list, err := m.MustCall(ctx, tx, person, list)
	for _, a := range list {
		out = append(out, module.Attention{
			Words: r.Say.T("seminars.attention.call", "activity", a.Title.In(r.Lang)), Bad: true,
			More: kit.Link{Path: staffPath(a, "/calls"), Label: r.Say.T("seminars.attention.call.go")},
		})
	}
	return out, err
}
