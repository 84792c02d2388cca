package sms_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/sms/smstest"
)

func yes(context.Context) error { return nil }

func TestTextsAreCountedInParts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		parts int
		wide  bool
	}{
		{"", 0, false},
		{"Hello", 1, false},
		{strings.Repeat("a", 160), 1, false},
		{strings.Repeat("a", 161), 2, false},
		{strings.Repeat("a", 306), 2, false},
		{strings.Repeat("a", 307), 3, false},
		{strings.Repeat("€", 80), 1, false},
		{strings.Repeat("[", 81), 2, false},
		// An escape and its letter stay in one part: 152 of 153, so that three parts are needed.
		{strings.Repeat("~", 152), 2, false},
		{strings.Repeat("~", 153), 3, false},
		{"@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ", 1, false},
		{strings.Repeat("ө", 70), 1, true},
		{strings.Repeat("ң", 71), 2, true},
		{strings.Repeat("ү", 134), 2, true},
		{strings.Repeat("ж", 135), 3, true},
		{strings.Repeat("a", 70) + "ё", 2, true},
		{strings.Repeat("😀", 35), 1, true},
		{strings.Repeat("😀", 66), 2, true}, // 33 of them in a part of 67
		{strings.Repeat("😀", 67), 3, true},
		{"`", 1, true},
	} {
		if got := sms.Count(c.text); got.Parts != c.parts || got.Wide != c.wide {
			t.Errorf("%d letters %.3q: %+v, want %d parts, wide %v", len([]rune(c.text)), c.text, got, c.parts, c.wide)
		}
	}
}

// Whatever is written, the parts that are counted hold it, and one fewer would not.
func TestSoManyPartsHoldATextAndNoFewer(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	letters := []rune("ab€[~ өңүж😀")
	for range 3000 {
		some := letters[:1+r.IntN(len(letters))]
		text := make([]rune, r.IntN(700))
		for i := range text {
			text[i] = some[r.IntN(len(some))]
		}
		l := sms.Count(string(text))
		units := 0
		for _, c := range text {
			switch {
			case l.Wide:
				units += len(utf16.Encode([]rune{c}))
			case strings.ContainsRune("€[~", c):
				units += 2
			default:
				units++
			}
		}
		if units != l.Units || units > l.Parts*l.PerPart || l.Parts > 2 && units <= (l.Parts-1)*(l.PerPart-1) {
			t.Fatalf("%d units: %+v", units, l)
		}
	}
}

const secret = "hunter2 & \"co\" <x>"

func TestAMessageArrivesAsAFormAsJSONAndAsXML(t *testing.T) {
	t.Parallel()
	text := "Саламатсызбы! \"Жол\" <5> & {phone} 100% +\nhttps://x.example/m/a_b-c"
	for name, body := range map[string]string{
		"form": "to={digits}&from={sender}&psw={secret}&mes={text}&id={id}&n={phone}",
		"json": `{"messages":[{"destinations":[{"to":"{digits}","id":"{id}"}],"from":"{sender}","text":"{text}","key":"{secret}","n":"{phone}"}]}`,
		"xml":  `<message><pwd>{secret}</pwd><id>{id}</id><sender>{sender}</sender><text>{text}</text><phones><phone>{digits}</phone></phones><n>{phone}</n></message>`,
	} {
		s := smstest.New(t)
		g, err := sms.New(sms.Options{URL: s.URL, Sender: "Ashar", Secret: secret, Body: body})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := g.Send(t.Context(), sms.Message{ID: "m1", To: "+996555123456", Text: text}, yes); err != nil {
				t.Fatal(err)
			}
		}
		got := s.Got()
		if len(got) != 2 || got[0].Body != got[1].Body || got[0].Header.Get("Idempotency-Key") == "" {
			t.Fatalf("%s: a second try is not the first: %+v", name, got)
		}
		var all []string
		switch name {
		case "form":
			v, err := url.ParseQuery(got[0].Body)
			if err != nil {
				t.Fatal(err)
			}
			all = []string{v.Get("to"), v.Get("from"), v.Get("psw"), v.Get("mes"), v.Get("id"), v.Get("n")}
		case "json":
			var v struct {
				Messages []struct {
					Destinations []struct{ To, ID string }
					From, Text   string
					Key, N       string
				}
			}
			if err := json.Unmarshal([]byte(got[0].Body), &v); err != nil {
				t.Fatal(err)
			}
			m := v.Messages[0]
			all = []string{m.Destinations[0].To, m.From, m.Key, m.Text, m.Destinations[0].ID, m.N}
		case "xml":
			var v struct {
				Pwd    string `xml:"pwd"`
				ID     string `xml:"id"`
				Sender string `xml:"sender"`
				Text   string `xml:"text"`
				Phone  string `xml:"phones>phone"`
				N      string `xml:"n"`
			}
			if err := xml.Unmarshal([]byte(got[0].Body), &v); err != nil {
				t.Fatal(err)
			}
			all = []string{v.Phone, v.Sender, v.Pwd, v.Text, v.ID, v.N}
		}
		want := []string{"996555123456", "Ashar", secret, text, "", "+996555123456"}
		for i := range want {
			if i != 4 && all[i] != want[i] {
				t.Errorf("%s: %q, want %q", name, all[i], want[i])
			}
		}
		if id := all[4]; len(id) != 12 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") != "" {
			t.Errorf("%s: the id is %q", name, id)
		}
	}
}

func TestANameInTheAddressAndALineOfTheHeadBringTheSecret(t *testing.T) {
	t.Parallel()
	s := smstest.New(t)
	for _, o := range []sms.Options{
		{URL: strings.Replace(s.URL, "://", "://AC123@", 1), Secret: "s3"},
		{URL: s.URL, Secret: "s3", Header: "Authorization: App {secret}"},
	} {
		o.Body = "To={phone}&Body={text}"
		g, err := sms.New(o)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Send(t.Context(), sms.Message{ID: "1", To: "+996555123456", Text: "x"}, yes); err != nil {
			t.Fatal(err)
		}
	}
	got := s.Got()
	if a, b := got[0].Header.Get("Authorization"), got[1].Header.Get("Authorization"); a != "Basic QUMxMjM6czM=" || b != "App s3" {
		t.Errorf("%q %q", a, b)
	}
}

func TestEachAnswerHasItsVerdict(t *testing.T) {
	t.Parallel()
	status := func(code int, words string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(code)
			io.WriteString(w, words)
		}
	}
	const taken, known = "<status>0</status>", "<status>10</status>"
	large := strings.Repeat("x", 70<<10)
	for _, c := range []struct {
		name, taken, known string
		answer             http.HandlerFunc
		want               *sms.Error
	}{
		{"taken", "", "", status(200, ""), nil},
		{"created", "", "", status(201, "{}"), nil},
		{"taken in words", taken, "", status(200, taken), nil},
		{"refused in words", taken, "", status(200, "<status>7</status>"), &sms.Error{Reason: sms.NotTaken}},
		{"refused", "", "", status(400, ""), &sms.Error{Reason: "400"}},
		{"wrong number", "", "", status(422, ""), &sms.Error{Reason: "422"}},
		{"wrong secret", "", "", status(401, ""), &sms.Error{Reason: "401", Again: true}},
		{"no money", "", "", status(402, ""), &sms.Error{Reason: "402", Again: true}},
		{"too fast", "", "", status(429, ""), &sms.Error{Reason: "429", Again: true, After: 90 * time.Second}},
		{"not now", "", "", status(503, ""), &sms.Error{Reason: "503", Again: true, After: 90 * time.Second}},
		{"broken", "", "", status(500, ""), &sms.Error{Reason: "500", Unsure: true}},
		{"broken, known by id", "", "same", status(500, ""), &sms.Error{Reason: "500", Again: true, Unsure: true}},
		{"elsewhere", "", "", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/other", http.StatusTemporaryRedirect)
		}, &sms.Error{Reason: sms.Redirected}},
		{"too large", "", "", status(200, large), &sms.Error{Reason: sms.NoAnswer, Unsure: true}},
		{"too large, known by id", "", "same", status(200, large), &sms.Error{Reason: sms.NoAnswer, Again: true, Unsure: true}},
		{"cut off", "", "", func(w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }, &sms.Error{Reason: sms.NoAnswer, Unsure: true}},
		{"known already", taken, known, status(200, known), nil},
		{"known already, by a status", taken, known, status(409, known), nil},
	} {
		s := smstest.New(t)
		s.Answer(c.answer)
		g, err := sms.New(sms.Options{URL: s.URL, Sender: "Ashar", Taken: c.taken, Known: c.known})
		if err != nil {
			t.Fatal(err)
		}
		err = g.Send(t.Context(), sms.Message{ID: "1", To: "+996555123456", Text: "x"}, yes)
		if c.want == nil {
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		} else if e := (*sms.Error)(nil); !errors.As(err, &e) || *e != *c.want {
			t.Errorf("%s: %+v, want %+v", c.name, err, c.want)
		}
		if n := len(s.Got()); n != 1 {
			t.Errorf("%s: asked %d times", c.name, n)
		}
	}
}

func TestASlowGatewayIsLeftAtItsLimit(t *testing.T) {
	t.Parallel()
	s := smstest.New(t)
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	s.Answer(func(_ http.ResponseWriter, _ *http.Request) { <-stop })
	g, err := sms.New(sms.Options{URL: s.URL, Sender: "Ashar", Limit: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	err = g.Send(t.Context(), sms.Message{ID: "1", To: "+996555123456", Text: "x"}, yes)
	if e := (*sms.Error)(nil); !errors.As(err, &e) || !e.Unsure {
		t.Errorf("%+v", err)
	}
}

func TestNothingLeavesWithoutTheGatewaysCertificate(t *testing.T) {
	t.Parallel()
	s := smstest.NewTLS(t)
	g, err := sms.New(sms.Options{URL: s.URL, Sender: "Ashar"})
	if err != nil {
		t.Fatal(err)
	}
	err = g.Send(t.Context(), sms.Message{ID: "1", To: "+996555123456", Text: "x"}, yes)
	if e := (*sms.Error)(nil); !errors.As(g.Check(t.Context()), &e) || e.Reason != sms.Insecure {
		t.Errorf("looked at: %v", e)
	}
	if e := (*sms.Error)(nil); !errors.As(err, &e) || e.Reason != sms.Insecure || !e.Again || e.Unsure || len(s.Got()) != 0 {
		t.Errorf("%+v, %d came", err, len(s.Got()))
	}
	s.Close()
	err = g.Send(t.Context(), sms.Message{ID: "1", To: "+996555123456", Text: "x"}, yes)
	if e := (*sms.Error)(nil); !errors.As(err, &e) || e.Reason != sms.Unreachable || !e.Again || e.Unsure {
		t.Errorf("nobody there: %+v", err)
	}
}

func TestWhatIsTooLongOrNotReadyIsNotSent(t *testing.T) {
	t.Parallel()
	s := smstest.New(t)
	g, err := sms.New(sms.Options{URL: s.URL, Sender: "Ashar"})
	if err != nil {
		t.Fatal(err)
	}
	err = g.Send(t.Context(), sms.Message{ID: "1", To: "+996555123456", Text: strings.Repeat("ө", 67*sms.MostParts+1)}, yes)
	if e := (*sms.Error)(nil); !errors.As(err, &e) || e.Reason != sms.TooLong || e.Again || e.Unsure {
		t.Errorf("too long: %v", err)
	}
	no := errors.New("no")
	if err := g.Send(t.Context(), sms.Message{ID: "1", To: "+996555123456", Text: "x"}, func(context.Context) error { return no }); !errors.Is(err, no) {
		t.Errorf("not ready: %v", err)
	}
	if n := len(s.Got()); n != 0 {
		t.Errorf("%d came", n)
	}
}

func TestWhatCannotWorkIsNamedWithoutASecret(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		o     sms.Options
		wrong string
	}{
		{sms.Options{URL: "https://gate.example/send", Sender: "A"}, ""},
		{sms.Options{URL: "http://localhost:8080/send", Sender: "A"}, ""},
		{sms.Options{URL: "http://[::1]/send", Sender: "A"}, ""},
		{sms.Options{URL: "https://gate.example/", Body: `{"a":"{id}","t":"{text}","p":"{phone}"}`}, ""},
		{sms.Options{URL: "https://gate.example/", Body: " \n", Sender: "A"}, "ASHAR_SMS_BODY"},
		{sms.Options{URL: "http://gate.example/send", Sender: "A"}, "ASHAR_SMS_URL"},
		{sms.Options{URL: "http://127.0.0.1.example/send", Sender: "A"}, "ASHAR_SMS_URL"},
		{sms.Options{URL: "gate.example", Sender: "A"}, "ASHAR_SMS_URL"},
		{sms.Options{URL: "https://me:hunter2@gate.example/", Sender: "A", Secret: "hunter2"}, "ASHAR_SMS_URL"},
		{sms.Options{URL: "https://me@gate.example/", Sender: "A"}, "ASHAR_SMS_SECRET"},
		{sms.Options{URL: "https://gate.example/", Sender: "A", Secret: "hunter2"}, "ASHAR_SMS_SECRET"},
		{sms.Options{URL: "https://gate.example/", Secret: "hunter2"}, "ASHAR_SMS_SENDER"},
		{sms.Options{URL: "https://gate.example/", Sender: "A", Body: `{"to":"{phone}","text":"{text}","x":"{hunter}"}`}, "ASHAR_SMS_BODY"},
		{sms.Options{URL: "https://gate.example/", Sender: "A", Body: `{"to":"{phone}"}`}, "ASHAR_SMS_BODY"},
		{sms.Options{URL: "https://gate.example/", Sender: "A", Body: `{"to":{phone},"text":{text}}`}, "ASHAR_SMS_BODY"},
		{sms.Options{URL: "https://gate.example/", Sender: "A", Body: `<m><to>{phone}</to><text>{text}</m>`}, "ASHAR_SMS_BODY"},
		{sms.Options{URL: "https://gate.example/", Sender: "A", Body: `{phone} {text}`}, "ASHAR_SMS_BODY"},
		{sms.Options{URL: "https://gate.example/", Sender: "A", Known: "same", Body: `to={phone}&text={text}`}, "ASHAR_SMS_KNOWN"},
		{sms.Options{URL: "https://gate.example/", Sender: "A", Secret: "hunter2\r\nX: y", Header: "Authorization: {secret}"}, "ASHAR_SMS_HEADER"},
		{sms.Options{URL: "https://gate.example/", Sender: "A", Secret: "hunter2", Header: "Bearer {secret}"}, "ASHAR_SMS_HEADER"},
	} {
		_, err := sms.New(c.o)
		if (err == nil) != (c.wrong == "") || err != nil && !strings.HasPrefix(err.Error(), c.wrong+":") {
			t.Errorf("%+v: %v, want %s", c.o, err, c.wrong)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a secret is shown: %v", err)
		}
	}
}
