package messages

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/phone"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/web"
)

// mailbox answers GET /demo/mailbox: what the demo would have sent.
func (s *Service) mailbox(r *web.Request) error {
	list := s.Box.List()
	page := max(1, number(r.URL.Query().Get("page")))
	of := max(1, (len(list)+perPage-1)/perPage)
	page = min(page, of)
	list = list[(page-1)*perPage : min(page*perPage, len(list))]
	return r.Page(http.StatusOK, mailboxView(r, list, page, of, s.textsKept(page)))
}

// textKept is a text message in the box of the demo.
type textKept struct {
	To, Words, Link string
	Parts           int
	At              time.Time
}

// textsKept are the latest text messages, on the first page of the mailbox.
func (s *Service) textsKept(page int) (out []textKept) {
	if s.Texts == nil || page > 1 {
		return nil
	}
	list := s.Texts.List()
	for _, k := range list[:min(len(list), perPage)] {
		t := textKept{To: phone.Display(k.To), Words: k.Text, Parts: sms.Count(k.Text).Parts, At: k.At}
		if at := strings.LastIndexByte(k.Text, ' '); isAddress(k.Text[at+1:]) {
			t.Words, t.Link = k.Text[:max(at, 0)], k.Text[at+1:]
		}
		out = append(out, t)
	}
	return out
}

// mailboxLetter answers GET /demo/mailbox/{id}.
func (s *Service) mailboxLetter(r *web.Request) error {
	m, ok := s.Box.Find(r.PathValue("id"))
	if !ok {
		return fault.New(fault.NotFound, "messages.fault.unknown")
	}
	return r.Page(http.StatusOK, mailboxLetterView(r, m, pieces(m)))
}

// piece is a line of a letter; a link when it is an address.
type piece struct {
	Text string
	Link bool
}

// pieces splits the text so that its addresses can be followed.
func pieces(m mail.Message) []piece {
	var out []piece
	for _, line := range splitLines(m.Text) {
		out = append(out, piece{line, isAddress(line)})
	}
	return out
}

func splitLines(s string) []string { return strings.Split(strings.TrimRight(s, "\n"), "\n") }

func isAddress(line string) bool {
	u, err := url.Parse(line)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
