package storage_test

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// empty gives a database without tables on each engine.
func empty(t *testing.T, f func(t *testing.T, o storage.Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, storage.Options{Path: filepath.Join(t.TempDir(), "a b?c#%41.db")})
	})
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		f(t, storage.Options{URL: storagetest.Database(t, false)})
	})
}

func tables(t *testing.T, o storage.Options) []storage.Table {
	t.Helper()
	s, err := storage.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	list, err := s.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestBothEnginesEndWithTheSameTablesAndColumns(t *testing.T) {
	t.Parallel()
	ends := map[string][]storage.Table{}
	for engine, o := range map[string]storage.Options{
		"sqlite":     {Path: filepath.Join(t.TempDir(), "ashar.db")},
		"postgresql": {URL: storagetest.Database(t, false)},
	} {
		list := tables(t, o)
		for _, table := range list {
			for i := range table.Columns {
				if table.Columns[i].Type == "BOOLEAN" { // SQLite keeps it as a number
					table.Columns[i].Type = "BIGINT"
				}
			}
			slices.SortFunc(table.Columns, func(a, b storage.Column) int { return strings.Compare(a.Name, b.Name) })
		}
		ends[engine] = list
	}
	if len(ends["sqlite"]) == 0 {
		t.Error("no tables")
	}
	if diff := cmp.Diff(ends["sqlite"], ends["postgresql"]); diff != "" {
		t.Errorf("SQLite (-) and PostgreSQL (+) differ:\n%s", diff)
	}
}

func TestEverySQLiteTableIsStrict(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t)
	err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		loose, err := storage.All(ctx, tx, func(r storage.Scanner) (name string, err error) {
			err = r.Scan(&name)
			return name, err
		}, `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0
			AND name NOT LIKE 'sqlite\_%' ESCAPE '\' AND name NOT LIKE 'goose\_%' ESCAPE '\'`)
		if len(loose) > 0 {
			t.Errorf("not strict: %v; end the definition with \");\" on a line of its own", loose)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpeningAgainChangesNothing(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o storage.Options) {
		first := tables(t, o)
		if diff := cmp.Diff(first, tables(t, o)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestReplicasThatStartTogetherMigrateOnce(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o storage.Options) {
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				s, err := storage.Open(t.Context(), o)
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if len(tables(t, o)) == 0 {
			t.Error("no tables")
		}
	})
}

func TestAnOlderBinaryRefusesANewerDatabase(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o storage.Options) {
		newer := o
		newer.AddMigration("9001_later.sql", "-- +goose Up\nCREATE TABLE later (id BIGINT NOT NULL\n);\n-- +goose Down\n")
		before := tables(t, newer)
		if _, err := storage.Open(t.Context(), o); !errors.Is(err, storage.ErrNewer) || !strings.Contains(err.Error(), "9001") {
			t.Errorf("the error is %v", err)
		}
		if diff := cmp.Diff(before, tables(t, newer)); diff != "" {
			t.Errorf("the refusal changed the tables:\n%s", diff)
		}
	})
}

func TestAMigrationThatFailsLeavesNothingOfItself(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o storage.Options) {
		before := tables(t, o)
		broken := o
		broken.AddMigration("9001_broken.sql", "-- +goose Up\nCREATE TABLE broken (id BIGINT NOT NULL\n);\nINSERT INTO nowhere VALUES (1);\n-- +goose Down\n")
		if _, err := storage.Open(t.Context(), broken); err == nil {
			t.Error("it was accepted")
		}
		if diff := cmp.Diff(before, tables(t, o)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestALowerNumberOfAnotherModuleMayComeLater(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o storage.Options) {
		o.AddMigration("9005_first.sql", "-- +goose Up\nCREATE TABLE first (id BIGINT NOT NULL\n);\n-- +goose Down\n")
		n := len(tables(t, o))
		o.AddMigration("9004_second.sql", "-- +goose Up\nCREATE TABLE second (id BIGINT NOT NULL\n);\n-- +goose Down\n")
		if got := len(tables(t, o)); got != n+1 {
			t.Errorf("%d tables after %d", got, n)
		}
	})
}

var migrationName = regexp.MustCompile(`^migrations/(\d{4})_[a-z0-9_]+(\.sqlite|\.postgres)?\.sql$`)

func TestEveryMigrationHasANumberOfItsOwn(t *testing.T) {
	t.Parallel()
	names := map[string][]string{}
	files := storage.Embedded()
	for path := range files {
		m := migrationName.FindStringSubmatch(path)
		if m == nil {
			t.Errorf("%s is not named NNNN_words.sql", path)
			continue
		}
		names[m[1]] = append(names[m[1]], m[2])
		body, err := fs.ReadFile(files, path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(body), "-- +goose Up") {
			t.Errorf("%s does not begin with -- +goose Up", path)
		}
		if strings.Contains(string(body), "NO TRANSACTION") {
			t.Errorf("%s runs without a transaction: half of it may stay", path)
		}
	}
	for number, engines := range names {
		slices.Sort(engines)
		if !slices.Equal(engines, []string{""}) && !slices.Equal(engines, []string{".postgres", ".sqlite"}) {
			t.Errorf("migration %s has the files %q: one for both engines or one for each", number, engines)
		}
	}
}
