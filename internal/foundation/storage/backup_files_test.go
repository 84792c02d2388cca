package storage_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// besides is files in memory.
type besides map[string][]byte

func (s besides) Each(_ context.Context, use func(string, int64, io.Reader) error) error {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if err := use(name, int64(len(s[name])), bytes.NewReader(s[name])); err != nil {
			return err
		}
	}
	return nil
}

func (s besides) Put(_ context.Context, name string, r io.Reader, _ int64) (err error) {
	s[name], err = io.ReadAll(r)
	return err
}

func TestFilesComeBackWithTheTablesWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		dir := t.TempDir()
		path := filepath.Join(dir, "backup")
		there := besides{"a/empty": {}, "a/one": []byte("one"), "b/long": bytes.Repeat([]byte("0123456789"), 100_000)}
		if err := s.Backup(t.Context(), path, there); err != nil {
			t.Fatal(err)
		}
		back := besides{}
		target := storage.Options{Path: filepath.Join(dir, "target.db")}
		if _, err := storage.Restore(t.Context(), target, path, back); err != nil {
			t.Fatal(err)
		}
		if !maps.EqualFunc(there, back, bytes.Equal) {
			t.Errorf("%d files came back of %d", len(back), len(there))
		}
		// A target that holds tables keeps its files as they are.
		none := besides{}
		if _, err := storage.Restore(t.Context(), target, path, none); !errors.Is(err, storage.ErrNotEmpty) || len(none) > 0 {
			t.Errorf("a second time: %v, %d files", err, len(none))
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, raw[:len(raw)/2], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := storage.Restore(t.Context(), storage.Options{Path: filepath.Join(dir, "other.db")}, path, none); err == nil || len(none) > 0 {
			t.Errorf("half a backup: %v, %d files", err, len(none))
		}
	})
}
