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
// of them is out of reach, or holds a role and the asker does not give roles; Conflict when
// both are one already; Invalid when the answer is none.
func (s *Service) AnswerPair(ctx context.Context, tx *storage.Tx, cmd AnswerPair) error {
	a, b, err := s.holdBoth(ctx, tx, cmd.A, cmd.B)
	if err != nil {
		return err
	}
	if cmd.Keep == KeepBoth {
		if err := reachBoth(cmd.By, a, b); err != nil {
			return err
		}
		return s.KeepApart(ctx, tx, cmd.By.Person, a.ID, b.ID)
	}
	if err := s.MayMerge(ctx, tx, cmd.By, a, b); err != nil {
		return err
	}
	merge := MergeRecords{By: cmd.By.Person, From: b.ID, Into: a.ID, Contacts: cmd.Contacts}
	switch cmd.Keep {
	case KeepA:
		return s.Merge(ctx, tx, merge)
	case KeepB:
		merge.From, merge.Into = a.ID, b.ID
		return s.Merge(ctx, tx, merge)
	}
	return fault.At("keep", "fault.not_a_choice")
}

// AskAgain takes back that two records are two people's: they are proposed as one person's again.
// Forbidden when one of them is out of reach; Conflict when both are one already.
func (s *Service) AskAgain(ctx context.Context, tx *storage.Tx, by access.Actor, one, other storage.ID) error {
	a, b, err := s.holdBoth(ctx, tx, one, other)
	if err != nil {
		return err
	}
	if err := reachBoth(by, a, b); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM person_distinct WHERE first_id = $1 AND second_id = $2 OR first_id = $2 AND second_id = $1`, a.ID, b.ID)
	return err
}

func reachBoth(by access.Actor, a, b Person) error {
	if err := Reach(by, "people.merge", a); err != nil {
		return err
	}
	return Reach(by, "people.merge", b)
}

// MayMerge refuses who may not make two records one: both must be in reach, and roles must
// not be gained by merging into oneself.
func (s *Service) MayMerge(ctx context.Context, tx *storage.Tx, by access.Actor, a, b Person) error {
	if err := reachBoth(by, a, b); err != nil {
		return err
	}
	for _, p := range []Person{a, b} {
		holds, err := s.holdsRole(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if holds && !Everywhere(by, "people.roles") {
			return fault.New(fault.Forbidden, "people.fault.merge_staff")
		}
	}
	return nil
}
