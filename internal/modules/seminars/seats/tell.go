package seats

import (
	"context"
	"fmt"
	"maps"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/wording"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// The purposes of the links in messages. Both open the page of one application.
const (
	LinkToApplication = "seminars.application"
	LinkToInvitation  = "seminars.invitation"
)

// Tell sends a message about an application, with a link to its page that
// needs no sign-in. The same message about the same version goes out once.
func (m *Service) Tell(ctx context.Context, tx *storage.Tx, app Application, kind string) error {
	return m.TellOnce(ctx, tx, app, kind, TellKey(app, kind))
}

// TellKey is by which one message of a kind about an application is sent once.
func TellKey(app Application, kind string) string {
	return fmt.Sprintf("%s/%s/%d", kind, app.ID, app.Version)
}

// Goes is when a message about an activity goes that nobody asked for in that minute and that is
// ready at a moment: programme.Night.
func (m *Service) Goes(at time.Time, a Activity) time.Time { return m.Night.Goes(at, a.Starts, a.Ends) }

// Holds is until when the night holds back what is told about an activity at a moment; zero when
// it goes at once.
func (m *Service) Holds(at time.Time, a Activity) time.Time {
	return m.Night.Holds(at, a.Starts, a.Ends)
}

// tellMove is Tell of a move that somebody has made. On a waiting list she may have come by her
// own act, which is answered at once, or by that of staff, which is told by day.
func (m *Service) tellMove(ctx context.Context, tx *storage.Tx, a Activity, app Application, kind string, byStaff bool) error {
	message, ok := messageOf(kind)
	if m.Messages == nil || !ok || kind != "seminars.waitlisted" || !byStaff {
		return m.Tell(ctx, tx, app, kind)
	}
	message.ByDay = true
	return m.sendAs(ctx, tx, a, people.Person{}, app, message, TellKey(app, kind), nil)
}

// overtaken are the messages that tell where an application stands: another move makes one
// untrue that still waits for the morning.
var overtaken = []string{"seminars.invited", "seminars.offered", "seminars.waitlisted", "seminars.declined", "seminars.taken_back", "seminars.expired", "seminars.lapsed"}

// unheard stops the message about an application as it was until now, when it waits for the
// morning: what it tells is no longer so. It reports whether it stopped one.
func (m *Service) unheard(ctx context.Context, tx *storage.Tx, app Application) (bool, error) {
	if m.Messages == nil || !m.Night.Is(tx.Now) {
		return false, nil
	}
	n, err := m.Messages.CancelTo(ctx, tx, app.Person, app.Activity, overtaken...)
	return n > 0, err
}

// TellOnce is Tell with a key of its own: what has the same key goes out once.
func (m *Service) TellOnce(ctx context.Context, tx *storage.Tx, app Application, kind, key string) error {
	if m.Messages == nil {
		return nil
	}
	a, err := m.ActivityByID(ctx, tx, app.Activity)
	if err != nil {
		return err
	}
	return m.send(ctx, tx, a, people.Person{}, app, kind, key)
}

// cancelledNotice is the message that an activity is cancelled: the only one about an
// application to it from then on.
const cancelledNotice = "seminars.cancelled"

// whyNotice is the message that a question why was answered: it goes out after the day, too,
// since she was promised an answer.
const whyNotice = "seminars.why_answered"

// send is TellOnce for who has read the activity, and perhaps the person, already. About
// an activity that is cancelled or over nothing goes out.
func (m *Service) send(ctx context.Context, tx *storage.Tx, a Activity, p people.Person, app Application, kind, key string) error {
	return m.sendSaying(ctx, tx, a, p, app, kind, key, nil)
}

// sendSaying is send with more arguments of the text.
func (m *Service) sendSaying(ctx context.Context, tx *storage.Tx, a Activity, p people.Person, app Application, kind, key string, more map[string]any) error {
	if kind == "seminars.confirmed" && app.Proven.IsZero() && !app.counts() { // taken by a form without a sign-in
		kind = "seminars.held"
	}
	message, ok := messageOf(kind)
	if !ok {
		return fmt.Errorf("seats: the timetable does not list messages of the kind %q", kind)
	}
	return m.sendAs(ctx, tx, a, p, app, message, key, more)
}

// sendAs sends a message of the timetable, as it was set for the activity; nothing when it was
// switched off.
func (m *Service) sendAs(ctx context.Context, tx *storage.Tx, a Activity, p people.Person, app Application, message Automatic, key string, more map[string]any) error {
	if m.Messages == nil {
		return nil
	}
	kind := message.Kind
	settings, err := SettingsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	set := message.Of(settings)
	if !message.Sends(set) {
		return nil
	}
	if NothingAhead(a, tx.Now) && kind != cancelledNotice && kind != whyNotice {
		return nil
	}
	path, err := m.LinkFor(ctx, tx, a, p, app)
	if err != nil {
		return err
	}
	args := map[string]any{"activity": a.Title, "when": a.Starts, "where": a.Venue, "reason": a.Reason}
	if !app.Expires.IsZero() {
		args["until"] = app.Expires
	}
	maps.Copy(args, more)
	after := time.Time{}
	if message.ByDay {
		after = m.Goes(tx.Now, a)
	}
	words := messages.Instead{}
	if message.Fixed == "" {
		words = Instead(a, set.Words)
	}
	return m.Messages.Send(ctx, tx, messages.Notice{
		Instead: words,
		To:      app.Person, Person: p, Kind: kind, Args: args, Path: path,
		Beside: set.Own.Filled(Known(a)), Activity: app.Activity, Key: key, After: after,
	})
}

// Instead gives what staff have written in place of a message about an activity.
func Instead(a Activity, words wording.Whole) messages.Instead {
	own := words.For(Known(a))
	return messages.Instead{Subject: own.Subject, Body: own.Body}
}

// LinkFor makes the link of a letter to the page of an application, which needs no sign-in,
// and gives its path. Using it proves the address the letter went to. p may be zero for who
// has not read her.
func (m *Service) LinkFor(ctx context.Context, tx *storage.Tx, a Activity, p people.Person, app Application) (string, error) {
	link := people.Link{Person: app.Person, Purpose: LinkToApplication, Ref: app.ID, Until: LinkStays(a, tx.Now)}
	path := "/a/"
	if a.InvitationOnly {
		link.Purpose, path = LinkToInvitation, "/i/"
	}
	p.ID = app.Person
	var err error
	if link.Contact, err = m.People.ContactToProve(ctx, tx, p); err != nil {
		return "", err
	}
	token, err := m.People.NewLink(ctx, tx, link)
	return path + token, err
}

// notice gives the message that a move calls for, empty for none.
func notice(from, to State, why string) string {
	switch to {
	case Invited:
		if from == Waitlisted {
			return "seminars.offered"
		}
		return "seminars.invited"
	case Confirmed:
		if from != Attended && from != NoShow {
			return "seminars.confirmed"
		}
	case Waitlisted:
		if why == whyUnproven {
			return "seminars.lapsed"
		}
		return "seminars.waitlisted"
	case Declined:
		if from.HoldsSeat() {
			return "seminars.taken_back"
		}
		return "seminars.declined"
	case Withdrawn:
		if RanOut(why) {
			return "seminars.expired"
		}
		return "seminars.withdrawn"
	}
	return ""
}

// News tells open pages of an activity that something changed, after the commit.
func (m *Service) News(tx *storage.Tx, activity storage.ID) {
	tx.AfterCommit(func() { m.Live.Publish("seminars."+activity.String(), []byte("changed")) })
}
