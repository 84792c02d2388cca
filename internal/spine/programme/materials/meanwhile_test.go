package materials_test

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// meanwhile is what another coordinator does between the reading of a page and the command.
var meanwhile = map[string]func(ctx context.Context, tx *storage.Tx, s *programme.Service, a programme.Activity) error{
	"cancelled": func(ctx context.Context, tx *storage.Tx, s *programme.Service, a programme.Activity) error {
		_, err := s.Cancel(ctx, tx, programmetest.Coordinator, a.Slug, i18n.Text{Ky: "Себеп", Ru: "Причина", En: "A reason"})
		return err
	},
	"moved": func(ctx context.Context, tx *storage.Tx, s *programme.Service, a programme.Activity) error {
		c := programmetest.Written(a)
		c.Stays = programme.StaysNames
		c.Write = func(a programme.Activity) (programme.Activity, error) {
			for _, city := range (*profile.Lists)(nil).Cities() {
				if city.Code != a.City {
					a.City = city.Code
				}
			}
			a.Starts, a.Ends = a.Starts.AddDate(0, 0, 7), a.Ends.AddDate(0, 0, 7)
			return a, nil
		}
		_, err := s.Change(ctx, tx, c)
		return err
	},
	"deleted": func(ctx context.Context, tx *storage.Tx, _ *programme.Service, a programme.Activity) error {
		for _, q := range []string{`DELETE FROM material WHERE activity_id = $1`, `DELETE FROM activity WHERE id = $1`} {
			if _, err := tx.Exec(ctx, q, a.ID); err != nil {
				return err
			}
		}
		return nil
	},
}

// Who saw an activity before it was cancelled, moved or deleted is told so, and changes
// nothing: neither the activity nor what stands on its shelf.
func TestACommandIsJudgedByTheActivityAsItIsNow(t *testing.T) {
	for what, happens := range meanwhile {
		t.Run(what, func(t *testing.T) {
			programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
				a, _ := programmetest.Seen(t, s)
				local := access.Actor{Person: programmetest.Coordinator.Person, Table: programmetest.Coordinator.Table, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: a.City}}}}
				room := materials.New(materials.Options{Store: s, Programme: svc})
				shelf := materials.Shelf{Activity: a.ID}
				put := func(ctx context.Context, tx *storage.Tx, actor access.Actor, name string) (materials.Material, error) {
					return room.Add(ctx, tx, materials.Add{
						Actor: actor, Shelf: shelf, Name: name + ".pdf", Title: i18n.Text{Ky: name, Ru: name, En: name}, Audience: materials.ForAll,
						Kept: materials.Kept{File: name, Type: "application/pdf", Size: 1, Digest: tx.NewID().String()},
					})
				}
				var m materials.Material
				programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
					m, err = put(ctx, tx, local, "plan")
					return err
				})
				programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error { return happens(ctx, tx, svc, a) })
				want := map[string]map[string]fault.Code{
					"cancelled": {"change": fault.Conflict},
					"moved":     {"change": fault.Forbidden, "add": fault.Forbidden, "rename": fault.Forbidden, "move": fault.Forbidden, "remove": fault.Forbidden},
					"deleted":   {"change": fault.NotFound, "add": fault.NotFound, "rename": fault.NotFound, "move": fault.NotFound, "remove": fault.NotFound},
				}[what]
				for name, act := range map[string]func(ctx context.Context, tx *storage.Tx) error{
					"change": func(ctx context.Context, tx *storage.Tx) error {
						hers := programmetest.Written(a)
						hers.Actor = local
						_, err := svc.Change(ctx, tx, hers)
						return err
					},
					"add": func(ctx context.Context, tx *storage.Tx) error {
						_, err := put(ctx, tx, local, "late")
						return err
					},
					"rename": func(ctx context.Context, tx *storage.Tx) error {
						renamed := m
						renamed.Title = i18n.Text{Ky: "Башка", Ru: "Другое", En: "Another"}
						_, err := room.Change(ctx, tx, materials.Change{Actor: local, Shelf: shelf, Material: renamed})
						return err
					},
					"move": func(ctx context.Context, tx *storage.Tx) error {
						return room.Move(ctx, tx, local, shelf, m.ID, -1)
					},
					"remove": func(ctx context.Context, tx *storage.Tx) error {
						return room.Remove(ctx, tx, local, shelf, m.ID)
					},
				} {
					undone := errUndone{}
					err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
						if err := act(ctx, tx); err != nil {
							return err
						}
						return undone // each of them finds what happened, not what the one before did
					})
					if err == undone {
						err = nil
					}
					if code := want[name]; code == "" && err != nil || code != "" && !fault.Is(err, code) {
						t.Errorf("%s meanwhile, then %s: %v, want %q", what, name, err, code)
					}
				}
			})
		})
	}
}

// On PostgreSQL two may add at the same moment: the last place of a shelf is given once.
func TestTheLastPlaceOfAShelfIsGivenOnce(t *testing.T) {
	t.Parallel()
	for _, of := range []string{"activity", "template"} {
		t.Run(of, func(t *testing.T) {
			t.Parallel()
			programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
				a, tpl := programmetest.Seen(t, s)
				shelf := materials.Shelf{Activity: a.ID}
				if of == "template" {
					shelf = materials.Shelf{Template: tpl.ID}
				}
				room := materials.New(materials.Options{Store: s, Programme: svc})
				put := func(ctx context.Context, tx *storage.Tx) error {
					_, err := room.Add(ctx, tx, materials.Add{
						Actor: programmetest.Coordinator, Shelf: shelf, Name: "plan.pdf", Title: i18n.Text{Ky: "План"}, Audience: materials.ForAll,
						Kept: materials.Kept{File: tx.NewID().String(), Type: "application/pdf", Size: 1, Digest: tx.NewID().String()},
					})
					return err
				}
				for range 39 {
					programmetest.Write(t, s, put)
				}
				second := make(chan error, 1)
				programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
					if err := put(ctx, tx); err != nil {
						return err
					}
					go func() { second <- s.Write(t.Context(), put) }()
					// On PostgreSQL until the second waits for this transaction, or is through.
					for waits := tx.Dialect() != storage.PostgreSQL; !waits && len(second) == 0; {
						if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted
							AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database()))`).Scan(&waits); err != nil {
							return err
						}
					}
					return nil
				})
				if err := <-second; !fault.Is(err, fault.Full) {
					t.Errorf("the forty-first: %v", err)
				}
				var count, places int
				programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
					return tx.QueryRow(ctx, `SELECT COUNT(*), COUNT(DISTINCT place) FROM material WHERE activity_id = $1 OR template_id = $2`, shelf.Activity, shelf.Template).Scan(&count, &places)
				})
				if count != 40 || places != 40 {
					t.Errorf("%d stand in %d places", count, places)
				}
			})
		})
	}
}

type errUndone struct{}

func (errUndone) Error() string { return "undone" }
