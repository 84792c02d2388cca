package plan

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// Report says what an import changed, or would change.
type Report struct {
	Made, Changed, Same int
	Kept                int      // fields that stay as they were changed on screen
	Lines               []string // one for each thing that was made, changed or kept
}

func (r *Report) note(what string, made, changed bool) {
	switch {
	case made:
		r.Made++
		r.Lines = append(r.Lines, "new      "+what)
	case changed:
		r.Changed++
		r.Lines = append(r.Lines, "changed  "+what)
	default:
		r.Same++
	}
}

// Import brings a plan into the database: what is new is made, what differs is
// changed, what is the same is left, and nothing is deleted. A second import
// of the same plan changes nothing. With dryRun nothing is written.
//
// What a person has changed on screen since the last import stays as she wrote
// it, field by field and language by language, and is reported; all else follows
// the file. An activity is known by its address (slug), a template by its key. What a
// person has set here and a file cannot say (the facilitator, the state) stays,
// and a day that the file counts from today stays as it was first worked out.
// An address that another programme has is a Problem.
func Import(ctx context.Context, tx *storage.Tx, plan Plan, dryRun bool) (Report, error) {
	return bring(ctx, tx, plan, dryRun, New(Options{}))
}

// Import is the function Import, and tells the modules of each changed activity
// in the same transaction, as a change on screen does.
func (s *Service) Import(ctx context.Context, tx *storage.Tx, plan Plan, dryRun bool) (Report, error) {
	return bring(ctx, tx, plan, dryRun, s)
}

func bring(ctx context.Context, tx *storage.Tx, plan Plan, dryRun bool, s *Service) (Report, error) {
	var r Report
	p := plan.Programme
	old, there, err := programme.ProgrammeBySlug(ctx, tx, p.Slug)
	if err != nil {
		return r, err
	}
	p.ID = old.ID
	changed := there && !programme.Same(old, p)
	r.note("programme "+p.Slug, !there, changed)
	if (!there || changed) && !dryRun {
		if p, err = programme.SaveProgramme(ctx, tx, p); err != nil {
			return r, fmt.Errorf("write the programme: %w", err)
		}
	}
	if err := s.cities(ctx, tx, plan.Cities, dryRun, &r); err != nil {
		return r, err
	}
	templates := map[string]storage.ID{}
	known := map[string]programme.Template{}
	if there {
		list, err := programme.Templates(ctx, tx, p.ID)
		if err != nil {
			return r, err
		}
		for _, t := range list {
			known[t.Key] = t
		}
	}
	for _, t := range plan.Templates {
		old, there := known[t.Key]
		t.ID, t.Version, t.Programme, t.Stale = old.ID, old.Version, p.ID, old.Stale
		file := t
		if there {
			last, err := base(ctx, tx, old.ID, old.Version, old)
			if err != nil {
				return r, err
			}
			var kept []string
			t, kept = merged(templateFields(), last, old, file)
			for _, name := range programme.TextNames {
				t.Stale = t.Stale.Note(name, *old.Text(name), *t.Text(name), tx.Now)
			}
			t.Stale = t.Stale.NoteAgenda(old.Agenda, t.Agenda, tx.Now)
			r.keeps("template "+t.Key, kept)
		}
		changed := there && !programme.Same(old, t)
		r.note("template "+t.Key, !there, changed)
		if (!there || changed) && !dryRun {
			if t, err = programme.SaveTemplate(ctx, tx, t); err != nil {
				return r, fmt.Errorf("write template %s: %w", t.Key, err)
			}
		}
		if !dryRun {
			file.Stale = nil
			if err := saveImported(ctx, tx, t.ID, file); err != nil {
				return r, err
			}
		}
		templates[t.Key] = t.ID
	}
	var list []programme.Activity
	if list, err = programme.All(ctx, tx, programme.Filter{}); err != nil {
		return r, err
	}
	bySlug := map[string]programme.Activity{}
	for _, a := range list {
		bySlug[a.Slug] = a
	}
	var taken Problems
	for _, a := range plan.Activities {
		old, there := bySlug[a.Slug]
		if there && old.Programme != p.ID {
			taken.add(a.Line, "the address %q belongs to another programme", a.Slug)
			continue
		}
		line := a.Line
		a.Programme, a.Template, a.TemplateKey = p.ID, templates[a.TemplateKey], ""
		a.Line = 0
		if there {
			a.ID, a.Facilitator, a.Version, a.Made, a.Changed = old.ID, old.Facilitator, old.Version, old.Made, old.Changed
			a.State, a.Reason, a.Stale = old.State, old.Reason, old.Stale
			if a.Relative { // people may have applied for the day it was given first
				a.Agenda = programme.LaterBy(a.Agenda, programme.ClockOf(old.Starts)-programme.ClockOf(a.Starts))
				a.Starts, a.Ends, a.Opens, a.Deadline = old.Starts, old.Ends, old.Opens, old.Deadline
			}
		}
		file := a
		if there {
			last, err := base(ctx, tx, old.ID, old.Version, old)
			if err != nil {
				return r, err
			}
			var kept []string
			a, kept = merged(activityFields(), last, old, file)
			if !a.Starts.Equal(old.Starts) { // the file moves it: what was changed here goes along
				a = keptAlong(kept, old, a, tx.Now)
			}
			for _, name := range slices.Concat(programme.TextNames, programme.PlaceNames) {
				a.Stale = a.Stale.Note(name, *old.Text(name), *a.Text(name), tx.Now)
			}
			a.Stale = a.Stale.NoteAgenda(old.Agenda, a.Agenda, tx.Now)
			r.keeps(a.Kind+" "+a.Slug, kept)
		}
		changed := there && !programme.Same(old, a)
		if changed {
			for _, b := range a.Bounds() {
				taken.add(line, "%s %s, with what was changed on screen: %s", a.Kind, a.Slug, b.Words)
			}
		}
		r.note(a.Kind+" "+a.Slug, !there, changed)
		switch {
		case dryRun:
		case !there:
			if a, err = programme.Insert(ctx, tx, a); err != nil {
				return r, fmt.Errorf("write %s: %w", a.Slug, err)
			}
		case changed:
			a, err = s.programme.Rewrite(ctx, tx, old, a)
			if f := fault.Of(err); f != nil { // a room does not take it: all that is wrong is said at once
				taken.add(line, "%s %s: %s", a.Kind, a.Slug, s.refused(f))
				continue
			}
			if err != nil {
				return r, fmt.Errorf("change %s: %w", a.Slug, err)
			}
		}
		if !dryRun {
			if err := saveImported(ctx, tx, a.ID, file); err != nil {
				return r, err
			}
		}
	}
	if len(taken) > 0 {
		return r, taken
	}
	return r, nil
}

// cities adds those that the file declares and the house does not have.
func (s *Service) cities(ctx context.Context, tx *storage.Tx, list []profile.Entry, dryRun bool, r *Report) error {
	if len(list) == 0 {
		return nil
	}
	have, err := s.programme.Lists(ctx, tx)
	if err != nil {
		return err
	}
	for _, e := range list {
		_, there := have.City(e.Code)
		r.note("city "+e.Code, !there, false)
		if there || dryRun {
			continue
		}
		e.Place = 0
		if err := s.lists.Bring(ctx, tx, e); err != nil {
			if f := fault.Of(err); f != nil {
				return Problems{{0, "cities: " + e.Code + ": " + s.refused(f)}}
			}
			return fmt.Errorf("write the city %s: %w", e.Code, err)
		}
	}
	return nil
}

// keptAlong moves with the day what stays as it was changed on screen.
func keptAlong(kept []string, old, a programme.Activity, now time.Time) programme.Activity {
	along, _ := programme.MoveAlong(old, a, now)
	for _, name := range kept {
		switch name, _, _ = strings.Cut(name, ","); name {
		case "agenda":
			a.Agenda = along.Agenda
		case "applications":
			a.Opens, a.Deadline = along.Opens, along.Deadline
		}
	}
	return a
}

// refused says in words why a room refused a change.
func (s *Service) refused(f *fault.Error) string {
	words := f.Error()
	if s.say != nil {
		words = s.say(f)
	}
	if f.Field != "" {
		words = f.Field + ": " + words
	}
	return words
}
