package pages

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/conflicts"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

type doorData struct {
	Activity seats.Activity
	Keeper   door.Keeper
	seats.DoorCount
	Overfill bool // may let people in though no seat is left
	Open     bool // people are let in now
	Query    string
	Found    []door.Guest
	Nonce    string // of the next scan
	Last     *verdict
	Fault    *fault.Error
	Devices  bool // may let phones scan
	Decides  bool // may decide what contradicts
	ToDecide int  // conflicts that wait
	Recent   []verdict
	Now      time.Time
	Mark     string // what the house calls this device in its pack
}

// verdict is the last scan of this keeper, as it is shown.
type verdict struct {
	Nonce, Kind, Result, Reason, Name string
	Application, Person               storage.ID
	State                             seats.State // of the application now
	At                                time.Time
	Undone                            bool
}

// said is what the answer says and asks for.
func (a verdict) said() door.Said {
	if a.Undone {
		return door.SaidOf("undo", "accepted", "")
	}
	return door.SaidOf(a.Kind, a.Result, a.Reason)
}

// stand finds who stands at which door, and sends a stranger to sign in. Somebody of the staff
// who does not stand at this one may hold a phone that was let in there.
func (m *Module) stand(ctx context.Context, tx *storage.Tx, r *web.Request) (a seats.Activity, k door.Keeper, err error) {
	// Who asks comes first: a stranger does not learn which doors there are.
	if k, err = m.keeperOf(ctx, tx, r); err != nil {
		if r.Actor.SignedIn() {
			err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
		}
		return a, k, err
	}
	if a, err = m.Schedule().BySlug(ctx, tx, r.PathValue("slug")); err != nil {
		return a, k, err
	}
	err = k.Stands(ctx, tx, r.Actor, a)
	if fault.Is(err, fault.Forbidden) && !k.By.IsZero() {
		if phone, none := m.PhoneOf(ctx, tx, r); none == nil && phone.Activity == a.ID {
			return a, phone, nil
		}
	}
	return a, k, err
}

// Stand is stand for a room beside this one.
func (m *Module) Stand(ctx context.Context, tx *storage.Tx, r *web.Request) (seats.Activity, door.Keeper, error) {
	return m.stand(ctx, tx, r)
}

func (m *Module) door(r *web.Request) (d doorData, err error) {
	d.Query = strings.TrimSpace(kit.ReadView(r, atDoor(r)).Text)
	var nonce [12]byte
	rand.Read(nonce[:]) // never fails, by its documentation
	d.Nonce = hex.EncodeToString(nonce[:])
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d.Activity, d.Keeper, err = m.stand(ctx, tx, r); err != nil {
			return err
		}
		d.Now, d.Mark = tx.Now, door.MarkOf(m.Keys, d.Keeper, d.Activity)
		d.Devices = r.Actor.May(seats.MayEnrol, seats.ScopeOf(d.Activity))
		if d.DoorCount, err = seats.DoorCountOf(ctx, tx, d.Activity); err != nil {
			return err
		}
		if d.Decides = m.ToDecide != nil && conflicts.MayOpen(r.Actor, d.Activity); d.Decides {
			if d.ToDecide, err = m.ToDecide(ctx, tx, d.Activity); err != nil {
				return err
			}
		}
		d.Overfill, d.Open = r.Actor.May(seats.MayOverfill, seats.ScopeOf(d.Activity)), door.DoorOpen(d.Activity, tx.Now)
		places, err := seats.SeatsOf(ctx, tx, d.Activity)
		if err != nil {
			return err
		}
		if d.Found, err = m.FindGuests(ctx, tx, d.Activity, d.Query, d.Overfill || places.Left() > 0); err != nil {
			return err
		}
		if done := r.URL.Query().Get("done"); done != "" {
			if d.Last, err = m.lastAnswer(ctx, tx, d.Activity, d.Keeper.Device, done); err != nil {
				return err
			}
		}
		d.Recent, err = m.recentOf(ctx, tx, d.Activity, d.Keeper.Device)
		return err
	})
	if err != nil {
		return d, err
	}
	return d, m.noteLooks(r, d.Keeper.Reader(), d.Activity, "seminars.audit.door", d.named())
}

// named are the people whose names the page shows.
func (d doorData) named() (out []storage.ID) {
	for _, g := range d.Found {
		out = append(out, g.Person)
	}
	if d.Last != nil && d.Last.Name != "" {
		out = append(out, d.Last.Person)
	}
	for _, v := range d.Recent {
		if v.Name != "" {
			out = append(out, v.Person)
		}
	}
	return out
}

// seated are those found by name who hold a seat, and unseated who may be given one.
func (d doorData) seated() (out []found)   { return d.foundBy(true) }
func (d doorData) unseated() (out []found) { return d.foundBy(false) }

// found is a guest with the number of her button.
type found struct {
	door.Guest
	N int
}

func (d doorData) foundBy(seat bool) (out []found) {
	for i, g := range d.Found {
		if g.State.HoldsSeat() == seat {
			out = append(out, found{g, i})
		}
	}
	return out
}

// mostRecent is how many of the last entries a door lists.
const mostRecent = 10

// recentOf are the last entries of a device at its door that it may still undo, newest first:
// it has shown these names itself.
func (m *Module) recentOf(ctx context.Context, tx *storage.Tx, here seats.Activity, device string) (out []verdict, err error) {
	type entry struct {
		nonce      string
		at, undone int64
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (e entry, err error) {
		err = row.Scan(&e.nonce, &e.at, &e.undone)
		return e, err
	}, `SELECT s.nonce, s.at, `+seats.UndoneAt+`
		FROM scan s
		WHERE s.device = $1 AND s.activity_id = $2 AND s.kind = 'in' AND s.result = 'accepted' AND s.at > $3
		ORDER BY s.at DESC, s.nonce
		LIMIT 40`, device, here.ID, storage.Micros(tx.Now.Add(-seats.UndoWithin)))
	for _, e := range list {
		if err != nil || len(out) == mostRecent {
			break
		}
		if e.undone != 0 && seats.MayUndo(e.at, e.undone) || e.at > storage.Micros(tx.Now) {
			continue
		}
		var v *verdict
		if v, err = m.lastAnswer(ctx, tx, here, device, e.nonce); err == nil && v != nil && v.Name != "" {
			out = append(out, *v)
		}
	}
	return out, err
}

// lastAnswer is what a scan at this door came to.
func (m *Module) lastAnswer(ctx context.Context, tx *storage.Tx, here seats.Activity, device, nonce string) (*verdict, error) {
	result, reason, app, ok, err := door.StoredScan(ctx, tx, device, nonce)
	if err != nil || !ok {
		return nil, err
	}
	a := &verdict{Nonce: nonce, Result: result, Reason: reason, Application: app}
	var at, undone int64
	if err := tx.QueryRow(ctx, `SELECT s.kind, s.at, `+seats.UndoneAt+`
		FROM scan s
		WHERE s.device = $1 AND s.nonce = $2`, device, nonce).Scan(&a.Kind, &at, &undone); err != nil {
		return nil, err
	}
	a.At, a.Undone = storage.Instant(at), undone != 0 && seats.MayUndo(at, undone)
	if !app.IsZero() {
		found, err := seats.ApplicationByID(ctx, tx, app)
		if err != nil {
			return nil, err
		}
		if found.Activity != here.ID {
			return nil, nil
		}
		p, err := m.People.ByID(ctx, tx, found.Person)
		if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Gone) {
			return nil, err
		}
		a.Name, a.Person, a.State = p.FullName, p.ID, found.State
	}
	return a, nil
}

// doorRefused leads a stranger to sign in; everything else stays as it is.
func doorRefused(r *web.Request, err error) error {
	if fault.Is(err, fault.Unauthenticated) && r.Method == http.MethodGet {
		return r.Redirect("/sign-in?back=" + url.QueryEscape(r.Path(r.URL.Path)))
	}
	return err
}

func (m *Module) showDoor(r *web.Request) error {
	d, err := m.door(r)
	if err != nil {
		return doorRefused(r, err)
	}
	if !d.Keeper.Phone.IsZero() {
		if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return door.NoteContact(ctx, tx, d.Keeper)
		}); err != nil {
			return err
		}
	}
	web.AllowCamera(r.W.Header())
	tellTime(r, d.Now)
	return r.Page(http.StatusOK, doorPage(r, d))
}

// atDoor is the view of a door's page: a name that is searched for, and nothing else.
func atDoor(r *web.Request) kit.ViewOf { return kit.ViewOf{Path: "/door/" + r.PathValue("slug")} }

// findAtDoor answers the form of the search: what is searched for is a name, and no address
// may hold it.
func (m *Module) findAtDoor(r *web.Request) error {
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, _, err := m.stand(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	return kit.Find(r, atDoor(r))
}

// takeScan takes one scan by form, and shows the answer on the next page.
func (m *Module) takeScan(r *web.Request) error {
	if r.PostForm.Has("q") {
		return m.findAtDoor(r)
	}
	// A space at the edge may belong to the code: it is a character of a QR.
	s := door.Scan{Nonce: r.PostFormValue("nonce"), Code: r.PostFormValue("code"), Kind: r.PostFormValue("kind"), Guest: r.PostFormValue("guest")}
	var slug string
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, k, err := m.stand(ctx, tx, r)
		if err != nil {
			return err
		}
		slug = a.Slug
		s.Event, s.At = a.Slug, tx.Now
		if id := r.PostFormValue("application"); id != "" {
			if s.Application, err = storage.ParseID(id); err != nil {
				return fault.New(fault.Invalid, "seminars.fault.application")
			}
			app, err := seats.ApplicationByID(ctx, tx, s.Application)
			if err != nil || app.Activity != a.ID {
				return fault.New(fault.NotFound, "seminars.fault.application")
			}
		}
		if r.PostForm.Has("over") {
			if s.Over, err = seats.OverReason(r.Actor, a, r.PostFormValue("over")); err != nil {
				return err
			}
		}
		out, err := m.CheckIn(ctx, tx, door.CheckIn{Device: k.Device, Activity: a.ID, By: k.By, Scans: []door.Scan{s}})
		if err == nil && out[0].Reason == "malformed" {
			err = fault.New(fault.Invalid, "seminars.door.reason.malformed")
		}
		if err != nil {
			return err
		}
		return door.NoteContact(ctx, tx, k)
	})
	if err != nil {
		return err
	}
	to := "/door/" + slug + "?done=" + url.QueryEscape(s.Nonce)
	if r.PostFormValue("then") == "by_name" { // somebody else stands there
		to += "#by-name"
	}
	return r.Redirect(to)
}

// guestNonce gives each button of a list its own nonce.
func guestNonce(nonce string, i int) string { return nonce + "-" + strconv.Itoa(i) }
