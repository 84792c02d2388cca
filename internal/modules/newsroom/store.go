package newsroom

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

const columns = `id, slug, kind, state, texts, activity_id, by_id, version, embargo_until, published_at, made_at, changed_at, to_channel`

func scan(row storage.Scanner) (r Release, err error) {
	var texts string
	var embargo, public, made, changed int64
	if err := row.Scan(&r.ID, &r.Slug, &r.Kind, &r.State, &texts, &r.Activity, &r.By, &r.Version, &embargo, &public, &made, &changed, &r.Posted); err != nil {
		return r, err
	}
	r.Embargo, r.Public, r.Made, r.Changed = storage.Instant(embargo), storage.Instant(public), storage.Instant(made), storage.Instant(changed)
	return r, json.Unmarshal([]byte(texts), &r.Texts)
}

func unknown() error { return fault.New(fault.NotFound, "newsroom.fault.release") }

func one(ctx context.Context, tx *storage.Tx, where string, args ...any) (Release, error) {
	r, err := storage.One(ctx, tx, scan, `SELECT `+columns+` FROM news_release WHERE `+where, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return r, unknown()
	}
	return r, err
}

// ByID finds a release in any state. NotFound.
func ByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Release, error) {
	return one(ctx, tx, `id = $1`, id)
}

// OpenBySlug finds a release that is public, or was. NotFound, as for an address that
// there never was.
func OpenBySlug(ctx context.Context, tx *storage.Tx, slug string) (Release, error) {
	r, err := one(ctx, tx, `slug = $1`, slug)
	if err == nil && !r.Open() {
		return Release{}, unknown()
	}
	return r, err
}

// listOpen gives public releases, the newest first.
func listOpen(ctx context.Context, tx *storage.Tx, most, skip int) ([]Release, error) {
	return storage.All(ctx, tx, scan, `SELECT `+columns+` FROM news_release
		WHERE published_at > 0 AND state = 'published'
		ORDER BY published_at DESC, id
		LIMIT $1 OFFSET $2`, most, skip)
}

// countOpen counts public releases.
func countOpen(ctx context.Context, tx *storage.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM news_release WHERE published_at > 0 AND state = 'published'`).Scan(&n)
	return n, err
}

// listAll gives all releases to who works on them: what is not public first.
func listAll(ctx context.Context, tx *storage.Tx, most, skip int) ([]Release, error) {
	return storage.All(ctx, tx, scan, `SELECT `+columns+` FROM news_release
		ORDER BY CASE WHEN published_at > 0 THEN 1 ELSE 0 END, changed_at DESC, id
		LIMIT $1 OFFSET $2`, most, skip)
}

// insert keeps a new release; Conflict when its address is taken.
func (r *Release) insert(ctx context.Context, tx *storage.Tx) error {
	texts, err := json.Marshal(r.Texts)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO news_release (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (slug) DO NOTHING`,
		r.ID, r.Slug, string(r.Kind), string(r.State), string(texts), r.Activity, r.By, r.Version,
		storage.Micros(r.Embargo), storage.Micros(r.Public), storage.Micros(r.Made), storage.Micros(r.Changed), r.Posted)
	if err == nil && n == 0 {
		return fault.At("slug", "newsroom.fault.slug_taken")
	}
	return err
}

// update writes a release that nobody else has changed since it was read: Conflict.
func (r *Release) update(ctx context.Context, tx *storage.Tx) error {
	texts, err := json.Marshal(r.Texts)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE news_release
		SET kind = $1, state = $2, texts = $3, activity_id = $4, by_id = $5, version = version + 1, embargo_until = $6, published_at = $7, changed_at = $8, to_channel = $9, slug = $10
		WHERE id = $11 AND version = $12`,
		string(r.Kind), string(r.State), string(texts), r.Activity, r.By, storage.Micros(r.Embargo), storage.Micros(r.Public), storage.Micros(tx.Now), r.Posted, r.Slug, r.ID, r.Version)
	if storage.Violates(err, "news_release_slug") {
		return fault.At("slug", "newsroom.fault.slug_taken")
	}
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	r.Version++
	r.Changed = tx.Now
	return err
}

// Step is one move of a release, as the house remembers it.
type Step struct {
	State State
	By    storage.ID
	Words string
	At    time.Time
}

func (r Release) note(ctx context.Context, tx *storage.Tx, by storage.ID, words string) error {
	_, err := tx.Exec(ctx, `INSERT INTO news_step (id, release_id, state, by_id, words, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.NewID(), r.ID, string(r.State), by, words, storage.Micros(tx.Now))
	return err
}

// steps are the moves of a release, the last first.
func steps(ctx context.Context, tx *storage.Tx, release storage.ID) ([]Step, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (s Step, err error) {
		var at int64
		err = row.Scan(&s.State, &s.By, &s.Words, &at)
		s.At = storage.Instant(at)
		return s, err
	}, `SELECT state, by_id, words, at FROM news_step WHERE release_id = $1 ORDER BY at DESC, id DESC`, release)
}

// Correction says what was wrong in a public release and is right since.
type Correction struct {
	Words i18n.Text
	At    time.Time
}

// corrections are those of a release, the last first.
func corrections(ctx context.Context, tx *storage.Tx, release storage.ID) ([]Correction, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (c Correction, err error) {
		var at int64
		var words string
		if err := row.Scan(&words, &at); err != nil {
			return c, err
		}
		c.At = storage.Instant(at)
		return c, json.Unmarshal([]byte(words), &c.Words)
	}, `SELECT words, at FROM news_correction WHERE release_id = $1 ORDER BY at DESC, id DESC`, release)
}

// due gives the releases whose embargo has ended.
func due(ctx context.Context, tx *storage.Tx) ([]Release, error) {
	return storage.All(ctx, tx, scan, `SELECT `+columns+` FROM news_release
		WHERE state = 'scheduled' AND embargo_until <= $1
		ORDER BY embargo_until, id
		LIMIT 100`, storage.Micros(tx.Now))
}
