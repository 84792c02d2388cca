package people

import (
	"context"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Query narrows a search among people; empty fields take everybody.
type Query struct {
	Text  string // beginnings of names, or a whole e-mail or phone
	City  string
	Group string
	Sex   string
	// Sees leaves out whom the asker may not see; nil: everybody is seen.
	Sees func(Person) bool
}

// longestText bounds what is searched for; no name, address or number is longer.
const longestText = 300

// Searches reports whether there is anything in the text to search for. A text of signs
// alone names nobody: it takes everybody, as an empty one does.
func (q Query) Searches() bool {
	return strings.Contains(q.Text, "@") || i18n.FoldKey(q.Text) != ""
}

// Indexed reports whether a search for the text reads a part of the register alone: an
// address, a number, or a word of a name that is long enough. Any other opens every box.
func (q Query) Indexed() bool {
	return strings.Contains(q.Text, "@") || looksLikePhone(q.Text) || len(longestWord(q.Text)) >= indexedWord
}

// indexedWord is how many folded letters a word needs to be found by the index of names.
const indexedWord = 3

func longestWord(text string) (longest string) {
	for _, w := range strings.Fields(i18n.FoldKey(text)) {
		if len(w) > len(longest) {
			longest = w
		}
	}
	return longest
}

// Search gives people sorted by name. Boxes are opened in memory, see the
// package comment; so it is for a Read alone.
func (s *Service) Search(ctx context.Context, tx *storage.Tx, q Query) ([]Person, error) {
	if err := tx.Outside("the search of people"); err != nil {
		return nil, err
	}
	if len(q.Text) > longestText {
		return nil, nil
	}
	rows, err := s.candidates(ctx, tx, q.Text)
	if err != nil {
		return nil, err
	}
	byName := !strings.Contains(q.Text, "@") && !looksLikePhone(q.Text)
	text := i18n.FoldKey(q.Text)
	out := make([]Person, 0, len(rows))
	for _, r := range rows {
		p, err := s.open(r)
		if err != nil {
			return nil, err
		}
		if (q.City == "" || p.City == q.City) && (q.Group == "" || p.Group == q.Group) && (q.Sex == "" || p.Sex == q.Sex) &&
			(!byName || matches(i18n.FoldKey(p.FullName), text)) && (q.Sees == nil || q.Sees(p)) {
			out = append(out, p)
		}
	}
	sortByName(out)
	return out, nil
}

// candidates reads the rows that may fit the text.
func (s *Service) candidates(ctx context.Context, tx *storage.Tx, text string) ([]row, error) {
	const living = `SELECT ` + columns + ` FROM person WHERE merged_into IS NULL`
	if strings.Contains(text, "@") {
		return storage.All(ctx, tx, scanRow, living+` AND id IN (SELECT person_id FROM contact WHERE value_index = $1)`, s.emailIndex(strings.TrimSpace(text)))
	}
	if looksLikePhone(text) {
		phone, err := Phone(text)
		if err != nil {
			return nil, nil
		}
		return storage.All(ctx, tx, scanRow, living+` AND id IN (SELECT person_id FROM contact WHERE value_index = $1)`, s.phoneIndex(phone))
	}
	longest := longestWord(text)
	if len(longest) < indexedWord { // too short for the index, the comparison in memory does it
		return storage.All(ctx, tx, scanRow, living)
	}
	return storage.All(ctx, tx, scanRow,
		living+` AND id IN (SELECT person_id FROM person_name_part WHERE bucket = $1)`, s.bucket(longest))
}

func looksLikePhone(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+-() ", r):
			return false
		}
	}
	return digits >= 6
}

// sortByName orders as a Kyrgyz list of names does (i18n.CollationKey).
func sortByName(list []Person) {
	keys := make(map[storage.ID][]byte, len(list))
	for _, p := range list {
		keys[p.ID] = i18n.CollationKey(p.FullName)
	}
	slices.SortStableFunc(list, func(a, b Person) int {
		if n := slices.Compare(keys[a.ID], keys[b.ID]); n != 0 {
			return n
		}
		return slices.Compare(a.ID[:], b.ID[:])
	})
}
