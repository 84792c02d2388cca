package people

import (
	"context"
	"database/sql"
	"errors"

	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
)

const fieldBox = "person.box"

// Seal closes what belongs to a person under her data key, for modules that must
// keep her words: erasing her makes it unreadable. NotFound when there is no such person.
func (s *Service) Seal(ctx context.Context, tx *storage.Tx, person storage.ID, plain []byte) ([]byte, error) {
	key, err := s.dataKey(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	return key.Seal(person[:], fieldBox, plain), nil
}

// Unseal opens what Seal closed for the person, or for a record that was merged
// into hers. NotFound when she was erased.
func (s *Service) Unseal(ctx context.Context, tx *storage.Tx, person storage.ID, box []byte) ([]byte, error) {
	key, err := s.dataKey(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	plain, err := key.Open(person[:], fieldBox, box)
	if !errors.Is(err, seal.ErrClosed) {
		return plain, err
	}
	merged, lookup := storage.All(ctx, tx, scanID, `SELECT id FROM person WHERE merged_into = $1`, person)
	if lookup != nil {
		return nil, lookup
	}
	for _, id := range merged {
		if key, err := s.dataKey(ctx, tx, id); err == nil {
			if plain, err := key.Open(id[:], fieldBox, box); err == nil {
				return plain, nil
			}
		}
	}
	return nil, err
}

func (s *Service) dataKey(ctx context.Context, tx *storage.Tx, person storage.ID) (seal.DataKey, error) {
	wrapped, err := storage.One(ctx, tx, scanBytes, `SELECT data_key FROM person WHERE id = $1`, person)
	if errors.Is(err, sql.ErrNoRows) {
		return seal.DataKey{}, Unknown()
	}
	if err != nil {
		return seal.DataKey{}, err
	}
	return s.keys.OpenDataKey(person[:], wrapped)
}

func scanBytes(row storage.Scanner) (b []byte, err error) {
	err = row.Scan(&b)
	return b, err
}

func scanID(row storage.Scanner) (id storage.ID, err error) {
	err = row.Scan(&id)
	return id, err
}
