package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// CloseInquiry ends an inquiry without a letter: it needs none, or she was called.
type CloseInquiry struct {
	Actor   access.Actor
	Inquiry storage.ID
	Version int64 // the one that she saw
	Called  bool  // she was called; the words say what was said
	Words   string
}

// CloseInquiry is the use case. Forbidden, NotFound; Invalid without words; Conflict when
// somebody else has taken, answered or closed it since she saw it, or when it has ended.
func (m *Module) CloseInquiry(ctx context.Context, tx *storage.Tx, cmd CloseInquiry) (Inquiry, error) {
	q, err := m.seenInquiry(ctx, tx, cmd.Actor, cmd.Inquiry, cmd.Version)
	if err != nil {
		return q, err
	}
	field, kind := "reason", string(InquiryClosed)
	if cmd.Called {
		field, kind = "said", Called
	}
	var form fault.Form
	words := wordsOf(&form, field, cmd.Words, mostWords, "newsroom.fault.inquiry_reason")
	if err := form.Err(); err != nil {
		return q, err
	}
	if !q.Open() {
		return q, moved()
	}
	if err := m.end(ctx, tx, &q, InquiryClosed, cmd.Actor.Person); err != nil {
		return q, err
	}
	if err := m.keepStep(ctx, tx, q, kind, cmd.Actor.Person, words); err != nil {
		return q, err
	}
	return q, audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: q.Person, Action: "newsroom.audit.closed"})
}
