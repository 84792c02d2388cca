package selection

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Draw is one draw, as it was.
type Draw struct {
	ID, Activity storage.ID
	Number       int    // 1 for the first of the activity; the last counts
	Reason       string // why it was drawn again
	Rules        Rules
	Pairs        bool  // some came only together with another
	Effort       int64 // that bounded the work on it, in steps of arithmetic
	Seed         string
	Fingerprint  string    // SHA-256 of the house's part of the seed
	Fixed        time.Time // since when the fingerprint stood
	Reached      string
	Lots, Kept   int
	Digest       string // SHA-256 of the list that was drawn from, as File gives it
	At           time.Time
	By           storage.ID // zero once erased

	box []byte
}

// Lot is one lot of a draw. What the rules ask of it and its chance are sealed.
type Lot struct {
	Number      int
	Application storage.ID // zero when its person was erased
	Kept, Drawn bool       // had a seat whatever was drawn; or was drawn
	Place       int        // in the reserve, 0 for who was kept or drawn
}

// byLot reports whether the lot fell to it: not of a seat that was kept.
func (l Lot) byLot() bool { return l.Drawn && !l.Kept }

// boxed is what is sealed of a lot.
type boxed struct {
	Quotas []int   `json:"q,omitempty"` // the places of those of the rules that count her
	Home   int     `json:"h,omitempty"` // a number that those who belong together share
	Party  int     `json:"p,omitempty"` // a number that two share who come only together; 0: comes alone
	Kept   bool    `json:"k,omitempty"`
	Chance float64 `json:"c"`
}

// drawnBy is what selection_draw.rules holds.
type drawnBy struct {
	Rules
	Effort int64 `json:"effort"`
	Pairs  bool  `json:"pairs,omitempty"`
}

// firstEffort bounded the draws that were made before it was kept with each.
const firstEffort = 8_000_000_000

const drawColumns = `id, activity_id, number, reason, rules, seed, fingerprint, fixed_at, reached, lots, kept, digest, box, at, by_person`

func scanDraw(row storage.Scanner) (d Draw, err error) {
	var rules string
	var fixed, at int64
	if err = row.Scan(&d.ID, &d.Activity, &d.Number, &d.Reason, &rules, &d.Seed, &d.Fingerprint, &fixed, &d.Reached, &d.Lots, &d.Kept, &d.Digest, &d.box, &at, &d.By); err != nil {
		return d, err
	}
	d.Fixed, d.At = storage.Instant(fixed), storage.Instant(at)
	by := drawnBy{Effort: firstEffort}
	err = json.Unmarshal([]byte(rules), &by)
	d.Rules, d.Effort, d.Pairs = by.Rules, by.Effort, by.Pairs
	return d, err
}

// drawsOf lists the draws of an activity, the last first.
func drawsOf(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]Draw, error) {
	return storage.All(ctx, tx, scanDraw, `SELECT `+drawColumns+`
		FROM selection_draw
		WHERE activity_id = $1
		ORDER BY number DESC`, activity)
}

// lastDraw gives the draw that counts; false when nothing was drawn.
func lastDraw(ctx context.Context, tx *storage.Tx, activity storage.ID) (Draw, bool, error) {
	d, err := storage.One(ctx, tx, scanDraw, `SELECT `+drawColumns+`
		FROM selection_draw
		WHERE activity_id = $1
		ORDER BY number DESC
		LIMIT 1`, activity)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	return d, err == nil, err
}

func drawByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Draw, error) {
	return storage.One(ctx, tx, scanDraw, `SELECT `+drawColumns+`
		FROM selection_draw
		WHERE id = $1`, id)
}

func scanLot(row storage.Scanner) (l Lot, err error) {
	err = row.Scan(&l.Number, &l.Application, &l.Kept, &l.Drawn, &l.Place)
	return l, err
}

// lotsOf lists the lots of a draw by number.
func lotsOf(ctx context.Context, tx *storage.Tx, draw storage.ID) ([]Lot, error) {
	return storage.All(ctx, tx, scanLot, `SELECT number, application_id, kept, drawn, place
		FROM selection_lot
		WHERE draw_id = $1
		ORDER BY number`, draw)
}

const fieldBox = "selection_draw.box"

func (m *Service) closeBox(draw storage.ID, lots []boxed) ([]byte, error) {
	plain, err := json.Marshal(lots)
	if err != nil {
		return nil, err
	}
	return m.Keys.Seal(draw[:], fieldBox, plain), nil
}

// openBox gives what is sealed of the lots, in the order of their numbers.
func (m *Service) openBox(d Draw) (lots []boxed, err error) {
	plain, err := m.Keys.Open(d.ID[:], fieldBox, d.box)
	if err != nil {
		return nil, err
	}
	return lots, json.Unmarshal(plain, &lots)
}

// Step is a selection that is told, or was.
type Step struct {
	ID, Activity storage.ID
	Draw         storage.ID // zero: nothing was drawn
	Waiting      int        // how many of those who were not chosen wait
	State        string
	Refused      string // key of why it was not done
	Due, At      time.Time
	By           storage.ID
}

// The states of a step.
const (
	StepWaiting   = "waiting"
	StepDone      = "done"
	StepTakenBack = "taken_back"
	StepRefused   = "refused"
)

const stepColumns = `id, activity_id, draw_id, waiting, state, refused, due_at, at, by_person`

func scanStep(row storage.Scanner) (s Step, err error) {
	var due, at int64
	err = row.Scan(&s.ID, &s.Activity, &s.Draw, &s.Waiting, &s.State, &s.Refused, &due, &at, &s.By)
	s.Due, s.At = storage.Instant(due), storage.Instant(at)
	return s, err
}

func stepsOf(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]Step, error) {
	return storage.All(ctx, tx, scanStep, `SELECT `+stepColumns+`
		FROM selection_step
		WHERE activity_id = $1
		ORDER BY at DESC, id DESC`, activity)
}

// openStep gives the step that waits; false when there is none.
func openStep(ctx context.Context, tx *storage.Tx, activity storage.ID) (Step, bool, error) {
	s, err := storage.One(ctx, tx, scanStep, `SELECT `+stepColumns+`
		FROM selection_step
		WHERE activity_id = $1 AND state = 'waiting'`, activity)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	return s, err == nil, err
}

// lateAfter is how long after it is due a step that is not done is said to be stuck.
const lateAfter = 2 * time.Minute

// Stuck gives the activities whose last step was not done: it is due and waits still, or it
// was refused.
func Stuck(ctx context.Context, tx *storage.Tx) (map[storage.ID]bool, error) {
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) { err = row.Scan(&id); return id, err }, `SELECT s.activity_id
		FROM selection_step s
		WHERE (s.state = 'waiting' AND s.due_at <= $1 OR s.state = 'refused')
			AND NOT EXISTS (SELECT 1 FROM selection_step l WHERE l.activity_id = s.activity_id AND l.at > s.at)`, storage.Micros(tx.Now.Add(-lateAfter)))
	out := map[storage.ID]bool{}
	for _, id := range list {
		out[id] = true
	}
	return out, err
}

// lastRefused gives the last step of an activity when it was refused; false when not.
func lastRefused(ctx context.Context, tx *storage.Tx, activity storage.ID) (Step, bool, error) {
	s, err := storage.One(ctx, tx, scanStep, `SELECT `+stepColumns+`
		FROM selection_step
		WHERE activity_id = $1
		ORDER BY at DESC, id DESC
		LIMIT 1`, activity)
	if errors.Is(err, sql.ErrNoRows) {
		return Step{}, false, nil
	}
	return s, err == nil && s.State == StepRefused, err
}

// stepByID gives a step; NotFound when there is none.
func stepByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Step, error) {
	s, err := storage.One(ctx, tx, scanStep, `SELECT `+stepColumns+`
		FROM selection_step
		WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return s, fault.New(fault.NotFound, "seminars.selection.fault.step")
	}
	return s, err
}

// RulesOf gives the rules of an activity and how often they were saved; of one that has none
// all its seats, and 0.
func RulesOf(ctx context.Context, tx *storage.Tx, activity storage.ID, capacity int) (r Rules, version int64, err error) {
	var text string
	err = tx.QueryRow(ctx, `SELECT rules, version
		FROM selection_rules
		WHERE activity_id = $1`, activity).Scan(&text, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return Rules{Seats: max(1, capacity)}, 0, nil
	}
	if err != nil {
		return r, 0, err
	}
	return r, version, json.Unmarshal([]byte(text), &r)
}

// drawnAt gives what the last draw of an activity decided; who was kept is not among them.
func drawnAt(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[storage.ID]seats.Ruling, error) {
	out := map[storage.ID]seats.Ruling{}
	_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var app storage.ID
		var drawn bool
		err := row.Scan(&app, &drawn)
		out[app] = seats.RuledLine
		if drawn {
			out[app] = seats.RuledSeat
		}
		return struct{}{}, err
	}, `SELECT application_id, drawn
		FROM selection_lot
		WHERE draw_id = (SELECT id FROM selection_draw WHERE activity_id = $1 ORDER BY number DESC LIMIT 1)
			AND application_id IS NOT NULL AND NOT kept`, activity)
	return out, err
}
