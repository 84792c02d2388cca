package people_test

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// Links that a stranger may have been shown end with her first proof and when she joins her
// records; those that only take something away, and those that lead on from letters, stay.
func TestLinksThatOpenNothingOutliveAFirstProofAndAMerge(t *testing.T) {
	scenes(t, func(s *scene) {
		ways := map[string]func(p people.Person){
			"a first proof": func(p people.Person) {
				if err := s.prove(p.ID, p.Email, access.Actor{}); err != nil {
					s.t.Fatal(err)
				}
			},
			"a merge of her own": func(p people.Person) {
				into := s.register(people.Details{FullName: "Асан", Email: "into@mail.kg"})
				s.must(func(ctx context.Context, tx *storage.Tx) error {
					return s.svc.Merge(ctx, tx, people.MergeRecords{By: into.ID, From: p.ID, Into: into.ID, Own: true})
				})
			},
		}
		for way, end := range ways {
			p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
			tokens := map[string]string{}
			for _, purpose := range []string{"newsroom/leave", "messages.open", "seminars.application", "newsroom/confirm"} {
				tokens[purpose] = s.newLink(people.Link{Person: p.ID, Purpose: purpose})
			}
			end(p)
			for purpose, token := range tokens {
				err := s.do(func(ctx context.Context, tx *storage.Tx) error {
					_, err := s.svc.PeekLink(ctx, tx, token, purpose)
					return err
				})
				if stays := purpose == "newsroom/leave" || purpose == "messages.open"; stays != (err == nil) || !stays && !fault.Is(err, fault.NotFound) {
					s.t.Errorf("%s after %s: %v", purpose, way, err)
				}
			}
		}
	})
}
