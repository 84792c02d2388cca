package web

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"
)

// policy is the content security policy of every answer: own files only, no
// inline style or script, no frames around us.
var policy = strings.Join([]string{
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self' data: blob:",
	"media-src 'self' blob:",
	"connect-src 'self'",
	"worker-src 'self'",
	"manifest-src 'self'",
	"form-action 'self'",
	"base-uri 'none'",
	"frame-ancestors 'none'",
}, "; ")

// permissions are what a page may ask of the device: the room needs the
// microphone; the camera is for pages that call AllowCamera.
const permissions = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(self), payment=(), usb=()"

// AllowCamera lets this one answer use the camera.
func AllowCamera(h http.Header) {
	h.Set("Permissions-Policy", strings.Replace(permissions, "camera=()", "camera=(self)", 1))
}

func (s *server) secureHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Permissions-Policy", permissions)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.Secure {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
}

// newRequestID names a request: 16 hexadecimal digits, shown to a person as
// the number of an incident.
func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, by its documentation
	return hex.EncodeToString(b[:])
}
