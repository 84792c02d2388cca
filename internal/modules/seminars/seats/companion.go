package seats

import (
	"context"
	"crypto/subtle"
	"database/sql"
	"encoding/base64"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Two applicants may come only together: half of the two is of no use to anybody. One gives
// the other a link, the other joins with an application of her own, and both say yes. From
// then on they are a pair: pair_moves.go moves both or neither. No contact of anybody else
// is typed, and no name tells whether somebody has applied.

// Companion is what somebody is told of coming together.
type Companion struct {
	Stands Together
	Until  time.Time // until when the link works, and both may say yes or part
	Token  string    // of the link that she gives, while nobody has used it
	// Other is the application of the other: for who gave the link once it was used, since
	// who uses it agrees to that; for who used it once both have said yes. Else zero.
	Other storage.ID
	Asked time.Time // until when she says whether she comes alone; zero when she is not asked
	// Parting is that staff have parted the two, and nobody was told yet: until then she reads
	// that they are Paired, since it may be taken back.
	Parting bool
}

// Together is how far two have come.
type Together string

// The stages.
const (
	Alone   Together = ""
	Offered Together = "offered" // she has made a link
	Joined  Together = "joined"  // she has used a link, and the other has not said yes
	Asking  Together = "wanted"  // her link was used, and she has not said yes
	Paired  Together = "paired"  // both have said yes
)

// side is one of two.
type side struct {
	pair      storage.ID
	of        int
	agreed    bool
	until     time.Time
	other     storage.ID // zero while the link was not used
	otherSaid bool
}

// whole reports whether both have said yes.
func (s side) whole() bool { return s.agreed && s.otherSaid && !s.other.IsZero() }

// sideOf finds what an application is part of; ok is false when it stands alone.
func sideOf(ctx context.Context, tx *storage.Tx, app storage.ID) (s side, ok bool, err error) {
	s, err = storage.One(ctx, tx, func(row storage.Scanner) (s side, err error) {
		var agreed, until, said int64
		err = row.Scan(&s.pair, &s.of, &agreed, &until, &s.other, &said)
		s.agreed, s.otherSaid, s.until = agreed > 0, said > 0, storage.Instant(until)
		return s, err
	}, `SELECT c.pair_id, c.side, c.agreed_at, p.until_at, o.application_id, COALESCE(o.agreed_at, 0)
		FROM companion c
		JOIN companion_pair p ON p.id = c.pair_id
		LEFT JOIN companion o ON o.pair_id = c.pair_id AND o.side <> c.side
		WHERE c.application_id = $1`, app)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	return s, err == nil, err
}

// CompanionOf tells how an application stands with another. Both who have not said yes when
// the time is over stand alone.
func (m *Service) CompanionOf(ctx context.Context, tx *storage.Tx, app Application) (c Companion, err error) {
	var asked int64
	err = tx.QueryRow(ctx, `SELECT until_at FROM companion_question WHERE application_id = $1`, app.ID).Scan(&asked)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return c, err
	}
	c.Asked = storage.Instant(asked)
	s, there, err := sideOf(ctx, tx, app.ID)
	if err != nil {
		return c, err
	}
	if !there {
		p, waits, err := partingOf(ctx, tx, app.ID)
		if err == nil && waits && !p.Other.IsZero() && p.state == app.State {
			c.Stands, c.Other, c.Parting = Paired, p.Other, true
		}
		return c, err
	}
	c.Until = s.until
	switch {
	case s.whole():
		c.Stands, c.Other = Paired, s.other
	case !tx.Now.Before(s.until):
	case s.of == 2:
		c.Stands = Joined
	case !s.other.IsZero():
		c.Stands, c.Other = Asking, s.other
	default:
		c.Stands, c.Token = Offered, m.companionToken(s.pair)
	}
	return c, nil
}

// CompanionsAt gives the pairs of an activity, each application with the other.
func CompanionsAt(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[storage.ID]storage.ID, error) {
	type two struct{ a, b storage.ID }
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (v two, err error) {
		err = row.Scan(&v.a, &v.b)
		return v, err
	}, `SELECT c.application_id, o.application_id
		FROM companion_pair p
		JOIN companion c ON c.pair_id = p.id AND c.side = 1 AND c.agreed_at > 0
		JOIN companion o ON o.pair_id = p.id AND o.side = 2 AND o.agreed_at > 0
		WHERE p.activity_id = $1
		ORDER BY p.id`, activity)
	out := make(map[storage.ID]storage.ID, 2*len(list))
	for _, v := range list {
		out[v.a], out[v.b] = v.b, v.a
	}
	return out, err
}

// togetherUntil is until when two may come together: the deadline, and never the start;
// zero while the activity has neither.
func togetherUntil(a Activity) time.Time {
	if !a.Deadline.IsZero() {
		return beforeStart(a.Deadline, a)
	}
	return a.Starts
}

// undecidedYet reports whether nobody has decided on an application.
func undecidedYet(s State) bool { return s == Applied || s == Shortlisted }

// MayCompanion reports whether an applicant may give a link, use one, say yes or part now.
func MayCompanion(a Activity, s Seminar, app Application, now time.Time) bool {
	until := togetherUntil(a)
	return s.Companions && !s.FirstCome && a.State == "published" && (until.IsZero() || now.Before(until)) && undecidedYet(app.State)
}

// companionMark is of how many bytes the mark behind an id in a token is.
const companionMark = 12

// companionToken is what stands in the link of a pair: its id, and a mark that only this
// house makes.
func (m *Service) companionToken(pair storage.ID) string {
	return base64.RawURLEncoding.EncodeToString(append(pair[:], m.Keys.Index("companion.link", pair.String())[:companionMark]...))
}

// pairOfToken reads a token, which anybody may have made up.
func (m *Service) pairOfToken(token string) (pair storage.ID, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != len(pair)+companionMark {
		return pair, false
	}
	copy(pair[:], raw)
	mark := m.Keys.Index("companion.link", pair.String())[:companionMark]
	return pair, subtle.ConstantTimeCompare(mark, raw[len(pair):]) == 1
}

// applicationFor reads an application and its activity, held, for who may come together
// now.
//
// Faults: NotFound; TooLate once the time is over or it was decided; Conflict while a
// selection is about to be told; Forbidden where nobody may.
func (m *Service) applicationFor(ctx context.Context, tx *storage.Tx, id storage.ID) (app Application, a Activity, err error) {
	if app, err = ApplicationByID(ctx, tx, id); err != nil {
		return app, a, err
	}
	if a, err = m.Schedule().Held(ctx, tx, app.Activity); err != nil {
		return app, a, err
	}
	if err = m.decidable(ctx, tx, a); err != nil {
		return app, a, err
	}
	if app, err = ApplicationByID(ctx, tx, id); err != nil { // as it is now that it is held
		return app, a, err
	}
	s, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return app, a, err
	}
	switch {
	case MayCompanion(a, s, app, tx.Now):
		return app, a, nil
	case !s.Companions || s.FirstCome:
		return app, a, fault.New(fault.Forbidden, "seminars.fault.companion_off")
	}
	return app, a, fault.New(fault.TooLate, "seminars.fault.companion_late")
}

// OfferCompanion makes the link by which somebody else may come together with an applicant.
// She has one at a time: asked for again it is the same.
//
// Faults: those of applicationFor; Conflict when she comes together with somebody already.
func (m *Service) OfferCompanion(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	app, a, err := m.applicationFor(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.forgetLate(ctx, tx, app.ID); err != nil {
		return err
	}
	switch s, there, err := sideOf(ctx, tx, app.ID); {
	case err != nil:
		return err
	case there && s.other.IsZero():
		return nil
	case there:
		return fault.New(fault.Conflict, "seminars.fault.companion_has")
	}
	if err := notParting(ctx, tx, app.ID); err != nil {
		return err
	}
	pair := tx.NewID()
	until := togetherUntil(a)
	if until.IsZero() {
		until = LinkStays(a, tx.Now)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO companion_pair (id, activity_id, until_at) VALUES ($1, $2, $3)`, pair, a.ID, storage.Micros(until)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO companion (application_id, pair_id, side) VALUES ($1, $2, 1)`, app.ID, pair)
	return err
}

// forgetLate drops what did not become a pair in its time.
func (m *Service) forgetLate(ctx context.Context, tx *storage.Tx, app storage.ID) error {
	s, there, err := sideOf(ctx, tx, app)
	if err != nil || !there || s.whole() || tx.Now.Before(s.until) {
		return err
	}
	return dropPair(ctx, tx, s.pair)
}

// dropPair ends a pair; its link is worth nothing any more.
func dropPair(ctx context.Context, tx *storage.Tx, pair storage.ID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM companion WHERE pair_id = $1`, pair); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM companion_pair WHERE id = $1`, pair)
	return err
}

// CompanionLink tells whether a link can be used for an activity, and by whom it cannot: it
// says nothing of who gave it.
//
// Faults: NotFound for a link of another activity, or none; Gone once it was used, has
// ended or was taken back.
func (m *Service) CompanionLink(ctx context.Context, tx *storage.Tx, a Activity, token string) (pair storage.ID, err error) {
	pair, ok := m.pairOfToken(token)
	if !ok {
		return pair, fault.New(fault.NotFound, "seminars.fault.companion_link")
	}
	var activity storage.ID
	var until, used int64
	err = tx.QueryRow(ctx, `SELECT activity_id, until_at, (SELECT COUNT(*) FROM companion c WHERE c.pair_id = p.id AND c.side = 2)
		FROM companion_pair p
		WHERE id = $1`, pair).Scan(&activity, &until, &used)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return pair, fault.New(fault.Gone, "seminars.fault.companion_gone")
	case err != nil:
		return pair, err
	case activity != a.ID:
		return pair, fault.New(fault.NotFound, "seminars.fault.companion_link")
	case used > 0 || storage.Micros(tx.Now) >= until:
		return pair, fault.New(fault.Gone, "seminars.fault.companion_gone")
	}
	return pair, nil
}

// JoinCompanion lets an applicant use the link that somebody gave her: she says yes to
// coming only together, and that who gave the link is shown her name. Who gave it is told,
// and says yes too. That a link is used once is guarded by companion_side alone.
//
// Faults: those of applicationFor and CompanionLink; Conflict for one's own link, and for
// who comes together with somebody already.
func (m *Service) JoinCompanion(ctx context.Context, tx *storage.Tx, id storage.ID, token string) error {
	app, a, err := m.applicationFor(ctx, tx, id)
	if err != nil {
		return err
	}
	pair, err := m.CompanionLink(ctx, tx, a, token)
	if err != nil {
		return err
	}
	if err := m.forgetLate(ctx, tx, app.ID); err != nil {
		return err
	}
	if err := notParting(ctx, tx, app.ID); err != nil {
		return err
	}
	s, there, err := sideOf(ctx, tx, app.ID)
	switch {
	case err != nil:
		return err
	case there && s.pair == pair:
		return fault.New(fault.Conflict, "seminars.fault.companion_own")
	case there && !s.other.IsZero():
		return fault.New(fault.Conflict, "seminars.fault.companion_has")
	case there: // a link of her own that nobody has used
		if err := dropPair(ctx, tx, s.pair); err != nil {
			return err
		}
	}
	giver, err := otherSide(ctx, tx, pair)
	if err != nil {
		return err
	}
	if giver.Person == app.Person {
		return fault.New(fault.Conflict, "seminars.fault.companion_own")
	}
	if !undecidedYet(giver.State) {
		return fault.New(fault.Gone, "seminars.fault.companion_gone")
	}
	if err := m.Joining(ctx, tx, app.ID, pair); err != nil {
		return err
	}
	return m.TellOnce(ctx, tx, giver, noticeWanted, noticeWanted+"/"+pair.String())
}

// Joining takes the second side of a pair; Gone when another has it.
func (m *Service) Joining(ctx context.Context, tx *storage.Tx, app, pair storage.ID) error {
	if m.Side != nil {
		return m.Side(ctx, tx, app, pair)
	}
	err := tx.Try(ctx, func() error {
		_, err := tx.Exec(ctx, `INSERT INTO companion (application_id, pair_id, side, agreed_at) VALUES ($1, $2, 2, $3)`, app, pair, storage.Micros(tx.Now))
		return err
	})
	if storage.Violates(err, "companion_side") || storage.IsForeignKey(err) { // used, or taken back in this moment
		return fault.New(fault.Gone, "seminars.fault.companion_gone")
	}
	return err
}

// otherSide gives the application that gave the link of a pair.
func otherSide(ctx context.Context, tx *storage.Tx, pair storage.ID) (Application, error) {
	a, err := storage.One(ctx, tx, ScanApplication, `SELECT `+ApplicationColumns+`
		FROM application
		WHERE id = (SELECT application_id FROM companion WHERE pair_id = $1 AND side = 1)`, pair)
	if errors.Is(err, sql.ErrNoRows) {
		return a, fault.New(fault.Gone, "seminars.fault.companion_gone")
	}
	return a, err
}

// AgreeCompanion is the yes of who gave the link. with is the application that she was
// shown: another is not agreed to unseen. From then on both are a pair, and both are told.
//
// Faults: those of applicationFor; Conflict when it is another by now, or none.
func (m *Service) AgreeCompanion(ctx context.Context, tx *storage.Tx, id, with storage.ID) error {
	app, _, err := m.applicationFor(ctx, tx, id)
	if err != nil {
		return err
	}
	s, there, err := sideOf(ctx, tx, app.ID)
	if err != nil {
		return err
	}
	if !there || s.of != 1 || s.other.IsZero() || s.other != with || !s.whole() && !tx.Now.Before(s.until) {
		return fault.New(fault.Conflict, "seminars.fault.companion_other")
	}
	if s.agreed {
		return nil
	}
	other, err := ApplicationByID(ctx, tx, s.other)
	if err != nil {
		return err
	}
	if !undecidedYet(other.State) {
		return fault.New(fault.Conflict, "seminars.fault.companion_other")
	}
	if _, err := tx.Exec(ctx, `UPDATE companion SET agreed_at = $2 WHERE application_id = $1`, app.ID, storage.Micros(tx.Now)); err != nil {
		return err
	}
	m.News(tx, app.Activity)
	for _, one := range []Application{app, other} {
		if err := m.TellOnce(ctx, tx, one, noticePaired, noticePaired+"/"+s.pair.String()+"/"+one.ID.String()); err != nil {
			return err
		}
	}
	return nil
}

// PartCompanion ends what an applicant has begun with another, or takes her link back: both
// stand alone from then on. The other is told. Until the time is over; after it who will not
// come withdraws.
//
// Faults: those of applicationFor.
func (m *Service) PartCompanion(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	app, _, err := m.applicationFor(ctx, tx, id)
	if err != nil {
		return err
	}
	s, there, err := sideOf(ctx, tx, app.ID)
	if err != nil {
		return err
	}
	if !there {
		return m.partHerself(ctx, tx, app)
	}
	if err := dropPair(ctx, tx, s.pair); err != nil {
		return err
	}
	m.News(tx, app.Activity)
	if s.other.IsZero() {
		return nil
	}
	other, err := ApplicationByID(ctx, tx, s.other)
	if err != nil {
		return err
	}
	return m.TellOnce(ctx, tx, other, noticeApart, noticeApart+"/"+s.pair.String())
}

// The messages about coming together.
const (
	noticeWanted = "seminars.companion_wanted" // to who gave the link: it was used
	noticePaired = "seminars.companion_paired" // to both: they come together
	noticeApart  = "seminars.companion_apart"  // to the other: she stands alone
	noticeAsked  = "seminars.companion_asked"  // to who has a seat: does she come alone
)
