package pages

import (
	"context"
	"net/http"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// The replies about coming together, on the page of an application.
const (
	offerCompanion = "companion_offer"
	agreeCompanion = "companion_agree"
	partCompanion  = "companion_part"
)

// companionCookie keeps the link that a browser has opened, so that the page of the
// application that is made in it leads back there. It says which browser it is, never who.
func (m *Module) companionCookie() string {
	if m.secure() {
		return "__Host-ashar-companion"
	}
	return "ashar-companion"
}

// companionLife is how long a browser remembers a link.
const companionLife = 14 * 24 * time.Hour

func (m *Module) setCompanion(r *web.Request, token string) {
	c := &http.Cookie{
		Name: m.companionCookie(), Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: m.secure(), MaxAge: int(companionLife / time.Second),
	}
	if token == "" {
		c.MaxAge = -1
	}
	http.SetCookie(r.W, c)
}

// mostToken is longer than any token of a link.
const mostToken = 100

// opensLink gives the path of the link that this browser has opened, when it is of the
// activity and can still be used; else an empty one.
func (m *Module) openedLink(ctx context.Context, tx *storage.Tx, r *web.Request, a seats.Activity) (string, error) {
	c, err := r.Cookie(m.companionCookie())
	if err != nil || c.Value == "" || len(c.Value) > mostToken {
		return "", nil
	}
	if _, err := m.CompanionLink(ctx, tx, a, c.Value); err != nil {
		if fault.Of(err) != nil {
			err = nil
		}
		return "", err
	}
	return companionPath(a, c.Value), nil
}

func companionPath(a seats.Activity, token string) string {
	return "/events/" + a.Slug + "/companion/" + token
}

// companionOf fills what the page of an application says of coming together. The name of the
// other stands only where she who reads has applied in this browser or signed in: a letter is
// passed on more easily.
func (m *Module) companionOf(ctx context.Context, tx *storage.Tx, r *web.Request, o opened, d *mineData) (err error) {
	if d.Companion, err = m.CompanionOf(ctx, tx, d.App); err != nil {
		return err
	}
	s, err := seats.SeatsOf(ctx, tx, d.Activity)
	if err != nil {
		return err
	}
	d.MayPair = seats.MayCompanion(d.Activity, s, d.App, tx.Now)
	if d.Companion.Token != "" {
		d.GiveLink = m.PublicURL + r.Path(companionPath(d.Activity, d.Companion.Token))
	}
	if o.token != "" {
		d.GiveLink = ""
		return nil
	}
	if d.MayPair && (d.Companion.Stands == seats.Alone || d.Companion.Stands == seats.Offered) {
		if d.OpenedLink, err = m.openedLink(ctx, tx, r, d.Activity); err != nil {
			return err
		}
	}
	if d.Companion.Other.IsZero() {
		return nil
	}
	other, err := seats.ApplicationByID(ctx, tx, d.Companion.Other)
	if err != nil {
		return err
	}
	p, err := m.People.ByID(ctx, tx, other.Person)
	d.With = p.FullName
	return err
}

// takeCompanion takes what an applicant says of coming together; what it answers with is the
// text that tells her what was done.
func (m *Module) takeCompanion(ctx context.Context, tx *storage.Tx, r *web.Request, o opened) (told string, err error) {
	if o.token != "" { // whoever was forwarded a letter agrees to nothing
		return "", fault.New(fault.Conflict, "seminars.companion.sign_in")
	}
	switch r.PostFormValue("reply") {
	case offerCompanion:
		return "seminars.companion.done.offered", m.OfferCompanion(ctx, tx, o.app)
	case agreeCompanion:
		with, err := storage.ParseID(r.PostFormValue("with"))
		if err != nil {
			return "", fault.New(fault.Conflict, "seminars.fault.companion_other")
		}
		return "seminars.companion.done.agreed", m.AgreeCompanion(ctx, tx, o.app, with)
	default:
		return "seminars.companion.done.parted", m.PartCompanion(ctx, tx, o.app)
	}
}

// isCompanion reports whether a reply is one about coming together.
func isCompanion(reply string) bool {
	return reply == offerCompanion || reply == agreeCompanion || reply == partCompanion
}

// companionData is the page behind a link.
type companionData struct {
	Activity seats.Activity
	Token    string
	App      storage.ID // her application, zero while there is none in sight
	Own      bool       // it is her own link
	Has      bool       // she comes together with somebody already
	SignedIn bool
	Until    time.Time
}

func (d companionData) path() string { return companionPath(d.Activity, d.Token) }

func (m *Module) readCompanion(ctx context.Context, tx *storage.Tx, r *web.Request) (d companionData, err error) {
	d.Token, d.SignedIn = r.PathValue("token"), r.Actor.SignedIn()
	if d.Activity, err = m.PublicActivity(ctx, tx, r); err != nil {
		return d, err
	}
	if len(d.Token) > mostToken {
		return d, fault.New(fault.NotFound, "seminars.fault.companion_link")
	}
	apps, err := m.Visible(ctx, tx, r)
	if err != nil {
		return d, err
	}
	for _, app := range apps {
		if app.Activity != d.Activity.ID {
			continue
		}
		c, err := m.CompanionOf(ctx, tx, app)
		if err != nil {
			return d, err
		}
		d.App, d.Own = app.ID, c.Token == d.Token
		d.Has = c.Stands != seats.Alone && c.Stands != seats.Offered
	}
	return d, nil
}

// showCompanion shows what it means to come only together, to who was given a link. It tells
// nothing of who gave it.
func (m *Module) showCompanion(r *web.Request) error {
	var d companionData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.readCompanion(ctx, tx, r); err != nil || d.Has {
			return err
		}
		_, err = m.CompanionLink(ctx, tx, d.Activity, d.Token)
		return err
	}); err != nil {
		return err
	}
	if d.Has {
		return r.Redirect("/my/applications/" + d.App.String() + "#companion")
	}
	if !d.Own {
		m.setCompanion(r, d.Token)
	}
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, companionPage(r, d))
}

// takeJoin takes the yes of who was given a link.
func (m *Module) takeJoin(r *web.Request) error {
	var d companionData
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.readCompanion(ctx, tx, r); err != nil {
			return err
		}
		if d.App.IsZero() {
			return fault.New(fault.Conflict, "seminars.fault.companion_apply")
		}
		return m.JoinCompanion(ctx, tx, d.App, d.Token)
	})
	if f := fault.Of(err); f != nil && (f.Code == fault.Conflict || f.Code == fault.TooLate || f.Code == fault.Forbidden) && !d.Activity.ID.IsZero() {
		r.SetFlash("bad", f.Key)
		if d.App.IsZero() {
			return r.Redirect(d.path())
		}
		return r.Redirect("/my/applications/" + d.App.String() + "#companion")
	}
	if err != nil {
		return err
	}
	m.setCompanion(r, "")
	r.SetFlash("good", "seminars.companion.done.joined")
	return r.Redirect("/my/applications/" + d.App.String() + "#companion")
}
