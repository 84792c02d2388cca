package offline

import (
	"bytes"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/seal"
)

var update = flag.Bool("update", false, "write testdata anew")

// boxCase is a box as both sides close it with this ephemeral key.
type boxCase struct {
	Private   string `json:"private"` // of the house: 32 bytes in base64url
	Public    string `json:"public"`
	Ephemeral string `json:"ephemeral"` // 32 bytes
	Point     string `json:"point"`     // of the ephemeral key
	Of        string `json:"of"`
	Plain     string `json:"plain"`
	Box       string `json:"box"`
}

func keyring(t testing.TB, secret byte) *seal.Keyring {
	t.Helper()
	k, err := seal.New(bytes.Repeat([]byte{secret}, seal.SecretLen))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func boxCases(t *testing.T) (out []boxCase) {
	t.Helper()
	r := rand.New(rand.NewPCG(4, 69))
	for i := range 24 {
		house := BoxKeyOf(keyring(t, byte(i%3)), fmt.Append(nil, "activity ", i))
		raw := make([]byte, 32)
		for n := range raw {
			raw[n] = byte(r.Uint32())
		}
		one, err := ecdh.P256().NewPrivateKey(raw)
		if err != nil {
			t.Fatal(err)
		}
		c := boxCase{
			Private: base64.RawURLEncoding.EncodeToString(house.private.Bytes()), Public: house.Public(),
			Ephemeral: base64.RawURLEncoding.EncodeToString(raw), Point: base64.RawURLEncoding.EncodeToString(one.PublicKey().Bytes()),
			Of: fmt.Sprintf("nonce-%03d", i), Plain: strings.Repeat("Үмүткан ", i) + string(rune(0x40+i)),
		}
		if c.Box, err = closeBox(one, c.Public, c.Of, []byte(c.Plain)); err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

// The file is what the test of web/ts/offline is held to: the same box, byte for byte.
func TestTheBoxesOfTheFileAreThoseThatAreClosedNow(t *testing.T) {
	t.Parallel()
	const file = "testdata/boxes.json"
	want, err := json.MarshalIndent(boxCases(t), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is another: %v", file, err)
	}
	var cases []boxCase
	if err := json.Unmarshal(got, &cases); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		plain, err := BoxKeyOf(keyring(t, byte(i%3)), fmt.Append(nil, "activity ", i)).Open(c.Of, c.Box)
		if err != nil || string(plain) != c.Plain {
			t.Errorf("%s: %q, %v", c.Of, plain, err)
		}
	}
}

func TestABoxOpensForItsKeyAndItsRecordAlone(t *testing.T) {
	t.Parallel()
	key, elsewhere, other := BoxKeyOf(keyring(t, 1), []byte("osh")), BoxKeyOf(keyring(t, 1), []byte("naryn")), BoxKeyOf(keyring(t, 2), []byte("osh"))
	if BoxKeyOf(keyring(t, 1), []byte("osh")).Public() != key.Public() || key.Public() == elsewhere.Public() || key.Public() == other.Public() {
		t.Fatal("keys are not those of their activity and house")
	}
	rapid.Check(t, func(rt *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(rt, "plain")
		box, err := CloseBox(key.Public(), "nonce-001", plain)
		if err != nil {
			rt.Fatal(err)
		}
		if got, err := key.Open("nonce-001", box); err != nil || !bytes.Equal(got, plain) {
			rt.Fatalf("%x, %v", got, err)
		}
		if again, _ := CloseBox(key.Public(), "nonce-001", plain); again == box {
			rt.Error("two boxes of one text are the same")
		}
		raw, err := base64.RawURLEncoding.DecodeString(box)
		if err != nil {
			rt.Fatal(err)
		}
		changed := bytes.Clone(raw)
		changed[rapid.IntRange(0, len(raw)-1).Draw(rt, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		cut := rapid.IntRange(0, len(box)-1).Draw(rt, "cut")
		for name, try := range map[string]func() ([]byte, error){
			"another activity": func() ([]byte, error) { return elsewhere.Open("nonce-001", box) },
			"another house":    func() ([]byte, error) { return other.Open("nonce-001", box) },
			"another record":   func() ([]byte, error) { return key.Open("nonce-002", box) },
			"changed":          func() ([]byte, error) { return key.Open("nonce-001", base64.RawURLEncoding.EncodeToString(changed)) },
			"cut":              func() ([]byte, error) { return key.Open("nonce-001", box[:cut]) },
			"twice":            func() ([]byte, error) { return key.Open("nonce-001", box+box) },
			"without an end":   func() ([]byte, error) { return key.Open("nonce-001", box+strings.Repeat("A", LongestBox)) },
		} {
			if got, err := try(); !errors.Is(err, ErrClosed) {
				rt.Errorf("%s: %x, %v", name, got, err)
			}
		}
		if _, err := CloseBox(box[:rapid.IntRange(0, 86).Draw(rt, "key")], "nonce-001", plain); !errors.Is(err, ErrClosed) {
			rt.Errorf("a box is closed to no key: %v", err)
		}
	})
}
