package signin

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
)

type whoForm struct {
	People []people.Sharer
	Fault  *fault.Error
}

func (f whoForm) items() []kit.Item {
	out := make([]kit.Item, len(f.People))
	for i, sharer := range f.People {
		out[i] = kit.Item{Value: sharer.ID.String(), Label: sharer.Name}
	}
	return out
}

func (p *Pages) whoPage(r *web.Request) error { return p.showWho(r, http.StatusOK, nil) }

func (p *Pages) showWho(r *web.Request, status int, wrong *fault.Error) error {
	f := whoForm{Fault: wrong}
	err := p.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		f.People, err = p.people.Sharers(ctx, tx, p.browser(r))
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(status, whoPage(r, f))
}

func (p *Pages) takeWho(r *web.Request) error {
	chosen, err := storage.ParseID(r.PostFormValue("person"))
	if err != nil {
		return p.showWho(r, http.StatusUnprocessableEntity, fault.At("person", "fault.required"))
	}
	var res people.SignInResult
	err = p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		res, err = p.people.SignInAs(ctx, tx, p.browser(r), chosen, r.Actor.Session)
		return err
	})
	if err != nil {
		return err
	}
	if res.Fault != nil {
		if res.Fault.Code != fault.Invalid {
			return res.Fault
		}
		return p.showWho(r, http.StatusUnprocessableEntity, res.Fault)
	}
	return p.signedIn(r, res)
}
