package analysis

import (
	"bytes"
	"encoding/json"
	"testing"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/agreement"
)

// answered fails unless a reader either printed one JSON object or an error and nothing.
func answered(t *testing.T, out []byte, err error) {
	t.Helper()
	switch {
	case err != nil && len(out) > 0:
		t.Errorf("an error after half an answer: %v", err)
	case err == nil && !json.Valid(out):
		t.Errorf("this is not JSON: %s", out)
	}
}

func FuzzGain(f *testing.F) {
	f.Add([]byte(course), 20.0)
	f.Add([]byte("\xff\xfep\x00e\x00r\x00s\x00o\x00n\x00,\x00p\x00r\x00e\x00,\x00p\x00o\x00s\x00t\x00\n\x00"), 1.0)
	f.Add([]byte("person;pre;post\r\n\"a\nb\";1,5;2\r\n;3;4\r\n"), 3.5)
	f.Add([]byte("person,pre,post\na,0,0\nb,0,1e-9\nc,1,1\nd,1e-300,1\ne,.5,.4999999999\n"), 1.0)
	f.Fuzz(func(t *testing.T, raw []byte, most float64) {
		s, err := sheet.Read("fuzz.csv", raw)
		if err != nil {
			return
		}
		var out bytes.Buffer
		err = gainOf(s, GainOptions{Max: most, Resamples: 20}, &out, nil)
		answered(t, out.Bytes(), err)
	})
}

func FuzzItems(f *testing.F) {
	f.Add([]byte("person,q1,q2[3]\na,1,2\nb,0,\nc,1,3\n"))
	f.Add([]byte("q1;q2\n1;0,5\n0;1\n"))
	f.Add([]byte("q[1e6],r[0.000001]\n1e6,1e-6\n0,0\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := sheet.Read("fuzz.csv", raw)
		if err != nil {
			return
		}
		var out bytes.Buffer
		err = itemsOf(s, ItemsOptions{}, &out)
		answered(t, out.Bytes(), err)
	})
}

func FuzzAgreement(f *testing.F) {
	f.Add([]byte("unit,rater,value\n1,a,1\n1,b,2\n2,a,2\n2,b,2\n"), uint8(0))
	f.Add([]byte("unit;rater;value\n1;Айгүл;ооба\n1;Бек;жок\n"), uint8(0))
	f.Add([]byte("unit,rater,value\n1,a,1e15\n1,b,-1e15\n2,a,0\n2,b,1e-300\n"), uint8(2))
	f.Fuzz(func(t *testing.T, raw []byte, level uint8) {
		s, err := sheet.Read("fuzz.csv", raw)
		if err != nil {
			return
		}
		levels := []agreement.Level{agreement.Nominal, agreement.Ordinal, agreement.Interval, agreement.Ratio}
		var out bytes.Buffer
		err = agreementOf(s, AgreementOptions{Level: levels[int(level)%len(levels)], Resamples: 20}, &out, nil)
		answered(t, out.Bytes(), err)
	})
}
