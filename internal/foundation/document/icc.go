package document

import (
	"encoding/binary"
	"math"
	"sync"
)

// profile gives the colors of sRGB (IEC 61966-2-1) as a profile of ICC version 2.1: the
// primaries as they are adapted to the white of D50, and the curve in 1,024 steps.
var profile = sync.OnceValue(func() []byte {
	var curve []byte
	const steps = 1024
	for i := range steps {
		v := float64(i) / (steps - 1)
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		curve = binary.BigEndian.AppendUint16(curve, uint16(math.Round(v*65535)))
	}
	curve = append(append([]byte("curv\x00\x00\x00\x00"), binary.BigEndian.AppendUint32(nil, steps)...), curve...)
	text := func(kind, s string) []byte { return append([]byte(kind+"\x00\x00\x00\x00"), s+"\x00"...) }
	const name = "sRGB IEC61966-2.1"
	description := append([]byte("desc\x00\x00\x00\x00"), binary.BigEndian.AppendUint32(nil, uint32(len(name)+1))...)
	description = append(append(description, name+"\x00"...), make([]byte, 4+4+2+1+67)...)
	tags := []struct {
		name    string
		content []byte
	}{
		{"desc", description},
		{"cprt", text("text", "No rights are reserved.")},
		{"wtpt", xyz(0.9505, 1, 1.0891)},
		{"rXYZ", xyz(0.4360747, 0.2225045, 0.0139322)},
		{"gXYZ", xyz(0.3850649, 0.7168786, 0.0971045)},
		{"bXYZ", xyz(0.1430804, 0.0606169, 0.7141733)},
		{"rTRC", curve},
		{"gTRC", nil},
		{"bTRC", nil},
	}
	head := make([]byte, 128)
	copy(head[8:], "\x02\x10\x00\x00")
	copy(head[12:], "mntrRGB XYZ ")
	copy(head[24:], []byte{0x07, 0xEA, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0}) // 1 January 2026
	copy(head[36:], "acsp")
	copy(head[68:], xyz(0.9642, 1, 0.8249)[8:])
	out := binary.BigEndian.AppendUint32(head, uint32(len(tags)))
	at := uint32(len(out) + 12*len(tags))
	var body []byte
	var from, size uint32
	for _, t := range tags {
		if t.content != nil { // the curves are one
			for len(body)%4 != 0 {
				body = append(body, 0)
			}
			from, size = at+uint32(len(body)), uint32(len(t.content))
			body = append(body, t.content...)
		}
		out = append(out, t.name...)
		out = binary.BigEndian.AppendUint32(out, from)
		out = binary.BigEndian.AppendUint32(out, size)
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
})

// xyz is a color as a tag of ICC: three numbers with sixteen bits behind the point.
func xyz(x, y, z float64) []byte {
	out := []byte("XYZ \x00\x00\x00\x00")
	for _, v := range []float64{x, y, z} {
		out = binary.BigEndian.AppendUint32(out, uint32(int32(math.Round(v*65536))))
	}
	return out
}
