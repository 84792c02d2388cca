package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Named is what the directory of names knows of a person, for a list of another room that
// is searched, sorted and narrowed by it. No name can be read out of it: who is shown is
// opened from her box, as on the list of people.
type Named struct {
	There bool // false: erased, merged into another record, or not there yet
	Fits  bool // a search of EachNamed
	Rank  int  // her place by name

	Sex, Age, City, Group, Level string // codes, empty when she has not told; the age as she chose it
	Born                         int    // year, 0 when she has not told it
	Ways                         Ways   // Text: as far as the directory knows, any number may be written to
}

// EachNamed gives what the directory knows of people, in the order of the ids, with whether
// each fits a text (ListQuery.Text). It is for tens of thousands: use has to be quick and
// asks nothing of the database, since the directory stands still meanwhile.
func (s *Service) EachNamed(ctx context.Context, text string, ids []storage.ID, use func(i int, n Named)) error {
	fits, err := s.textFilter(ctx, text)
	if err != nil {
		return err
	}
	d := &s.directory
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := s.ready(ctx, d); err != nil { // under the lock that it is read with: it may be let go at any time
		return err
	}
	d.rank()
	word := func(p *listed, field int) string { return d.values[field].words[p.in[field]] }
	for i, id := range ids {
		p := d.byID[id]
		if p == nil {
			use(i, Named{})
			continue
		}
		n := Named{
			There: true, Fits: fits(p), Rank: int(p.rank),
			Sex: word(p, ofSex), Age: word(p, ofAge), City: word(p, ofCity), Group: word(p, ofGroup), Level: word(p, ofLevel), Born: int(p.born),
			Ways: Ways{Email: p.ways&byMail != 0, Chat: p.ways&byChat != 0, Phone: p.ways&byPhone != 0, Text: p.ways&byPhone != 0},
		}
		use(i, n)
	}
	return nil
}
