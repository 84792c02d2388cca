package people_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

func TestAMergeByStaffKeepsTheContactsOfWhoStaysAndTakesTheTickedAsTyped(t *testing.T) {
	scenes(t, func(s *scene) {
		stays := s.register(people.Details{FullName: "Асан Үсөнов", Email: "a@mail.kg"})
		goes := s.register(people.Details{FullName: "Үсөнов Асан", Email: "b@mail.kg", Phone: "+996555111222"})
		first, second := s.signIn("a@mail.kg"), s.signIn("b@mail.kg")
		if err := s.connect(people.Link{Person: goes.ID, Purpose: people.LinkChat, Ref: s.who(second.Token).Session}, 7); err != nil {
			s.t.Fatal(err)
		}
		s.keyed(goes.ID)
		s.linked(goes.ID)
		applied := s.apply(goes.ID)
		shown := s.newLink(people.Link{Person: goes.ID, Purpose: "seminars.application", Contact: s.contact(goes.ID, "b@mail.kg").ID})
		s.clock.Pass(2 * time.Minute)
		asked := s.ask("b", "b@mail.kg")
		ticked := []storage.ID{s.contact(goes.ID, "b@mail.kg").ID, s.contact(goes.ID, "7").ID, s.contact(stays.ID, "a@mail.kg").ID}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Merge(ctx, tx, people.MergeRecords{From: goes.ID, Into: stays.ID, Contacts: ticked})
		})
		if got := s.states(stays.ID); len(got) != 2 || got["a@mail.kg"] != people.Proven || got["b@mail.kg"] != people.Typed {
			s.t.Errorf("%v", got)
		}
		if now, err := s.byID(stays.ID); err != nil || now.Email != "a@mail.kg" || now.TelegramChat != 0 || now.Phone != "" {
			s.t.Errorf("letters go to %q, chat %d, %v", now.Email, now.TelegramChat, err)
		}
		for name, token := range map[string]string{"who stays": first.Token, "who goes": second.Token, "an application": applied} {
			if s.who(token).HasApplied() {
				s.t.Errorf("the session of %s goes on", name)
			}
		}
		if s.keys(stays.ID) != 0 || s.count(`SELECT COUNT(*) FROM oidc_link`) != 0 {
			s.t.Error("a passkey or an account comes along")
		}
		if s.count(`SELECT COUNT(*) FROM contact WHERE person_id = $1`, goes.ID) != 0 {
			s.t.Error("contacts are left behind")
		}
		// What went to the other's address proves nothing of the one who stays, and opens her nowhere.
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, open, err := s.svc.ToProve(ctx, tx, shown)
			if open {
				s.t.Error("a letter of the other proves a contact")
			}
			return err
		})
		if len(asked) != 1 || s.code("b", asked[0].Code).Token != "" {
			s.t.Error("a code of before opens who stays")
		}
		if s.signIn("a@mail.kg").Person != stays.ID {
			s.t.Error("she who stays does not come in")
		}
	})
}

func TestAContactThatStaffChoseIsNeverLeftOutInSilence(t *testing.T) {
	scenes(t, func(s *scene) {
		stays := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		for i, mail := range []string{"b@mail.kg", "A@mail.kg", "c@mail.kg", "d@mail.kg"} {
			goes := s.register(people.Details{FullName: "Асан", Email: mail})
			ticked := []storage.ID{s.contact(goes.ID, goes.Email).ID}
			err := s.store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				return s.svc.Merge(ctx, tx, people.MergeRecords{From: goes.ID, Into: stays.ID, Contacts: ticked})
			})
			if (err != nil) != (i == 3) || i == 3 && !fault.Is(err, fault.Conflict) {
				s.t.Errorf("%s: %v", mail, err)
			}
		}
		if got := s.states(stays.ID); len(got) != 3 {
			s.t.Errorf("%v", got)
		}
	})
}

func TestRolesComeAsleepByAMerge(t *testing.T) {
	scenes(t, func(s *scene) {
		stays := s.register(people.Details{FullName: "Асан"})
		goes := s.register(people.Details{FullName: "Асан"})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			if err := s.svc.Grant(ctx, tx, goes.ID, access.Grant{Role: access.Coordinator}); err != nil {
				return err
			}
			return s.svc.Merge(ctx, tx, people.MergeRecords{From: goes.ID, Into: stays.ID})
		})
		if n := s.count(`SELECT COUNT(*) FROM role_grant WHERE person_id = $1 AND woken_at = 0`, stays.ID); n != 1 {
			s.t.Errorf("%d roles sleep", n)
		}
		if s.who(s.start(stays.ID, access.OfPasskey)).Staff() {
			s.t.Error("a role is awake that she was not invited to")
		}
	})
}

// The pages ask the same; the use cases are the judges.
func TestAUseCaseChangesARecordWithARoleForWhoGivesRolesAlone(t *testing.T) {
	scenes(t, func(s *scene) {
		works := func(role access.Role, at access.Scope) people.Person {
			p := s.register(people.Details{FullName: "Кызматкер", Email: "staff@mail.kg", Phone: "+996555111222"})
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				return s.svc.Grant(ctx, tx, p.ID, access.Grant{Role: role, Scope: at})
			})
			return p
		}
		plain := s.register(people.Details{FullName: "Асан"})
		holder := works(access.Deputy, access.Scope{})
		for name, c := range map[string]struct {
			by  storage.ID
			may bool
		}{
			"a coordinator":                {works(access.Coordinator, access.Scope{}).ID, false},
			"an administrator of one city": {works(access.Admin, access.Scope{City: "osh"}).ID, false},
			"nobody of these":              {plain.ID, false},
			"an administrator":             {works(access.Admin, access.Scope{}).ID, true},
			"she herself":                  {holder.ID, true},
		} {
			for what, f := range map[string]func(ctx context.Context, tx *storage.Tx) error{
				"type another address": func(ctx context.Context, tx *storage.Tx) error {
					return s.svc.ChangeContact(ctx, tx, people.ChangeContact{Person: holder.ID, By: c.by, Kind: people.EmailContact, Value: "thief@mail.kg"})
				},
				"take the number": func(ctx context.Context, tx *storage.Tx) error { return s.svc.WrongNumber(ctx, tx, c.by, holder.ID) },
				"merge it away": func(ctx context.Context, tx *storage.Tx) error {
					return s.svc.Merge(ctx, tx, people.MergeRecords{By: c.by, From: holder.ID, Into: plain.ID})
				},
				"merge it with it": func(ctx context.Context, tx *storage.Tx) error {
					return s.svc.Merge(ctx, tx, people.MergeRecords{By: c.by, From: plain.ID, Into: holder.ID})
				},
			} {
				err := s.store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					if err := f(ctx, tx); err != nil {
						return err
					}
					return errUndo
				})
				if c.may != errors.Is(err, errUndo) || !c.may && !fault.Is(err, fault.Forbidden) {
					s.t.Errorf("%s may %s: %v", name, what, err)
				}
			}
		}
	})
}

// The id of a record that was merged is known to who merged it: it stands for the other,
// with all that the other holds.
func TestAMergedRecordIsJudgedAsTheOneItStandsFor(t *testing.T) {
	scenes(t, func(s *scene) {
		chief := s.register(people.Details{FullName: "Асан Үсөнов", City: "osh", Email: "chief@mail.kg"})
		old := s.register(people.Details{FullName: "Асан Үсөнов", City: "osh"})
		plain := s.register(people.Details{FullName: "Асан Үсөнов", City: "osh"})
		coordinator := staffOf(s.svc, "osh")
		answer := func(by access.Actor, a, b storage.ID, keep people.Keep) error {
			return s.do(func(ctx context.Context, tx *storage.Tx) error {
				return s.svc.AnswerPair(ctx, tx, people.AnswerPair{By: by, A: a, B: b, Keep: keep})
			})
		}
		if err := answer(coordinator, chief.ID, old.ID, people.KeepA); err != nil {
			s.t.Fatal(err)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error { // given by the id of before, it is hers
			return s.svc.Grant(ctx, tx, old.ID, access.Grant{Role: access.Admin})
		})
		if n := s.count(`SELECT COUNT(*) FROM role_grant WHERE person_id = $1`, chief.ID); n != 1 {
			s.t.Errorf("she holds %d roles", n)
		}
		for _, keep := range []people.Keep{people.KeepA, people.KeepB} {
			for _, pair := range [][2]storage.ID{{old.ID, plain.ID}, {plain.ID, old.ID}} {
				if err := answer(coordinator, pair[0], pair[1], keep); !fault.Is(err, fault.Forbidden) {
					s.t.Errorf("a coordinator merges who gives roles, %s of %v stays: %v", keep, pair, err)
				}
			}
		}
		err := s.do(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Merge(ctx, tx, people.MergeRecords{By: plain.ID, From: old.ID, Into: plain.ID})
		})
		if !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("the use case merges her: %v", err)
		}
		if err := answer(coordinator, chief.ID, old.ID, people.KeepBoth); !fault.Is(err, fault.Conflict) {
			s.t.Errorf("a record is another than itself: %v", err)
		}
		if err := answer(coordinator, old.ID, plain.ID, people.KeepBoth); err != nil {
			s.t.Error(err)
		}
		if n := s.count(`SELECT COUNT(*) FROM person_distinct WHERE $1 IN (first_id, second_id) AND $2 IN (first_id, second_id)`, chief.ID, plain.ID); n != 1 {
			s.t.Error("that they are two people is noted of a record that is no more")
		}
	})
}

// errUndo undoes what a test has seen.
var errUndo = errors.New("undo")
