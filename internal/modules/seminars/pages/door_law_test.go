package pages

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// deskOf is somebody of the staff at both doors.
func deskOf(g gate) door.UploadScans {
	by := storage.RandomID(start)
	return door.UploadScans{
		Keeper: door.Keeper{Device: seats.StaffDevice(by), By: by},
		Actor:  access.Actor{Person: by, Grants: []access.Grant{{Role: access.FrontDesk}}, Table: g.m.Manifest().Permissions},
	}
}

func uploadAs(t testing.TB, m *Module, who door.UploadScans, scans ...door.Scan) (out []door.Outcome, err error) {
	who.Scans = scans
	err = m.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = m.UploadScans(ctx, tx, who)
		return err
	})
	return out, err
}

// told is a scan and what the door answered when it came first.
type told struct {
	device string
	scan   door.Scan
	door.Outcome
}

func (v told) counts() bool {
	return v.Result == "accepted" || v.Result == "already_in" || v.Reason == "undo_first"
}

// peopleIn works out of the answers alone who came when, and who is inside: the
// law of docs/check-in.md, written once more without the database.
func peopleIn(answers []told) (first map[storage.ID]time.Time, inside map[storage.ID]bool) {
	marks := map[storage.ID][]told{}
	for _, v := range answers {
		if v.scan.Kind == "undo" || !v.counts() {
			continue
		}
		undone := slices.ContainsFunc(answers, func(u told) bool {
			after := u.scan.At.Sub(v.scan.At)
			return u.scan.Kind == "undo" && u.counts() && u.device == v.device && u.scan.Code == v.scan.Nonce && u.scan.Event == v.scan.Event &&
				after >= 0 && after <= 15*time.Minute
		})
		if !undone {
			marks[v.Application] = append(marks[v.Application], v)
		}
	}
	first, inside = map[storage.ID]time.Time{}, map[storage.ID]bool{}
	for app, list := range marks {
		slices.SortFunc(list, func(x, y told) int {
			return cmp.Or(x.scan.At.Compare(y.scan.At), cmp.Compare(x.device, y.device), cmp.Compare(x.scan.Nonce, y.scan.Nonce))
		})
		for _, v := range list {
			if inside[app] = v.scan.Kind == "in"; inside[app] && first[app].IsZero() {
				first[app] = v.scan.At
			}
		}
		inside[app] = inside[app] && !first[app].IsZero()
	}
	return first, inside
}

// Any scans of a phone and of a desk at two doors, entries, exits and undos, with
// foreign events, unknown and forged codes, tickets that were taken back, clocks that
// are ahead; in any order, batches and repetitions, while time goes on: what was
// answered is what is kept, and who is in is who was answered to be.
func TestWhateverTheDoorAnswersIsWhatIsKept(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		rapid.Check(t, func(rt *rapid.T) {
			c.Set(start)
			const guests = 3
			g := openGateOf(t, store, c, guests)
			m, a := g.m, g.osh
			desk := deskOf(g)
			phone := storage.RandomID(start)
			keepers := map[string]door.UploadScans{"desk": desk, "phone": {Keeper: door.Keeper{Device: phone.String(), Phone: phone, Activity: a.ID}}}
			// The last guest has no seat any more, and her ticket was taken back.
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				_, err := m.Move(ctx, tx, g.apps[guests-1], seats.Withdrawn, g.apps[guests-1].Person, "test")
				return err
			})
			codes := append(slices.Clone(g.codes), "2222-2222", seats.Pass{Serial: 5}.Sign(testKey), "\x00?", strings.Repeat("A", 600))

			c.Set(a.Starts)
			nonce := rapid.Custom(func(rt *rapid.T) string { return fmt.Sprintf("nonce-%03d", rapid.IntRange(0, 9).Draw(rt, "nonce")) })
			one := rapid.Custom(func(rt *rapid.T) door.Scan {
				s := door.Scan{
					Nonce: nonce.Draw(rt, "of"),
					Kind:  rapid.SampledFrom([]string{"in", "in", "out", "undo", "undo", "through"}).Draw(rt, "kind"),
					Event: rapid.SampledFrom([]string{"osh", "osh", "osh", "osh", "naryn", "batken", ""}).Draw(rt, "event"),
					At:    a.Starts.Add(time.Duration(rapid.IntRange(-5, 60).Draw(rt, "minute")) * time.Minute),
					Code:  rapid.SampledFrom(codes).Draw(rt, "code"),
				}
				if s.Kind == "undo" {
					s.Code = rapid.OneOf(nonce, nonce, nonce, rapid.Just("x")).Draw(rt, "undoes")
				}
				return s
			})
			sent := map[string][]door.Scan{}
			answered := map[string]told{}
			for range rapid.IntRange(1, 8).Draw(rt, "batches") {
				c.Set(c.Now().Add(time.Duration(rapid.IntRange(0, 15).Draw(rt, "later")) * time.Minute))
				name := rapid.SampledFrom([]string{"desk", "phone"}).Draw(rt, "who")
				who := keepers[name]
				batch := rapid.SliceOfN(one, 1, 8).Draw(rt, "scans")
				if len(sent[name]) > 0 && rapid.Bool().Draw(rt, "again") { // its answer was lost
					batch = append(batch, rapid.SampledFrom(sent[name]).Draw(rt, "which"))
				}
				sent[name] = append(sent[name], batch...)
				out, err := uploadAs(t, m, who, batch...)
				if err != nil {
					// Who stands at none of the doors named is told so, and nothing is kept.
					if slices.ContainsFunc(batch, func(s door.Scan) bool { return s.Event == "osh" || s.Event == "naryn" }) || name == "phone" {
						rt.Fatal(err)
					}
					continue
				}
				for i, v := range out {
					s := batch[i]
					key := who.Keeper.Device + " " + s.Nonce
					was, known := answered[key]
					switch {
					case v.Nonce != s.Nonce:
						rt.Fatalf("the answer to %q stands in the place of %q", v.Nonce, s.Nonce)
					case v.Reason == "malformed":
						if s.Kind != "through" && len(s.Code) <= door.LongestCode {
							rt.Fatalf("%+v is malformed", s)
						}
					case known:
						if v.Result != "duplicate" || v.Reason != cmp.Or(was.Reason, was.Result) {
							rt.Fatalf("answered %s %s, then %s %s", was.Result, was.Reason, v.Result, v.Reason)
						}
					default:
						wrong := s.Event == "batken" || s.Event == "" || name == "phone" && s.Event == "naryn"
						future := s.At.After(c.Now().Add(10 * time.Minute))
						if wrong != (v.Reason == "wrong_event") && (wrong || s.Kind != "undo" && s.Event == "osh") || !wrong && future != (v.Reason == "future") {
							rt.Fatalf("%+v at %s: %+v", s, c.Now(), v)
						}
						answered[key] = told{who.Keeper.Device, s, v}
					}
				}
			}

			type row struct{ key, result string }
			rows := map[string]string{}
			at := map[storage.ID]seats.Attendance{}
			states := map[storage.ID]seats.State{}
			var counted seats.DoorCount
			var facts int
			if err := store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				list, err := storage.All(ctx, tx, func(s storage.Scanner) (r row, err error) {
					var device, nonce, reason string
					err = s.Scan(&device, &nonce, &r.result, &reason)
					return row{device + " " + nonce, r.result + " " + reason}, err
				}, `SELECT device, nonce, result, reason FROM scan WHERE device IN ($1, $2)`, desk.Keeper.Device, phone.String())
				if err != nil {
					return err
				}
				for _, r := range list {
					rows[r.key] = r.result
				}
				for _, app := range g.apps {
					now, err := seats.ApplicationByID(ctx, tx, app.ID)
					if err != nil {
						return err
					}
					states[app.ID] = now.State
					if at[app.ID], err = seats.AttendanceOf(ctx, tx, app.ID); err != nil && !errors.Is(err, sql.ErrNoRows) {
						return err
					}
				}
				if counted, err = seats.DoorCountOf(ctx, tx, a); err != nil {
					return err
				}
				return tx.QueryRow(ctx, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE activity_id = $1 AND kind = 'seminars.attended'`, a.ID).Scan(&facts)
			}); err != nil {
				rt.Fatal(err)
			}
			for key, v := range answered {
				if rows[key] != v.Result+" "+v.Reason {
					rt.Errorf("answered %s %s, kept %q of %+v", v.Result, v.Reason, rows[key], v.scan)
				}
			}
			if len(rows) != len(answered) {
				rt.Errorf("%d answered, %d kept", len(answered), len(rows))
			}

			first, inside := peopleIn(slices.Collect(maps.Values(answered)))
			in := 0
			for i, app := range g.apps {
				got, state := at[app.ID], states[app.ID]
				if got.FirstIn != storage.Micros(first[app.ID]) || got.FirstIn != 0 && got.Inside != inside[app.ID] || (state == seats.Attended) != !first[app.ID].IsZero() {
					rt.Errorf("guest %d is %s, came %s inside %v; by the answers %s inside %v",
						i, state, storage.Instant(got.FirstIn), got.Inside, first[app.ID], inside[app.ID])
				}
				if inside[app.ID] {
					in++
				}
			}
			if counted.Came != len(first) || counted.Inside != in || facts != len(first) {
				rt.Errorf("the door counts %d who came, %d inside, %d facts; by the answers %d and %d", counted.Came, counted.Inside, facts, len(first), in)
			}
		})
	})
}
