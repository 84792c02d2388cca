package seal_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/seal"
)

func ring(t *testing.T, fill byte) *seal.Keyring {
	t.Helper()
	k, err := seal.New(bytes.Repeat([]byte{fill}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestABoxOpensOnlyInItsPlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		k, err := seal.New(rapid.SliceOfN(rapid.Byte(), 32, 64).Draw(t, "secret"))
		if err != nil {
			t.Fatal(err)
		}
		record := rapid.SliceOf(rapid.Byte()).Draw(t, "record")
		field := rapid.String().Draw(t, "field")
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		key, wrapped := k.NewDataKey(record)
		box := key.Seal(record, field, plain)
		again, err := k.OpenDataKey(record, wrapped)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := again.Open(record, field, box); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("got %x, %v", got, err)
		}
		if _, err := key.Open(append(record, 1), field, box); !errors.Is(err, seal.ErrClosed) {
			t.Fatal("opens for another record")
		}
		if _, err := key.Open(record, field+"x", box); !errors.Is(err, seal.ErrClosed) {
			t.Fatal("opens for another field")
		}
		box[rapid.IntRange(0, len(box)-1).Draw(t, "at")] ^= 1
		if _, err := key.Open(record, field, box); !errors.Is(err, seal.ErrClosed) {
			t.Fatal("opens after a change")
		}
	})
}

func TestAWrappedKeyOpensOnlyForItsOwnerAndInstallation(t *testing.T) {
	t.Parallel()
	_, wrapped := ring(t, 1).NewDataKey([]byte("a"))
	if _, err := ring(t, 1).OpenDataKey([]byte("b"), wrapped); !errors.Is(err, seal.ErrClosed) {
		t.Error("opens for another owner")
	}
	if _, err := ring(t, 2).OpenDataKey([]byte("a"), wrapped); !errors.Is(err, seal.ErrClosed) {
		t.Error("opens with another secret")
	}
}

func TestKeysOfDifferentUsesAreUnrelated(t *testing.T) {
	t.Parallel()
	k := ring(t, 1)
	if k.Signing("tickets").Equal(k.Signing("certificates")) {
		t.Error("one key for two uses")
	}
	sig := ed25519.Sign(k.Signing("tickets"), []byte("x"))
	if !ed25519.Verify(ring(t, 1).Signing("tickets").Public().(ed25519.PublicKey), []byte("x"), sig) {
		t.Error("the key is not the same after a restart")
	}
	if bytes.Equal(k.Index("email", "a"), k.Index("phone", "a")) || bytes.Equal(k.Index("a", "bc"), k.Index("ab", "c")) {
		t.Error("indexes of different uses are equal")
	}
}

func TestTheSecretFileIsMadeOnceAndForTheOwnerOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret")
	if _, err := seal.ReadFile(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	a, err := seal.MakeFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b, err := seal.MakeFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Index("x", "y"), b.Index("x", "y")) {
		t.Error("two openings give two secrets")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("abc"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.ReadFile(path); err == nil {
		t.Error("half a secret is taken")
	}
}
