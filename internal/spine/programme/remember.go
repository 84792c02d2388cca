package programme

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"
)

// remembered keeps documents that were decoded, by their very text: a document
// that has changed is another text, so nothing has to be forgotten in time.
type remembered struct {
	mu   sync.RWMutex
	docs map[string]words
}

// mostRemembered bounds the memory, a few megabytes. A programme has some sixty
// activities.
const mostRemembered = 500

var documents remembered

// decode gives the words of a document. What it gives is the caller's own.
func (r *remembered) decode(text string) (words, error) {
	r.mu.RLock()
	w, ok := r.docs[text]
	r.mu.RUnlock()
	if !ok {
		if err := json.Unmarshal([]byte(text), &w); err != nil {
			return words{}, err
		}
		r.mu.Lock()
		if r.docs == nil || len(r.docs) >= mostRemembered {
			r.docs = map[string]words{}
		}
		r.docs[text] = w
		r.mu.Unlock()
	}
	return w.clone(), nil
}

func (w words) clone() words {
	w.Languages, w.Agenda = slices.Clone(w.Languages), slices.Clone(w.Agenda)
	if w.Stale != nil {
		stale := make(Stale, len(w.Stale))
		for text, since := range w.Stale {
			stale[text] = maps.Clone(since)
		}
		w.Stale = stale
	}
	return w
}
