package seminars

import (
	"context"
	"encoding/json"
	"mime"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

const mostScans = 2000

// keeper is who stands at the door: a person of the staff or an enrolled phone.
type keeper struct {
	device   string
	by       storage.ID
	activity storage.ID // of an enrolled phone, zero for staff
}

// keeperOf finds who asks: by bearer token, by the phone's cookie, or by the
// session. Unauthenticated when it is nobody.
func (m *Module) keeperOf(ctx context.Context, tx *storage.Tx, r *web.Request) (keeper, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok && r.Actor.MaySomewhere(MayAdmit) {
		return keeper{device: "session " + r.Actor.Session.String(), by: r.Actor.Person}, nil
	}
	if c, err := r.Cookie(doorCookie); err == nil && !ok {
		token = c.Value
	}
	d, err := deviceByToken(ctx, tx, token)
	return keeper{device: d.ID.String(), activity: d.Activity}, err
}

// doorCookie holds the secret of an enrolled phone.
const doorCookie = "ashar_door"

// may refuses whoever does not stand at the door of this activity.
func (k keeper) may(r *web.Request, a Activity) error {
	if k.activity == a.ID || k.activity.IsZero() && r.Actor.May(MayAdmit, scopeOf(a)) {
		return nil
	}
	return fault.New(fault.Forbidden, "seminars.fault.forbidden")
}

func (m *Module) takeScans(r *web.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return fault.New(fault.Invalid, "seminars.fault.json")
	}
	var batch struct {
		Device string            `json:"device"`
		Scans  []json.RawMessage `json:"scans"`
	}
	if err := json.NewDecoder(r.Body).Decode(&batch); err != nil || len(batch.Scans) > mostScans {
		return fault.New(fault.Invalid, "seminars.fault.json")
	}
	cmd := CheckIn{Scans: make([]Scan, len(batch.Scans))}
	for i, raw := range batch.Scans {
		// One scan that cannot be read must not keep the others out.
		if err := json.Unmarshal(raw, &cmd.Scans[i]); err != nil {
			cmd.Scans[i].Kind = ""
		}
	}
	out := []Outcome{}
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		k, err := m.keeperOf(ctx, tx, r)
		if err != nil {
			return err
		}
		if len(cmd.Scans) == 0 {
			return nil
		}
		if k.activity.IsZero() {
			cmd.Activity, err = m.calendar().BySlug(ctx, tx, cmd.Scans[0].Event)
		} else {
			cmd.Activity, err = m.activityByID(ctx, tx, k.activity)
			if err == nil && batch.Device != "" && batch.Device != k.device {
				err = fault.New(fault.Forbidden, "seminars.fault.device")
			}
		}
		if err != nil {
			return err
		}
		if err := k.may(r, cmd.Activity); err != nil {
			return err
		}
		cmd.Device, cmd.By = k.device, k.by
		out, err = m.CheckIn(ctx, tx, cmd)
		return err
	})
	if err != nil {
		return err
	}
	r.W.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(r.W).Encode(map[string]any{"results": out})
}
