package door

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Device is a phone that may scan at the door of one activity.
type Device struct {
	ID       storage.ID
	Activity storage.ID
	Name     string
	Until    time.Time
	Enrolled time.Time
	Seen     time.Time
	Revoked  time.Time

	// Of a substitute's phone: until when its link serves, whose place it takes, and whether it
	// runs the day. OfPhone and OfPerson are zero for another phone.
	LinkUntil         time.Time
	OfPhone, OfPerson storage.ID
	Leads             bool
}

const deviceColumns = `id, activity_id, name, until_at, enrolled_at, seen_at, revoked_at,
	COALESCE((SELECT h.until_at FROM door_handover h WHERE h.device_id = door_device.id), 0),
	(SELECT h.of_phone FROM door_handover h WHERE h.device_id = door_device.id),
	(SELECT h.of_person FROM door_handover h WHERE h.device_id = door_device.id),
	COALESCE((SELECT h.leads FROM door_handover h WHERE h.device_id = door_device.id), FALSE)`

func scanDevice(row storage.Scanner) (d Device, err error) {
	var until, enrolled, seen, revoked, link int64
	err = row.Scan(&d.ID, &d.Activity, &d.Name, &until, &enrolled, &seen, &revoked, &link, &d.OfPhone, &d.OfPerson, &d.Leads)
	d.LinkUntil = storage.Instant(link)
	d.Until, d.Enrolled, d.Seen, d.Revoked = storage.Instant(until), storage.Instant(enrolled), storage.Instant(seen), storage.Instant(revoked)
	return d, err
}

// NewDoorToken draws what a device or its link is known by.
func NewDoorToken() string {
	b := make([]byte, 24)
	rand.Read(b) // never fails, by its documentation
	return base64.RawURLEncoding.EncodeToString(b)
}

func doorHash(token string) []byte {
	sum := sha256.Sum256([]byte("ashar door " + token))
	return sum[:]
}

// InviteDevice makes the link that enrols one phone, once. Invalid without a name.
func (m *Desk) InviteDevice(ctx context.Context, tx *storage.Tx, actor access.Actor, activity storage.ID, name string) (token string, err error) {
	a, err := m.ActivityByID(ctx, tx, activity)
	if err != nil {
		return "", err
	}
	if err := mayEnrol(ctx, tx, actor, a); err != nil {
		return "", err
	}
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > 60 {
		return "", fault.At("name", "seminars.fault.device_name")
	}
	token = NewDoorToken()
	_, err = tx.Exec(ctx, `INSERT INTO door_device (id, activity_id, name, enrol_hash, made_by, made_at, until_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tx.NewID(), a.ID, name, doorHash(token), actor.Person, storage.Micros(tx.Now), storage.Micros(a.Ends.Add(seats.TicketGrace)))
	return token, err
}

// EnrolDevice trades the link's secret for the one that the phone keeps. Whose place it takes
// over has none any more. Gone when the link was used, taken back or is too old.
func (m *Desk) EnrolDevice(ctx context.Context, tx *storage.Tx, token string) (Device, string, error) {
	d, err := DeviceByLink(ctx, tx, token)
	if err != nil {
		return d, "", err
	}
	kept := NewDoorToken()
	if m.Taking != nil {
		m.Taking()
	}
	n, err := tx.Exec(ctx, `UPDATE door_device
		SET token_hash = $1, enrolled_at = $2
		WHERE id = $3 AND enrolled_at = 0 AND revoked_at = 0`, doorHash(kept), storage.Micros(tx.Now), d.ID)
	if err == nil && n == 0 {
		err = fault.New(fault.Gone, "seminars.fault.device_link")
	}
	if err != nil {
		return d, "", err
	}
	return d, kept, takeOver(ctx, tx, d)
}

// DeviceByLink finds what a link would enrol, and changes nothing.
func DeviceByLink(ctx context.Context, tx *storage.Tx, token string) (Device, error) {
	d, err := storage.One(ctx, tx, scanDevice, `SELECT `+deviceColumns+`
		FROM door_device
		WHERE enrol_hash = $1`, doorHash(token))
	if errors.Is(err, sql.ErrNoRows) {
		return d, fault.New(fault.NotFound, "seminars.fault.device_link")
	}
	if err == nil && (!d.Enrolled.IsZero() || !d.Revoked.IsZero() || tx.Now.After(d.Until) || d.lapsed(tx.Now)) {
		return d, fault.New(fault.Gone, "seminars.fault.device_link")
	}
	return d, err
}

// DeviceByToken finds the phone that holds the secret; Unauthenticated when
// there is none, or it was taken back, or the activity is over.
func DeviceByToken(ctx context.Context, tx *storage.Tx, token string) (Device, error) {
	d, err := storage.One(ctx, tx, scanDevice, `SELECT `+deviceColumns+`
		FROM door_device
		WHERE token_hash = $1`, doorHash(token))
	if errors.Is(err, sql.ErrNoRows) || err == nil && (!d.Revoked.IsZero() || tx.Now.After(d.Until)) {
		return Device{}, fault.New(fault.Unauthenticated, "seminars.fault.device")
	}
	return d, err
}

// DeviceEver finds the phone that holds the secret, also when its right was taken back or is over;
// NotFound when there is none.
func DeviceEver(ctx context.Context, tx *storage.Tx, token string) (Device, error) {
	d, err := storage.One(ctx, tx, scanDevice, `SELECT `+deviceColumns+`
		FROM door_device
		WHERE token_hash = $1`, doorHash(token))
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "seminars.fault.device")
	}
	return d, err
}

// lapsed reports whether the link of a substitute was not opened in time.
func (d Device) lapsed(now time.Time) bool {
	return !d.LinkUntil.IsZero() && d.Enrolled.IsZero() && !now.Before(d.LinkUntil)
}

// RevokeDevice ends a phone's right at once, or takes its link back. What it scanned stays;
// whose place it had taken over has it again, when it was a person's.
func (m *Desk) RevokeDevice(ctx context.Context, tx *storage.Tx, actor access.Actor, activity, id storage.ID) error {
	a, err := m.ActivityByID(ctx, tx, activity)
	if err != nil {
		return err
	}
	if err := mayEnrol(ctx, tx, actor, a); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE door_device
		SET revoked_at = $1
		WHERE id = $2 AND activity_id = $3 AND revoked_at = 0`, storage.Micros(tx.Now), id, a.ID); err != nil {
		return err
	}
	if err := forgetReady(ctx, tx, a.ID, id.String()); err != nil {
		return err
	}
	if err := endLinks(ctx, tx, a.ID, id); err != nil {
		return err
	}
	return giveBack(ctx, tx, actor, a.ID, id)
}

// contactEvery is how often it is written down that a phone was in contact.
const contactEvery = time.Minute

// NoteContact writes down that a phone was in contact with the house: what it holds it could
// send. It belongs at the end of a transaction, where nothing else is waited for any more.
func NoteContact(ctx context.Context, tx *storage.Tx, k Keeper) error {
	if k.Phone.IsZero() {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE door_device
		SET seen_at = $1
		WHERE id = $2 AND seen_at < $3`, storage.Micros(tx.Now), k.Phone, storage.Micros(tx.Now.Add(-contactEvery)))
	return err
}

// Contact is when the phone was in contact with the house last; zero when it never was.
func (d Device) Contact() time.Time {
	if d.Seen.After(d.Enrolled) {
		return d.Seen
	}
	return d.Enrolled
}

// On reports whether the phone may scan now.
func (d Device) On(now time.Time) bool {
	return !d.Enrolled.IsZero() && d.Revoked.IsZero() && now.Before(d.Until)
}

// Silent reports whether the phone was not in contact since its activity ended, and may still
// be: scans that it holds are not known here, and until d.Until it can send them.
func (d Device) Silent(a seats.Activity, now time.Time) bool {
	return d.On(now) && a.Past(now) && d.Contact().Before(a.Ends)
}

// DevicesAt lists the devices of some activities, by activity.
func DevicesAt(ctx context.Context, tx *storage.Tx, activities []storage.ID) (map[storage.ID][]Device, error) {
	out := map[storage.ID][]Device{}
	if len(activities) == 0 {
		return out, nil
	}
	places, args := make([]string, len(activities)), make([]any, len(activities))
	for i, id := range activities {
		places[i], args[i] = "$"+strconv.Itoa(i+1), id
	}
	list, err := storage.All(ctx, tx, scanDevice, `SELECT `+deviceColumns+`
		FROM door_device
		WHERE activity_id IN (`+strings.Join(places, ", ")+`)
		ORDER BY made_at, id`, args...)
	for _, d := range list {
		out[d.Activity] = append(out[d.Activity], d)
	}
	return out, err
}

// DevicesOf lists the devices that were let in at an activity.
func DevicesOf(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]Device, error) {
	return storage.All(ctx, tx, scanDevice, `SELECT `+deviceColumns+`
		FROM door_device
		WHERE activity_id = $1
		ORDER BY made_at, id`, activity)
}
