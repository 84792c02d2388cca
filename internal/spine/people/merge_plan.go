package people

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

// A merge moves rows of every room and cannot be taken apart again. So what staff decide
// waits for UndoFor, and nothing of the two records changes until then.

const (
	mergeKind = "people.merge"
	// keptRefused is how long it is told that a merge was not done.
	keptRefused = 30 * 24 * time.Hour
	// givenUp is how long after its time a merge that could not be done is tried at most.
	givenUp = 24 * time.Hour
)

// PlanMerge is the decision of staff that two records are one person's.
type PlanMerge struct {
	By         access.Actor
	From, Into storage.ID   // Into stays
	Contacts   []storage.ID // of From that come along, as typed
}

// MergePlan is a merge that waits, or one that was not done.
type MergePlan struct {
	ID, From, Into, By storage.ID
	Contacts           []storage.ID
	Due                time.Time
	Refused            string // key of why it was not done; empty while it waits

	roles string
}

type mergeAsk struct {
	Plan storage.ID `json:"plan"`
}

// PlanMerge notes that two records shall be one when UndoFor has passed. Deciding the same
// again, as by a button that was pressed twice, gives the plan that waits. Faults as
// AnswerPair; Conflict while another plan with one of the two waits, or when more contacts
// would come than a record holds.
func (s *Service) PlanMerge(ctx context.Context, tx *storage.Tx, cmd PlanMerge) (MergePlan, error) {
	from, into, err := s.holdBoth(ctx, tx, cmd.From, cmd.Into)
	if err != nil {
		return MergePlan{}, err
	}
	if err := s.MayMerge(ctx, tx, cmd.By, from, into); err != nil {
		return MergePlan{}, err
	}
	before, err := s.MergePlansOf(ctx, tx, from.ID, into.ID)
	if err != nil {
		return MergePlan{}, err
	}
	for _, p := range before {
		switch {
		case p.Refused != "":
			if _, err := tx.Exec(ctx, `DELETE FROM merge_plan WHERE id = $1`, p.ID); err != nil {
				return MergePlan{}, err
			}
		case p.From == from.ID && p.Into == into.ID && p.By == cmd.By.Person && sameIDs(p.Contacts, cmd.Contacts):
			return p, nil
		default:
			return MergePlan{}, fault.New(fault.Conflict, "people.fault.merge_waits")
		}
	}
	if _, err := s.coming(ctx, tx, from, into, cmd.Contacts); err != nil {
		return MergePlan{}, err
	}
	p := MergePlan{ID: tx.NewID(), From: from.ID, Into: into.ID, By: cmd.By.Person, Contacts: cmd.Contacts, Due: tx.Now.Add(UndoFor)}
	if p.roles, err = s.rolesOf(ctx, tx, from.ID, into.ID); err != nil {
		return p, err
	}
	contacts, err := json.Marshal(cmd.Contacts)
	if err != nil {
		return p, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO merge_plan (id, from_id, into_id, by_id, contacts, roles, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		p.ID, p.From, p.Into, p.By, string(contacts), p.roles, storage.Micros(p.Due)); err != nil {
		return p, err
	}
	if err := jobs.Enqueue(ctx, tx, jobs.Job{Kind: mergeKind, Payload: mergeAsk{p.ID}, Key: p.ID.String(), After: p.Due}); err != nil {
		return p, err
	}
	return p, noteBoth(ctx, tx, p, cmd.By.Person, "people.audit.merge_planned")
}

// sameIDs reports whether two lists hold the same, in any order.
func sameIDs(a, b []storage.ID) bool {
	for _, id := range a {
		if !slices.Contains(b, id) {
			return false
		}
	}
	for _, id := range b {
		if !slices.Contains(a, id) {
			return false
		}
	}
	return true
}

// dropPlans takes back what is planned of two records, and what is told of plans that were
// not done. A merge that is being done at this moment comes first, or finds nothing.
func (s *Service) dropPlans(ctx context.Context, tx *storage.Tx, by, a, b storage.ID) error {
	list, err := storage.All(ctx, tx, scanMergePlan, selectMergePlan+` WHERE from_id = $1 AND into_id = $2 OR from_id = $2 AND into_id = $1 ORDER BY id`, a, b)
	if err != nil {
		return err
	}
	for _, p := range list {
		if _, err := tx.Exec(ctx, `DELETE FROM merge_plan WHERE id = $1`, p.ID); err != nil {
			return err
		}
		if p.Refused == "" {
			if err := noteBoth(ctx, tx, p, by, "people.audit.merge_taken_back"); err != nil {
				return err
			}
		}
	}
	return nil
}

// noteBoth notes in the logs of both records what was done with a plan.
func noteBoth(ctx context.Context, tx *storage.Tx, p MergePlan, by storage.ID, action string) error {
	for _, id := range []storage.ID{p.From, p.Into} {
		if err := audit.Record(ctx, tx, audit.Entry{Actor: by, Person: id, Action: action}); err != nil {
			return err
		}
	}
	return nil
}

// TakeBackMerge undoes a plan: nothing has happened. Whoever may merge the two may undo it.
// Faults as AnswerPair; NotFound when it is no plan, Conflict when it is too late: from when
// it is due for a day, in which the work is tried; what could not be done is undone after that.
func (s *Service) TakeBackMerge(ctx context.Context, tx *storage.Tx, by access.Actor, plan storage.ID) (MergePlan, error) {
	p, err := mergePlan(ctx, tx, plan)
	if err != nil {
		return p, err
	}
	from, into, err := s.holdBoth(ctx, tx, p.From, p.Into)
	if err != nil {
		return p, err
	}
	if err := s.MayMerge(ctx, tx, by, from, into); err != nil {
		return p, err
	}
	if !tx.Now.Before(p.Due) && tx.Now.Before(p.Due.Add(givenUp)) {
		return p, fault.New(fault.Conflict, "people.fault.change_late")
	}
	n, err := tx.Exec(ctx, `DELETE FROM merge_plan WHERE id = $1 AND refused = ''`, p.ID)
	if err != nil {
		return p, err
	}
	if n == 0 {
		return p, fault.New(fault.Conflict, "people.fault.change_gone")
	}
	return p, noteBoth(ctx, tx, p, by.Person, "people.audit.merge_taken_back")
}

// MergePlansOf gives the plans with one of the records, or with one that became part of it,
// those that wait and those that were not done.
func (s *Service) MergePlansOf(ctx context.Context, tx *storage.Tx, ids ...storage.ID) (out []MergePlan, err error) {
	var all []storage.ID
	for _, id := range ids {
		one, err := records(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	for _, id := range all {
		list, err := storage.All(ctx, tx, scanMergePlan, selectMergePlan+` WHERE from_id = $1 OR into_id = $1 ORDER BY due_at, id`, id)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			if !slices.ContainsFunc(out, func(have MergePlan) bool { return have.ID == p.ID }) {
				out = append(out, p)
			}
		}
	}
	return out, nil
}

const selectMergePlan = `SELECT id, from_id, into_id, by_id, contacts, roles, due_at, refused FROM merge_plan`

func scanMergePlan(row storage.Scanner) (p MergePlan, err error) {
	var contacts string
	var due int64
	if err := row.Scan(&p.ID, &p.From, &p.Into, &p.By, &contacts, &p.roles, &due, &p.Refused); err != nil {
		return p, err
	}
	p.Due = storage.Instant(due)
	return p, json.Unmarshal([]byte(contacts), &p.Contacts)
}

// mergePlan gives a plan; NotFound when there is none.
func mergePlan(ctx context.Context, tx *storage.Tx, id storage.ID) (MergePlan, error) {
	list, err := storage.All(ctx, tx, scanMergePlan, selectMergePlan+` WHERE id = $1`, id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "people.fault.change_gone")
	}
	if err != nil {
		return MergePlan{}, err
	}
	return list[0], nil
}

// rolesOf writes the roles of records as they are: other words are other roles.
func (s *Service) rolesOf(ctx context.Context, tx *storage.Tx, ids ...storage.ID) (string, error) {
	var out []string
	for _, id := range ids {
		grants, err := s.Grants(ctx, tx, id)
		if err != nil {
			return "", err
		}
		for _, g := range grants {
			if !g.Over(tx.Now) {
				out = append(out, g.ID.String())
			}
		}
	}
	return strings.Join(out, " "), nil
}

// mergeJob does a merge whose time has come.
func (s *Service) mergeJob() jobs.Kind {
	return jobs.Kind{Name: mergeKind, Text: "people.job.merge", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
		var ask mergeAsk
		if err := json.Unmarshal(payload, &ask); err != nil {
			return err
		}
		return s.MergeDue(ctx, store, ask.Plan)
	}}
}

// MergeDue does what a plan says, once, however many ask for it; one that was taken back or
// is done is nothing. It is judged by what is now: what may be no more is not done, and the
// plan says why.
func (s *Service) MergeDue(ctx context.Context, store *storage.Store, plan storage.ID) error {
	err := store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return s.mergePlanned(ctx, tx, plan) })
	f := fault.Of(err)
	if f == nil {
		return err
	}
	return store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		p, err := mergePlan(ctx, tx, plan)
		if fault.Is(err, fault.NotFound) || err == nil && p.Refused != "" {
			return nil // she was erased, or another was faster
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE merge_plan SET refused = $2 WHERE id = $1`, p.ID, f.Key); err != nil {
			return err
		}
		return noteBoth(ctx, tx, p, storage.ID{}, "people.audit.merge_refused")
	})
}

var errNotDue = errors.New("people: the merge is not due yet")

func (s *Service) mergePlanned(ctx context.Context, tx *storage.Tx, plan storage.ID) error {
	p, err := mergePlan(ctx, tx, plan)
	if fault.Is(err, fault.NotFound) || err == nil && p.Refused != "" {
		return nil
	}
	if err != nil {
		return err
	}
	if tx.Now.Before(p.Due) {
		return errNotDue // it is asked for again
	}
	from, into, err := s.holdBoth(ctx, tx, p.From, p.Into)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM merge_plan WHERE id = $1 AND refused = ''`, p.ID)
	if err != nil || n == 0 { // taken back, or done by another
		return err
	}
	if from.ID != p.From || into.ID != p.Into {
		return fault.New(fault.Conflict, "people.fault.merge_other")
	}
	roles, err := s.rolesOf(ctx, tx, from.ID, into.ID)
	if err != nil {
		return err
	}
	if roles != p.roles {
		return fault.New(fault.Conflict, "people.fault.merge_roles")
	}
	grants, err := s.Awake(ctx, tx, p.By)
	if err != nil {
		return err
	}
	return s.AnswerPair(ctx, tx, AnswerPair{
		By: access.Actor{Person: p.By, Origin: access.OfPasskey, Grants: grants, Table: permissions},
		A:  into.ID, B: from.ID, Keep: KeepA, Contacts: p.Contacts,
	})
}

// tidyPlans deletes what was told long enough.
func (s *Service) tidyPlans(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM merge_plan WHERE refused <> '' AND due_at <= $1`, storage.Micros(tx.Now.Add(-keptRefused)))
	return err
}

// today tells who decided on a merge that it was not done.
func (s *Service) today(ctx context.Context, tx *storage.Tx, r *web.Request) (out []module.Task, err error) {
	list, err := storage.All(ctx, tx, scanMergePlan, selectMergePlan+` WHERE by_id = $1 AND refused <> '' ORDER BY due_at, id`, r.Actor.Person)
	for _, p := range list {
		out = append(out, module.Task{Urgency: module.When, Key: "people.task.merge_refused", Path: "/people/" + p.Into.String()})
	}
	return out, err
}
