package people

import (
	"encoding/base64"
	"encoding/json"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/storage"
)

// IssuerBack is the path of the redirect address that is registered at the issuer.
const IssuerBack = "/sign-in/oidc/back"

// QuestionLife is how long a browser may be at the issuer.
const QuestionLife = 10 * time.Minute

// IssuerQuestion is what a browser keeps, sealed, while its person is at the issuer.
type IssuerQuestion struct {
	oidc.Question
	Back  string        `json:"b,omitempty"` // where she wanted to go
	Own   storage.ID    `json:"o,omitzero"`  // who adds the account to herself
	Fresh bool          `json:"f,omitempty"` // she is asked to show anew who she is
	Lang  i18n.Language `json:"l"`
	Until time.Time     `json:"u"`
}

const fieldAsked = "cookie.oidc"

// SealQuestion closes a question for a cookie, for QuestionLife from now.
func (s *Service) SealQuestion(q IssuerQuestion) (string, error) {
	q.Until = s.store.Now().Add(QuestionLife)
	plain, err := json.Marshal(q)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(s.keys.Seal(nil, fieldAsked, plain)), nil
}

// OpenQuestion opens what SealQuestion closed; false when it is nothing of ours, or
// nothing that is still good.
func (s *Service) OpenQuestion(cookie string) (q IssuerQuestion, ok bool) {
	box, err := base64.RawURLEncoding.DecodeString(cookie)
	if err != nil {
		return q, false
	}
	plain, err := s.keys.Open(nil, fieldAsked, box)
	if err != nil || json.Unmarshal(plain, &q) != nil || !s.store.Now().Before(q.Until) {
		return IssuerQuestion{}, false
	}
	return q, true
}
