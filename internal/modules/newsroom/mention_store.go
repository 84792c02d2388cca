package newsroom

import (
	"context"
	"database/sql"
	"errors"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

const mentionColumns = `id, link, link_key, outlet, title, language, day, kind, release_id, activity_id, file, file_kind, by_id, version, made_at, changed_at`

func scanMention(row storage.Scanner) (n Mention, err error) {
	var made, changed int64
	err = row.Scan(&n.ID, &n.Link, &n.Key, &n.Outlet, &n.Title, &n.Language, &n.Day, &n.Kind, &n.Release, &n.Activity,
		&n.Evidence.File, &n.Evidence.Type, &n.By, &n.Version, &made, &changed)
	n.Made, n.Changed = storage.Instant(made), storage.Instant(changed)
	return n, err
}

func unknownMention() error { return fault.New(fault.NotFound, "newsroom.mention.fault.unknown") }

// mentionByID finds a mention. NotFound.
func mentionByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Mention, error) {
	n, err := storage.One(ctx, tx, scanMention, `SELECT `+mentionColumns+` FROM news_mention WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return n, unknownMention()
	}
	return n, err
}

// mentions lists what others have published, what appeared last first.
func mentions(ctx context.Context, tx *storage.Tx, most, skip int) ([]Mention, error) {
	return storage.All(ctx, tx, scanMention, `SELECT `+mentionColumns+` FROM news_mention
		ORDER BY day DESC, id DESC
		LIMIT $1 OFFSET $2`, most, skip)
}

func countMentions(ctx context.Context, tx *storage.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM news_mention`).Scan(&n)
	return n, err
}

// mentionsOf lists what goes back to a release.
func mentionsOf(ctx context.Context, tx *storage.Tx, release storage.ID) ([]Mention, error) {
	return storage.All(ctx, tx, scanMention, `SELECT `+mentionColumns+` FROM news_mention
		WHERE release_id = $1
		ORDER BY day DESC, id DESC
		LIMIT $2`, release, onPage)
}

// notedBy are the mentions that somebody may change, what appeared last first.
func (m *Module) notedBy(ctx context.Context, tx *storage.Tx, actor access.Actor) (out []Mention, err error) {
	list, err := mentions(ctx, tx, mostListed, 0)
	if err != nil {
		return nil, err
	}
	type place struct{ release, activity storage.ID }
	at := map[place]bool{}
	for _, n := range list {
		p := place{n.Release, n.Activity}
		may, known := at[p]
		if !known {
			err := m.mayNote(ctx, tx, actor, n)
			if err != nil && !fault.Is(err, fault.Forbidden) {
				return nil, err
			}
			may = err == nil
			at[p] = may
		}
		if may {
			out = append(out, n)
		}
	}
	return out, nil
}

func takenLink() error { return fault.At("link", "newsroom.mention.fault.taken") }

// insert keeps a new mention; Invalid at its link when that is noted already.
func (n Mention) insert(ctx context.Context, tx *storage.Tx) error {
	added, err := tx.Exec(ctx, `INSERT INTO news_mention (`+mentionColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		ON CONFLICT (link_key) DO NOTHING`,
		n.ID, n.Link, n.Key, n.Outlet, n.Title, string(n.Language), string(n.Day), string(n.Kind), n.Release, n.Activity,
		n.Evidence.File, n.Evidence.Type, n.By, n.Version, storage.Micros(n.Made), storage.Micros(n.Changed))
	if err == nil && added == 0 {
		return takenLink()
	}
	return err
}

// update writes a mention that nobody else has changed since it was read: Conflict.
// Invalid at its link when that is noted already.
func (n *Mention) update(ctx context.Context, tx *storage.Tx) error {
	changed, err := tx.Exec(ctx, `UPDATE news_mention
		SET link = $1, link_key = $2, outlet = $3, title = $4, language = $5, day = $6, kind = $7, release_id = $8, activity_id = $9,
			file = $10, file_kind = $11, by_id = $12, version = version + 1, changed_at = $13
		WHERE id = $14 AND version = $15`,
		n.Link, n.Key, n.Outlet, n.Title, string(n.Language), string(n.Day), string(n.Kind), n.Release, n.Activity,
		n.Evidence.File, n.Evidence.Type, n.By, storage.Micros(tx.Now), n.ID, n.Version)
	if storage.IsUnique(err) {
		return takenLink()
	}
	if err == nil && changed == 0 {
		return fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	n.Version++
	n.Changed = tx.Now
	return err
}
