package pages

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

func TestWhoIsNobodyCostsNoSignature(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGate(t, store, c, 3)
		var checked atomic.Int64
		g.m.Checked = func() { checked.Add(1) }
		batch := batchOf(t, g.scan("nonce-0001", 0), g.scan("nonce-0002", 1), g.scan("nonce-0003", 2))
		for name, who := range map[string]asker{
			"nobody":          {},
			"a made-up token": {bearer: "made up"},
			"a foreign phone": {cookie: "made up"},
		} {
			if status, _, answer := g.upload(who, batch); status != http.StatusUnauthorized {
				t.Errorf("%s: %d %s", name, status, answer)
			}
			if status, _, answer := g.upload(who, "{ no batch"); status != http.StatusUnauthorized {
				t.Errorf("%s, with no batch: %d %s", name, status, answer)
			}
		}
		if n := checked.Load(); n != 0 {
			t.Errorf("%d signatures were checked for them", n)
		}
		for i, said := range g.said(desk, g.scan("nonce-0001", 0), g.scan("nonce-0002", 1), g.scan("nonce-0003", 2)) {
			if said != "accepted" {
				t.Errorf("guest %d: %s", i, said)
			}
		}
		if n := checked.Load(); n != 3 {
			t.Errorf("%d signatures were checked for the desk, not 3", n)
		}
	})
}

func TestTheDoorSearchesForPeopleOutsideTheWriter(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		g := openGateOf(t, store, c, 3)
		search := func(ctx context.Context, tx *storage.Tx) error {
			_, err := g.m.FindGuests(ctx, tx, g.osh, "Ай", true)
			return err
		}
		if err := store.Write(t.Context(), search); !errors.Is(err, storage.ErrWriter) {
			t.Errorf("a search in a write: %v", err)
		}
		if err := store.Read(t.Context(), search); err != nil {
			t.Errorf("a search in a read: %v", err)
		}
	})
}
