package ledger_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

func id(n byte) storage.ID { return storage.ID{15: n} }

func fact(subject, activity byte, value int64, p ledger.Profile) ledger.Fact {
	return ledger.Fact{Kind: "seminars.attended", Subject: id(subject), Activity: id(activity), Value: value, Profile: p}
}

func TestUniquePeopleAndAttendancesAreCountedApart(t *testing.T) {
	t.Parallel()
	osh, naryn := ledger.Profile{Sex: "female", City: "osh"}, ledger.Profile{Sex: "female", City: "naryn"}
	facts := []ledger.Fact{
		fact(1, 1, 1, osh),
		fact(1, 2, 1, naryn), // the same woman, who has moved
		fact(2, 1, 1, ledger.Profile{Sex: "male", City: "osh"}),
		fact(2, 1, 1, ledger.Profile{Sex: "male", City: "osh"}), // twice in one seminar
		fact(3, 1, 1, osh),
		fact(3, 1, -1, osh), // undone
	}
	got := ledger.Count(facts)["seminars.attended"]
	if got.Number != (ledger.Number{People: 2, Times: 3}) {
		t.Errorf("counted %+v", got.Number)
	}
	if n := got.By[ledger.City]["naryn"]; n != (ledger.Number{People: 1, Times: 2}) {
		t.Errorf("Naryn has %+v: she counts where she was seen last", n)
	}
	if n := got.By[ledger.City]["osh"]; n != (ledger.Number{People: 1, Times: 1}) {
		t.Errorf("Osh has %+v", n)
	}
	if behind := ledger.Behind(facts, "seminars.attended", ledger.City, "naryn"); len(behind) != 2 {
		t.Errorf("behind Naryn stand %d facts", len(behind))
	}
}

func TestThePartsOfEveryDimensionAddUpToTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ledger.Fact {
			return fact(rapid.Byte().Draw(t, "subject")%8, rapid.Byte().Draw(t, "activity")%3,
				rapid.SampledFrom([]int64{1, 1, 1, -1}).Draw(t, "value"),
				ledger.Profile{
					Sex:  rapid.SampledFrom([]string{"female", "male", ""}).Draw(t, "sex"),
					City: rapid.SampledFrom([]string{"osh", "naryn", "talas"}).Draw(t, "city"),
				})
		}), 0, 60).Draw(t, "facts")
		for kind, tally := range ledger.Count(facts) {
			for _, d := range ledger.Dimensions {
				var sum ledger.Number
				for value, n := range tally.By[d] {
					sum.People += n.People
					sum.Times += n.Times
					people := map[storage.ID]bool{}
					for _, f := range ledger.Behind(facts, kind, d, value) {
						people[f.Subject] = true
					}
					if len(people) != n.People {
						t.Fatalf("%s=%s shows %d people and opens to %d", d, value, n.People, len(people))
					}
				}
				if sum != tally.Number {
					t.Fatalf("%s adds up to %+v, the whole is %+v", d, sum, tally.Number)
				}
			}
		}
	})
}

// drawn is any facts of few people, with days and things taken back.
func drawn(t *rapid.T) []ledger.Fact {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ledger.Fact {
		f := fact(rapid.Byte().Draw(t, "subject")%5, rapid.Byte().Draw(t, "activity")%3,
			rapid.SampledFrom([]int64{1, 1, 1, -1}).Draw(t, "value"),
			ledger.Profile{City: rapid.SampledFrom([]string{"osh", "naryn"}).Draw(t, "city")})
		f.Day = rapid.SampledFrom([]ledger.Day{"2026-11-30", "2026-12-01", "2026-12-02"}).Draw(t, "day")
		return f
	}), 0, 40).Draw(t, "facts")
}

func TestCountsDependOnWhatFactsSayAndNotOnTheirOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := drawn(t)
		other := rapid.Permutation(facts).Draw(t, "order")
		if diff := cmp.Diff(ledger.Count(facts), ledger.Count(other)); diff != "" {
			t.Fatal(diff)
		}
		for _, city := range []string{"osh", "naryn"} {
			a, b := ledger.Behind(facts, "seminars.attended", ledger.City, city), ledger.Behind(other, "seminars.attended", ledger.City, city)
			slices.SortFunc(a, ledger.Compare)
			slices.SortFunc(b, ledger.Compare)
			if diff := cmp.Diff(a, b); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

func TestWhoIsCountedInAPeriodIsCountedInOneOfItsDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		facts := drawn(t)
		people := func(facts []ledger.Fact) map[storage.ID]bool {
			out := map[storage.ID]bool{}
			for _, f := range ledger.Behind(facts, "seminars.attended", "", "") {
				out[f.Subject] = true
			}
			return out
		}
		byDay := map[storage.ID]bool{}
		for _, day := range []ledger.Day{"2026-11-30", "2026-12-01", "2026-12-02"} {
			maps.Copy(byDay, people(slices.DeleteFunc(slices.Clone(facts), func(f ledger.Fact) bool { return f.Day != day })))
		}
		if diff := cmp.Diff(byDay, people(facts)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestWhatWasTakenBackDoesNotTellWhereAPersonWasSeenLast(t *testing.T) {
	t.Parallel()
	stays, goes := fact(1, 1, 1, ledger.Profile{City: "osh"}), fact(1, 2, 1, ledger.Profile{City: "naryn"})
	stays.Day, goes.Day = "2026-11-30", "2026-12-01"
	back := goes
	back.Value = -1
	if got := ledger.Count([]ledger.Fact{back, goes, stays})["seminars.attended"].By[ledger.City]; got["osh"].People != 1 || len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func BenchmarkCount100000Facts(b *testing.B) {
	facts := make([]ledger.Fact, 100_000)
	sexes, cities := []string{"female", "male"}, []string{"osh", "naryn", "talas", "bishkek"}
	for i := range facts {
		facts[i] = ledger.Fact{
			Kind: "seminars.attended", Value: 1, Day: ledger.DayOf(time.Unix(int64(i)*60, 0)),
			Subject: storage.ID{13: byte(i >> 16), 14: byte(i >> 8), 15: byte(i % 200)}, Activity: id(byte(i % 17)),
			Profile: ledger.Profile{Sex: sexes[i%2], City: cities[i%4]},
		}
	}
	for b.Loop() {
		ledger.Count(facts)
	}
}
