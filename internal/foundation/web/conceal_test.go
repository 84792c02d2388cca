package web

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

func TestAConcealedTextOpensForItsPersonAndADayAlone(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	s := &server{Options: Options{Secret: bytes.Repeat([]byte{7}, 32), Clock: func() time.Time { return now }}}
	her, other := access.Actor{Person: storage.ID{15: 1}}, access.Actor{Person: storage.ID{15: 2}}
	for _, text := range []string{"а", "Асанова Өмүркан", strings.Repeat("ы", 120), strings.Repeat("x", 52), strings.Repeat("x", 53)} {
		one, two := s.concealed(her, text), s.concealed(her, text)
		if one == two || strings.Contains(one, text) {
			t.Errorf("%q is concealed as %q and %q", text, one, two)
		}
		if got, ok := s.revealed(her, one); !ok || got != text {
			t.Errorf("%q opens as %q, %v", text, got, ok)
		}
		if _, ok := s.revealed(other, one); ok {
			t.Errorf("%q opens for another person", text)
		}
		if _, ok := s.revealed(her, one[:len(one)-2]); ok {
			t.Errorf("a piece of %q opens", text)
		}
		begun := now
		now = now.Add(concealedFor + time.Second)
		if _, ok := s.revealed(her, one); ok {
			t.Errorf("%q opens on another day", text)
		}
		now = begun
	}
	if a, b := s.concealed(her, "Бо"), s.concealed(her, "Асанова Өмүркан"); len(a) != len(b) {
		t.Errorf("a short name takes %d letters, a long one %d", len(a), len(b))
	}
	var r Request
	if _, ok := r.Reveal(r.Conceal("x")); ok {
		t.Error("a request without a server opens something")
	}
}
