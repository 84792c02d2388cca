package newsroom

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

const kitColumns = `id, kind, state, place, texts, pictured, noted, file, small_file, pictures, by_id, version, made_at, changed_at`

func scanKit(row storage.Scanner) (i KitItem, err error) {
	var texts, pictures, file, small string
	var made, changed int64
	if err := row.Scan(&i.ID, &i.Kind, &i.State, &i.Place, &texts, &i.Pictured, &i.Noted, &file, &small, &pictures, &i.By, &i.Version, &made, &changed); err != nil {
		return i, err
	}
	i.Made, i.Changed = storage.Instant(made), storage.Instant(changed)
	if err := json.Unmarshal([]byte(texts), &i.Texts); err != nil {
		return i, err
	}
	if err := json.Unmarshal([]byte(pictures), &i.Pictures); err != nil {
		return i, err
	}
	i.Pictures.Whole.File, i.Pictures.Small.File = file, small
	return i, nil
}

func unknownPicture() error { return fault.New(fault.NotFound, "newsroom.kit.fault.unknown") }

// kitByID finds a picture of the press kit in any state. NotFound.
func kitByID(ctx context.Context, tx *storage.Tx, id storage.ID) (KitItem, error) {
	i, err := storage.One(ctx, tx, scanKit, `SELECT `+kitColumns+` FROM news_kit_item WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return i, unknownPicture()
	}
	return i, err
}

// kitList gives what is not removed, in its order; open gives of it what everybody sees.
func kitList(ctx context.Context, tx *storage.Tx, open bool) ([]KitItem, error) {
	where := `state <> 'removed'`
	if open {
		where = `state = 'public'`
	}
	return storage.All(ctx, tx, scanKit, `SELECT `+kitColumns+` FROM news_kit_item WHERE `+where+` ORDER BY place, id`)
}

// holdKit lets nobody else change the press kit until the transaction ends: its bound and
// its order are of the whole. On SQLite one writes at a time anyway.
func holdKit(ctx context.Context, tx *storage.Tx) error {
	if tx.Dialect() != storage.PostgreSQL {
		return nil
	}
	_, err := tx.Exec(ctx, `LOCK TABLE news_kit_item IN SHARE ROW EXCLUSIVE MODE`)
	return err
}

func (i KitItem) documents() (texts, pictures string, err error) {
	t, err := json.Marshal(i.Texts)
	if err != nil {
		return "", "", err
	}
	p, err := json.Marshal(i.Pictures)
	return string(t), string(p), err
}

func (i KitItem) insert(ctx context.Context, tx *storage.Tx) error {
	texts, pictures, err := i.documents()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO news_kit_item (`+kitColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		i.ID, string(i.Kind), string(i.State), i.Place, texts, string(i.Pictured), i.Noted, i.Pictures.Whole.File, i.Pictures.Small.File, pictures,
		i.By, i.Version, storage.Micros(i.Made), storage.Micros(i.Changed))
	return err
}

// update writes a picture that nobody else has changed since it was read: Conflict.
func (i *KitItem) update(ctx context.Context, tx *storage.Tx) error {
	texts, pictures, err := i.documents()
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE news_kit_item
		SET state = $1, texts = $2, pictured = $3, noted = $4, file = $5, small_file = $6, pictures = $7, by_id = $8, version = version + 1, changed_at = $9
		WHERE id = $10 AND version = $11`,
		string(i.State), texts, string(i.Pictured), i.Noted, i.Pictures.Whole.File, i.Pictures.Small.File, pictures, i.By, storage.Micros(tx.Now), i.ID, i.Version)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	i.Version++
	i.Changed = tx.Now
	return err
}
