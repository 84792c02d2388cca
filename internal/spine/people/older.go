package people

import (
	"context"
	"errors"
	"os"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
)

// PrepareForOlder makes a database that was restored with the tables of before fit
// for the older ashar: it computes the indexes and writes whom that one is to erase
// at its start into its file, by id: those whom the list names and those whose
// boxes do not open. It gives them and how many are left.
func (s *Service) PrepareForOlder(ctx context.Context, list List, path string) (named, closed []storage.ID, left int, err error) {
	if closed, err = s.Reindex(ctx); err != nil {
		return nil, nil, 0, err
	}
	shut := map[storage.ID]bool{}
	for _, id := range closed {
		shut[id] = true
	}
	closed = nil
	var ids []storage.ID
	err = s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		ids, err = storage.All(ctx, tx, scanID, `SELECT id FROM person ORDER BY id`)
		if err != nil {
			return err
		}
		return tx.Finish(ctx)
	})
	if err != nil {
		return nil, nil, 0, err
	}
	var lines strings.Builder
	for _, id := range ids {
		_, listed := list.Names[[32]byte(erasedName(s.keys, id[:]))]
		switch {
		case listed:
			named = append(named, id)
		case shut[id]:
			closed = append(closed, id)
		default:
			continue
		}
		lines.WriteString("\n" + id.String() + "\n")
	}
	left = len(ids) - len(named) - len(closed)
	if lines.Len() == 0 {
		return nil, nil, left, nil
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, 0, err
	}
	_, err = f.WriteString(lines.String())
	return named, closed, left, errors.Join(err, f.Sync(), f.Close())
}
