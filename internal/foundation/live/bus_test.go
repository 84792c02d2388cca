package live_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"platforma.kg/ashar/internal/foundation/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T) *live.Bus {
	t.Helper()
	b, err := live.Open(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

func TestEveryListenerOfASubjectHearsTheNewsAndNobodyElse(t *testing.T) {
	b := open(t)
	first, cancelFirst := b.Subscribe("seminar.osh")
	second, cancelSecond := b.Subscribe("seminar.osh")
	other, cancelOther := b.Subscribe("seminar.naryn")
	defer cancelFirst()
	defer cancelSecond()
	defer cancelOther()
	if err := b.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
	b.Publish("seminar.osh", []byte("applied"))
	b.Publish("seminar.naryn", []byte("done"))
	for _, c := range []<-chan []byte{first, second} {
		if got := string(<-c); got != "applied" {
			t.Errorf("heard %q", got)
		}
	}
	if got := string(<-other); got != "done" {
		t.Errorf("another subject heard %q first", got)
	}
}

func TestASubjectWithWildcardsListensToNobodyElse(t *testing.T) {
	b := open(t)
	all, cancel := b.Subscribe("seminar.>")
	defer cancel()
	exact, cancelExact := b.Subscribe("seminar.osh")
	defer cancelExact()
	if err := b.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
	b.Publish("seminar.osh", []byte("applied"))
	<-exact
	select {
	case got := <-all:
		t.Errorf("a wildcard listener heard %q", got)
	default:
	}
}

func TestANilBusIsSilent(t *testing.T) {
	var b *live.Bus
	b.Publish("x", nil)
	_, cancel := b.Subscribe("x")
	cancel()
	b.Close()
	if b.Ready() == nil {
		t.Error("a nil bus calls itself ready")
	}
}

func TestABrowserReceivesEventsAndCannotBeSentASecondLine(t *testing.T) {
	b := open(t)
	done := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = b.Serve(w, r, "seminar.osh", done, func() bool { return true })
	}))
	defer s.Close()
	defer close(done)
	res, err := s.Client().Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("content type %q", got)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Scan() // retry: the stream is open, so the subscription stands
	if err := b.Flush(context.Background()); err != nil {
		t.Fatal(err)
	}
	b.Publish("seminar.osh", []byte("one\nevent: forged"))
	for lines.Scan() {
		if text := lines.Text(); strings.HasPrefix(text, "data:") {
			if text != "data: one event: forged" {
				t.Errorf("received %q", text)
			}
			return
		}
	}
	t.Error("the stream ended without the event")
}
