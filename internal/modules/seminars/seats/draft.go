package seats

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

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
)

// DraftLife is how long a half-filled application waits to be continued.
const DraftLife = 14 * 24 * time.Hour

// handedLife is how long it is known what a draft has become.
const handedLife = time.Hour

// Draft is a half-filled application, or what remains of one that was handed in.
type Draft struct {
	Answers     forms.Answers
	Application storage.ID // set once it was handed in
}

// NewSecret makes a word that nobody guesses: the secret of a draft, for the cookie.
func NewSecret() string {
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

// DraftMark is the name of a draft as the form carries it: a second tap, or a page that
// was kept open, finds what its draft has become after the browser has got another secret.
func DraftMark(secret string, activity storage.ID) string {
	return base64.RawURLEncoding.EncodeToString(draftName(secret, activity))
}

// markedDraft reads a mark, which a browser may have made up.
func markedDraft(mark string) (name []byte, ok bool) {
	name, err := base64.RawURLEncoding.DecodeString(mark)
	return name, err == nil && len(name) == sha256.Size
}

// takeDraft is HandedIn for who hands the draft in: the row is held to the end of the
// transaction, so that of two who do so in one moment the second sees the first. Where
// nothing was kept under the mark, it becomes the application next at once: fresh then.
func takeDraft(ctx context.Context, tx *storage.Tx, activity storage.ID, mark string, next storage.ID) (id storage.ID, fresh bool, err error) {
	name, ok := markedDraft(mark)
	if !ok {
		return id, false, nil
	}
	var of storage.ID
	var until int64
	err = tx.QueryRow(ctx, `INSERT INTO application_draft (token_hash, activity_id, application_id, until_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (token_hash) DO UPDATE
		SET until_at = application_draft.until_at
		RETURNING application_id, activity_id, until_at`, name, activity, next, storage.Micros(tx.Now.Add(handedLife))).Scan(&id, &of, &until)
	if id == next || of != activity || until <= storage.Micros(tx.Now) {
		return storage.ID{}, id == next, err
	}
	return id, false, err
}

// HandedIn gives the application that a draft has become, by the mark of its form; zero
// when there is none.
func HandedIn(ctx context.Context, tx *storage.Tx, activity storage.ID, mark string) (id storage.ID, err error) {
	name, ok := markedDraft(mark)
	if !ok {
		return id, nil
	}
	err = tx.QueryRow(ctx, `SELECT application_id
		FROM application_draft
		WHERE token_hash = $1 AND activity_id = $2 AND until_at > $3`, name, activity, storage.Micros(tx.Now)).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
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

// Bounds of drafts, which anybody may begin without a sign-in: how many there are to one
// activity, and the bytes of one draft with its files, of those to one activity, and of
// all. A file lies in a draft as base64, a third longer than it is.
const (
	MostDrafts     = 5_000
	MostDraft      = 32 << 20
	MostDraftBytes = 128 << 20
	MostAllDrafts  = 512 << 20
)

// SaveDraft keeps the answers for the holder of the secret, unless the application was
// handed in already. Files stay out of it when the draft, those of the activity or all of
// them would take too much room: whole is false then, and they are chosen again. Limited
// when there are too many drafts.
func SaveDraft(ctx context.Context, tx *storage.Tx, activity storage.ID, secret string, a forms.Answers) (whole bool, err error) {
	name := draftName(secret, activity)
	var count, size int64
	if err := tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(size), 0)
		FROM application_draft
		WHERE activity_id = $1 AND size > 0 AND token_hash <> $2`, activity, name).Scan(&count, &size); err != nil {
		return false, err
	}
	if count >= MostDrafts {
		return false, fault.New(fault.Limited, "seminars.fault.drafts")
	}
	plain, err := a.Encode()
	if err != nil {
		return false, err
	}
	if whole, err = roomFor(ctx, tx, a, name, int64(len(plain)), size); err == nil && !whole {
		without := a.Clone()
		without.Files = nil
		plain, err = without.Encode()
	}
	if err != nil {
		return false, err
	}
	aead, err := draftBox(secret, activity)
	if err != nil {
		return false, err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce)
	box := aead.Seal(nonce, nonce, plain, nil)
	_, err = tx.Exec(ctx, `INSERT INTO application_draft (token_hash, activity_id, box, size, until_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (token_hash) DO UPDATE
		SET box = excluded.box, size = excluded.size, until_at = excluded.until_at
		WHERE application_draft.application_id IS NULL`,
		name, activity, box, len(box), storage.Micros(tx.Now.Add(DraftLife)))
	return whole, err
}

// roomFor reports whether a draft of so many bytes may be kept with its files, where
// those of others to its activity take so much; without files there is always room.
func roomFor(ctx context.Context, tx *storage.Tx, a forms.Answers, name []byte, bytes, others int64) (bool, error) {
	switch {
	case len(a.Files) == 0:
		return true, nil
	case bytes > MostDraft || others+bytes > MostDraftBytes:
		return false, nil
	}
	var all, own int64
	err := tx.QueryRow(ctx, `SELECT COALESCE(SUM(size), 0), COALESCE((SELECT size FROM application_draft WHERE token_hash = $1), 0)
		FROM application_draft
		WHERE size > 0`, name).Scan(&all, &own)
	return all-own+bytes <= MostAllDrafts, err
}

// OpenDraft reads the draft of a secret; ok is false when there is none, it has
// expired, or the secret is foreign.
func OpenDraft(ctx context.Context, tx *storage.Tx, activity storage.ID, secret string) (d Draft, ok bool, err error) {
	d.Answers = forms.Answers{}.Clone()
	if secret == "" || len(secret) > 100 {
		return d, false, nil
	}
	var box []byte
	err = tx.QueryRow(ctx, `SELECT box, application_id
		FROM application_draft
		WHERE token_hash = $1 AND until_at > $2`,
		draftName(secret, activity), storage.Micros(tx.Now)).Scan(&box, &d.Application)
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
	a, err := forms.Decode(plain)
	d.Answers = a.Clone()
	return d, err == nil, err
}

// CloseDraft empties the draft and notes what came of it.
func CloseDraft(ctx context.Context, tx *storage.Tx, activity storage.ID, secret string, application storage.ID) error {
	if secret == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO application_draft (token_hash, activity_id, application_id, until_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (token_hash) DO UPDATE
		SET box = NULL, size = 0, application_id = excluded.application_id, until_at = excluded.until_at`,
		draftName(secret, activity), activity, application, storage.Micros(tx.Now.Add(handedLife)))
	return err
}

// DropDraft deletes a draft that nobody holds the secret of any more.
func DropDraft(ctx context.Context, tx *storage.Tx, activity storage.ID, secret string) error {
	_, err := tx.Exec(ctx, `DELETE FROM application_draft
		WHERE token_hash = $1 AND application_id IS NULL`, draftName(secret, activity))
	return err
}

// closeMark does so for the draft of a mark that takeDraft has taken, unless it has
// become another application.
func closeMark(ctx context.Context, tx *storage.Tx, activity storage.ID, mark string, application storage.ID) error {
	name, ok := markedDraft(mark)
	if !ok {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE application_draft
		SET box = NULL, size = 0, application_id = $3, until_at = $4
		WHERE token_hash = $1 AND activity_id = $2 AND (application_id IS NULL OR until_at <= $5)`,
		name, activity, application, storage.Micros(tx.Now.Add(handedLife)), storage.Micros(tx.Now))
	return err
}

// dropDrafts deletes what has expired.
func dropDrafts(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM application_draft WHERE until_at <= $1`, storage.Micros(tx.Now))
	return err
}

// KeepDraft saves the draft and sees to it that it is deleted in time.
func (m *Service) KeepDraft(ctx context.Context, tx *storage.Tx, activity storage.ID, secret string, a forms.Answers) (whole bool, err error) {
	if whole, err = SaveDraft(ctx, tx, activity, secret, a); err != nil {
		return false, err
	}
	day := tx.Now.Add(DraftLife).Truncate(24 * time.Hour).Add(24 * time.Hour)
	return whole, jobs.Enqueue(ctx, tx, jobs.Job{Kind: "seminars.tidy", Payload: struct{}{}, Key: day.Format(time.DateOnly), After: day})
}
