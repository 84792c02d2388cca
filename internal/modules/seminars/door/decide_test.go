package door_test

import (
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/door/doortest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

func said(c doortest.Case) string {
	a := door.Decide(c.Known(), c.Records(), c.Shown(), c.Clock())
	return strings.Join([]string{a.State, a.Reason, a.Next}, " ")
}

// wrong gives the cases that are answered otherwise than the table says.
func wrong(cases []doortest.Case) (out []string) {
	for _, c := range cases {
		if got := said(c); got != c.Want {
			out = append(out, c.Is+": "+got+", want "+c.Want)
		}
	}
	return out
}

func TestADeviceAnswersAsTheTableSays(t *testing.T) {
	t.Parallel()
	cases, err := doortest.Cases()
	if err != nil || len(cases) < 120 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, w := range wrong(cases) {
		t.Error(w)
	}
	named, seen := map[string]bool{}, map[string]bool{}
	for _, c := range cases {
		if named[c.Is] {
			t.Errorf("%s: twice", c.Is)
		}
		named[c.Is] = true
		for part := range strings.FieldsSeq(c.Want) {
			seen[part] = true
		}
	}
	for _, part := range strings.Fields(`come_in look stop
		accepted malformed duplicate no_pack pack_over clock_behind wrong_event future undo_first not_undone too_late locked forged
		no_ticket revoked cancelled too_early expired already_in not_in_pack full waiting withdrawn
		welcome goodbye undone again next on_paper fix_clock other_door ask_lead by_name unlock come_later same_person let_in_note seat_later walk_in`) {
		if !seen[part] {
			t.Errorf("no case of %s", part)
		}
		delete(seen, part)
	}
	if len(seen) > 0 {
		t.Errorf("answers that no list has: %v", seen)
	}
}

// The control: whichever word of the table is another, one case is wrong.
func TestEveryWordOfTheTableIsHeld(t *testing.T) {
	t.Parallel()
	cases, err := doortest.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		for part := range 3 {
			words := strings.Fields(c.Want)
			words[part] += "x"
			cases[i].Want = strings.Join(words, " ")
			if got := wrong(cases[i : i+1]); len(got) != 1 {
				t.Errorf("%s: %q is not seen", c.Is, cases[i].Want)
			}
		}
		cases[i].Want = c.Want
	}
}

func TestTheTableHasTheBoundsOfTheHouse(t *testing.T) {
	t.Parallel()
	cases, err := doortest.Cases()
	if err != nil {
		t.Fatal(err)
	}
	want := door.Bounds{
		Grace: seats.TicketGrace.Milliseconds(), Ahead: door.MayBeAhead.Milliseconds(), Undo: seats.UndoWithin.Milliseconds(),
		Zone: (6 * time.Hour).Milliseconds(), Opens: door.OpensBefore.Milliseconds(),
	}
	if got := cases[0].Bounds; got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// What is decided again and again is the same, and neither pack nor ledger is changed by it.
func TestADecisionChangesNothing(t *testing.T) {
	t.Parallel()
	cases, err := doortest.Cases()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		pack, ledger := c.Known(), c.Records()
		first := door.Decide(pack, ledger, c.Shown(), c.Clock())
		if again := door.Decide(pack, ledger, c.Shown(), c.Clock()); again != first {
			t.Errorf("%s: %+v, then %+v", c.Is, first, again)
		}
	}
}
