package pages

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

const (
	// giveShellPath is the page of giving on that opens with no network.
	giveShellPath = "/door-give.html"
	givePart      = "give"
)

func (m *Module) giveRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: "/door/{slug}/" + givePart, Needs: access.Public, Handler: m.showGive},
		{Method: "POST", Pattern: "/door/{slug}/" + givePart, Needs: access.Public, Handler: m.takeParcel, Upload: door.LongestParcel},
		{Method: "GET", Pattern: giveShellPath, Needs: access.Public, Handler: m.showGiveShell},
	}
}

// givePath is the page of an activity on which phones give on what they have kept.
func givePath(a seats.Activity) string { return "/door/" + a.Slug + "/" + givePart }

// giveData is the page of giving on. The one that opens with no network is of no activity.
type giveData struct {
	Activity seats.Activity
	Box      string // what this phone closes its parcels to
	Takes    bool   // who reads stands at the door, and so brings what others have kept
	Given    []given
	Fault    *fault.Error
}

// given is a line of what became of a parcel: how many of its scans, and why.
type given struct {
	Key   string
	Count int
	Why   string // the key of the reason, empty for none
}

// said are the lines in words.
func (d giveData) said(r *web.Request) (out []string) {
	if d.Fault != nil {
		return []string{kit.Say(r, d.Fault)}
	}
	for _, g := range d.Given {
		if g.Why == "" {
			out = append(out, r.Say.T(g.Key, "count", g.Count))
		} else {
			out = append(out, r.Say.T(g.Key, "count", g.Count, "why", r.Say.T(g.Why)))
		}
	}
	return out
}

// showGive shows the page to who stands at the door. A phone, or somebody, that stood there and
// does no more may give on what it has kept, and takes nothing in.
func (m *Module) showGive(r *web.Request) error {
	var d giveData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d = giveData{Takes: true}
		if d.Activity, _, err = m.stand(ctx, tx, r); err != nil {
			d.Takes = false
			if d.Activity, err = m.stood(ctx, tx, r, err); err != nil {
				return err
			}
		}
		d.Box = m.BoxOf(d.Activity)
		return nil
	}); err != nil {
		return err
	}
	web.AllowCamera(r.W.Header())
	return r.Page(http.StatusOK, givePage(r, d))
}

// stood gives the door at which who asks stood before her right was taken back or her place taken
// over; else why she does not stand there.
func (m *Module) stood(ctx context.Context, tx *storage.Tx, r *web.Request, refused error) (a seats.Activity, err error) {
	if a, err = m.Schedule().BySlug(ctx, tx, r.PathValue("slug")); err != nil {
		return a, refused
	}
	if r.Actor.May(seats.MayAdmit, seats.ScopeOf(a)) {
		return a, nil
	}
	if c, err := r.Cookie(m.doorCookie()); err == nil {
		d, err := door.DeviceEver(ctx, tx, c.Value)
		if err == nil && d.Activity == a.ID {
			return a, nil
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return a, err
		}
	}
	return a, refused
}

func (m *Module) showGiveShell(r *web.Request) error {
	web.AllowCamera(r.W.Header())
	return m.giveShell().Send(r)
}

func (m *Module) giveShell() door.Shell {
	return door.Shell{Part: givePart, Path: giveShellPath, Page: giveShell}
}

// takeParcel takes what another phone has kept, from its file: the form of the page, and what a
// phone sends that carries it.
func (m *Module) takeParcel(r *web.Request) error {
	d := giveData{Takes: true}
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d.Activity, _, err = m.stand(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	d.Box = m.BoxOf(d.Activity)
	list, err := m.parcelOf(r, d.Activity)
	var out []door.Outcome
	for _, g := range list {
		for _, some := range door.Portions(g.Scans) {
			took, err := m.takeGiven(r, door.TakeGiven{Actor: r.Actor, Activity: d.Activity.ID, By: g.By, Scans: some})
			if err != nil {
				return err
			}
			for i, o := range took {
				if o.Result == "refused" || o.Result == "unknown" {
					out = append(out, door.Outcome{Result: "refused", Reason: whyRefused(some[i], o)})
				} else {
					out = append(out, o)
				}
			}
		}
	}
	web.AllowCamera(r.W.Header())
	if d.Fault = fault.Of(err); d.Fault != nil && (d.Fault.Code == fault.Invalid || d.Fault.Code == fault.TooLarge) {
		return r.Page(web.Status(d.Fault.Code), givePage(r, d))
	} else if err != nil {
		return err
	}
	d.Given = sumOf(out)
	return r.Page(http.StatusOK, givePage(r, d))
}

// builtGiven are the keys that whyRefused makes.
func builtGiven() []i18n.Built {
	return []i18n.Built{{Keys: "seminars.give.why.*", Of: []string{door.ReasonUnknownPhone, door.ReasonEnded, "closed_box"}, Why: "why a scan that was given on is refused"}}
}

// whyRefused is the key of why a scan was refused, in words.
func whyRefused(s door.Scan, o door.Outcome) string {
	switch o.Reason {
	case door.ReasonUnknownPhone, door.ReasonEnded, "closed_box":
		return "seminars.give.why." + o.Reason
	}
	return door.SaidOf(s.Kind, o.Result, o.Reason).Why()
}

// sumOf counts what became of the scans of a parcel: taken, there already, refused by reason.
func sumOf(list []door.Outcome) (out []given) {
	taken, known, refused := 0, 0, map[string]int{}
	for _, o := range list {
		switch o.Result {
		case "duplicate":
			known++
		case "refused":
			refused[o.Reason]++
		default:
			taken++
		}
	}
	out = append(out, given{Key: "seminars.give.taken", Count: taken})
	if known > 0 {
		out = append(out, given{Key: "seminars.give.known", Count: known})
	}
	for why, n := range refused {
		out = append(out, given{Key: "seminars.give.refused", Count: n, Why: why})
	}
	slices.SortStableFunc(out[1:], func(a, b given) int { return strings.Compare(a.Why, b.Why) })
	return out
}

// parcelOf reads and opens the file of a form; the whole of it, before anything is taken.
func (m *Module) parcelOf(r *web.Request, a seats.Activity) ([]door.Given, error) {
	chosen := r.Files("file")
	if len(chosen) == 0 {
		return nil, fault.At("file", "seminars.fault.parcel_choose")
	}
	if f := chosen[0].Fault; f != nil {
		return nil, fault.At("file", f.Key, f.Args)
	}
	raw, err := io.ReadAll(chosen[0].Open())
	if err != nil {
		return nil, err
	}
	p, err := door.ReadParcel(raw)
	if err != nil {
		return nil, err
	}
	return m.OpenParcel(a, p)
}

// takeGiven takes one portion; a walk-in whom the house's rules refuse is kept as refused.
func (m *Module) takeGiven(r *web.Request, cmd door.TakeGiven) (out []door.Outcome, err error) {
	var judged error
	take := func() error {
		return m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			judged = nil
			if _, cmd.Keeper, err = m.stand(ctx, tx, r); err != nil {
				return err
			}
			out, judged = m.TakeGiven(ctx, tx, cmd)
			if judged != nil {
				return judged
			}
			return door.NoteContact(ctx, tx, cmd.Keeper)
		})
	}
	err = take()
	if f := fault.Of(judged); f != nil && cmd.Scans[0].WalkIn != "" && f.Code != fault.Forbidden {
		cmd.Refused = f
		err = take()
	}
	return out, err
}
