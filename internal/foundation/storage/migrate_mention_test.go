package storage_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Before 0141 a page that was noted over http could be noted over https as well.
func TestAMediaPieceOfBeforeIsKnownOverHTTPS(t *testing.T) {
	t.Parallel()
	empty(t, func(t *testing.T, o storage.Options) {
		before := o
		files := storage.Embedded()
		maps.DeleteFunc(files, func(path string, _ *fstest.MapFile) bool {
			return strings.HasPrefix(path, "migrations/0141_")
		})
		before.UseMigrations(files)
		s, err := storage.Open(t.Context(), before)
		if err != nil {
			t.Fatal(err)
		}
		put := func(s *storage.Store, n byte, key string) error {
			return s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO news_mention (id, link, link_key, outlet, title, language, day, kind, by_id, version, made_at, changed_at)
					VALUES ($1, $2, $2, 'o', 't', 'ky', '2026-11-01', 'article', $1, 1, 1, 1)`, storage.ID{15: n}, key)
				return err
			})
		}
		for n, key := range []string{"http://one.example/a", "http://both.example/a", "https://both.example/a", "https://two.example/a"} {
			if err := put(s, byte(n+1), key); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = storage.Open(t.Context(), o); err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if err := put(s, 9, "https://one.example/a"); err == nil {
			t.Error("a page that is known is noted again")
		}
		var keys string
		if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			list, err := storage.All(ctx, tx, func(row storage.Scanner) (key string, err error) { return key, row.Scan(&key) },
				`SELECT link_key FROM news_mention ORDER BY id`)
			keys = strings.Join(list, " ")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if want := "https://one.example/a http://both.example/a https://both.example/a https://two.example/a"; keys != want {
			t.Errorf("%s, want %s", keys, want)
		}
	})
}
