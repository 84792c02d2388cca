package app

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

func erasedStayErased(t *testing.T, b before) {
	if len(b.saved.Erased) == 0 {
		t.Error("the manifest names nobody who was erased")
	}
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		for _, gone := range b.saved.Erased {
			if _, err := b.People().ByID(ctx, tx, gone.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s is there: %v", gone.Case, err)
			}
			for _, word := range gone.Words {
				if found, err := b.People().Search(ctx, tx, people.Query{Text: word}); err != nil || len(found) > 0 {
					t.Errorf("%q finds %d people, %v", word, len(found), err)
				}
			}
		}
		return nil
	})
}

func mergedLeadOn(t *testing.T, b before) {
	if len(b.saved.Merged) == 0 {
		t.Error("the manifest names no merged record")
	}
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		for _, gone := range b.saved.Merged {
			into := b.saved.person(t, gone.Into)
			if p, err := b.People().ByID(ctx, tx, gone.ID); err != nil || p.ID != into.ID {
				t.Errorf("%s leads to %s, %v; want %s", gone.Case, p.ID, err, into.Case)
			}
		}
		return nil
	})
}
