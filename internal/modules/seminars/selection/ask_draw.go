package selection

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
)

// AskDraw asks for a draw.
type AskDraw struct {
	Actor    may
	Activity storage.ID
	After    int    // the number of the draw that was seen, 0 for none
	Witness  string // the other part of the seed, such as dice that were thrown; may be empty
	Reason   string // why it is drawn again; empty for the first
}

// Ask is a draw that is being computed.
type Ask struct {
	ID, Activity storage.ID
	After        int
	Witness      string
	Reason       string
	Part         int    // per cent that is done
	Fault        string // key of why nothing was drawn; empty while it is computed
	At           time.Time
	By           storage.ID
}

const (
	drawKind = "seminars.draw"
	// askLife is after what time a draw that did not come is given up: it may be asked for
	// again, and a job that comes to it later draws nothing.
	askLife        = 5 * time.Minute
	longestWitness = 100
)

type drawAsk struct {
	Ask      storage.ID `json:"ask"`
	Activity storage.ID `json:"activity"`
}

// AskDraw lets a job draw by the rules that are saved. Asking twice at once is one draw.
//
// Faults: Forbidden; those of seats.MayInvite; Invalid without rules, or without a reason
// when there is a draw already; Conflict when there is a later draw than the one that was
// seen, while one is computed, and while a step waits.
func (m *Service) AskDraw(ctx context.Context, tx *storage.Tx, cmd AskDraw) (Ask, error) {
	a, err := m.held(ctx, tx, cmd.Actor, cmd.Activity)
	if err != nil {
		return Ask{}, err
	}
	if err := notWaiting(ctx, tx, a.ID); err != nil {
		return Ask{}, err
	}
	_, version, err := RulesOf(ctx, tx, a.ID, a.Capacity)
	if err != nil {
		return Ask{}, err
	}
	if version == 0 {
		return Ask{}, fault.New(fault.Invalid, "seminars.selection.fault.no_rules")
	}
	last, _, err := lastDraw(ctx, tx, a.ID)
	if err != nil {
		return Ask{}, err
	}
	if last.Number != cmd.After {
		return Ask{}, fault.New(fault.Conflict, "seminars.selection.fault.drawn")
	}
	ask := Ask{ID: tx.NewID(), Activity: a.ID, After: cmd.After, At: tx.Now, By: cmd.Actor.Person}
	if cmd.After > 0 {
		if ask.Reason, err = words("reason", cmd.Reason); err != nil {
			return Ask{}, err
		}
	}
	if witness := strings.Join(strings.Fields(cmd.Witness), " "); witness != "" {
		fixed, wrong, args := forms.Question{Key: "witness", Kind: forms.AskText, Max: longestWitness}.Fix(witness, forms.Sources{})
		if wrong != "" {
			return Ask{}, fault.At("witness", wrong, args)
		}
		ask.Witness = fixed
	}
	if err := m.fixSeed(ctx, tx, a.ID, cmd.After+1); err != nil {
		return Ask{}, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM selection_ask
		WHERE activity_id = $1 AND (fault <> '' OR at <= $2)`, a.ID, storage.Micros(tx.Now.Add(-askLife))); err != nil {
		return Ask{}, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO selection_ask (activity_id, id, after, by_person, witness, reason, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (activity_id) DO NOTHING`, a.ID, ask.ID, ask.After, ask.By, ask.Witness, ask.Reason, storage.Micros(tx.Now))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "seminars.selection.fault.drawing")
	}
	if err != nil {
		return Ask{}, err
	}
	return ask, jobs.Enqueue(ctx, tx, jobs.Job{Kind: drawKind, Payload: drawAsk{ask.ID, a.ID}, Key: ask.ID.String()})
}

// AskOf gives the draw that is computed for an activity, or did not come about; false when
// there is none. One that is older than a draw may take has the fault that says so.
func AskOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (Ask, bool, error) {
	k := Ask{Activity: activity}
	var at int64
	err := tx.QueryRow(ctx, `SELECT id, after, by_person, witness, reason, part, fault, at
		FROM selection_ask
		WHERE activity_id = $1`, activity).Scan(&k.ID, &k.After, &k.By, &k.Witness, &k.Reason, &k.Part, &k.Fault, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return k, false, nil
	}
	k.At = storage.Instant(at)
	if k.Fault == "" && !tx.Now.Before(k.At.Add(askLife)) {
		k.Fault = "seminars.selection.fault.overdue"
	}
	return k, err == nil, err
}
