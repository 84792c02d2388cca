package effort

import (
	"context"
	"crypto/sha256"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Question is what a page asks of somebody: solve, or wait so long.
type Question struct {
	Challenge string
	Seed      [sha256.Size]byte
	Bits      int
	Wait      time.Duration // until the form may be sent without a solution
	Full      bool          // the line takes nobody now; ask again after Wait
}

// fullWait is after what time somebody looks again whether the line has room.
const fullWait = time.Minute

// Ask gives what to ask of somebody whom Pass refused, and a place in the line
// when she has waited for it. A challenge that she has been given before stays
// good, so that pressing early costs nothing.
func (g *Guard) Ask(ctx context.Context, tx *storage.Tx, c Case, given Given) (Question, error) {
	at, waits, err := g.placeOf(ctx, tx, c)
	if err != nil {
		return Question{}, err
	}
	old, ok := g.read(c, given.Challenge, tx.Now)
	if ok {
		var gone bool
		if gone, err = spent(ctx, tx, old); err != nil {
			return Question{}, err
		}
		ok = !gone && given.Solution == "" // what came with a solution was too easy, or not solved
	}
	full := false
	if ripe := ok && tx.Now.Sub(old.made) >= First; ripe && !waits {
		if at, waits, err = nextTurn(ctx, tx, c.Purpose); err != nil {
			return Question{}, err
		}
		full = !waits
		if waits {
			if err = g.spend(ctx, tx, old); err == nil {
				err = g.keepPlace(ctx, tx, c, at)
			} else if Needed(err) { // a second press of the same moment was faster
				at, waits, err = g.placeOf(ctx, tx, c)
			}
			if err != nil {
				return Question{}, err
			}
			ok = false
		}
	}
	q := Question{Challenge: given.Challenge, Seed: old.seed, Bits: old.bits, Wait: First - tx.Now.Sub(old.made), Full: full}
	if !ok {
		text := g.challenge(c, tx.Now)
		q = Question{Challenge: text, Seed: Seed(text), Bits: g.need(c), Wait: First}
	}
	switch {
	case full:
		q.Wait = fullWait
	case waits:
		q.Wait = at.Sub(tx.Now)
	}
	q.Wait = max(q.Wait, 0)
	return q, nil
}

// Seconds is the wait as a person is told it, rounded up, one at least.
func (q Question) Seconds() int {
	return max(1, int((q.Wait+time.Second-1)/time.Second))
}
