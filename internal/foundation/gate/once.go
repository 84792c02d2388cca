package gate

import (
	"container/list"
	"context"
	"crypto/sha256"
	"sync"

	"golang.org/x/sync/singleflight"
)

// Once makes things that many ask for, each once: pictures of public pages. A
// thing is named by all that is in it, so that one which changed is another. They
// are made through a gate and kept up to a number of bytes, of which the least
// recently asked for leave.
type Once struct {
	gate *Gate
	most int

	making singleflight.Group
	mu     sync.Mutex
	kept   map[string]*list.Element
	recent *list.List // of thing, the last asked for in front
	size   int
}

type thing struct {
	name  string
	bytes []byte
}

// NewOnce makes a store of so many bytes behind a gate.
func NewOnce(g *Gate, most int) *Once {
	return &Once{gate: g, most: most, kept: map[string]*list.Element{}, recent: list.New()}
}

// Name names a thing by all that is in it.
func Name(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		sum := sha256.Sum256([]byte(p)) // so that no part runs into the next
		h.Write(sum[:])
	}
	return string(h.Sum(nil))
}

// Get gives the thing of a name, which draw makes when it is not there. Who asks
// while it is being made waits for it. Unavailable when too many other things
// wait to be made. The bytes are not to be changed.
func (o *Once) Get(ctx context.Context, name string, draw func() ([]byte, error)) ([]byte, error) {
	if b, ok := o.look(name); ok {
		return b, nil
	}
	made, err, _ := o.making.Do(name, func() (any, error) {
		if b, ok := o.look(name); ok { // made between the two looks
			return b, nil
		}
		var b []byte
		// Others wait for it too: it is made though the first of them goes away.
		err := o.gate.Do(context.WithoutCancel(ctx), func() (err error) {
			b, err = draw()
			return err
		})
		if err == nil {
			o.keep(name, b)
		}
		return b, err
	})
	b, _ := made.([]byte)
	return b, err
}

func (o *Once) look(name string) ([]byte, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	e, ok := o.kept[name]
	if !ok {
		return nil, false
	}
	o.recent.MoveToFront(e)
	t, ok := e.Value.(thing)
	return t.bytes, ok
}

func (o *Once) keep(name string, b []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(b) > o.most/4 {
		return // it would drive out too many others
	}
	o.kept[name] = o.recent.PushFront(thing{name, b})
	o.size += len(b)
	for o.size > o.most {
		last := o.recent.Back()
		if t, ok := o.recent.Remove(last).(thing); ok {
			delete(o.kept, t.name)
			o.size -= len(t.bytes)
		}
	}
}
