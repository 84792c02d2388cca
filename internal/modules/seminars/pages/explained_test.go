package pages

import (
	"bytes"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"

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
