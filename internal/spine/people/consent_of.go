package people

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
)

// ConsentOf gives the newest answer to one purpose of each of these people who ever
// answered it, with the words that she read.
func (s *Service) ConsentOf(ctx context.Context, tx *storage.Tx, purpose string, ids []storage.ID) (map[storage.ID]Consent, error) {
	out := make(map[storage.ID]Consent, len(ids))
	ours := s.wording(purpose)
	for part := range slices.Chunk(ids, 200) {
		args, marks := []any{purpose}, make([]string, len(part))
		for i, id := range part {
			args, marks[i] = append(args, id), "$"+strconv.Itoa(i+2)
		}
		_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
			var id storage.ID
			var at int64
			c := Consent{Purpose: purpose, ours: ours}
			err := row.Scan(&id, &c.Version, &c.Lang, &c.Given, &at, &c.Wording.Ky, &c.Wording.Ru, &c.Wording.En)
			c.At = storage.Instant(at)
			out[id] = c // the oldest first, so the newest stays
			return struct{}{}, err
		}, `SELECT c.person_id, c.version, c.lang, c.given, c.at, COALESCE(w.ky, ''), COALESCE(w.ru, ''), COALESCE(w.en, '')
			FROM consent c
			LEFT JOIN consent_wording w ON w.purpose = c.purpose AND w.version = c.version
			WHERE c.purpose = $1 AND c.person_id IN (`+strings.Join(marks, ", ")+`)
			ORDER BY c.at, c.id`, args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
