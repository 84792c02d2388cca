package effort_test

import (
	"bytes"
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/foundation/web/effort/efforttest"
)

// easy is the number of bits in tests: each part is solved in eight hashes.
const easy = 3

var (
	start = time.Date(2026, 11, 1, 6, 0, 0, 0, time.UTC)
	her   = effort.Case{Purpose: "apply/osh", Browser: "her browser"}
)

// stage is a guard over a database, with a clock of its own.
type stage struct {
	*testing.T
	*effort.Guard
	clock *storagetest.Clock
	store *storage.Store
}

// each sets the stage on both engines.
func each(t *testing.T, f func(s stage)) {
	t.Helper()
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		f(stage{t, guard(easy), c, store})
	})
}

func guard(bits int) *effort.Guard {
	return effort.New(effort.Options{Key: bytes.Repeat([]byte{7}, 32), Bits: bits})
}

// ask asks for what is to be done.
func (s stage) ask(c effort.Case, given effort.Given) (q effort.Question) {
	s.Helper()
	if err := s.store.Write(s.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		q, err = s.Ask(ctx, tx, c, given)
		return err
	}); err != nil {
		s.Fatal(err)
	}
	return q
}

// passes tells whether somebody gets through.
func (s stage) passes(c effort.Case, given effort.Given) bool {
	s.Helper()
	err := s.store.Write(s.Context(), func(ctx context.Context, tx *storage.Tx) error { return s.Pass(ctx, tx, c, given) })
	if err != nil && !effort.Needed(err) {
		s.Fatal(err)
	}
	return err == nil
}

func solved(q effort.Question) effort.Given {
	return effort.Given{Challenge: q.Challenge, Solution: efforttest.Solve(q.Challenge, q.Bits)}
}

func waited(q effort.Question) effort.Given { return effort.Given{Challenge: q.Challenge} }

func TestASolvedChallengeLetsThroughOnce(t *testing.T) {
	t.Parallel()
	each(t, func(s stage) {
		given := solved(s.ask(her, effort.Given{}))
		if !s.passes(her, given) {
			s.Fatal("the solution is refused")
		}
		if s.passes(her, given) {
			s.Error("the solution lets through again")
		}
		s.clock.Pass(effort.First)
		if s.passes(her, waited(effort.Question{Challenge: given.Challenge})) {
			s.Error("a challenge that was solved and used lets through by waiting too")
		}
	})
}

func TestWhatIsUndoneIsNotSpent(t *testing.T) {
	t.Parallel()
	each(t, func(s stage) {
		given := solved(s.ask(her, effort.Given{}))
		if err := s.store.Write(s.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if err := s.Pass(ctx, tx, her, given); err != nil {
				return err
			}
			return context.Canceled // something later in the same transaction fails
		}); err == nil || effort.Needed(err) {
			s.Fatalf("got %v", err)
		}
		if !s.passes(her, given) {
			s.Error("the effort was lost with what was undone")
		}
	})
}

func TestWhatIsNoSolutionIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(s stage) {
		q := s.ask(her, effort.Given{})
		good := solved(q)
		counters := strings.Split(good.Solution, ",")
		wrong := func(change func(c []string) []string) effort.Given {
			return effort.Given{Challenge: q.Challenge, Solution: strings.Join(change(append([]string(nil), counters...)), ",")}
		}
		unsolved := uint32(0)
		for effort.Fits(q.Seed, 3, unsolved, q.Bits) {
			unsolved++
		}
		easier := guard(easy - 1)
		var low effort.Question
		if err := s.store.Write(s.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			low, err = easier.Ask(ctx, tx, her, effort.Given{})
			return err
		}); err != nil {
			s.Fatal(err)
		}
		foreign := effort.New(effort.Options{Key: bytes.Repeat([]byte{8}, 32), Bits: easy})
		var strange effort.Question
		if err := s.store.Write(s.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			strange, err = foreign.Ask(ctx, tx, her, effort.Given{})
			return err
		}); err != nil {
			s.Fatal(err)
		}
		first := "A"
		if q.Challenge[0] == 'A' {
			first = "B"
		}
		for name, given := range map[string]effort.Given{
			"nothing":              {},
			"a challenge alone":    waited(q),
			"a solution alone":     {Solution: good.Solution},
			"one part wrong":       wrong(func(c []string) []string { c[3] = strconv.FormatUint(uint64(unsolved), 10); return c }),
			"one part less":        wrong(func(c []string) []string { return c[:effort.Parts-1] }),
			"one part more":        wrong(func(c []string) []string { return append(c, c[0]) }),
			"beyond four bytes":    wrong(func(c []string) []string { c[0] = "4294967296"; return c }),
			"below zero":           wrong(func(c []string) []string { c[0] = "-1"; return c }),
			"no number":            wrong(func(c []string) []string { c[0] = "x"; return c }),
			"endless":              {Challenge: q.Challenge, Solution: strings.Repeat("0", 1<<16)},
			"fewer bits than ours": solved(low),
			"another house's":      solved(strange),
			"a changed challenge":  {Challenge: first + q.Challenge[1:], Solution: efforttest.Solve(first+q.Challenge[1:], easy)},
			"a cut challenge":      {Challenge: q.Challenge[1:], Solution: efforttest.Solve(q.Challenge[1:], easy)},
		} {
			if s.passes(her, given) {
				s.Errorf("%s lets through", name)
			}
		}
		for name, c := range map[string]effort.Case{
			"another activity": {Purpose: "apply/naryn", Browser: her.Browser},
			"another form":     {Purpose: "contact", Browser: her.Browser},
			"another browser":  {Purpose: her.Purpose, Browser: "a stranger's"},
			"no browser":       {Purpose: her.Purpose},
			"pushed together":  {Purpose: her.Purpose + her.Browser},
		} {
			if s.passes(c, good) {
				s.Errorf("the solution is good for %s", name)
			}
		}
		s.clock.Pass(effort.Life - time.Microsecond)
		late := solved(s.ask(her, effort.Given{}))
		if !s.passes(her, good) {
			s.Error("the solution is refused though it is right and in time: nothing above is proven")
		}
		s.clock.Pass(effort.Life)
		if s.passes(her, late) {
			s.Error("an expired challenge lets through")
		}
	})
}

func TestAChallengeFromBeforeARushGrewIsGoodForOneStepOnly(t *testing.T) {
	t.Parallel()
	each(t, func(s stage) {
		level := func(n int) effort.Case { return effort.Case{Purpose: her.Purpose, Browser: her.Browser, Level: n} }
		for n := range 5 {
			if got, want := s.ask(level(n), effort.Given{}).Bits, easy+min(n, effort.MostLevel); got != want {
				s.Errorf("level %d asks for %d bits, want %d", n, got, want)
			}
		}
		if !s.passes(level(1), solved(s.ask(her, effort.Given{}))) {
			s.Error("a challenge from one step before is refused")
		}
		given := solved(s.ask(her, effort.Given{}))
		if s.passes(level(2), given) {
			s.Error("a challenge from two steps before lets through")
		}
		q := s.ask(level(2), given)
		if q.Challenge == given.Challenge || q.Bits != easy+2 {
			s.Error("the page asks once more for what was too easy")
		}
		if !s.passes(level(2), solved(q)) {
			s.Error("the harder one is refused")
		}
	})
}

func TestAnythingMayComeWithAForm(t *testing.T) {
	t.Parallel()
	g, store := guard(easy), storagetest.Open(t)
	for _, junk := range []string{"", "=", "\x00", "ү", strings.Repeat("A", 50), strings.Repeat("A", 1<<20), ",,,,,,,,,,,,,,,"} {
		if err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return g.Pass(ctx, tx, her, effort.Given{Challenge: junk, Solution: junk})
		}); !effort.Needed(err) {
			t.Errorf("%.10q gives %v", junk, err)
		}
	}
}

func TestWhatIsOverIsForgottenAndNothingElse(t *testing.T) {
	t.Parallel()
	each(t, func(s stage) {
		rows := func() (n int) {
			if err := s.store.Read(s.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM effort_used) + (SELECT COUNT(*) FROM effort_line) + (SELECT COUNT(*) FROM effort_place)`).Scan(&n)
			}); err != nil {
				s.Fatal(err)
			}
			return n
		}
		forget := func() {
			if err := s.store.Write(s.Context(), effort.Forget); err != nil {
				s.Fatal(err)
			}
		}
		given := solved(s.ask(her, effort.Given{}))
		if !s.passes(her, given) {
			s.Fatal("refused")
		}
		q, other := s.ask(her, effort.Given{}), effort.Case{Purpose: her.Purpose, Browser: "another"}
		o := s.ask(other, effort.Given{})
		s.clock.Pass(effort.First)
		if !s.passes(her, waited(q)) || s.ask(other, waited(o)).Wait != effort.Step {
			s.Fatal("the line does not go as it should")
		}
		before := rows()
		forget()
		if rows() != before || before != 5 {
			s.Errorf("of %d rows %d are left while all are in use", before, rows())
		}
		if s.passes(her, given) {
			s.Error("a used challenge was forgotten too early")
		}
		s.clock.Pass(2 * effort.Life)
		forget()
		if n := rows(); n != 0 {
			s.Errorf("%d rows are left when all is over", n)
		}
		if s.passes(her, given) {
			s.Error("a forgotten challenge lets through")
		}
	})
}
