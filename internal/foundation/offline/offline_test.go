package offline_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/offline"
	"platforma.kg/ashar/internal/foundation/seal"
)

func house(t testing.TB, secret byte) *seal.Keyring {
	t.Helper()
	k, err := seal.New(bytes.Repeat([]byte{secret}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestABoxOpensWithItsSecretForItsUseInItsPackAlone(t *testing.T) {
	t.Parallel()
	k, other := offline.KeyOf(house(t, 1), "door", []byte("a")), offline.KeyOf(house(t, 1), "door", []byte("b"))
	rapid.Check(t, func(rt *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(rt, "plain")
		secret := rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(rt, "secret")
		box := k.Seal("pass", secret, plain)
		if got, err := k.Open("pass", secret, box); err != nil || !bytes.Equal(got, plain) {
			rt.Fatalf("%x, %v", got, err)
		}
		raw, err := base64.RawURLEncoding.DecodeString(box)
		if err != nil {
			rt.Fatal(err)
		}
		if rest := len(raw) - 12 - 16; rest%32 != 0 || rest <= len(plain) {
			rt.Errorf("%d bytes lie in a box of %d", len(plain), len(raw))
		}
		changed := bytes.Clone(raw)
		changed[rapid.IntRange(0, len(raw)-1).Draw(rt, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		for name, try := range map[string]func() ([]byte, error){
			"another secret": func() ([]byte, error) { return k.Open("pass", append([]byte{1}, secret...), box) },
			"another use":    func() ([]byte, error) { return k.Open("desk", secret, box) },
			"another pack":   func() ([]byte, error) { return other.Open("pass", secret, box) },
			"a changed box":  func() ([]byte, error) { return k.Open("pass", secret, base64.RawURLEncoding.EncodeToString(changed)) },
			"half a box":     func() ([]byte, error) { return k.Open("pass", secret, box[:len(box)/2]) },
			"no box":         func() ([]byte, error) { return k.Open("pass", secret, "") },
		} {
			if got, err := try(); !errors.Is(err, offline.ErrClosed) {
				rt.Errorf("%s: %x, %v", name, got, err)
			}
		}
	})
}

func TestKeysOfOtherThingsHousesAndUsesAreOthers(t *testing.T) {
	t.Parallel()
	seen := map[offline.Key]bool{}
	for _, k := range []offline.Key{
		offline.KeyOf(house(t, 1), "door"), offline.KeyOf(house(t, 2), "door"), offline.KeyOf(house(t, 1), "test"),
		offline.KeyOf(house(t, 1), "door", []byte("ab"), []byte("c")), offline.KeyOf(house(t, 1), "door", []byte("a"), []byte("bc")),
		offline.KeyOf(house(t, 1), "door").Under("codes", []byte("x")), offline.KeyOf(house(t, 1), "door").Under("codes", []byte("y")), offline.KeyOf(house(t, 1), "door").Under("other", []byte("x")),
	} {
		if seen[k] {
			t.Errorf("%x twice", k)
		}
		seen[k] = true
	}
	k := offline.KeyOf(house(t, 1), "door")
	if a, b := k.Name("pass", []byte("x")), k.Name("code", []byte("x")); a == b || len(a) != 16 || a != k.Name("pass", []byte("x")) {
		t.Errorf("%q and %q", a, b)
	}
}

func TestTheWordOpensTheDeskAndIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	d, err := offline.DeskOf(house(t, 1), []byte("osh"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := offline.DeskOf(house(t, 1), []byte("osh"))
	if err != nil || again.Word != d.Word || again.Lock != d.Lock {
		t.Errorf("another desk: %v, %v", again, err)
	}
	if plain := offline.Typed(d.Word); len(plain) != offline.WordLength || len(d.Word) != offline.WordLength+1 {
		t.Errorf("the word is %q", d.Word)
	}
	if d.Lock.Rounds < 600_000 {
		t.Errorf("%d rounds", d.Lock.Rounds)
	}
	swap := strings.NewReplacer("A", "а", "B", "В", "C", "с", "E", "Е", "H", "н", "K", "к", "M", "М", "P", "Р", "T", "т", "X", "х", "Y", "ү")
	for _, word := range []string{d.Word, strings.ToLower(d.Word), " " + strings.ReplaceAll(d.Word, "-", "") + " ", swap.Replace(d.Word)} {
		if key, err := d.Lock.Open(word); err != nil || !bytes.Equal(key, d.Key) {
			t.Errorf("%q: %v", word, err)
		}
	}
	for _, word := range []string{"", d.Word[1:], d.Word + "2", "22222-22222"} {
		if _, err := d.Lock.Open(word); !errors.Is(err, offline.ErrClosed) {
			t.Errorf("%q: %v", word, err)
		}
	}
}

func TestADeviceIsSentTheShelvesThatItHasNot(t *testing.T) {
	t.Parallel()
	k := offline.KeyOf(house(t, 1), "door")
	made := time.Date(2026, 12, 5, 4, 0, 0, 0, time.UTC)
	packOf := func(says ...string) offline.Pack {
		var list []offline.Shelf
		for _, s := range says {
			shelf, err := offline.NewShelf(k, s, func() []any { return []any{s} })
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, shelf)
		}
		return offline.New(k, offline.Lock{}, made, made.Add(time.Hour), "rules", list)
	}
	tags := func(p offline.Pack) string {
		var out []string
		for _, s := range p.Shelves {
			out = append(out, s.Tag)
		}
		return strings.Join(out, ".")
	}
	old := packOf("a", "b", "c")
	for have, want := range map[string]int{"": 3, tags(old): 1, tags(packOf("a", "x", "c")): 0, tags(packOf("a", "b")): 3, tags(packOf("c", "x", "a")): 2, "...": 3, strings.Repeat(".", 5000): 3} {
		p, filled := packOf("a", "x", "c").Fill(have)
		sent := 0
		for _, s := range p.Shelves {
			if s.Rows != nil {
				sent++
			}
		}
		if sent != want || len(filled) != want {
			t.Errorf("%q: %d shelves, %v", have, sent, filled)
		}
	}
	was, err := old.Tag(k)
	if err != nil {
		t.Fatal(err)
	}
	later := packOf("a", "b", "c")
	later.Made += 60_000
	if is, err := later.Tag(k); err != nil || is != was {
		t.Errorf("made a minute later it says another thing: %q, %q, %v", was, is, err)
	}
	for _, p := range []offline.Pack{packOf("a", "b", "d"), packOf("a", "c", "b"), packOf("a", "b")} {
		if is, err := p.Tag(k); err != nil || is == was {
			t.Errorf("%s says the same: %v", tags(p), err)
		}
	}
}
