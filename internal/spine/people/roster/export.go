package roster

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/exports"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// exportKind names the table of people.
const exportKind = "people"

// exportPiece is how many people of an export are opened, noted and sent at a time.
const exportPiece = 500

// exportTicked is sent with the button for those who are ticked; its value is the format.
// Pressed before anybody is ticked, it asks for nobody.
const exportTicked = "ticked"

// inFile is what a person reads in her log when she was in a table.
const inFile = "people.audit.in_file"

// export is the list of people as a table of any length.
func (s *Pages) export() module.Export {
	return module.Export{
		Kind: exportKind, Text: "people.list.title", Tab: "people.list.export_tab", Needs: "people.view", Look: inFile,
		Head: func(of module.Exported) []string {
			head := []string{profile.Of(profile.FullName).Label(of.Say)}
			for _, c := range s.exported(of) {
				head = append(head, c.label)
			}
			return head
		},
		Rows: func(ctx context.Context, tx *storage.Tx, of module.Exported, ids []storage.ID) (out []module.ExportRow, err error) {
			shown, err := s.people.ShownIn(ctx, tx, of.Actor, ids)
			columns := s.exported(of)
			for _, who := range shown {
				out = append(out, module.ExportRow{Person: who.ID, Cells: cells(who, columns)})
			}
			return out, err
		},
	}
}

// exported are the columns of a table beside the name.
func (s *Pages) exported(of module.Exported) []column {
	return slices.DeleteFunc(s.listIn(of.Say).fields(of.Say), func(c column) bool { return !slices.Contains(of.Columns, c.name) })
}

func cells(who people.Person, columns []column) []sheet.Value {
	row := []sheet.Value{sheet.Text(who.FullName)}
	for _, c := range columns {
		if c.name == byMade {
			row = append(row, sheet.Moment(who.Made))
		} else {
			row = append(row, sheet.Text(c.text(who)))
		}
	}
	return row
}

// sendList gives the people of a view, or those who were ticked, as a table. A short one
// is sent while it is made: piece by piece people are opened, each gets a line in her log,
// and only then her row leaves; no more than a piece is in memory, and nothing on a disk.
// A long one is made beside (spine/exports).
func (s *Pages) sendList(r *web.Request) error {
	p, q := s.readList(r)
	ids, picked := []storage.ID(nil), kit.Picked(r)
	for _, text := range picked {
		if id, err := storage.ParseID(text); err == nil {
			ids = append(ids, id)
		}
	}
	if len(picked) == 0 {
		if r.PostFormValue(exportTicked) != "" {
			return fault.New(fault.Invalid, "people.fault.nobody_ticked")
		}
		if done, err := p.View.Lost(r); done {
			return err
		}
		found, err := s.people.List(r.Context(), q)
		if err != nil {
			return err
		}
		ids = found.IDs
	}
	of := module.Exported{Actor: r.Actor, Lang: r.Lang, Say: r.Say}
	for _, c := range p.fields(r.Say) {
		if p.View.Shows(c.name) {
			of.Columns = append(of.Columns, c.name)
		}
	}
	if s.exports.TooLong(len(ids)) {
		return s.exports.AskFrom(r, exports.Ask{Kind: exportKind, Columns: of.Columns, Rows: ids})
	}
	kind := s.export()
	format := exports.FormatOf(r)
	if ticked := r.PostFormValue(exportTicked); ticked != "" {
		format = exports.Format(ticked)
	}
	out, err := exports.Begin(r, kind, r.Say, s.store.Now(), format)
	if err != nil {
		return err
	}
	if err := out.Row(sheet.Texts(kind.Head(of)...)); err != nil {
		return err
	}
	control, columns := http.NewResponseController(r.W), s.exported(of)
	for piece := range slices.Chunk(ids, exportPiece) {
		shown, err := s.people.Shown(r.Context(), r.Actor, piece)
		if err != nil {
			return err
		}
		if err := s.noteLooks(r, inFile, strconv.Itoa(len(shown)), shown...); err != nil {
			return err
		}
		_ = control.SetWriteDeadline(time.Now().Add(time.Minute)) // a long table takes longer than a page may
		for _, who := range shown {
			if err := out.Row(cells(who, columns)); err != nil {
				return err
			}
		}
	}
	return out.Close()
}
