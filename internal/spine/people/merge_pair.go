package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Keep says what becomes of two records that may be one person's.
type Keep string

// The answers.
const (
	KeepA    Keep = "a"
	KeepB    Keep = "b"
	KeepBoth Keep = "both" // they are two people
)

// AnswerPair is what staff answer to two records that may be one person's.
type AnswerPair struct {
	By       access.Actor
	A, B     storage.ID
	Keep     Keep
	Contacts []storage.ID // of the other record, that come along as typed
}

// AnswerPair makes two records one, or notes that they are two people. Forbidden when one
// of them is out of reach, or holds a role and the asker does not give roles; Invalid when
// the answer is none.
func (s *Service) AnswerPair(ctx context.Context, tx *storage.Tx, cmd AnswerPair) error {
	for _, id := range []storage.ID{cmd.A, cmd.B} {
		p, err := s.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := Reach(cmd.By, "people.merge", p); err != nil {
			return err
		}
		// Roles must not be gained by merging into oneself.
		grants, err := s.Grants(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(grants) > 0 && cmd.Keep != KeepBoth && !Everywhere(cmd.By, "people.roles") {
			return fault.New(fault.Forbidden, "people.fault.merge_staff")
		}
	}
	merge := MergeRecords{By: cmd.By.Person, From: cmd.B, Into: cmd.A, Contacts: cmd.Contacts}
	switch cmd.Keep {
	case KeepA:
		return s.Merge(ctx, tx, merge)
	case KeepB:
		merge.From, merge.Into = cmd.A, cmd.B
		return s.Merge(ctx, tx, merge)
	case KeepBoth:
		return s.KeepApart(ctx, tx, cmd.By.Person, cmd.A, cmd.B)
	}
	return fault.At("keep", "fault.not_a_choice")
}
