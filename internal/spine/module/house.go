package module

import (
	"cmp"
	"context"
	"slices"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// House is all manifests. What every module is told or asked goes through it, in the
// order of the list: the rooms of the spine first, then the modules as app lists them.
// It may be filled after its methods were handed out.
type House struct{ list []Manifest }

// Furnish takes in the manifests, once all rooms are made.
func (h *House) Furnish(list ...Manifest) { h.list = append(h.list, list...) }

// Manifests are all manifests, in order.
func (h *House) Manifests() []Manifest { return h.list }

// Counts are the kinds of facts that the page of numbers shows, of all modules.
func (h *House) Counts() (out []Count) {
	for _, m := range h.list {
		out = append(out, m.Counts...)
	}
	return out
}

// Picks are what an actor may do with people who are ticked, of all modules.
func (h *House) Picks(actor access.Actor) (out []Pick) {
	for _, m := range h.list {
		for _, p := range m.Picks {
			if actor.MaySomewhere(p.Needs) {
				out = append(out, p)
			}
		}
	}
	return out
}

// Jobs are the kinds of jobs of all modules.
func (h *House) Jobs() (out []jobs.Kind) {
	for _, m := range h.list {
		out = append(out, m.Jobs...)
	}
	return out
}

// Start asks for the first of the jobs that plan themselves, of all modules.
func (h *House) Start(ctx context.Context, tx *storage.Tx) error {
	for _, m := range h.list {
		if m.Start == nil {
			continue
		}
		if err := m.Start(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// ActivityChanged tells every module, in the transaction of the change, that an activity
// was changed, moved, published, taken back or cancelled. The first fault stops the
// change, and what the modules before have done ends with it.
func (h *House) ActivityChanged(ctx context.Context, tx *storage.Tx, before, after programme.Activity) error {
	for _, m := range h.list {
		if m.ActivityChanged == nil {
			continue
		}
		if err := m.ActivityChanged(ctx, tx, before, after); err != nil {
			return err
		}
	}
	return nil
}

// ActivityMoved lets every module tell people that an activity was moved, in order.
func (h *House) ActivityMoved(ctx context.Context, tx *storage.Tx, a programme.Activity, move programme.Move) error {
	for _, m := range h.list {
		if m.ActivityMoved == nil {
			continue
		}
		if err := m.ActivityMoved(ctx, tx, a, move); err != nil {
			return err
		}
	}
	return nil
}

// Concerned lists whom a move of an activity would concern, of all modules in order; each
// once, as the first module knows her.
func (h *House) Concerned(ctx context.Context, tx *storage.Tx, actor access.Actor, a programme.Activity) (out []programme.Concerned, err error) {
	there := map[storage.ID]bool{}
	for _, m := range h.list {
		if m.Concerned == nil {
			continue
		}
		list, err := m.Concerned(ctx, tx, actor, a)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if !there[c.Person] {
				there[c.Person] = true
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// Hangs is what hangs on the day of an activity in all modules, in order.
func (h *House) Hangs(ctx context.Context, tx *storage.Tx, before, after programme.Activity) (out programme.Hanging, err error) {
	for _, m := range h.list {
		if m.Hangs == nil {
			continue
		}
		one, err := m.Hangs(ctx, tx, before, after)
		if err != nil {
			return programme.Hanging{}, err
		}
		out.Free, out.Waiting, out.Moments = out.Free+one.Free, out.Waiting+one.Waiting, append(out.Moments, one.Moments...)
	}
	return out, nil
}

// Binds is the fault of the first module in which people count on a published activity.
func (h *House) Binds(ctx context.Context, tx *storage.Tx, a programme.Activity) error {
	for _, m := range h.list {
		if m.Binds == nil {
			continue
		}
		if err := m.Binds(ctx, tx, a); err != nil {
			return err
		}
	}
	return nil
}

// TakesPart reports whether any module says that a person takes part in an activity, or
// took part.
func (h *House) TakesPart(ctx context.Context, tx *storage.Tx, person, activity storage.ID) (bool, error) {
	for _, m := range h.list {
		if m.TakesPart == nil {
			continue
		}
		if takes, err := m.TakesPart(ctx, tx, person, activity); takes || err != nil {
			return takes, err
		}
	}
	return false, nil
}

// Knows reports whether any module lets somebody know of an activity by invitation.
func (h *House) Knows(ctx context.Context, tx *storage.Tx, actor access.Actor, a programme.Activity) (bool, error) {
	for _, m := range h.list {
		if m.Knows == nil {
			continue
		}
		if knows, err := m.Knows(ctx, tx, actor, a); knows || err != nil {
			return knows, err
		}
	}
	return false, nil
}

// Marks says where who is signed in stands with activities; nothing of nobody.
func (h *House) Marks(ctx context.Context, tx *storage.Tx, r *web.Request) (map[storage.ID]Mark, error) {
	out := map[storage.ID]Mark{}
	if !r.Actor.SignedIn() {
		return out, nil
	}
	for _, m := range h.list {
		if m.Marks == nil {
			continue
		}
		marks, err := m.Marks(ctx, tx, r)
		if err != nil {
			return nil, err
		}
		for id, mark := range marks {
			if _, known := out[id]; !known {
				out[id] = mark
			}
		}
	}
	return out, nil
}

// First is the page on which somebody begins: that of the first module that has one for her,
// those that look for it themselves before all others. Empty when there is none.
func (h *House) First(ctx context.Context, tx *storage.Tx, r *web.Request) (string, error) {
	for _, m := range h.list {
		if m.First.Find == nil || !r.Actor.MaySomewhere(m.First.Needs) {
			continue
		}
		if path, err := m.First.Find(ctx, tx, r); path != "" || err != nil {
			return path, err
		}
	}
	for _, m := range h.list {
		if m.First.Path != "" && r.Actor.MaySomewhere(m.First.Needs) {
			return m.First.Path, nil
		}
	}
	return "", nil
}

// Home draws what the modules add to the first page of the site, in order.
func (h *House) Home(ctx context.Context, tx *storage.Tx, r *web.Request) ([]templ.Component, error) {
	return h.parts(ctx, tx, r, func(m Manifest) Part { return m.Home })
}

// Planning draws what the modules add to the page on which staff plan, in order.
func (h *House) Planning(ctx context.Context, tx *storage.Tx, r *web.Request) ([]templ.Component, error) {
	return h.parts(ctx, tx, r, func(m Manifest) Part { return m.Planning })
}

// Contact draws what the modules add to the page of contacts, in order.
func (h *House) Contact(ctx context.Context, tx *storage.Tx, r *web.Request) ([]templ.Component, error) {
	return h.parts(ctx, tx, r, func(m Manifest) Part { return m.Contact })
}

// PressFacts draws the boxes of facts that modules put on the page for the press, in order.
func (h *House) PressFacts(ctx context.Context, tx *storage.Tx, r *web.Request) ([]templ.Component, error) {
	return h.parts(ctx, tx, r, func(m Manifest) Part { return m.PressFacts })
}

// parts draws the parts of a page that modules have, in order.
func (h *House) parts(ctx context.Context, tx *storage.Tx, r *web.Request, of func(Manifest) Part) (out []templ.Component, err error) {
	for _, m := range h.list {
		draw := of(m)
		if draw == nil {
			continue
		}
		part, err := draw(ctx, tx, r)
		if err != nil {
			return nil, err
		}
		if part != nil {
			out = append(out, part)
		}
	}
	return out, nil
}

// Open lists the pages of all modules that search engines may know.
func (h *House) Open(ctx context.Context, tx *storage.Tx) (out []OpenPage, err error) {
	for _, m := range h.list {
		if m.Open == nil {
			continue
		}
		pages, err := m.Open(ctx, tx)
		if err != nil {
			return nil, err
		}
		out = append(out, pages...)
	}
	return out, nil
}

// Automatic gives the messages about an activity that modules send by themselves, in order.
func (h *House) Automatic() (out []Automatic) {
	for _, m := range h.list {
		out = append(out, m.Automatic...)
	}
	return out
}

// Event gives the pages of all modules on which somebody may work on an activity, in the
// order of their places.
func (h *House) Event(r *web.Request, a programme.Activity) (out []EventPart) {
	for _, m := range h.list {
		for _, p := range m.Event {
			if r.Actor.May(p.Needs, a.Scope()) && (p.Of == nil || p.Of(a)) {
				out = append(out, p)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b EventPart) int { return cmp.Compare(a.Order, b.Order) })
	return out
}

// Panels draws what the modules add to the public page of an activity of its kind, in
// order.
func (h *House) Panels(ctx context.Context, tx *storage.Tx, r *web.Request, a programme.Activity) ([]templ.Component, error) {
	var out []templ.Component
	for _, m := range h.list {
		draw := m.Panels[a.Kind]
		if draw == nil {
			continue
		}
		panel, err := draw(ctx, tx, r, a)
		if err != nil {
			return nil, err
		}
		if panel != nil {
			out = append(out, panel)
		}
	}
	return out, nil
}
