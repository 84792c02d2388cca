package people

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

const (
	fieldImport   = "person_import.sealed"
	importKept    = 24 * time.Hour
	shownProblems = 500
)

func (s *Service) mayImport(r *web.Request) error {
	if everywhere(r.Actor, "people.import") {
		return nil
	}
	return fault.New(fault.Forbidden, "fault.forbidden")
}

func (s *Service) importPage(r *web.Request) error {
	if err := s.mayImport(r); err != nil {
		return err
	}
	return r.Page(http.StatusOK, importForm(r, nil))
}

// takeFile keeps an uploaded file until it is confirmed, after a first look at it.
func (s *Service) takeFile(r *web.Request) error {
	if err := s.mayImport(r); err != nil {
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
			if _, err := tx.Exec(ctx, `DELETE FROM person_import WHERE made_at < $1`, storage.Micros(tx.Now.Add(-importKept))); err != nil {
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

// kept gives the file that waits for confirmation; only who brought it sees it.
func (s *Service) kept(ctx context.Context, tx *storage.Tx, r *web.Request) (id storage.ID, name string, raw []byte, err error) {
	if id, err = storage.ParseID(r.PathValue("id")); err != nil {
		return id, "", nil, fault.New(fault.NotFound, "people.fault.import_gone")
	}
	var box []byte
	err = tx.QueryRow(ctx, `SELECT name, sealed FROM person_import WHERE id = $1 AND by_id = $2 AND made_at > $3`,
		id, r.Actor.Person, storage.Micros(tx.Now.Add(-importKept))).Scan(&name, &box)
	if errors.Is(err, sql.ErrNoRows) {
		return id, "", nil, fault.New(fault.Gone, "people.fault.import_gone")
	}
	if err != nil {
		return id, "", nil, err
	}
	raw, err = s.keys.Open(id[:], fieldImport, box)
	return id, name, raw, err
}

func (s *Service) keptFile(r *web.Request) (id storage.ID, name string, raw []byte, err error) {
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		id, name, raw, err = s.kept(ctx, tx, r)
		return err
	})
	return id, name, raw, err
}

func (s *Service) previewPage(r *web.Request) error {
	if err := s.mayImport(r); err != nil {
		return err
	}
	id, name, raw, err := s.keptFile(r)
	if err != nil {
		return err
	}
	report, err := s.ImportFile(r.Context(), s.store, bytes.NewReader(raw), name, true)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, importPreview(r, id, report))
}

func (s *Service) confirmImport(r *web.Request) error {
	if err := s.mayImport(r); err != nil {
		return err
	}
	id, name, raw, err := s.keptFile(r)
	if err != nil {
		return err
	}
	report, err := s.ImportFile(r.Context(), s.store, bytes.NewReader(raw), name, false)
	if err != nil {
		return err
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM person_import WHERE id = $1`, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Action: "people.audit.imported"})
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.import.done", "added", report.Added, "known", report.Known, "bad", report.Bad)
	return r.Redirect("/people")
}
