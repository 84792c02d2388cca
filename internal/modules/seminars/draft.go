package seminars

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// draftLife is how long a half-filled application waits to be continued.
const draftLife = 14 * 24 * time.Hour

// Draft is a half-filled application, or what remains of one that was handed in.
type Draft struct {
	Answers     Answers
	Application storage.ID // set once it was handed in
	Fresh       bool       // the person was made by this form
}

// newSecret makes the secret of a draft, for the cookie.
func newSecret() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// draftName is what a draft is found by: of each activity and secret another.
func draftName(secret string, activity storage.ID) []byte {
	h := sha256.New()
	h.Write([]byte("ashar application draft\x00"))
	h.Write(activity[:])
	h.Write([]byte(secret))
	return h.Sum(nil)
}

// draftBox seals under a key that only the secret gives.
func draftBox(secret string, activity storage.ID) (cipher.AEAD, error) {
	h := sha256.New()
	h.Write([]byte("ashar application draft key\x00"))
	h.Write(activity[:])
	h.Write([]byte(secret))
	block, err := aes.NewCipher(h.Sum(nil))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// saveDraft keeps the answers for the holder of the secret, unless the
// application was handed in already.
func saveDraft(ctx context.Context, tx *storage.Tx, activity storage.ID, secret string, a Answers) error {
	plain, err := a.encode()
	if err != nil {
		return err
	}
	aead, err := draftBox(secret, activity)
	if err != nil {
		return err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce)
	_, err = tx.Exec(ctx, `INSERT INTO application_draft (token_hash, activity_id, box, until_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (token_hash) DO UPDATE
		SET box = excluded.box, until_at = excluded.until_at
		WHERE application_draft.application_id IS NULL`,
		draftName(secret, activity), activity, aead.Seal(nonce, nonce, plain, nil), storage.Micros(tx.Now.Add(draftLife)))
	return err
}

// openDraft reads the draft of a secret; ok is false when there is none, it has
// expired, or the secret is foreign.
func openDraft(ctx context.Context, tx *storage.Tx, activity storage.ID, secret string) (d Draft, ok bool, err error) {
	d.Answers = Answers{}.clone()
	if secret == "" || len(secret) > 100 {
		return d, false, nil
	}
	var box []byte
	err = tx.QueryRow(ctx, `SELECT box, application_id, fresh
		FROM application_draft
		WHERE token_hash = $1 AND until_at > $2`,
		draftName(secret, activity), storage.Micros(tx.Now)).Scan(&box, &d.Application, &d.Fresh)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	if err != nil || len(box) == 0 {
		return d, err == nil, err
	}
	aead, err := draftBox(secret, activity)
	if err != nil {
		return d, false, err
	}
	if len(box) < aead.NonceSize() {
		return d, false, nil
	}
	plain, err := aead.Open(nil, box[:aead.NonceSize()], box[aead.NonceSize():], nil)
	if err != nil {
		return d, false, nil // of another installation; nothing to continue
	}
	a, err := decodeAnswers(plain)
	d.Answers = a.clone()
	return d, err == nil, err
}

// closeDraft empties the draft and notes what came of it.
func closeDraft(ctx context.Context, tx *storage.Tx, activity storage.ID, secret string, application storage.ID, fresh bool) error {
	if secret == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO application_draft (token_hash, activity_id, application_id, fresh, until_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (token_hash) DO UPDATE
		SET box = NULL, application_id = excluded.application_id, fresh = excluded.fresh, until_at = excluded.until_at`,
		draftName(secret, activity), activity, application, fresh, storage.Micros(tx.Now.Add(time.Hour)))
	return err
}

// dropDrafts deletes what has expired.
func dropDrafts(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM application_draft WHERE until_at <= $1`, storage.Micros(tx.Now))
	return err
}

// keepDraft saves the draft and sees to it that it is deleted in time.
func (m *Module) keepDraft(ctx context.Context, tx *storage.Tx, activity storage.ID, secret string, a Answers) error {
	if err := saveDraft(ctx, tx, activity, secret, a); err != nil {
		return err
	}
	day := tx.Now.Add(draftLife).Truncate(24 * time.Hour).Add(24 * time.Hour)
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: "seminars.tidy", Payload: struct{}{}, Key: day.Format(time.DateOnly), After: day})
}
