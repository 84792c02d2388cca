package exports

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

// Ask asks for a table of rows of a list.
type Ask struct {
	Actor   access.Actor
	Lang    i18n.Language
	Kind    string
	Columns []string     // those of the list that are shown
	Rows    []storage.ID // in their order
}

const (
	makeJob = "exports.make"
	endJob  = "exports.end"
)

// wanted is the payload of both jobs.
type wanted struct {
	Table storage.ID `json:"table"`
}

// Ask is the use case. Forbidden for who may not take the list, Invalid when there is
// nothing to take or too much, Conflict when she has as many tables as may be kept.
func (s *Service) Ask(ctx context.Context, tx *storage.Tx, cmd Ask) (storage.ID, error) {
	kind, there := s.kind(cmd.Kind)
	if !there || !cmd.Actor.SignedIn() || !cmd.Actor.MaySomewhere(Use) || !cmd.Actor.MaySomewhere(kind.Needs) {
		return storage.ID{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if len(cmd.Rows) == 0 {
		return storage.ID{}, fault.New(fault.Invalid, "exports.fault.nothing")
	}
	if len(cmd.Rows) > MostRows {
		return storage.ID{}, fault.New(fault.Invalid, "exports.fault.too_many", fault.Args{"most": MostRows})
	}
	now, err := s.actor(ctx, tx, cmd.Actor.Person)
	if err != nil {
		return storage.ID{}, err
	}
	if err := over(ctx, tx); err != nil {
		return storage.ID{}, err
	}
	columns, err := json.Marshal(cmd.Columns)
	if err != nil {
		return storage.ID{}, err
	}
	id, ends := storage.RandomID(tx.Now), tx.Now.Add(KeptFor)
	taken := int64(0)
	for slot := 1; slot <= MostKept && taken == 0; slot++ {
		taken, err = tx.Exec(ctx, `INSERT INTO list_export (id, person_id, slot, kind, lang, columns, reach, made_at, moved_at, ends_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
			ON CONFLICT (person_id, slot) DO NOTHING`,
			id, cmd.Actor.Person, slot, cmd.Kind, string(cmd.Lang), string(columns), reachOf(now.Grants), storage.Micros(tx.Now), storage.Micros(ends))
		if err != nil {
			return storage.ID{}, err
		}
	}
	if taken == 0 {
		return storage.ID{}, fault.New(fault.Conflict, "exports.fault.too_many_kept", fault.Args{"most": MostKept})
	}
	place := 0
	for ids := range slices.Chunk(cmd.Rows, s.Piece) {
		b := box{Table: id, Place: place}
		for _, row := range ids {
			b.Entries = append(b.Entries, entry{ID: row})
		}
		sealed, err := s.seal(ctx, tx, cmd.Actor.Person, b)
		if err != nil {
			return storage.ID{}, err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO list_export_part (export_id, place, count, box) VALUES ($1, $2, $3, $4)`, id, place, len(ids), sealed); err != nil {
			return storage.ID{}, err
		}
		place++
	}
	if err := jobs.Enqueue(ctx, tx, jobs.Job{Kind: makeJob, Payload: wanted{id}}); err != nil {
		return storage.ID{}, err
	}
	return id, jobs.Enqueue(ctx, tx, jobs.Job{Kind: endJob, Payload: wanted{id}, After: ends})
}

// Send gives a table of rows of a list as a page asks for it: a short one in the answer,
// piece by piece, each noted in the logs of those in it before it leaves; a long one beside.
func (s *Service) Send(r *web.Request, cmd Ask) error {
	cmd.Actor, cmd.Lang = r.Actor, r.Lang
	kind, there := s.kind(cmd.Kind)
	if !there || !cmd.Actor.MaySomewhere(kind.Needs) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	if s.TooLong(len(cmd.Rows)) {
		return s.AskFrom(r, cmd)
	}
	of := module.Exported{Actor: r.Actor, Lang: r.Lang, Say: r.Say, Columns: cmd.Columns}
	out, err := Begin(r, kind, r.Say, s.Store.Now(), FormatOf(r))
	if err != nil {
		return err
	}
	if err := out.Row(sheet.Texts(kind.Head(of)...)); err != nil {
		return err
	}
	control := http.NewResponseController(r.W)
	for ids := range slices.Chunk(cmd.Rows, s.Piece) {
		var rows []module.ExportRow
		if err := s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			if rows, err = kind.Rows(ctx, tx, of, ids); err != nil || kind.Look == "" {
				return err
			}
			looks := audit.Looks{Reader: r.Actor.Person, Action: kind.Look}
			for _, row := range rows {
				looks.Persons = append(looks.Persons, row.Person)
			}
			return audit.Looked(ctx, tx, looks)
		}); err != nil {
			return err
		}
		_ = control.SetWriteDeadline(time.Now().Add(time.Minute)) // a long table takes longer than a page may
		for _, row := range rows {
			if err := out.Row(row.Cells); err != nil {
				return err
			}
		}
	}
	return out.Close()
}

// AskFrom asks for a table from a page, and leads to where it is made.
func (s *Service) AskFrom(r *web.Request, cmd Ask) error {
	cmd.Actor, cmd.Lang = r.Actor, r.Lang
	if err := s.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.Ask(ctx, tx, cmd)
		return err
	}); err != nil {
		return err
	}
	return r.Redirect(Path)
}
