package people

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
)

// A file that was uploaded is kept until it is confirmed; then what became of its rows
// is kept in its place, sealed, so that it can be seen again. Both go after importKept.
// Each piece of rows goes in with its part of the result in one transaction, and at
// most once: an import that was broken off goes on where it stopped, and two at once
// share the pieces.

const (
	fieldImport       = "person_import.sealed"
	fieldImportPart   = "person_import_part.sealed"
	fieldImportResult = "person_import.result"

	importKept    = 24 * time.Hour
	deleteImports = `DELETE FROM person_import WHERE made_at < $1 AND done_at < $1`
)

// keptImport is an import as it is kept. Raw is its file, nil once it is done.
type keptImport struct {
	id   storage.ID
	name string // the ending of the file's name
	raw  []byte
	done bool
	all  importWhole
}

// importWhole is what the result says of the file as a whole.
type importWhole struct {
	Looked  int // how many were to be added when it was confirmed
	Ignored []string
	Left    []sheet.Left
	Unseen  []Unseen
	Shared  []Shared
	Sharers [][]string
}

// importPart is what became of one piece of rows.
type importPart struct {
	Rows, Added, Known, Bad int
	NotAdded                []NotAdded
}

// KeepImport keeps an uploaded file until it is confirmed, sealed, and gives the id under
// which its person finds it.
func (s *Service) KeepImport(ctx context.Context, tx *storage.Tx, by storage.ID, filename string, raw []byte) (storage.ID, error) {
	if _, err := tx.Exec(ctx, deleteImports, storage.Micros(tx.Now.Add(-importKept))); err != nil {
		return storage.ID{}, err
	}
	id := tx.NewID()
	_, err := tx.Exec(ctx, `INSERT INTO person_import (id, by_id, name, sealed, made_at) VALUES ($1, $2, $3, $4, $5)`,
		id, by, filepath.Ext(filename), s.keys.Seal(id[:], fieldImport, raw), storage.Micros(tx.Now))
	return id, err
}

// Imported is an import as its person sees it.
type Imported struct {
	ID     storage.ID
	Begun  bool // rows are in
	Done   bool // all are
	Looked int  // how many were to be added when it was confirmed
	Report Report

	file keptImport
}

// Imported gives an import of a person with what became of its rows so far. Gone when
// there is none, or its time is over.
func (s *Service) Imported(ctx context.Context, tx *storage.Tx, id, by storage.ID) (i Imported, err error) {
	if i.file, err = s.kept(ctx, tx, id, by); err != nil {
		return i, err
	}
	i.ID, i.Done, i.Looked = i.file.id, i.file.done, i.file.all.Looked
	i.Report, i.Begun, err = s.importResult(ctx, tx, i.file)
	return i, err
}

// Foresee tells what would become of the rows of an import that has not begun.
func (s *Service) Foresee(ctx context.Context, i Imported) (Report, error) {
	return s.ImportFile(ctx, s.store, bytes.NewReader(i.file.raw), i.file.name, true)
}

// kept gives an import of a person. Gone when there is none, or its time is over.
func (s *Service) kept(ctx context.Context, tx *storage.Tx, id, by storage.ID) (k keptImport, err error) {
	k.id = id
	var box, result []byte
	var doneAt int64
	err = tx.QueryRow(ctx, `SELECT name, sealed, result, done_at
		FROM person_import
		WHERE id = $1 AND by_id = $2 AND (made_at > $3 OR done_at > $3)`,
		id, by, storage.Micros(tx.Now.Add(-importKept))).Scan(&k.name, &box, &result, &doneAt)
	if errors.Is(err, sql.ErrNoRows) {
		return k, fault.New(fault.Gone, "people.fault.import_gone")
	}
	if err != nil {
		return k, err
	}
	if k.done = doneAt != 0; !k.done {
		k.raw, err = s.keys.Open(id[:], fieldImport, box)
		return k, err
	}
	return k, s.openJSON(id, fieldImportResult, result, &k.all)
}

// isDone is kept for who needs nothing of the file, which is large and sealed.
func (s *Service) isDone(ctx context.Context, tx *storage.Tx, id, by storage.ID) (bool, error) {
	var doneAt int64
	err := tx.QueryRow(ctx, `SELECT done_at
		FROM person_import
		WHERE id = $1 AND by_id = $2 AND (made_at > $3 OR done_at > $3)`,
		id, by, storage.Micros(tx.Now.Add(-importKept))).Scan(&doneAt)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.Gone, "people.fault.import_gone")
	}
	return doneAt != 0, err
}

// ConfirmImport says yes to a kept file: Looked is how many were to be added when its
// people were looked at, below 0 when that is not known.
type ConfirmImport struct {
	ID     storage.ID
	Actor  access.Actor
	Looked int
}

// TakeImport brings the people of a kept file in, as it was confirmed. Done once, it
// does nothing more. Forbidden for who may not import, Gone for another's file.
func (s *Service) TakeImport(ctx context.Context, cmd ConfirmImport) error {
	if err := MayImport(cmd.Actor); err != nil {
		return err
	}
	id, by := cmd.ID, cmd.Actor.Person
	var k keptImport
	if err := s.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		k, err = s.kept(ctx, tx, id, by)
		return err
	}); err != nil || k.done {
		return err
	}
	list, whole, err := readList(k.raw, k.name)
	if err != nil {
		return err
	}
	seen, at := told{}, 0
	for part := range slices.Chunk(list, pieceRows) {
		var seenNow told
		if err := s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
			seenNow, err = s.takePiece(ctx, tx, id, by, at, part, seen)
			return err
		}); err != nil {
			return err
		}
		seen.join(seenNow)
		at += len(part)
	}
	all := importWhole{Looked: cmd.Looked, Ignored: whole.Ignored, Left: whole.Left, Unseen: whole.Unseen}
	all.Shared, all.Sharers = seen.shared()
	box, err := s.sealJSON(id, fieldImportResult, all)
	if err != nil {
		return err
	}
	return s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE person_import
			SET done_at = $1, sealed = $2, result = $3
			WHERE id = $4 AND done_at = 0`, storage.Micros(tx.Now), []byte{}, box, id)
		if err != nil || n == 0 {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "people.audit.imported"})
	})
}

// takePiece brings the rows of one piece in, unless they went in before: then it only
// tells who is in them.
func (s *Service) takePiece(ctx context.Context, tx *storage.Tx, id, by storage.ID, at int, part []listRow, seen told) (told, error) {
	if done, err := s.isDone(ctx, tx, id, by); err != nil {
		return nil, err // it was deleted while it ran
	} else if done {
		return told{}, nil
	}
	n, err := tx.Exec(ctx, `INSERT INTO person_import_part (import_id, at_row, sealed)
		VALUES ($1, $2, $3)
		ON CONFLICT (import_id, at_row) DO NOTHING`, id, at, []byte{})
	if err != nil {
		return nil, err
	}
	now, seenNow, err := s.importPiece(ctx, tx, part, n == 0, seen)
	if err != nil || n == 0 {
		return seenNow, err
	}
	box, err := s.sealJSON(id, fieldImportPart, importPart{now.Rows, now.Added, now.Known, now.Bad, now.NotAdded})
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `UPDATE person_import_part SET sealed = $1 WHERE import_id = $2 AND at_row = $3`, box, id, at)
	return seenNow, err
}

// importResult gives what became of the rows that are in by now; begun is false when
// none are.
func (s *Service) importResult(ctx context.Context, tx *storage.Tx, k keptImport) (rep Report, begun bool, err error) {
	boxes, err := storage.All(ctx, tx, func(row storage.Scanner) (box []byte, err error) {
		err = row.Scan(&box)
		return box, err
	}, `SELECT sealed FROM person_import_part WHERE import_id = $1 ORDER BY at_row`, k.id)
	if err != nil {
		return rep, false, err
	}
	for _, box := range boxes {
		var part importPart
		if err := s.openJSON(k.id, fieldImportPart, box, &part); err != nil {
			return rep, false, err
		}
		rep.add(Report{Rows: part.Rows, Added: part.Added, Known: part.Known, Bad: part.Bad, NotAdded: part.NotAdded})
	}
	rep.Ignored, rep.Left, rep.Unseen, rep.Shared, rep.Sharers = k.all.Ignored, k.all.Left, k.all.Unseen, k.all.Shared, k.all.Sharers
	for _, n := range rep.NotAdded {
		for _, p := range n.Problems {
			p.Fault.Args = wholeArgs(p.Fault.Args)
		}
	}
	return rep, k.done || len(boxes) > 0, nil
}

// wholeArgs gives whole numbers back as such, which JSON knows no more.
func wholeArgs(args fault.Args) fault.Args {
	for name, v := range args {
		if x, ok := v.(float64); ok && x == math.Trunc(x) {
			args[name] = int(x)
		}
	}
	return args
}

// forgetInImports takes a person out of what is kept of imports: files that wait to be
// confirmed may hold her and go, and of results her rows keep their numbers alone.
func (s *Service) forgetInImports(ctx context.Context, tx *storage.Tx, ids []storage.ID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM person_import WHERE done_at = 0`); err != nil {
		return err
	}
	names := map[string]bool{}
	for _, id := range ids {
		rows, err := storage.All(ctx, tx, scanRow, `SELECT `+columns+` FROM person WHERE id = $1`, id)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if p, err := s.open(r); err == nil { // a box that opens no more hides its name from everybody
				names[nameKey(p.FullName)] = true
			}
		}
	}
	type kept struct {
		id  storage.ID
		at  int64
		box []byte
	}
	read := func(row storage.Scanner) (k kept, err error) {
		err = row.Scan(&k.id, &k.at, &k.box)
		return k, err
	}
	parts, err := storage.All(ctx, tx, read, `SELECT import_id, at_row, sealed FROM person_import_part`)
	if err != nil {
		return err
	}
	for _, k := range parts {
		var part importPart
		if err := s.openJSON(k.id, fieldImportPart, k.box, &part); err != nil {
			return err
		}
		hers := false
		for i, n := range part.NotAdded {
			if names[nameKey(n.Name)] {
				part.NotAdded[i], hers = NotAdded{Place: n.Place, Known: n.Known, Erased: true}, true
			}
		}
		if !hers {
			continue
		}
		box, err := s.sealJSON(k.id, fieldImportPart, part)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE person_import_part SET sealed = $1 WHERE import_id = $2 AND at_row = $3`, box, k.id, k.at); err != nil {
			return err
		}
	}
	wholes, err := storage.All(ctx, tx, read, `SELECT id, done_at, result FROM person_import`)
	if err != nil {
		return err
	}
	for _, k := range wholes {
		var all importWhole
		if err := s.openJSON(k.id, fieldImportResult, k.box, &all); err != nil {
			return err
		}
		hers := false
		for _, sharers := range all.Sharers {
			for i, name := range sharers {
				if names[nameKey(name)] {
					sharers[i], hers = "", true
				}
			}
		}
		if !hers {
			continue
		}
		box, err := s.sealJSON(k.id, fieldImportResult, all)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE person_import SET result = $1 WHERE id = $2`, box, k.id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) sealJSON(id storage.ID, field string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.keys.Seal(id[:], field, plain), nil
}

func (s *Service) openJSON(id storage.ID, field string, box []byte, into any) error {
	plain, err := s.keys.Open(id[:], field, box)
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, into)
}
