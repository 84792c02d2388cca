package exports

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
)

// State is where a table stands.
type State string

// The states.
const (
	making State = "making"
	ready  State = "ready"
	stands State = "stands" // no part was made for some time: the administrator sees why
	rights State = "rights" // who asked may not any more
	other  State = "other"  // her roles are others than when it was made
)

// Table is a long table that somebody has asked for.
type Table struct {
	ID                storage.ID
	Person            storage.ID // who asked
	Kind              string
	Lang              i18n.Language
	Columns           []string
	Asked, Moved, End time.Time
	Parts, Made       int // pieces, and those that are made
	Rows, Done        int // rows, and those that are made
	reach, ended      string
}

// state tells where the table stands for who has these roles at this moment.
func (t Table) state(grants []access.Grant, now time.Time) State {
	switch {
	case t.ended != "":
		return rights
	case t.reach != reachOf(grants):
		return other
	case t.Made == t.Parts:
		return ready
	case now.Sub(t.Moved) > still:
		return stands
	}
	return making
}

// reachOf is the same for the same roles in the same places.
func reachOf(grants []access.Grant) string {
	var words []string
	for _, g := range grants {
		if g.Role.Helps() { // of which no table is made; it comes and goes by the day
			continue
		}
		words = append(words, strings.Join([]string{string(g.Role), g.Scope.Programme.String(), g.Scope.City, g.Scope.Activity.String()}, "/"))
	}
	slices.Sort(words)
	sum := sha256.Sum256([]byte(strings.Join(words, "\n")))
	return hex.EncodeToString(sum[:])
}

const tableColumns = `SELECT e.id, e.person_id, e.kind, e.lang, e.columns, e.reach, e.ended, e.made_at, e.moved_at, e.ends_at,
		(SELECT COUNT(*) FROM list_export_part p WHERE p.export_id = e.id),
		(SELECT COUNT(*) FROM list_export_part p WHERE p.export_id = e.id AND p.made = 1),
		(SELECT CAST(COALESCE(SUM(p.count), 0) AS BIGINT) FROM list_export_part p WHERE p.export_id = e.id),
		(SELECT CAST(COALESCE(SUM(p.count), 0) AS BIGINT) FROM list_export_part p WHERE p.export_id = e.id AND p.made = 1)
	FROM list_export e `

func scanTable(row storage.Scanner) (t Table, err error) {
	var columns string
	var asked, moved, ends int64
	err = row.Scan(&t.ID, &t.Person, &t.Kind, &t.Lang, &columns, &t.reach, &t.ended, &asked, &moved, &ends, &t.Parts, &t.Made, &t.Rows, &t.Done)
	t.Asked, t.Moved, t.End = storage.Instant(asked), storage.Instant(moved), storage.Instant(ends)
	if err == nil {
		err = json.Unmarshal([]byte(columns), &t.Columns)
	}
	return t, err
}

// mine gives the tables of a person that are not over, those asked for last first.
func mine(ctx context.Context, tx *storage.Tx, person storage.ID) ([]Table, error) {
	return storage.All(ctx, tx, scanTable, tableColumns+`WHERE e.person_id = $1 AND e.ends_at > $2 ORDER BY e.made_at DESC, e.id DESC`, person, storage.Micros(tx.Now))
}

// byID gives a table of a person. NotFound when it is another's, over, or was given up.
func byID(ctx context.Context, tx *storage.Tx, person, id storage.ID) (Table, error) {
	t, err := storage.One(ctx, tx, scanTable, tableColumns+`WHERE e.id = $1 AND e.person_id = $2 AND e.ends_at > $3`, id, person, storage.Micros(tx.Now))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault.New(fault.NotFound, "exports.fault.gone")
	}
	return t, err
}

// box is what a part holds. It names its place, so that none stands for another.
type box struct {
	Table   storage.ID `json:"table"`
	Place   int        `json:"place"`
	Entries []entry    `json:"entries"`
}

// entry is a row: an id before it is made, then whose it is, and its cells.
type entry struct {
	ID     storage.ID    `json:"id,omitzero"`
	Person storage.ID    `json:"person,omitzero"`
	Cells  []sheet.Value `json:"cells,omitempty"`
}

// of reports whether the row is of a person, or names her.
func (e entry) of(person storage.ID) bool { return e.ID == person || e.Person == person }

func entriesOf(rows []module.ExportRow) []entry {
	out := make([]entry, len(rows))
	for i, r := range rows {
		out[i] = entry{Person: r.Person, Cells: r.Cells}
	}
	return out
}

// seal closes a part for who asked.
func (s *Service) seal(ctx context.Context, tx *storage.Tx, person storage.ID, b box) ([]byte, error) {
	plain, err := json.Marshal(b)
	if err != nil {
		return nil, err
	}
	return s.People.Seal(ctx, tx, person, plain)
}

// errMoved says that a part stands in the place of another.
var errMoved = errors.New("a part of a table is not the one of its place")

// unseal opens a part.
func (s *Service) unseal(ctx context.Context, tx *storage.Tx, person, table storage.ID, place int, sealed []byte) (b box, err error) {
	plain, err := s.People.Unseal(ctx, tx, person, sealed)
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(plain, &b); err != nil {
		return b, err
	}
	if b.Table != table || b.Place != place {
		return b, errMoved
	}
	return b, nil
}

func scanBytes(row storage.Scanner) (b []byte, err error) {
	err = row.Scan(&b)
	return b, err
}
