package messages

import (
	"context"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// A try to bring something to a person is in hand from before its first byte
// leaves until its answer is written down. Her erasure waits for what is in hand, and
// whoever erases sees it on every replica, since it is a row. A try whose process
// died holds nobody up for longer than Patience.

// hold takes a try in hand, or keeps it there for another while. It reports
// false when the person is gone; leaving is not zero while she is being erased:
// then nothing is in hand, and it may be tried again at that time.
func (s *Service) hold(ctx context.Context, tx *storage.Tx, try, person storage.ID) (there bool, leaving time.Time, err error) {
	there, leaving, err = s.People.Hold(ctx, tx, person)
	if err != nil || !there || !leaving.IsZero() {
		return there, leaving, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO message_hand (id, person_id, until_at) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET until_at = excluded.until_at`, try, person, storage.Micros(tx.Now.Add(s.Patience)))
	return true, leaving, err
}

// release ends what hold began.
func release(ctx context.Context, tx *storage.Tx, try storage.ID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM message_hand WHERE id = $1`, try); err != nil {
		return fmt.Errorf("let go of a try: %w", err)
	}
	tx.Raise(people.Quiet)
	return nil
}

// letGo is release for a try that came to nothing.
func (s *Service) letGo(ctx context.Context, store *storage.Store, try storage.ID) {
	err := store.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *storage.Tx) error { return release(ctx, tx, try) })
	if err != nil { // it is over when its time is
		s.Log.WarnContext(ctx, "let go of a try", "err", err)
	}
}

// underWay reports whether something is in hand for a person.
func (s *Service) underWay(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM message_hand WHERE person_id = $1 AND until_at > $2`, person, storage.Micros(tx.Now)).Scan(&n)
	return n > 0, err
}
