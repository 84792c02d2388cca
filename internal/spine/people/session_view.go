package people

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
)

// SessionView is a session as its person sees it.
type SessionView struct {
	ID     storage.ID    `json:"id"`
	By     access.Origin `json:"origin"`
	Device string        `json:"device"` // as the person named it, may be empty
	Made   time.Time     `json:"made"`
	Seen   time.Time     `json:"seen"` // within ten minutes
	Ends   time.Time     `json:"ends"`
}

const fieldDevice = "session.device"

// Sessions gives the living sessions of a person, the newest first.
func (s *Service) Sessions(ctx context.Context, tx *storage.Tx, person storage.ID) ([]SessionView, error) {
	key, err := s.dataKey(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	return storage.All(ctx, tx, func(row storage.Scanner) (v SessionView, err error) {
		var device []byte
		var made, seen, ends int64
		if err := row.Scan(&v.ID, &v.By, &device, &made, &seen, &ends); err != nil {
			return v, err
		}
		v.Made, v.Seen, v.Ends = storage.Instant(made), storage.Instant(seen), storage.Instant(ends)
		if device != nil {
			name, err := key.Open(v.ID[:], fieldDevice, device)
			if err != nil {
				return v, err
			}
			v.Device = string(name)
		}
		return v, nil
	}, `SELECT id, origin, device, made_at, seen_at, ends_at FROM session
		WHERE person_id = $1 AND ends_at > $2 ORDER BY made_at DESC, id DESC`, person, storage.Micros(tx.Now))
}

// NameDevice lets a person say what device a session of hers is on, "work laptop".
func (s *Service) NameDevice(ctx context.Context, tx *storage.Tx, person, session storage.ID, name string) error {
	name, turned := legible.Line(name)
	if turned != nil {
		turned.Field = "device"
		return turned
	}
	if len([]rune(name)) > 60 || !printable(name) {
		return fault.At("device", "fault.too_long", fault.Args{"count": 60})
	}
	key, err := s.dataKey(ctx, tx, person)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE session SET device = $3 WHERE id = $1 AND person_id = $2`,
		session, person, key.Seal(session[:], fieldDevice, []byte(name)))
	if err == nil && n == 0 {
		err = Unknown()
	}
	return err
}
