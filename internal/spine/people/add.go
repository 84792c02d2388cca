package people

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// Add takes down one person whom staff have met, or who phoned.
type Add struct {
	By        access.Actor
	Form      storage.ID // of the form: however often it is sent, it adds one person
	Details   Details    // as typed
	NoContact bool       // she has neither address nor phone
	Source    Source
	Day       string // on which she told it, of Bishkek, as 2006-01-02

	// Given are the purposes to which she said yes, Shown the versions of the words
	// (Asked.Version) that were read to her, by purpose, and ReadIn the language.
	Given  []string
	Shown  map[string]string
	ReadIn i18n.Language

	// Is is the record of hers that there is already: it gets what it lacks.
	Is storage.ID
	// Others are records that were read and are of other people.
	Others []storage.ID
}

// Added is how it ended.
type Added struct {
	Person    Person
	Before    bool    // this form has added her already; nothing was done
	Completed bool    // she was there, and her record got what it lacked
	Alike     []Alike // with the fault ChooseAlike: who may be she, at most MostAlike
	More      int     // with it: so many besides
}

const (
	// ChooseAlike is the key of the fault of an Add for whom there are records that may be hers.
	ChooseAlike = "people.fault.alike"
	// FormUsed is the key of the fault of an Add whose form has added somebody else.
	FormUsed = "people.fault.form_used"

	// CityOutside is the key of the fault of an Add to a city that is not the actor's.
	CityOutside = "people.fault.city_outside"

	// MaxOthers bounds the records that one form says are other people's.
	MaxOthers = 500
	// ToldWithin is how many days ago she may have told it.
	ToldWithin = 366

	// addingSetting is the setting that each adding holds: they come one after the other, so
	// that of two who type in one person at one moment the second reads of the first's.
	addingSetting = "people.adding"
	// formRemembered is how long a form is known to have been used.
	formRemembered = 30 * 24 * time.Hour
)

// MayAdd is Forbidden for who may add nobody anywhere.
func MayAdd(a access.Actor) error {
	if slices.ContainsFunc(a.Grants, func(g access.Grant) bool { return covers(a, "people.edit", g.Scope.City) }) {
		return nil
	}
	return fault.New(fault.Forbidden, "fault.forbidden")
}

// Add makes a record of what was typed, with consents as she gave them and not one more, and
// writes into her log who added her and of what source. Her contacts are typed: she gets no
// letter by it, and no role. Records of others stay closed: who is alike is sought among
// those whom the actor sees, and a record that she does not see changes nothing, neither
// what is stored nor what is answered.
//
// Conflict, ChooseAlike, when records may be hers that Others does not name: judged anew each
// time, so that one that came meanwhile is asked about, too. With Is nobody is added: that
// record gets what it lacks, by Correct, and the consents that were never asked of her.
//
// Faults: Forbidden for who may add nobody, or nobody in that city (CityOutside), or may not correct Is; Invalid with a fault for
// each wrong field; Conflict, FormUsed, when the form has added somebody else; Gone when whom
// it added was erased since.
func (s *Service) Add(ctx context.Context, tx *storage.Tx, cmd Add) (out Added, err error) {
	if err := MayAdd(cmd.By); err != nil {
		return out, err
	}
	d, given, err := s.tidyAdded(ctx, tx, cmd)
	if err != nil {
		return out, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		addingSetting, tx.NewID().String()); err != nil {
		return out, err
	}
	first, err := tx.Exec(ctx, `INSERT INTO person_added (by_id, form_id, made_at) VALUES ($1, $2, $3) ON CONFLICT (by_id, form_id) DO NOTHING`,
		cmd.By.Person, cmd.Form, storage.Micros(tx.Now))
	if err != nil {
		return out, err
	}
	if first == 0 {
		return s.addedBefore(ctx, tx, cmd, d)
	}
	if !cmd.Is.IsZero() {
		if out.Person, err = s.completeAlike(ctx, tx, cmd, d, given); err != nil {
			return out, err
		}
		out.Completed = true
		return out, formAdded(ctx, tx, cmd, out.Person)
	}
	alike, err := s.alike(ctx, tx, cmd.By, d, given)
	if err != nil {
		return out, err
	}
	unread := slices.DeleteFunc(slices.Clone(alike), func(a Alike) bool { return slices.Contains(cmd.Others, a.Person.ID) })
	if len(unread) > 0 {
		out.Alike = unread[:min(len(unread), MostAlike)]
		out.More = len(unread) - len(out.Alike)
		return out, fault.New(fault.Conflict, ChooseAlike)
	}
	if out.Person, err = s.Register(ctx, tx, d); err != nil {
		return out, err
	}
	if err := formAdded(ctx, tx, cmd, out.Person); err != nil {
		return out, err
	}
	for _, a := range alike { // they were read, and are of others
		if reachBoth(cmd.By, out.Person, a.Person) == nil {
			if err := s.KeepApart(ctx, tx, cmd.By.Person, out.Person.ID, a.Person.ID); err != nil {
				return out, err
			}
		}
	}
	if err := s.noteConsents(ctx, tx, cmd, out.Person, given); err != nil {
		return out, err
	}
	return out, audit.Record(ctx, tx, audit.Entry{Actor: cmd.By.Person, Person: out.Person.ID, Action: "people.audit.added." + string(cmd.Source)})
}

// tidyAdded judges the whole command, and gives the details as they are kept and what she
// agreed to.
func (s *Service) tidyAdded(ctx context.Context, tx *storage.Tx, cmd Add) (d Details, given []Asked, err error) {
	lists, err := s.book.In(ctx, tx)
	if err != nil {
		return d, nil, err
	}
	var form fault.Form
	d, err = Tidy(lists, cmd.Details, tx.Now)
	if err := form.Join(err); err != nil {
		return d, nil, err
	}
	for _, f := range profile.Fields {
		values := d.Get(f.Name)
		twice := len(values) != len(slices.Compact(slices.Sorted(slices.Values(values))))
		if !form.Has(string(f.Name)) && (twice || slices.ContainsFunc(values, func(v string) bool { return !f.Offers(lists, v) })) {
			form.Add(string(f.Name), "fault.not_a_choice")
		}
	}
	form.Check(cmd.Details.Lang != "", string(profile.Lang), "fault.required")
	outside := !covers(cmd.By, "people.edit", d.City)
	form.Check(!outside || d.City != "", string(profile.City), "fault.required")
	switch none := d.Email == "" && d.Phone == ""; {
	case form.Has(string(profile.Email)) || form.Has(string(profile.Phone)):
	case none && !cmd.NoContact:
		form.Add(string(profile.Phone), "people.fault.contact_or_none")
	case !none && cmd.NoContact:
		form.Add("no_contact", "people.fault.contact_and_none")
	}
	form.Check(slices.Contains(i18n.Languages[:], cmd.ReadIn) || len(cmd.Given) == 0, "read_in", "fault.not_a_choice")
	form.Check(slices.Contains(Sources, cmd.Source), "source", "fault.not_a_choice")
	day, err := time.ParseInLocation(time.DateOnly, cmd.Day, i18n.Bishkek())
	form.Check(err == nil, "day", "people.fault.day")
	if err == nil {
		form.Check(!day.After(tx.Now), "day", "people.fault.day_ahead")
		form.Check(!day.Before(tx.Now.AddDate(0, 0, -ToldWithin)), "day", "people.fault.day_long_ago")
	}
	form.Check(len(cmd.Others) <= MaxOthers, "", "people.fault.too_many_others", fault.Args{"most": MaxOthers})
	form.Check(!cmd.Form.IsZero(), "", "people.fault.no_form")
	given = s.agreed(&form, cmd)
	for _, a := range given { // nobody agreed to words that were not there yet
		since, err := askedSince(ctx, tx, a)
		if err != nil {
			return d, nil, err
		}
		if !form.Has("purpose") && !form.Has("day") && cmd.Day < since.In(i18n.Bishkek()).Format(time.DateOnly) && !since.IsZero() {
			form.Add("purpose", "people.fault.consent_before", fault.Args{"since": i18n.Text{Ky: i18n.Date(i18n.Kyrgyz, since), Ru: i18n.Date(i18n.Russian, since), En: i18n.Date(i18n.English, since)}})
		}
	}
	if err := form.Err(); err != nil {
		return d, nil, err
	}
	if outside {
		f := fault.New(fault.Forbidden, CityOutside)
		f.Field = string(profile.City)
		return d, nil, f
	}
	return d, given, nil
}

// agreed gives what she agreed to: of what the house and its modules ask, in the words that
// were read to her. Who only stands on a list of somebody else has agreed to nothing.
func (s *Service) agreed(form *fault.Form, cmd Add) (given []Asked) {
	asked := s.Asked(nil)
	for _, purpose := range cmd.Given {
		i := slices.IndexFunc(asked, func(a Asked) bool { return a.Purpose == purpose })
		switch {
		case i < 0 || slices.ContainsFunc(given, func(a Asked) bool { return a.Purpose == purpose }):
			form.Add("purpose", "fault.not_a_choice")
			return nil
		case cmd.Shown[purpose] != asked[i].Version():
			form.Add("purpose", "people.fault.consent_words")
			return nil
		}
		given = append(given, asked[i])
	}
	form.Check(len(given) == 0 || cmd.Source.Hers() || !slices.Contains(Sources, cmd.Source), "purpose", "people.fault.consent_of_list")
	return given
}

// noteConsents notes each yes that she said, with the words, the day and who heard it.
func (s *Service) noteConsents(ctx context.Context, tx *storage.Tx, cmd Add, p Person, given []Asked) error {
	for _, a := range given {
		if err := s.Consent(ctx, tx, SayConsent{
			Person: p.ID, Purpose: a.Purpose, Wording: a.Words, Lang: cmd.ReadIn, Given: true, NotedBy: cmd.By.Person, How: cmd.Source, Day: cmd.Day,
		}); err != nil {
			return err
		}
	}
	return nil
}

// formAdded notes whom a form has added.
func formAdded(ctx context.Context, tx *storage.Tx, cmd Add, p Person) error {
	_, err := tx.Exec(ctx, `UPDATE person_added SET person_id = $3 WHERE by_id = $1 AND form_id = $2`, cmd.By.Person, cmd.Form, p.ID)
	return err
}

// addedBefore answers for a form that was sent before: the same person is there already;
// another was typed into a page that the browser kept.
func (s *Service) addedBefore(ctx context.Context, tx *storage.Tx, cmd Add, d Details) (out Added, err error) {
	var id storage.ID
	err = tx.QueryRow(ctx, `SELECT person_id FROM person_added WHERE by_id = $1 AND form_id = $2`, cmd.By.Person, cmd.Form).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && id.IsZero() {
		return out, fault.New(fault.Gone, "people.fault.added_gone")
	}
	if err != nil {
		return out, err
	}
	p, err := s.ByID(ctx, tx, id)
	if err != nil {
		return out, err
	}
	again := p.Is(d)
	if !cmd.Is.IsZero() {
		is, err := s.ByID(ctx, tx, cmd.Is)
		if err != nil {
			return out, err
		}
		again = is.ID == p.ID
	}
	if !again || !Sees(cmd.By, p) {
		return out, fault.New(fault.Conflict, FormUsed)
	}
	return Added{Person: p, Before: true, Completed: !cmd.Is.IsZero()}, nil
}
