package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"regexp"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// What the administrator sees of a failed run is a class and a number, so that nothing
// that a server repeats reaches a page.
func TestAFailedRunLeavesItsClassAndTheNumberOfItsIncident(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[0-9a-f]{16}$`)
	each(t, func(t *testing.T, s *storage.Store, _ *storagetest.Clock) {
		wrong := map[string]struct {
			err  error
			want jobs.Class
		}{
			"no answer":       {fmt.Errorf("send: %w", &net.OpError{Op: "dial", Err: errors.New("refused")}), jobs.Unreachable},
			"not now":         {fmt.Errorf("send: %w", &textproto.Error{Code: 451, Msg: "Айгүл later"}), jobs.Unreachable},
			"never":           {fmt.Errorf("send: %w", &textproto.Error{Code: 550, Msg: "Айгүл unknown"}), jobs.Refused},
			"a rule":          {fault.New(fault.Conflict, "fault.conflict"), jobs.Refused},
			"a part is away":  {fault.New(fault.Unavailable, "fault.unavailable"), jobs.Unreachable},
			"too slow":        {fmt.Errorf("draw: %w", context.DeadlineExceeded), jobs.Late},
			"something else":  {errors.New("Айгүл"), jobs.Other},
			"broken database": {nil, jobs.Stored},
			"a panic":         {nil, jobs.Panicked},
		}
		var kinds []jobs.Kind
		for name, c := range wrong {
			kinds = append(kinds, jobs.Kind{Name: name, Do: func(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
				switch name {
				case "a panic":
					panic("Айгүл")
				case "broken database":
					return jobs.GiveUp(store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
						_, err := tx.Exec(ctx, `INSERT INTO job (id, kind, payload, state, run_at, attempts, made_at) SELECT id, kind || 'x', payload, state, run_at, attempts, made_at FROM job`)
						return err
					}))
				}
				return jobs.GiveUp(c.err)
			}, Attempts: 1})
		}
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			for name := range wrong {
				if err := jobs.Enqueue(ctx, tx, jobs.Job{Kind: name, Payload: struct{}{}}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		ended := start(t, s, kinds...)
		for range wrong {
			<-ended
		}
		var list []jobs.Record
		if err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			list, err = jobs.List(ctx, tx, jobs.Filter{State: jobs.Failed})
			return err
		}); err != nil || len(list) != len(wrong) {
			t.Fatalf("%d failed, %v", len(list), err)
		}
		seen := map[string]bool{}
		for _, r := range list {
			if r.Class != wrong[r.Kind].want || !shape.MatchString(r.Incident) || seen[r.Incident] {
				t.Errorf("%s: class %q, incident %q, %s", r.Kind, r.Class, r.Incident, r.LastError)
			}
			seen[r.Incident] = true
		}
	})
}
