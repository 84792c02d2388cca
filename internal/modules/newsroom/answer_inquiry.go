package newsroom

import (
	"context"
	"strconv"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// AnswerInquiry sends words to who asked.
type AnswerInquiry struct {
	Actor   access.Actor
	Inquiry storage.ID
	Version int64 // the one that she saw
	Words   string
}

// AnswerInquiry keeps the answer and sends it; a later answer is possible, also to what
// was closed. Forbidden, NotFound; Invalid without words, or where no letter can go:
// "words"; Conflict when somebody else has taken, answered or closed it since she saw it.
func (m *Module) AnswerInquiry(ctx context.Context, tx *storage.Tx, cmd AnswerInquiry) (Inquiry, error) {
	q, err := m.seenInquiry(ctx, tx, cmd.Actor, cmd.Inquiry, cmd.Version)
	if err != nil {
		return q, err
	}
	var form fault.Form
	words := wordsOf(&form, "words", cmd.Words, mostAnswer, "newsroom.fault.answer_words")
	if err := form.Err(); err != nil {
		return q, err
	}
	p, err := m.People.ByID(ctx, tx, q.Person)
	if err != nil {
		return q, err
	}
	if !q.Own && p.Email == "" { // there is nothing but a telephone
		return q, fault.At("words", "newsroom.fault.answer_phone")
	}
	if err := m.end(ctx, tx, &q, InquiryAnswered, cmd.Actor.Person); err != nil {
		return q, err
	}
	if err := m.keepStep(ctx, tx, q, string(InquiryAnswered), cmd.Actor.Person, words); err != nil {
		return q, err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: q.Person, Action: "newsroom.audit.answered"}); err != nil || m.Messages == nil {
		return q, err
	}
	letter := q.letter(p, AnswerNotice, map[string]any{"words": words})
	letter.Key += "/" + strconv.FormatInt(q.Version, 10) // a later answer is another letter
	return q, m.Messages.Send(ctx, tx, letter)
}

// end moves an inquiry to where nobody waits any more; 180 days later it is removed.
func (m *Module) end(ctx context.Context, tx *storage.Tx, q *Inquiry, to InquiryState, by storage.ID) error {
	q.State, q.By, q.Ended = to, by, tx.Now
	if err := q.move(ctx, tx); err != nil {
		return err
	}
	return planForget(ctx, tx, tx.Now.Add(inquiryKept))
}
