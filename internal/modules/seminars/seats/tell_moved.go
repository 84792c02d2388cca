package seats

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// movedNotice is the message that an activity is on another day, at another hour or elsewhere.
const movedNotice = "seminars.moved"

// toldOfMoves are the states of those who may come, or count on it: also who waits, and whom
// nobody has chosen yet;
// the most certain guests first.
var toldOfMoves = []State{Confirmed, Invited, Waitlisted, Shortlisted, Applied}

// concernedBy are the applications of those who are told of a move.
func concernedBy(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]Application, error) {
	apps, err := ApplicationsOf(ctx, tx, activity)
	apps = slices.DeleteFunc(apps, func(app Application) bool { return !slices.Contains(toldOfMoves, app.State) })
	slices.SortStableFunc(apps, func(x, y Application) int {
		return slices.Index(toldOfMoves, x.State) - slices.Index(toldOfMoves, y.State)
	})
	return apps, err
}

// TellMoved tells everybody who may come that the activity was moved, what was and what is,
// once for each move. Who applied after it has read the new day and place already; who reads
// nothing that is written and was spoken with since has heard it.
func (m *Service) TellMoved(ctx context.Context, tx *storage.Tx, a Activity, move programme.Move) error {
	apps, err := concernedBy(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	persons := make([]storage.ID, len(apps))
	for i, app := range apps {
		persons[i] = app.Person
	}
	ways, err := m.People.WaysOf(ctx, tx, persons)
	if err != nil {
		return err
	}
	places, args := among([]Activity{a})
	tried, err := callsOf(ctx, tx, places, args)
	if err != nil {
		return err
	}
	was, now := messages.Moved(move, m.People.Lists())
	for _, app := range apps {
		if app.Made.After(move.At) || m.unread(ways[app.Person]) && tried[app.ID].reached.After(move.At) {
			continue
		}
		if err := m.sendSaying(ctx, tx, a, people.Person{}, app, movedNotice, messages.MovedKey(move.ID, app.Person), map[string]any{"was": was, "now": now}); err != nil {
			return err
		}
	}
	return nil
}

// Concerned lists whom TellMoved would tell, the most certain guests first. Their names are
// for who selects here.
func (m *Service) Concerned(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) ([]programme.Concerned, error) {
	apps, err := concernedBy(ctx, tx, a.ID)
	if err != nil || len(apps) == 0 {
		return nil, err
	}
	ids := make([]storage.ID, len(apps))
	for i, app := range apps {
		ids[i] = app.Person
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	ways, err := m.People.WaysOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	named := actor.May(MaySelect, ScopeOf(a))
	out := make([]programme.Concerned, 0, len(apps))
	for _, app := range apps {
		p, there := persons[app.Person]
		if !there {
			continue
		}
		way := ways[app.Person]
		fate := m.WayTo(way, true)
		c := programme.Concerned{Person: app.Person, As: "seminars.state." + string(app.State), Lang: p.Lang, Letters: fate.ByMail(), Chat: fate.ByChat(), Text: fate.ByText(), Call: way.Phone, Named: named}
		if c.Lang == "" {
			c.Lang = i18n.Kyrgyz
		}
		out = append(out, c)
	}
	return out, nil
}
