package sheet

import (
	"errors"
	"fmt"
)

// Bounds say how much of a file is read. What is beyond them is refused with an
// *Error that wraps ErrBound, before it is unfolded.
type Bounds struct {
	Bytes    int // of the file
	Unpacked int // bytes of an XLSX file when all its parts are unpacked
	Rows     int // with anything in them, with the header
	Columns  int
	Cells    int // of an XLSX file, with anything in them
	Strings  int // texts that the cells of an XLSX file share
}

// Commands is what a command reads of a file of its own machine: exports of
// conversations have a column for each statement and a row for each person.
var Commands = Bounds{Bytes: 1 << 30, Unpacked: 256 << 20, Rows: 50_000_000, Columns: 100_000, Cells: 10_000_000, Strings: 2_000_000}

// Uploads is what is read of a file that came by the web: a list of people, not
// an archive.
var Uploads = Bounds{Bytes: 5 << 20, Unpacked: 64 << 20, Rows: 20_001, Columns: 1_000, Cells: 1_000_000, Strings: 500_000}

// ErrBound is in every *Error of a file that holds more than is read.
var ErrBound = errors.New("more than is read")

// Bounds of every XLSX file.
const (
	maxLine   = 1_048_576 // rows that a spreadsheet has
	maxColumn = 16_384    // and columns, XFD
	maxParts  = 10_000    // files in the archive
	maxTabs   = 1_000     // sheets
	maxBook   = 4 << 20   // bytes of the list of sheets
	maxPiece  = 1 << 20   // bytes of one value, or of an element with its attributes
)

func beyond(line, column int, format string, args ...any) *Error {
	return &Error{Line: line, Column: column, Kind: TooMany, Text: fmt.Sprintf(format, args...), cause: ErrBound}
}
