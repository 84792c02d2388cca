package newsroom

import (
	"context"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// ListConsent is what people of the press list agree to.
const ListConsent = "newsroom.list"

// Subscribe asks for our releases by mail.
type Subscribe struct {
	Actor       access.Actor
	Name, Email string // of who is not signed in
	Outlet      string // the same
	Lang        i18n.Language
	Agreed      bool   // to ListConsent, in the words that she read; of who is not signed in see ConfirmList
	Mark        string // of the form
	Demo        bool
	Effort      effort.Given

	newcomer *people.Newcomer // see prepareList
}

func (cmd Subscribe) details() people.Details {
	return people.Details{FullName: cmd.Name, Email: cmd.Email, Organisation: cmd.Outlet, Lang: cmd.Lang, Demo: cmd.Demo}
}

func (cmd Subscribe) check(lists *profile.Lists, now time.Time) error {
	var form fault.Form
	if !cmd.Actor.SignedIn() {
		form.Check(strings.TrimSpace(cmd.Email) != "", "email", "newsroom.fault.list_email")
		_, err := people.Tidy(lists, cmd.details(), now)
		if f := fault.Of(err); f != nil { // the form calls it what the other form does
			for _, one := range f.Fields {
				if one.Field == string(profile.Organisation) {
					one.Field = "outlet"
				}
			}
		}
		if err := form.Join(err); err != nil {
			return err
		}
	}
	_, known := i18n.Parse(string(cmd.Lang))
	form.Check(known, "language", "fault.not_a_choice")
	form.Check(cmd.Agreed, "agree", "newsroom.fault.list_agree")
	return form.Err()
}

// prepareList seals who subscribes before the transaction begins, as prepare does.
func (m *Module) prepareList(cmd *Subscribe, now time.Time) {
	if cmd.Actor.SignedIn() {
		return
	}
	if n, err := m.People.Prepare(cmd.details(), now); err == nil {
		cmd.newcomer = n
	}
}

// Subscribe notes the consent of who is signed in and has proven an address. Everybody else
// gets a record of her own, whoever else has that address, and a letter that leads to the
// words of the consent: who reads the mail there agrees, not who typed the address, see
// ConfirmList. Nobody is looked up.
//
// Faults: those of the fields; effort.Refused without an effort; Limited when as many came
// in this hour as there may be; "email" for who is signed in and has proven none.
func (m *Module) Subscribe(ctx context.Context, tx *storage.Tx, cmd Subscribe) error {
	if err := cmd.check(m.People.Lists(), tx.Now); err != nil {
		return err
	}
	if _, ok := markHash(cmd.Mark); m.Effort != nil && (!ok || cmd.Effort.Empty()) {
		return effort.Refused()
	}
	if err := takeHour(ctx, tx, listHour, mostAnHour); err != nil {
		return err
	}
	if m.Effort != nil {
		n, err := recentSubscribers(ctx, tx)
		if err != nil {
			return err
		}
		if err := m.Effort.Pass(ctx, tx, listCase(cmd.Mark, n), cmd.Effort); err != nil {
			return err
		}
	}
	p, err := m.subscriber(ctx, tx, cmd)
	if err != nil {
		return err
	}
	if !cmd.Actor.SignedIn() {
		return m.askToConfirm(ctx, tx, p)
	}
	return m.putOnList(ctx, tx, p.ID, cmd.Lang)
}

// putOnList notes the consent of a person to the words of now.
func (m *Module) putOnList(ctx context.Context, tx *storage.Tx, person storage.ID, l i18n.Language) error {
	if err := m.People.Consent(ctx, tx, people.SayConsent{Person: person, Purpose: ListConsent, Lang: l, Given: true}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "newsroom.audit.subscribed"})
}

// subscriber gives who is signed in, or a new record.
func (m *Module) subscriber(ctx context.Context, tx *storage.Tx, cmd Subscribe) (people.Person, error) {
	if !cmd.Actor.SignedIn() {
		return m.People.RegisterPrepared(ctx, tx, cmd.details(), cmd.newcomer)
	}
	p, err := m.People.ByID(ctx, tx, cmd.Actor.Person)
	if err != nil {
		return p, err
	}
	proven, err := m.People.HasProven(ctx, tx, p.ID, people.EmailContact, p.Email)
	if err == nil && !proven {
		err = fault.At("email", "newsroom.fault.list_unproven")
	}
	return p, err
}

// listHour counts those who subscribe.
const listHour = "list"

// recentSubscribers counts those of this hour.
func recentSubscribers(ctx context.Context, tx *storage.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(SUM(count), 0) FROM news_hour WHERE kind = $1 AND hour = $2`, listHour, storage.Micros(tx.Now.Truncate(time.Hour))).Scan(&n)
	return n, err
}

// listCase is subscribing while n others did.
func listCase(mark string, n int) effort.Case {
	return effort.Case{Purpose: "newsroom/list", Browser: mark, Level: inquiryLevel(n)}
}
