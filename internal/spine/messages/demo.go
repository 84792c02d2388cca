package messages

import (
	"net/http"
	"net/url"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/web"
)

// mailbox answers GET /demo/mailbox: what the demo would have sent.
func (s *Service) mailbox(r *web.Request) error {
	list := s.Box.List()
	page := max(1, number(r.URL.Query().Get("page")))
	of := max(1, (len(list)+perPage-1)/perPage)
	page = min(page, of)
	list = list[(page-1)*perPage : min(page*perPage, len(list))]
	return r.Page(http.StatusOK, mailboxView(r, list, page, of))
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
