package team

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// movedNotice is the message to who works at an activity that it was moved.
const movedNotice = "team.moved"

// working is somebody who works at an activity: who leads it, or who helps.
type working struct {
	person storage.ID
	as     string // key of a text
	path   string // of her page for it
}

// workingAt lists who works at an activity: who leads it first, each person once. Who has
// not accepted the invitation yet is told too; whose role is over is not.
func (m *Module) workingAt(ctx context.Context, tx *storage.Tx, a programme.Activity) (out []working, err error) {
	there := map[storage.ID]bool{}
	if !a.Facilitator.IsZero() {
		there[a.Facilitator] = true
		out = append(out, working{a.Facilitator, "people.role." + string(access.Facilitator), "/events/" + a.Slug})
	}
	list, err := m.People.Helpers(ctx, tx, a.ID)
	for _, h := range list {
		if stateOf(h, tx.Now) == over || there[h.Person] {
			continue
		}
		there[h.Person] = true
		out = append(out, working{h.Person, "people.role." + string(h.Role), "/helping/" + a.Slug})
	}
	return out, err
}

// tellMoved tells who works at an activity that it was moved, once for each move.
func (m *Module) tellMoved(ctx context.Context, tx *storage.Tx, a programme.Activity, move programme.Move) error {
	list, err := m.workingAt(ctx, tx, a)
	if err != nil || m.Messages == nil {
		return err
	}
	was, now := messages.Moved(move, m.People.Lists())
	for _, w := range list {
		if err := m.Messages.Send(ctx, tx, messages.Notice{
			To: w.person, Kind: movedNotice, Args: map[string]any{"activity": a.Title, "was": was, "now": now},
			Path: w.path, Activity: a.ID, Key: messages.MovedKey(move.ID, w.person),
		}); err != nil {
			return err
		}
	}
	return nil
}

// wayTo is the judgement of the messages, of one that tells of a move.
func (m *Module) wayTo(w people.Ways) messages.Fate {
	c := messages.Carriers{Mail: true, Chat: true}
	if m.Carriers != nil {
		c = m.Carriers()
	}
	return c.Way(w, true)
}

// concerned lists whom tellMoved would tell; their names are for who keeps the helpers here.
func (m *Module) concerned(ctx context.Context, tx *storage.Tx, actor access.Actor, a programme.Activity) ([]programme.Concerned, error) {
	list, err := m.workingAt(ctx, tx, a)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]storage.ID, len(list))
	for i, w := range list {
		ids[i] = w.person
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	ways, err := m.People.WaysOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	named := actor.May(MayKeep, a.Scope())
	var out []programme.Concerned
	for _, w := range list {
		p, there := persons[w.person]
		if !there {
			continue
		}
		way := ways[w.person]
		fate := m.wayTo(way)
		c := programme.Concerned{Person: w.person, As: w.as, Lang: p.Lang, Letters: fate.ByMail(), Chat: fate.ByChat(), Text: fate.ByText(), Call: way.Phone, Named: named}
		if c.Lang == "" {
			c.Lang = i18n.Kyrgyz
		}
		out = append(out, c)
	}
	return out, nil
}
