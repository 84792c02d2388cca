package ready

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// lines are what the page tells: what the house keeps of a check, in its order, and the camera,
// without which a door works too.
var lines = append(append([]string{}, door.ReadyLines...), "camera")

// said are what the script of the page may have found of each.
var said = []string{
	"pages.good", "pages.none", "pages.old", "pages.shut", "pages.net",
	"pack.good", "pack.none", "pack.other", "pack.old",
	"ticket.good", "ticket.bad", "later",
	"ledger.good", "ledger.bad",
	"word.good", "word.none", "word.other",
	"clock.good", "clock.near", "clock.bad",
	"storage.good", "storage.near", "storage.bad",
	"day.good", "day.none",
	"camera.good", "camera.ask", "camera.denied", "camera.none",
}

// data is the page of one check.
type data struct {
	Activity seats.Activity
	Mark     string // what the house calls this device in its pack
	Phones   bool   // who asks may open the page of the phones
	Now      time.Time
}

// Path is the page on which a phone of an activity is checked.
func Path(a seats.Activity) string { return "/door/" + url.PathEscape(a.Slug) + "/ready" }

func (m *Module) show(r *web.Request) error {
	var d data
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, k, err := m.Stand(ctx, tx, r)
		if err != nil {
			return err
		}
		d = data{Activity: a, Mark: door.MarkOf(m.Keys, k, a), Phones: r.Actor.May(seats.MayEnrol, seats.ScopeOf(a)), Now: tx.Now}
		return nil
	}); err != nil {
		if fault.Is(err, fault.Unauthenticated) { // a stranger is led to sign in, and back
			return r.Redirect("/sign-in?back=" + url.QueryEscape(r.Path(r.URL.Path)))
		}
		return err
	}
	web.AllowCamera(r.W.Header())
	return r.Page(http.StatusOK, page(r, d))
}

// words are the texts in which the script of the page says what it has found.
func words(r *web.Request, d data) string {
	found := map[string]string{}
	for _, key := range said {
		found[key] = r.Say.T("ready.said."+key, "found", "{}")
	}
	var missing [3]string
	for i, n := range []int{1, 2, 5} {
		missing[i] = r.Say.T("ready.missing", "count", n)
	}
	days := map[string]string{} // by their number since 1970: those on which a list that is kept may have been made
	for n := -3; n <= 1; n++ {
		day := d.Now.AddDate(0, 0, n)
		_, ahead := day.In(i18n.Bishkek()).Zone()
		days[strconv.FormatInt((day.Unix()+int64(ahead))/int64((24*time.Hour).Seconds()), 10)] = i18n.DayMonth(r.Lang, day)
	}
	raw, err := json.Marshal(map[string]any{
		"said": found, "missing": missing, "days": days,
		"states": map[string]string{"good": r.Say.T("ready.state.good"), "wait": r.Say.T("ready.state.wait"), "bad": r.Say.T("ready.state.bad")},
		"ready":  r.Say.T("ready.ready", "day", i18n.DateLong(r.Lang, d.Activity.Starts)), "checking": r.Say.T("ready.checking"),
		"sent": r.Say.T("ready.sent"), "waits": r.Say.T("ready.waits"), "refused": r.Say.T("ready.refused"), "camera": r.Say.T("ready.camera"),
	})
	if err != nil {
		panic(err) // strings alone
	}
	return string(raw)
}

// readCheck reads what a phone says of a check: its moment in milliseconds since 1970, and the
// lines that were missing.
func readCheck(r *web.Request) (at time.Time, missing []string, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return at, nil, web.WrongType()
	}
	var body struct {
		At      *int64   `json:"at"`
		Missing []string `json:"missing"`
	}
	in := json.NewDecoder(r.Body)
	err = in.Decode(&body)
	if err == nil { // nothing stands behind it, and null is no list
		if _, err = in.Token(); err == nil || body.At == nil || body.Missing == nil {
			err = errors.New("not one document with a moment and a list")
		} else if errors.Is(err, io.EOF) {
			err = nil
		}
	}
	var big *http.MaxBytesError
	if err != nil && !errors.As(err, &big) {
		err = fault.New(fault.Invalid, "ready.fault.json")
	}
	if err != nil {
		return at, nil, err
	}
	return time.UnixMilli(*body.At), body.Missing, nil
}

// take keeps what a check has come to.
func (m *Module) take(r *web.Request) error {
	// First it is known who asks: nothing of a stranger's is read.
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		r.W.Header().Set(door.TimeHeader, tx.Now.UTC().Format(door.TimeFormat))
		_, _, err := m.Stand(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	at, missing, err := readCheck(r)
	if err != nil {
		return err
	}
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, k, err := m.Stand(ctx, tx, r)
		if err != nil {
			return err
		}
		actor := r.Actor
		if !k.Phone.IsZero() {
			actor = access.Actor{} // the phone stands there by itself
		}
		return m.NoteReady(ctx, tx, door.NoteReady{Activity: a.ID, Actor: actor, Keeper: k, At: at, Missing: missing})
	}); err != nil {
		return err
	}
	r.W.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(r.W).Encode(map[string]bool{"ready": len(missing) == 0})
}
