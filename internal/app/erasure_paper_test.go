package app

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// namesSomebody are columns that hold who somebody is: a person, her application, or who of the
// staff did something.
var namesSomebody = regexp.MustCompile(`^(person|application|facilitator|owner|reader|author)(_id)?$|_person$|_person_id$|_application_id$|^(person|application)_|_by$|^by(_id)?$|^by_|^(from|into|kept|gone|one|other)_id$`)

// Whoever adds a table that knows somebody says in the paper what an erasure makes of her rows:
// what is not thought of there is not erased.
func TestEveryTableThatKnowsSomebodyStandsInThePaperOfErasure(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/erasure.md")
	if err != nil {
		t.Fatal(err)
	}
	paper := string(raw)
	type column struct{ table, name string }
	s := storagetest.Open(t)
	var all []column
	if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = storage.All(ctx, tx, func(row storage.Scanner) (c column, err error) {
			err = row.Scan(&c.table, &c.name)
			return c, err
		}, `SELECT m.name, c.name
			FROM sqlite_master m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'table'
			ORDER BY m.name, c.cid`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	knows := map[string]string{}
	for _, c := range all {
		if namesSomebody.MatchString(c.name) {
			knows[c.table] = c.name
		}
	}
	for table, name := range knows {
		if !strings.Contains(paper, "`"+table+"`") {
			t.Errorf("%s has %s, and docs/erasure.md does not say what becomes of it", table, name)
		}
	}
	if len(knows) < 50 {
		t.Errorf("%d tables know somebody", len(knows))
	}
}
