package people

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/storage"
)

// bury notes in the database that a person was erased: each replica's list, and
// each backup, learn it from there.
func (s *Service) bury(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	return s.noteName(ctx, tx, Epitaph{erasedName(s.keys, id[:]), tx.Now})
}

func (s *Service) noteName(ctx context.Context, tx *storage.Tx, e Epitaph) error {
	_, err := tx.Exec(ctx, `INSERT INTO person_erased (name, at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`,
		e.Name, storage.Micros(e.At))
	return err
}

func scanEpitaph(row storage.Scanner) (e Epitaph, err error) {
	var at int64
	err = row.Scan(&e.Name, &at)
	e.At = storage.Instant(at)
	return e, err
}

// epitaphs gives the names of all who were erased.
func (s *Service) epitaphs(ctx context.Context, tx *storage.Tx) ([]Epitaph, error) {
	return storage.All(ctx, tx, scanEpitaph, `SELECT name, at FROM person_erased WHERE length(name) = 32`)
}

// ListErased brings the list beside the secret up to date with the database, and
// answers when the disk has it.
func (s *Service) ListErased(ctx context.Context) error { return s.list(ctx, false) }

func (s *Service) list(ctx context.Context, seen bool) error {
	if s.tombstones == nil {
		return nil
	}
	var names []Epitaph
	err := s.store.Read(context.WithoutCancel(ctx), func(ctx context.Context, tx *storage.Tx) (err error) {
		names, err = s.epitaphs(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	return s.tombstones.keep(names, s.store.Now(), seen)
}

// listErased is ListErased where nobody takes the error; the next start does it again.
func (s *Service) listErased() {
	if err := s.ListErased(context.Background()); err != nil {
		s.log.Error("list the erased", "error", err)
	}
}

// Erased gives the keyed names of all who were erased, after the list beside the
// secret was brought up to date with the database.
func (s *Service) Erased(ctx context.Context) (names [][]byte, err error) {
	if err := s.list(ctx, true); err != nil {
		return nil, err
	}
	err = s.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		all, err := s.epitaphs(ctx, tx)
		for _, e := range all {
			names = append(names, e.Name)
		}
		return err
	})
	return names, err
}

// Bury makes list and database agree: it erases whoever is in the list and back in
// the database, and notes in each what only the other knows. A list that is not
// there is made. To be called after the modules are attached, at each start and
// after a restore. It gives whom it erased again.
func (s *Service) Bury(ctx context.Context) (again []storage.ID, err error) {
	if s.tombstones == nil {
		return nil, nil
	}
	list, err := s.tombstones.Read()
	if err != nil {
		return nil, err
	}
	var names []Epitaph
	err = s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		again = nil
		if err := s.nameErased(ctx, tx); err != nil {
			return err
		}
		known, err := s.epitaphs(ctx, tx)
		if err != nil {
			return err
		}
		dead := map[[32]byte]bool{}
		for _, e := range known {
			dead[[32]byte(e.Name)] = true
		}
		for name, at := range list.Names {
			if !dead[name] {
				dead[name] = true
				if err := s.noteName(ctx, tx, Epitaph{name[:], at}); err != nil {
					return err
				}
			}
		}
		if len(dead) > 0 {
			if again, err = s.eraseAll(ctx, tx, dead); err != nil {
				return err
			}
		}
		names, err = s.epitaphs(ctx, tx)
		return err
	}, storage.Long)
	if err != nil {
		return nil, err
	}
	return again, s.tombstones.keep(names, s.store.Now(), false)
}

// eraseAll erases those of the living whose names are among the dead.
func (s *Service) eraseAll(ctx context.Context, tx *storage.Tx, dead map[[32]byte]bool) (again []storage.ID, err error) {
	living, err := storage.All(ctx, tx, scanID, `SELECT id FROM person`)
	if err != nil {
		return nil, err
	}
	for _, id := range living {
		if dead[[32]byte(erasedName(s.keys, id[:]))] {
			if err := s.erase(ctx, tx, id); err != nil {
				return nil, err
			}
			again = append(again, id)
		}
	}
	return again, nil
}

// nameErased writes names for the clear ids of before.
func (s *Service) nameErased(ctx context.Context, tx *storage.Tx) error {
	old, err := storage.All(ctx, tx, scanEpitaph, `SELECT name, at FROM person_erased WHERE length(name) = 16`)
	if err != nil || len(old) == 0 {
		return err
	}
	for _, e := range old {
		if err := s.noteName(ctx, tx, Epitaph{erasedName(s.keys, e.Name), e.At}); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `DELETE FROM person_erased WHERE length(name) = 16`)
	return err
}

// buryKeyless erases those whose boxes do not open because their slots in the
// backup were blanked; see Reindex.
func (s *Service) buryKeyless(ctx context.Context, ids []storage.ID) error {
	for some := range slices.Chunk(ids, 100) {
		err := s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
			for _, id := range some {
				if err := s.erase(ctx, tx, id); err != nil {
					return err
				}
			}
			return nil
		}, storage.Long)
		if err != nil {
			return err
		}
	}
	return nil
}

// Count tells how many people there are, each once however many records were merged.
func (s *Service) Count(ctx context.Context) (n int, err error) {
	err = s.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM person WHERE merged_into IS NULL`).Scan(&n)
	})
	return n, err
}
