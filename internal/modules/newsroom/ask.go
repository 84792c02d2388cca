package newsroom

import (
	"context"
	"encoding/json"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// The kinds of letters about inquiries.
const (
	ReceivedNotice = "newsroom.received"
	AnswerNotice   = "newsroom.answer"
)

// Ask is a message to the staff, as the form brings it.
type Ask struct {
	Actor              access.Actor
	Name, Email, Phone string // of who is not signed in
	Asked
	Mark   string // of the form
	Lang   i18n.Language
	Demo   bool
	Effort effort.Given

	newcomer *people.Newcomer // see prepare
}

// check judges all that she wrote, and writes it as it is kept.
func (cmd *Ask) check(lists *profile.Lists, now time.Time) error {
	var form fault.Form
	if !cmd.Actor.SignedIn() {
		d, err := people.Tidy(lists, cmd.details(), now)
		if err := form.Join(err); err != nil {
			return err
		}
		form.Check(d.Email != "" || d.Phone != "" || form.Has("email") || form.Has("phone"), "email", "newsroom.fault.contact")
	}
	cmd.Asked.check(&form)
	return form.Err()
}

func (cmd Ask) details() people.Details {
	return people.Details{FullName: cmd.Name, Email: cmd.Email, Phone: cmd.Phone, Lang: cmd.Lang, Demo: cmd.Demo}
}

// prepare seals who asks before the transaction begins. Ask judges anew; what was prepared
// of other details is not used.
func (m *Module) prepare(cmd *Ask, now time.Time) {
	if cmd.Actor.SignedIn() {
		return
	}
	if n, err := m.People.Prepare(cmd.details(), now); err == nil {
		cmd.newcomer = n
	}
}

// Ask keeps an inquiry, and sends the receipt. Who is signed in asks from her own record.
// Everybody else gets a new one with contacts that are typed and not proven: nobody is
// looked up, so that neither the page nor the letter tells who is known. The same form
// once more is the same inquiry: again is true.
//
// Faults: those of the fields; effort.Refused without an effort; Limited when as many came
// in this hour as there may be, or when five of hers wait for an answer.
func (m *Module) Ask(ctx context.Context, tx *storage.Tx, cmd Ask) (q Inquiry, again bool, err error) {
	if err := cmd.check(m.People.Lists(), tx.Now); err != nil {
		return q, false, err
	}
	mark, ok := markHash(cmd.Mark)
	if !ok {
		return q, false, effort.Refused()
	}
	if q, again, err = inquiryByMark(ctx, tx, mark); again || err != nil {
		return q, again, err
	}
	if m.Effort != nil && cmd.Effort.Empty() {
		return q, false, effort.Refused()
	}
	if err := takeHour(ctx, tx, "inquiry", mostAnHour); err != nil {
		return q, false, err
	}
	if q, again, err = inquiryByMark(ctx, tx, mark); again || err != nil { // a second tap that waited for the first
		return q, again, err
	}
	if m.Effort != nil {
		n, err := recentInquiries(ctx, tx)
		if err != nil {
			return q, false, err
		}
		if err := m.Effort.Pass(ctx, tx, askCase(cmd.Mark, n), cmd.Effort); err != nil {
			return q, false, err
		}
	}
	p, err := m.asker(ctx, tx, cmd)
	if err != nil {
		return q, false, err
	}
	plain, err := json.Marshal(cmd.Asked)
	if err != nil {
		return q, false, err
	}
	q = Inquiry{
		ID: tx.NewID(), Person: p.ID, Own: cmd.Actor.SignedIn(), State: InquiryNew, Lang: p.Lang, Version: 1,
		Made: tx.Now, Due: tx.Now.Add(inquiryDue), Changed: tx.Now, box: p.Seal(plain),
	}
	if made, err := q.insert(ctx, tx, mark); err != nil || !made {
		if err == nil {
			err = effort.Refused() // the form was spent in this moment; who sends it once more finds the inquiry
		}
		return q, false, err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: p.ID, Person: p.ID, Action: "newsroom.audit.asked"}); err != nil {
		return q, false, err
	}
	return q, false, m.receipt(ctx, tx, p, q)
}

// askCase is writing one message while n others did.
func askCase(mark string, n int) effort.Case {
	return effort.Case{Purpose: "newsroom/ask", Browser: mark, Level: inquiryLevel(n)}
}

// asker gives the person who asks: who is signed in, or a new one.
func (m *Module) asker(ctx context.Context, tx *storage.Tx, cmd Ask) (people.Person, error) {
	if !cmd.Actor.SignedIn() {
		return m.People.RegisterPrepared(ctx, tx, cmd.details(), cmd.newcomer)
	}
	p, err := m.People.ByID(ctx, tx, cmd.Actor.Person)
	if err != nil {
		return p, err
	}
	n, err := openOf(ctx, tx, p.ID)
	if err == nil && n >= mostOpen {
		err = fault.New(fault.Limited, "newsroom.fault.open", fault.Args{"count": mostOpen})
	}
	return p, err
}

// receipt tells her that her words have come. What a form without a sign-in may send to an
// address is bounded.
func (m *Module) receipt(ctx context.Context, tx *storage.Tx, p people.Person, q Inquiry) error {
	if m.Messages == nil {
		return nil
	}
	if !q.Own {
		if may, err := m.People.MayWrite(ctx, tx, p.Email); err != nil || !may {
			return err
		}
	}
	return m.Messages.Send(ctx, tx, q.letter(p, ReceivedNotice, nil))
}

// letter is a letter about an inquiry. To a record that was made for it the letter goes as
// it was typed; who has a record of her own finds it on her page too.
func (q Inquiry) letter(p people.Person, kind string, args map[string]any) messages.Notice {
	n := messages.Notice{To: q.Person, Person: p, Kind: kind, Args: args, Key: kind + "/" + q.ID.String(), Reply: !q.Own}
	if q.Own {
		n.Path = "/my/messages"
	}
	return n
}
