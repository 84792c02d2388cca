package people

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

type whoForm struct {
	People []Sharer
	Fault  *fault.Error
}

func (f whoForm) items() []kit.Item {
	out := make([]kit.Item, len(f.People))
	for i, p := range f.People {
		out[i] = kit.Item{Value: p.ID.String(), Label: p.Name}
	}
	return out
}

func (s *Service) whoPage(r *web.Request) error { return s.showWho(r, http.StatusOK, nil) }

func (s *Service) showWho(r *web.Request, status int, wrong *fault.Error) error {
	f := whoForm{Fault: wrong}
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		f.People, err = s.Sharers(ctx, tx, s.browser(r))
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(status, whoPage(r, f))
}

func (s *Service) takeWho(r *web.Request) error {
	chosen, err := storage.ParseID(r.PostFormValue("person"))
	if err != nil {
		return s.showWho(r, http.StatusUnprocessableEntity, fault.At("person", "fault.required"))
	}
	var res SignInResult
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		res, err = s.SignInAs(ctx, tx, s.browser(r), chosen, r.Actor.Session)
		return err
	})
	if err != nil {
		return err
	}
	if res.Fault != nil {
		if res.Fault.Code != fault.Invalid {
			return res.Fault
		}
		return s.showWho(r, http.StatusUnprocessableEntity, res.Fault)
	}
	return s.signedIn(r, res)
}
