package seats

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unique"

	"platforma.kg/ashar/internal/foundation/storage"
)

// index holds all applications in memory, by what the list of all of them is narrowed and
// sorted: ids, states and times, no names. It is read whole once, and before each answer
// what has changed since; it is let go after an hour in which nobody asked.
//
// What it says is only the order and the counts: whoever is shown is read anew.
type index struct {
	mu     sync.Mutex
	byID   map[storage.ID]*indexed // nil: not read yet
	byMade []*indexed              // the last first; nil: to be made of byID
	seen   int64                   // the latest change that is known
	timer  *time.Timer
}

// indexed is an application as the index knows it; never changed once it is made.
type indexed struct {
	id, activity, person storage.ID
	state                State
	reconfirm            string
	made, changed        int64
}

const (
	indexKept = time.Hour
	// late is how much earlier than its commit a change may be dated: as long as the longest
	// transaction, and a little.
	late = 11 * time.Minute
)

const indexedRows = `SELECT id, activity_id, person_id, state, reconfirm, made_at, changed_at FROM application`

func scanIndexed(row storage.Scanner) (*indexed, error) {
	x := &indexed{}
	var state, reconfirm string
	err := row.Scan(&x.id, &x.activity, &x.person, &state, &reconfirm, &x.made, &x.changed)
	// There are few of both, so that fifty thousand rows share their texts.
	x.state, x.reconfirm = State(unique.Make(state).Value()), unique.Make(reconfirm).Value()
	return x, err
}

// all gives all applications as they are now, the last first. The slice is never changed.
func (x *index) all(ctx context.Context, store *storage.Store) ([]*indexed, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.renew(ctx, store); err != nil {
		return nil, err
	}
	if x.timer == nil {
		x.timer = time.AfterFunc(indexKept, x.letGo)
	} else {
		x.timer.Reset(indexKept)
	}
	if x.byMade == nil {
		x.byMade = make([]*indexed, 0, len(x.byID))
		for _, one := range x.byID {
			x.byMade = append(x.byMade, one)
		}
		slices.SortFunc(x.byMade, lastFirst)
	}
	return x.byMade, nil
}

func (x *index) letGo() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.byID, x.byMade, x.seen = nil, nil, 0
}

// forget takes out the applications of a person who was erased here, without waiting for
// the next answer.
func (x *index) forget(person storage.ID) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for id, one := range x.byID {
		if one.person == person {
			delete(x.byID, id)
			x.byMade = nil
		}
	}
}

// renew reads what has changed since; all of it when something is gone, or at first.
func (x *index) renew(ctx context.Context, store *storage.Store) error {
	return store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		if x.byID != nil {
			fresh, err := storage.All(ctx, tx, scanIndexed, indexedRows+` WHERE changed_at >= $1`, x.seen-late.Microseconds())
			if err != nil {
				return err
			}
			x.take(fresh)
			var count int
			if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM application`).Scan(&count); err != nil || count == len(x.byID) {
				return err
			}
		}
		every, err := storage.All(ctx, tx, scanIndexed, indexedRows)
		if err != nil {
			return err
		}
		x.byID, x.byMade, x.seen = make(map[storage.ID]*indexed, len(every)), nil, 0
		x.take(every)
		return nil
	})
}

// lastFirst is the order of byMade.
func lastFirst(a, b *indexed) int {
	if c := cmp.Compare(b.made, a.made); c != 0 {
		return c
	}
	return bytes.Compare(b.id[:], a.id[:])
}

// take puts what was read into the index. Few that have only changed keep their places in a
// copy of the order; otherwise it is made anew.
func (x *index) take(list []*indexed) {
	const few = 500
	var changed []*indexed
	for _, one := range list {
		x.seen = max(x.seen, one.changed)
		old := x.byID[one.id]
		if old != nil && *old == *one {
			continue
		}
		if changed = append(changed, one); old == nil || old.made != one.made || len(changed) > few {
			x.byMade = nil
		}
		x.byID[one.id] = one
	}
	if x.byMade == nil || len(changed) == 0 {
		return
	}
	x.byMade = slices.Clone(x.byMade)
	for _, one := range changed {
		if at, there := slices.BinarySearchFunc(x.byMade, one, lastFirst); there {
			x.byMade[at] = one
		} else {
			x.byMade = nil
			return
		}
	}
}

// again reads applications anew whose persons are no more under the ids that the index has:
// their records were merged into others.
func (x *index) again(ctx context.Context, store *storage.Store, ids []storage.ID) (fresh []*indexed, err error) {
	err = store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		fresh = nil
		for part := range slices.Chunk(ids, 200) {
			args, marks := make([]any, len(part)), make([]string, len(part))
			for i, id := range part {
				args[i], marks[i] = id, "$"+strconv.Itoa(i+1)
			}
			some, err := storage.All(ctx, tx, scanIndexed, indexedRows+` WHERE id IN (`+strings.Join(marks, ", ")+`)`, args...)
			if err != nil {
				return err
			}
			fresh = append(fresh, some...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.byID != nil {
		x.take(fresh)
	}
	return fresh, nil
}
