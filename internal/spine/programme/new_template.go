package programme

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// NewTemplate is a template to be made: empty, or with what another one says.
type NewTemplate struct {
	Actor access.Actor
	Key   string
	Kind  string    // of an empty one
	Title i18n.Text // of an empty one
	From  string    // key of the template to copy, empty for none
}

// NewTemplate makes a template. Invalid, Forbidden, NotFound.
func (s *Service) NewTemplate(ctx context.Context, tx *storage.Tx, c NewTemplate) (Template, error) {
	p, err := Current(ctx, tx)
	if err != nil {
		return Template{}, err
	}
	if !c.Actor.May(MayPlan, access.Scope{Programme: p.ID}) {
		return Template{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	t := Template{Kind: c.Kind, Title: c.Title}
	if c.From != "" {
		if t, err = TemplateByKey(ctx, tx, p.ID, c.From); err != nil {
			return t, err
		}
	}
	t.ID, t.Programme, t.Key, t.Stale = storage.ID{}, p.ID, c.Key, nil
	var form fault.Form
	form.Check(SlugForm.MatchString(t.Key) && len(t.Key) <= 40, "key", "programme.fault.key")
	form.Check(t.Title != (i18n.Text{}), "title", "programme.fault.title")
	form.Check(len([]rune(c.Title.In(i18n.Kyrgyz))) <= MaxLine, "title", "programme.fault.long", fault.Args{"count": MaxLine})
	switch t.Kind {
	case Seminar, Discussion, Brainstorm, Coworking:
	default:
		form.Add("kind", "programme.fault.choice")
	}
	if _, err := TemplateByKey(ctx, tx, p.ID, t.Key); err == nil {
		form.Add("key", "programme.fault.key_taken")
	} else if !fault.Is(err, fault.NotFound) {
		return t, err
	}
	if err := form.Err(); err != nil {
		return t, err
	}
	if t, err = SaveTemplate(ctx, tx, t); err != nil {
		return t, err
	}
	return t, audit.Record(ctx, tx, audit.Entry{Actor: c.Actor.Person, Action: "programme.audit.template", Object: t.ID, Detail: t.Key})
}
