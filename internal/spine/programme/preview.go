package programme

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// How the words of a new place stand in the languages in which nobody has written them.
const (
	SameWords = "same" // as in the language that was written: a name, an address
	KeptWords = "kept" // as they stand there: only the spelling of another language was mended
)

// Concerned is somebody whom a move of an activity concerns.
type Concerned struct {
	Person              storage.ID
	As                  string // key of a text that says as what: "seminars.state.invited"
	Lang                i18n.Language
	Letters, Chat, Text bool // by which of these a message goes to her
	Call                bool // she gave a number
	Named               bool // who asked may read her name
}

// Reached reports whether a message arrives at her without a call.
func (c Concerned) Reached() bool { return c.Letters || c.Chat || c.Text }

// Preview is what a change of an activity would do, before it is done.
type Preview struct {
	Before, After Activity
	Along         []string // what would follow the day, as MoveAlong names it
	Felt          bool     // people have to be told
	// Missing are the languages in which a new venue or address is not written, by its name.
	Missing map[string][]i18n.Language
	// Behind are texts of the place that stay as they were though it is another one, and of
	// which nobody has said that they are right: ChangeActivity.Stays.
	Behind    []string
	Shut      *Shut   // applications are closed, and stay so unless somebody says otherwise
	Hangs     Hanging // what hangs on the day in the modules
	Concerned []Concerned
	Tells     time.Time // when they would be told
	// Sure is what ChangeActivity.Sure has to say; empty while a language is
	// missing or a place is behind.
	Sure string
}

// Foresee says what a change would do, and changes nothing. Faults: those of ChangeAlong but
// for what Sure brings.
func (s *Service) Foresee(ctx context.Context, tx *storage.Tx, c ChangeActivity) (Preview, error) {
	before, err := ByID(ctx, tx, c.Activity)
	if err != nil {
		return Preview{}, err
	}
	p, err := s.prepare(ctx, tx, c, before)
	if err != nil || !p.Felt {
		return p, err
	}
	p.Tells = s.night.tellsAt(tx.Now, tx.Now, before.Meeting(), p.After.Meeting())
	if s.concerned != nil {
		p.Concerned, err = s.concerned(ctx, tx, c.Actor, before)
	}
	if err == nil && p.Shut == nil && !before.Starts.Equal(p.After.Starts) {
		p.Hangs, err = s.hang(ctx, tx, before, p.After)
	}
	return p, err
}

// prepare judges a change whole and works out what it would be. Invalid, Forbidden; Conflict
// when somebody else has changed the activity since she saw it.
func (s *Service) prepare(ctx context.Context, tx *storage.Tx, c ChangeActivity, before Activity) (p Preview, err error) {
	if !c.Actor.May(MayPlan, before.Scope()) {
		return p, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if before.Version != c.Version {
		return p, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	wrote, err := c.Write(before)
	if err != nil {
		return p, err
	}
	a, along := MoveAlong(before, wrote, tx.Now)
	// What nobody writes on this page stays as it is.
	a.ID, a.Programme, a.Template, a.Version, a.Made = before.ID, before.Programme, before.Template, before.Version, before.Made
	a.State, a.Reason, a.Slug, a.Kind, a.Stale = before.State, before.Reason, before.Slug, before.Kind, before.Stale
	lists, err := s.Lists(ctx, tx)
	if err != nil {
		return p, err
	}
	if a.City != before.City { // a point that somebody set by hand would be in the wrong city now
		city, _ := lists.City(a.City)
		a.Lat, a.Lon = city.Lat, city.Lon
	}
	behind := placesBehind(before, a, c.Stays)
	if a.City == before.City && len(behind) == 0 && elsewhere(before, a, c.Stays) {
		if city, ok := lists.City(a.City); ok { // the point of the old place
			a.Lat, a.Lon = city.Lat, city.Lon
		}
	}
	if err := a.Check(lists); err != nil {
		return p, err
	}
	if err := s.mayLead(ctx, tx, before, a); err != nil {
		return p, err
	}
	// Where somebody may plan, she may also put it.
	if !c.Actor.May(MayPlan, a.Scope()) {
		return p, fault.New(fault.Forbidden, "fault.forbidden")
	}
	p = Preview{Before: before, Along: along, Felt: felt(before, a, tx.Now), Behind: behind}
	if len(behind) > 0 && !(c.Shown && p.Felt) { // no page asks
		return p, refuseBehind(behind)
	}
	if p.Felt {
		p.Missing = wordMissing(before, &a, c.Words)
	}
	p.After = a
	if len(p.Missing)+len(p.Behind) == 0 {
		p.Sure, err = a.sure()
	}
	if err == nil {
		err = s.judgeShut(ctx, tx, c, wrote, &p)
	}
	return p, err
}

// sure tells two results of a change apart.
func (a Activity) sure() (string, error) {
	var times []string
	for _, s := range a.Agenda {
		times = append(times, fmt.Sprint(s.When(), " ", s.Minutes))
	}
	raw, err := json.Marshal([]any{a.ID, a.Version, a.Meeting(), storage.Micros(a.Opens), storage.Micros(a.Deadline), times})
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12]), err
}

// wordMissing finds in which languages a new venue or address is not written, after it has
// put in what was said of those languages.
func wordMissing(before Activity, a *Activity, said map[string]string) map[string][]i18n.Language {
	out := map[string][]i18n.Language{}
	for _, name := range []string{PartVenue, PartAddress} {
		was, is := *before.Text(name), a.Text(name)
		if a.Online || *is == (i18n.Text{}) || !saysAnother(was, *is) {
			continue
		}
		var behind []i18n.Language
		for _, l := range i18n.Languages {
			if now := is.Exactly(l); now == "" || now == was.Exactly(l) {
				behind = append(behind, l)
			}
		}
		switch said[name] {
		case SameWords:
			if words := is.Exactly(written(*is, behind)); words != "" {
				for _, l := range behind {
					put(is, l, words)
				}
				behind = nil
			}
		case KeptWords: // what is not written at all cannot stay
			behind = slices.DeleteFunc(behind, func(l i18n.Language) bool { return is.Exactly(l) != "" })
		}
		if len(behind) > 0 {
			out[name] = behind
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// written is the first language with words that is not among those that lag behind.
func written(t i18n.Text, behind []i18n.Language) i18n.Language {
	for _, l := range i18n.Languages {
		if t.Exactly(l) != "" && !slices.Contains(behind, l) {
			return l
		}
	}
	return t.Written(i18n.Kyrgyz)
}

func put(t *i18n.Text, l i18n.Language, words string) {
	switch l {
	case i18n.Kyrgyz:
		t.Ky = words
	case i18n.Russian:
		t.Ru = words
	default:
		t.En = words
	}
}

// Moved is what follows when a move is told; Options.Moved says it to all modules.
type Moved = func(ctx context.Context, tx *storage.Tx, a Activity, m Move) error

// ConcernedBy lists whom a move of an activity concerns, as far as the actor plans it.
type ConcernedBy = func(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) ([]Concerned, error)
