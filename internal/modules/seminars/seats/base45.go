package seats

import "strings"

// Base45 is RFC 9285: bytes in the characters of a QR's alphanumeric mode.
const base45Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

// Base45 writes bytes in the alphabet that a QR code holds best (RFC 9285).
func Base45(b []byte) string {
	var out strings.Builder
	for ; len(b) > 1; b = b[2:] {
		n := int(b[0])<<8 | int(b[1])
		out.WriteByte(base45Alphabet[n%45])
		out.WriteByte(base45Alphabet[n/45%45])
		out.WriteByte(base45Alphabet[n/2025])
	}
	if len(b) == 1 {
		out.WriteByte(base45Alphabet[b[0]%45])
		out.WriteByte(base45Alphabet[b[0]/45])
	}
	return out.String()
}

// Unbase45 reads at most most bytes; ok is false for anything that base45 does not write.
func Unbase45(text string, most int) (out []byte, ok bool) {
	if len(text)%3 == 1 || len(text) > most*2 {
		return nil, false
	}
	for len(text) > 0 {
		size := min(3, len(text))
		n, weight := 0, 1
		for i := range size {
			d := strings.IndexByte(base45Alphabet, text[i])
			if d < 0 {
				return nil, false
			}
			n += d * weight
			weight *= 45
		}
		switch {
		case size == 3 && n <= 0xffff:
			out = append(out, byte(n>>8), byte(n))
		case size == 2 && n <= 0xff:
			out = append(out, byte(n))
		default:
			return nil, false
		}
		text = text[size:]
	}
	return out, true
}
