package pages

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
	"platforma.kg/ashar/internal/spine/profile"
)

func (m *Module) selection(r *web.Request) (d selectionData, err error) {
	d = selectionData{View: kit.ReadView(r, applicantsOf(r)), Page: 1}
	d.Wanted = wanted(d.View)
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		if d.Table, err = m.Chooser.Table(ctx, tx, r.Actor, d.Activity); err != nil {
			return err
		}
		d.All = d.Table.Applicants
		if d.Ask, d.Asking, err = selection.AskOf(ctx, tx, d.Activity.ID); err != nil {
			return err
		}
		if d.Unheard, err = m.OutOfReach(ctx, tx, d.Activity, d.All); err != nil {
			return err
		}
		apps := make([]seats.Application, len(d.All))
		for i, a := range d.All {
			apps[i] = a.Application
		}
		if d.Tags, err = m.Reviews.TagsAt(ctx, tx, d.Activity.ID, apps); err != nil {
			return err
		}
		if d.Rubric, d.Scores, _, err = m.Reviews.Standings(ctx, tx, r.Actor, d.Activity); err != nil {
			return err
		}
		if d.Rulings, err = m.Rulings(ctx, tx, d.Activity); err != nil {
			return err
		}
		d.Overview, err = m.OverviewOf(ctx, tx, d.Activity)
		return err
	})
	if err != nil {
		return d, err
	}
	d.Done = readDecided(r, d.All)
	d.Ordered = slices.Clone(d.All)
	if d.Table.Drawn && !d.Table.Told { // those who were chosen stand first
		slices.SortStableFunc(d.Ordered, func(a, b seats.Applicant) int {
			return map[bool]int{true: 0, false: 1}[d.Table.Chosen(a)] - map[bool]int{true: 0, false: 1}[d.Table.Chosen(b)]
		})
	}
	if by, down := d.View.Sort(); by == "score" && d.Scores != nil { // whoever was not scored stands last
		slices.SortStableFunc(d.Ordered, func(a, b seats.Applicant) int {
			x, y := d.Scores[a.ID], d.Scores[b.ID]
			switch {
			case (x.Reviews == 0) != (y.Reviews == 0):
				return cmp.Compare(y.Reviews, x.Reviews)
			case down:
				x, y = y, x
			}
			return cmp.Or(cmp.Compare(x.Median, y.Median), cmp.Compare(x.Mean, y.Mean))
		})
	}
	for _, a := range d.Ordered {
		if d.takes(a) {
			d.List = append(d.List, a)
		}
	}
	d.Balances = seats.Balances(profile.Said(r.Say), d.All, d.Overview.Gone, d.Overview.Seats.Targets)
	if page, err := strconv.Atoi(r.URL.Query().Get("page")); err == nil && page > 1 && page <= d.pages() {
		d.Page = page
	}
	return d, err
}

func (m *Module) showSelection(r *web.Request) error {
	d, err := m.selection(r)
	if err != nil {
		return err
	}
	return m.showList(r, http.StatusOK, d)
}

// seekApplicants answers the form of the search: what is searched for is a name, and no
// address may hold it.
func (m *Module) seekApplicants(r *web.Request) error {
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := m.staffActivity(ctx, tx, r, seats.MaySelect)
		return err
	}); err != nil {
		return err
	}
	return kit.Find(r, applicantsOf(r))
}

// takeSelection moves the chosen. What somebody else changed meanwhile stays as
// it is, and is told.
func (m *Module) takeSelection(r *web.Request) error {
	if r.PostForm.Has("q") {
		return m.seekApplicants(r)
	}
	cmd := seats.Choose{Actor: r.Actor, To: seats.State(r.PostFormValue("to")), Why: r.PostFormValue("why"), Seen: map[storage.ID]int64{}}
	if r.PostForm.Has(neededField) {
		cmd.Why = r.PostFormValue(neededField)
	}
	var ticked []storage.ID
	for _, v := range r.PostForm["chosen"] {
		id, version, _ := strings.Cut(v, ".")
		app, err := storage.ParseID(id)
		n, err2 := strconv.ParseInt(version, 10, 64)
		if errors.Join(err, err2) != nil {
			return fault.New(fault.Invalid, "forms.fault.choice")
		}
		cmd.Seen[app], ticked = n, append(ticked, app)
	}
	one, err := storage.ParseID(r.URL.Query().Get("one"))
	fromOne := err == nil
	var done seats.Chosen
	var a seats.Activity
	if len(cmd.Seen) == 0 {
		err = &fault.Error{Code: fault.Invalid, Key: "seminars.fault.nobody"}
	} else {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
				return err
			}
			cmd.Activity = a.ID
			if done, err = m.Choose(ctx, tx, cmd); err != nil {
				return err
			}
			if cmd.To == seats.Invited && len(done.Moved)+len(done.Along) > 0 && asksFirst(r, a, tx.Now) {
				return errAsks
			}
			return nil
		})
	}
	if errors.Is(err, errAsks) {
		back := kit.ReadView(r, applicantsOf(r)).To(staffPath(a, "/applicants"))
		if fromOne {
			back = staffPath(a, "/applicants/"+one.String())
		}
		return m.askInvite(r, a, back, append(done.Moved, done.Along...))
	}
	if err != nil {
		f, err := seats.RefusedHere(err)
		if err != nil {
			return err
		}
		if fromOne {
			r.SetPathValue("id", one.String())
			return m.applicantAs(r, web.Status(f.Code), func(d *applicantData) {
				d.MoveFault, d.To, d.MoveWhy = f, cmd.To, cmd.Why
				if r.PostForm.Has(neededField) {
					d.MoveFault = atField(f, "why", neededField)
				}
			})
		}
		d, err := m.selection(r)
		if err != nil {
			return err
		}
		d.Fault, d.Ticked, d.Why = f, ticked, cmd.Why
		return m.showList(r, web.Status(f.Code), d)
	}
	kind, key := "good", ""
	switch {
	case len(done.Full) > 0:
		kind, key = "wait", "seminars.chosen.full"
	case len(done.Changed) > 0:
		kind, key = "bad", "seminars.chosen.changed"
	case len(done.Refused) > 0:
		kind, key = "wait", "seminars.chosen.refused"
	case len(done.Along) > 0:
		key = "seminars.chosen.along"
	}
	if key != "" {
		r.SetFlash(kind, key, "count", len(done.Moved)+len(done.Along), "along", len(done.Along), "full", len(done.Full), "changed", len(done.Changed), "refused", len(done.Refused))
	}
	path := staffPath(a, "/applicants")
	if fromOne {
		path = staffPath(a, "/applicants/"+one.String())
	}
	return r.Redirect(withDecided(kit.ReadView(r, applicantsOf(r)).To(path), append(done.Moved, done.Along...), false))
}

// sendNews tells the browser when something changed in the list.
func (m *Module) sendNews(r *web.Request) error {
	var a seats.Activity
	may := func(r *web.Request) error {
		return m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			a, err = m.staffActivity(ctx, tx, r, seats.MaySelect)
			return err
		})
	}
	if err := may(r); err != nil {
		return err
	}
	if m.Live == nil {
		return fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return m.Live.Serve(r.W, r.Request, "seminars."+a.ID.String(), m.Closing, func() bool {
		now, err := r.Again()
		return err == nil && may(now) == nil
	})
}
