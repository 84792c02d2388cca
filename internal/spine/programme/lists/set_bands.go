package lists

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/profile"
)

// The bounds of sets of age bands.
const (
	LeastBands   = 2  // of a set
	MostBands    = 12 // of a set
	mostBandSets = 40
	mostAllBands = 120 // of all sets together

	// bandsLead is how long before its day a set is fixed at the latest. A process knows of
	// it within a second or two, and no fact is dated more than minutes ahead of the clock
	// (a scan of a phone that goes fast): so no fact of its first day is written by a process
	// that does not know of it yet.
	bandsLead = time.Hour
)

// AgesFromField and AgesToField are the fields of the bounds of a band, counted from 0.
func AgesFromField(i int) string { return "ages_from_" + strconv.Itoa(i) }

// AgesToField is that of the last age in years, empty for none.
func AgesToField(i int) string { return "ages_to_" + strconv.Itoa(i) }

// SetBands is a set of age bands as a coordinator wants it from a day on.
type SetBands struct {
	Actor access.Actor
	Seen  string // BandsSeen of the lists that she saw
	From  string // 2006-01-02 in Bishkek
	Bands []profile.Ages
}

// SetBands lets other age bands hold from a day. Facts of that day and of later ones take
// them, whenever they are written; those of earlier days keep theirs. Invalid names each
// field that is wrong: a gap, an overlap, a day that has begun or of which something is
// counted; Conflict when somebody else has changed the sets since she saw them. Forbidden.
func (s *Service) SetBands(ctx context.Context, tx *storage.Tx, c SetBands) (profile.BandSet, error) {
	lists, err := s.begin(ctx, tx, c.Actor)
	if err != nil {
		return profile.BandSet{}, err
	}
	if c.Seen != BandsSeen(lists) {
		return profile.BandSet{}, meanwhile()
	}
	set, err := JudgeBands(lists, c.From, c.Bands, tx.Now)
	if err != nil {
		return set, err
	}
	if err := uncounted(ctx, tx, set.From); err != nil {
		return set, err
	}
	for _, code := range set.Bands {
		if _, ok := lists.Entry(profile.AgeBand, code); ok {
			continue
		}
		e := profile.Entry{List: profile.AgeBand, Code: code, Place: behind(lists.All(profile.AgeBand)), Names: []profile.Named{profile.BandName(code)}}
		if err := profile.Insert(ctx, tx, e); err != nil {
			return set, err
		}
	}
	err = tx.Try(ctx, func() error { return profile.InsertBands(ctx, tx, set) })
	if storage.Violates(err, "age_band_set_day") {
		return set, fault.At("from", "programme.bands.fault.day_taken")
	}
	if err != nil {
		return set, err
	}
	return set, noteBands(ctx, tx, c.Actor, "programme.audit.bands", set)
}

// LookAtBands gives the set as SetBands would write it now, and the same faults, and writes
// nothing.
func (s *Service) LookAtBands(ctx context.Context, tx *storage.Tx, c SetBands) (profile.BandSet, error) {
	if err := s.May(ctx, tx, c.Actor); err != nil {
		return profile.BandSet{}, err
	}
	lists, err := s.programme.Lists(ctx, tx)
	if err != nil {
		return profile.BandSet{}, err
	}
	set, err := JudgeBands(lists, c.From, c.Bands, tx.Now)
	if err != nil {
		return set, err
	}
	return set, uncounted(ctx, tx, set.From)
}

// TakeBackBands is that a set of age bands which has not begun shall not come.
type TakeBackBands struct {
	Actor access.Actor
	Seen  string // BandsSeen of the lists that she saw
	From  string // the day from which it would hold
}

// TakeBackBands takes back a set of age bands that is to come. Its bands keep their names.
// NotFound; Invalid when it has begun, begins within the hour, or something is counted by
// it already; Conflict, Forbidden.
func (s *Service) TakeBackBands(ctx context.Context, tx *storage.Tx, c TakeBackBands) error {
	lists, err := s.begin(ctx, tx, c.Actor)
	if err != nil {
		return err
	}
	if c.Seen != BandsSeen(lists) {
		return meanwhile()
	}
	i := slices.IndexFunc(lists.BandSets(), func(set profile.BandSet) bool { return set.From == c.From })
	if i < 0 {
		return Unknown()
	}
	if !MayTakeBack(lists.BandSets()[i], tx.Now) {
		return fault.New(fault.Invalid, "programme.bands.fault.begun")
	}
	if err := uncounted(ctx, tx, c.From); err != nil {
		return err
	}
	if _, err := profile.DeleteBands(ctx, tx, c.From); err != nil {
		return err
	}
	return noteBands(ctx, tx, c.Actor, "programme.audit.bands_back", lists.BandSets()[i])
}

func noteBands(ctx context.Context, tx *storage.Tx, actor access.Actor, action string, set profile.BandSet) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: action, Detail: set.From + ": " + strings.Join(set.Bands, " ")})
}

// MayTakeBack reports whether a set is still so far ahead that it may be taken back.
func MayTakeBack(set profile.BandSet, now time.Time) bool {
	return set.From >= EarliestBands(now)
}

// EarliestBands is the first day from which other age bands may hold.
func EarliestBands(now time.Time) string {
	return profile.Day(now.Add(bandsLead).AddDate(0, 0, 1))
}

// BandsSeen names the sets of age bands as they stand: whoever has seen others has to look again.
func BandsSeen(lists *profile.Lists) string {
	var out []string
	for _, set := range lists.BandSets() {
		out = append(out, set.From+"="+strings.Join(set.Bands, ","))
	}
	return strings.Join(out, ";")
}

// uncounted refuses a day when a fact is of it or of a later one.
func uncounted(ctx context.Context, tx *storage.Tx, from string) error {
	counted, err := ledger.AnySince(ctx, tx, ledger.Day(from))
	if err == nil && counted {
		return fault.At("from", "programme.bands.fault.counted")
	}
	return err
}

// JudgeBands finds what is wrong with a set of age bands, and gives it as it is kept, but
// for whether something is counted for its days already.
func JudgeBands(lists *profile.Lists, from string, bands []profile.Ages, now time.Time) (profile.BandSet, error) {
	var form fault.Form
	sets := lists.BandSets()
	early := EarliestBands(now)
	switch {
	case !goodDay(from):
		form.Add("from", "programme.bands.fault.day")
	case from < early:
		form.Add("from", "programme.bands.fault.early", fault.Args{"day": dayInWords(early)})
	case slices.ContainsFunc(sets, func(s profile.BandSet) bool { return s.From == from }):
		form.Add("from", "programme.bands.fault.day_taken")
	}
	form.Check(len(sets) < mostBandSets, "from", "programme.lists.fault.many", fault.Args{"count": mostBandSets})
	set := profile.BandSet{From: from, Bands: checkBands(&form, bands)}
	if form.Err() != nil {
		return set, form.Err()
	}
	added := 0
	for _, code := range set.Bands {
		if _, ok := lists.Entry(profile.AgeBand, code); !ok {
			added++
		}
	}
	form.Check(len(lists.All(profile.AgeBand))+added <= mostAllBands, AgesFromField(0), "programme.lists.fault.many", fault.Args{"count": mostAllBands})
	form.Check(!slices.Equal(set.Bands, lists.BandsOn(startOf(from)).Bands), AgesFromField(0), "programme.bands.fault.same")
	return set, form.Err()
}

// startOf is the first moment of a written day in Bishkek.
func startOf(day string) time.Time {
	at, _ := time.ParseInLocation(time.DateOnly, day, i18n.Bishkek())
	return at
}

// dayInWords writes a day in each language.
func dayInWords(day string) i18n.Text {
	at := startOf(day)
	return i18n.Text{Ky: i18n.Date(i18n.Kyrgyz, at), Ru: i18n.Date(i18n.Russian, at), En: i18n.Date(i18n.English, at)}
}

// checkBands looks at the bounds of all bands together: every age from the youngest on lies
// in exactly one. It gives their codes, the youngest first.
func checkBands(form *fault.Form, bands []profile.Ages) (codes []string) {
	type row struct {
		at int // in the form
		profile.Ages
	}
	rows := make([]row, len(bands))
	within := func(field string, age int) bool {
		good := age >= 0 && age <= profile.OldestAge
		form.Check(good, field, "programme.bands.fault.age", fault.Args{"count": profile.OldestAge})
		return good
	}
	for i, b := range bands {
		rows[i] = row{i, b}
		if within(AgesFromField(i), b.From) && within(AgesToField(i), b.To) {
			form.Check(b.To == 0 || b.To >= b.From, AgesToField(i), "programme.bands.fault.order")
		}
	}
	form.Check(len(bands) >= LeastBands, AgesFromField(max(len(bands)-1, 0)), "programme.bands.fault.few", fault.Args{"count": LeastBands})
	form.Check(len(bands) <= MostBands, AgesFromField(0), "programme.bands.fault.many", fault.Args{"count": MostBands})
	if form.Err() != nil {
		return nil
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.From, b.From) })
	form.Check(rows[0].From <= profile.YoungestBegins, AgesFromField(rows[0].at), "programme.bands.fault.youngest", fault.Args{"count": profile.YoungestBegins})
	for i, b := range rows {
		codes = append(codes, b.Code())
		if i == len(rows)-1 {
			form.Check(b.To == 0, AgesToField(b.at), "programme.bands.fault.end")
			break
		}
		next := rows[i+1]
		switch {
		case b.To == 0:
			form.Add(AgesToField(b.at), "programme.bands.fault.no_end")
		case next.From <= b.To:
			form.Add(AgesFromField(next.at), "programme.bands.fault.overlap", fault.Args{"ages": stretch(next.From, overlapEnd(b.Ages, next.Ages))})
		case next.From > b.To+1:
			form.Add(AgesFromField(next.at), "programme.bands.fault.gap", fault.Args{"ages": stretch(b.To+1, next.From-1)})
		}
	}
	return codes
}

// stretch writes ages from one to another.
func stretch(from, to int) string {
	if from == to {
		return strconv.Itoa(from)
	}
	return strconv.Itoa(from) + "–" + strconv.Itoa(to)
}

// overlapEnd is the last age that lies in two bands, of which the first has an end.
func overlapEnd(a, b profile.Ages) int {
	if b.To == 0 {
		return a.To
	}
	return min(a.To, b.To)
}
