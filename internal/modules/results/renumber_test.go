package results

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/programme"
)

// group is n people who attended, in the order of their subject numbers.
func group(n int) (facts []ledger.Fact) {
	for range n {
		f := ledger.Fact{Kind: "attended", Day: "2026-04-01"}
		rand.Read(f.Subject[:])
		facts = append(facts, f)
	}
	slices.SortFunc(facts, ledger.Compare)
	return facts
}

func numbersOf(q question, facts []ledger.Fact) map[storage.ID]int {
	// The list itself keeps no subject: each is told apart by its city here.
	marked := slices.Clone(facts)
	by := map[string]storage.ID{}
	for i := range marked {
		marked[i].Profile.City = marked[i].Subject.String()
		by[marked[i].Profile.City] = marked[i].Subject
	}
	out := map[storage.ID]int{}
	for _, f := range renumber(q, marked) {
		out[by[f.Profile.City]] = f.Number
	}
	return out
}

func TestEachListNumbersItsPeopleAnew(t *testing.T) {
	t.Parallel()
	facts := group(60)
	all := numbersOf(question{Count: "attended"}, facts)
	again := numbersOf(question{Count: "attended"}, append(facts[30:len(facts):len(facts)], facts[:30]...))
	others := map[string]map[storage.ID]int{
		"another question":       numbersOf(question{Count: "attended", By: "sex", Value: "female"}, facts),
		"one more in the list":   numbersOf(question{Count: "attended"}, append(group(1), facts...)),
		"one fewer":              numbersOf(question{Count: "attended"}, facts[1:]),
		"the order of subjects":  {},
		"that order, turned":     {},
		"another activity's one": numbersOf(question{Count: "attended", Activity: "osh"}, facts),
	}
	for i, f := range facts {
		others["the order of subjects"][f.Subject] = i + 1
		others["that order, turned"][f.Subject] = len(facts) - i
	}
	seen := map[int]bool{}
	for _, f := range facts {
		n := all[f.Subject]
		if n < 1 || n > len(facts) || seen[n] {
			t.Errorf("the number %d", n)
		}
		seen[n] = true
		if n != again[f.Subject] {
			t.Error("the same list has other numbers when it is asked for again")
		}
	}
	// One has the same number by chance; thirteen have once in 6,000,000,000.
	for name, other := range others {
		same := 0
		for subject, n := range all {
			if other[subject] == n {
				same++
			}
		}
		if same > 12 {
			t.Errorf("%s: %d of 60 have the same number", name, same)
		}
	}
}

func TestTheOrderOfAListIsThatOfItsOwnNumbers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := group(rapid.IntRange(0, 20).Draw(t, "people"))
		for i := range facts {
			facts[i].Day = rapid.SampledFrom([]ledger.Day{"2026-04-01", "2026-04-02"}).Draw(t, "day")
			facts[i].Activity = storage.ID{15: rapid.Byte().Draw(t, "activity")%2 + 1}
		}
		list := renumber(question{}, facts)
		if len(list) != len(facts) {
			t.Fatalf("%d of %d", len(list), len(facts))
		}
		for i, f := range list {
			if !f.Subject.IsZero() {
				t.Error("a subject is in the list")
			}
			if i > 0 && (list[i-1].Day > f.Day || list[i-1].Day == f.Day &&
				(bytes.Compare(list[i-1].Activity[:], f.Activity[:]) > 0 || list[i-1].Activity == f.Activity && list[i-1].Number > f.Number)) {
				t.Errorf("%+v comes before %+v", list[i-1], f)
			}
		}
	})
}

func TestTheListOfFactsShowsDaysAndNumbersAndNothingThatLeadsToAnApplication(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, store *storage.Store) {
		srv := hall(t, store)
		const people = 150
		subjects := map[string]bool{}
		if err := store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			a, err := programme.BySlug(ctx, tx, "naryn-day")
			if err != nil {
				return err
			}
			for _, f := range group(people) {
				f.Activity, f.Profile.City, f.Value = a.ID, "talas", 1
				subjects[f.Subject.String()] = true
				if err := ledger.Record(ctx, tx, f); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		var numbers []string
		for page := range 2 {
			status, text := ask(t, srv, fmt.Sprintf("/en/numbers/facts?count=attended&by=city&value=talas&page=%d", page+1), "")
			if status != http.StatusOK {
				t.Fatalf("%d", status)
			}
			_, table, _ := strings.Cut(text, "<tbody>")
			if !strings.Contains(table, "1 April 2026") {
				t.Errorf("no day in %s", table[:400])
			}
			if clock := regexp.MustCompile(`\b\d{1,2}:\d{2}\b`).FindString(table); clock != "" {
				t.Errorf("a time of day is shown: %s", clock)
			}
			for _, m := range regexp.MustCompile(`class="code">([^<]*)<`).FindAllStringSubmatch(table, -1) {
				numbers = append(numbers, m[1])
			}
			for subject := range subjects {
				for _, part := range strings.Split(subject, "-") {
					if len(part) > 4 && strings.Contains(text, part) {
						t.Errorf("page %d shows %s of a subject", page+1, part)
					}
				}
			}
		}
		want := make([]string, people)
		for i := range want {
			want[i] = fmt.Sprint(i + 1)
		}
		if !slices.Equal(numbers, want) {
			t.Errorf("both pages together number the people %v", numbers)
		}
	})
}
