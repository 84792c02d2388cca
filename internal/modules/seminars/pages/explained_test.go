package pages

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/spine/forms"
)

// reads gives what an applicant reads of the selection on her page, and the words of the
// language.
func (k *call) reads(l i18n.Language, id storage.ID) (page string, say *i18n.Printer) {
	k.Helper()
	catalogue, err := i18n.Load(k.Manifest().Texts, web.Texts())
	if err != nil {
		k.Fatal(err)
	}
	say = catalogue.Printer(l)
	e, ok := k.explain(id)
	if !ok {
		k.Fatal("nothing is explained")
	}
	var b bytes.Buffer
	r := &web.Request{Request: httptest.NewRequest("GET", "/"+string(l)+"/mine", nil), Lang: l, Say: say}
	if err := explained(r, forms.Form{}, e, stateOf(k, k.Module, id).State).Render(k.Context(), &b); err != nil {
		k.Fatal(err)
	}
	return b.String(), say
}

// Of the line only who waits is told.
func TestOnlyWhoWaitsReadsOfTheLine(t *testing.T) {
	t.Parallel()
	everyCase(t, 3, func(k *call, r *rand.Rand) {
		ids := k.crowd(r, 14)
		k.rule(selection.Rules{Seats: k.a.Capacity})
		if why := k.draw("", ""); why != "" {
			k.Fatal(why)
		}
		k.tell(k.plan(2))
		for _, id := range ids {
			state := stateOf(k, k.Module, id).State
			for _, l := range i18n.Languages {
				page, say := k.reads(l, id)
				if got := strings.Contains(page, say.T("seminars.explain.line")); got != (state == seats.Waitlisted) {
					k.Errorf("%s reads of the line: %v", state, got)
				}
				if strings.Contains(page, say.T("seminars.explain.not_drawn")) == (state == seats.Invited) {
					k.Errorf("%s reads %s", state, page)
				}
			}
		}
	})
}

// Who was put out after the draw is not told that she was not in it, nor that she is chosen.
func TestWhoIsPutOutAfterTheDrawReadsItInOneVoice(t *testing.T) {
	t.Parallel()
	everyCase(t, 3, func(k *call, r *rand.Rand) {
		ids := k.crowd(r, 14)
		before := ids[r.IntN(14)]
		k.mark(selection.Out, before)
		k.rule(selection.Rules{Seats: k.a.Capacity})
		if why := k.draw("", ""); why != "" {
			k.Fatal(why)
		}
		table := k.table()
		out := map[storage.ID]string{before: "out"}
		for _, id := range ids {
			lot, has := table.Lot(id)
			if kind := map[bool]string{true: "out_drawn", false: "out_after"}[lot.Drawn]; has && (len(out) == 1 || r.IntN(2) == 0) {
				k.mark(selection.Out, id)
				out[id] = kind
			}
		}
		k.tell(k.plan(0))
		for id, kind := range out {
			for _, l := range i18n.Languages {
				page, say := k.reads(l, id)
				for _, key := range []string{"hand.out", "hand.out_after", "hand.out_drawn", "drawn", "not_drawn", "line"} {
					if got := strings.Contains(page, say.T("seminars.explain."+key)); got != (key == "hand."+kind) {
						k.Errorf("%s: %s is told %v: %s", kind, key, got, page)
					}
				}
			}
		}
	})
}

// Each reads which draw decided, and of all before it when they were and why it was drawn
// again; of one that is not told yet nothing.
func TestEachReadsHowOftenItWasDrawnAndWhy(t *testing.T) {
	t.Parallel()
	everyCase(t, 3, func(k *call, r *rand.Rand) {
		ids := k.crowd(r, 12)
		k.rule(selection.Rules{Seats: k.a.Capacity})
		reasons := []string{""}
		n := 1 + r.IntN(3)
		for i := range n {
			if i > 0 {
				reasons = append(reasons, fmt.Sprintf("Себеп %d-%d", i, r.IntN(1000)))
			}
			k.c.Pass(time.Minute)
			if why := k.draw("", reasons[i]); why != "" {
				k.Fatal(why)
			}
		}
		k.tell(k.plan(selection.Everybody))
		for _, id := range ids {
			e, _ := k.explain(id)
			if e.Draw.Number != n || len(e.Draws) != n {
				k.Fatalf("%d draws, told of no. %d and %d", n, e.Draw.Number, len(e.Draws))
			}
			for i, d := range e.Draws {
				if d.Number != i+1 || d.Reason != reasons[i] || i > 0 && !d.At.After(e.Draws[i-1].At) {
					k.Errorf("%+v", d)
				}
			}
			for _, l := range i18n.Languages {
				page, say := k.reads(l, id)
				if n > 1 && !strings.Contains(page, say.T("seminars.explain.number", "number", n)) || (n == 1) != strings.Contains(page, say.T("seminars.explain.once")) {
					k.Errorf("which draw of %d: %s", n, page)
				}
				for _, d := range e.Draws {
					if n > 1 && (!strings.Contains(page, i18n.DateTime(l, d.At)) || !strings.Contains(page, d.Reason)) {
						k.Errorf("draw %d is not told: %s", d.Number, page)
					}
				}
			}
		}
	})
}
