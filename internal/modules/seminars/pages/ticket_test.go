package pages

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

var testKey = ed25519.NewKeyFromSeed([]byte("an ashar ticket key for vectors!"))

func TestTicketVectors(t *testing.T) {
	t.Parallel()
	for serial, code := range map[seats.Serial]string{0: "2222-2222", 1: "2222-2235", seats.Serials - 1: "ZZZZ-ZZZN", 12345678901: "FX93-Q8H6"} {
		if got := serial.Code(); got != code {
			t.Errorf("code of %d is %s, want %s", serial, got, code)
		}
	}
	p := seats.Pass{Serial: 12345678901, LastDay: 20800, Activity: [4]byte{1, 2, 3, 4}}
	const want = ".A0FG08$REX6548KB0BN0WWJVVIM M $G/HGC6BALBZ$9.E6XJ6AO0BS9L39T0MAB2Q7WI-QTQ0NEF9VV1PSRNBTS4O9JZUQIVLBMKQQ7%04DMK07050"
	if got := p.Sign(testKey); got != want {
		t.Errorf("pass is\n%s, want\n%s", got, want)
	}
}

func TestACodeIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := seats.Serial(rapid.Uint64Range(0, uint64(seats.Serials)-1).Draw(t, "serial"))
		code := s.Code()
		for _, form := range []string{code, strings.ToLower(code), strings.ReplaceAll(code, "-", ""), " " + code + " ", strings.NewReplacer("A", "А", "K", "К", "P", "р").Replace(code)} {
			if got, err := seats.ParseCode(form); err != nil || got != s {
				t.Errorf("%q is read as %d, %v", form, got, err)
			}
		}
	})
}

func TestOneWrongCharacterOrSwapIsNoticed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := []byte(strings.ReplaceAll(seats.Serial(rapid.Uint64Range(0, uint64(seats.Serials)-1).Draw(t, "serial")).Code(), "-", ""))
		i := rapid.IntRange(0, seats.CodeLength-1).Draw(t, "place")
		wrong := append([]byte(nil), code...)
		wrong[i] = seats.CodeAlphabet[rapid.IntRange(0, len(seats.CodeAlphabet)-1).Draw(t, "digit")]
		j := rapid.IntRange(0, seats.CodeLength-1).Draw(t, "other")
		swapped := append([]byte(nil), code...)
		swapped[i], swapped[j] = swapped[j], swapped[i]
		for _, bad := range [][]byte{wrong, swapped} {
			if _, err := seats.ParseCode(string(bad)); err == nil && string(bad) != string(code) {
				t.Errorf("%s passes for %s", bad, code)
			}
		}
	})
}

func TestAQRIsShort(t *testing.T) {
	t.Parallel()
	qr, err := qrcode.New(seats.Pass{Serial: seats.Serials - 1, LastDay: 65535}.Sign(testKey), qrcode.Medium)
	if err != nil || qr.VersionNumber > 9 {
		t.Errorf("version %d, %v", qr.VersionNumber, err)
	}
	t.Logf("QR version %d", qr.VersionNumber)
}

func TestAPassOfAnotherKeyOrChangedIsRefused(t *testing.T) {
	t.Parallel()
	other := ed25519.NewKeyFromSeed([]byte("another key of thirty-two bytes!"))
	public, _ := testKey.Public().(ed25519.PublicKey)
	p := seats.Pass{Serial: 77, LastDay: 20800}
	if got, err := seats.ReadPass(p.Sign(testKey), public); err != nil || got != p {
		t.Errorf("own pass: %v, %v", got, err)
	}
	if _, err := seats.ReadPass(p.Sign(other), public); err == nil {
		t.Error("the pass of another key is taken")
	}
	raw, _ := seats.Unbase45(p.Sign(testKey), seats.PassLength)
	for i := range raw {
		changed := append([]byte(nil), raw...)
		changed[i] ^= 1
		if _, err := seats.ReadPass(seats.Base45(changed), public); err == nil {
			t.Errorf("byte %d may be changed", i)
		}
	}
}

func FuzzPass(f *testing.F) {
	public, _ := testKey.Public().(ed25519.PublicKey)
	f.Add(seats.Pass{Serial: 5}.Sign(testKey))
	f.Add("K7M4-P2XD")
	f.Add(base64.StdEncoding.EncodeToString([]byte("ashar")))
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := seats.ReadPass(text, public); err == nil && p.Sign(testKey) != text {
			t.Errorf("%q is read as a pass that is written otherwise", text)
		}
		if raw, ok := seats.Unbase45(text, seats.PassLength); ok && seats.Base45(raw) != text {
			t.Errorf("%q is not what base45 writes", text)
		}
		if s, err := seats.ParseCode(text); err == nil {
			if again, err := seats.ParseCode(s.Code()); err != nil || again != s {
				t.Errorf("%q is read as %d, then as %d", text, s, again)
			}
		}
	})
}

func TestWhoConfirmsAnewGetsAnotherTicket(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		m, a := fixture(t, store, nil)
		setUp(t, m, a, `first_come = TRUE`)
		h, err := apply(t.Context(), m, a, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		var first, second seats.Ticket
		write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
			app, err := seats.ApplicationByID(ctx, tx, h.Application.ID)
			if err != nil {
				return err
			}
			if first, err = seats.TicketOf(ctx, tx, app.ID); err != nil {
				return err
			}
			if app, err = m.Move(ctx, tx, app, seats.Withdrawn, app.Person, "test"); err != nil {
				return err
			}
			if _, err = seats.TicketOf(ctx, tx, app.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("the ticket still holds: %v", err)
			}
			if _, err = m.Move(ctx, tx, app, seats.Confirmed, app.Person, "test"); err != nil {
				return err
			}
			second, err = seats.TicketOf(ctx, tx, app.ID)
			return err
		})
		if first.Serial == second.Serial {
			t.Error("the ticket came back")
		}
	}, still())
}
