package mail

import (
	netmail "net/mail"
	"strings"
	"testing"
	"time"
)

// Whatever is written into a letter, its headers are ours and no other.
func FuzzEncode(f *testing.F) {
	f.Add("a@example.kg", "Тема", "id@example.org", "текст", "Ашар")
	f.Add("a@example.kg", "x\r\nBcc: b@example.kg", "i>\r\nBcc: b@example.kg", ".\r\n", "x\r\nBcc: b@example.kg")
	f.Add("a@example.kg\r\n", "=?utf-8?q?=0d=0aBcc:_b?=", "", "\x00", "\"")
	ours := map[string]bool{
		"From": true, "To": true, "Subject": true, "Message-Id": true, "Date": true, "Mime-Version": true, "Content-Type": true,
		"Auto-Submitted": true, "Content-Language": true, "Content-Transfer-Encoding": true,
	}
	f.Fuzz(func(t *testing.T, to, subject, id, text, name string) {
		from := netmail.Address{Name: oneLine(name), Address: "post@example.org"}
		raw, err := encode(from, Message{ID: id, To: to, Subject: subject, Text: text, HTML: "<p>x</p>", Lang: "ky", At: time.Unix(1, 0)})
		if err != nil {
			return
		}
		m, err := netmail.ReadMessage(strings.NewReader(string(raw)))
		if err != nil {
			t.Fatalf("not readable: %v\n%q", err, raw)
		}
		for key := range m.Header {
			if !ours[key] {
				t.Errorf("header %q in %q", key, raw)
			}
		}
		if list, err := m.Header.AddressList("To"); err != nil || len(list) != 1 || list[0].Address != to {
			t.Errorf("to %q became %v (%v)", to, list, err)
		}
	})
}
