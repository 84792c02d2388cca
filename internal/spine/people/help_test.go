package people_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

func TestARoleOfAHelperNeedsAPasskeyAndIsSeenInHerArchive(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Айсулуу", Email: "a@mail.kg", City: "osh"})
		chief := s.register(people.Details{FullName: "Координатор"})
		help := people.Help{Person: p.ID, Activity: storage.ID{9}, Role: access.Interpreter, Begins: s.clock.Now(), Ends: s.clock.Now().Add(48 * time.Hour)}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			if err := s.svc.Grant(ctx, tx, chief.ID, access.Grant{Role: access.Coordinator}); err != nil {
				return err
			}
			_, err := s.svc.GiveHelp(ctx, tx, chief.ID, help)
			return err
		})
		if told := s.sent.Told("people.change.role_given"); len(told) != 1 || told[0].Person != p.ID {
			s.t.Errorf("she is told %v", told)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 1 WHERE person_id = $1`, p.ID)
			return err
		})
		if got := s.roles(p.ID, access.OfProof); len(got) != 0 {
			s.t.Errorf("by a letter alone: %v", got)
		}
		if got := s.roles(p.ID, access.OfPasskey); len(got) != 1 || got[0] != access.Interpreter {
			s.t.Errorf("by a passkey: %v", got)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			archive, err := s.svc.Export(ctx, tx, p.ID)
			if err != nil {
				return err
			}
			text, err := json.Marshal(archive["roles"])
			if !strings.Contains(string(text), "interpreter") || !strings.Contains(string(text), help.Ends.UTC().Format("2006-01-02T15:04")) {
				s.t.Errorf("her archive says %s", text)
			}
			if err != nil {
				return err
			}
			if archive, err = s.svc.Export(ctx, tx, chief.ID); err != nil {
				return err
			}
			if text, err = json.Marshal(archive["roles"]); !strings.Contains(string(text), "coordinator") || strings.Contains(string(text), "0001-01-01") {
				s.t.Errorf("of a role without days the archive says %s", text)
			}
			return err
		})
		// Who does not give all roles edits no record that holds one, until it is over.
		actor := access.Actor{Person: chief.ID, Grants: []access.Grant{{Role: access.Coordinator}}}
		may := func() error {
			return s.do(func(ctx context.Context, tx *storage.Tx) error { return s.svc.MayCorrect(ctx, tx, actor, p) })
		}
		if err := may(); !fault.Is(err, fault.Forbidden) {
			s.t.Errorf("while she helps: %v", err)
		}
		s.clock.Pass(48 * time.Hour)
		if err := may(); err != nil {
			s.t.Errorf("when it is over: %v", err)
		}
		if got := s.roles(p.ID, access.OfPasskey); len(got) != 0 {
			s.t.Errorf("when it is over: %v", got)
		}
	})
}

func TestWhoLostThePasskeyOfAHelperMakesNoNewOneByALetterAlone(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Айсулуу", Email: "a@mail.kg"})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.GiveHelpAwake(ctx, tx, people.Help{Person: p.ID, Activity: storage.ID{9}, Role: access.Editor, Begins: s.clock.Now(), Ends: s.clock.Now().Add(48 * time.Hour)})
		})
		ways := func() (w people.WaysIn) {
			a := s.who(s.start(p.ID, access.OfProof))
			s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				w, err = s.svc.WaysIn(ctx, tx, a)
				return err
			})
			return w
		}
		if w := ways(); w.Refused == nil || w.Refused.Key != "people.fault.invitation_first" {
			s.t.Errorf("%+v", w.Refused)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE role_grant SET begins_at = $1`, storage.Micros(s.clock.Now().Add(24*time.Hour)))
			return err
		})
		if w := ways(); w.Refused == nil || w.Refused.Key != "people.fault.invitation_first" {
			s.t.Errorf("before it begins: %+v", w.Refused)
		}
		s.clock.Pass(48 * time.Hour)
		if w := ways(); w.Refused != nil {
			s.t.Errorf("when it is over: %+v", w.Refused)
		}
	})
}

func TestAnInvitationGoesToAProvenContactOfWhoHasOne(t *testing.T) {
	scenes(t, func(s *scene) {
		chief := s.register(people.Details{FullName: "Координатор"})
		actor := access.Actor{Person: chief.ID, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "osh"}}}}
		give := func(p people.Person) error {
			return s.do(func(ctx context.Context, tx *storage.Tx) error {
				if _, err := s.svc.GiveHelp(ctx, tx, chief.ID, people.Help{Person: p.ID, Activity: storage.ID{9}, Role: access.Speaker, Begins: s.clock.Now(), Ends: s.clock.Now().Add(48 * time.Hour)}); err != nil {
					return err
				}
				return s.svc.InviteByLetter(ctx, tx, actor, p.ID, storage.ID{9})
			})
		}
		// Nothing is proven: the letter may be the first proof.
		if err := give(s.register(people.Details{FullName: "Биринчи", Email: "typed@mail.kg", City: "osh"})); err != nil || len(s.sent.Invitations) != 1 {
			s.t.Errorf("%v, letters %d", err, len(s.sent.Invitations))
		}
		// She proved a phone, and somebody else has typed an address into her record.
		p := s.register(people.Details{FullName: "Экинчи", Email: "foreign@mail.kg", Phone: "+996555123456", City: "osh"})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE contact SET state = 'proven', proven_at = 1 WHERE person_id = $1 AND kind = 'phone'`, p.ID)
			return err
		})
		err := give(p)
		if f := fault.Of(err); f == nil || f.Key != "people.fault.no_letter" || len(s.sent.Invitations) != 1 {
			s.t.Errorf("%v, letters %d", err, len(s.sent.Invitations))
		}
	})
}

func TestOnlyWhoGivesRolesInvitesWhileOneOfStaffSleeps(t *testing.T) {
	scenes(t, func(s *scene) {
		chief := s.register(people.Details{FullName: "Координатор"})
		p := s.register(people.Details{FullName: "Айсулуу", Email: "a@mail.kg", City: "osh"})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := s.svc.GrantBy(ctx, tx, chief.ID, p.ID, access.Grant{Role: access.Admin}); err != nil {
				return err
			}
			_, err := s.svc.GiveHelp(ctx, tx, chief.ID, people.Help{Person: p.ID, Activity: storage.ID{9}, Role: access.Speaker, Begins: s.clock.Now(), Ends: s.clock.Now().Add(48 * time.Hour)})
			return err
		})
		for role, key := range map[access.Role]string{access.Coordinator: "people.fault.invitation_admin", access.Admin: ""} {
			err := s.do(func(ctx context.Context, tx *storage.Tx) error {
				return s.svc.InviteByLetter(ctx, tx, access.Actor{Person: chief.ID, Grants: []access.Grant{{Role: role}}}, p.ID, storage.ID{9})
			})
			if f := fault.Of(err); key == "" && err != nil || key != "" && (f == nil || f.Key != key) {
				s.t.Errorf("%s: %v", role, err)
			}
		}
	})
}

func TestAnInvitationEndsWithTheRoleThatItWasFor(t *testing.T) {
	scenes(t, func(s *scene) {
		chief := s.register(people.Details{FullName: "Координатор"})
		p := s.register(people.Details{FullName: "Айсулуу", Email: "a@mail.kg", City: "osh"})
		session := s.start(p.ID, access.OfProof)
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := s.svc.GiveHelp(ctx, tx, chief.ID, people.Help{Person: p.ID, Activity: storage.ID{9}, Role: access.Speaker, Begins: s.clock.Now(), Ends: s.clock.Now().Add(48 * time.Hour)}); err != nil {
				return err
			}
			return s.svc.InviteByLetter(ctx, tx, access.Actor{Person: chief.ID}, p.ID, storage.ID{9})
		})
		peek := func() error {
			return s.do(func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.PeekInvitation(ctx, tx, s.sent.Invitations[0])
				return err
			})
		}
		if err := peek(); err != nil {
			s.t.Fatal(err)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			list, err := s.svc.HelpsOf(ctx, tx, p.ID)
			if err != nil {
				return err
			}
			return s.svc.Revoke(ctx, tx, chief.ID, p.ID, list[0].Grant)
		})
		if err := peek(); err == nil {
			s.t.Error("an invitation to a role that was taken back opens")
		}
		if s.who(session).Person != p.ID {
			s.t.Error("a role that slept ended a session")
		}
	})
}

func TestAMergeKeepsTheRoleThatHolds(t *testing.T) {
	scenes(t, func(s *scene) {
		from, into := s.register(people.Details{FullName: "Айсулуу"}), s.register(people.Details{FullName: "Айсулуу"})
		give := func(p people.Person, days int) {
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				return s.svc.GiveHelpAwake(ctx, tx, people.Help{Person: p.ID, Activity: storage.ID{9}, Role: access.Speaker, Begins: s.clock.Now(), Ends: s.clock.Now().AddDate(0, 0, days)})
			})
		}
		give(into, 1)
		give(from, 9)
		s.clock.Pass(48 * time.Hour)
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			if err := s.svc.Merge(ctx, tx, people.MergeRecords{From: from.ID, Into: into.ID}); err != nil {
				return err
			}
			list, err := s.svc.HelpsOf(ctx, tx, into.ID)
			if len(list) != 1 || list[0].Over(tx.Now) || list[0].Awake {
				s.t.Errorf("%+v", list)
			}
			return err
		})
	})
}

func TestAMergeKeepsTheDaysOfBothRoles(t *testing.T) {
	scenes(t, func(s *scene) {
		for name, c := range map[string]struct {
			from, into           bool // awake
			fromDays, days, want int
		}{
			"the other's is longer":                  {true, true, 9, 3, 9},
			"hers is longer":                         {true, true, 3, 9, 9},
			"both sleep":                             {false, false, 9, 3, 9},
			"what sleeps gives no day to what holds": {false, true, 9, 3, 3},
		} {
			from, into := s.register(people.Details{FullName: "Айсулуу"}), s.register(people.Details{FullName: "Айсулуу"})
			give := func(p people.Person, days int, awake bool) {
				s.must(func(ctx context.Context, tx *storage.Tx) error {
					h := people.Help{Person: p.ID, Activity: storage.ID{9}, Role: access.Speaker, Begins: s.clock.Now(), Ends: s.clock.Now().AddDate(0, 0, days)}
					if awake {
						return s.svc.GiveHelpAwake(ctx, tx, h)
					}
					_, err := s.svc.GiveHelp(ctx, tx, storage.ID{}, h)
					return err
				})
			}
			give(into, c.days, c.into)
			give(from, c.fromDays, c.from)
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				if err := s.svc.Merge(ctx, tx, people.MergeRecords{From: from.ID, Into: into.ID}); err != nil {
					return err
				}
				list, err := s.svc.HelpsOf(ctx, tx, into.ID)
				if len(list) != 1 || !list[0].Ends.Equal(s.clock.Now().AddDate(0, 0, c.want)) || list[0].Awake != c.into {
					s.t.Errorf("%s: %+v", name, list)
				}
				return err
			})
		}
	})
}
