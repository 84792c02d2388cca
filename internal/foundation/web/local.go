package web

import (
	"net/url"
	"strings"
)

// LocalPath checks an address that came from outside and that a person is to
// be led to, as the way back after signing in: only a path of this site passes,
// with its query. Use the answer, not the question.
func LocalPath(s string) (path string, ok bool) {
	if len(s) > 2000 || !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\") || !cleanLine(s) {
		return "", false
	}
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, "\\") || !cleanLine(u.Path) {
		return "", false
	}
	return u.RequestURI(), true
}
