package pages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// tellData is what a selection would tell, before it is told.
type tellData struct {
	selection.Preview
	Waiting int            // as it was asked for, -1: all
	Fate    selection.Fate // of those who applied after the draw, empty as long as nothing is said
	Letters []letterData
	Unheard []seats.Applicant // whom no letter reaches
	Calls   map[storage.ID]bool
	Until   time.Time
	Undo    time.Duration // how long it can be taken back
	Fault   *fault.Error
}

// letterData is a letter as it goes out in one language.
type letterData struct {
	Lang                  i18n.Language
	Kind                  string
	Readers               int
	Subject, Body, Action string
}

// reaching of somebody in the list of those who are invited.
func (d tellData) heard(a seats.Applicant) bool {
	for _, u := range d.Unheard {
		if u.ID == a.ID {
			return false
		}
	}
	return true
}

// waitingOf reads how many shall wait.
func waitingOf(text string) (asked, waiting int) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return -1, selection.Everybody
	}
	return n, n
}

func (m *Module) showTell(r *web.Request) error {
	fate := selection.Fate(r.URL.Query().Get("late"))
	if !slices.Contains(selection.Fates, fate) {
		fate = ""
	}
	return m.tellAs(r, http.StatusOK, r.URL.Query().Get("wait"), fate, nil)
}

func (m *Module) tellAs(r *web.Request, status int, wait string, fate selection.Fate, f *fault.Error) error {
	d := tellData{Fault: f, Fate: fate, Calls: map[storage.ID]bool{}}
	waiting := 0
	d.Waiting, waiting = waitingOf(wait)
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.staffActivity(ctx, tx, r, seats.MaySelect)
		if err != nil {
			return err
		}
		if d.Preview, err = m.Chooser.Preview(ctx, tx, r.Actor, a, waiting, d.Fate); err != nil {
			return err
		}
		d.Until, d.Undo = d.Due, m.Chooser.UndoWithin()
		if d.Letters, err = m.letters(ctx, tx, r, d); err != nil {
			return err
		}
		d.Unheard = nil
		all := slices.Concat(d.Invite, d.Wait, d.Refuse)
		persons := make([]storage.ID, len(all))
		for i, a := range all {
			persons[i] = a.Person
		}
		ways, err := m.People.WaysOf(ctx, tx, persons)
		for _, one := range all {
			if w := ways[one.Person]; !m.WayTo(w, true).Reaches() {
				d.Unheard = append(d.Unheard, one)
				d.Calls[one.ID] = w.Phone
			}
		}
		return err
	}); err != nil {
		return err
	}
	var shown []storage.ID
	for _, a := range append(d.named(), d.unheard()...) {
		shown = append(shown, a.Person)
	}
	shown = append(shown, afterDraw(d.Table)...)
	if err := m.noteLooks(r, r.Actor.Person, d.Activity, "seminars.audit.listed", shown); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(status, tellPage(r, m.Parts, d))
}

// mostNamed is how many are named on the page; of more the number is told.
const mostNamed = 60

func (d tellData) named() []seats.Applicant { return d.Invite[:min(mostNamed, len(d.Invite))] }

func (d tellData) unheard() []seats.Applicant { return d.Unheard[:min(mostNamed, len(d.Unheard))] }

// letters are the texts that go out, in each language that somebody reads.
func (m *Module) letters(ctx context.Context, tx *storage.Tx, r *web.Request, d tellData) (out []letterData, err error) {
	s, err := seats.SeatsOf(ctx, tx, d.Activity)
	if err != nil {
		return nil, err
	}
	settings, err := seats.SettingsOf(ctx, tx, d.Activity)
	if err != nil {
		return nil, err
	}
	// The invitation is written when the step is done, and never holds beyond the start.
	until := d.Until.Add(time.Duration(s.InvitationHours) * time.Hour)
	if until.After(d.Activity.Starts) {
		until = d.Activity.Starts
	}
	for _, group := range []struct {
		kind string
		list []seats.Applicant
	}{{"seminars.invited", d.Invite}, {"seminars.waitlisted", d.Wait}, {"seminars.declined", d.Refuse}} {
		readers := map[i18n.Language]int{}
		for _, a := range group.list {
			lang := a.Details.Lang
			if lang == "" {
				lang = i18n.Kyrgyz
			}
			readers[lang]++
		}
		for _, lang := range i18n.Languages {
			if readers[lang] == 0 {
				continue
			}
			say := r.Say
			if m.Words != nil {
				say = m.Words(lang)
			}
			key := "notice." + group.kind
			args := []any{"activity", d.Activity.Title, "when", i18n.DateTime(lang, d.Activity.Starts), "where", d.Activity.Venue.In(lang), "until", i18n.DateTime(lang, until)}
			body := say.T(key+".body", args...)
			if own := settings[strings.TrimPrefix(group.kind, "seminars.")].Own.Filled(seats.Known(d.Activity)).Exactly(lang); own != "" {
				body += "\n\n" + own
			}
			out = append(out, letterData{Lang: lang, Kind: group.kind, Readers: readers[lang], Subject: say.T(key+".subject", args...), Body: body, Action: say.T(key + ".action")})
		}
	}
	return out, nil
}

// takeTell decides that the selection is told.
func (m *Module) takeTell(r *web.Request) error {
	var a seats.Activity
	wait, fate := r.PostFormValue("wait"), selection.Fate(r.PostFormValue("late"))
	_, waiting := waitingOf(wait)
	var step selection.Step
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		step, err = m.Chooser.PlanStep(ctx, tx, selection.PlanStep{Actor: r.Actor, Activity: a.ID, Waiting: waiting, Late: fate, Seen: r.PostFormValue("seen")})
		return err
	})
	if err != nil {
		f, err := seats.RefusedHere(err)
		if err != nil {
			return err
		}
		return m.tellAs(r, web.Status(f.Code), wait, fate, f)
	}
	r.SetFlash("good", "seminars.selection.planned", "when", i18n.DateTime(r.Lang, step.Due))
	return r.Redirect(staffPath(a, "/applicants"))
}

// may reports whether what is shown can be told: nobody may apply any more, the seats suffice,
// and it is said what becomes of those who applied after the draw.
func (d tellData) may() bool {
	return !d.Open && len(d.Invite) <= d.Free && (len(d.Late) == 0 || d.Fate != "")
}

// takeClose ends the applications before their deadline.
func (m *Module) takeClose(r *web.Request) error {
	var a seats.Activity
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		return m.Chooser.CloseApplications(ctx, tx, r.Actor, a.ID)
	})
	if err != nil {
		f, err := seats.RefusedHere(err)
		if err != nil {
			return err
		}
		return m.drawAs(r, web.Status(f.Code), func(d *drawData) { d.Fault = f })
	}
	r.SetFlash("good", "seminars.selection.closed")
	return r.Redirect(staffPath(a, "/selection"))
}

// mostLate is how many of those who came after a draw are named; of more the number is told.
const mostLate = 20

// afterDraw are the persons whom lateNotice names.
func afterDraw(t *selection.Table) (persons []storage.ID) {
	waiting, seated := t.AfterDraw()
	for _, list := range [][]seats.Applicant{waiting, seated} {
		for _, a := range list[:min(mostLate, len(list))] {
			persons = append(persons, a.Person)
		}
	}
	return persons
}

// takeBack undoes a step that waits.
func (m *Module) takeBack(r *web.Request) error {
	id, err := storage.ParseID(r.PostFormValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "seminars.selection.fault.step")
	}
	var a seats.Activity
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		_, err = m.Chooser.TakeBackStep(ctx, tx, r.Actor, id)
		return err
	})
	if fault.Is(err, fault.Conflict) {
		r.SetFlash("bad", fault.Of(err).Key)
		return r.Redirect(staffPath(a, "/applicants"))
	}
	if err != nil {
		return err
	}
	r.SetFlash("good", "seminars.selection.taken_back")
	return r.Redirect(staffPath(a, "/applicants"))
}
