package app

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/programme"
)

// factsAreKept compares the rows, and what each month comes to, with every retraction
// in the month of its fact.
func factsAreKept(t *testing.T, b before) {
	b.read(t, func(ctx context.Context, tx *storage.Tx) error {
		list, err := programme.All(ctx, tx, programme.Filter{})
		if err != nil {
			return err
		}
		slug := map[storage.ID]string{}
		for _, a := range list {
			slug[a.ID] = a.Slug
		}
		facts, err := ledger.Facts(ctx, tx, ledger.Filter{})
		if err != nil {
			return err
		}
		have := map[savedFacts]int{}
		for _, f := range facts {
			p := f.Profile
			month := string(f.Day)[:7]
			if f.Value < 0 {
				month = "" // a retraction stands in the month of its fact now, which Counted tells
			}
			have[savedFacts{
				Month: month, Kind: string(f.Kind), Activity: slug[f.Activity], Value: f.Value,
				Profile: strings.Join([]string{p.Sex, p.AgeBand, p.City, p.Group, p.Level}, " "),
			}]++
		}
		wanted := map[savedFacts]int{}
		for _, want := range b.saved.Facts {
			rows := want.Rows
			if want.Rows = 0; want.Value < 0 {
				want.Month = ""
			}
			wanted[want] += rows
		}
		for want, rows := range wanted {
			if have[want] != rows {
				t.Errorf("%d facts %+v, want %d", have[want], want, rows)
			}
			delete(have, want)
		}
		for f, rows := range have {
			t.Errorf("%d facts %+v were not there", rows, f)
		}
		times := map[ledger.Kind]int{}
		for _, c := range b.saved.Counted {
			times[ledger.Kind(c.Kind)] += c.Times
			first, err := time.Parse("2006-01", c.Month)
			if err != nil {
				return err
			}
			month, err := ledger.Facts(ctx, tx, ledger.Filter{
				Kinds: []ledger.Kind{ledger.Kind(c.Kind)}, From: ledger.Day(c.Month + "-01"), To: ledger.Day(first.AddDate(0, 1, -1).Format(time.DateOnly)),
			})
			if err != nil {
				return err
			}
			if n := ledger.Count(month)[ledger.Kind(c.Kind)]; n == nil || n.People != c.People || n.Times != c.Times {
				t.Errorf("%s of %s counts %+v, want %d people and %d times", c.Kind, c.Month, n, c.People, c.Times)
			}
		}
		for kind, tally := range ledger.Count(facts) {
			if tally.Times != times[kind] {
				t.Errorf("%s counts %d times, want %d", kind, tally.Times, times[kind])
			}
			delete(times, kind)
		}
		for kind := range times {
			t.Errorf("nothing counts %s", kind)
		}
		return factsAreTheirs(ctx, t, tx, b)
	})
}

// factsAreTheirs counts the facts of each person by her subject.
func factsAreTheirs(ctx context.Context, t *testing.T, tx *storage.Tx, b before) error {
	t.Helper()
	facts, err := ledger.Facts(ctx, tx, ledger.Filter{})
	if err != nil {
		return err
	}
	for _, want := range b.saved.People {
		p, err := b.People().ByID(ctx, tx, want.ID)
		if err != nil {
			return err
		}
		have := map[string]int{}
		for _, f := range facts {
			if f.Subject == p.Subject {
				have[string(f.Kind)]++
			}
		}
		if !maps.Equal(have, want.Facts) {
			t.Errorf("%s has the facts %v, want %v", want.Case, have, want.Facts)
		}
	}
	return nil
}
