package people

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Quiet is the signal that something which was under way to a person has ended;
// an erasure that waits for it looks again.
const Quiet = "people.quiet"

// How an erasure waits for what is under way.
const (
	leavingWait = 30 * time.Second       // then it gives up and has erased nothing
	leavingLook = 250 * time.Millisecond // how often it looks for what other processes ended
	leavingOver = time.Minute            // after which the mark of a process that died is over
)

// Hold keeps a person from being erased until the transaction ends. there is
// false when she is gone. leaving is not zero while she is being erased: until
// then nothing may begin for her, and it may be tried again afterwards.
func (s *Service) Hold(ctx context.Context, tx *storage.Tx, id storage.ID) (there bool, leaving time.Time, err error) {
	query := `SELECT id FROM person WHERE id = $1`
	if tx.Dialect() == storage.PostgreSQL {
		query += ` FOR KEY SHARE`
	}
	if _, err := storage.One(ctx, tx, scanID, query, id); errors.Is(err, sql.ErrNoRows) {
		return false, leaving, nil
	} else if err != nil {
		return false, leaving, err
	}
	var until int64
	err = tx.QueryRow(ctx, `SELECT until_at FROM person_leaving WHERE person_id = $1 AND until_at > $2`, id, storage.Micros(tx.Now)).Scan(&until)
	if errors.Is(err, sql.ErrNoRows) {
		return true, leaving, nil
	}
	return true, storage.Instant(until), err
}

// lock makes those who hold a person, or are about to write something of hers,
// wait for the end of the transaction; those who hold her now are waited for.
// SQLite lets nobody else write meanwhile anyway.
func lock(ctx context.Context, tx *storage.Tx, ids []storage.ID) error {
	if tx.Dialect() != storage.PostgreSQL {
		return nil
	}
	for _, id := range ids {
		if _, err := storage.All(ctx, tx, scanID, `SELECT id FROM person WHERE id = $1 FOR UPDATE`, id); err != nil {
			return err
		}
	}
	return nil
}

// KeepThere keeps records from being erased until the transaction ends: an erasure that
// comes meanwhile waits, and then finds what was written of them; one that came before is
// waited for. On SQLite one writes after the other.
func KeepThere(ctx context.Context, tx *storage.Tx, ids []storage.ID) error {
	if tx.Dialect() != storage.PostgreSQL {
		return nil
	}
	ids = slices.SortedFunc(slices.Values(ids), func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
	for part := range slices.Chunk(ids, 200) {
		args, marks := make([]any, len(part)), make([]string, len(part))
		for i, id := range part {
			args[i], marks[i] = id, "$"+strconv.Itoa(i+1)
		}
		if _, err := storage.All(ctx, tx, scanID,
			`SELECT id FROM person WHERE id IN (`+strings.Join(marks, ", ")+`) ORDER BY id FOR KEY SHARE`, args...); err != nil {
			return err
		}
	}
	return nil
}

// records gives the ids of all records of a person, herself last.
func records(ctx context.Context, tx *storage.Tx, person storage.ID) ([]storage.ID, error) {
	ids, err := storage.All(ctx, tx, scanID, `SELECT id FROM person WHERE merged_into = $1 ORDER BY id`, person)
	return append(ids, person), err
}

// leave marks all records of a person: from its commit on nothing begins for her.
func (s *Service) leave(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	p, err := s.ByID(ctx, tx, person)
	if err != nil {
		return err
	}
	ids, err := records(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	if err := lock(ctx, tx, ids); err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := tx.Exec(ctx, `INSERT INTO person_leaving (person_id, until_at) VALUES ($1, $2)
			ON CONFLICT (person_id) DO UPDATE SET until_at = excluded.until_at`, id, storage.Micros(tx.Now.Add(leavingWait+leavingOver))); err != nil {
			return err
		}
	}
	return nil
}

// stay takes the mark away: she was not erased.
func (s *Service) stay(ctx context.Context, person storage.ID) {
	err := s.store.Write(context.WithoutCancel(ctx), func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM person_leaving
			WHERE person_id = $1 OR person_id IN (SELECT id FROM person WHERE merged_into = $1 OR id IN (SELECT merged_into FROM person WHERE id = $1))`, person)
		return err
	})
	if err != nil { // it ends by itself
		s.log.WarnContext(ctx, "take back the mark of an erasure", "error", err)
	}
}

// errUnderWay means that something is on its way to her.
var errUnderWay = errors.New("people: something is under way")

// underWay asks the modules whether something is on its way to one of the records.
func (s *Service) underWay(ctx context.Context, tx *storage.Tx, ids []storage.ID) (bool, error) {
	for _, m := range s.modules {
		if m.UnderWay == nil {
			continue
		}
		for _, id := range ids {
			if yes, err := m.UnderWay(ctx, tx, id); yes || err != nil {
				return yes, err
			}
		}
	}
	return false, nil
}

// whenQuiet runs erase, which answers errUnderWay as long as something is, again
// and again until it is done. Unavailable when that takes too long.
func (s *Service) whenQuiet(ctx context.Context, erase func() error) error {
	raised, stop := s.store.Signal(Quiet)
	defer stop()
	patience := time.NewTimer(s.wait)
	defer patience.Stop()
	look := time.NewTicker(leavingLook)
	defer look.Stop()
	for {
		if err := erase(); !errors.Is(err, errUnderWay) {
			return err
		}
		select {
		case <-raised:
		case <-look.C:
		case <-patience.C:
			return fault.New(fault.Unavailable, "people.fault.erase_busy")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
