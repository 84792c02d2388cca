package bank

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
)

// Decode gives the text of a file in UTF-8, with lines that end in LF. A file that is too
// large or in another encoding is refused, with the place of the first byte that is wrong
// and the encoding that it looks like. The error is a Finding.
func Decode(raw []byte) (string, error) {
	if len(raw) > LargestFile {
		return "", Finding{Fault: fault.New(fault.TooLarge, "learning.file.too_large", fault.Args{"megabytes": LargestFile >> 20})}
	}
	if bytes.HasPrefix(raw, []byte{0xff, 0xfe}) || bytes.HasPrefix(raw, []byte{0xfe, 0xff}) {
		return "", Finding{Line: 1, Column: 1, Fault: fault.New(fault.Invalid, "learning.file.encoding", fault.Args{"encoding": "UTF-16"})}
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(raw) {
		good := 0
		for r, size := utf8.DecodeRune(raw); r != utf8.RuneError || size > 1; r, size = utf8.DecodeRune(raw[good:]) {
			good += size
		}
		line, column := At(string(raw[:good]), good)
		return "", Finding{Line: line, Column: column, Fault: fault.New(fault.Invalid, "learning.file.encoding", fault.Args{"encoding": looksLike(raw)})}
	}
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		line, column := At(string(raw[:i]), i)
		return "", Finding{Line: line, Column: column, Fault: fault.New(fault.Invalid, "learning.file.not_text")}
	}
	return strings.ReplaceAll(strings.ReplaceAll(string(raw), "\r\n", "\n"), "\r", "\n"), nil
}

// looksLike names the encoding of a text that is not UTF-8: in Windows-1251 a word of
// Cyrillic letters is a run of high bytes, in Windows-1252 these stand alone among Latin ones.
func looksLike(raw []byte) string {
	high, together := 0, 0
	for i, b := range raw {
		if b < utf8.RuneSelf {
			continue
		}
		high++
		if i > 0 && raw[i-1] >= 0xc0 && b >= 0xc0 {
			together++
		}
	}
	if together*2 > high {
		return "Windows-1251"
	}
	return "Windows-1252"
}

// At gives the line and the column, in characters, of a place in a text.
func At(text string, offset int) (line, column int) {
	before := text[:offset]
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}
