package seal_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/seal"
)

func TestAPassphraseThatCanBeGuessedIsWeak(t *testing.T) {
	t.Parallel()
	for _, p := range []string{
		"", "a", "password", "Password1!", "ashar2026", "AsharBackup2026", "Бишкек2026", "кыргызстан", "АшарАшарАшар", "сырсөз123",
		"qwertyuiop1234567890", "йцукенгшщзхъ", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "abababababababababababababab", "1234567890123456789012345678",
		"correcthorsebattery", "iloveyou forever", "aizada@example.org", "+996555123456", "Каракол2026!", strings.Repeat("ашар", 50),
	} {
		if !seal.Weak(p) {
			t.Errorf("%q is not called weak", p)
		}
	}
	for range 50 {
		if p := rand.Text(); seal.Weak(p) {
			t.Errorf("%q, of 128 random bits, is called weak", p)
		}
	}
	for _, p := range []string{
		"tundra-velvet-orbit-mango-pistol-quarry", "жылкы бурганак терезе өрүк камчы булут", "6d0f0f2b9c1e4d7a8b3c5e6f",
		"K7#vq9!Lr2@xW5zt", strings.Repeat("tundra-velvet-orbit-mango-pistol-quarry ", 100),
	} {
		if seal.Weak(p) {
			t.Errorf("%q is called weak", p)
		}
	}
}
