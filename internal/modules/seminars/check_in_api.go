package seminars

import (
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

const mostScans = 2000

// keeper is who stands at the door: a person of the staff or an enrolled phone.
type keeper struct {
	device   string
	by       storage.ID
	phone    storage.ID // an enrolled one, zero for staff
	activity storage.ID // of an enrolled phone, zero for staff
}

// reader is who sees the names that the door shows: a person, or the phone.
func (k keeper) reader() storage.ID {
	if k.by.IsZero() {
		return k.phone
	}
	return k.by
}

// keeperOf finds who asks: by bearer token, by the phone's cookie, or by the
// session. Somebody of the staff is the same device in every session of hers,
// so that what she sends again after signing in anew is known.
// Unauthenticated when it is nobody.
func (m *Module) keeperOf(ctx context.Context, tx *storage.Tx, r *web.Request) (keeper, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok && r.Actor.MaySomewhere(MayAdmit) {
		return keeper{device: staffDevice(r.Actor.Person), by: r.Actor.Person}, nil
	}
	if c, err := r.Cookie(doorCookie); err == nil && !ok {
		token = c.Value
	}
	d, err := deviceByToken(ctx, tx, token)
	return keeper{device: d.ID.String(), phone: d.ID, activity: d.Activity}, err
}

// staffDevice is the device of somebody of the staff.
func staffDevice(person storage.ID) string { return "person " + person.String() }

// doorCookie holds the secret of an enrolled phone.
const doorCookie = "ashar_door"

// may refuses whoever does not stand at the door of this activity.
func (k keeper) may(r *web.Request, a Activity) error {
	if k.activity == a.ID || k.activity.IsZero() && r.Actor.May(MayAdmit, scopeOf(a)) {
		return nil
	}
	return fault.New(fault.Forbidden, "seminars.fault.forbidden")
}

// readBatch reads the body. One scan that cannot be read does not keep the
// others out: it is malformed. The device that the body names is not asked:
// which it is, its token or the session proves.
func readBatch(r *web.Request) (scans []Scan, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, web.WrongType()
	}
	var body struct {
		Scans []json.RawMessage `json:"scans"`
	}
	err = json.NewDecoder(r.Body).Decode(&body)
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return nil, err
	}
	if err != nil || len(body.Scans) > mostScans {
		return nil, fault.New(fault.Invalid, "seminars.fault.json")
	}
	scans = make([]Scan, len(body.Scans))
	for i, raw := range body.Scans {
		var s struct{ Nonce, Code, Event, At, Kind string }
		err := json.Unmarshal(raw, &s)
		scans[i] = Scan{Nonce: s.Nonce, Code: s.Code, Event: s.Event, Kind: s.Kind}
		if err == nil {
			scans[i].At, err = time.Parse(time.RFC3339, s.At)
		}
		if err != nil {
			scans[i].Kind = ""
		}
	}
	return scans, nil
}

// doors gives the activities of a batch at whose doors the keeper stands, in
// the order in which the scans name them; the fault of the first when it is none.
func (m *Module) doors(ctx context.Context, tx *storage.Tx, r *web.Request, k keeper, scans []Scan) (list []Activity, err error) {
	if !k.activity.IsZero() {
		a, err := m.activityByID(ctx, tx, k.activity)
		return []Activity{a}, err
	}
	seen := map[string]bool{}
	for _, s := range scans {
		if seen[s.Event] {
			continue
		}
		seen[s.Event] = true
		var a Activity
		refused := error(fault.New(fault.NotFound, "seminars.fault.activity"))
		if !strings.ContainsRune(s.Event, 0) { // which PostgreSQL takes for no text
			a, refused = m.calendar().BySlug(ctx, tx, s.Event)
		}
		if refused == nil {
			refused = k.may(r, a)
		}
		switch {
		case refused == nil:
			list = append(list, a)
		case fault.Of(refused) == nil:
			return nil, refused
		case err == nil:
			err = refused
		}
	}
	if len(list) > 0 {
		err = nil
	}
	return list, err
}

func (m *Module) takeScans(r *web.Request) error {
	scans, err := readBatch(r)
	if err != nil {
		return err
	}
	m.readPasses(scans)
	out := make([]Outcome, len(scans))
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		k, err := m.keeperOf(ctx, tx, r)
		if fault.Is(err, fault.Unauthenticated) && r.Actor.SignedIn() {
			err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
		}
		if err != nil {
			return err
		}
		if len(scans) == 0 {
			return nil
		}
		list, err := m.doors(ctx, tx, r, k, scans)
		if err != nil {
			return err
		}
		for n, a := range list {
			cmd := CheckIn{Device: k.device, Activity: a, By: k.by}
			var places []int
			for i, s := range scans {
				// What belongs to none of these doors is refused, and kept, at the first.
				elsewhere := !slices.ContainsFunc(list, func(a Activity) bool { return a.Slug == s.Event })
				if s.Event == a.Slug || n == 0 && elsewhere {
					cmd.Scans, places = append(cmd.Scans, s), append(places, i)
				}
			}
			results, err := m.CheckIn(ctx, tx, cmd)
			if err != nil {
				return err
			}
			for i, place := range places {
				out[place] = results[i]
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(r.W).Encode(map[string]any{"results": out})
}
