package people

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Tombstones is the file of erased people, one id a line, beside the database
// and outside its backups. A backup from before an erasure still holds the
// person's wrapped key; when it is restored, Bury erases her again.
type Tombstones struct {
	mu   sync.Mutex
	path string
}

// OpenTombstones names the file; it is made with the first erasure.
func OpenTombstones(path string) *Tombstones { return &Tombstones{path: path} }

// list reads the ids; half a line at the end, of a crash, is left out.
func (t *Tombstones) list() (map[storage.ID]bool, error) {
	raw, err := os.ReadFile(t.path)
	if errors.Is(err, fs.ErrNotExist) {
		return map[storage.ID]bool{}, nil
	}
	if err != nil {
		return nil, err
	}
	out := map[storage.ID]bool{}
	lines := bufio.NewScanner(strings.NewReader(string(raw)))
	for lines.Scan() {
		if id, err := storage.ParseID(strings.TrimSpace(lines.Text())); err == nil {
			out[id] = true
		}
	}
	return out, lines.Err()
}

// add appends ids that are not there yet and waits until they are on the disk.
func (t *Tombstones) add(ids []storage.ID) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	have, err := t.list()
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, id := range ids {
		if !have[id] {
			text.WriteString("\n" + id.String() + "\n")
		}
	}
	if text.Len() == 0 {
		return nil
	}
	f, err := os.OpenFile(t.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text.String())
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// noteErased brings the file up to date with the table.
func (s *Service) noteErased() {
	err := s.store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
		ids, err := storage.All(ctx, tx, scanID, `SELECT id FROM person_erased`)
		if err != nil {
			return err
		}
		return s.tombstones.add(ids)
	})
	if err != nil { // the next start does it
		s.log.Error("note erased people", "error", err)
	}
}

// Bury makes file and database agree: it erases whoever is in the file and back
// in the database, and notes in the file who was erased in the database. To be
// called after the modules are attached, at each start and after a restore.
// It gives how many people it erased again.
func (s *Service) Bury(ctx context.Context) (int, error) {
	if s.tombstones == nil {
		return 0, nil
	}
	dead, err := s.tombstones.list()
	if err != nil {
		return 0, fmt.Errorf("file of erased people: %w", err)
	}
	again := 0
	var ids []storage.ID
	err = s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		again, ids = 0, nil
		living, err := storage.All(ctx, tx, scanID, `SELECT id FROM person`)
		if err != nil {
			return err
		}
		for _, id := range living {
			if dead[id] {
				if err := s.erase(ctx, tx, id); err != nil {
					return err
				}
				again++
			}
		}
		ids, err = storage.All(ctx, tx, scanID, `SELECT id FROM person_erased`)
		return err
	})
	if err != nil {
		return 0, err
	}
	return again, s.tombstones.add(ids)
}
