package seats

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Erase removes what the module keeps of a person. Each application becomes a
// shell. A seat still to be used is given back and passed on; one that was used,
// or whose day is over, goes on counting. What she did to others as staff stays,
// without her.
func (m *Service) Erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	if err := lockApplications(ctx, tx, person, person); err != nil {
		return err
	}
	apps, err := ApplicationsBy(ctx, tx, person)
	if err != nil {
		return err
	}
	times, err := timesOf(ctx, tx, person)
	if err != nil {
		return err
	}
	var list []shell
	var sums []sumRow
	var ids []storage.ID
	for _, app := range apps {
		if app, err = m.giveBack(ctx, tx, app); err != nil {
			return err
		}
		if err := m.eraseCompanions(ctx, tx, app); err != nil {
			return err
		}
		of, inside, err := m.standing(ctx, tx, app)
		if err != nil {
			return err
		}
		list = append(list, shell{app.Activity, app.State})
		for _, s := range sumsOf(of, inside) {
			sums = append(sums, sumRow{app.Activity, s, 1})
		}
		ids = append(ids, app.ID)
		m.News(tx, app.Activity)
	}
	if len(list) > 0 {
		if err := keepShells(ctx, tx, list, sums); err != nil {
			return err
		}
	}
	if err := m.dropStrayScans(ctx, tx, person); err != nil {
		return err
	}
	for _, q := range erased {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	if err := nameless(ctx, tx, person); err != nil {
		return err
	}
	return jobs.Forget(ctx, tx, ids, times)
}

// giveBack withdraws an application whose activity is still to come or under way.
func (m *Service) giveBack(ctx context.Context, tx *storage.Tx, app Application) (Application, error) {
	switch app.State {
	case Applied, Shortlisted, Invited, Confirmed, Waitlisted:
	default:
		return app, nil
	}
	a, err := m.ActivityByID(ctx, tx, app.Activity)
	if fault.Is(err, fault.NotFound) || err == nil && a.Past(tx.Now) {
		return app, nil
	}
	if err != nil {
		return app, err
	}
	quiet := *m
	if m.Messages != nil {
		quiet.Messages = silentFor{app.Person, m.Messages} // there is nobody left to be told
	}
	return quiet.Move(ctx, tx, app, Withdrawn, storage.ID{}, "seminars.why.erased")
}

// standing gives what numbers are made of: the applicant, whether she is on an
// extra seat, and whether she is inside. Of somebody whose key is gone, as she comes back
// from a blanked backup, nothing can be told: she is counted among those who said nothing.
func (m *Service) standing(ctx context.Context, tx *storage.Tx, app Application) (of Applicant, inside bool, err error) {
	persons, err := m.People.ByIDs(ctx, tx, []storage.ID{app.Person})
	if err != nil && !errors.Is(err, seal.ErrClosed) {
		return of, false, err
	}
	a, err := m.ActivityByID(ctx, tx, app.Activity)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return of, false, err
	}
	of = ApplicantOf(app, persons[app.Person].Details, m.People.Lists(), CountedOn(a, tx.Now))
	if of.Extra, err = OnExtraSeat(ctx, tx, app.ID); err != nil {
		return of, false, err
	}
	at, err := AttendanceOf(ctx, tx, app.ID)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return of, at.Inside && at.FirstIn > 0 && app.State == Attended, err
}

// lockApplications makes those who are moving or checking in one of her
// applications wait, and waits for those who are; the row of a seminar is always
// locked before those of applications. other is a second record that is hers, or
// the same. SQLite lets nobody else write anyway.
func lockApplications(ctx context.Context, tx *storage.Tx, person, other storage.ID) error {
	if tx.Dialect() != storage.PostgreSQL {
		return nil
	}
	id := func(row storage.Scanner) (id storage.ID, err error) {
		err = row.Scan(&id)
		return id, err
	}
	if _, err := storage.All(ctx, tx, id, `SELECT activity_id
		FROM seminar
		WHERE activity_id IN (SELECT activity_id FROM application WHERE person_id IN ($1, $2))
		ORDER BY activity_id
		FOR UPDATE`, person, other); err != nil {
		return err
	}
	_, err := storage.All(ctx, tx, id, `SELECT id
		FROM application
		WHERE person_id IN ($1, $2)
		ORDER BY id
		FOR UPDATE`, person, other)
	return err
}

// erased empties the tables of one person, children first. The seats of an
// activity were opened by its first application: of that moment the day stays.
var erased = []string{
	`UPDATE seminar SET made_at = made_at - made_at % 86400000000 WHERE activity_id IN (SELECT activity_id FROM application WHERE person_id = $1)`,
	`DELETE FROM application_draft WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`DELETE FROM scan WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`DELETE FROM attendance WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`DELETE FROM came_from WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`DELETE FROM extra_seat WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`DELETE FROM ticket WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`DELETE FROM application_call_offer WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`DELETE FROM application_call_offer WHERE call_id IN (SELECT id FROM application_call WHERE application_id IN (SELECT id FROM application WHERE person_id = $1))`,
	`DELETE FROM application_call WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`UPDATE application_call SET by_person = NULL WHERE by_person = $1`,
	`DELETE FROM application_why WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`UPDATE application_why SET answered_by = NULL WHERE answered_by = $1`,
	// The reason of a parting may tell of both, whoever of the two it is sealed for.
	`UPDATE companion_parted SET reason = NULL WHERE pair_id IN (SELECT p.pair_id FROM companion_parted p JOIN application a ON a.id = p.application_id WHERE a.person_id = $1)`,
	`DELETE FROM companion_parted WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`UPDATE companion_parted SET by_person = NULL WHERE by_person = $1`,
	`DELETE FROM application_move WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	`DELETE FROM application WHERE person_id = $1`,
	`UPDATE application_move SET by_person = NULL WHERE by_person = $1`,
	`UPDATE door_device SET made_by = NULL WHERE made_by = $1`,
	`UPDATE door_handover SET of_person = NULL WHERE of_person = $1`,
	`DELETE FROM door_ready WHERE by_person = $1`,
}

// timesOf gives the moments of her applications, which no job that stays may keep.
func timesOf(ctx context.Context, tx *storage.Tx, person storage.ID) ([]time.Time, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (time.Time, error) {
		var at int64
		err := row.Scan(&at)
		return storage.Instant(at), err
	}, `SELECT made_at FROM application WHERE person_id = $1
		UNION SELECT changed_at FROM application WHERE person_id = $1
		UNION SELECT v.at FROM application_move v JOIN application a ON a.id = v.application_id WHERE a.person_id = $1
		UNION SELECT s.received_at FROM scan s JOIN application a ON a.id = s.application_id WHERE a.person_id = $1`, person)
}

// dropStrayScans removes the scans of her tickets at doors that they are not for,
// which are kept without an application.
func (m *Service) dropStrayScans(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	serials := map[Serial]bool{}
	tickets, err := storage.All(ctx, tx, ScanTicket, `SELECT `+TicketColumns+`
		FROM ticket
		WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`, person)
	if err != nil || len(tickets) == 0 {
		return err
	}
	for _, t := range tickets {
		serials[t.Serial] = true
	}
	type stray struct {
		id   storage.ID
		code string
	}
	strays, err := storage.All(ctx, tx, func(row storage.Scanner) (s stray, err error) {
		err = row.Scan(&s.id, &s.code)
		return s, err
	}, `SELECT id, code
		FROM scan
		WHERE application_id IS NULL AND kind <> 'undo' AND code <> ''`)
	if err != nil {
		return err
	}
	for _, s := range strays {
		if serial, ok := m.serialIn(s.code); ok && serials[serial] {
			if _, err := tx.Exec(ctx, `DELETE FROM scan WHERE id = $1`, s.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// serialIn gives the serial of a ticket that a QR or a typed code names.
func (m *Service) serialIn(code string) (Serial, bool) {
	if pass, err := ReadPass(code, m.VerifyingKey()); err == nil {
		return pass.Serial, true
	}
	serial, err := ParseCode(code)
	return serial, err == nil
}

// nameless gives the scans that she made at doors as staff another device: what
// she undid, and what she sends again, stays together.
func nameless(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE scan
		SET device = $2
		WHERE device = $1`, StaffDevice(person), "erased "+NewSecret())
	return err
}
