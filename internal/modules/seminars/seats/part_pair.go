package seats

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// PartBack is for how long a parting can be taken back; so long nobody is told of it.
const PartBack = 15 * time.Minute

// noticeParted is the message to both whom staff have parted. It is the same for both and
// says neither why nor who asked for it: one of them may have to fear the other.
const noticeParted = "seminars.companion_parted"

// partedKind is the job that tells both.
const partedKind = "seminars.parted"

type ofPair struct {
	Pair storage.ID `json:"pair"`
}

// PartPair ends for staff that two come only together.
type PartPair struct {
	Activity, Application storage.ID // Application: on whose page it was done, who keeps the reason
	Actor                 access.Actor
	Reason                string
}

// Parting is that staff have parted an application from another.
type Parting struct {
	Pair, Application, Other, By storage.ID // By: zero once erased
	At, Back, Told               time.Time  // Back, Told: zero for never
	Reason                       string     // only of the application on whose page it was written

	side          int
	agreed, until int64
	state         State // of the application then
	reason        []byte
}

// Returns reports whether it can still be taken back, as far as time says.
func (p Parting) Returns(now time.Time) bool {
	return p.waits() && now.Before(p.At.Add(PartBack))
}

// waits reports whether it holds and was not told yet.
func (p Parting) waits() bool { return p.Back.IsZero() && p.Told.IsZero() }

const partingColumns = `p.pair_id, p.application_id, o.application_id, p.by_person, p.side, p.agreed_at, p.until_at, p.state, p.reason, p.at, p.back_at, p.told_at
		FROM companion_parted p
		LEFT JOIN companion_parted o ON o.pair_id = p.pair_id AND o.side <> p.side`

func scanParting(row storage.Scanner) (p Parting, err error) {
	var at, back, told int64
	err = row.Scan(&p.Pair, &p.Application, &p.Other, &p.By, &p.side, &p.agreed, &p.until, &p.state, &p.reason, &at, &back, &told)
	p.At = storage.Instant(at)
	if back > 0 {
		p.Back = storage.Instant(back)
	}
	if told > 0 {
		p.Told = storage.Instant(told)
	}
	return p, err
}

// PartingsOf gives the partings of an application, the oldest first, without the reasons.
func PartingsOf(ctx context.Context, tx *storage.Tx, app storage.ID) ([]Parting, error) {
	return storage.All(ctx, tx, scanParting, `SELECT `+partingColumns+`
		WHERE p.application_id = $1
		ORDER BY p.at, p.pair_id`, app)
}

// ExplainedPartings is PartingsOf with the reasons, which are for staff alone. The caller has
// asked who may.
func (m *Service) ExplainedPartings(ctx context.Context, tx *storage.Tx, app Application) ([]Parting, error) {
	list, err := PartingsOf(ctx, tx, app.ID)
	for i, p := range list {
		if len(p.reason) == 0 {
			continue
		}
		plain, err := m.People.Unseal(ctx, tx, app.Person, p.reason)
		if err != nil {
			return nil, err
		}
		list[i].Reason = string(plain)
	}
	return list, err
}

// partingOf gives the parting of an application that nobody was told of yet.
func partingOf(ctx context.Context, tx *storage.Tx, app storage.ID) (p Parting, waits bool, err error) {
	p, err = storage.One(ctx, tx, scanParting, `SELECT `+partingColumns+`
		WHERE p.application_id = $1 AND p.back_at = 0 AND p.told_at = 0
		ORDER BY p.at DESC, p.pair_id
		LIMIT 1`, app)
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	return p, err == nil, err
}

// notParting refuses to begin something with another while a parting may be taken back.
func notParting(ctx context.Context, tx *storage.Tx, app storage.ID) error {
	p, waits, err := partingOf(ctx, tx, app)
	if err == nil && waits && p.Returns(tx.Now) {
		err = fault.New(fault.Conflict, "seminars.fault.companion_has")
	}
	return err
}

// MayPart reports whether staff may part two now: until the activity begins.
func MayPart(a Activity, now time.Time) bool { return MayInvite(a, now) == nil }

// PartPair ends a pair. Each keeps what she has: the state, the seat, the place in the line,
// the lot of a draw. For PartBack nobody is told, and it can be taken back; then both are.
//
// Faults: Forbidden; NotFound when the application is of another activity; those of
// MayInvite; Invalid without a reason; Conflict when she comes with nobody (any more), while
// a draw is computed, and while what was decided is about to be told.
func (m *Service) PartPair(ctx context.Context, tx *storage.Tx, cmd PartPair) error {
	app, a, err := m.partable(ctx, tx, cmd.Actor, cmd.Activity, cmd.Application)
	if err != nil {
		return err
	}
	reason, err := ownWords("why", cmd.Reason)
	if err == nil && reason == "" {
		err = fault.At("why", "fault.required")
	}
	if err != nil {
		return err
	}
	s, there, err := sideOf(ctx, tx, app.ID)
	if err != nil {
		return err
	}
	if !there || !s.whole() {
		return errNoPair
	}
	box, err := m.People.Seal(ctx, tx, app.Person, []byte(reason))
	if err != nil {
		return err
	}
	if err := m.EndPair(ctx, tx, s.pair, cmd.Actor.Person, app.ID, box); err != nil {
		return err
	}
	due := tx.Now.Add(PartBack)
	if err := jobs.Enqueue(ctx, tx, jobs.Job{Kind: partedKind, Payload: ofPair{s.pair}, Key: s.pair.String(), After: due}); err != nil {
		return err
	}
	m.News(tx, a.ID)
	// In her own log it stands from when it is told.
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "seminars.audit.parted", Object: a.ID})
}

var errNoPair = fault.New(fault.Conflict, "seminars.fault.companion_none")

// partable reads an application for who may part her from another now. The seats are held,
// so that who draws, who tells what was drawn, and who moves one of the two come before or
// after.
func (m *Service) partable(ctx context.Context, tx *storage.Tx, actor access.Actor, activity, id storage.ID) (app Application, a Activity, err error) {
	if a, err = m.Schedule().Held(ctx, tx, activity); err != nil {
		return app, a, err
	}
	if _, err = callable(ctx, tx, actor, a, id); err != nil {
		return app, a, err
	}
	if err = MayInvite(a, tx.Now); err != nil {
		return app, a, err
	}
	if err = m.HoldSeminar(ctx, tx, a.ID); err != nil {
		return app, a, err
	}
	if m.Deciding != nil {
		if err = m.Deciding(ctx, tx, a.ID); err != nil {
			return app, a, err
		}
	}
	app, err = ApplicationByID(ctx, tx, id) // as it is now that the seats are held
	return app, a, err
}

// EndPair ends a pair as staff do, and keeps what it was; box is the sealed reason, in the
// row of one of the two. Conflict when it has ended already: that is guarded by how many
// rows go, and by nothing else.
func (m *Service) EndPair(ctx context.Context, tx *storage.Tx, pair, by, of storage.ID, box []byte) error {
	if m.Apart != nil {
		return m.Apart(ctx, tx, pair)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO companion_parted (pair_id, application_id, side, agreed_at, until_at, state, reason, by_person, at)
		SELECT c.pair_id, c.application_id, c.side, c.agreed_at, p.until_at, a.state, NULL, $2, $3
		FROM companion c
		JOIN companion_pair p ON p.id = c.pair_id
		JOIN application a ON a.id = c.application_id
		WHERE c.pair_id = $1
		ON CONFLICT (pair_id, application_id) DO NOTHING`, pair, by, storage.Micros(tx.Now)); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM companion WHERE pair_id = $1`, pair)
	if err != nil {
		return err
	}
	if n != 2 {
		return errNoPair
	}
	if _, err := tx.Exec(ctx, `UPDATE companion_parted SET reason = $3 WHERE pair_id = $1 AND application_id = $2`, pair, of, box); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM companion_pair WHERE id = $1`, pair)
	return err
}

// PutTogether takes a parting back: both are a pair again, as they were. What is taken back
// twice is taken back once.
//
// Faults: Forbidden; NotFound; those of MayInvite; TooLate after PartBack and once both were
// told; Conflict when one of them has moved, comes with somebody else or is gone, and when
// it was drawn since or is being drawn.
func (m *Service) PutTogether(ctx context.Context, tx *storage.Tx, cmd PartPair) error {
	app, a, err := m.partable(ctx, tx, cmd.Actor, cmd.Activity, cmd.Application)
	if err != nil {
		return err
	}
	p, waits, err := partingOf(ctx, tx, app.ID)
	if err != nil {
		return err
	}
	if !waits || !p.Returns(tx.Now) {
		if s, there, err := sideOf(ctx, tx, app.ID); err != nil || there && s.whole() {
			return err // taken back already
		}
		return fault.New(fault.TooLate, "seminars.fault.parted_late")
	}
	moved := fault.New(fault.Conflict, "seminars.fault.parted_moved")
	if p.Other.IsZero() || app.State != p.state {
		return moved
	}
	other, there, err := ApplicationIfThere(ctx, tx, p.Other)
	if err != nil {
		return err
	}
	hers, waits, err := partingOf(ctx, tx, p.Other)
	if err != nil {
		return err
	}
	if !there || !waits || hers.Pair != p.Pair || other.State != hers.state {
		return moved
	}
	for _, one := range []storage.ID{app.ID, other.ID} {
		if err := m.forgetLate(ctx, tx, one); err != nil {
			return err
		}
		if _, there, err := sideOf(ctx, tx, one); err != nil || there {
			if err == nil {
				err = moved
			}
			return err
		}
	}
	if m.DrawnSince != nil {
		if drawn, err := m.DrawnSince(ctx, tx, a.ID, p.At); err != nil || drawn {
			if err == nil {
				err = fault.New(fault.Conflict, "seminars.fault.parted_drawn")
			}
			return err
		}
	}
	n, err := tx.Exec(ctx, `UPDATE companion_parted SET back_at = $2 WHERE pair_id = $1 AND back_at = 0 AND told_at = 0`, p.Pair, storage.Micros(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	pair := tx.NewID() // the link of the first is worth nothing any more
	if _, err := tx.Exec(ctx, `INSERT INTO companion_pair (id, activity_id, until_at) VALUES ($1, $2, $3)`, pair, a.ID, p.until); err != nil {
		return err
	}
	for _, one := range []Parting{p, hers} {
		if _, err := tx.Exec(ctx, `INSERT INTO companion (application_id, pair_id, side, agreed_at) VALUES ($1, $2, $3, $4)`, one.Application, pair, one.side, one.agreed); err != nil {
			return err
		}
	}
	m.News(tx, a.ID)
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "seminars.audit.parted_back", Object: a.ID})
}

// TellParted tells both whom staff have parted, once the time to take it back is over. What
// one of them could not be offered while she came with the other is offered from then on.
func (m *Service) TellParted(ctx context.Context, tx *storage.Tx, pair storage.ID) error {
	list, err := storage.All(ctx, tx, scanParting, `SELECT `+partingColumns+`
		WHERE p.pair_id = $1
		ORDER BY p.side`, pair)
	if err != nil || len(list) == 0 {
		return err
	}
	app, there, err := ApplicationIfThere(ctx, tx, list[0].Application)
	if err != nil || !there {
		return err
	}
	a, err := m.Schedule().Held(ctx, tx, app.Activity)
	if err != nil {
		return err
	}
	if err := m.HoldSeminar(ctx, tx, a.ID); err != nil {
		return err
	}
	n, err := toldParted(ctx, tx, pair)
	if err != nil || n == 0 { // taken back, or told
		return err
	}
	waits := false
	for _, p := range list {
		app, there, err := ApplicationIfThere(ctx, tx, p.Application)
		if err != nil {
			return err
		}
		if !there {
			continue
		}
		waits = waits || app.State == Waitlisted
		if err := audit.Record(ctx, tx, audit.Entry{Actor: p.By, Person: app.Person, Action: "seminars.audit.parted", Object: a.ID}); err != nil {
			return err
		}
		if app.State == Withdrawn || app.State == Declined {
			continue
		}
		if err := m.TellOnce(ctx, tx, app, noticeParted, noticeParted+"/"+pair.String()+"/"+app.ID.String()); err != nil {
			return err
		}
	}
	m.News(tx, a.ID)
	if !waits {
		return nil
	}
	return m.PassOn(ctx, tx, a.ID)
}

// toldParted notes that a parting is told; 0 when it was, or was taken back.
func toldParted(ctx context.Context, tx *storage.Tx, pair storage.ID) (int64, error) {
	return tx.Exec(ctx, `UPDATE companion_parted SET told_at = $2 WHERE pair_id = $1 AND back_at = 0 AND told_at = 0`, pair, storage.Micros(tx.Now))
}

// partHerself is that one of two whom staff have parted says so herself, before both are told:
// it is no longer taken back, and the other is told as whenever one of two leaves.
func (m *Service) partHerself(ctx context.Context, tx *storage.Tx, app Application) error {
	p, waits, err := partingOf(ctx, tx, app.ID)
	if err != nil || !waits {
		return err
	}
	n, err := toldParted(ctx, tx, p.Pair)
	if err != nil || n == 0 || p.Other.IsZero() {
		return err
	}
	m.News(tx, app.Activity)
	other, err := ApplicationByID(ctx, tx, p.Other)
	if err != nil {
		return err
	}
	return m.TellOnce(ctx, tx, other, noticeApart, noticeApart+"/"+p.Pair.String())
}

// joinPartings gives the partings of an application to the one that it becomes part of; of
// two that were parted from each other nothing is left to tell.
func joinPartings(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM companion_parted
		WHERE application_id IN ($1, $2)
			AND pair_id IN (SELECT pair_id FROM companion_parted WHERE application_id = $1)
			AND pair_id IN (SELECT pair_id FROM companion_parted WHERE application_id = $2)`, stays, goes); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE companion_parted SET application_id = $1 WHERE application_id = $2`, stays, goes)
	return err
}
