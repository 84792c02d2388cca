package runsheet

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// SetPlan writes the plan of an activity's day anew, whole.
type SetPlan struct {
	Activity storage.ID
	Actor    access.Actor
	Version  int64 // of the plan that was seen; 0: there was none
	Steps    []Step
}

// SetPlan keeps a plan. Steps that the plan has keep their id, and with it what was pressed; the
// order is that of their hours.
//
// Faults: Forbidden; NotFound for an activity that is not planned with seats; Gone when it was
// called off; Conflict when it has no day yet and when the plan was changed elsewhere; Invalid,
// each at its field, for a step without words, one that is too long or short, lies outside of the
// activity, begins before the one before it has ended, or names somebody or a file that is not there.
func (m *Module) SetPlan(ctx context.Context, tx *storage.Tx, cmd SetPlan) error {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if err := mayPlan(cmd.Actor, a); err != nil {
		return err
	}
	// Whoever writes first holds the plan; of two that saw the same version one does.
	n, err := tx.Exec(ctx, `INSERT INTO run_plan (activity_id, version, changed_by, changed_at)
		VALUES ($1, $4 + 1, $2, $3)
		ON CONFLICT (activity_id) DO UPDATE SET version = run_plan.version + 1, changed_by = $2, changed_at = $3
		WHERE run_plan.version = $4`, a.ID, cmd.Actor.Person, storage.Micros(tx.Now), cmd.Version)
	if err != nil {
		return err
	}
	was, err := PlanOf(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	if n == 0 || was.Version != cmd.Version+1 {
		return fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	team, err := m.team(ctx, tx, a)
	if err != nil {
		return err
	}
	files, err := materials.Of(ctx, tx, a)
	if err != nil {
		return err
	}
	steps := slices.Clone(cmd.Steps)
	slices.SortStableFunc(steps, func(x, y Step) int { return cmp.Compare(x.Begins, y.Begins) })
	if err := judge(a, was, steps, team, files); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM run_step WHERE activity_id = $1`, a.ID); err != nil {
		return err
	}
	for i, s := range steps {
		if s.ID.IsZero() {
			s.ID = tx.NewID()
		}
		if err := s.insert(ctx, tx, a.ID, i); err != nil {
			return err
		}
	}
	return nil
}

// field names an input of the step in a line of the form, "step_2_title".
func field(line int, part string) string { return "step_" + strconv.Itoa(line) + "_" + part }

// judge says what is wrong with steps that stand in the order of their hours.
func judge(a seats.Activity, was Plan, steps []Step, team []Member, files []materials.Material) error {
	var wrong fault.Form
	if len(steps) == 0 || len(steps) > MostSteps {
		return fault.New(fault.Invalid, "runsheet.fault.count", fault.Args{"most": MostSteps})
	}
	length := int(a.Ends.Sub(a.Starts) / time.Minute)
	used := map[storage.ID]bool{}
	for i, s := range steps {
		at := func(part string) string { return field(s.line, part) }
		args := fault.Args{"number": s.line + 1}
		wrong.Check(s.Minutes >= 1 && s.Minutes <= LongestStep, at("minutes"), "runsheet.fault.minutes", fault.Args{"number": s.line + 1, "most": LongestStep})
		wrong.Check(s.Least >= 1 && s.Least <= s.Minutes, at("least"), "runsheet.fault.least", args)
		wrong.Check(s.Begins >= -around && s.ends() <= length+around, at("at"), "runsheet.fault.outside", args)
		if i > 0 && s.Minutes >= 1 && steps[i-1].Minutes >= 1 {
			wrong.Check(s.Begins >= steps[i-1].ends(), at("at"), "runsheet.fault.overlap", args)
		}
		wrong.Check(s.Title != (i18n.Text{}), at("title_ky"), "runsheet.fault.title", args)
		for _, l := range i18n.Languages {
			wrong.Check(short(s.Title.Exactly(l), longestTitle) && !strings.ContainsAny(s.Title.Exactly(l), "\n\r"), at("title_"+string(l)), "runsheet.fault.long", fault.Args{"most": longestTitle})
		}
		wrong.Check(short(s.Room, longestRoom) && !strings.ContainsAny(s.Room, "\n\r"), at("room"), "runsheet.fault.long", fault.Args{"most": longestRoom})
		wrong.Check(short(s.Note, longestNote), at("note"), "runsheet.fault.long", fault.Args{"most": longestNote})
		wrong.Check(s.Lead.IsZero() || slices.ContainsFunc(team, func(p Member) bool { return p.ID == s.Lead }) || ledBefore(was, s), at("lead"), "runsheet.fault.lead")
		good := len(s.Materials) <= MostMaterials
		for _, id := range s.Materials {
			good = good && slices.ContainsFunc(files, func(f materials.Material) bool { return f.ID == id })
		}
		wrong.Check(good, at("materials"), "runsheet.fault.materials", fault.Args{"most": MostMaterials})
		if !s.ID.IsZero() {
			known := slices.ContainsFunc(was.Steps, func(w Step) bool { return w.ID == s.ID })
			if !known || used[s.ID] {
				return fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
			}
			used[s.ID] = true
		}
	}
	return wrong.Err()
}

// ledBefore reports whether a step names who led it already: she may have left the team since.
func ledBefore(was Plan, s Step) bool {
	return slices.ContainsFunc(was.Steps, func(w Step) bool { return w.ID == s.ID && w.Lead == s.Lead })
}

func short(s string, most int) bool { return len([]rune(s)) <= most }

// mayPlan says why somebody may not plan the day of an activity.
func mayPlan(actor access.Actor, a seats.Activity) error {
	switch {
	case !actor.May(MayRun, seats.ScopeOf(a)):
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	case !withSeats(a):
		return fault.New(fault.NotFound, "seminars.fault.activity")
	case a.State == "cancelled":
		return fault.New(fault.Gone, "seminars.fault.cancelled")
	case a.Starts.IsZero():
		return fault.New(fault.Conflict, "runsheet.fault.no_day")
	}
	return nil
}

// Member is somebody who may lead a step.
type Member struct {
	ID   storage.ID
	Name string
}

// team are those whose role lets them run the day of an activity, by name.
func (m *Module) team(ctx context.Context, tx *storage.Tx, a seats.Activity) (out []Member, err error) {
	var ids []storage.ID
	for _, role := range []access.Role{access.Facilitator, access.Coordinator} {
		some, err := m.People.HoldersAt(ctx, tx, role, seats.ScopeOf(a))
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	names, err := m.People.ByIDs(ctx, tx, ids)
	for id, p := range names {
		out = append(out, Member{id, p.FullName})
	}
	slices.SortFunc(out, func(x, y Member) int {
		return cmp.Or(i18n.CompareNames(x.Name, y.Name), cmp.Compare(x.ID.String(), y.ID.String()))
	})
	return out, err
}
