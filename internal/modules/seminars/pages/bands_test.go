package pages

import (
	"context"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// The shares of a seminar, and the bands by which its applicants are counted, are those of
// its day, whatever holds today.
func TestASeminarIsCountedByTheAgeBandsOfItsDay(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		book := profile.NewBook(s)
		if err := book.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		day := s.Now().AddDate(0, 1, 0)
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if _, err := book.Change(ctx, tx); err != nil {
				return err
			}
			for _, code := range []string{"18-29", "30+"} {
				if err := profile.Insert(ctx, tx, profile.Entry{List: profile.AgeBand, Code: code, Names: []profile.Named{profile.BandName(code)}}); err != nil {
					return err
				}
			}
			return profile.InsertBands(ctx, tx, profile.BandSet{From: profile.Day(day), Bands: []string{"14-17", "18-29", "30+"}})
		}); err != nil {
			t.Fatal(err)
		}
		lists := book.Now()
		targets := func(at time.Time, have seats.Targets) string {
			var out []string
			for _, f := range shownTargets(lists, at, have) {
				if f.by == profile.ByAge {
					out = append(out, f.value)
				}
			}
			return strings.Join(out, " ")
		}
		const old, other = "14-17 18-24 25-34 35-44 45-59 60+", "14-17 18-29 30+"
		for name, c := range map[string]struct {
			at   time.Time
			have seats.Targets
			want string
		}{
			"before the day": {day.AddDate(0, 0, -1), nil, old},
			"on the day":     {day, nil, other},
			"no day yet":     {time.Time{}, nil, old},
			"a share that was set before, afterwards": {day, seats.Targets{profile.ByAge: {"25-34": 40}}, "14-17 18-29 25-34 30+"},
		} {
			if got := targets(c.at, c.have); got != c.want {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		}
		born := people.Details{BirthYear: day.Year() - 28} // 27 or 28 today
		for starts, want := range map[time.Time]string{{}: "25-34", day.AddDate(0, 0, -1): "25-34", day: "18-29"} {
			a := seats.Activity{Starts: starts}
			if got := seats.ApplicantOf(seats.Application{}, born, lists, seats.CountedOn(a, s.Now())).Details.AgeBand; got != want {
				t.Errorf("of a seminar on %s she is counted as %q, want %q", starts, got, want)
			}
		}
	})
}
