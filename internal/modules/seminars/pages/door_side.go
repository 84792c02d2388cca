package pages

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/ready"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// doorSideRoutes are the pages beside the door: people without an application,
// and phones that may scan. The first are open to staff who may admit and to
// enrolled phones; stand tells them apart from strangers.
func (m *Module) doorSideRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: "/door/{slug}/walk-in", Needs: access.Public, Handler: m.showWalkIn},
		{Method: "POST", Pattern: "/door/{slug}/walk-in", Needs: access.Public, Handler: m.takeWalkIn},
		{Method: "GET", Pattern: "/door/{slug}/phones", Needs: seats.MayEnrol, Handler: m.showPhones},
		{Method: "POST", Pattern: "/door/{slug}/phones", Needs: seats.MayEnrol, Handler: m.takePhones},
		{Method: "GET", Pattern: "/phone/{token}", Needs: access.Public, Handler: m.showEnrol},
		{Method: "POST", Pattern: "/phone/{token}", Needs: access.Public, Handler: m.takeEnrol},
	}
}

// walkIn is the short form for somebody who comes without an application.
type walkIn struct {
	Activity seats.Activity
	Answers  forms.Answers
	Nonce    string
	Fault    *fault.Error
}

// doorNonce names one scan of a page.
func doorNonce() string { return door.NewDoorToken()[:22] }

func (m *Module) showWalkIn(r *web.Request) error {
	d := walkIn{Nonce: doorNonce()}
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d.Activity, _, err = m.stand(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, walkInPage(r, d))
}

// takeWalkIn takes that form.
func (m *Module) takeWalkIn(r *web.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "fault.form", fault.Args{"count": 1})
	}
	d := walkIn{Answers: forms.Answers{}.Clone(), Nonce: r.PostForm.Get("nonce")}
	for _, q := range door.WalkInForm().Questions {
		if v := r.PostForm[q.Field()]; len(v) > 0 {
			d.Answers.Values[q.Key] = v
		}
	}
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, k, err := m.stand(ctx, tx, r)
		if d.Activity = a; err != nil {
			return err
		}
		return m.WalkIn(ctx, tx, door.WalkIn{Activity: a.ID, Actor: r.Actor, Keeper: k, Nonce: d.Nonce, Lang: r.Lang, Answers: d.Answers})
	})
	if f, other := web.Invalid(err); other != nil {
		return other
	} else if f != nil {
		d.Fault, d.Nonce = f, doorNonce()
		return r.Page(web.Status(f.Code), walkInPage(r, d))
	}
	return r.Redirect("/door/" + url.PathEscape(d.Activity.Slug) + "?done=" + url.QueryEscape(d.Nonce))
}

// phones is the list of phones that may scan at a door.
type phones struct {
	Activity seats.Activity
	List     []door.Device
	Link     string // just made, shown once
	QR       qrPicture
	Word     string // of the desk, empty where no pack will ever be given
	Name     string
	Now      time.Time
	Fault    *fault.Error
	Places   []door.Member // whose places may be handed over, beside those of the phones
	Whose    string        // what was chosen of them
	HandsTo  bool          // the link is a substitute's
	Ready    ready.List    // which phones are ready for the day
}

// named are those of the team whom the page names.
func (d phones) named() (out []storage.ID) {
	for _, p := range d.Places {
		out = append(out, p.ID)
	}
	if d.Ready.Told() {
		out = append(out, d.Ready.Named()...)
	}
	return out
}

// whose are the places that may be handed over: hers first, then the phones, then the team.
func (d phones) whose(r *web.Request) (out []kit.Item) {
	me := r.Actor.Person.String()
	out = append(out, kit.Item{Value: "person " + me, Label: r.Say.T("seminars.substitute.mine")})
	for _, p := range d.List {
		if p.On(d.Now) {
			out = append(out, kit.Item{Value: "phone " + p.ID.String(), Label: r.Say.T("seminars.substitute.phone_of", "name", p.Name)})
		}
	}
	for _, p := range d.Places {
		if p.ID != r.Actor.Person {
			out = append(out, kit.Item{Value: "person " + p.ID.String(), Label: p.Name})
		}
	}
	return out
}

// away names whose place a phone has, where it has a person's.
func (d phones) away(r *web.Request, p door.Device) string {
	if p.OfPerson.IsZero() || !p.Revoked.IsZero() {
		return ""
	}
	if p.OfPerson == r.Actor.Person {
		return r.Say.T("seminars.substitute.mine")
	}
	for _, one := range d.Places {
		if one.ID == p.OfPerson {
			return one.Name
		}
	}
	return r.Say.T("seminars.substitute.somebody")
}

func (m *Module) phonesOf(ctx context.Context, tx *storage.Tx, r *web.Request) (d phones, err error) {
	if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MayEnrol); err != nil {
		return d, err
	}
	if err = door.Present(ctx, tx, r.Actor.Person, d.Activity.ID); err != nil {
		return d, err
	}
	d.Now = tx.Now
	if d.List, err = door.DevicesOf(ctx, tx, d.Activity.ID); err != nil {
		return d, err
	}
	if d.Places, err = m.Places(ctx, tx, r.Actor, d.Activity); err != nil {
		return d, err
	}
	if d.Ready, err = ready.Of(ctx, tx, m.People, d.Activity); err != nil {
		return d, err
	}
	d.Word, err = m.Word(ctx, tx, d.Activity.ID)
	return d, err
}

func (m *Module) showPhones(r *web.Request) error {
	var d phones
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, err = m.phonesOf(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	return m.sayPhones(r, http.StatusOK, d)
}

// sayPhones shows the page of the phones, which names the team.
func (m *Module) sayPhones(r *web.Request, status int, d phones) error {
	if err := m.noteLooks(r, r.Actor.Person, d.Activity, "seminars.audit.substitutes", d.named()); err != nil {
		return err
	}
	return r.Page(status, phonesPage(r, d))
}

// takePhones makes the link for one more phone or for a substitute's, or takes a phone's right back.
func (m *Module) takePhones(r *web.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "fault.form", fault.Args{"count": 1})
	}
	var d phones
	var token string
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.staffActivity(ctx, tx, r, seats.MayEnrol)
		if err != nil {
			return err
		}
		if id, err := storage.ParseID(r.PostForm.Get("revoke")); err == nil {
			return m.RevokeDevice(ctx, tx, r.Actor, a.ID, id)
		}
		if r.PostForm.Has("word") {
			return m.NewWord(ctx, tx, r.Actor, a.ID)
		}
		if r.PostForm.Has("whose") {
			token, err = m.HandOver(ctx, tx, handOverOf(r, a))
			return err
		}
		token, err = m.InviteDevice(ctx, tx, r.Actor, a.ID, r.PostForm.Get("name"))
		return err
	})
	f, other := web.Invalid(err)
	if other != nil {
		return other
	}
	if f == nil && token == "" {
		return r.Redirect("/door/" + url.PathEscape(r.PathValue("slug")) + "/phones")
	}
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, err = m.phonesOf(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	d.Fault, d.Name, d.Whose, d.HandsTo = f, r.PostForm.Get("name"), r.PostForm.Get("whose"), r.PostForm.Has("whose")
	if f != nil {
		return m.sayPhones(r, web.Status(f.Code), d)
	}
	d.Link, d.Name = m.PublicURL+r.Path("/phone/"+token), ""
	if d.QR, err = drawQR(d.Link); err != nil {
		return err
	}
	return m.sayPhones(r, http.StatusOK, d)
}

// handOverOf reads whose place is handed over: "phone ID" or "person ID".
func handOverOf(r *web.Request, a seats.Activity) door.HandOver {
	cmd := door.HandOver{Activity: a.ID, Actor: r.Actor, Name: r.Say.T("seminars.substitute.phone")}
	kind, word, _ := strings.Cut(r.PostForm.Get("whose"), " ")
	id, err := storage.ParseID(word)
	switch {
	case err != nil: // no place at all, which the use case refuses
	case kind == "phone":
		cmd.Phone = id
	case kind == "person":
		cmd.Person = id
	}
	return cmd
}

func (m *Module) showEnrol(r *web.Request) error {
	var a seats.Activity
	var leads, hands bool
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		d, err := door.DeviceByLink(ctx, tx, r.PathValue("token"))
		if err != nil {
			return err
		}
		leads, hands = d.Leads, !d.LinkUntil.IsZero()
		a, err = m.ActivityByID(ctx, tx, d.Activity)
		return err
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, enrolPage(r, a, hands, leads))
}

// takeEnrol makes this browser a phone of the door.
func (m *Module) takeEnrol(r *web.Request) error {
	var kept string
	var a seats.Activity
	var now time.Time
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		d, token, err := m.EnrolDevice(ctx, tx, r.PathValue("token"))
		if err != nil {
			return err
		}
		kept, now = token, tx.Now
		a, err = m.ActivityByID(ctx, tx, d.Activity)
		return err
	}); err != nil {
		return err
	}
	http.SetCookie(r.W, &http.Cookie{
		Name: m.doorCookie(), Value: kept, Path: "/", Expires: seats.LinkStays(a, now), HttpOnly: true, // until when it may scan, the house says
		Secure: m.secure(), SameSite: http.SameSiteLaxMode,
	})
	return r.Redirect("/door/" + a.Slug)
}

// dayPath is the run sheet of an activity, which has a room of its own.
func dayPath(a seats.Activity) string { return "/door/" + a.Slug + "/day" }
