package conflicts

import (
	"context"
	"embed"
	"io/fs"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
)

//go:embed text/*.json
var texts embed.FS

// Module is the conflicts at the doors.
type Module struct {
	*seats.Service
	Desk  *door.Desk
	Parts head.Parts // the pages of an activity, of all rooms
	Most  int        // scans of one door that are compared; 0: MostRead
}

// New makes the conflicts at the doors of these seats, which tell of two applications that
// become one.
func New(s *seats.Service) *Module {
	before := s.Joined
	s.Joined = func(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
		if before != nil {
			if err := before(ctx, tx, stays, goes); err != nil {
				return err
			}
		}
		return joined(ctx, tx, stays, goes)
	}
	return &Module{Service: s, Desk: &door.Desk{Service: s}}
}

// Pattern is the page of one activity.
const Pattern = "/staff/seminars/{slug}/conflicts"

// Path is where the conflicts of an activity are decided, without language.
func Path(a seats.Activity) string { return "/staff/seminars/" + a.Slug + "/conflicts" }

// Manifest is what the room says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:  "conflicts",
		Texts: text,
		Built: []i18n.Built{
			{Keys: "conflicts.kind.*", Of: kinds(), Why: "what contradicts"},
			{Keys: "conflicts.what.*", Of: kinds(), Why: "the same in a sentence"},
			{Keys: "conflicts.choice.*", Of: kindChoices(), Why: "what may be decided"},
			{Keys: "conflicts.then.*", Of: kindChoices(), Why: "what a decision changes"},
			{Keys: "conflicts.done.*", Of: kindChoices(), Why: "what was decided"},
		},
		Routes: []web.Route{
			{Method: "GET", Pattern: Pattern, Needs: MayDecide, Handler: m.show},
			{Method: "POST", Pattern: Pattern, Needs: MayDecide, Handler: m.take},
		},
		Event: []module.EventPart{{
			NavItem: web.NavItem{Key: "conflicts.part", Path: Pattern, Needs: MayDecide, Order: 520},
			Under:   module.OnTheDay,
			Of:      func(a programme.Activity) bool { return a.Kind == programme.Seminar || a.Capacity > 0 },
		}},
		Today:  m.tasks,
		Merge:  merge,
		Erase:  erase,
		Export: m.export,
		Reads:  reads(),
	}
}

// kinds are the codes of what is asked of who decides.
func kinds() []string {
	return i18n.Words(Double, Withdrew, Refused, Undo, Codes, WalkedIn, Entry)
}

// kindChoices are the codes of each choice of each kind.
func kindChoices() (out []string) {
	for _, k := range []Kind{Double, Withdrew, Refused, Undo, Codes, WalkedIn, Entry} {
		for _, c := range choices[k] {
			out = append(out, string(k)+"."+string(c))
		}
	}
	return out
}

// tasks lead whoever may decide to the doors at which something waits.
func (m *Module) tasks(ctx context.Context, tx *storage.Tx, r *web.Request) (out []module.Task, err error) {
	if !r.Actor.MaySomewhere(MayDecide) {
		return nil, nil
	}
	list, err := m.Schedule().Bare(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		if a.Starts.IsZero() || !recent(a, tx.Now) || !r.Actor.May(MayDecide, seats.ScopeOf(a)) {
			continue
		}
		n, err := m.Count(ctx, tx, a)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		if a, err = m.ActivityByID(ctx, tx, a.ID); err != nil {
			return nil, err
		}
		out = append(out, module.Task{
			Urgency: module.Soon, Due: a.Ends.Add(toldFor), Key: "conflicts.task", Do: "conflicts.task.do",
			Args: fault.Args{"activity": a.Title, "count": n}, Path: Path(a),
		})
	}
	return out, nil
}

// MayOpen reports whether somebody may open the page of an activity.
func MayOpen(actor access.Actor, a seats.Activity) bool {
	return actor.May(MayDecide, seats.ScopeOf(a))
}
