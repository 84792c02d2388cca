package files

import (
	"bytes"
	"regexp"
)

// named matches who made a PDF, where programs write it in clear: the entries of
// its dictionary, as text or as hexadecimal digits, and those of its XMP.
var named = regexp.MustCompile(`(?s)/(?:Author|Company|Manager|LastModifiedBy)\s*` +
	`(?:\((?:[^\\()]|\\.|\([^\\()]*\))*\)|<[0-9A-Fa-f\s]*>)` +
	`|<(?:dc:creator|pdf:Author|xmpMM:History)>.*?</(?:dc:creator|pdf:Author|xmpMM:History)>`)

// anonymous blanks the author of a PDF. Every byte stays in its place, so that
// the table of its parts still holds. What lies in compressed parts stays: for
// that the file would have to be written anew.
func anonymous(raw []byte) []byte {
	places := named.FindAllIndex(raw, -1)
	if places == nil {
		return raw
	}
	out := bytes.Clone(raw)
	for _, at := range places {
		one := out[at[0]:at[1]]
		from, to := bytes.IndexAny(one, "(<")+1, len(one)-1
		if one[0] == '<' { // an element: between its tags
			from, to = bytes.IndexByte(one, '>')+1, bytes.LastIndexByte(one, '<')
		}
		for i := from; i < to; i++ {
			one[i] = ' '
		}
	}
	return out
}
