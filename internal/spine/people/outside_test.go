package people_test

import (
	"context"
	"errors"
	"testing"

	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/people"
)

// To open the boxes of all people takes seconds where there are many, and in a
// write nobody else writes meanwhile.
func TestTheSearchOfPeopleRunsInARead(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		s := people.New(people.Options{Keys: peopletest.Keys(t), Store: store})
		for name, search := range map[string]func(ctx context.Context, tx *storage.Tx) error{
			"search": func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.Search(ctx, tx, people.Query{Text: "ай"})
				return err
			},
			"duplicates": func(ctx context.Context, tx *storage.Tx) error { _, err := s.Duplicates(ctx, tx); return err },
		} {
			if err := store.Write(t.Context(), search); !errors.Is(err, storage.ErrWriter) {
				t.Errorf("%s in a write: %v", name, err)
			}
			if err := store.Read(t.Context(), search); err != nil {
				t.Errorf("%s in a read: %v", name, err)
			}
		}
	})
}

// look is a Read that may not fail.
func look(t testing.TB, store *storage.Store, f func(ctx context.Context, tx *storage.Tx) error) {
	t.Helper()
	if err := store.Read(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}
