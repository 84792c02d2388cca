package pages

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

const (
	mostScans = 2000
	// mostBoxes bounds the boxes of a batch, which are opened in the writer's turn: a phone
	// sends as many scans at once (web/ts/offline/house.ts).
	mostBoxes = 200
)

// keeperOf finds who asks: by bearer token, by the session, or by the phone's cookie. Somebody of the staff is the same device in every session of hers,
// so that what she sends again after signing in anew is known.
// Unauthenticated when it is nobody.
func (m *Module) keeperOf(ctx context.Context, tx *storage.Tx, r *web.Request) (door.Keeper, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok && r.Actor.MaySomewhere(seats.MayAdmit) {
		return door.Keeper{Device: seats.StaffDevice(r.Actor.Person), By: r.Actor.Person}, nil
	}
	if !ok {
		return m.PhoneOf(ctx, tx, r)
	}
	d, err := door.DeviceByToken(ctx, tx, token)
	return d.Keeper(), err
}

// PhoneOf finds the enrolled phone whose cookie a request brings; Unauthenticated for none.
func (m *Module) PhoneOf(ctx context.Context, tx *storage.Tx, r *web.Request) (door.Keeper, error) {
	var token string
	if c, err := r.Cookie(m.doorCookie()); err == nil {
		token = c.Value
	}
	d, err := door.DeviceByToken(ctx, tx, token)
	return d.Keeper(), err
}

// doorCookie holds the secret of an enrolled phone. Where the site speaks HTTPS only the
// site itself can set it.
const doorCookie = web.DeviceCookie

func (m *Module) doorCookie() string {
	if m.secure() {
		return "__Host-" + doorCookie
	}
	return doorCookie
}

// readBatch reads the body. One scan that cannot be read does not keep the
// others out: it is malformed. The device that the body names is not asked:
// which it is, its token or the session proves.
func readBatch(r *web.Request) (scans []door.Scan, err error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, web.WrongType()
	}
	var body struct {
		Scans []json.RawMessage `json:"scans"`
	}
	in := json.NewDecoder(r.Body)
	err = in.Decode(&body)
	if err == nil { // nothing stands behind it, and null is no list
		if _, err = in.Token(); err == nil || body.Scans == nil {
			err = errors.New("not one document with a list of scans")
		} else if errors.Is(err, io.EOF) {
			err = nil
		}
	}
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return nil, err
	}
	if err != nil || len(body.Scans) > mostScans {
		return nil, fault.New(fault.Invalid, "seminars.fault.json")
	}
	scans = make([]door.Scan, len(body.Scans))
	boxes := 0
	for i, raw := range body.Scans {
		var s struct {
			Nonce, Code, Event, At, Kind, Ticket, Guest, Box string
			WalkIn                                           string `json:"walk_in"`
		}
		err := json.Unmarshal(raw, &s)
		scans[i] = door.Scan{Nonce: s.Nonce, Code: legible.Seen(s.Code), Event: legible.Seen(s.Event), Kind: s.Kind, Ticket: s.Ticket, Guest: s.Guest, Box: s.Box, WalkIn: s.WalkIn}
		if s.Box+s.WalkIn != "" {
			boxes++
		}
		if err == nil {
			scans[i].At, err = time.Parse(time.RFC3339, s.At)
		}
		if err != nil {
			scans[i].Kind = ""
		}
	}
	if boxes > mostBoxes {
		return nil, fault.New(fault.Invalid, "seminars.fault.boxes")
	}
	return scans, nil
}

func (m *Module) takeScans(r *web.Request) error {
	find := m.keeperOf
	keeper := func(ctx context.Context, tx *storage.Tx) (door.Keeper, error) {
		k, err := find(ctx, tx, r)
		if fault.Is(err, fault.Unauthenticated) && r.Actor.SignedIn() {
			err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
		}
		return k, err
	}
	// First it is known who asks: reading a batch and checking its signatures cost
	// more than all the rest. That is not done in the writer's turn either.
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		tellTime(r, tx.Now)
		_, err := keeper(ctx, tx)
		return err
	}); err != nil {
		return err
	}
	scans, err := readBatch(r)
	if err != nil {
		return err
	}
	m.ReadPasses(scans)
	// A portion that is in stays when a later one fails: sent again, its scans are known.
	out := make([]door.Outcome, 0, len(scans))
	var named []string
	if len(scans) > 0 {
		if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			k, err := keeper(ctx, tx)
			if err != nil {
				return err
			}
			asked := door.UploadScans{Keeper: k, Actor: r.Actor, Events: door.Events(scans)}
			named, err = m.KnownEvents(ctx, tx, asked)
			if fault.Of(err) == nil || k.By.IsZero() {
				return err
			}
			// Somebody of the staff of elsewhere, whose phone was let in at this door.
			if phone, none := m.PhoneOf(ctx, tx, r); none == nil {
				asked.Keeper, find = phone, m.PhoneOf
				named, err = m.KnownEvents(ctx, tx, asked)
			}
			return err
		}); err != nil {
			return err
		}
	}
	for _, some := range door.Portions(scans) {
		var took []door.Outcome
		// The work of a transaction, which may be begun again.
		take := func(upload func(ctx context.Context, tx *storage.Tx, cmd door.UploadScans) error) error {
			return m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
				k, err := keeper(ctx, tx)
				if err != nil {
					return err
				}
				if err := upload(ctx, tx, door.UploadScans{Keeper: k, Actor: r.Actor, Scans: some, Events: named}); err != nil {
					return err
				}
				return door.NoteContact(ctx, tx, k)
			})
		}
		var err error
		if some[0].WalkIn != "" {
			took, err = m.takeWalkInOf(take)
		} else {
			err = take(func(ctx context.Context, tx *storage.Tx, cmd door.UploadScans) (err error) {
				took, err = m.UploadScans(ctx, tx, cmd)
				return err
			})
		}
		if err != nil {
			return err
		}
		out = append(out, took...)
	}
	r.W.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(r.W).Encode(map[string]any{"results": out})
}

// takeWalkInOf takes one walk-in of a batch; one who is refused by the house's rules is kept as
// refused, and the rest of the batch goes on.
func (m *Module) takeWalkInOf(take func(func(context.Context, *storage.Tx, door.UploadScans) error) error) ([]door.Outcome, error) {
	out := make([]door.Outcome, 1)
	var refused *fault.Error
	err := take(func(ctx context.Context, tx *storage.Tx, cmd door.UploadScans) (err error) {
		out[0], err = m.UploadWalkIn(ctx, tx, cmd)
		refused = fault.Of(err)
		return err
	})
	if refused != nil {
		err = take(func(ctx context.Context, tx *storage.Tx, cmd door.UploadScans) (err error) {
			out[0], err = m.RefuseWalkIn(ctx, tx, cmd, refused)
			return err
		})
	}
	return out, err
}
