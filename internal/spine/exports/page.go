package exports

import (
	"context"
	"net/http"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

// Format is the form of a table.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// FormatOf reads which form of table a page asks for: CSV unless it says otherwise.
func FormatOf(r *web.Request) Format {
	if r.PostFormValue("format") == string(XLSX) {
		return XLSX
	}
	return CSV
}

// Begin begins an answer with a table: nothing of it is kept by anybody on the way.
func Begin(r *web.Request, kind module.Export, say *i18n.Printer, now time.Time, format Format) (sheet.Writer, error) {
	typ := sheet.TypeCSV
	if format == XLSX {
		typ = sheet.TypeXLSX
	}
	h := r.W.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", typ)
	h.Set("Content-Disposition", `attachment; filename="`+kind.Kind+"-"+now.In(i18n.Bishkek()).Format(time.DateOnly)+"."+string(format)+`"`)
	if format == XLSX {
		return sheet.NewXLSX(r.W, say.T(kind.Tab))
	}
	return sheet.NewCSV(r.W, say.Lang), nil
}

// shown is a table on the page.
type shown struct {
	Table
	State State
	Name  string
}

// tag is the colour of its state.
func (t shown) tag() string {
	switch t.State {
	case ready:
		return "good"
	case making:
		return "wait"
	}
	return "bad"
}

// page shows the tables of who asks, with how far each is.
func (s *Service) page(r *web.Request) error {
	var list []shown
	if err := s.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		tables, err := mine(ctx, tx, r.Actor.Person)
		if err != nil {
			return err
		}
		now, err := s.actor(ctx, tx, r.Actor.Person)
		if err != nil {
			return err
		}
		for _, t := range tables {
			name := r.Say.T("exports.other")
			if kind, there := s.kind(t.Kind); there {
				name = r.Say.T(kind.Text)
			}
			list = append(list, shown{t, t.state(now.Grants, tx.Now), name})
		}
		return nil
	}); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, tables(r, list))
}

func idOf(r *web.Request) (storage.ID, error) {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return id, fault.New(fault.NotFound, "exports.fault.gone")
	}
	return id, nil
}

// take sends a table that is ready, piece by piece.
func (s *Service) take(r *web.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	var t Table
	var kind module.Export
	if err := s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		t, kind, err = s.BeginTake(ctx, tx, r.Actor, id)
		return err
	}); err != nil {
		return err
	}
	say := s.say.Printer(t.Lang)
	out, err := Begin(r, kind, say, t.Asked, FormatOf(r))
	if err != nil {
		return err
	}
	if err := out.Row(sheet.Texts(kind.Head(module.Exported{Actor: r.Actor, Lang: t.Lang, Say: say, Columns: t.Columns})...)); err != nil {
		return err
	}
	control := http.NewResponseController(r.W)
	for place := range t.Parts {
		var rows [][]sheet.Value
		if err := s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			rows, err = s.TakePiece(ctx, tx, r.Actor, id, place)
			return err
		}); err != nil {
			return err
		}
		_ = control.SetWriteDeadline(time.Now().Add(time.Minute)) // a long table takes longer than a page may
		for _, row := range rows {
			if err := out.Row(row); err != nil {
				return err
			}
		}
	}
	return out.Close()
}

// cancel gives a table up.
func (s *Service) cancel(r *web.Request) error {
	id, err := idOf(r)
	if err != nil {
		return err
	}
	if err := s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return Cancel(ctx, tx, r.Actor.Person, id)
	}); err != nil {
		return err
	}
	r.SetFlash("good", "exports.cancelled")
	return r.Redirect(Path)
}
