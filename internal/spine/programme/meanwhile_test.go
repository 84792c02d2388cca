package programme_test

import (
	"context"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// written is an activity as the coordinator wrote it who saw it as it is given.
func written(a programme.Activity) programme.ChangeActivity {
	return programme.ChangeActivity{
		Actor: coordinator, Activity: a.ID, Version: a.Version,
		Write: func(programme.Activity) (programme.Activity, error) { return a, nil },
	}
}

// writtenTemplate is a template as the coordinator wrote it who saw it as it is given.
func writtenTemplate(t programme.Template, follow ...storage.ID) programme.ChangeTemplate {
	return programme.ChangeTemplate{
		Actor: coordinator, Template: t.ID, Version: t.Version, Follow: follow,
		Write: func(programme.Template) (programme.Template, error) { return t, nil },
	}
}

// seen gives the first activity by its address, and its template, as a page has read them.
func seen(t *testing.T, s *storage.Store) (a programme.Activity, tpl programme.Template) {
	t.Helper()
	write(t, s, func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		list, err := programme.Templates(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		for _, tpl = range list {
			copies, err := programme.All(ctx, tx, programme.Filter{Template: tpl.ID})
			if err != nil {
				return err
			}
			for _, a = range copies {
				if a.City != "" && a.State == programme.Published {
					return nil
				}
			}
		}
		t.Fatal("no copy lies in a city")
		return nil
	})
	return a, tpl
}

// meanwhile is what another coordinator does between the reading of a page and the command.
var meanwhile = map[string]func(ctx context.Context, tx *storage.Tx, s *programme.Service, a programme.Activity) error{
	"cancelled": func(ctx context.Context, tx *storage.Tx, s *programme.Service, a programme.Activity) error {
		_, err := s.Cancel(ctx, tx, coordinator, a.Slug, i18n.Text{Ky: "Себеп", Ru: "Причина", En: "A reason"})
		return err
	},
	"moved": func(ctx context.Context, tx *storage.Tx, s *programme.Service, a programme.Activity) error {
		c := written(a)
		c.Write = func(a programme.Activity) (programme.Activity, error) {
			for _, city := range programme.AllCities() {
				if city.Key != a.City {
					a.City = city.Key
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
			planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
				a, _ := seen(t, s)
				local := access.Actor{Person: coordinator.Person, Table: coordinator.Table, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: a.City}}}}
				shelf := programme.Shelf{Activity: a.ID}
				put := func(ctx context.Context, tx *storage.Tx, actor access.Actor, name string) (programme.Material, error) {
					return svc.AddMaterial(ctx, tx, programme.AddMaterial{
						Actor: actor, Shelf: shelf, Name: name + ".pdf", Title: i18n.Text{Ky: name, Ru: name, En: name}, Audience: programme.ForAll,
						Kept: programme.Kept{File: name, Type: "application/pdf", Size: 1, Digest: tx.NewID().String()},
					})
				}
				var m programme.Material
				write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
					m, err = put(ctx, tx, local, "plan")
					return err
				})
				write(t, s, func(ctx context.Context, tx *storage.Tx) error { return happens(ctx, tx, svc, a) })
				want := map[string]map[string]fault.Code{
					"cancelled": {"change": fault.Conflict},
					"moved":     {"change": fault.Forbidden, "add": fault.Forbidden, "rename": fault.Forbidden, "move": fault.Forbidden, "remove": fault.Forbidden},
					"deleted":   {"change": fault.NotFound, "add": fault.NotFound, "rename": fault.NotFound, "move": fault.NotFound, "remove": fault.NotFound},
				}[what]
				for name, act := range map[string]func(ctx context.Context, tx *storage.Tx) error{
					"change": func(ctx context.Context, tx *storage.Tx) error {
						hers := written(a)
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
						_, err := svc.ChangeMaterial(ctx, tx, programme.ChangeMaterial{Actor: local, Shelf: shelf, Material: renamed})
						return err
					},
					"move": func(ctx context.Context, tx *storage.Tx) error {
						return svc.MoveMaterial(ctx, tx, local, shelf, m.ID, -1)
					},
					"remove": func(ctx context.Context, tx *storage.Tx) error {
						return svc.RemoveMaterial(ctx, tx, local, shelf, m.ID)
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

type errUndone struct{}

func (errUndone) Error() string { return "undone" }

// A page that was read before another change is told, whatever else is wrong with what was
// written, and what stands there stays.
func TestALostUpdateIsToldBeforeAllElse(t *testing.T) {
	planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		a, tpl := seen(t, s)
		write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			b := a
			b.Capacity++
			if _, err := svc.Change(ctx, tx, written(b)); err != nil {
				return err
			}
			u := tpl
			u.Capacity++
			_, err := svc.ChangeTemplate(ctx, tx, writtenTemplate(u))
			return err
		})
		late, lateTemplate := a, tpl
		late.Title, lateTemplate.Title = i18n.Text{}, i18n.Text{} // and the title is missing
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.Change(ctx, tx, written(late))
			return err
		}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the activity: %v", err)
		}
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := svc.ChangeTemplate(ctx, tx, writtenTemplate(lateTemplate))
			return err
		}); !fault.Is(err, fault.Conflict) {
			t.Errorf("the template: %v", err)
		}
	})
}

// What a page does not write is what the database holds, whatever a command brings along.
func TestAChangeBringsNothingAlongThatThePageDoesNotWrite(t *testing.T) {
	planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		a, tpl := seen(t, s)
		write(t, s, func(ctx context.Context, tx *storage.Tx) error {
			forged := a
			forged.Programme, forged.Template, forged.Slug, forged.Kind, forged.State = storage.RandomID(time.Now()), storage.RandomID(time.Now()), "other", programme.Coworking, programme.Cancelled
			got, err := svc.Change(ctx, tx, written(forgedAs(forged, a)))
			if err == nil && (got.Programme != a.Programme || got.Template != a.Template || got.Slug != a.Slug || got.Kind != a.Kind || got.State != a.State) {
				t.Errorf("the activity became %+v", got)
			}
			if err != nil {
				return err
			}
			other := tpl
			other.Programme, other.Key, other.Kind = storage.RandomID(time.Now()), "other", programme.Coworking
			if _, err := svc.ChangeTemplate(ctx, tx, writtenTemplate(other)); err != nil {
				return err
			}
			kept, err := programme.TemplateByKey(ctx, tx, tpl.Programme, tpl.Key)
			if err == nil && (kept.ID != tpl.ID || kept.Kind != tpl.Kind) {
				t.Errorf("the template became %+v", kept)
			}
			return err
		})
	})
}

// forgedAs is a, which claims to be another.
func forgedAs(forged, a programme.Activity) programme.Activity {
	forged.ID, forged.Version = a.ID, a.Version
	return forged
}
