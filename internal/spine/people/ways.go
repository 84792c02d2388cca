package people

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Ways are how somebody can be reached.
type Ways struct{ Email, Phone, Chat bool }

// waysAtOnce bounds the values of one statement.
const waysAtOnce = 1000

// WaysOf tells how persons can be reached, without opening a record: a contact's kind lies
// open, its value sealed. Who has no contact at all is not among them.
func (s *Service) WaysOf(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]Ways, error) {
	type way struct {
		person storage.ID
		kind   string
	}
	out := map[storage.ID]Ways{}
	for part := range slices.Chunk(ids, waysAtOnce) {
		args, marks := make([]any, len(part)), make([]string, len(part))
		for i, id := range part {
			args[i], marks[i] = id, "$"+strconv.Itoa(i+1)
		}
		list, err := storage.All(ctx, tx, func(row storage.Scanner) (w way, err error) {
			err = row.Scan(&w.person, &w.kind)
			return w, err
		}, `SELECT person_id, kind
			FROM contact
			WHERE person_id IN (`+strings.Join(marks, ", ")+`) AND state <> 'leaving'`, args...)
		if err != nil {
			return nil, err
		}
		for _, w := range list {
			ways := out[w.person]
			switch ContactKind(w.kind) {
			case EmailContact:
				ways.Email = true
			case PhoneContact:
				ways.Phone = true
			case ChatContact:
				ways.Chat = true
			}
			out[w.person] = ways
		}
	}
	return out, nil
}
