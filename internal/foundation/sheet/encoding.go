package sheet

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Names of the encodings that are understood.
const (
	UTF8        = "UTF-8"
	UTF16       = "UTF-16"
	Windows1251 = "Windows-1251"
)

// Decode gives the text of a file with line ends as LF, and the name of the
// encoding it was in. The *Error has no file name yet.
func Decode(raw []byte) (text, encoding string, err error) {
	switch order := utf16Order(raw); {
	case order != nil:
		text, err = fromUTF16(raw, order)
		encoding = UTF16
	case utf8.Valid(raw):
		text, encoding = string(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))), UTF8
	default:
		text, err = from1251(raw)
		encoding = Windows1251
	}
	if err != nil {
		return "", "", err
	}
	if strings.ContainsRune(text, '\r') {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		if !strings.ContainsRune(text, '\n') {
			text = strings.ReplaceAll(text, "\r", "\n")
		}
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		return "", "", &Error{Line: lineOf(text[:i]), Kind: NotText, Text: "this is not a text file: it holds a zero byte"}
	}
	return text, encoding, nil
}

// utf16Order tells the byte order of a file in UTF-16, nil when it is not: by its
// mark, or by every second byte, and only those, being 0 as in Latin letters and
// separators, or nearly all of them 0 or 4 as in Latin and Cyrillic text.
func utf16Order(raw []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return binary.LittleEndian
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return binary.BigEndian
	}
	head := raw[:min(len(raw), 4096)]
	var zeros, fours [2]int
	for i, b := range head {
		switch b {
		case 0:
			zeros[i%2]++
		case 4:
			fours[i%2]++
		}
	}
	high := func(side int) bool { // whether these are the high bytes
		return zeros[side] > 0 && zeros[1-side] == 0 &&
			(zeros[side] > len(head)/8 || (zeros[side]+fours[side])*20 > len(head)*9)
	}
	switch {
	case len(head) < 8:
		return nil
	case high(1):
		return binary.LittleEndian
	case high(0):
		return binary.BigEndian
	}
	return nil
}

func fromUTF16(raw []byte, order binary.ByteOrder) (string, error) {
	var b strings.Builder
	b.Grow(len(raw))
	line := 1
	bad := func() (string, error) {
		return "", &Error{Line: line, Kind: NotText, Text: "this is not correct UTF-16"}
	}
	for i := 0; i < len(raw); i += 2 {
		if i+1 == len(raw) {
			return bad()
		}
		r := rune(order.Uint16(raw[i:]))
		switch {
		case r == 0xfeff && i == 0:
			continue
		case r == '\n':
			line++
		case utf16.IsSurrogate(r):
			if i+3 >= len(raw) {
				return bad()
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(raw[i+2:]))); r == utf8.RuneError {
				return bad()
			}
			i += 2
		}
		b.WriteRune(r)
	}
	return b.String(), nil
}

// from1251 takes bytes that are not UTF-8 for Windows-1251, if they look like
// Cyrillic writing; a UTF-8 file with a broken place is refused at that place.
func from1251(raw []byte) (string, error) {
	broken, runes, letters, high := -1, 0, 0, 0
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			if broken < 0 {
				broken = i
			}
			high++
			if raw[i] >= 0xc0 || raw[i] == 0xa8 || raw[i] == 0xb8 {
				letters++
			}
		} else {
			runes++
		}
		i += n
	}
	refused := &Error{Kind: NotText, Line: 1 + bytes.Count(raw[:broken], []byte("\n")), Text: "neither UTF-8, UTF-16 nor Windows-1251; save the file as CSV UTF-8"}
	if runes*5 > high || letters*4 < high*3 || bytes.IndexByte(raw, 0x98) >= 0 {
		return "", refused
	}
	out, err := charmap.Windows1251.NewDecoder().Bytes(raw)
	if err != nil {
		return "", refused
	}
	return string(out), nil
}

func lineOf(before string) int { return 1 + strings.Count(before, "\n") }
