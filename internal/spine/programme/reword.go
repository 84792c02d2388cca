package programme

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Reword is what a translator or an editor has written of an activity: its texts by their
// names (WordNames), each in three languages. What is left out stays.
type Reword struct {
	Actor    access.Actor
	Activity storage.ID
	Version  int64 // the one that she saw
	Texts    map[string]i18n.Text
}

// WordNames are the texts of an activity that may be written in each language without
// planning it: none of them says when or where it is. Those of the agenda are named as
// SessionField names them.
func WordNames(a Activity) []string {
	names := []string{"title", "summary", "description", "gain"}
	if a.Kind == Discussion {
		names = append(names, "subject")
	}
	for i := range a.Agenda {
		for _, part := range SessionTexts {
			names = append(names, SessionField(i, part))
		}
	}
	return names
}

// WordOf is a text of WordNames; nil for another.
func (a *Activity) WordOf(name string) *i18n.Text {
	for i := range a.Agenda {
		for _, part := range SessionTexts {
			if name == SessionField(i, part) {
				return a.Agenda[i].text(part)
			}
		}
	}
	switch name {
	case "title", "summary", "description", "gain", "subject":
		return a.Text(name)
	}
	return nil
}

// Reword writes texts of an activity, and notes which languages lag behind. Who does not plan
// the activity empties no language and puts no address into a title. Forbidden;
// NotFound; Invalid, with a fault at each text; Conflict when somebody else has changed
// the activity since she saw it.
func (s *Service) Reword(ctx context.Context, tx *storage.Tx, c Reword) (Activity, error) {
	before, err := toChange(ctx, tx, c.Activity)
	if err != nil {
		return before, err
	}
	if !c.Actor.May(MayReword, before.Scope()) {
		return before, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if before.State == Cancelled {
		return before, fault.New(fault.Conflict, "programme.fault.cancelled")
	}
	if before.Version != c.Version {
		return before, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	after := before
	after.Agenda = append([]Session(nil), before.Agenda...)
	plans := c.Actor.May(MayPlan, before.Scope())
	var form fault.Form
	for _, name := range WordNames(before) {
		wrote, there := c.Texts[name]
		if !there {
			continue
		}
		KeepText(&form, name, &wrote, Long(name))
		if !plans {
			lent(&form, name, *before.WordOf(name), wrote)
		}
		*after.WordOf(name) = wrote
	}
	form.Check(after.Title != (i18n.Text{}), "title_"+string(i18n.Kyrgyz), "programme.fault.title")
	if err := form.Err(); err != nil {
		return before, err
	}
	for _, name := range append(append([]string{}, TextNames...), PlaceNames...) {
		after.Stale = after.Stale.Note(name, *before.Text(name), *after.Text(name), tx.Now)
	}
	after.Stale = after.Stale.NoteAgenda(before.Agenda, after.Agenda, tx.Now)
	after, err = s.Rewrite(ctx, tx, before, after)
	if err != nil {
		return after, err
	}
	return after, audit.Record(ctx, tx, audit.Entry{Actor: c.Actor.Person, Action: "programme.audit.reworded", Object: after.ID})
}

// lent holds who writes texts and does not plan to them: a language that has words keeps
// some, and what stands in letters to participants, a title, leads nowhere.
func lent(form *fault.Form, name string, before, after i18n.Text) {
	for _, l := range i18n.Languages {
		was, is := before.Exactly(l), after.Exactly(l)
		form.Check(was == "" || is != "", name+"_"+string(l), "programme.fault.emptied")
		form.Check(Long(name) || was == is || !legible.Addressed(is), name+"_"+string(l), "programme.fault.addressed")
	}
}
