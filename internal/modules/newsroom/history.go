package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
)

// history is what a person asked by the form of contacts, for who answers. There are few:
// so many wait at once, and what was answered is kept for half a year.
func (m *Module) history() module.History {
	return module.History{
		Kind: "questions", Order: 250, Text: "newsroom.past",
		Count: func(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) (int, error) {
			list, err := askedBy(ctx, tx, r, person)
			return len(list), err
		},
		Tell: func(ctx context.Context, tx *storage.Tx, r *web.Request, p module.Past) (out []module.Happening, err error) {
			list, err := askedBy(ctx, tx, r, p.Person)
			for _, q := range list {
				e := kit.Event{At: q.Made, What: r.Say.T("newsroom.past.asked"), Why: r.Say.T("newsroom.inquiry." + string(q.State)), More: kit.Link{Path: q.path(), Label: r.Say.T("newsroom.past.go")}}
				switch {
				case !q.Ended.IsZero():
					e.Kind, e.Why = "good", e.Why+", "+i18n.DateTime(r.Lang, q.Ended)
				case q.Overdue(tx.Now):
					e.Kind = "bad"
				default:
					e.Kind = "wait"
				}
				out = append(out, module.Happening{ID: q.ID, Event: e})
			}
			return p.Newest(out), err
		},
	}
}

// askedBy gives the inquiries of a person to who answers; nothing to anybody else.
func askedBy(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) ([]Inquiry, error) {
	if !r.Actor.MaySomewhere(MayAnswer) {
		return nil, nil
	}
	at, err := whole(ctx, tx)
	if err != nil || !r.Actor.May(MayAnswer, at) {
		return nil, err
	}
	return inquiriesOf(ctx, tx, person)
}
