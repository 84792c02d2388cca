package next

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/profile"
)

// pageData is the page on which somebody asks, and takes it back.
type pageData struct {
	Wishes []Wish
	Cities []string
	City   string // that is chosen
	Kind   string
	Fault  *fault.Error
}

func cityWord(r *web.Request, code string) string { return profile.Of(profile.City).Word(r.Say, code) }

func (d pageData) cities(r *web.Request) (out []kit.Item) {
	for _, code := range d.Cities {
		out = append(out, kit.Item{Value: code, Label: cityWord(r, code)})
	}
	return out
}

func kinds(r *web.Request) (out []kit.Item) {
	for _, k := range Kinds {
		out = append(out, kit.Item{Value: k, Label: r.Say.T("next.kind." + k)})
	}
	return out
}

func (m *Module) read(r *web.Request) (d pageData, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d.Wishes, err = WishesOf(ctx, tx, r.Actor.Person); err != nil {
			return err
		}
		if d.Cities, err = m.Schedule().Cities(ctx, tx); err != nil {
			return err
		}
		p, err := m.People.ByID(ctx, tx, r.Actor.Person)
		d.City, d.Kind = p.City, AnyKind
		return err
	})
	return d, err
}

func (m *Module) show(r *web.Request) error {
	d, err := m.read(r)
	if err != nil {
		return err
	}
	if city := r.URL.Query().Get("city"); slices.Contains(d.Cities, city) {
		d.City = city
	}
	return r.Page(http.StatusOK, page(r, d))
}

func (m *Module) take(r *web.Request) error {
	city, kind := r.PostFormValue("city"), r.PostFormValue("kind")
	if kind == "" {
		kind = AnyKind
	}
	if !r.Actor.SignedIn() { // she signs in, and finds the city chosen
		return r.Redirect(way(city))
	}
	said := "next.wanted"
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if r.PostFormValue("do") == "stop" {
			said = "next.stopped"
			return m.Stop(ctx, tx, r.Actor.Person, city)
		}
		return m.Want(ctx, tx, Want{Actor: r.Actor, City: city, Kind: kind})
	})
	if err == nil {
		r.SetFlash("good", said)
		return r.Redirect("/next")
	}
	f, err := web.Invalid(err)
	if err != nil {
		return err
	}
	d, err := m.read(r)
	if err != nil {
		return err
	}
	d.City, d.Kind, d.Fault = city, kind, f
	return r.Page(web.Status(f.Code), page(r, d))
}

// letterData is the page behind the link of a message.
type letterData struct {
	Activity seats.Activity // its ID is zero when it is gone
	Path     string
	Stopped  bool
}

// letter reads the link of a message. Whoever holds it may stop the messages, and is told
// nothing of the person.
func (m *Module) letter(ctx context.Context, tx *storage.Tx, r *web.Request) (d letterData, person storage.ID, err error) {
	token := r.PathValue("token")
	link, err := m.People.PeekLink(ctx, tx, token, stopPurpose)
	if err != nil {
		return d, person, err
	}
	d.Path = "/next/" + token
	if d.Activity, err = m.ActivityByID(ctx, tx, link.Ref); fault.Is(err, fault.NotFound) {
		d.Activity, err = seats.Activity{}, nil
	}
	if d.Activity.InvitationOnly || d.Activity.State != "published" {
		d.Activity = seats.Activity{} // it was open to everybody when this was sent, and is not any more
	}
	return d, link.Person, err
}

func (m *Module) showLetter(r *web.Request) error {
	var d letterData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, _, err = m.letter(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	return letterAs(r, d)
}

func letterAs(r *web.Request, d letterData) error {
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, letterPage(r, d))
}

func (m *Module) takeLetter(r *web.Request) error {
	var d letterData
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		var person storage.ID
		if d, person, err = m.letter(ctx, tx, r); err != nil {
			return err
		}
		return m.Stop(ctx, tx, person, "")
	}); err != nil {
		return err
	}
	d.Stopped = true
	return letterAs(r, d)
}

// panel offers it on the public page of an activity that is over, closed or full.
func (m *Module) panel(ctx context.Context, tx *storage.Tx, r *web.Request, a seats.Activity) (templ.Component, error) {
	if a.City == "" || a.InvitationOnly || a.State == "draft" {
		return nil, nil
	}
	s, err := seats.SeatsOf(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	if admission := seats.AdmissionOf(a, s, tx.Now); !a.Past(tx.Now) && (admission == seats.Early || admission == seats.Open && s.Left() > 0) {
		return nil, nil
	}
	return offer(r, a), nil
}

// Card offers it on the page of an application that was refused, waits, or is over; nil elsewhere.
func (m *Module) Card(ctx context.Context, tx *storage.Tx, r *web.Request, app seats.Application, _ string) (templ.Component, error) {
	a, err := m.ActivityByID(ctx, tx, app.Activity)
	if err != nil || a.City == "" {
		return nil, err
	}
	switch app.State {
	case seats.Declined, seats.Waitlisted, seats.NoShow:
	default:
		if !a.Past(tx.Now) {
			return nil, nil
		}
	}
	return offer(r, a), nil
}

// way is the page on which somebody asks for a city.
func way(city string) string {
	if len(city) > mostCity {
		city = ""
	}
	return "/next?" + url.Values{"city": {city}}.Encode()
}

// mostCity is longer than the code of any city, in bytes.
const mostCity = 64

func (m *Module) myData(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
	list, err := WishesOf(ctx, tx, r.Actor.Person)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return mine(r, list), nil
}
