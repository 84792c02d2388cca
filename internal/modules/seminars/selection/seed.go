package selection

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// A seed has two parts. The house's own is drawn by crypto/rand and fixed, before anybody
// can know it, by its SHA-256, which is shown from the day of the first rules. The other is
// what whoever draws types, best thrown before witnesses. Neither side alone can choose the
// panel: who types does not know the house's part, and the house fixed its own before.

const fieldSecret = "selection_seed.secret"

// Fixed is the house's part of a seed while it is sealed.
type Fixed struct {
	Fingerprint string // SHA-256 of it, in hexadecimal
	At          time.Time
}

// fixSeed draws and seals the house's part of the seed of a draw, once.
func (m *Service) fixSeed(ctx context.Context, tx *storage.Tx, activity storage.ID, number int) error {
	part := make([]byte, 16)
	if _, err := rand.Read(part); err != nil {
		return err
	}
	secret := hex.EncodeToString(part)
	_, err := tx.Exec(ctx, `INSERT INTO selection_seed (activity_id, number, secret, fingerprint, made_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (activity_id, number) DO NOTHING`,
		activity, number, m.Keys.Seal(activity[:], fieldSecret, []byte(secret)), Fingerprint(secret), storage.Micros(tx.Now))
	return err
}

// Fingerprint is SHA-256 in hexadecimal, as sha256sum prints it.
func Fingerprint(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// FixedOf gives what is shown of the house's part of the seed of the next draw; false while
// there are no rules.
func FixedOf(ctx context.Context, tx *storage.Tx, activity storage.ID, number int) (f Fixed, ok bool, err error) {
	var at int64
	err = tx.QueryRow(ctx, `SELECT fingerprint, made_at
		FROM selection_seed
		WHERE activity_id = $1 AND number = $2`, activity, number).Scan(&f.Fingerprint, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return f, false, nil
	}
	f.At = storage.Instant(at)
	return f, err == nil, err
}

// seedOf puts the seed of a draw together.
func (m *Service) seedOf(ctx context.Context, tx *storage.Tx, activity storage.ID, number int, witness string) (seed string, f Fixed, err error) {
	var box []byte
	var at int64
	if err = tx.QueryRow(ctx, `SELECT secret, fingerprint, made_at
		FROM selection_seed
		WHERE activity_id = $1 AND number = $2`, activity, number).Scan(&box, &f.Fingerprint, &at); err != nil {
		return "", f, err
	}
	f.At = storage.Instant(at)
	secret, err := m.Keys.Open(activity[:], fieldSecret, box)
	if err != nil {
		return "", f, err
	}
	return strings.TrimSpace(witness + " " + string(secret)), f, nil
}
