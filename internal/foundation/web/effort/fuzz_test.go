package effort

import (
	"bytes"
	"testing"
	"time"
)

func FuzzWhatComesWithAForm(f *testing.F) {
	g := New(Options{Key: bytes.Repeat([]byte{7}, 32), Bits: 3})
	who := Case{Purpose: "apply/osh", Browser: "one"}
	text := g.challenge(who, moment)
	f.Add(true, "", "1,2,3", int64(0))
	f.Add(true, "", "", int64(Life))
	f.Add(false, text[1:], ",,,,,,,,,,,,,,,", int64(-1))
	f.Fuzz(func(t *testing.T, ours bool, challenge, counters string, after int64) {
		if ours { // of this process; each makes another
			challenge = text
		}
		c, ok := g.read(who, challenge, moment.Add(time.Duration(after)))
		if ok && !ours && challenge != text {
			t.Errorf("%q was never given out", challenge)
		}
		if age := time.Duration(after); ours && !ok && age > -skew && age < Life {
			t.Errorf("a challenge is refused %v after it was made", age)
		} else if ok && (age >= Life || age <= -skew) {
			t.Errorf("a challenge is good %v after it was made", age)
		}
		c.bits = 256 // nobody solves this
		if c.solves(counters) {
			t.Errorf("%q solves what cannot be solved", counters)
		}
	})
}
