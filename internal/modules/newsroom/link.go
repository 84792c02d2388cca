package newsroom

import (
	"cmp"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"platforma.kg/ashar/internal/foundation/fault"
)

// mostLink bounds a link, in bytes as it is kept.
const mostLink = 2_000

// usualPorts are the ports that nobody writes.
var usualPorts = map[string]string{"http": "80", "https": "443"}

// tracking tells whether a parameter of a link says where somebody clicked and nothing of
// the page that it leads to.
func tracking(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "utm_") || name == "fbclid" || name == "gclid"
}

// part is one parameter of a link, as it is written.
type part struct{ name, text string }

// parts cuts a query into parameters without those that track.
func parts(query string) (out []part) {
	for _, text := range strings.Split(query, "&") {
		name, _, _ := strings.Cut(text, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			name = plain
		}
		if text != "" && !tracking(name) {
			out = append(out, part{name, text})
		}
	}
	return out
}

func joined(list []part) string {
	var out []string
	for _, p := range list {
		out = append(out, p.text)
	}
	return strings.Join(out, "&")
}

// invisible are signs that turn or hide what stands beside them.
func invisible(r rune) bool { return unicode.Is(unicode.Cf, r) || unicode.IsControl(r) }

// public reports whether a host may be one that everybody reaches: it has a domain with a
// letter, and is no number.
func public(host string) bool {
	name := host[strings.LastIndexByte(host, '.')+1:]
	return strings.Contains(host, ".") && name != "localhost" && strings.ContainsFunc(name, unicode.IsLetter) && !strings.HasPrefix(name, "0x") && net.ParseIP(host) == nil
}

var escaped = regexp.MustCompile(`%[0-9a-fA-F]{2}`)

// hosts writes names of hosts in ASCII, also those with signs that only some resolvers take.
var hosts = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.CheckHyphens(false), idna.VerifyDNSLength(true))

// readLink reads the link to a page of the web as it was typed. link is what is kept and
// followed: without the parameters that track who clicked. key is the same for all
// spellings of one page: of http and https the latter, the host in small letters and in
// ASCII, without the usual port, the fragment, and slashes at the end, its parameters in
// order. Invalid for what is not of http or https, and for a link with a name or password
// in it.
func readLink(typed string) (link, key string, err error) {
	bad := fault.At("link", "newsroom.mention.fault.link")
	typed = strings.TrimSpace(typed)
	u, wrong := url.Parse(typed)
	if wrong != nil || len(typed) > mostLink || strings.ContainsAny(typed, " \\<>\"") || u.User != nil || u.Opaque != "" {
		return "", "", bad
	}
	u.Scheme = strings.ToLower(u.Scheme)
	port, known := usualPorts[u.Scheme]
	host, wrong := hosts.ToASCII(strings.TrimSuffix(strings.ToLower(u.Hostname()), "."))
	if ip := net.ParseIP(u.Hostname()); ip != nil {
		host, wrong = ip.String(), nil
	}
	if !known || wrong != nil || !public(host) || strings.ContainsFunc(u.Path, invisible) {
		return "", "", bad
	}
	list := parts(u.RawQuery)
	u.RawQuery, u.ForceQuery = joined(list), false
	link = u.String()

	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if p := u.Port(); p != "" && p != port {
		host += ":" + p
	}
	u = (&url.URL{}).ResolveReference(u) // takes dots out of its path
	slices.SortStableFunc(list, func(a, b part) int { return cmp.Compare(a.name, b.name) })
	key = "https://" + host + strings.TrimRight(u.EscapedPath(), "/")
	if len(list) > 0 {
		key += "?" + joined(list)
	}
	if len(link) > mostLink {
		return "", "", bad
	}
	return link, escaped.ReplaceAllStringFunc(key, sameEscape), nil
}

// sameEscape writes an escaped sign as RFC 3986 (6.2.2) does: itself where it needs no
// escape, else in capitals.
func sameEscape(text string) string {
	n, _ := strconv.ParseUint(text[1:], 16, 8)
	if c := byte(n); c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
		return string(c)
	}
	return strings.ToUpper(text)
}
