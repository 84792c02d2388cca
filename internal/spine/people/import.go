package people

import (
	"context"
	"io"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
)

// MaxImport is the most bytes of an import file.
const MaxImport = 5 << 20

// Report tells what an import did, or would do. Of the rows with anything in them
// below a header each is added, known or bad, and those known and bad are named.
type Report struct {
	Rows     int
	Added    int
	Known    int // were there already, or stood twice in the file
	Bad      int // rows with a problem, left out
	Problems []Problem
	There    []There    // the known rows
	NotAdded []NotAdded // the known and the bad rows, in their order
	Shared   []Shared   // different people with one address or phone
	Sharers  [][]string // the names of each row of Shared, as they stand in the file
	Ignored  []string   // columns whose names mean nothing here
	Left     []sheet.Left
	Unseen   []Unseen
}

// Place is a row of the file, as a spreadsheet shows it. Tab is the sheet, empty
// where the file has one.
type Place struct {
	Tab string
	Row int
}

// Problem is one thing that is wrong in one cell. Row and Column count from 1, as
// a spreadsheet shows them, Column is 0 for the row as a whole; Name is the
// column's header, or else the field that is missing.
type Problem struct {
	Place
	Column int
	Name   string
	Fault  *fault.Error
}

// There is a row whose person is known: from the row As of the same file, or from
// the register where that is the zero Place.
type There struct {
	Place
	As Place
}

// NotAdded is a row that was not added: its person is known, from the row As or from
// the register, or it has problems.
type NotAdded struct {
	Place
	Name     string // as it stands in the file, without what nobody sees
	Known    bool
	As       Place
	Problems []Problem `json:",omitempty"`
	Erased   bool      `json:",omitempty"` // she was erased since, so no name is left
}

// Shared are rows of different people with the same address or phone, as families
// have; Before says that somebody else in the register has it too.
type Shared struct {
	Kind   ContactKind
	Rows   []Place
	Before bool
}

// Sharing counts the rows that have an address or a phone of somebody else.
func (r Report) Sharing() int {
	rows := map[Place]bool{}
	for _, s := range r.Shared {
		for _, at := range s.Rows {
			rows[at] = true
		}
	}
	return len(rows)
}

func (r *Report) add(now Report) {
	r.Rows += now.Rows
	r.Added += now.Added
	r.Known += now.Known
	r.Bad += now.Bad
	r.Problems = append(r.Problems, now.Problems...)
	r.There = append(r.There, now.There...)
	r.NotAdded = append(r.NotAdded, now.NotAdded...)
}

// pieceRows is how many rows go in with one transaction, so that a long import lets
// others write between.
const pieceRows = 100

// Unseen is what a spreadsheet hides and was read all the same.
type Unseen struct {
	Tab     string
	Rows    []int
	Columns []string
}

// ImportFile takes people from a CSV or XLSX file: the good rows go in, the bad
// ones are reported. Who is there already is left as she is, so that a second
// import changes nothing. With dryRun nothing is written and the report says
// what would be. Invalid when the file as a whole cannot be read.
func (s *Service) ImportFile(ctx context.Context, store *storage.Store, file io.Reader, filename string, dryRun bool) (Report, error) {
	raw, err := io.ReadAll(io.LimitReader(file, MaxImport+1))
	if err != nil {
		return Report{}, err
	}
	if len(raw) > MaxImport {
		return Report{}, fault.New(fault.TooLarge, "fault.too_large", fault.Args{"megabytes": MaxImport >> 20})
	}
	list, total, err := readList(raw, filename)
	if err != nil {
		return Report{}, err
	}
	seen := told{}
	for part := range slices.Chunk(list, pieceRows) {
		var now Report
		var seenNow told
		take := func(ctx context.Context, tx *storage.Tx) (err error) {
			now, seenNow, err = s.importPiece(ctx, tx, part, dryRun, seen)
			return err
		}
		if dryRun {
			err = store.Read(ctx, take)
		} else {
			err = store.Write(ctx, take)
		}
		if err != nil {
			return total, err
		}
		seen.join(seenNow)
		total.add(now)
	}
	total.Shared, total.Sharers = seen.shared()
	return total, nil
}

// importPiece takes the rows of one transaction; seen are those of earlier pieces.
func (s *Service) importPiece(ctx context.Context, tx *storage.Tx, part []listRow, dryRun bool, seen told) (now Report, seenNow told, err error) {
	seenNow = told{}
	for _, row := range part {
		if err := s.importRow(ctx, tx, &now, row, dryRun, seen, seenNow); err != nil {
			return now, nil, err
		}
	}
	return now, seenNow, nil
}

// importRow takes one row. Rows of this piece are told in now, those of earlier
// ones in before.
func (s *Service) importRow(ctx context.Context, tx *storage.Tx, rep *Report, row listRow, dryRun bool, before, now told) error {
	rep.Rows++
	d, problems := row.details(s.Lists(), tx.Now)
	d = s.place(d)
	d, err := Tidy(s.Lists(), d, tx.Now)
	if err != nil {
		f := fault.Of(err)
		if f == nil {
			return err
		}
		for _, e := range f.Fields {
			if !slices.ContainsFunc(problems, func(p *fault.Error) bool { return p.Field == e.Field }) {
				problems = append(problems, e)
			}
		}
	}
	if len(problems)+len(row.problems) > 0 {
		rep.Bad++
		first := len(rep.Problems)
		rep.Problems = append(rep.Problems, row.problems...)
		for _, f := range problems {
			p := Problem{Place: row.Place, Fault: f, Name: f.Field}
			if c, ok := row.list.columnOf(f.Field); ok {
				p.Column, p.Name = c+1, row.list.names[c]
			}
			if !slices.ContainsFunc(row.problems, func(had Problem) bool { return had.Column == p.Column }) {
				rep.Problems = append(rep.Problems, p)
			}
		}
		rep.NotAdded = append(rep.NotAdded, NotAdded{Place: row.Place, Name: row.shownName(), Problems: slices.Clone(rep.Problems[first:])})
		return nil
	}
	_, there, err := s.Same(ctx, tx, d, nil)
	if err != nil {
		return err
	}
	as, again := before.same(d)
	if !again {
		as, again = now.same(d)
	}
	for _, c := range contacts(d) {
		list, err := s.WithContact(ctx, tx, c.Kind, c.Value)
		if err != nil {
			return err
		}
		now.tell(c, nameKey(d.FullName), toldRow{row.Place, row.shownName()}, list)
	}
	if there || again {
		rep.Known++
		rep.There = append(rep.There, There{row.Place, as})
		rep.NotAdded = append(rep.NotAdded, NotAdded{Place: row.Place, Name: row.shownName(), Known: true, As: as})
		return nil
	}
	rep.Added++
	if !dryRun {
		_, err = s.Register(ctx, tx, d)
	}
	return err
}

func contacts(d Details) (list []Contact) {
	if d.Email != "" {
		list = append(list, Contact{Kind: EmailContact, Value: d.Email})
	}
	if d.Phone != "" {
		list = append(list, Contact{Kind: PhoneContact, Value: d.Phone})
	}
	return list
}
