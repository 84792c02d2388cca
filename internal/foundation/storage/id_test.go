package storage_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/storage"
)

func TestAnIDIsWrittenAndReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMilli(rapid.Int64Range(0, 1<<47).Draw(t, "at"))
		id := storage.RandomID(at)
		if got, err := storage.ParseID(id.String()); err != nil || got != id {
			t.Errorf("%v became %v, %v", id, got, err)
		}
		body, err := json.Marshal(id)
		if err != nil {
			t.Fatal(err)
		}
		var got storage.ID
		if err := json.Unmarshal(body, &got); err != nil || got != id {
			t.Errorf("%v became %v, %v", id, got, err)
		}
		if id[6]>>4 != 7 || id[8]>>6 != 2 {
			t.Errorf("%v is not a UUIDv7", id)
		}
	})
}

func TestALaterIDSortsBehind(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := rapid.Int64Range(0, 1<<46).Draw(t, "first")
		later := first + rapid.Int64Range(1, 1<<40).Draw(t, "more")
		a, b := storage.RandomID(time.UnixMilli(first)), storage.RandomID(time.UnixMilli(later))
		if bytes.Compare(a[:], b[:]) >= 0 {
			t.Errorf("%v of %d does not sort before %v of %d", a, first, b, later)
		}
	})
}

func TestAnInstantKeepsItsMicroseconds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMicro(rapid.Int64Range(-1<<55, 1<<55).Filter(func(n int64) bool { return n != 0 }).Draw(t, "at"))
		if got := storage.Instant(storage.Micros(at)); !got.Equal(at) {
			t.Errorf("%v became %v", at, got)
		}
	})
	if storage.Micros(time.Time{}) != 0 || !storage.Instant(0).IsZero() {
		t.Error("the zero time does not stay zero")
	}
}

func FuzzParseID(f *testing.F) {
	f.Add("")
	f.Add("0192f0c1-2b3c-7d4e-8f50-617283940516")
	f.Fuzz(func(t *testing.T, text string) {
		id, err := storage.ParseID(text)
		if err != nil {
			return
		}
		if again, err := storage.ParseID(id.String()); !id.IsZero() && (err != nil || again != id) {
			t.Errorf("%q became %v, then %v, %v", text, id, again, err)
		}
	})
}
