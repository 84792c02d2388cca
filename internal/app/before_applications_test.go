package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/programme"
)

// applicationsAreKept reads every application as its coordinator does.
func applicationsAreKept(t *testing.T, b before) {
	staff := access.Actor{Person: b.saved.person(t, "coordinator").ID, Grants: []access.Grant{{Role: access.Coordinator}}, Table: b.table}
	type place struct {
		person   storage.ID
		activity string
	}
	want := map[place]savedApplication{}
	for _, p := range b.saved.People {
		for _, a := range p.Applications {
			want[place{p.ID, a.Activity}] = a
		}
	}
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		left := maps.Clone(want)
		for _, states := range b.saved.Applications {
			activity, err := programme.BySlug(ctx, tx, states.Activity)
			if err != nil {
				return err
			}
			list, err := b.rooms.seminars.Applicants(ctx, tx, staff, activity)
			if err != nil {
				return err
			}
			for _, a := range list {
				at := place{a.Person, activity.Slug}
				saved, known := want[at]
				if !known {
					continue // of somebody who was erased
				}
				delete(left, at)
				have, err := readApplication(ctx, tx, b, a)
				if err != nil {
					return err
				}
				have.Activity = activity.Slug
				if !reflect.DeepEqual(have, saved) {
					t.Errorf("%s, %s: the application is\n%+v, was\n%+v", activity.Slug, a.Details.FullName, have, saved)
				}
			}
		}
		for at := range left {
			t.Errorf("the application of %s to %s is lost", at.person, at.activity)
		}
		return nil
	})
}

// readApplication gives an application as the manifest writes it.
func readApplication(ctx context.Context, tx *storage.Tx, b before, a seats.Applicant) (out savedApplication, err error) {
	out.State, out.Extra = string(a.State), a.Extra
	if len(a.Answers) > 0 {
		plain, err := b.People().Unseal(ctx, tx, a.Person, a.Answers)
		if err != nil {
			return out, err
		}
		var given forms.Answers
		if err := json.Unmarshal(plain, &given); err != nil {
			return out, err
		}
		out.Answers = given.Values
		for question, f := range given.Files {
			if out.Files == nil {
				out.Files = map[string]string{}
			}
			sum := sha256.Sum256(f.Data)
			out.Files[question] = hex.EncodeToString(sum[:])
		}
	}
	out.Moves, err = storage.All(ctx, tx, func(row storage.Scanner) (string, error) {
		var from, to, why string
		var at int64
		err := row.Scan(&at, &from, &to, &why)
		return storage.Instant(at).Format(time.RFC3339) + " " + from + " > " + to + ": " + why, err
	}, `SELECT at, from_state, to_state, why FROM application_move WHERE application_id = $1`, a.ID)
	if err != nil {
		return out, err
	}
	slices.Sort(out.Moves)
	out.Tickets, err = storage.All(ctx, tx, func(row storage.Scanner) (savedTicket, error) {
		var serial, revoked int64
		err := row.Scan(&serial, &revoked)
		return savedTicket{seats.Serial(serial).Code(), revoked != 0}, err
	}, `SELECT serial, revoked_at FROM ticket WHERE application_id = $1 ORDER BY made_at, id`, a.ID)
	return out, err
}

// statesAreKept counts also the applications of the erased, which are shells; how many
// of each state are theirs the manifest tells in OfErased.
func statesAreKept(t *testing.T, b before) {
	for _, want := range b.saved.Applications {
		have := b.counts(t, `SELECT p.state, COUNT(*)
			FROM application AS p JOIN activity AS a ON a.id = p.activity_id
			WHERE a.slug = $1
			GROUP BY p.state`, want.Activity)
		shells := b.counts(t, `SELECT p.state, COUNT(*)
			FROM application_shell AS p JOIN activity AS a ON a.id = p.activity_id
			WHERE a.slug = $1
			GROUP BY p.state`, want.Activity)
		if len(shells) != len(want.OfErased) {
			t.Errorf("%s has shells %v, want %v", want.Activity, shells, want.OfErased)
		}
		for state, n := range shells {
			if n != want.OfErased[state] {
				t.Errorf("%s has shells %v, want %v", want.Activity, shells, want.OfErased)
			}
			have[state] += n
		}
		if !maps.Equal(have, want.States) {
			t.Errorf("%s has applications %v, want %v", want.Activity, have, want.States)
		}
		places := b.counts(t, `SELECT a.slug, s.taken
			FROM seminar AS s JOIN activity AS a ON a.id = s.activity_id
			WHERE a.slug = $1`, want.Activity)
		if places[want.Activity] != want.Seats {
			t.Errorf("%s has given out %d seats, want %d", want.Activity, places[want.Activity], want.Seats)
		}
	}
	have := b.counts(t, `SELECT result, COUNT(*) FROM scan GROUP BY result`)
	have["accepted"] += int(b.saved.OfErased["scan"])
	if !maps.Equal(have, b.saved.Scans) {
		t.Errorf("the door has seen %v, want %v", have, b.saved.Scans)
	}
}
