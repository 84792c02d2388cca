package effort

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// Given is what came with a form.
type Given struct {
	Challenge string
	Solution  string // empty from who waited
}

// The names of the fields that Form sends.
const (
	challengeField = "effort"
	solutionField  = "effort_solution"
)

// Read takes what came with a form.
func Read(r *web.Request) Given {
	return Given{Challenge: r.PostFormValue(challengeField), Solution: r.PostFormValue(solutionField)}
}

// Empty reports whether nothing came.
func (g Given) Empty() bool { return g.Challenge == "" && g.Solution == "" }

const neededKey = "web.effort.needed"

// Refused is the fault with which Pass asks for an effort.
func Refused() error { return fault.New(fault.Limited, neededKey) }

// Needed reports whether an error is that of Pass.
func Needed(err error) bool {
	f := fault.Of(err)
	return f != nil && f.Code == fault.Limited && f.Key == neededKey
}

// Pass lets through who has made the effort, solved or waited, and spends it in
// this transaction: whatever else it does is done once for each effort. The
// error is Refused otherwise; roll back, and show what Ask gives.
func (g *Guard) Pass(ctx context.Context, tx *storage.Tx, c Case, given Given) error {
	t, ok := g.read(c, given.Challenge, tx.Now)
	if ok && given.Solution != "" && t.bits >= max(g.bits, g.need(c)-1) && t.solves(given.Solution) {
		return g.spend(ctx, tx, t)
	}
	come, err := g.takePlace(ctx, tx, c)
	if err != nil || come {
		return err
	}
	if !ok || tx.Now.Sub(t.made) < First {
		return Refused()
	}
	if free, err := takeFreeTurn(ctx, tx, c.Purpose); err != nil || !free {
		if err == nil {
			err = Refused()
		}
		return err
	}
	return g.spend(ctx, tx, t)
}

// spend marks a challenge as used, once.
func (g *Guard) spend(ctx context.Context, tx *storage.Tx, t challenge) error {
	if g.use != nil {
		if g.use(t.seed) {
			return Refused()
		}
		return nil
	}
	n, err := tx.Exec(ctx, `INSERT INTO effort_used (hash, ends_at)
		VALUES ($1, $2)
		ON CONFLICT (hash) DO NOTHING`, t.seed[:], storage.Micros(t.made.Add(Life+2*skew)))
	if err == nil && n == 0 {
		err = Refused()
	}
	return err
}

// spent reports whether a challenge has been used.
func spent(ctx context.Context, tx *storage.Tx, t challenge) (yes bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM effort_used WHERE hash = $1)`, t.seed[:]).Scan(&yes)
	return yes, err
}

// Forget deletes what is over. Nothing changes by it but the room on the disk.
func Forget(ctx context.Context, tx *storage.Tx) error {
	for _, query := range []string{
		`DELETE FROM effort_used WHERE ends_at <= $1`,
		`DELETE FROM effort_place WHERE ends_at <= $1`,
		`DELETE FROM effort_line WHERE next_at <= $1`,
	} {
		if _, err := tx.Exec(ctx, query, storage.Micros(tx.Now)); err != nil {
			return err
		}
	}
	return nil
}
