package web

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
)

// TokenField is the form field that carries the form token; a script may send
// it as the header X-Form-Token.
const TokenField = "form_token"

// tokenLife is how long a form may stay open.
const tokenLife = 12 * time.Hour

// formToken proves that a form was given out to this session: a nonce and the
// hour it was made, with an HMAC over both and the session. It differs in each
// page, so that compression gives nothing away about it.
func (s *server) formToken(a access.Actor) string {
	raw := make([]byte, 16, 48)
	_, _ = rand.Read(raw[:8])
	binary.BigEndian.PutUint64(raw[8:], uint64(s.Clock().Unix()))
	return base64.RawURLEncoding.EncodeToString(append(raw, s.tokenMAC(raw, a)...))
}

func (s *server) tokenMAC(head []byte, a access.Actor) []byte {
	return keyed(s.Secret, "form "+string(head)+a.Session.String()+" "+a.Person.String())
}

// tokenHolds checks the token of a request.
func (s *server) tokenHolds(r *Request) bool {
	text := r.PostFormValue(TokenField)
	if text == "" {
		text = r.Header.Get("X-Form-Token")
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != 48 || !hmac.Equal(raw[16:], s.tokenMAC(raw[:16], r.Actor)) {
		return false
	}
	age := s.Clock().Sub(time.Unix(int64(binary.BigEndian.Uint64(raw[8:16])), 0))
	return age > -time.Minute && age < tokenLife
}
