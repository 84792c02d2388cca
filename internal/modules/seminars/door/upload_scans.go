package door

import (
	"context"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// UploadScans is a batch of scans that a phone or somebody of the staff sends,
// perhaps of several doors.
type UploadScans struct {
	Keeper Keeper
	Actor  access.Actor // who the keeper is, of an enrolled phone nobody
	Scans  []Scan
	// Events are those that the whole batch names, where it comes in portions, or of them
	// KnownEvents: which doors are the keeper's is judged by all of them. Nil: those of Scans.
	Events []string
	Given  bool // another has brought them for the device (TakeGiven)
}

// Portion is how many scans one transaction takes. Others at the door, and all who write,
// come between two of them; a thousand in one piece would keep them out for seconds.
const Portion = 100

// Events are what scans name, each once, in their order.
func Events(scans []Scan) (out []string) {
	seen := map[string]bool{}
	for _, s := range scans {
		if !seen[s.Event] {
			seen[s.Event] = true
			out = append(out, s.Event)
		}
	}
	return out
}

// KnownEvents are those of the events that a batch names at whose doors the keeper stands.
// Whoever sends it in portions asks once: a batch may name as many events as it has scans.
//
// Faults: NotFound or Forbidden when the keeper stands at none of the doors.
func (m *Desk) KnownEvents(ctx context.Context, tx *storage.Tx, cmd UploadScans) (names []string, err error) {
	doors, err := m.doors(ctx, tx, cmd)
	for _, a := range doors {
		names = append(names, a.Slug)
	}
	return names, err
}

// UploadScans takes each scan at the door that it names, with a result for each,
// in their order. What belongs to no door of the keeper's is refused, and kept, at
// the first: one bad scan keeps nobody else out.
//
// Faults: NotFound or Forbidden when the keeper stands at none of the doors.
func (m *Desk) UploadScans(ctx context.Context, tx *storage.Tx, cmd UploadScans) ([]Outcome, error) {
	out := make([]Outcome, len(cmd.Scans))
	if len(cmd.Scans) == 0 {
		return out, nil
	}
	doors, err := m.doors(ctx, tx, cmd)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, a := range doors {
		at[a.Slug] = i
	}
	rest := make([]int, len(cmd.Scans))
	for i := range rest {
		rest[i] = i
	}
	for len(rest) > 0 {
		places := make([][]int, len(doors))
		first := map[string]int{} // door of each nonce, -1 where the rest of it waits for its turn
		var later []int
		for _, i := range rest {
			s := cmd.Scans[i]
			door := at[s.Event] // of what is for none of them, the first
			if d, known := first[s.Nonce]; known && d != door {
				first[s.Nonce] = -1 // of two with one nonce the first is the scan, at whatever door
				later = append(later, i)
				continue
			}
			first[s.Nonce] = door
			places[door] = append(places[door], i)
		}
		rest = later
		for door, a := range doors {
			batch := CheckIn{Device: cmd.Keeper.Device, Activity: a.ID, By: cmd.Keeper.By, Given: cmd.Given}
			for _, i := range places[door] {
				batch.Scans = append(batch.Scans, cmd.Scans[i])
			}
			if len(batch.Scans) == 0 {
				continue
			}
			results, err := m.CheckIn(ctx, tx, batch)
			if err != nil {
				return nil, err
			}
			for n, i := range places[door] {
				out[i] = results[n]
			}
		}
	}
	return out, nil
}

// doors gives the activities of a batch at whose doors the keeper stands, in
// the order in which the scans name them; the fault of the first when it is none.
func (m *Desk) doors(ctx context.Context, tx *storage.Tx, cmd UploadScans) (list []seats.Activity, err error) {
	if k := cmd.Keeper; !k.Activity.IsZero() {
		a, err := m.ActivityByID(ctx, tx, k.Activity)
		return []seats.Activity{a}, err
	}
	named := cmd.Events
	if named == nil {
		named = Events(cmd.Scans)
	}
	for _, event := range named {
		var a seats.Activity
		refused := error(fault.New(fault.NotFound, "seminars.fault.activity"))
		if !strings.ContainsRune(event, 0) { // which PostgreSQL takes for no text
			a, refused = m.Schedule().BySlug(ctx, tx, event)
		}
		if refused == nil {
			refused = cmd.Keeper.Stands(ctx, tx, cmd.Actor, a)
		}
		switch {
		case refused == nil:
			list = append(list, a)
		case fault.Of(refused) == nil:
			return nil, refused
		case err == nil:
			err = refused
		}
	}
	if len(list) > 0 {
		err = nil
	}
	return list, err
}
