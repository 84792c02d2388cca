package people

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

const (
	fieldImport   = "person_import.sealed"
	importKept    = 24 * time.Hour
	shownProblems = 500
)

// mayImport is Forbidden for who may not bring people in everywhere.
func mayImport(actor access.Actor) error {
	if everywhere(actor, "people.import") {
		return nil
	}
	return fault.New(fault.Forbidden, "fault.forbidden")
}

func (s *Service) importPage(r *web.Request) error {
	if err := mayImport(r.Actor); err != nil {
		return err
	}
	return r.Page(http.StatusOK, importForm(r, nil))
}

// takeFile keeps an uploaded file until it is confirmed, after a first look at it.
func (s *Service) takeFile(r *web.Request) error {
	if err := mayImport(r.Actor); err != nil {
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
		if _, err := s.ImportFile(r.Context(), s.store, bytes.NewReader(raw), file.Name, true); err != nil {
			return err
		}
		return s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, deleteImports, storage.Micros(tx.Now.Add(-importKept))); err != nil {
				return err
			}
			id = tx.NewID()
			_, err := tx.Exec(ctx, `INSERT INTO person_import (id, by_id, name, sealed, made_at) VALUES ($1, $2, $3, $4, $5)`,
				id, r.Actor.Person, filepath.Ext(file.Name), s.keys.Seal(id[:], fieldImport, raw), storage.Micros(tx.Now))
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
func (s *Service) ownImport(r *web.Request) (k keptImport, rep Report, begun bool, err error) {
	if err := mayImport(r.Actor); err != nil {
		return k, rep, false, err
	}
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return k, rep, false, fault.New(fault.NotFound, "people.fault.import_gone")
	}
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if k, err = s.kept(ctx, tx, id, r.Actor.Person); err != nil {
			return err
		}
		rep, begun, err = s.importResult(ctx, tx, k)
		return err
	})
	return k, rep, begun, err
}

// importPageOf shows an import: what would become of its rows, or what became of them.
func (s *Service) importPageOf(r *web.Request) error {
	k, rep, begun, err := s.ownImport(r)
	if err != nil {
		return err
	}
	if !begun {
		if rep, err = s.ImportFile(r.Context(), s.store, bytes.NewReader(k.raw), k.name, true); err != nil {
			return err
		}
	}
	r.W.Header().Set("Cache-Control", "no-store")
	page := importedPage{ID: k.id, Report: rep, Done: k.done, Looked: k.all.Looked}
	page.paged(r.URL.Query().Get("page"))
	if !begun {
		return r.Page(http.StatusOK, importPreview(r, page))
	}
	return r.Page(http.StatusOK, importResult(r, page))
}

// confirmImport brings the file in and leads to what became of its rows.
func (s *Service) confirmImport(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "people.fault.import_gone")
	}
	looked, err := strconv.Atoi(r.PostFormValue("added"))
	if err != nil || looked < 0 {
		looked = -1 // nothing is said of it then
	}
	if err := s.takeImport(r.Context(), confirmation{id, r.Actor, looked}); err != nil {
		return err
	}
	return r.Redirect("/import/people/" + id.String())
}

// sendImported gives what became of the rows as a table: each that was not added, and
// each that shares an address or a phone.
func (s *Service) sendImported(r *web.Request) error {
	k, rep, _, err := s.ownImport(r)
	if err != nil {
		return err
	}
	if !k.done {
		return fault.New(fault.Conflict, "people.fault.import_running")
	}
	body, err := sheet.CSV(r.Lang, importedRows(r, rep))
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
