package pages

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/conflicts"
	"platforma.kg/ashar/internal/modules/seminars/door"
)

// compareConflicts holds what stands as conflicts against what the phones answered, the house
// answered, and when: each difference, each double and each who had withdrawn and came stands
// there, and nothing else. first is who came, by the answers of the house.
func compareConflicts(rt *rapid.T, t testing.TB, g gate, phones []*deskPhone, guests map[string]storage.ID, first map[storage.ID]time.Time, gone map[storage.ID]time.Time) {
	names := map[storage.ID]string{}
	got := map[string]bool{}
	received := map[string]time.Time{}
	if err := g.m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
			var id storage.ID
			var device, nonce string
			var at int64
			err := row.Scan(&id, &device, &nonce, &at)
			names[id], received[device+nonce] = device+nonce, storage.Instant(at)
			return struct{}{}, err
		}, `SELECT id, device, nonce, received_at FROM scan`)
		if err != nil {
			return err
		}
		list, err := conflicts.New(g.m.Service).All(ctx, tx, g.osh)
		for _, c := range list.Conflicts {
			said := fmt.Sprintf("%s %s", c.Kind, c.Application)
			if c.Kind == conflicts.Double {
				said += " " + names[c.Subject]
			}
			if got[said] && c.Kind != conflicts.Undo { // each entry of hers may have its own
				rt.Errorf("%s stands twice", said)
			}
			got[said] = true
		}
		return err
	}); err != nil {
		rt.Fatal(err)
	}

	want := map[string]bool{}
	type one struct {
		told
		shown    bool // the phone let her in, or took it back
		received time.Time
	}
	of := map[storage.ID][]one{}
	inTime := func(in, undo time.Time) bool { return !undo.Before(in) && undo.Sub(in) <= 15*time.Minute }
	for _, p := range phones {
		device := p.who.Keeper.Device
		byNonce := map[string]one{}
		for i, r := range p.ledger {
			byNonce[r.Nonce] = one{told{device, p.kept[i], p.told[r.Nonce].Outcome}, r.Counts, received[device+r.Nonce]}
		}
		undone := func(in one, is func(one) bool) bool {
			for _, u := range byNonce {
				if u.scan.Kind == "undo" && u.scan.Code == in.scan.Nonce && inTime(in.scan.At, u.scan.At) && is(u) {
					return true
				}
			}
			return false
		}
		byHouse := func(u one) bool { return u.counts() }
		for _, r := range p.ledger {
			s := byNonce[r.Nonce]
			app := guests[device+r.Of]
			if s.scan.Kind == "undo" {
				in, is := byNonce[s.scan.Code]
				if !is || in.scan.Kind != "in" || !in.counts() || undone(in, byHouse) {
					if is && s.shown && in.scan.Kind == "in" && in.counts() && !undone(in, byHouse) {
						rt.Errorf("an undo of the phone is lost")
					}
					continue
				}
				app = guests[device+in.record(p).Of]
				if s.Reason == "too_late" || s.Reason == "future" {
					want[fmt.Sprintf("undo %s", app)] = true
				} else if s.shown {
					rt.Errorf("the phone took an entry back, the house did not, and says %s %s", s.Result, s.Reason)
				}
				continue
			}
			if s.counts() && !undone(s, byHouse) {
				of[app] = append(of[app], s)
			}
			late := s.received.Sub(s.scan.At) > 10*time.Second || s.Reason == "future"
			any := func(one) bool { return true }
			_, attended := first[app]
			if s.scan.Kind == "in" && s.Result == "refused" && late && !attended && !undone(s, any) {
				want[fmt.Sprintf("refused %s", app)] = true
			} else if s.scan.Kind == "in" && s.shown && !s.counts() && late && !attended && !undone(s, func(u one) bool { return u.shown }) && !undone(s, any) {
				rt.Errorf("the phone let her in, the house did not, and says %s %s", s.Result, s.Reason)
			}
		}
	}
	for app := range first {
		if !gone[app].IsZero() {
			want[fmt.Sprintf("withdrew %s", app)] = true
		}
	}
	for app, list := range of {
		slices.SortFunc(list, func(a, b one) int {
			return cmp.Or(a.scan.At.Compare(b.scan.At), cmp.Compare(a.device, b.device), cmp.Compare(a.scan.Nonce, b.scan.Nonce))
		})
		within := map[string]bool{}
		for _, s := range list {
			if s.scan.Kind == "out" {
				clear(within)
				continue
			}
			told := s.Result == "already_in" && s.received.Sub(s.scan.At) <= 10*time.Second
			if len(within) > 0 && !within[s.device] && !told {
				want[fmt.Sprintf("double %s %s", app, s.device+s.scan.Nonce)] = true
			}
			within[s.device] = true
		}
	}
	if !maps.Equal(got, want) {
		rt.Errorf("conflicts:\n%v\nwant\n%v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
}

// record is what the ledger of a phone holds of a scan.
func (v told) record(p *deskPhone) door.Record {
	return p.ledger[slices.IndexFunc(p.ledger, func(r door.Record) bool { return r.Nonce == v.scan.Nonce })]
}
