package door

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Word is what opens names by a typed code or by search on a phone without a network. It
// costs a fifth of a second the first time.
func (m *Desk) Word(ctx context.Context, tx *storage.Tx, activity storage.ID) (string, error) {
	turn, err := wordTurn(ctx, tx, activity)
	if err != nil {
		return "", err
	}
	d, err := m.locks.of(m.Keys, activity, turn)
	return d.Word, err
}

// NewWord makes another word for a desk, as when the old one was overheard. Packs that are
// made from then on open by the new one; a phone without a network keeps the old one until its
// next contact. Forbidden for who may not enrol phones.
func (m *Desk) NewWord(ctx context.Context, tx *storage.Tx, actor access.Actor, activity storage.ID) error {
	a, err := m.ActivityByID(ctx, tx, activity)
	if err != nil {
		return err
	}
	if err := mayEnrol(ctx, tx, actor, a); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO door_word (activity_id, turn)
		VALUES ($1, 1)
		ON CONFLICT (activity_id) DO UPDATE SET turn = door_word.turn + 1`, a.ID); err != nil {
		return err
	}
	// No phone was checked with this word.
	if _, err := tx.Exec(ctx, `DELETE FROM door_ready WHERE activity_id = $1`, a.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "seminars.audit.door_word", Object: a.ID})
}

func wordTurn(ctx context.Context, tx *storage.Tx, activity storage.ID) (turn uint64, err error) {
	err = tx.QueryRow(ctx, `SELECT turn
		FROM door_word
		WHERE activity_id = $1`, activity).Scan(&turn)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return turn, err
}

// partsOf name a desk for its secret: the activity, and from the second word on which it is.
func partsOf(activity storage.ID, turn uint64) [][]byte {
	if turn == 0 {
		return [][]byte{activity[:]}
	}
	return [][]byte{activity[:], binary.BigEndian.AppendUint64(nil, turn)}
}
