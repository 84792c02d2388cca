package selection

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
)

// Table is everybody who applied to an activity, as its rules see them.
type Table struct {
	Activity   seats.Activity
	Seats      seats.Seminar
	Applicants []seats.Applicant
	Open       bool // people may still apply: what is drawn is a rehearsal, and nothing is told
	Rules      Rules
	Version    int64 // of the rules, 0: none were saved
	Form       forms.Form
	Draw       Draw // the last; zero when nothing was drawn
	Drawn      bool
	Told       bool // the last draw was told to everybody
	Step       Step // that waits; zero when none does
	Waits      bool
	Held       time.Time // until when the night holds back what is decided one by one now; zero: it is told at once
	Late       bool      // it is due since a while, and was not done
	Refused    Step      // the last, when it was not done for a reason; else zero

	lots    map[storage.ID]Lot // of the last draw, by application
	boxes   []boxed            // of its lots
	marks   map[storage.ID]Mark
	answers map[storage.ID]forms.Answers // of those who were read
	lists   *profile.Lists
	deal    string // the seed of the draw that is made, which deals the numbers; empty when none is
}

// Table reads an activity for who may select there.
//
// Faults: Forbidden.
func (m *Service) Table(ctx context.Context, tx *storage.Tx, actor may, a seats.Activity) (*Table, error) {
	t := &Table{Activity: a, Open: a.TakesApplications(tx.Now), lots: map[storage.ID]Lot{}, lists: m.People.Lists(), Held: m.Holds(tx.Now, a)}
	var err error
	if t.Applicants, err = m.Applicants(ctx, tx, actor, a); err != nil {
		return nil, err
	}
	if t.Seats, err = seats.SeatsOf(ctx, tx, a); err != nil {
		return nil, err
	}
	if t.Rules, t.Version, err = RulesOf(ctx, tx, a.ID, t.Seats.Capacity); err != nil {
		return nil, err
	}
	if t.Form, err = m.FormOf(ctx, tx, a); err != nil {
		return nil, err
	}
	if t.marks, err = marksOf(ctx, tx, a.ID); err != nil {
		return nil, err
	}
	if t.Step, t.Waits, err = openStep(ctx, tx, a.ID); err != nil {
		return nil, err
	}
	t.Late = t.Waits && !tx.Now.Before(t.Step.Due.Add(lateAfter))
	if last, is, err := lastRefused(ctx, tx, a.ID); err != nil {
		return nil, err
	} else if is {
		t.Refused = last
	}
	if t.Draw, t.Drawn, err = lastDraw(ctx, tx, a.ID); err != nil {
		return nil, err
	}
	if !t.Drawn {
		return t, m.read(ctx, tx, t, false)
	}
	if t.Told, err = wasTold(ctx, tx, t.Draw.ID); err != nil {
		return nil, err
	}
	if t.boxes, err = m.openBox(t.Draw); err != nil {
		return nil, err
	}
	lots, err := lotsOf(ctx, tx, t.Draw.ID)
	for _, l := range lots {
		if !l.Application.IsZero() {
			t.lots[l.Application] = l
		}
	}
	if err != nil {
		return nil, err
	}
	return t, m.read(ctx, tx, t, false)
}

// wasTold reports whether a draw was told to everybody.
func wasTold(ctx context.Context, tx *storage.Tx, draw storage.ID) (told bool, err error) {
	n := 0
	err = tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM selection_step
		WHERE draw_id = $1 AND state = 'done'`, draw).Scan(&n)
	return n > 0, err
}

// open reports whether it is still to be decided on an application.
func open(s seats.State) bool {
	return s == seats.Applied || s == seats.Shortlisted || s == seats.Waitlisted
}

// other gives with whom somebody comes only together; false when she comes alone.
func (t *Table) other(a seats.Applicant) (seats.Applicant, bool) {
	if a.With.IsZero() {
		return a, false
	}
	i := slices.IndexFunc(t.Applicants, func(o seats.Applicant) bool { return o.ID == a.With })
	if i < 0 {
		return a, false
	}
	return t.Applicants[i], true
}

// kept reports whether somebody has a seat whatever is drawn: she holds it, or was put into
// the selection by hand. Of two who come only together both have one, or neither.
func (t *Table) kept(a seats.Applicant) bool {
	if t.keptAlone(a) {
		return true
	}
	o, paired := t.other(a)
	return paired && open(a.State) && t.keptAlone(o)
}

func (t *Table) keptAlone(a seats.Applicant) bool {
	return a.State.HoldsSeat() && !a.Extra || open(a.State) && t.marks[a.ID].Put == In
}

// draws reports whether an application takes part in the next draw, kept or not.
func (t *Table) draws(a seats.Applicant) bool {
	if o, paired := t.other(a); paired && !t.drawsAlone(o) && !t.kept(a) {
		return false
	}
	return t.drawsAlone(a)
}

func (t *Table) drawsAlone(a seats.Applicant) bool {
	return t.kept(a) || (a.State == seats.Applied || a.State == seats.Shortlisted) && t.marks[a.ID].Put != Out
}

// among reports whether somebody is counted beside the rules: before a draw is told who takes
// part in it, after that everybody who has a seat or may still get one.
func (t *Table) among(a seats.Applicant) bool {
	if t.Told {
		return open(a.State) || a.State.HoldsSeat()
	}
	return t.draws(a)
}

// Chosen reports whether somebody is in the selection as it stands: she holds a seat, or
// was drawn or put in by hand.
func (t *Table) Chosen(a seats.Applicant) bool {
	if t.kept(a) {
		return true
	}
	if o, paired := t.other(a); paired && !t.fell(o) { // a pair that came about after the draw
		return false
	}
	return t.fell(a)
}

// fell reports whether the draw that is not told yet fell to somebody.
func (t *Table) fell(a seats.Applicant) bool {
	return open(a.State) && t.marks[a.ID].Put != Out && t.lots[a.ID].byLot() && !t.Told
}

// Pairs is how many come only together with another, by two, of those who take part.
func (t *Table) Pairs() (n int) {
	for _, a := range t.Applicants {
		if t.draws(a) && !a.With.IsZero() {
			n++
		}
	}
	return n / 2
}

// Chance gives her chance in the last draw; false when she had no lot.
func (t *Table) Chance(app storage.ID) (float64, bool) {
	l, ok := t.lots[app]
	if !ok || l.Number > len(t.boxes) {
		return 0, false
	}
	return t.boxes[l.Number-1].Chance, true
}

// Lot gives her lot in the last draw; false when she had none.
func (t *Table) Lot(app storage.ID) (Lot, bool) {
	l, ok := t.lots[app]
	return l, ok
}

// Mark gives what was last decided by hand; false when nothing was.
func (t *Table) Mark(app storage.ID) (Mark, bool) {
	v, ok := t.marks[app]
	return v, ok && v.Put != Free
}

// read opens the answers that rules count by.
func (m *Service) read(ctx context.Context, tx *storage.Tx, t *Table, all bool) error {
	if !all && !slices.ContainsFunc(t.Rules.Quotas, func(q Quota) bool { _, is := q.Question(); return is }) {
		return nil
	}
	t.answers = map[storage.ID]forms.Answers{}
	for _, a := range t.Applicants {
		if !t.among(a) && !t.draws(a) {
			continue
		}
		answers, err := m.AnswersOf(ctx, tx, a.Application)
		if err != nil {
			return err
		}
		t.answers[a.ID] = answers
	}
	return nil
}

// values gives what somebody told of what a quota counts by.
func (t *Table) values(a seats.Applicant, by string) []string {
	if f, ok := fieldOf(by); ok {
		v := a.Details.First(f.Name)
		if v == "" {
			return nil
		}
		return []string{v}
	}
	key, _ := Quota{By: by}.Question()
	return t.answers[a.ID].Values[key]
}

// alike gives by what two values of a quota are one: a village, however it is spelt.
func alike(by, value string) string {
	if f, own := fieldOf(by); own && !f.Chosen() {
		return i18n.FoldKey(value)
	}
	return value
}

func (t *Table) counts(a seats.Applicant, q Quota) bool {
	return slices.ContainsFunc(t.values(a, q.By), func(v string) bool { return alike(q.By, v) == alike(q.By, q.Value) })
}

// lot is one lot of a draw that is being made.
type lot struct {
	app storage.ID
	boxed
}

// dealt is by what lots are sorted before they are numbered: by lot too, so that the list
// does not tell who applied before whom. An id begins with the time it was made at.
func dealt(seed string, app storage.ID) [sha256.Size]byte {
	return sha256.Sum256([]byte(seed + "\nnumber\n" + app.String()))
}

// frozen gives everybody who takes part, in the order of their numbers.
func (t *Table) frozen() []lot {
	homes := map[string]int{}
	var out []lot
	for _, a := range t.Applicants {
		if !t.draws(a) {
			continue
		}
		l := lot{app: a.ID, boxed: boxed{Kept: t.kept(a)}}
		for i, q := range t.Rules.Quotas {
			if t.counts(a, q) {
				l.Quotas = append(l.Quotas, i)
			}
		}
		out = append(out, l)
	}
	keys := make(map[storage.ID][sha256.Size]byte, len(out))
	for _, l := range out {
		keys[l.app] = dealt(t.deal, l.app)
	}
	slices.SortFunc(out, func(a, b lot) int {
		x, y := keys[a.app], keys[b.app]
		return bytes.Compare(x[:], y[:])
	})
	at := make(map[storage.ID]int, len(out))
	for i, l := range out {
		at[l.app] = i
	}
	parties := 0
	for _, a := range t.Applicants {
		i, draws := at[a.ID]
		o, also := at[a.With]
		if draws && also && out[i].Party == 0 {
			parties++
			out[i].Party, out[o].Party = parties, parties
		}
	}
	if parties > 0 { // numbered in the order of the lots: nothing tells who applied first
		numbers := map[int]int{}
		for i, l := range out {
			if l.Party == 0 {
				continue
			}
			if numbers[l.Party] == 0 {
				numbers[l.Party] = len(numbers) + 1
			}
			out[i].Party = numbers[l.Party]
		}
	}
	if t.Rules.AtMost > 0 {
		home := map[storage.ID]string{}
		for _, a := range t.Applicants {
			switch t.Rules.Together {
			case ByOrganisation:
				home[a.ID] = i18n.FoldKey(a.Details.First(profile.Organisation))
			case ByContact:
				if !a.Group.IsZero() {
					home[a.ID] = a.Group.String()
				}
			}
		}
		for i := range out {
			name := home[out[i].app]
			if name == "" {
				continue
			}
			if homes[name] == 0 {
				homes[name] = len(homes) + 1
			}
			out[i].Home = homes[name]
		}
	}
	return out
}

// Value is a value that applicants have, with how many there are.
type Value struct {
	Value   string
	Applied int // of those that among counts
	Chosen  int // are in the selection as it stands
}

// Category is what quotas may count by.
type Category struct {
	By     string
	Values []Value
}

// mostValues is how many values of one category are offered.
const mostValues = 60

// Categories gives everything that quotas may count by, as the applicants have it.
func (t *Table) Categories() (out []Category) {
	by := ownFields()
	for _, q := range t.Form.Questions {
		if q.Kind == forms.AskChoice || q.Kind == forms.AskMany {
			by = append(by, asked+q.Key)
		}
	}
	for _, b := range by {
		c := Category{By: b}
		at := map[string]int{}
		for _, a := range t.Applicants {
			if !t.among(a) {
				continue
			}
			for _, v := range t.values(a, b) {
				key := alike(b, v)
				if _, there := at[key]; !there {
					at[key] = len(c.Values)
					c.Values = append(c.Values, Value{Value: v})
				}
				c.Values[at[key]].Applied++
				if t.Chosen(a) {
					c.Values[at[key]].Chosen++
				}
			}
		}
		f, own := fieldOf(b)
		slices.SortFunc(c.Values, func(a, b Value) int {
			if own && f.Chosen() && !f.Open {
				if n := f.Compare(t.lists, a.Value, b.Value); n != 0 {
					return n
				}
			}
			return cmp.Or(cmp.Compare(b.Applied, a.Applied), cmp.Compare(a.Value, b.Value))
		})
		if len(c.Values) > mostValues {
			c.Values = c.Values[:mostValues]
		}
		if len(c.Values) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// Standing is how a quota stands.
type Standing struct {
	Quota
	Applied, Chosen int
}

// Met reports whether the selection as it stands keeps the quota.
func (s Standing) Met() bool { return s.Chosen >= s.Min && (s.Max < 0 || s.Chosen <= s.Max) }

// Standings counts the applicants by each quota.
func (t *Table) Standings() []Standing {
	out := make([]Standing, len(t.Rules.Quotas))
	for i, q := range t.Rules.Quotas {
		out[i].Quota = q
		for _, a := range t.Applicants {
			if !t.among(a) || !t.counts(a, q) {
				continue
			}
			out[i].Applied++
			if t.Chosen(a) {
				out[i].Chosen++
			}
		}
	}
	return out
}

// Numbers are how many take part, have a seat already, and are chosen as it stands.
func (t *Table) Numbers() (taking, kept, chosen int) {
	for _, a := range t.Applicants {
		if t.among(a) {
			taking++
		}
		if t.kept(a) {
			kept++
		}
		if t.Chosen(a) {
			chosen++
		}
	}
	return taking, kept, chosen
}

// Chances gives the least and the greatest chance of those who were drawn among.
func (t *Table) Chances() (least, greatest float64, some bool) {
	least = 1
	for _, b := range t.boxes {
		if b.Kept {
			continue
		}
		some = true
		least, greatest = min(least, b.Chance), max(greatest, b.Chance)
	}
	return least, greatest, some
}

// Barred is how many had no chance at all under the rules of the last draw.
func (t *Table) Barred() (n int) {
	for _, b := range t.boxes {
		if b.Chance == 0 {
			n++
		}
	}
	return n
}
