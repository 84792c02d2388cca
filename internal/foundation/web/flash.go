package web

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
)

// Flash is a short message that outlives one redirect: "saved", "seat given
// up". It holds a key of the catalogues and plain arguments, never personal data.
type Flash struct {
	Kind string         `json:"k"` // "good", "wait", "bad" or "" for plain
	Key  string         `json:"t"`
	Args map[string]any `json:"a,omitempty"`
}

// SetFlash leaves a message for the next page of this browser. Kind is "good",
// "wait", "bad" or ""; args are pairs of name and value as of Printer.T.
func (r *Request) SetFlash(kind, key string, args ...any) {
	f := Flash{Kind: kind, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			if f.Args == nil {
				f.Args = map[string]any{}
			}
			f.Args[name] = args[i+1]
		}
	}
	if r.keep != nil {
		r.keep(f)
	}
}

// TakeFlash gives the message once.
func (r *Request) TakeFlash() (Flash, bool) {
	if r.flash == nil {
		return Flash{}, false
	}
	f := *r.flash
	r.flash = nil
	return f, true
}

const flashCookie = "flash"

// keepFlash puts the message into a cookie, signed, for a minute.
func (s *server) keepFlash(w http.ResponseWriter, f Flash) {
	raw, err := json.Marshal(f)
	if err != nil {
		return // an argument that is not plain; the message is not worth an error
	}
	text := base64.RawURLEncoding.EncodeToString(raw)
	http.SetCookie(w, &http.Cookie{
		Name: s.cookie(flashCookie), Value: text + "." + s.flashMAC(text), Path: "/", MaxAge: 60,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}

func (s *server) flashMAC(text string) string {
	return base64.RawURLEncoding.EncodeToString(keyed(s.Secret, "flash "+text)[:16])
}

// readFlash takes the message out of the cookie for the page that is shown now.
func (s *server) readFlash(r *Request) {
	if r.Method != http.MethodGet {
		return
	}
	c, err := r.Cookie(s.cookie(flashCookie))
	if err != nil {
		return
	}
	http.SetCookie(r.W, &http.Cookie{Name: s.cookie(flashCookie), Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode})
	text, mac, _ := strings.Cut(c.Value, ".")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || !hmac.Equal([]byte(mac), []byte(s.flashMAC(text))) {
		return
	}
	var f Flash
	if json.Unmarshal(raw, &f) != nil || !r.Say.Has(f.Key) {
		return
	}
	for name, v := range f.Args {
		if n, ok := v.(float64); ok && n == float64(int(n)) {
			f.Args[name] = int(n) // JSON has one kind of number, plural forms need whole ones
		}
	}
	r.flash = &f
}
