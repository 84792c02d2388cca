package door

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Scan is one reading of a ticket at the door. Nonce is made when the code is
// read, so that the same scan sent twice is one. The Code of an undo is the
// nonce that it undoes.
type Scan struct {
	Nonce string    `json:"nonce"`
	Code  string    `json:"code"`
	Event string    `json:"event"`
	At    time.Time `json:"at"`
	Kind  string    `json:"kind"`

	// In place of a code, of a device that has a pack and keeps no codes: what the pack calls
	// the row whose ticket was read, or the row of her who was chosen by name.
	Ticket string `json:"ticket,omitempty"`
	Guest  string `json:"guest,omitempty"`

	// In place of a code that the device's pack has no row for: the code in a box that only the
	// house opens, so that the device can keep it. It is closed for this nonce.
	Box string `json:"box,omitempty"`
	// Of somebody without an application whom the device took in with no network: what she told,
	// in a box. UploadWalkIn takes it, and nothing else does.
	WalkIn string `json:"walk_in,omitempty"`

	Application storage.ID `json:"-"` // found by name at the door, in place of a code; never read from outside
	Over        string     `json:"-"` // why to let her in though no seat is left; never read from outside
	pass        *passRead  // what its code says, when that was read beforehand
}

// passRead is what readPass gave.
type passRead struct {
	pass seats.Pass
	err  error
}

// ReadPasses reads the codes and checks their signatures. It costs more than
// storing does, so it is done before the transaction, where others wait.
func (m *Desk) ReadPasses(scans []Scan) {
	key := m.VerifyingKey()
	for i, s := range scans {
		if s.Kind != "undo" && s.row() == "" && s.Box == "" && len(s.Code) <= LongestCode {
			pass, err := m.readPass(s.Code, key)
			scans[i].pass = &passRead{pass, err}
		}
	}
}

func (m *Desk) readPass(code string, key ed25519.PublicKey) (seats.Pass, error) {
	if m.Checked != nil {
		m.Checked()
	}
	return seats.ReadPass(code, key)
}

// Outcome answers one scan.
type Outcome struct {
	Nonce  string `json:"nonce"`
	Result string `json:"result"` // accepted, duplicate, already_in, refused, unknown
	Reason string `json:"reason,omitempty"`
	Row    string `json:"row,omitempty"` // of a box: what the device's pack calls her of whom it told

	Application storage.ID `json:"-"` // whose ticket it was; no device is told
}

// CheckIn is a batch of scans of one device at the door of one activity.
type CheckIn struct {
	Device   string
	Activity storage.ID
	By       storage.ID // who stands at the door, zero for an enrolled phone
	Scans    []Scan
	Given    bool // another has brought them for the device
}

// checking is a batch on its way, with the activity as it is in its own transaction.
type checking struct {
	CheckIn
	at   seats.Activity
	rows *rowsOf // of the device's pack
}

// reading is a scan on its way.
type reading struct {
	Scan
	app            storage.ID
	result, reason string // set when it is decided already
	valid          bool
	unstored       bool
}

// LongestCode is how many bytes of a code are looked at, at most.
const LongestCode = 512

var nonceShape = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// MayBeAhead is how far the clock of a phone may be ahead of the house's. A scan
// dated later is refused: it would stand as the last word until its time has come.
const MayBeAhead = 10 * time.Minute

// CheckIn takes a batch, in one transaction, with a result for each scan. All
// scans are kept, also refused and unknown ones; only a scan without a nonce
// to know it by is not. What is answered is what is kept, and only what is kept
// as valid counts.
//
// The activity is read here and nobody changes it until the scans are kept: a batch that
// was made before a cancellation is judged by the cancellation. NotFound when it is gone.
func (m *Desk) CheckIn(ctx context.Context, tx *storage.Tx, batch CheckIn) ([]Outcome, error) {
	a, err := m.Schedule().Held(ctx, tx, batch.Activity)
	if err != nil {
		return nil, err
	}
	cmd := checking{batch, a, &rowsOf{}}
	list := make([]reading, len(cmd.Scans))
	var apps []storage.ID
	for i, s := range cmd.Scans {
		r := reading{Scan: s, valid: true}
		if err := m.read(ctx, tx, cmd, &r); err != nil {
			return nil, err
		}
		if !r.app.IsZero() {
			apps = append(apps, r.app)
		}
		list[i] = r
	}
	// In the same order for everybody, so that two batches never wait for each other.
	slices.SortFunc(apps, func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
	for _, app := range slices.Compact(apps) {
		if err := m.TakeTurn(ctx, tx, app, cmd.Activity); err != nil {
			return nil, err
		}
	}
	out := make([]Outcome, len(list))
	for i := range list {
		var err error
		if out[i], err = m.enter(ctx, tx, cmd, list[i]); err != nil {
			return nil, err
		}
		if app := out[i].Application; list[i].Box != "" && !app.IsZero() {
			out[i].Row = deviceKey(m.Keys, cmd.Device, cmd.Activity).Name("row", app[:])
		}
	}
	m.News(tx, cmd.Activity)
	return out, nil
}

func (r *reading) refuse(reason string) { r.result, r.reason, r.valid = "refused", reason, false }

// read finds whose scan it is, and whether it may count.
func (m *Desk) read(ctx context.Context, tx *storage.Tx, cmd checking, r *reading) error {
	if !nonceShape.MatchString(r.Nonce) || r.At.Year() < 2000 || r.At.Year() > 2200 || len(r.Code) > LongestCode ||
		r.Kind != "in" && r.Kind != "out" && r.Kind != "undo" || !r.wellRowed() {
		r.refuse("malformed")
		r.unstored = true
		return nil
	}
	if r.Box != "" {
		text, err := cmd.rows.boxKey(m, cmd.Activity).Open(r.Nonce, r.Box)
		if r.Code = string(text); err != nil || len(text) > LongestCode {
			// Of another door, cut or changed: it is not kept, so that the true one finds its nonce free.
			r.refuse("closed_box")
			r.unstored = true
			return nil
		}
		r.Code = legible.Seen(r.Code)
	}
	if r.Event != cmd.at.Slug {
		r.refuse("wrong_event")
		return nil
	}
	ahead := r.At.After(tx.Now.Add(MayBeAhead))
	if r.Kind == "undo" {
		if ahead {
			r.refuse("future")
			return nil
		}
		return readUndo(ctx, tx, cmd, r)
	}
	if !r.Application.IsZero() {
		r.app = r.Application
		r.Code = ""
	} else {
		var t seats.Ticket
		var err error
		if r.row() != "" {
			t, err = m.readRow(ctx, tx, cmd, r)
		} else {
			t, err = m.readCode(ctx, tx, r)
		}
		if err != nil {
			return err
		}
		if ahead { // whose it was is kept: staff decide what a wrong clock made of her
			if r.refuse("future"); t.Activity == cmd.Activity {
				r.app = t.Application
			}
			return nil
		}
		if r.result != "" {
			return nil
		}
		if t.Activity != cmd.Activity {
			r.refuse("wrong_event")
			return nil
		}
		r.app = t.Application
		if !t.Revoked.IsZero() && !r.At.Before(t.Revoked) {
			r.refuse("revoked")
			return nil
		}
	}
	switch a := cmd.at; {
	case a.State == "cancelled":
		r.refuse("cancelled")
	case r.At.Before(a.Starts.Add(-seats.TicketGrace)):
		r.refuse("too_early")
	case r.At.After(a.Ends.Add(seats.TicketGrace)):
		r.refuse("expired")
	}
	return nil
}

// readCode reads a QR or a typed code.
func (m *Desk) readCode(ctx context.Context, tx *storage.Tx, r *reading) (t seats.Ticket, err error) {
	if r.pass == nil {
		pass, err := m.readPass(r.Code, m.VerifyingKey())
		r.pass = &passRead{pass, err}
	}
	serial, err := r.pass.pass.Serial, r.pass.err
	switch {
	case errors.Is(err, seats.ErrForeignPass):
		r.refuse("forged")
		return t, nil
	case err != nil:
		if serial, err = seats.ParseCode(r.Code); err != nil {
			r.result, r.reason, r.valid = "unknown", "no_ticket", false
			return t, nil
		}
	}
	t, err = seats.TicketBySerial(ctx, tx, serial)
	if fault.Is(err, fault.NotFound) {
		r.result, r.reason, r.valid = "unknown", "no_ticket", false
		// It may be the ticket of somebody who was erased since: neither its number
		// nor when it was read is kept.
		r.Code, r.At = "", tx.Now
		return t, nil
	}
	return t, err
}

// readUndo finds the scan that is to be undone. It may still be on its way:
// the undo waits for it then. It undoes what counts, at the same door and in time.
func readUndo(ctx context.Context, tx *storage.Tx, cmd checking, r *reading) error {
	if !nonceShape.MatchString(r.Code) {
		r.result, r.reason, r.valid = "unknown", "undo_first", false
		return nil
	}
	var kind string
	var at int64
	var activity, app storage.ID
	var counts bool
	err := tx.QueryRow(ctx, `SELECT kind, at, activity_id, application_id, valid
		FROM scan
		WHERE device = $1 AND nonce = $2`, cmd.Device, r.Code).Scan(&kind, &at, &activity, &app, &counts)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case activity != cmd.Activity:
		r.refuse("wrong_event")
	case kind == "undo" || !counts:
		r.refuse("not_undone")
	case !seats.MayUndo(at, storage.Micros(r.At)):
		r.refuse("too_late")
	default:
		r.app = app
	}
	return nil
}

// enter writes one scan and brings the attendance up to date.
func (m *Desk) enter(ctx context.Context, tx *storage.Tx, cmd checking, r reading) (Outcome, error) {
	out := Outcome{Nonce: r.Nonce, Result: r.result, Reason: r.reason, Application: r.app}
	if r.unstored {
		return out, nil
	}
	if _, _, _, ok, err := StoredScan(ctx, tx, cmd.Device, r.Nonce); err != nil || ok {
		return duplicate(ctx, tx, cmd, r, err)
	}
	if r.Kind == "undo" && r.valid && r.app.IsZero() {
		// Perhaps what it undoes came earlier in this batch.
		if err := readUndo(ctx, tx, cmd, &r); err != nil {
			return out, err
		}
		if !r.app.IsZero() {
			if err := m.TakeTurn(ctx, tx, r.app, cmd.Activity); err != nil {
				return out, err
			}
		}
	}
	var app seats.Application
	var err error
	kept := false
	if !r.app.IsZero() {
		if app, err = seats.ApplicationByID(ctx, tx, r.app); err != nil {
			return out, err
		}
		if r.valid && r.Kind == "in" && !app.State.HoldsSeat() {
			// Kept before she is let in: of two that come with one nonce in the same
			// moment the second finds the first, and lets nobody in.
			first := r
			first.refuse(string(fault.Full))
			if ok, err := keepScan(ctx, tx, cmd, first); err != nil || !ok {
				return duplicate(ctx, tx, cmd, r, err)
			}
			kept = true
			var extra bool
			app.Came = r.At
			app, extra, err = m.LetIn(ctx, tx, app, cmd.By, r.Over)
			if extra {
				r.result, r.reason = "accepted", overCapacity
			}
			if f := fault.Of(err); f != nil && (f.Code == fault.Full || f.Code == fault.Conflict) {
				r.refuse(string(f.Code))
			} else if err != nil {
				return out, err
			}
		}
	}
	if r.result == "" {
		if r.result, r.reason, err = m.judge(ctx, tx, cmd.at, r); err != nil {
			return out, err
		}
	}
	if kept {
		_, err = tx.Exec(ctx, `UPDATE scan
			SET valid = $3, result = $4, reason = $5
			WHERE device = $1 AND nonce = $2`, cmd.Device, r.Nonce, r.valid, r.result, r.reason)
	} else if kept, err = keepScan(ctx, tx, cmd, r); err == nil && !kept {
		return duplicate(ctx, tx, cmd, r, nil)
	}
	if err != nil {
		return out, err
	}
	out.Result, out.Reason, out.Application = r.result, r.reason, r.app
	if r.app.IsZero() || !r.valid {
		return out, nil
	}
	return out, m.settle(ctx, tx, cmd, r, app)
}

// keepScan writes a scan as it was judged; ok is false when its device has sent
// one with this nonce before.
func keepScan(ctx context.Context, tx *storage.Tx, cmd checking, r reading) (ok bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO scan (id, device, nonce, activity_id, application_id, code, kind, at, received_at, valid, result, reason, given)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (device, nonce) DO NOTHING`,
		tx.NewID(), cmd.Device, r.Nonce, cmd.Activity, r.app, plainCode(r.Code), r.Kind, storage.Micros(r.At),
		storage.Micros(tx.Now), r.valid, r.result, r.reason, cmd.Given)
	return n == 1, err
}

// duplicate answers a scan that is kept already with what was answered then.
func duplicate(ctx context.Context, tx *storage.Tx, cmd checking, r reading, err error) (Outcome, error) {
	if err != nil {
		return Outcome{Nonce: r.Nonce}, err
	}
	was, reason, app, _, err := StoredScan(ctx, tx, cmd.Device, r.Nonce)
	if reason != "" {
		was = reason
	}
	return Outcome{Nonce: r.Nonce, Result: "duplicate", Reason: was, Application: app}, err
}

// overCapacity is the reason of an accepted scan that needed an extra seat.
const overCapacity = "over_capacity"

// judge names the result of a scan that counts.
func (m *Desk) judge(ctx context.Context, tx *storage.Tx, of seats.Activity, r reading) (result, reason string, err error) {
	if r.app.IsZero() {
		return "unknown", "undo_first", nil
	}
	if r.Kind != "in" {
		return "accepted", "", nil
	}
	inside, err := seats.InsideAt(ctx, tx, of, r.app, r.At)
	if inside {
		return "already_in", "already_in", err
	}
	return "accepted", "", err
}

// settle makes the attendance, the state and the fact what the scans come to.
func (m *Desk) settle(ctx context.Context, tx *storage.Tx, cmd checking, r reading, app seats.Application) error {
	marks, err := seats.MarksOf(ctx, tx, app.ID)
	if err != nil {
		return err
	}
	before, err := seats.AttendanceOf(ctx, tx, app.ID)
	if err != nil {
		return err
	}
	// Who was let in is proven, also when that is undone: else it would hang on the
	// order of the scans whether her application counts.
	if slices.ContainsFunc(marks, func(k seats.Mark) bool { return k.Kind == "in" }) {
		came := app.Came
		if app, err = m.ProveApplication(ctx, tx, app); err != nil {
			return err
		}
		app.Came = came
	}
	a := seats.MergeMarks(marks)
	a.Listed, a.Signed = before.Listed, before.Signed
	if err := seats.SetAttendance(ctx, tx, app.ID, a); err != nil {
		return err
	}
	was, came := app.Came, a.CameAt(cmd.at)
	if was.IsZero() { // not let in by this very scan
		was = before.CameAt(cmd.at)
	}
	switch {
	case app.State == seats.Attended && !came.IsZero():
		err = m.Redate(ctx, tx, app, was, came)
	// An exit or an undo brings nobody back whom staff have noted as missing since.
	case a.FirstIn != 0 && r.Kind == "in" && app.State.HoldsSeat():
		app.Came = came
		_, err = m.Move(ctx, tx, app, seats.Attended, cmd.By, seats.ReasonDoor)
	case app.State == seats.Attended:
		app.Came = was
		_, err = m.GiveBack(ctx, tx, app, cmd.By)
	}
	return err
}

// StoredScan gives what was answered to a scan that came before.
func StoredScan(ctx context.Context, tx *storage.Tx, device, nonce string) (result, reason string, app storage.ID, ok bool, err error) {
	err = tx.QueryRow(ctx, `SELECT result, reason, application_id
		FROM scan
		WHERE device = $1 AND nonce = $2`, device, nonce).Scan(&result, &reason, &app)
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", app, false, nil
	}
	return result, reason, app, err == nil, err
}

// plainCode is a code as it may be kept: what a stranger's QR holds is not
// known, so no control characters and not without end.
func plainCode(code string) string {
	code = strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, strings.ToValidUTF8(code, ""))
	if r := []rune(code); len(r) > 200 {
		code = string(r[:200])
	}
	return code
}
