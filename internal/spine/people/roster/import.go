package roster

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// shownProblems is how many problems stand on a page.
const shownProblems = 500

func (s *Pages) importPage(r *web.Request) error {
	if err := people.MayImport(r.Actor); err != nil {
		return err
	}
	return r.Page(http.StatusOK, importForm(r, nil))
}

// takeFile keeps an uploaded file until it is confirmed, after a first look at it.
func (s *Pages) takeFile(r *web.Request) error {
	if err := people.MayImport(r.Actor); err != nil {
		return err
	}
	var id storage.ID
	err := func() error {
		chosen := r.Files("file")
		if len(chosen) == 0 {
			return fault.At("file", "people.fault.import_choose")
		}
		file := chosen[0]
		if f := file.Fault; f != nil {
			return fault.At("file", f.Key, f.Args)
		}
		raw, err := io.ReadAll(file.Open())
		if err != nil {
			return err
		}
		if _, err := s.people.ImportFile(r.Context(), s.store, bytes.NewReader(raw), file.Name, true); err != nil {
			return err
		}
		return s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			id, err = s.people.KeepImport(ctx, tx, r.Actor.Person, file.Name, raw)
			return err
		})
	}()
	if err != nil {
		f := fault.Of(err)
		if f == nil || f.Code != fault.Invalid && f.Code != fault.TooLarge {
			return err
		}
		return r.Page(web.Status(f.Code), importForm(r, f))
	}
	return r.Redirect("/import/people/" + id.String())
}

// ownImport reads an import of who asks, and what became of its rows.
func (s *Pages) ownImport(r *web.Request) (kept people.Imported, err error) {
	if err := people.MayImport(r.Actor); err != nil {
		return kept, err
	}
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return kept, fault.New(fault.NotFound, "people.fault.import_gone")
	}
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		kept, err = s.people.Imported(ctx, tx, id, r.Actor.Person)
		return err
	})
	return kept, err
}

// importPageOf shows an import: what would become of its rows, or what became of them.
func (s *Pages) importPageOf(r *web.Request) error {
	kept, err := s.ownImport(r)
	if err != nil {
		return err
	}
	if !kept.Begun {
		if kept.Report, err = s.people.Foresee(r.Context(), kept); err != nil {
			return err
		}
	}
	r.W.Header().Set("Cache-Control", "no-store")
	page := importedPage{ID: kept.ID, Report: kept.Report, Done: kept.Done, Looked: kept.Looked}
	page.paged(r.URL.Query().Get("page"))
	if !kept.Begun {
		return r.Page(http.StatusOK, importPreview(r, page))
	}
	return r.Page(http.StatusOK, importResult(r, page))
}

// confirmImport brings the file in and leads to what became of its rows.
func (s *Pages) confirmImport(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "people.fault.import_gone")
	}
	looked, err := strconv.Atoi(r.PostFormValue("added"))
	if err != nil || looked < 0 {
		looked = -1 // nothing is said of it then
	}
	if err := s.people.TakeImport(r.Context(), people.ConfirmImport{ID: id, Actor: r.Actor, Looked: looked}); err != nil {
		return err
	}
	return r.Redirect("/import/people/" + id.String())
}

// sendImported gives what became of the rows as a table: each that was not added, and
// each that shares an address or a phone.
func (s *Pages) sendImported(r *web.Request) error {
	kept, err := s.ownImport(r)
	if err != nil {
		return err
	}
	if !kept.Done {
		return fault.New(fault.Conflict, "people.fault.import_running")
	}
	body, err := sheet.CSV(r.Lang, importedRows(r, kept.Report))
	if err != nil {
		return err
	}
	h := r.W.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", sheet.TypeCSV)
	h.Set("Content-Disposition", `attachment; filename="import-result.csv"`)
	r.W.WriteHeader(http.StatusOK)
	_, err = r.W.Write(body)
	return err
}
