package people_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// planned is a scene in which a coordinator of Osh has decided that two records are one.
type planned struct {
	*scene
	boss       access.Actor
	from, into people.Person
	plan       people.MergePlan
}

// working makes somebody of staff, whose role is in the database.
func (s *scene) working(role access.Role, city string) access.Actor {
	s.t.Helper()
	p := s.register(people.Details{FullName: "Кызматкер", City: "osh"})
	g := access.Grant{Role: role, Scope: access.Scope{City: city}}
	s.must(func(ctx context.Context, tx *storage.Tx) error { return s.svc.Grant(ctx, tx, p.ID, g) })
	return access.Actor{Person: p.ID, Origin: access.OfPasskey, Table: s.svc.Manifest().Permissions, Grants: []access.Grant{g}}
}

func (s *scene) plans(by access.Actor, from, into storage.ID, contacts ...storage.ID) (p people.MergePlan, err error) {
	s.t.Helper()
	err = s.do(func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = s.svc.PlanMerge(ctx, tx, people.PlanMerge{By: by, From: from, Into: into, Contacts: contacts})
		return err
	})
	return p, err
}

func planning(t *testing.T, f func(s *planned)) {
	t.Helper()
	scenes(t, func(s *scene) {
		p := &planned{scene: s, boss: s.working(access.Coordinator, "osh")}
		p.from = s.register(people.Details{FullName: "Асан Үсөнов", City: "osh", Email: "old@mail.kg", Village: "Кара-Суу"})
		p.into = s.register(people.Details{FullName: "Асан Үсөнов", City: "osh", Email: "new@mail.kg"})
		var err error
		if p.plan, err = s.plans(p.boss, p.from.ID, p.into.ID); err != nil {
			s.t.Fatal(err)
		}
		f(p)
	})
}

// due does the job of the plan.
func (s *planned) due() {
	s.t.Helper()
	if err := s.svc.MergeDue(s.t.Context(), s.store, s.plan.ID); err != nil {
		s.t.Fatal(err)
	}
}

// one reports whether the two records are one.
func (s *planned) one() bool {
	s.t.Helper()
	return s.count(`SELECT COUNT(*) FROM person WHERE id = $1 AND merged_into = $2`, s.from.ID, s.into.ID) == 1
}

// refused is why the plan was not done.
func (s *planned) refused() (why string) {
	s.t.Helper()
	s.must(func(ctx context.Context, tx *storage.Tx) error {
		list, err := s.svc.MergePlansOf(ctx, tx, s.into.ID)
		if err == nil && len(list) == 1 {
			why = list[0].Refused
		}
		return err
	})
	return why
}

func TestAMergeWaitsAndNothingChangesWhenItIsUndone(t *testing.T) {
	planning(t, func(s *planned) {
		dump := func() int {
			return s.count(`SELECT COUNT(*) FROM person WHERE merged_into IS NULL`) + 100*s.count(`SELECT COUNT(*) FROM contact`) + 10_000*s.count(`SELECT COUNT(*) FROM person_merge`)
		}
		was := dump()
		if err := s.svc.MergeDue(t.Context(), s.store, s.plan.ID); err == nil || s.one() {
			s.t.Fatalf("merged before its time: %v", err)
		}
		s.clock.Pass(people.UndoFor - time.Second)
		foreign := s.working(access.Coordinator, "naryn")
		undo := func(by access.Actor) error {
			return s.do(func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.TakeBackMerge(ctx, tx, by, s.plan.ID)
				return err
			})
		}
		if err := undo(foreign); !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("somebody of another city undoes it: %v", err)
		}
		was++ // who tried it
		if err := undo(s.boss); err != nil {
			s.t.Fatal(err)
		}
		if err := undo(s.boss); !fault.Is(err, fault.NotFound) {
			s.t.Errorf("undone twice: %v", err)
		}
		s.clock.Pass(time.Hour)
		s.due()
		if s.one() || dump() != was || s.refused() != "" {
			s.t.Error("what was undone has changed something")
		}
		// They can be decided on again.
		if _, err := s.plans(s.boss, s.from.ID, s.into.ID); err != nil {
			s.t.Error(err)
		}
	})
}

func TestAMergeThatIsDueIsDoneOnceHoweverManyWorkersRun(t *testing.T) {
	planning(t, func(s *planned) {
		s.clock.Pass(people.UndoFor)
		if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.TakeBackMerge(ctx, tx, s.boss, s.plan.ID)
			return err
		}); !fault.Is(err, fault.Conflict) {
			s.t.Errorf("undone when it is too late: %v", err)
		}
		var workers sync.WaitGroup
		for range 2 {
			workers.Go(func() {
				if err := s.svc.MergeDue(t.Context(), s.store, s.plan.ID); err != nil {
					s.t.Error(err)
				}
			})
		}
		workers.Wait()
		if !s.one() || s.count(`SELECT COUNT(*) FROM person_merge`) != 1 || s.count(`SELECT COUNT(*) FROM merge_plan`) != 0 {
			s.t.Errorf("one: %v, merges: %d, plans: %d, %q", s.one(), s.count(`SELECT COUNT(*) FROM person_merge`), s.count(`SELECT COUNT(*) FROM merge_plan`), s.refused())
		}
		if n := s.count(`SELECT COUNT(*) FROM audit_entry WHERE action = 'people.audit.merged'`); n != 1 {
			s.t.Errorf("noted %d times", n)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			p, err := s.svc.ByID(ctx, tx, s.into.ID)
			if p.Village != "Кара-Суу" {
				s.t.Error("what she told in the other record is lost")
			}
			return err
		})
	})
}

// Pressed twice, also at one moment, it is one plan; a record waits for one merge at a time.
func TestARecordWaitsForOneMerge(t *testing.T) {
	planning(t, func(s *planned) {
		again, err := s.plans(s.boss, s.from.ID, s.into.ID)
		if err != nil || again.ID != s.plan.ID {
			s.t.Errorf("pressed twice it is another plan: %v", err)
		}
		if err := s.atOnce(
			func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.PlanMerge(ctx, tx, people.PlanMerge{By: s.boss, From: s.from.ID, Into: s.into.ID})
				return err
			},
			func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.PlanMerge(ctx, tx, people.PlanMerge{By: s.boss, From: s.from.ID, Into: s.into.ID})
				return err
			},
		); err != nil {
			s.t.Error(err)
		}
		third := s.register(people.Details{FullName: "Асан Үсөнов", City: "osh"})
		for _, pair := range [][2]storage.ID{{s.into.ID, s.from.ID}, {third.ID, s.from.ID}, {s.into.ID, third.ID}, {third.ID, s.into.ID}} {
			if _, err := s.plans(s.boss, pair[0], pair[1]); !fault.Is(err, fault.Conflict) {
				s.t.Errorf("a record waits for two merges: %v", err)
			}
		}
		if n := s.count(`SELECT COUNT(*) FROM merge_plan`); n != 1 {
			s.t.Errorf("%d plans", n)
		}
	})
}

// A merge is judged again when it is due: whatever has changed that decides about it stops
// it, and the pages of the records say why.
func TestAMergeThatMayBeNoMoreIsNotDoneAndSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *planned)
		why    string
	}{
		"a role was given": {func(s *planned) {
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.GrantBy(ctx, tx, s.boss.Person, s.into.ID, access.Grant{Role: access.Deputy})
				return err
			})
		}, "people.fault.merge_roles"},
		"merged with another": {func(s *planned) {
			third := s.register(people.Details{FullName: "Асан Үсөнов", City: "osh"})
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				return s.svc.Merge(ctx, tx, people.MergeRecords{From: s.from.ID, Into: third.ID})
			})
		}, "people.fault.merge_other"},
		"the role of who decided was taken": {func(s *planned) {
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM role_grant WHERE person_id = $1`, s.boss.Person)
				return err
			})
		}, "fault.forbidden"},
		"she moved out of reach": {func(s *planned) {
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				return s.svc.Update(ctx, tx, s.into.ID, people.Details{FullName: "Асан Үсөнов", City: "naryn", Email: "new@mail.kg"})
			})
		}, "fault.forbidden"},
	} {
		t.Run(name, func(t *testing.T) {
			planning(t, func(s *planned) {
				c.change(s)
				s.clock.Pass(people.UndoFor)
				s.due()
				if s.one() {
					s.t.Error("merged all the same")
				}
				if why := s.refused(); why != c.why {
					s.t.Errorf("it says %q, want %q", why, c.why)
				}
				s.due()
				s.clock.Pass(31 * 24 * time.Hour)
			})
		})
	}
}

// Who is erased takes the plan along, and the job finds nobody.
func TestAnErasureEndsAMergeThatWaits(t *testing.T) {
	for _, which := range []string{"from", "into", "by"} {
		t.Run(which, func(t *testing.T) {
			planning(t, func(s *planned) {
				gone := map[string]storage.ID{"from": s.from.ID, "into": s.into.ID, "by": s.boss.Person}[which]
				if err := s.svc.EraseForGood(t.Context(), storage.ID{}, gone); err != nil {
					s.t.Fatal(err)
				}
				s.clock.Pass(people.UndoFor)
				s.due()
				if s.one() || s.count(`SELECT COUNT(*) FROM merge_plan`) != 0 {
					s.t.Error("the plan outlives her")
				}
			})
		})
	}
}

// atOnce runs a second use case while the first is not through yet, and gives how the second
// ended: on PostgreSQL it waits for what the first holds; on SQLite one writes at a time.
func (s *scene) atOnce(first, second func(ctx context.Context, tx *storage.Tx) error) error {
	s.t.Helper()
	ended := make(chan error, 1)
	s.must(func(ctx context.Context, tx *storage.Tx) error {
		if err := first(ctx, tx); err != nil {
			return err
		}
		go func() { ended <- s.store.Write(s.t.Context(), second) }()
		for waits := tx.Dialect() != storage.PostgreSQL; !waits && len(ended) == 0; {
			if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted
				AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database()))`).Scan(&waits); err != nil {
				return err
			}
		}
		return nil
	})
	return <-ended
}

// Who says meanwhile that they are two people is believed: nothing of the plan is left.
func TestTwoPeopleAreNotMadeOneByAPlanFromBefore(t *testing.T) {
	planning(t, func(s *planned) {
		s.clock.Pass(time.Minute)
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.AnswerPair(ctx, tx, people.AnswerPair{By: s.boss, A: s.into.ID, B: s.from.ID, Keep: people.KeepBoth})
		})
		s.clock.Pass(people.UndoFor)
		s.due()
		if n := s.count(`SELECT COUNT(*) FROM merge_plan`); s.one() || n != 0 {
			s.t.Errorf("one: %v, plans: %d", s.one(), n)
		}
		if n := s.count(`SELECT COUNT(*) FROM audit_entry WHERE action = 'people.audit.merge_taken_back'`); n != 2 {
			s.t.Errorf("noted %d times", n)
		}
	})
}

// Another decision about the same two is not taken for the one that waits, and what could not
// be done is undone after a day.
func TestAnotherDecisionIsNotTakenForTheOneThatWaits(t *testing.T) {
	planning(t, func(s *planned) {
		var contacts []people.Contact
		s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
			contacts, err = s.svc.ContactsOf(ctx, tx, s.from)
			return err
		})
		if _, err := s.plans(s.boss, s.from.ID, s.into.ID, contacts[0].ID); !fault.Is(err, fault.Conflict) {
			s.t.Errorf("with a contact it is the same: %v", err)
		}
		s.clock.Pass(people.UndoFor + 25*time.Hour)
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.TakeBackMerge(ctx, tx, s.boss, s.plan.ID)
			return err
		})
		if _, err := s.plans(s.boss, s.from.ID, s.into.ID, contacts[0].ID); err != nil {
			s.t.Errorf("after it was undone: %v", err)
		}
	})
}

// Records that look like one are found for it alone, however many others look alike.
func TestTheRecordsThatLookLikeOneAreFoundForIt(t *testing.T) {
	planning(t, func(s *planned) {
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			list, err := s.svc.DuplicatesOf(ctx, tx, s.into.ID)
			if len(list) != 1 || list[0].A.ID != s.into.ID || list[0].B.ID != s.from.ID {
				s.t.Errorf("%d pairs", len(list))
			}
			return err
		})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.AnswerPair(ctx, tx, people.AnswerPair{By: s.boss, A: s.into.ID, B: s.from.ID, Keep: people.KeepBoth})
		})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			for _, id := range []storage.ID{s.into.ID, s.from.ID} {
				if list, err := s.svc.DuplicatesOf(ctx, tx, id); err != nil || len(list) != 0 {
					s.t.Errorf("of two people: %d pairs, %v", len(list), err)
				}
			}
			return nil
		})
	})
}
