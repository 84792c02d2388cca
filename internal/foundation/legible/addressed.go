package legible

import "regexp"

// anAddress is what mail programs make a link of: a scheme, www., a domain with a path, a
// domain that is common here, or an e-mail address.
var anAddress = regexp.MustCompile(`(?i)://|\bwww\.|@` +
	`|[\p{L}\d-]{2,}\.[\p{L}\d-]{2,}[/:?#]` +
	`|[a-z\d-]\.[a-z]{2,}/` +
	`|[\p{L}\d-]\.(?:kg|com|org|net|info|biz|ru|рф|kz|uz|xyz|top|site|online|shop)(?:$|[^\p{L}\d.-])`)

// Addressed tells a name or title that holds an address of the web or of mail: our letters
// and pages would carry it to others.
func Addressed(name string) bool { return anAddress.MatchString(name) }
